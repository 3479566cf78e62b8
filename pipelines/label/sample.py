"""The labelled sample as estimates need it: each judged message, and how many it stands for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from pipelines.duck import read_sql


@dataclass(frozen=True, slots=True)
class Labelled:
    """A judged message, for one category.

    ``weight`` is how many messages of its month's stratum it stands for (their number over those
    judged). ``flagged`` is the model's opinion as the warehouse has it now; ``judged`` the share of
    labellers who put it in the category, 0 to 1. ``contributor_key`` and ``author_key`` (of the
    person who wrote it) are 16 bytes.
    """

    month: str
    stratum: str
    weight: float
    flagged: bool
    judged: float
    contributor_key: bytes
    author_key: bytes


@dataclass(frozen=True, slots=True)
class LabelledSample:
    """``by_category``: messages under a taxonomy code or ``ANY`` (any risk). ``wordless``: how many
    more messages of the same months have no words: surely in no category, and never flagged."""

    by_category: Mapping[str, Sequence[Labelled]]
    wordless: int


def labelled_sample(connection: duckdb.DuckDBPyConnection, classifier: str) -> LabelledSample:
    """Everything judged that ``classifier`` (a version) read, in the months where each stratum has
    such a message: what another one flagged says nothing of its error rates.

    Weights of a month sum to its classified messages with words, as they were when it was drawn
    and without those withdrawn since.
    Both are empty while no month is far enough.
    """
    connection.execute(read_sql("label/judged.sql"), {"classifier": classifier})
    connection.execute(read_sql("label/complete.sql"))
    rows = connection.execute(read_sql("label/labelled.sql")).fetchall()
    by_category: defaultdict[str, list[Labelled]] = defaultdict(list)
    for category, *values in rows:
        by_category[category].append(Labelled(*values))
    wordless = connection.execute(read_sql("label/wordless.sql")).fetchone()
    assert wordless is not None  # an aggregate always gives a row
    return LabelledSample(dict(by_category), int(wordless[0]))
