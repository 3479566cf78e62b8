"""The judging loop: one message at a time, one key a decision. The model's opinion is not shown."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from pipelines.label.store import Item
from pipelines.warehouse.connect import WarehouseBusyError

KEYS = {
    "d": "DISC", "s": "SEXM", "v": "VIOL", "f": "FORC", "b": "BULL", "i": "INSU",
    "o": "OPS", "p": "PERS", "n": "INTG", "a": "FITN", "r": "DISR", "c": "SPUP",
}  # fmt: skip
NONE, DONE, UNDO, QUIT, HELP = " ", ("\r", "\n"), "u", "q", "?"


@dataclass(frozen=True, slots=True)
class View:
    """What the screen shows: the message, how many are judged of how many, what is picked so far,
    whether definitions are asked for, and a word about the last key where it needs one."""

    item: Item
    judged: int
    total: int
    picked: frozenset[str]
    help: bool
    note: str


class Judgements(Protocol):
    """Where judgements go (``pipelines.label.store.Store``)."""

    def record(self, item: Item, categories: Collection[str]) -> None: ...

    def undo(self, item: Item) -> None: ...


class Session:
    """Where a labeller is in their queue: what is judged, then what waits."""

    def __init__(
        self,
        queue: Sequence[Item],
        store: Judgements,
        read_key: Callable[[], str],
        show: Callable[[View], None],
    ) -> None:
        self.queue, self.store, self.read_key, self.show = queue, store, read_key, show
        self.judged = sum(item.judged for item in queue)
        self.picked: set[str] = set()
        self.help = False
        self.note = ""

    def run(self) -> int:
        """Judge until nothing waits or the labeller quits; how many still wait.

        ``read_key`` gives a key pressed from now on: one typed ahead is not about what is shown.
        """
        while self.judged < len(self.queue):
            self.show(self.view())
            key = self.read_key().lower()
            if key == QUIT:
                break
            self.press(key)
        return len(self.queue) - self.judged

    def view(self) -> View:
        item, total = self.queue[self.judged], len(self.queue)
        return View(item, self.judged, total, frozenset(self.picked), self.help, self.note)

    def press(self, key: str) -> None:
        """Do what a key other than ``q`` says; an unknown one does nothing."""
        self.note = ""
        if key in KEYS:
            self.picked ^= {KEYS[key]}
        elif key == HELP:
            self.help = not self.help
        elif key == UNDO:
            self._undo()
        elif key == NONE and self.picked:
            self.note = "Enter records what is picked. Space is for none: take the picks off first."
        elif key in DONE and not self.picked:
            self.note = "Nothing is picked. Space records none."
        elif key == NONE or key in DONE:
            self._record()

    def _record(self) -> None:
        item = self.queue[self.judged]
        if self._kept(lambda: self.store.record(item, self.picked)):
            self.judged += 1
            self.picked.clear()

    def _undo(self) -> None:
        if not self.judged:
            self.note = "Nothing to undo."
            return
        item = self.queue[self.judged - 1]
        if self._kept(lambda: self.store.undo(item)):
            self.judged -= 1
            self.picked.clear()

    def _kept(self, change: Callable[[], None]) -> bool:
        try:
            change()
        except WarehouseBusyError:
            self.note = "Not recorded: another process has the warehouse. Press the key again."
            return False
        return True
