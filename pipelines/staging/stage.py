"""A sealed submission in, an encrypted shard of de-identified rows out. Raw text stays in memory.

This is the only place where raw and de-identified text meet. Whatever goes wrong here leaves as a
reason code: an exception raised on the way could quote the chat, so none is passed on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import duckdb

from pipelines.classify.challenge import challenged, may_answer
from pipelines.classify.classifier import NOT_ASKED, Classifier
from pipelines.contracts import Chat, CleanMessage, Risks
from pipelines.deidentify.engine import Deidentifier
from pipelines.duck import open_memory
from pipelines.errors import CandourError, QuarantineError, Reason
from pipelines.intake.inbox import hold, quarantine
from pipelines.intake.read import read_chats
from pipelines.intake.source import SealedExport, open_sealed
from pipelines.keys import Keys
from pipelines.settings import Settings
from pipelines.staging.counts import StageCounts
from pipelines.staging.plausible import check_dates
from pipelines.staging.rows import (
    OWN_MESSAGES,
    Origin,
    ReadChat,
    is_volunteer,
    stage_rows,
    submission_key,
    why_excluded,
)
from pipelines.staging.schema import StagedRow
from pipelines.staging.shard import Shard, find_shards, remove_superseded, write_shard

NOTHING_DONE = {"staged": 0, "already_staged": 0, "quarantined": 0, "rows": 0}


@dataclass(frozen=True, slots=True)
class Tools:
    """What reads a message: loaded once, used for every submission of a batch."""

    deidentifier: Deidentifier
    classifier: Classifier

    @classmethod
    def load(cls, name_model: str = "") -> Tools:
        """``name_model`` as in ``Settings``. Raises where a model does not load."""
        return cls(Deidentifier.load(name_model), Classifier.load())

    @property
    def versions(self) -> dict[str, str]:
        """Whatever changes a row when it changes."""
        return {
            "candour": version("candour"),
            "classifier": self.classifier.version,
            "deidentifier": self.deidentifier.version,
        }


@dataclass(frozen=True, slots=True)
class Prepared:
    """A submission's rows, ready to be written."""

    rows: list[StagedRow]
    counts: StageCounts
    received_at: datetime


def process_batch(
    folders: Iterable[Path], tools: Tools, settings: Settings, keys: Keys
) -> dict[str, int]:
    """Stage each submission or quarantine it; counts of what happened, and nothing else.

    A submission staged before with the same versions is skipped unread, and one withdrawn in the
    meantime is no submission any more.
    """
    done = Counter(NOTHING_DONE)
    for folder in folders:
        with hold(folder) as there:
            if there:
                done.update(_process(folder, tools, settings, keys))
    return dict(done)


def _process(folder: Path, tools: Tools, settings: Settings, keys: Keys) -> dict[str, int]:
    if is_staged(folder, tools.versions, settings, keys):
        return {"already_staged": 1}
    try:
        shard = stage_submission(folder, tools, settings, keys)
    except QuarantineError as error:
        quarantine(folder, error.reason, settings, error.counts)
        return {"quarantined": 1}
    return {"staged": 1, "rows": shard.counts.staged}


def stage_submission(folder: Path, tools: Tools, settings: Settings, keys: Keys) -> Shard:
    """Read, de-identify and classify one sealed submission and write its shard.

    The same submission with the same versions gives the same rows, hence the same shard. Raises
    ``QuarantineError`` where the submission cannot be used, ``ShardError`` where it cannot be
    written.
    """
    prepared = _prepare_safely(folder, tools, settings, keys)
    connection = open_memory(keys.data)
    try:
        return _write(connection, folder, prepared, tools, settings, keys)
    finally:
        connection.close()


def _write(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    prepared: Prepared,
    tools: Tools,
    settings: Settings,
    keys: Keys,
) -> Shard:
    return write_shard(
        connection,
        settings.staged,
        prepared.rows,
        prepared.counts,
        submission_key=submission_key(folder.name, keys).hex(),
        received_at=prepared.received_at,
        versions=tools.versions,
    )


def _prepare_safely(folder: Path, tools: Tools, settings: Settings, keys: Keys) -> Prepared:
    """Prepare, letting out no traceback, cause or context: their frames hold the chat."""
    failure: CandourError
    try:
        return _prepare(folder, tools, settings, keys)
    except CandourError as error:
        failure = error.with_traceback(None)
    except Exception:
        failure = QuarantineError(
            Reason.INTERNAL_ERROR,
            f"Submission {folder.name} could not be processed: it waits in quarantine, sealed.",
        )
    failure.__cause__ = failure.__context__ = None
    raise failure


def _prepare(folder: Path, tools: Tools, settings: Settings, keys: Keys) -> Prepared:
    sealed = open_sealed(folder, keys.identity)
    origin = _origin(sealed, tools)
    chats = read_chats(sealed.source, settings)
    _check_volunteer(chats, origin)
    rows, counts = stage_rows(origin, [_read(chat, origin, tools) for chat in chats], keys)
    if not rows:
        raise QuarantineError(Reason.EMPTY, f"Submission {folder.name} holds nobody's messages.")
    check_dates(rows, sealed.manifest.received_at, folder.name)
    return Prepared(rows, counts, sealed.manifest.received_at)


def _origin(sealed: SealedExport, tools: Tools) -> Origin:
    manifest = sealed.manifest
    return Origin(
        submission_id=str(manifest.submission_id),
        contributor=manifest.contributor,
        force_code=manifest.force,
        scope=manifest.consent.scope.value,
        volunteer_name=sealed.volunteer_name,
        model_versions=tools.versions,
    )


def _check_volunteer(chats: Iterable[Chat], origin: Origin) -> None:
    """Under ``own_messages`` a name nobody in the chat has would stage nothing, silently."""
    chats = list(chats)
    senders = (m.sender for chat in chats for m in chat.messages if m.sender is not None)
    if origin.scope == OWN_MESSAGES and not any(is_volunteer(s, origin) for s in senders):
        raise QuarantineError(
            Reason.VOLUNTEER_NOT_IN_CHAT,
            f"Submission {origin.submission_id}: nobody in the chat has the volunteer's name; "
            "ask them to submit again with the name the chat shows.",
            {"chats": len(chats), "messages": sum(len(chat.messages) for chat in chats)},
        )


def _read(chat: Chat, origin: Origin, tools: Tools) -> ReadChat:
    clean = tools.deidentifier.deidentify(chat, origin.volunteer_name)
    kept = {i for i, m in enumerate(chat.messages) if why_excluded(m, origin) is None}
    risks = _classify(clean, kept, tools.classifier)
    return ReadChat(chat, clean, risks, challenged(clean, risks))


def _classify(clean: Sequence[CleanMessage], kept: set[int], classifier: Classifier) -> list[Risks]:
    """Risks of the messages at ``kept``, and of what else may be a challenge to one of them: under
    ``own_messages`` that leaves most of a chat unread.
    """
    risks = [NOT_ASKED] * len(clean)
    _read_at(kept, clean, risks, classifier)
    _read_at(may_answer(clean, risks) - kept, clean, risks, classifier)
    return risks


def _read_at(
    places: set[int], clean: Sequence[CleanMessage], risks: list[Risks], classifier: Classifier
) -> None:
    wanted = sorted(places)
    read = classifier.classify([clean[place] for place in wanted])
    for place, found in zip(wanted, read, strict=True):
        risks[place] = found


def is_staged(folder: Path, versions: Mapping[str, str], settings: Settings, keys: Keys) -> bool:
    """Whether a submission has its shard, made by these versions of the models."""
    for shard in find_shards(settings.staged, submission_key(folder.name, keys).hex()):
        if shard.model_versions == versions and shard.path.exists():
            remove_superseded(shard)  # a crash may have come between writing and removing
            return True
    return False
