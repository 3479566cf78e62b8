"""What the release reads of the marts: who stands behind each part of a split."""

from __future__ import annotations

from pipelines.release import cells
from pipelines.release.cells import CHALLENGE
from pipelines.release.policy import NOTHING
from tests.marts import Person, make_marts, team

MET, CUMBRIA = "E23000001", "E23000002"
JANUARY = "2026-01"

# force, value: messages, contributors, largest
PARTS = {
    (MET, "challenged"): (4, 3, 2),
    (MET, "unchallenged"): (2, 2, 1),
    (MET, "not_flagged"): (54, 5, 18),
    (CUMBRIA, "challenged"): (0, 0, 0),
    (CUMBRIA, "unchallenged"): (0, 0, 0),
    (CUMBRIA, "not_flagged"): (30, 3, 10),
}


def test_risky_messages_are_split_by_whether_they_were_challenged() -> None:
    """Four of the Met's have a flag each, two of them challenged; one more has two, challenged."""
    con = make_marts(
        [
            *team(MET, JANUARY, 4, 10, {"DISC": 4}, challenged=2),
            Person(MET, JANUARY, "loud", 20, {"OPS": 2}, challenged=2),
            *team(CUMBRIA, JANUARY, 3, 10),
        ]
    )
    cells.prepare(con)
    values = cells.splits(con)
    pools = {force: frozenset({(JANUARY, force)}) for force in (MET, CUMBRIA)}
    found = cells.supports(con, {(CHALLENGE, pool) for pool in pools.values()}, values)
    groups = {force: found[CHALLENGE, pool] for force, pool in pools.items()}
    counted = {
        (force, value): (part.messages, part.contributors, part.largest)
        for force, group in groups.items()
        for value, part in group.split.items()
    }
    assert counted == PARTS
    assert groups[MET].denominator.messages == 60, "the parts are all messages"
    assert groups[CUMBRIA].split["challenged"] == NOTHING


def test_challenge_is_no_category() -> None:
    con = make_marts(team(MET, JANUARY, 4, 10, {"DISC": 4}, challenged=2))
    cells.prepare(con)
    assert cells.categories(cells.splits(con)) == ["ANY", "DISC", "OPS", "SEXM"]
