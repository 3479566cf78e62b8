"""A labeller's judgements in the warehouse, which is opened for each and no longer."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

import duckdb

from pipelines.duck import read_sql
from pipelines.errors import CallerError

LABELLER = re.compile(r"[a-z][a-z0-9-]{1,47}")


@dataclass(frozen=True, slots=True)
class Item:
    """A message to judge. ``repr`` shows no text."""

    submission_key: bytes
    row_no: int
    kind: str
    text: str = field(repr=False)
    judged: bool = False


@dataclass(frozen=True, slots=True)
class Store:
    """The labels of ``labeller``, a role's code, in the warehouse that ``opened`` opens."""

    opened: Callable[[], AbstractContextManager[duckdb.DuckDBPyConnection]] = field(repr=False)
    labeller: str

    def __post_init__(self) -> None:
        if not LABELLER.fullmatch(self.labeller):
            raise CallerError(
                f"--labeller {self.labeller!r} is not a role's code: use small letters, digits and "
                "hyphens, such as labeller-a, never a person's name."
            )

    def queue(self) -> list[Item]:
        """Every message drawn that can be read: those judged, then those that wait."""
        with self.opened() as connection:
            rows = connection.execute(read_sql("label/queue.sql"), {"labeller": self.labeller})
            return [Item(*row) for row in rows.fetchall()]

    def record(self, item: Item, categories: Collection[str]) -> None:
        """Keep a judgement; nothing is kept of a message withdrawn in the meantime."""
        values = self._about(item) | {"categories": sorted(categories)}
        with self.opened() as connection:
            connection.execute(read_sql("label/record.sql"), values)

    def undo(self, item: Item) -> None:
        """Forget a judgement."""
        with self.opened() as connection:
            connection.execute(read_sql("label/undo.sql"), self._about(item))

    def _about(self, item: Item) -> dict[str, object]:
        return {
            "submission_key": item.submission_key,
            "row_no": item.row_no,
            "labeller": self.labeller,
        }
