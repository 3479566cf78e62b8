"""What a release would publish of a simulated panel: rounded force-months, few people's withheld.

Messages and flags of ``bench.impact_world`` are dealt to invented volunteers, who write unequally
much and are unequally inclined, always the same ones in a force. Then the release's rules decide:
on each force-month, and on what subtraction from its region leaves. There are no quarters, and what
to give up besides force-months that fail is chosen step by step, where a release's programme
chooses for a whole quarter at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from bench.impact_world import World
from bench.release_world import INCLINATION_SHAPE, PERSON_SHAPE
from pipelines.impact.panel import NEVER, Ints
from pipelines.impact.policy import Part, passes
from pipelines.impact.warehouse import is_wide
from pipelines.prevalence.design import DEFAULT_CORRELATION, DEFAULT_SIZE_VARIATION
from pipelines.prevalence.method import Basis, Method
from pipelines.release.effects import effect_rows
from pipelines.release.estimation import Methods
from pipelines.release.periods import months_between
from pipelines.release.places import read_places
from pipelines.release.policy import (
    MIN_CHATS,
    Support,
)
from pipelines.release.rounding import estimate, round_to_base
from pipelines.release.rows import EffectRow, TrendRow
from pipelines.release.suppression import INFORMATION
from pipelines.release.training import Training
from pipelines.synthetic.generate import MESSAGES_PER_MONTH

CATEGORY = "OPS"
PLACES = read_places()
MONTHS = months_between("2024-01", "2026-06")
FEWEST = 12  # volunteers of a force

Held = Mapping[str, tuple[Ints, Ints]]
"""What each of a force's volunteers wrote in a month: all, and flagged."""


def trend_rows(world: World, rng: np.random.Generator) -> Iterator[TrendRow]:
    """One row a force and month, without figures where they are withheld."""
    methods = methods_of(world)
    by_force = {force: _dealt(world, number, rng) for number, force in enumerate(PLACES.forces)}
    for number, month in enumerate(MONTHS):
        held = {
            force: (messages[number], flagged[number])
            for force, (messages, flagged) in by_force.items()
        }
        parts = {force: part_of(*of) for force, of in held.items()}
        shown = published(held, parts)
        for force, part in parts.items():
            yield _row(month, force, part, force in shown, methods[CATEGORY])


def methods_of(world: World) -> Methods:
    """How the category is estimated, from the sampled error rates."""
    rates = world.rates.published()
    method = Method(rates, Basis.CALIBRATED, DEFAULT_CORRELATION, DEFAULT_SIZE_VARIATION)
    return {CATEGORY: method}


def trainings_of(world: World) -> list[Training]:
    """The training calendar, as a release has it."""
    starts = dict(zip(world.panel.force.tolist(), world.panel.start.tolist(), strict=True))
    return [
        Training(PLACES.forces[force], "", f"{MONTHS[start]}-01", f"{MONTHS[start]}-28")
        for force, start in starts.items()
        if start < NEVER
    ]


def published(held: Held, parts: Mapping[str, Part]) -> set[str]:
    """The forces of a month with a figure: each passes, and so does what subtraction from their
    region leaves, unless it costs less to give up the region.
    """
    passing = {force for force, part in parts.items() if passes(part)}
    worth = {force: part.denominator.messages for force, part in parts.items()}
    regions = map(PLACES.members, PLACES.regions)
    return {force for here in regions for force in _shown(here & passing, here, held, worth)}


def _shown(
    passing: frozenset[str], here: frozenset[str], held: Held, worth: Mapping[str, int]
) -> frozenset[str]:
    """The ``passing`` forces of a region, or those left when the smallest are withheld as well."""
    shown = passing
    most = INFORMATION["region"] * sum(worth[force] for force in here)
    while (rest := here - shown) and not _may_be_left(rest, held):
        given_up = sum(worth[force] for force in passing - shown)
        smallest = min(shown, key=worth.__getitem__, default=None)
        if smallest is None or given_up + worth[smallest] >= most:
            return passing
        shown -= {smallest}
    return shown


def effects_of(world: World, rng: np.random.Generator) -> tuple[float, dict[str, EffectRow]]:
    """The share of force-months with a figure, and the category's rows of ``effects.csv`` by
    window.
    """
    trends, methods = list(trend_rows(world, rng)), methods_of(world)
    rows = effect_rows(
        trends, [], trainings_of(world), dict.fromkeys(MONTHS, methods), PLACES.forces
    )
    found = {row.window: row for row in rows if row.outcome == CATEGORY}
    return sum(row.flagged is not None for row in trends) / len(trends), found


def part_of(messages: Ints, flagged: Ints) -> Part:
    """What stands behind a rate, from each volunteer's counts."""
    return Part(_support(flagged), _support(messages - flagged), _support(messages))


def _may_be_left(forces: frozenset[str], held: Held) -> bool:
    together = (np.concatenate([held[force][which] for force in forces]) for which in (0, 1))
    return len(forces) > 1 and passes(part_of(*together))


def _support(counts: Ints) -> Support:
    """Of volunteers who each are an author; chats are never what a figure fails for here."""
    people, two = int((counts > 0).sum()), np.sort(counts)[-2:]
    return Support(int(counts.sum()), people, people, MIN_CHATS, int(two[-1]), int(two.sum()))


def _dealt(world: World, force: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """A force's messages, and those flagged, by month and volunteer."""
    rows = world.panel.force == force
    messages = world.panel.messages[rows].astype(int)
    flagged = world.panel.count[rows].astype(int)
    people = max(FEWEST, round(float(np.median(messages)) / MESSAGES_PER_MONTH))
    level = rng.gamma(PERSON_SHAPE, 1, people)
    inclined = level * rng.gamma(INCLINATION_SHAPE, 1, people)
    theirs = rng.multinomial(flagged, inclined / inclined.sum())
    return theirs + rng.multinomial(messages - flagged, level / level.sum()), theirs


def _row(month: str, force: str, part: Part, shown: bool, method: Method) -> TrendRow:
    place, basis, below = (month, force, CATEGORY), method.basis.value, part.denominator
    messages, people = round_to_base(below.messages), round_to_base(below.contributors)
    if not shown:
        size = (messages, people) if is_wide(below) else (None, None)
        return TrendRow(*place, None, None, None, *size, basis, None)
    flagged = round_to_base(part.flagged.messages)
    found = estimate(flagged, messages, people, method)
    return TrendRow(*place, found.estimate, found.low, found.high, messages, people, basis, flagged)
