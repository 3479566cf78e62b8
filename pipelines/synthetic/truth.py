"""The truth of a collection, written as it is made: one row a message, one summary."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.contracts import MessageKind
from pipelines.synthetic.event import CHALLENGE_CODE, Event
from pipelines.synthetic.phrases import Identity
from pipelines.synthetic.timing import DAY

ROWS_A_GROUP = 20_000  # held in memory for each open export
UNIX_EPOCH = date(1970, 1, 1).toordinal() * DAY

SCHEMA = pa.schema(
    [
        ("export", pa.int32()),  # number of the export
        ("seq", pa.int32()),  # position in the export, from 0
        ("chat", pa.int32()),  # the same chat in two exports has one number
        ("message", pa.int32()),  # position in the chat; -1 for an export's opening lines
        ("sent_at", pa.timestamp("s")),  # wall clock; Android exports show minutes only
        ("kind", pa.dictionary(pa.int8(), pa.string())),
        ("by_volunteer", pa.bool_()),
        ("in_scope", pa.bool_()),  # the consent covers it
        ("categories", pa.list_(pa.string())),
        ("lookalike", pa.dictionary(pa.int8(), pa.string())),  # category it only looks like
        ("challenged", pa.bool_()),  # a colleague was made to answer it
        ("identity_types", pa.list_(pa.string())),
        ("identity_values", pa.list_(pa.string())),  # as written in this export
    ]
)


class MessageTruth:
    """Rows of ``truth.parquet``; those of one export are in order, not always together."""

    def __init__(self, path: Path) -> None:
        self._writer = pq.ParquetWriter(path, SCHEMA, compression="zstd")
        self.rows = 0

    def __enter__(self) -> MessageTruth:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._writer.close()

    def write(self, rows: list[tuple[Any, ...]]) -> None:
        """Append rows whose values are in the order of ``SCHEMA``."""
        columns = [list(column) for column in zip(*rows, strict=True)]
        arrays = [pa.array(c, type=f.type) for c, f in zip(columns, SCHEMA, strict=True)]
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=SCHEMA))
        self.rows += len(rows)


def unix_seconds(at: int) -> int:
    """``at`` (seconds since year 1, wall clock) as the number a naive timestamp holds."""
    return at - UNIX_EPOCH


@dataclass(slots=True)
class MonthCount:
    """What one force's volunteers hand over in one month, each message of a chat once."""

    texts: int = 0
    lookalikes: int = 0
    risky: int = 0
    challenged: int = 0
    categories: Counter[str] = field(default_factory=Counter)
    contributors: set[str] = field(default_factory=set)

    def add(self, event: Event, contributors: Iterable[str]) -> None:
        """Count ``event``, handed over by ``contributors``."""
        if event.kind is not MessageKind.TEXT:
            return
        self.texts += 1
        self.contributors.update(contributors)
        self.lookalikes += bool(event.lookalike)
        self.categories.update(event.categories)
        if event.categories and event.categories != (CHALLENGE_CODE,):
            self.risky += 1
            self.challenged += event.challenged

    def summary(self) -> dict[str, Any]:
        """The counts as ``truth.json`` holds them."""
        return {
            "texts": self.texts,
            "lookalikes": self.lookalikes,
            "risky": self.risky,
            "challenged": self.challenged,
            "categories": dict(sorted(self.categories.items())),
            "contributors": len(self.contributors),
        }


@dataclass(slots=True)
class Summary:
    """What ``truth.json`` will say."""

    seed: int
    months: list[str]
    forces: dict[str, dict[str, Any]]
    exports: list[dict[str, Any]] = field(default_factory=list)
    shared: list[dict[str, Any]] = field(default_factory=list)
    canaries: list[dict[str, Any]] = field(default_factory=list)
    counts: dict[tuple[str, str], MonthCount] = field(
        default_factory=lambda: defaultdict(MonthCount)
    )

    def write(self, path: Path) -> None:
        """Write ``truth.json``."""
        for force, truth in self.forces.items():
            for month, planted in truth["months"].items():
                planted["actual"] = self.counts[force, month].summary()
        content: Mapping[str, Any] = {
            "seed": self.seed,
            "months": self.months,
            "forces": self.forces,
            "exports": self.exports,
            "shared": self.shared,
            "canaries": self.canaries,
        }
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def identity_list(identities: set[Identity]) -> list[list[str]]:
    """Distinct identities of an export, sorted, ready for JSON."""
    return [list(identity) for identity in sorted(identities)]
