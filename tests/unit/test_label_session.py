"""The judging loop, fed keys; and what the screen shows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from io import StringIO

import pytest
from rich.console import Console

from pipelines.classify.taxonomy import CODES
from pipelines.label.screen import MOST_CHARS, draw_view, readable
from pipelines.label.session import KEYS, NONE, QUIT, UNDO, Session, View
from pipelines.label.store import Item
from pipelines.warehouse.connect import WarehouseBusyError


def _item(number: int, judged: bool = False) -> Item:
    return Item(b"s", number, "text", f"text {number}", judged)


@dataclass
class Memory:
    """Judgements by row; the first ``busy`` changes find the warehouse held."""

    kept: dict[int, list[str]] = field(default_factory=dict)
    busy: int = 0

    def record(self, item: Item, categories: Collection[str]) -> None:
        self._wait()
        self.kept[item.row_no] = sorted(categories)

    def undo(self, item: Item) -> None:
        self._wait()
        del self.kept[item.row_no]

    def _wait(self) -> None:
        if self.busy:
            self.busy -= 1
            raise WarehouseBusyError("held")


def _run(keys: str, queue: list[Item], memory: Memory | None = None) -> tuple[int, Memory, list]:
    memory, views = memory or Memory(), list[View]()
    waiting = Session(queue, memory, iter(keys).__next__, views.append).run()
    return waiting, memory, views


@pytest.mark.parametrize(
    ("keys", "kept", "waiting"),
    [
        ("   ", {0: [], 1: [], 2: []}, 0),
        ("d\rsv\r ", {0: ["DISC"], 1: ["SEXM", "VIOL"], 2: []}, 0),
        ("D\r q", {0: ["DISC"], 1: []}, 1),  # capitals count
        ("dd q", {0: []}, 2),  # a second press takes the pick off
        ("d q", {}, 3),  # space with something picked is no decision
        ("\rq", {}, 3),  # nor is Enter with nothing picked
        ("d\ru q", {0: []}, 2),  # undone, then judged again
        ("uq", {}, 3),  # nothing to undo
        ("x\x1b1 q", {0: []}, 2),  # other keys do nothing
        ("du\rq", {0: ["DISC"]}, 2),  # nothing to undo: the pick stays
        ("q", {}, 3),
    ],
)
def test_keys(keys: str, kept: dict[int, list[str]], waiting: int) -> None:
    assert _run(keys, [_item(n) for n in range(3)])[:2] == (waiting, Memory(kept))


def test_a_pick_does_not_carry_over_to_the_next_message() -> None:
    _, _, views = _run("d\rq", [_item(0), _item(1)])
    assert [(v.item.row_no, set(v.picked)) for v in views] == [
        (0, set()),
        (0, {"DISC"}),
        (1, set()),
    ]


def test_a_session_goes_on_where_the_last_one_stopped_and_can_undo_it() -> None:
    queue = [_item(0, judged=True), _item(1), _item(2)]
    waiting, memory, views = _run("u o\r q", queue, Memory({0: ["DISC"]}))
    assert (waiting, memory.kept) == (0, {0: [], 1: ["OPS"], 2: []})
    assert [v.judged for v in views] == [1, 0, 1, 1, 2]


def test_a_judgement_is_not_lost_while_another_process_has_the_warehouse() -> None:
    waiting, memory, views = _run("d\r\r\rq", [_item(0), _item(1)], Memory(busy=2))
    assert (waiting, memory.kept) == (1, {0: ["DISC"]})
    assert ["Not recorded" in v.note for v in views] == [False, False, True, True, False]


def test_every_category_has_a_key_of_its_own() -> None:
    assert sorted(KEYS.values()) == sorted(CODES)
    assert not KEYS.keys() & {NONE, UNDO, QUIT}


# ---- the screen -----------------------------------------------------------------------------


def _screen(view: View) -> str:
    console = Console(file=StringIO(), width=100)
    draw_view(console, view)
    return console.file.getvalue()


def test_the_screen_shows_the_message_the_progress_and_what_is_picked() -> None:
    shown = _screen(View(_item(7), 3, 40, frozenset({"OPS"}), False, "a note"))
    assert "text 7" in shown and "3 of 40 judged" in shown and "a note" in shown
    assert [line.split()[2] for line in shown.splitlines() if "●" in line] == ["OPS"]


def test_definitions_are_shown_when_asked_for() -> None:
    view = View(_item(7), 3, 40, frozenset(), True, "")
    assert "Shares live or sensitive operational detail" in _screen(view)


def test_markup_and_control_codes_in_a_message_are_only_text() -> None:
    shown = _screen(
        View(Item(b"s", 0, "text", "[bold]a[/]\x1b[2J\x07 b"), 0, 1, frozenset(), False, "")
    )
    assert "[bold]a[/]" in shown and "\x1b" not in shown and "\x07" not in shown


def test_a_very_long_message_is_cut() -> None:
    assert readable("x" * MOST_CHARS) == "x" * MOST_CHARS
    assert readable("x" * (MOST_CHARS + 1)) == "x" * MOST_CHARS + " […]"
