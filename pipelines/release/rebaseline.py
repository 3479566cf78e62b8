"""The yearly re-baseline: earlier years' figures counted anew where no few people's change shows.

The attacker holds the figures before and after. So a force's month, in all its splits, is counted
anew whole or stays whole, and is only where *every* count of it is unchanged or changed by enough
people (``policy.check_can_restate``). Whatever is added up or subtracted, over places, periods and
releases, is then a sum of such changes: none tells of fewer people.

Figures are the sums of what was counted anew and what stayed: one table, consistent in itself. What
it publishes must pass the policy again, and so must what subtraction leaves; what was withheld
stays so. The audit attacks both tables together, and where anything shows, a quarter stays whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

import duckdb

from pipelines.errors import CallerError, GateError
from pipelines.release.audit.attack import Attack
from pipelines.release.audit.generations import Generation, joint_worlds, read_generations
from pipelines.release.audit.insider import Insiders, read_insiders
from pipelines.release.audit.notes import Restated
from pipelines.release.baseline import Baseline, History, count_units, kept_history
from pipelines.release.block import Block, BlockRows
from pipelines.release.cells import Values
from pipelines.release.draft import Frozen
from pipelines.release.moves import harmless, settle
from pipelines.release.periods import block_of, months_between
from pipelines.release.places import Places
from pipelines.release.publish import published_months
from pipelines.release.restated import Row, declared_in, row_key
from pipelines.release.rows import ChallengeRow, HabitRow, TrendRow
from pipelines.settings import Settings


@dataclass(frozen=True)
class Rebaseline:
    """What a re-baseline makes of the frozen rows; how many cells it offered to count anew; what
    it did, for the audit; and what the new figures are made of, for the next.
    """

    frozen: Frozen
    changed: Sequence[Row]
    offered: int
    restated: Restated
    baseline: Baseline

    def declaration(self) -> dict[str, object]:
        """What the manifest says: what was restated, and never why the rest was not."""
        return {
            "periods": sorted({row.period for row in self.changed}),
            "cells_changed": len(self.changed),
            "cells_kept": self.offered - len(self.changed),
        }


def check_can_rebaseline(month: str, settings: Settings) -> None:
    """Raise ``CallerError`` where a release before ``month`` made its year's re-baseline."""
    year = month[:4]
    for name in published_months(settings):
        made = declared_in(settings.releases / name) is not None
        if name < month and name.startswith(year) and made:
            raise CallerError(
                f"{name} was the re-baseline of {year}, and there is one a year: report {month} "
                f"without --rebaseline, or wait for {int(year) + 1}."
            )


def rebaseline(
    con: duckdb.DuckDBPyConnection,
    month: str,
    frozen: Frozen,
    places: Places,
    values: Values,
    settings: Settings,
) -> Rebaseline:
    """Count earlier years' months anew, for the release of ``month``. ``cells.prepare`` first.

    Raises ``CallerError`` where that cannot be done now or there is nothing to restate.
    """
    check_can_rebaseline(month, settings)
    earlier = [name for name in published_months(settings) if name < month]
    history = kept_history(earlier, settings)
    blocks = [
        block
        for block in _blocks(month, frozen, history, places)
        if all(history.units(period) for period in (*block.months, *block.quarters))
    ]
    if not blocks:
        raise CallerError(
            f"Nothing to re-baseline in {month}: no month of an earlier year is published with "
            "what it was counted from kept under ledgers/. Report without --rebaseline."
        )
    generations = read_generations([settings.releases / name for name in earlier])
    done = [_restate(con, block, values, month, frozen, generations) for block in blocks]
    return _together(blocks, done, frozen)


def _blocks(month: str, frozen: Frozen, history: History, places: Places) -> list[Block]:
    """The quarters of earlier years that the release adds nothing to."""
    if frozen.last is None:
        return []
    adds_to = block_of(months_between(frozen.last, month)[1])
    names = {block_of(name) for name in frozen.months if name[:4] < month[:4]} - {adds_to}
    return [
        Block(
            [row for row in frozen.trends if block_of(row.period) == name],
            [row for row in frozen.habits if block_of(row.period) == name],
            [row for row in frozen.challenge if block_of(row.period) == name],
            history,
            places,
            frozen.estimated,
        )
        for name in sorted(names)
    ]


@dataclass(frozen=True)
class _Done:
    """One quarter counted anew, as far as it may be."""

    rows: BlockRows
    restated: Restated
    baseline: Baseline


def _restate(
    con: duckdb.DuckDBPyConnection,
    block: Block,
    values: Values,
    month: str,
    frozen: Frozen,
    generations: Sequence[Generation],
) -> _Done:
    stays = _Done(
        (list(block.trends), list(block.habits), list(block.challenge)),
        Restated(frozenset(), frozenset()),
        Baseline({}, {}),
    )
    if not block.is_reproduced():
        return stays
    here = {(m, force) for m in block.months for force in block.places.forces}
    block = block.with_counts(count_units(con, here, values))
    moved = settle(block)
    rows = block.rows(moved)
    restated = Restated(moved, harmless(block, moved))
    known = read_insiders(con, block.months, (*block.months, *block.quarters))
    insiders = known | known.anew(moved, len(generations))
    if not moved or _shows(block, rows, restated, month, frozen, generations, insiders):
        return stays
    return _Done(rows, restated, block.baseline(moved))


def _shows(
    block: Block,
    rows: BlockRows,
    restated: Restated,
    month: str,
    frozen: Frozen,
    generations: Sequence[Generation],
    insiders: Insiders,
) -> bool:
    """Whether a withheld value can be told from all generations of a quarter together."""
    notes = replace(frozen.notes, restated={**frozen.notes.restated, month: restated})
    all_of_them = [
        Generation(
            g.release,
            [row for row in g.trends if block_of(row.period) == block.name],
            [row for row in g.habits if block_of(row.period) == block.name],
            [row for row in g.challenge if block_of(row.period) == block.name],
        )
        for g in (*generations, Generation(month, *rows))
    ]
    try:
        (world,) = joint_worlds(all_of_them, block.places, notes)
        return bool(Attack(world, block.places, notes).run(insiders).exposed)
    except GateError:  # generations that contradict each other tell that something changed
        return True


def _together(blocks: Sequence[Block], done: Sequence[_Done], frozen: Frozen) -> Rebaseline:
    anew = {row_key(row): row for one in done for rows in one.rows for row in rows}
    trends = [cast(TrendRow, anew.get(row_key(row), row)) for row in frozen.trends]
    habits = [cast(HabitRow, anew.get(row_key(row), row)) for row in frozen.habits]
    challenge = [cast(ChallengeRow, anew.get(row_key(row), row)) for row in frozen.challenge]
    before: list[Row] = [*frozen.trends, *frozen.habits, *frozen.challenge]
    after: list[Row] = [*trends, *habits, *challenge]
    return Rebaseline(
        frozen=replace(frozen, trends=trends, habits=habits, challenge=challenge),
        changed=[new for old, new in zip(before, after, strict=True) if new is not old],
        offered=sum(
            (row.risky if isinstance(row, ChallengeRow) else row.messages) is not None
            for block in blocks
            for rows in (block.trends, block.habits, block.challenge)
            for row in rows
        ),
        restated=Restated(
            frozenset(unit for one in done for unit in one.restated.moved),
            frozenset(cell for one in done for cell in one.restated.harmless),
        ),
        baseline=Baseline(
            {period: units for one in done for period, units in one.baseline.units.items()},
            {cell: people for one in done for cell, people in one.baseline.people.items()},
        ),
    )
