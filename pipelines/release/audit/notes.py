"""What the audit must know beside the releases, kept in the enclave as each release is made.

The warehouse forgets it when somebody withdraws, and the frozen figures do not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipelines.release.cells import Cell, Unit
from pipelines.release.enclave import Kept, keep_with_draft, of_draft, of_release
from pipelines.release.periods import months_of
from pipelines.settings import Settings


@dataclass(frozen=True)
class Restated:
    """What a re-baseline counted anew, and which cells withheld beside it are harmless again."""

    moved: frozenset[Unit]
    harmless: frozenset[tuple[str, Cell]]


@dataclass(frozen=True)
class AuditNotes:
    """``present`` are the forces with a message, by month: who collects where is often known, so
    the attacker is granted it. ``harmless`` are withheld cells that pass the policy by themselves,
    by split, or by part of a challenge rate or time of the week (``judged_as``): withheld to hide
    others, they may be told as well as published. ``restated`` is by release that made a
    re-baseline. ``shared`` is how many more people a region's or the nation's forces have one by
    one than together, where any wrote in two forces: granted to the attacker.
    """

    present: Mapping[str, frozenset[str]]
    harmless: frozenset[tuple[str, Cell]]
    restated: Mapping[str, Restated] = field(default_factory=dict)
    shared: Mapping[Cell, int] = field(default_factory=dict)

    def counted_twice(self, cell: Cell) -> int | None:
        """How many people the sum of a cell's forces counts again; ``None`` where not known."""
        if cell in self.shared:
            return self.shared[cell]
        return 0 if all(month in self.present for month in months_of(cell.period)) else None

    def __add__(self, other: AuditNotes) -> AuditNotes:
        """Both; where both speak of a month, ``self`` does."""
        return AuditNotes(
            {**other.present, **self.present},
            self.harmless | other.harmless,
            {**other.restated, **self.restated},
            {**other.shared, **self.shared},
        )


NO_NOTES = AuditNotes({}, frozenset())


def keep_notes(notes: AuditNotes, month: str, settings: Settings) -> None:
    """Keep what the audit has to know with the draft of ``month``, for the operator alone."""
    content: dict[str, object] = {
        "present": {added: sorted(forces) for added, forces in notes.present.items()},
        "harmless": sorted([split, *cell] for split, cell in notes.harmless),
        "shared": sorted([*cell, number] for cell, number in notes.shared.items()),
    }
    if restated := notes.restated.get(month):
        content["moved"] = sorted(restated.moved)
        content["harmless_again"] = sorted([split, *cell] for split, cell in restated.harmless)
    keep_with_draft(Kept.NOTES, month, json.dumps(content) + "\n", settings)


def draft_notes(month: str, settings: Settings) -> AuditNotes:
    """The notes of ``month``'s draft."""
    return _parse(of_draft(Kept.NOTES, month, settings), month)


def kept_notes(months: Iterable[str], settings: Settings) -> AuditNotes:
    """The notes of these months' releases; a release without any has every withheld cell tested."""
    found = NO_NOTES
    for month in months:
        found += _parse(of_release(Kept.NOTES, month, settings), month)
    return found


def _parse(text: str | None, month: str) -> AuditNotes:
    if text is None:
        return NO_NOTES
    kept = json.loads(text)
    return AuditNotes(
        {added: frozenset(forces) for added, forces in kept["present"].items()},
        _cells(kept["harmless"]),
        {month: _restated(kept)} if "moved" in kept else {},
        {Cell(period, place): number for period, place, number in kept["shared"]},
    )


def _restated(kept: Mapping[str, list[list[str]]]) -> Restated:
    moved = frozenset((of_month, force) for of_month, force in kept["moved"])
    return Restated(moved, _cells(kept["harmless_again"]))


def _cells(kept: Iterable[list[str]]) -> frozenset[tuple[str, Cell]]:
    return frozenset((split, Cell(*cell)) for split, *cell in kept)
