"""Gate 3: for every expectation a corrupted release that makes exactly that one fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import GateError
from pipelines.release.rows import HabitRow
from pipelines.validate.gates import check_release
from pipelines.validate.suite import load_suite
from pipelines.validate.tables import release_tables
from tests.gate_world import (
    TOO_FEW,
    failing,
    sound_challenge,
    sound_effects,
    sound_habits,
    sound_impact,
    sound_trends,
    write_release,
)

NONE = dict.fromkeys(("estimate_per_1000", "low", "high", "messages", "contributors", "flagged"))


def trends(change: Callable[[list[Any]], list[Any]], **more: Any) -> Callable[[Path], Any]:
    return lambda folder: write_release(
        folder, change(sound_trends()), sound_habits(), sound_impact(), **more
    )


def a_force(**changes: Any) -> Callable[[Path], Any]:
    """Change both categories of the first region in September."""
    return trends(lambda rows: [*rows[:2], *(replace(r, **changes) for r in rows[2:4]), *rows[4:]])


def habits(change: Callable[[list[Any]], list[Any]]) -> Callable[[Path], Any]:
    return lambda folder: write_release(
        folder, sound_trends(), change(sound_habits()), sound_impact()
    )


def habit(**changes: Any) -> Callable[[Path], Any]:
    return habits(lambda rows: [replace(rows[0], **changes), *rows[1:]])


def impact(**changes: Any) -> Callable[[Path], Any]:
    def write(folder: Path) -> None:
        rows = [replace(r, **changes) for r in sound_impact()]
        write_release(folder, sound_trends(), sound_habits(), rows)

    return write


def challenge(change: Callable[[list[Any]], list[Any]]) -> Callable[[Path], Any]:
    rows = change(sound_challenge(sound_trends()))
    return lambda folder: write_release(
        folder, sound_trends(), sound_habits(), sound_impact(), challenge=rows
    )


def a_challenge(**changes: Any) -> Callable[[Path], Any]:
    """Change the first challenge rate."""
    return challenge(lambda rows: [replace(rows[0], **changes), *rows[1:]])


def effects(change: Callable[[list[Any]], list[Any]]) -> Callable[[Path], Any]:
    rows = change(sound_effects(sound_trends()))
    return lambda folder: write_release(
        folder, sound_trends(), sound_habits(), sound_impact(), effects=rows
    )


def an_effect(**changes: Any) -> Callable[[Path], Any]:
    """Change the one that is estimated."""
    return effects(lambda rows: [replace(r, **changes) if r.ratio else r for r in rows])


def edited(name: str, old: str, new: str, count: int = -1) -> Callable[[Path], Any]:
    """Replace text in one file of a sound release."""

    def write(folder: Path) -> None:
        sound(folder)
        text = (folder / name).read_text()
        assert old in text
        (folder / name).write_text(text.replace(old, new, count))

    return write


def stray_file(folder: Path) -> None:
    sound(folder)
    (folder / "notes.txt").write_text("draft")


def sound(folder: Path) -> None:
    write_release(folder, sound_trends(), sound_habits(), sound_impact())


def a_later_month(rows: list[Any]) -> list[Any]:
    return [replace(r, period="2026-11") if r.period == "2026-09" else r for r in rows]


def unheard_of(rows: list[Any]) -> list[Any]:
    return [replace(r, force_code="E99999999") if r.force_code == "E23000001" else r for r in rows]


def invented_category(rows: list[Any]) -> list[Any]:
    return [replace(r, category="ALL") if r.category == "OPS" else r for r in rows]


def a_quarter_alone(rows: list[Any]) -> list[Any]:
    """The third quarter, of which only September is there."""
    return [*rows, *(replace(r, period="2026-Q3") for r in rows if r.period == "2026-09")]


def withhold_october(rows: list[Any]) -> list[Any]:
    return [replace(r, **NONE) if r.period == "2026-10" else r for r in rows]


def leap(rows: list[Any]) -> list[Any]:
    higher = {"estimate_per_1000": 300.0, "low": 200.0, "high": 400.0}
    return [replace(r, **higher) if r.period == "2026-10" and r.messages else r for r in rows]


CORRUPTIONS: dict[str, Callable[[Path], Any]] = {
    "nothing_else_is_published": stray_file,
    "trend_columns_are_those_agreed": edited("trends.csv", "\n", ",1\n"),
    "habit_columns_are_those_agreed": edited("habits.csv", "\n", ",1\n"),
    "challenge_columns_are_those_agreed": edited("challenge.csv", "\n", ",1\n"),
    "impact_columns_are_those_agreed": edited("impact.csv", "\n", ",1\n"),
    "effect_columns_are_those_agreed": edited("effects.csv", "\n", ",1\n"),
    "trend_rows_are_unique": trends(lambda rows: [*rows, rows[0]]),
    "habit_rows_are_unique": habits(lambda rows: [*rows, rows[0]]),
    "challenges_are_complete": challenge(lambda rows: rows[:-1]),
    "trends_are_complete": trends(lambda rows: rows[:-1]),
    "habits_are_complete": habits(lambda rows: rows[:-1]),
    "effects_are_complete": effects(lambda rows: rows[:-1]),
    "periods_end_by_the_release": trends(a_later_month),
    "quarters_have_their_months": trends(a_quarter_alone),
    "forces_are_known": trends(unheard_of),
    "habit_forces_are_known": habit(force_code="E99999999"),
    "categories_are_known": trends(invented_category),
    "the_basis_is_said": a_force(basis="guessed"),
    "effect_statuses_are_known": effects(lambda rows: [replace(rows[0], status="no"), *rows[1:]]),
    "figures_are_numbers_or_withheld": edited("trends.csv", "[c]", "few"),
    "habit_figures_are_numbers_or_withheld": edited("habits.csv", "[c]", "few"),
    "challenge_figures_are_numbers_or_withheld": edited("challenge.csv", "[c]", "few"),
    "effect_figures_are_numbers_or_say_why_not": edited("effects.csv", "[z]", "few"),
    "suppressed_cells_are_consistent": a_force(flagged=None),
    "suppressed_habits_are_consistent": habit(low=None),
    "suppressed_challenges_are_consistent": a_challenge(low=None),
    "suppressed_comparisons_are_consistent": impact(before_low=None),
    "effects_are_there_exactly_where_they_are_estimated": an_effect(status=TOO_FEW),
    "counts_are_rounded": trends(lambda rows: [*rows[:3], replace(rows[3], flagged=6), *rows[4:]]),
    "habit_counts_are_rounded": habit(messages=201),
    "challenge_counts_are_rounded": a_challenge(challenged=21),
    "enough_contributors": a_force(contributors=5),
    "enough_contributors_to_habits": habit(contributors=5),
    "enough_messages": a_force(messages=95),
    "enough_are_challenged_and_enough_are_not": a_challenge(challenged=5),
    "estimates_lie_in_their_intervals": a_force(low=13.0),
    "habit_shares_lie_in_their_intervals": habit(low=710.0),
    "challenge_shares_lie_in_their_intervals": a_challenge(low=40.0),
    "comparisons_lie_in_their_intervals": impact(before_low=13.0),
    "effects_lie_in_their_intervals": an_effect(high=0.79),
    "effects_are_of_several_forces": an_effect(trained_forces=2),
    "one_denominator_a_month": trends(
        lambda rows: [*rows[:2], replace(rows[2], messages=195), *rows[3:]]
    ),
    "risky_messages_are_those_of_trends": a_challenge(risky=65),
    "no_force_exceeds_the_country": a_force(messages=210),
    "the_manifest_counts_the_cells": trends(list, published=1),
    "something_is_published": trends(withhold_october),
    "national_rates_are_steady": trends(leap),
}


def test_every_expectation_has_its_corruption() -> None:
    assert [e.id for e in load_suite("release").expectations] == list(CORRUPTIONS)


def test_a_sound_release_passes(tmp_path: Path) -> None:
    sound(tmp_path)
    assert check_release(tmp_path).counts() == {
        "expectations": len(CORRUPTIONS), "passed": len(CORRUPTIONS), "warned": 0,
    }  # fmt: skip


@pytest.mark.parametrize("expectation", CORRUPTIONS)
def test_a_corrupted_release_fails_exactly_it(tmp_path: Path, expectation: str) -> None:
    CORRUPTIONS[expectation](tmp_path)
    with release_tables(tmp_path) as connection:
        assert failing("release", connection) == {expectation}


def without_times_of_week(months: list[str]) -> list[HabitRow]:
    """A sound release's habits over two months, these of which have no times of the week."""
    rows = [replace(row, period=m) for m in ("2026-09", "2026-10") for row in sound_habits()]
    return [row for row in rows if row.period not in months or row.habit != "time_of_week"]


@pytest.mark.parametrize(
    ("months", "failures"),
    [
        ([], set()),
        (["2026-09"], set()),  # published before times of the week were: frozen as it is
        (["2026-10"], {"habits_are_complete"}),
        (["2026-09", "2026-10"], {"habits_are_complete"}),
    ],
)
def test_months_published_before_a_habit_was_have_none_of_it(
    months: list[str], failures: set[str], tmp_path: Path
) -> None:
    write_release(tmp_path, sound_trends(), without_times_of_week(months), sound_impact())
    with release_tables(tmp_path) as connection:
        assert failing("release", connection) == failures


@pytest.mark.parametrize("named", [{"habit": "platform", "value": "signal"}, {"habit": "mood"}])
def test_a_value_that_is_not_listed_is_no_row(tmp_path: Path, named: dict[str, str]) -> None:
    habit(**named)(tmp_path)
    with release_tables(tmp_path) as connection:
        assert failing("release", connection) == {"habits_are_complete"}


def test_a_stop_names_the_expectation(tmp_path: Path) -> None:
    CORRUPTIONS["enough_contributors"](tmp_path)
    with pytest.raises(GateError, match="release gate stopped the run: enough_contributors: At"):
        check_release(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    sound(tmp_path)
    (tmp_path / "habits.csv").unlink()
    with pytest.raises(GateError, match=r"lacks habits\.csv"):
        check_release(tmp_path)
