"""One set of rows is a figure's chart, table and download; what is said of habits and people."""

from __future__ import annotations

import json

import pytest
import vl_convert

from pipelines.report.charts import Kind, chart
from pipelines.report.figure import LIMITS, PERIOD, Column, Figure, as_script, slug, times
from pipelines.report.habits import heat_finding
from pipelines.report.methodology import NAMES_CARD, read_names_card
from pipelines.report.people import band
from pipelines.report.site import VEGA_LITE
from pipelines.report.week import days_of, one_decimal, week_finding

FIGURE = Figure(
    id="DISC",
    title="Discriminatory content",
    finding="No clear change.",
    kind=Kind("trend", "force"),
    columns=(PERIOD, Column("estimate_per_1000", "Per 1,000"), *LIMITS, Column("messages", "All")),
    rows=[
        {"period": "2026-01", "estimate_per_1000": 2.5, "low": 1.0, "high": 4.0, "messages": 800},
        {
            "period": "2026-02",
            "estimate_per_1000": None,
            "low": None,
            "high": None,
            "messages": 790,
        },
    ],
    gap="estimate_per_1000",
)


def test_a_table_prints_figures_as_the_release_does() -> None:
    assert FIGURE.cells == [
        ["2026-01", "2.500", "1.000", "4.000", "800"],
        ["2026-02", "[c]", "[c]", "[c]", "790"],
    ]
    assert FIGURE.periods == ["2026-01", "2026-02"]


def test_the_browser_gets_the_same_rows_column_by_column() -> None:
    found = FIGURE.embedded("Kent Police", "2026-02")
    assert found["rows"]["estimate_per_1000"] == [2.5, None]
    assert found["columns"][1] == ["estimate_per_1000", "[c]", 3]
    assert found["columns"][4] == ["messages", "[c]", 0]
    assert found["file"] == "candour-2026-02-kent-police-discriminatory-content"


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("2026-12", ("December 2026", "2026-12-01", "2026-12-15", "2027-01-01")),
        ("2026-Q1", ("January to March 2026", "2026-01-01", "2026-02-15", "2026-04-01")),
    ],
)
def test_a_period_is_drawn_over_its_own_days(period: str, expected: tuple[str, ...]) -> None:
    assert times(period) == expected


def test_nothing_in_the_data_can_close_the_script() -> None:
    assert "<" not in as_script({"a": "</script><script>"})
    assert json.loads(as_script({"a": "</script>"})) == {"a": "</script>"}


def test_file_names_are_plain() -> None:
    assert slug("Sexism, misogyny & sexualised content (Avon/Somerset)") == (
        "sexism-misogyny-sexualised-content-avon-somerset"
    )


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        (None, "Not enough data"),
        (10, "10 to 20"),
        (20, "10 to 20"),
        (25, "25 to 45"),
        (95, "50 to 95"),
        (100, "100 or more"),
        (2600, "100 or more"),
    ],
)
def test_bands_leave_no_number_out(people: int | None, expected: str) -> None:
    """Contributors are published in fives."""
    assert band(people) == expected


def test_habits_over_time_say_which_value_most_messages_have_and_how_it_moved() -> None:
    rows = [
        {"period": "2026-01", "weekday": 700.0, "weekend": 300.0},
        {"period": "2026-02", "weekday": None, "weekend": None},
        {"period": "2026-03", "weekday": 760.0, "weekend": 240.0},
    ]
    assert heat_finding(["weekday", "weekend"], rows) == (
        "Most messages in March 2026: weekday, 76%; between 70% and 76% in the 2 months published."
    )


def test_a_weeks_busiest_time_is_that_of_each_such_day() -> None:
    """October 2026 has 22 weekdays and nine days of weekends."""
    assert days_of("2026-10") == {"weekday": 22, "weekend": 9}
    rows = [{"value": "weekday night", "each_day": 11.0}, {"value": "weekend night", "each_day": 9}]
    assert week_finding("2026-10", rows) == (
        "In October 2026 the busiest time of a day was weekday night: of 1,000 messages 11.0 on "
        "each such day. The quietest was weekend night: 9.0."
    )


def test_a_week_rounds_as_its_chart_does() -> None:
    """A half is rounded up: neither to the even digit nor by its printed decimals."""
    assert [one_decimal(n) for n in (6.25, 6.35, 6.249)] == ["6.3", "6.3", "6.2"]


def test_a_withheld_week_is_said_to_be() -> None:
    rows = [{"value": "weekday night", "each_day": None}, {"value": "weekend night", "each_day": 9}]
    assert week_finding("2026-10", rows) == (
        "Not enough data in October 2026 of days and times of the day together."
    )


@pytest.mark.parametrize(
    ("each_day", "said", "not_said"), [(12.25, "12.3", "Not enough"), (None, "Not enough", "null")]
)
def test_a_week_is_numbers_or_said_to_be_withheld(
    each_day: float | None, said: str, not_said: str
) -> None:
    rows = [{"day": day, "time": "00:00 to 05:59", "each_day": each_day} for day in ("a", "b")]
    drawn = vl_convert.vegalite_to_svg(
        {**chart(Kind("week")), "datasets": {"rows": rows}, "width": 400}, VEGA_LITE
    )
    assert said in drawn
    assert not_said not in drawn


def test_the_card_of_the_names_model_is_read_line_by_line() -> None:
    """Every kind of identity in every text; figures are shares as printed."""
    found = list(read_names_card(NAMES_CARD))
    assert {"Person", "Location"} <= {one.kind for one in found}
    assert len({one.text for one in found}) >= 4
    assert all(0 < float(one.recall) <= float(one.recall_any_type) <= 1 for one in found)


@pytest.mark.parametrize("name", ["trend", "challenge", "private", "people", "funnel", "week"])
def test_a_chart_of_an_unknown_kind_is_an_error(name: str) -> None:
    assert chart(Kind(name))["layer"]
    with pytest.raises(ValueError, match=f"no chart template called {name}s"):
        chart(Kind(f"{name}s"))
