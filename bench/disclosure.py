"""How much is published, and how safely: Candour beside three simpler sets of rules.

Plain thresholding, ACRO's and OpenSAFELY's, on the same invented collections (43 forces, one
quarter), under the same attack. The others' rules are their published defaults, applied to each
cell by itself; none of them suppresses complementary cells by itself.

    python -m bench.disclosure [--write]
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.page import write_between
from bench.release_world import draft_world, make_world
from pipelines.classify.taxonomy import CODES
from pipelines.release.audit.gate import attack
from pipelines.release.audit.world import ALL_MESSAGES, Figure, Key, World, read_worlds
from pipelines.release.build import Draft
from pipelines.release.cells import (
    ANY_RISK,
    CHALLENGED,
    FLAGGED,
    MESSAGES,
    NOT_FLAGGED,
    UNCHALLENGED,
    Cell,
    Group,
)
from pipelines.release.disclosure import reason_to_withhold
from pipelines.release.draft import notes_on
from pipelines.release.fallback import FallbackCounts, count_fallbacks
from pipelines.release.periods import block_of, is_quarter, months_between
from pipelines.release.places import Places, read_places
from pipelines.release.policy import NOTHING, Support

PER_FORCE = (30, 90, 200)
SEED = 7
MONTHS = months_between("2026-01", "2026-03")
PAGE = Path(__file__).resolve().parent.parent / "docs" / "measured-disclosure.md"
SPLITS = (MESSAGES, ANY_RISK, *CODES)
CHALLENGE_PARTS = (CHALLENGED, UNCHALLENGED)

Groups = Mapping[tuple[str, Cell], Group]
Rule = Callable[[Support], bool]


def plain(count: Support) -> bool:
    """At least 10 people."""
    return count.contributors >= 10


def acro(count: Support) -> bool:
    """ACRO's defaults: threshold 10, NK(2, 90%), p% 10, zeros withheld."""
    dominated = 100 * count.two_largest > 90 * count.messages
    estimable = 100 * (count.messages - count.two_largest) < 10 * count.largest
    return count.contributors >= 10 and not dominated and not estimable


def opensafely(count: Support) -> bool:
    """OpenSAFELY's: counts of up to 7 are redacted, zeros kept."""
    return count.messages == 0 or count.messages > 7


@dataclass(frozen=True)
class Measured:
    """One rule's release of one collection."""

    rule: str
    per_force: int
    cells: float  # share of force, month and category cells with their own figure
    messages: float  # the same, by the messages in them
    told: float  # share of those cells that any published figure of their force tells of
    ratio: float  # rate over the cells shown : rate over all
    unsafe: int  # published counts that fail Candour's policy
    exposed: int  # withheld counts the attack bounds too closely
    withheld: int  # withheld counts attacked


@dataclass(frozen=True)
class Told:
    """How much Candour tells of forces of about a size, and by what."""

    per_force: int
    counts: FallbackCounts
    any_monthly: tuple[int, int]  # of forces' months: all risky content published, all there are
    by_quarter: tuple[int, int]  # the same of their categories in the quarter


def tell(per_force: int, draft: Draft, places: Places) -> Told:
    """Each level's share; the two levels promised are also counted over every force."""
    published = draft.outcome.published
    monthly = [Cell(month, force) for month in MONTHS for force in places.forces]
    quarterly = [Cell(block_of(MONTHS[0]), force) for force in places.forces]
    return Told(
        per_force,
        count_fallbacks(draft.rows.trends, draft.rows.challenge, places),
        (sum(cell in published[ANY_RISK] for cell in monthly), len(monthly)),
        (
            sum(cell in published[code] for cell in quarterly for code in CODES),
            len(quarterly) * len(CODES),
        ),
    )


def measure(per_force: int, draft: Draft, places: Places) -> Iterator[Measured]:
    """Candour and the three others on one collection."""
    groups = {key: g for key, g in draft.outcome.groups.items() if key[0] in SPLITS}
    worlds = read_worlds(draft.rows.trends, [], draft.rows.challenge)
    published = {key for key in groups if key[1] in draft.outcome.published[key[0]]}
    fallbacks = count_fallbacks(draft.rows.trends, draft.rows.challenge, places)
    told = 1 - fallbacks.blank / fallbacks.cells
    yield _score("Candour", per_force, groups, published, worlds, draft, places, told)
    monthly = {key: g for key, g in groups.items() if not is_quarter(key[1].period)}
    for rule, name, half in (
        (plain, "10 people", 0),
        (acro, "ACRO-style", 2),
        (opensafely, "OpenSAFELY-style", 2),
    ):
        shown = {key for key, group in monthly.items() if _passes(rule, key[0], group)}
        shown = {(split, cell) for split, cell in shown if (MESSAGES, cell) in shown}
        others = list(_worlds(monthly, shown, half))
        yield _score(name, per_force, monthly, shown, others, draft, places, None)


def _passes(rule: Rule, split: str, group: Group) -> bool:
    if split == MESSAGES:
        return rule(group.denominator)
    return rule(group.split[FLAGGED]) and rule(group.split[NOT_FLAGGED])


def _count(split: str, group: Group) -> Support:
    return group.denominator if split == MESSAGES else group.split[FLAGGED]


def _worlds(groups: Groups, shown: set[tuple[str, Cell]], half: int) -> Iterator[World]:
    """What the public knows of another rule's release: roundings of ``half`` either way."""
    for block in sorted({block_of(cell.period) for _, cell in groups}):
        figures, withheld = [], []
        for (split, cell), group in groups.items():
            if block_of(cell.period) == block:
                key = Key(split, ALL_MESSAGES if split == MESSAGES else FLAGGED, cell)
                count = _count(split, group).messages
                if (split, cell) not in shown:
                    withheld.append(key)
                else:
                    figures.append(Figure(key, max(count - half, 0), count + half))
        yield World(block, tuple(figures), tuple(withheld))


def _score(
    rule: str,
    per_force: int,
    groups: Groups,
    shown: set[tuple[str, Cell]],
    worlds: Iterable[World],
    draft: Draft,
    places: Places,
    told: float | None,
) -> Measured:
    finest = {
        key: group
        for key, group in groups.items()
        if key[0] in CODES and key[1].place in places.forces and not is_quarter(key[1].period)
    }
    safe = {key for key, group in groups.items() if reason_to_withhold(key[0], group) is None}
    notes = notes_on(draft.outcome, draft.scope)
    challenge = {(part, cell) for part, cell in notes.harmless if part in CHALLENGE_PARTS}
    notes = type(notes)(notes.present, frozenset(safe - shown) | challenge)
    verdicts = attack(list(worlds), places, notes, None)
    here = {key: group for key, group in finest.items() if key in shown}
    share = len(here) / len(finest)
    return Measured(
        rule,
        per_force,
        share,
        _messages(here) / _messages(finest),
        share if told is None else told,
        _rate(here) / _rate(finest) if here else float("nan"),
        sum(_is_unsafe(groups[key], key[0]) for key in shown),
        sum(len(verdict.exposed) for verdict in verdicts),
        sum(verdict.withheld for verdict in verdicts),
    )


def _is_unsafe(group: Group, split: str) -> bool:
    return _count(split, group) != NOTHING and reason_to_withhold(split, group) is not None


def _messages(groups: Groups) -> int:
    return sum(group.denominator.messages for group in groups.values())


def _rate(groups: Groups) -> float:
    return sum(g.split[FLAGGED].messages for g in groups.values()) / _messages(groups)


def main() -> None:
    places = read_places()
    rows, told = [HEAD], [TOLD_HEAD]
    for per_force in PER_FORCE:
        con = make_world(places, MONTHS, per_force, SEED)
        draft = draft_world(con, places, MONTHS[-1])
        told.append(_told_line(tell(per_force, draft, places)))
        print(told[-1], flush=True)
        for found in measure(per_force, draft, places):
            rows.append(_line(found))
            print(rows[-1], flush=True)
    if "--write" in sys.argv:
        write_between(PAGE, "utility", "\n".join(rows))
        write_between(PAGE, "told", "\n".join(told))


TOLD_HEAD = """| people a force | own month | all risky content that month | own quarter | region | nothing | `ANY` by force and month | categories by force and quarter |
|---:|---:|---:|---:|---:|---:|---:|---:|"""  # noqa: E501


HEAD = """| people a force | rules | cells | messages | told of | rate shown : true | unsafe counts out | withheld counts told |
|---:|---|---:|---:|---:|---:|---:|---:|"""  # noqa: E501


def _line(m: Measured) -> str:
    audit = f"{m.exposed:,} of {m.withheld:,}"
    return (
        f"| {m.per_force} | {m.rule} | {m.cells:.0%} | {m.messages:.0%} | {m.told:.0%} | "
        f"{m.ratio:.2f} | {m.unsafe:,} | {audit} |"
    )


def _told_line(told: Told) -> str:
    counts = told.counts
    levels = (counts.published, counts.merged, counts.quarter, counts.region, counts.blank)
    shares = [f"{level / counts.cells:.0%}" for level in levels]
    shares += [f"{shown / of:.0%} of {of:,}" for shown, of in (told.any_monthly, told.by_quarter)]
    return f"| {told.per_force} | {' | '.join(shares)} |"


if __name__ == "__main__":
    main()
