"""All releases as one world a quarter: what a re-baseline counted anew beside what it was before.

A *generation* is every figure between two re-baselines. The attacker holds all of them, and is
granted which force's months were counted anew: all others are the same unknowns in every
generation, so that two roundings of one sum count against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.release.audit.notes import AuditNotes, Restated
from pipelines.release.audit.world import Figure, Key, World, judged_as, read_worlds
from pipelines.release.cells import Pool
from pipelines.release.periods import block_of, months_of
from pipelines.release.places import Places
from pipelines.release.publish import DRAFT_PREFIX
from pipelines.release.restated import declared_in
from pipelines.release.rows import ChallengeRow, HabitRow, TrendRow, read_rows


@dataclass(frozen=True, slots=True)
class Generation:
    """Rows as they stood between two re-baselines; ``release`` made the first of the two."""

    release: str
    trends: Sequence[TrendRow]
    habits: Sequence[HabitRow]
    challenge: Sequence[ChallengeRow]


def read_generations(folders: Sequence[Path]) -> list[Generation]:
    """The generations of these releases, oldest first."""
    made_by, found = "", []
    for folder, after in zip(folders, [*folders[1:], None], strict=True):
        if declared_in(folder) is not None:
            made_by = name_of(folder)
        if after is None or declared_in(after) is not None:
            trends, habits = read_rows(folder, TrendRow), read_rows(folder, HabitRow)
            challenge = read_rows(folder, ChallengeRow)
            found.append(Generation(made_by, trends, habits, challenge))
    return found


def joint_worlds(
    generations: Sequence[Generation], places: Places, notes: AuditNotes
) -> list[World]:
    """One world a quarter, of every generation's figures. Raises ``GateError`` where a quarter
    belies its months.
    """
    joint: dict[str, World] = {}
    last: dict[str, World] = {}
    for number, generation in enumerate(generations):
        for world in read_worlds(generation.trends, generation.habits, generation.challenge):
            block = world.block
            if block not in joint:
                joint[block] = world
            elif world != last[block]:
                joint[block] = _join(joint[block], world, number, generation.release, places, notes)
            last[block] = world
    return [world for _, world in sorted(joint.items())]


def name_of(folder: Path) -> str:
    """The release a folder holds, a draft's too."""
    return folder.name.removeprefix(DRAFT_PREFIX)


def _join(
    before: World, world: World, number: int, release: str, places: Places, notes: AuditNotes
) -> World:
    """The figures and withheld counts of ``before``, those that the release counted anew, and
    those of months that it added: nothing of theirs is older.
    """
    restated = notes.restated.get(release) or Restated(_everything(world, places), frozenset())
    moved = frozenset(unit for unit in restated.moved if block_of(unit[0]) == world.block)
    known = {key._replace(generation=0) for key in (*before.withheld, *_keys(before.figures))}

    def anew(key: Key) -> bool:
        forces, months = places.members(key.cell.place), months_of(key.cell.period)
        return any(month in months and force in forces for month, force in moved)

    def placed(key: Key) -> Key:
        return key._replace(generation=number) if anew(key) else key

    figures = [
        replace(figure, key=placed(figure.key))
        for figure in world.figures
        if anew(figure.key) or figure.key not in known
    ]
    withheld = [
        placed(key)
        for key in world.withheld
        if (anew(key) and (judged_as(key), key.cell) not in restated.harmless) or key not in known
    ]
    return World(
        before.block,
        (*before.figures, *figures),
        (*before.withheld, *withheld),
        (*before.moved, (number, moved)),
    )


def _keys(figures: Sequence[Figure]) -> list[Key]:
    return [figure.key for figure in figures]


def _everything(world: World, places: Places) -> Pool:
    """Without notes of what was counted anew, all of a quarter may have been."""
    return frozenset((month, f) for month in months_of(world.block) for f in places.forces)
