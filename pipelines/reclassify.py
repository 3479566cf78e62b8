"""Classify retained texts again, once the taxonomy or the classifier has changed.

Each shard of an earlier classifier is made again from its own rows: the same messages, their risks
and flags anew. What is still sealed is left alone, since intake stages it again from the export.
Loading puts the rows of the new shard in place of the old one's, as for any other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time
from itertools import groupby

import duckdb

from pipelines.classify.challenge import challenged, is_risky
from pipelines.classify.classifier import Classifier
from pipelines.contracts import CleanMessage, MessageKind, Risks, Unclassified
from pipelines.duck import open_memory, read_sql
from pipelines.erasure.withdraw import one_at_a_time
from pipelines.intake.inbox import pending
from pipelines.keys import Keys
from pipelines.settings import Settings
from pipelines.staging.rows import LOCAL, OWN_MESSAGES, submission_key
from pipelines.staging.schema import StagedRow
from pipelines.staging.shard import (
    Shard,
    ShardError,
    find_shards,
    read_sidecar,
    sidecar,
    write_shard,
)

CLASSIFIER = "classifier"
"""The classifier's name among a shard's versions."""


def outdated(settings: Settings, keys: Keys, version: str) -> list[Shard]:
    """Shards with texts whose risks another classifier than ``version`` found.

    Those of submissions that are still sealed are not among them.
    """
    sealed = {submission_key(folder.name, keys).hex() for folder in pending(settings)}
    return [
        shard
        for shard in find_shards(settings.staged)
        if shard.model_versions[CLASSIFIER] != version
        and not shard.text_dropped
        and shard.submission_key not in sealed
    ]


def reclassify_shards(
    shards: Iterable[Shard], classifier: Classifier, settings: Settings, keys: Keys
) -> dict[str, int]:
    """Make each shard again; counts of shards, of rows, and of rows whose flags changed.

    A shard that was withdrawn, lost its texts or was made again meanwhile is left as it is. A run
    that was killed is finished by the next one. Raises ``ShardError`` for a shard that cannot be
    read or written.
    """
    done: Counter[str] = Counter(shards=0, rows=0, flags_changed=0)
    with open_memory(keys.data) as connection:
        for shard in (shard for shard in shards if shard.path.exists()):
            rows = _read(connection, shard)
            fresh = reclassify(rows, classifier)
            if _put(connection, shard, fresh, classifier, settings):
                changed = sum(a.flags != b.flags for a, b in zip(rows, fresh, strict=True))
                done.update(shards=1, rows=len(rows), flags_changed=changed)
    return dict(done)


def reclassify(rows: Sequence[StagedRow], classifier: Classifier) -> list[StagedRow]:
    """The rows of one submission, in order, with the risks that ``classifier`` finds.

    Whether a message was challenged is asked anew where the whole chat is here. Under
    ``own_messages`` what others replied is not: there it stays as it was found when the chat was,
    and a message that is risky only now counts as not challenged.
    """
    return [
        row
        for _, chat in groupby(rows, key=lambda row: row.chat_key)
        for row in _reclassify_chat(list(chat), classifier)
    ]


def _reclassify_chat(rows: Sequence[StagedRow], classifier: Classifier) -> Iterator[StagedRow]:
    messages = [_message(row) for row in rows]
    risks = classifier.classify(messages)
    replied = challenged(messages, risks)
    for row, found, answer in zip(rows, risks, replied, strict=True):
        yield replace(
            row,
            risks=dict(sorted(found.probabilities.items())),
            flags=sorted(found.flags),
            challenged=_challenged(row, found, answer),
            model_versions={**row.model_versions, CLASSIFIER: classifier.version},
        )


def _message(row: StagedRow) -> CleanMessage:
    at = datetime.combine(row.sent_on, time(row.sent_hour), LOCAL)
    why = Unclassified(row.unclassified) if row.unclassified else None
    kind = MessageKind(row.kind)
    return CleanMessage(row.row_no, at, row.author_key.hex(), kind, row.text, (), why)


def _challenged(row: StagedRow, found: Risks, answer: bool | None) -> bool | None:
    if row.scope == OWN_MESSAGES and is_risky(found):
        return bool(row.challenged)
    return answer


def _read(connection: duckdb.DuckDBPyConnection, shard: Shard) -> list[StagedRow]:
    try:
        found = connection.execute(read_sql("staging/read_shard.sql"), {"path": str(shard.path)})
        return [StagedRow(*values) for values in found.fetchall()]
    except duckdb.Error:  # it could quote a row
        raise ShardError(
            f"{shard.path} could not be read to be classified again: is it damaged? It is as it "
            "was: put it back from a backup, and run again."
        ) from None


def _put(
    connection: duckdb.DuckDBPyConnection,
    before: Shard,
    rows: Sequence[StagedRow],
    classifier: Classifier,
    settings: Settings,
) -> bool:
    """Write the shard anew, unless it is not as it was read: whoever erases comes first."""
    with one_at_a_time(settings):
        word = sidecar(before.path)
        there = word.exists() and read_sidecar(word) == before
        if there:
            write_shard(
                connection, settings.staged, rows, before.counts, before.submission_key,
                before.received_at, {**before.model_versions, CLASSIFIER: classifier.version},
            )  # fmt: skip
        return there
