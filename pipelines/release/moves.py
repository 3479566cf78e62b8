"""Which force-months of a published quarter are counted anew: pure decisions over kept counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from pipelines.release.audit.world import ALL_MESSAGES
from pipelines.release.baseline import Counted
from pipelines.release.block import Block, support
from pipelines.release.cells import (
    CHALLENGE,
    CHALLENGED,
    HABIT_PREFIX,
    MESSAGES,
    TIME_OF_WEEK,
    UNCHALLENGED,
    Cell,
    Part,
    Pool,
    Unit,
)
from pipelines.release.periods import is_quarter, months_of
from pipelines.release.policy import (
    WithheldError,
    check_can_publish_denominator,
    check_can_publish_numerator,
    check_can_restate,
    together,
)
from pipelines.release.suppression import Exposure, Table, exposures

Moved = frozenset[Unit]


def settle(block: Block) -> Moved:
    """The units to count anew: those that may be, less what would make a figure unsafe."""
    moved = frozenset(unit for unit in block.now if _may_move(block, unit))
    while unsafe := _unsafe(block, moved):
        moved -= unsafe
    return moved


def harmless(block: Block, moved: Moved) -> frozenset[tuple[str, Cell]]:
    """Withheld cells counted anew that pass the policy by themselves: they may be told."""
    periods = [*block.months, *block.quarters]
    return frozenset(
        (told_as, cell)
        for split in block.values
        for cell in (Cell(p, place) for p in periods for place in block.places.all)
        if cell not in block.published[split] and moved & (units := block.units(cell))
        for told_as, parts in _told_as(block, split).items()
        if _passes(block, parts, units, cell.period, moved, left=True, anew=False)
    )


def changes_are_safe(block: Block) -> bool:
    """Whether all that figures were ever made of differs by nothing or by enough people."""
    return all(
        _differ_safely(block, month, _versions(block, unit))
        for month in block.months
        for unit in block.history.units(month)
        if len(block.history.versions(month, unit)) > 1
    )


def _told_as(block: Block, split: str) -> dict[str, list[Part]]:
    """What is judged as one: all of a split; each part of the risky messages, and each time of the
    week.
    """
    if split in (CHALLENGE, TIME_OF_WEEK):
        values = (CHALLENGED, UNCHALLENGED) if split == CHALLENGE else block.values[split]
        return {value: [(split, value)] for value in values}
    return {split: block.each([split])}


def _may_move(block: Block, unit: Unit) -> bool:
    versions, now = _versions(block, unit), block.now[unit]
    return (
        any(
            _shown(versions[-1], *part) != _shown(now, *part)
            for part in _shown_parts(block, unit[0])
        )
        and not any(_is_new(block, split, now) for split in block.values)
        and _differ_safely(block, unit[0], [*versions, now])
    )


def _versions(block: Block, unit: Unit) -> list[Counted]:
    """All that figures with the unit were ever made of; the latest of its month is last."""
    versions = block.history.versions(unit[0], unit)
    if _is_fresh(block):
        return [*block.history.versions(block.quarters[0], unit), *versions]
    return versions


def _differ_safely(block: Block, month: str, versions: Sequence[Counted]) -> bool:
    try:
        for before, after in combinations(versions, 2):
            for part in _shown_parts(block, month):
                check_can_restate(support(before, *part), support(after, *part))
    except WithheldError:
        return False
    return True


def _shown_parts(block: Block, month: str) -> list[Part]:
    """Splits that a month has rows of and of which anything is published, and their values."""
    shown = [split for split, cells in block.published.items() if cells]
    return block.each([split for split in shown if block.has(split, month)])


def _is_fresh(block: Block) -> bool:
    """Whether a figure of the quarter counts its months again, so not as theirs do."""
    return any(
        is_quarter(cell.period)
        and not cells.issuperset(Cell(month, cell.place) for month in months_of(cell.period))
        for cells in block.published.values()
        for cell in cells
    )


def _is_new(block: Block, split: str, now: Counted) -> bool:
    """Whether a habit has messages of a value that no row names."""
    return split.startswith(HABIT_PREFIX) and not set(block.values[split]).issuperset(
        now.get(split, {})
    )


def _unsafe(block: Block, moved: Moved) -> Moved:
    """Moved units in a figure, or in what subtraction leaves, that would not pass."""
    found: set[Unit] = set()
    for split, cells in block.published.items():
        for cell in cells:
            units = block.units(cell)
            inside = moved & units
            if inside and (
                block.people(cell, moved) is None
                or not _passes(block, block.each([split]), units, cell.period, moved, left=False)
            ):
                found |= inside
        for exposure in _exposures(block, split, moved) if moved else ():
            found |= _unsafe_left(block, split, exposure, moved)
    return frozenset(found)


def _exposures(block: Block, split: str, moved: Moved) -> Iterator[Exposure]:
    periods = (*block.months, *block.quarters)
    present = {
        month: frozenset(
            unit[1]
            for unit in block.history.units(month) | moved
            if unit[0] == month and block.used(month, unit, moved).get(MESSAGES)
        )
        for month in block.months
    }
    table = Table(split, periods, block.places, present, {}, frozenset(), reopened=False)
    return exposures(table, block.published[split])


def _unsafe_left(block: Block, split: str, exposure: Exposure, moved: Moved) -> Moved:
    if exposure.pool is None:
        alone = {cut.unless.cell.place for cut in exposure.cuts if cut.unless is not None}
        return frozenset(u for u in moved if u[1] in alone) or moved
    inside = moved & exposure.pool
    parts, periods = block.each([split]), ["", *block.quarters]
    if all(_passes(block, parts, exposure.pool, p, moved, left=True) for p in periods):
        return frozenset()
    return inside


def _passes(
    block: Block,
    parts: Sequence[Part],
    units: Pool,
    period: str,
    moved: Moved,
    *,
    left: bool,
    anew: bool = True,
) -> bool:
    """Whether a cell, or a pool that is ``left``, passes the policy as far as is known of it.

    Of counts that ``anew`` are as they were nothing is asked: they passed.
    """
    try:
        for part, value in dict.fromkeys(((MESSAGES, ALL_MESSAGES), *parts)):
            before = block.parts(part, value, units, period, frozenset())
            after = block.parts(part, value, units, period, moved)
            if anew and before == after:
                continue
            found = together(after)
            if part == MESSAGES:
                check_can_publish_denominator(found)
            elif found.messages or left or not part.startswith(HABIT_PREFIX):
                check_can_publish_numerator(found)
    except WithheldError:
        return False
    return True


def _shown(counted: Counted, split: str, value: str) -> tuple[int, int]:
    """What a figure may show of a count."""
    found = support(counted, split, value)
    return found.messages, found.contributors
