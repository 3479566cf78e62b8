"""The audit's programmes against counting every possible table, and against hand-made insiders."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.release.audit.attack import Attack
from pipelines.release.audit.constraints import Count
from pipelines.release.audit.insider import Insiders
from pipelines.release.audit.notes import AuditNotes
from pipelines.release.audit.solver import ContradictionError
from pipelines.release.audit.world import ALL_MESSAGES, Key
from pipelines.release.cells import (
    ANY_RISK,
    CHALLENGE,
    CHALLENGED,
    FLAGGED,
    MESSAGES,
    UNCHALLENGED,
    Cell,
)
from tests.privacy.worlds import (
    BLOCK,
    FEBRUARY,
    JANUARY,
    NOTES,
    PLACES,
    PRESENT,
    brute_force,
    key,
    people,
    value,
    world,
)

EVERY_KEY = [key(place, period) for period in (JANUARY, FEBRUARY, BLOCK) for place in PLACES.all]
MOST = 6  # 7 to the power of 6 tables are counted


@st.composite
def tables(draw: st.DrawFn) -> tuple[dict[Key, tuple[float, float]], list[Key]]:
    """True counts of three forces in two months; some cells published to within one or two."""
    truth = {(f, m): draw(st.integers(0, MOST)) for f in "ABC" for m in (JANUARY, FEBRUARY)}
    shown = draw(st.sets(st.sampled_from(EVERY_KEY), max_size=8))
    slack = draw(st.integers(0, 2))
    published = {
        k: (max(value(truth, k.cell) - slack, 0), value(truth, k.cell) + slack) for k in shown
    }
    # nothing published bounds every count: say what the enumeration takes for granted
    published |= {key(f, m): published.get(key(f, m), (0, MOST)) for f, m in truth}
    return published, [k for k in EVERY_KEY if k not in shown]


@settings(max_examples=40, deadline=None)
@given(tables())
def test_bounds_are_those_of_counting_every_table(
    table: tuple[dict[Key, tuple[float, float]], list[Key]],
) -> None:
    published, withheld = table
    capped = {k: (low, min(high, MOST)) if k.cell.place in "ABC" and k.cell.period != BLOCK
              else (low, high) for k, (low, high) in published.items()}  # fmt: skip
    attack = Attack(world(capped, withheld), PLACES, NOTES)
    for number, target in enumerate(attack.targets):
        low, high, _ = attack.bounds(number)
        assert (round(low, 6), round(high, 6)) == brute_force(capped, target, MOST)


def test_what_single_worlds_show_is_never_more_than_the_truth() -> None:
    """The shortcut calls hidden only what its own two programmes would."""
    published = {key("EW", JANUARY): (99.0, 101.0), key("A", JANUARY): (59.0, 61.0)}
    withheld = [key("B", JANUARY), key("C", JANUARY)]
    assert Attack(world(published, withheld), PLACES, NOTES).run().exposed == ()
    narrow = published | {key("B", JANUARY): (29.0, 31.0)}
    (found,) = Attack(world(narrow, [key("C", JANUARY)]), PLACES, NOTES).run().exposed
    assert (found.key, found.low, found.high) == (key("C", JANUARY), 7.0, 13.0)
    assert found.because == set(narrow)


def test_quarters_and_months_are_attacked_together() -> None:
    published = {key("A", BLOCK): (40.0, 40.0), key("A", JANUARY): (38.0, 38.0)}
    (found,) = Attack(world(published, [key("A", FEBRUARY)]), PLACES, NOTES).run().exposed
    assert (found.low, found.high) == (2.0, 2.0)


def test_a_force_known_to_collect_nothing_hides_nobody() -> None:
    published = {key("EW", JANUARY): (100.0, 100.0), key("A", JANUARY): (60.0, 60.0)}
    withheld = [key("B", JANUARY), key("C", JANUARY)]
    (found,) = Attack(world(published, withheld), PLACES, only("AB")).run().exposed
    assert (found.key, found.low, found.high) == (key("B", JANUARY), 40.0, 40.0)


def test_a_withheld_cell_that_could_be_published_may_be_told() -> None:
    published = {key("EW", JANUARY): (100.0, 100.0), key("A", JANUARY): (60.0, 60.0)}
    harmless = frozenset({(MESSAGES, Cell(JANUARY, "B"))})
    notes = AuditNotes({**PRESENT, JANUARY: frozenset("AB")}, harmless)
    assert Attack(world(published, [key("B", JANUARY)]), PLACES, notes).run().exposed == ()


def test_figures_that_no_table_fits_are_refused() -> None:
    published = {key("A", BLOCK): (10.0, 14.0), key("A", JANUARY): (20.0, 24.0)}
    with pytest.raises(ContradictionError, match="contradict each other"):
        Attack(world(published, [key("A", FEBRUARY)]), PLACES, NOTES).run()


@pytest.mark.parametrize(
    ("insider_in", "own", "told"),
    [
        # B and C are withheld and make 20 together
        ("C", 5, None),  # B is still 0 to 15
        ("C", 12, "B"),  # B is 0 to 8
        ("B", 12, "B"),  # all but their own is 0 to 8 of B's 12 to 20
    ],
)
def test_a_contributor_subtracts_their_own(insider_in: str, own: int, told: str | None) -> None:
    published = {key("EW", JANUARY): (80.0, 80.0), key("A", JANUARY): (60.0, 60.0)}
    insiders = contributors({"someone": {(insider_in, JANUARY): own}})
    attack = Attack(world(published, [key("B", JANUARY)]), PLACES, NOTES)
    exposed = attack.run(insiders).exposed
    assert [(e.key, e.insider) for e in exposed] == ([(key(told, JANUARY), True)] if told else [])


def test_contributors_do_not_pool_what_they_know() -> None:
    """Each of ten takes away two of twenty; together they would take all."""
    published = {key("EW", JANUARY): (80.0, 80.0), key("A", JANUARY): (60.0, 60.0)}
    ten = contributors({f"c{n}": {("C", JANUARY): 2} for n in range(10)})
    attack = Attack(world(published, [key("B", JANUARY)]), PLACES, NOTES)
    assert attack.run(ten).exposed == ()


@pytest.mark.parametrize(
    ("everybody", "told"),
    [
        ((73.0, 77.0), None),  # 60 to 64 are A's, so B and C have 1 to 16 each
        ((66.0, 70.0), 9.0),  # at most 10 together, and each at least the one who wrote
    ],
)
def test_numbers_of_contributors_are_subtracted_too(
    everybody: tuple[float, float], told: float | None
) -> None:
    published = {people("EW", JANUARY): everybody, people("A", JANUARY): (60.0, 64.0)}
    withheld = [people("B", JANUARY), people("C", JANUARY)]
    exposed = Attack(world(published, withheld), PLACES, NOTES).run().exposed
    expected = [] if told is None else [(target, 1.0, told) for target in withheld]
    assert [(found.key, found.low, found.high) for found in exposed] == expected


def test_nobody_wrote_less_than_a_message() -> None:
    """All of B's contributors wrote something, so 12 messages are of 12 people at most."""
    published = {key("B", JANUARY): (12.0, 12.0), key("A", JANUARY): (900.0, 900.0)}
    attack = Attack(world(published, [people("B", JANUARY)]), PLACES, NOTES)
    assert attack.bounds(0)[:2] == (1.0, 12.0)


def test_a_quarters_people_are_its_months_counted_once() -> None:
    """At least as many as in either month, at most as many as in both."""
    published = {people("A", JANUARY): (20.0, 20.0), people("A", FEBRUARY): (30.0, 30.0)}
    attack = Attack(world(published, [people("A", BLOCK)]), PLACES, NOTES)
    assert attack.bounds(0)[:2] == (30.0, 50.0)


def risky(place: str, category: str = ANY_RISK) -> Key:
    """Messages of a place flagged in January."""
    return Key(category, FLAGGED, Cell(JANUARY, place))


def challenged(place: str) -> Key:
    """Those of all risky ones that were challenged."""
    return Key(CHALLENGE, CHALLENGED, Cell(JANUARY, place))


def withheld_with_categories(*keys: Key) -> list[Key]:
    """The keys, and two categories: a message is risky by one of them at least."""
    return [*keys, risky("A", "DISC"), risky("A", "OPS")]


def test_a_challenged_message_is_a_risky_one() -> None:
    published = {key("A", JANUARY): (900.0, 900.0), risky("A"): (38.0, 42.0)}
    withheld = withheld_with_categories(challenged("A"))
    assert Attack(world(published, withheld), PLACES, NOTES).bounds(0)[:2] == (0.0, 42.0)


@pytest.mark.parametrize(
    ("of_region", "told"),
    [
        ((28.0, 32.0), None),  # all of them may be B's, who has 38 to 40: A has 0 to 32
        ((68.0, 72.0), (28.0, 42.0)),  # B's 40 are not enough: 28 at least are A's
    ],
)
def test_a_regions_challenges_less_what_the_others_can_have_at_most(
    of_region: tuple[float, float], told: tuple[float, float] | None
) -> None:
    published = {key(place, JANUARY): (900.0, 900.0) for place in "AB"}
    published |= {risky("A"): (40.0, 42.0), risky("B"): (38.0, 40.0), challenged("R1"): of_region}
    withheld = withheld_with_categories(challenged("A"))
    exposed = Attack(world(published, withheld), PLACES, NOTES).run().exposed
    assert [(e.low, e.high) for e in exposed] == ([] if told is None else [told])


def unchallenged(place: str) -> Key:
    """Those that nobody challenged."""
    return Key(CHALLENGE, UNCHALLENGED, Cell(JANUARY, place))


@pytest.mark.parametrize(
    ("harmless", "told"),
    [
        (set(), [(challenged("A"), 36.0, 40.0), (unchallenged("A"), 0.0, 6.0)]),
        ({CHALLENGED}, [(unchallenged("A"), 0.0, 6.0)]),
        ({UNCHALLENGED}, [(challenged("A"), 36.0, 40.0)]),
        ({CHALLENGED, UNCHALLENGED}, []),
    ],
)
def test_what_is_left_of_risky_messages_is_a_secret_as_well(
    harmless: set[str], told: list[tuple[Key, float, float]]
) -> None:
    """Of the region's 68 to 70 challenged messages 30 to 32 are B's, so 36 to 40 of A's 40 to 42
    risky ones. Each part is tested unless it passes the policy by itself.
    """
    published = {key(place, JANUARY): (900.0, 900.0) for place in "AB"}
    published |= {risky("A"): (40.0, 42.0), risky("B"): (50.0, 52.0)}
    published |= {challenged("B"): (30.0, 32.0), challenged("R1"): (68.0, 70.0)}
    withheld = withheld_with_categories(challenged("A"), unchallenged("A"))
    notes = AuditNotes(PRESENT, frozenset((part, Cell(JANUARY, "A")) for part in harmless))
    exposed = Attack(world(published, withheld), PLACES, notes).run().exposed
    assert [(e.key, e.low, e.high) for e in exposed] == told


def test_as_many_peoples_risky_messages_are_not_challenged() -> None:
    """Ten at least of A's, where its rate is out."""
    published = {key("A", JANUARY): (900.0, 900.0), challenged("A"): (28.0, 32.0)}
    withheld = withheld_with_categories(risky("A"))
    assert Attack(world(published, withheld), PLACES, NOTES).bounds(0)[0] == 38.0


def test_a_contributor_takes_away_their_own_unchallenged_messages() -> None:
    """Of A's 84 at most, 20 are theirs and nobody challenged them: 64 at most were; 40 at least,
    since B has 60 at most of the region's 100.
    """
    published = {key(place, JANUARY): (900.0, 900.0) for place in "AB"}
    published |= {risky("A"): (80.0, 84.0), risky("B"): (58.0, 60.0)}
    published |= {challenged("R1"): (100.0, 104.0)}
    withheld = withheld_with_categories(challenged("A"))
    own = {
        Count(CHALLENGE, UNCHALLENGED, JANUARY, "A"): 20.0,
        Count(ANY_RISK, FLAGGED, JANUARY, "A"): 20.0,
    }
    attack = Attack(world(published, withheld), PLACES, NOTES)
    (exposed,) = attack.run(Insiders({b"someone": own})).exposed
    assert (exposed.key, exposed.low, exposed.high) == (challenged("A"), 40.0, 64.0)


def test_a_contributor_takes_away_their_own_challenged_messages() -> None:
    """Of A's 84 at most, 20 are theirs and were challenged: 64 at most were not; 36 at least, since
    44 at most of the region's were.
    """
    published = {key(place, JANUARY): (900.0, 900.0) for place in "AB"}
    published |= {risky("A"): (80.0, 84.0), risky("B"): (58.0, 60.0)}
    published |= {challenged("R1"): (40.0, 44.0)}
    withheld = withheld_with_categories(unchallenged("A"))
    own = {
        Count(CHALLENGE, CHALLENGED, JANUARY, "A"): 20.0,
        Count(ANY_RISK, FLAGGED, JANUARY, "A"): 20.0,
    }
    attack = Attack(world(published, withheld), PLACES, NOTES)
    (exposed,) = attack.run(Insiders({b"someone": own})).exposed
    assert (exposed.key, exposed.low, exposed.high) == (unchallenged("A"), 36.0, 64.0)


def test_a_contributor_knows_that_the_rules_were_passed() -> None:
    """They wrote 30 of A's 40 to 70: others wrote as many, so 60 to 70 are A's and C has 30."""
    published = {key("A", JANUARY): (40.0, 70.0), key("EW", JANUARY): (100.0, 100.0)}
    attack = Attack(world(published, [key("C", JANUARY)]), PLACES, only("AC"))
    assert attack.run().exposed == ()
    (exposed,) = attack.run(contributors({"someone": {("A", JANUARY): 30}})).exposed
    assert (exposed.low, exposed.high) == (30.0, 40.0)


QUARTER = {key("A", BLOCK): (100.0, 100.0), key("A", JANUARY): (30.0, 70.0)}
"""February's release closes a quarter whose January is frozen: February has 30 to 70."""


def test_a_quarters_new_figure_is_attacked_with_what_contributors_wrote_in_frozen_months() -> None:
    """35 of January's are theirs, so 70 are January's and 30 February's."""
    attack = Attack(world(QUARTER, [key("A", FEBRUARY)]), PLACES, NOTES)
    assert attack.run().exposed == ()
    someone = contributors({"someone": {("A", JANUARY): 35}}, frozen=JANUARY)
    (exposed,) = attack.run(someone).exposed
    assert (exposed.low, exposed.high, exposed.insider) == (30.0, 30.0, True)


def test_what_frozen_figures_tell_is_not_told_again() -> None:
    """What the warehouse holds of January may be more than the contributor had sent then."""
    published = {key("EW", JANUARY): (100.0, 100.0), key("B", JANUARY): (30.0, 70.0)}
    held = {"someone": {("B", JANUARY): 35}}

    def told(frozen: str) -> list[tuple[float, float]]:
        attack = Attack(world(published, [key("A", JANUARY)]), PLACES, only("AB"))
        return [(e.low, e.high) for e in attack.run(contributors(held, frozen)).exposed]

    assert told(frozen="") == [(30.0, 30.0)]
    assert told(frozen=JANUARY) == []


def test_what_was_sent_since_a_month_was_frozen_is_not_taken_to_be_in_it() -> None:
    """80 of January's 70 cannot be theirs: they attack with what they wrote in February."""
    attack = Attack(world(QUARTER, [key("A", FEBRUARY)]), PLACES, NOTES)
    since = {"someone": {("A", JANUARY): 80}}
    assert attack.run(contributors(since, frozen=JANUARY)).exposed == ()
    with pytest.raises(ContradictionError):
        attack.run(contributors(since))


def only(forces: str) -> AuditNotes:
    """Notes of a January in which these forces have messages."""
    return AuditNotes({**PRESENT, JANUARY: frozenset(forces)}, frozenset())


def contributors(own: Mapping[str, Mapping[tuple[str, str], int]], frozen: str = "") -> Insiders:
    """Contributors by name, with their messages by force and month; a month released before."""
    return Insiders(
        {
            name.encode(): {
                Count(MESSAGES, ALL_MESSAGES, month, force): float(n)
                for (force, month), n in held.items()
            }
            for name, held in own.items()
        },
        frozenset({frozen}),
    )
