"""Differential privacy, really drawn by OpenDP: bounds, noise, budget, and never beside exact."""

from __future__ import annotations

import sys
from math import sqrt
from pathlib import Path
from statistics import mean, pstdev

import duckdb
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipelines.classify.taxonomy import CODES
from pipelines.errors import CallerError, GateError
from pipelines.release.basis import budget_ledger
from pipelines.release.budget import spend
from pipelines.release.build import build_release
from pipelines.release.private import (
    MAX_FLAGGED,
    Noisy,
    _bounded,
    _noisy,
    drawn_months,
    private_month,
)
from pipelines.release.private_rates import Z, interval, rate
from pipelines.release.publish import publish, published_months
from pipelines.settings import Settings
from tests.approvers import ANALYST, MONTHS, OFFICER, approved_by, governed, make, marts
from tests.private_world import messages
from tests.releases import audited, released

JANUARY = MONTHS[0]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, private_rho_per_month=0.5, private_rho_total=1.0)


def test_it_is_off_by_default(tmp_path: Path) -> None:
    with pytest.raises(CallerError, match="Private series are off"):
        private_month(messages(), JANUARY, Settings(home=tmp_path))


def test_each_contributor_is_bounded_and_depends_on_nobody_else() -> None:
    """Somebody with 300 messages, 50 of them flagged, counts for 200 and 10."""
    alone = _bounded(messages(("a", 300, 50)), JANUARY)
    assert alone == {"messages": [200], "DISC": [10]}
    both = _bounded(messages(("a", 300, 50), ("b", 3, 1)), JANUARY)
    assert {name: sorted(found) for name, found in both.items()} == {
        "messages": [3, 200],
        "DISC": [1, 10],
    }


def test_messages_that_were_not_classified_are_in_no_series() -> None:
    """They would pass for clean ones in the denominator."""
    assert _bounded(messages(("a", 30, 5), unclassified=40), JANUARY) == {
        "messages": [30],
        "DISC": [5],
    }


def test_keys_are_public(settings: Settings) -> None:
    """A month without a message has every series, as any other."""
    assert set(private_month(messages(), JANUARY, settings).series) == {"messages", *CODES}


def test_noise_is_what_the_bound_and_budget_say() -> None:
    """Gaussian noise gives zCDP of (bound / sd)^2 / 2 (Bun and Steinke 2016)."""
    drawn = [_noisy([10] * 20, MAX_FLAGGED, 0.5) for _ in range(500)]
    expected = MAX_FLAGGED / sqrt(2 * 0.5)
    assert drawn[0].sd == pytest.approx(expected)
    assert mean(d.count for d in drawn) == pytest.approx(200, abs=5 * expected / sqrt(500))
    assert pstdev(d.count for d in drawn) == pytest.approx(expected, rel=0.25)


def test_the_budget_is_refused_when_spent_and_a_crash_has_spent(settings: Settings) -> None:
    con = messages()
    con.execute("DROP TABLE core.message")
    with pytest.raises(duckdb.Error):  # no such table: the run dies after paying
        private_month(con, JANUARY, settings)
    private_month(messages(), "2026-02", settings)
    with pytest.raises(CallerError, match="1 of the privacy budget of 1 is spent"):
        private_month(messages(), "2026-03", settings)
    assert len(budget_ledger(settings).read_text().splitlines()) == 2
    assert [drawn.month for drawn in drawn_months(settings)] == ["2026-02"], "January's was lost"
    assert budget_ledger(settings).stat().st_mode & 0o077 == 0


def test_without_opendp_nothing_is_spent(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it is where the extra is not installed: the import fails."""
    monkeypatch.setitem(sys.modules, "opendp.prelude", None)
    with pytest.raises(CallerError, match=r"pip install 'candour\[private\]'"):
        private_month(messages(), JANUARY, settings)
    assert not budget_ledger(settings).exists()


def test_a_month_is_drawn_once(settings: Settings) -> None:
    """Whatever arrived since: a second draw would cost again and tell more."""
    first = private_month(messages(("a", 30, 5)), JANUARY, settings)
    assert private_month(messages(("a", 30, 5), ("b", 9, 9)), JANUARY, settings) == first
    assert drawn_months(settings) == [first]
    assert len(budget_ledger(settings).read_text().splitlines()) == 1
    kept = settings.home / "ledgers" / "private-2026-01.json"
    assert kept.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("old, new", [("0.5", "0.1"), ("2026-01", "2026-09"), ("{", "[")])
def test_a_changed_ledger_is_refused(settings: Settings, old: str, new: str) -> None:
    spend(budget_ledger(settings), JANUARY, 0.5, 1.0)
    text = budget_ledger(settings).read_text()
    budget_ledger(settings).write_text(text.replace(old, new))
    with pytest.raises(GateError, match="was changed"):
        spend(budget_ledger(settings), "2026-02", 0.1, 1.0)


def test_a_lost_ledger_is_missed_though_nothing_was_published(settings: Settings) -> None:
    """Whether it is gone, cut short, or another one begun: the warehouse remembers."""
    con = messages(("a", 30, 5))
    ledger = budget_ledger(settings)
    richer = settings.model_copy(update={"private_rho_total": 9.0})
    for month in MONTHS:
        private_month(con, month, richer)
    whole = ledger.read_text()
    ledger.unlink()
    with pytest.raises(GateError, match="of 2 spendings on record in the warehouse it lacks some"):
        private_month(con, "2026-03", richer)
    assert not ledger.exists(), "and none is begun"
    ledger.write_text(whole.splitlines(keepends=True)[0])
    with pytest.raises(GateError, match="Restore it from a copy"):
        private_month(con, "2026-03", richer)
    ledger.unlink()
    for month in MONTHS:
        spend(ledger, month, 0.25, 9.0)
    with pytest.raises(GateError, match="is not the one that this collection's budget was spent"):
        private_month(con, "2026-03", richer)
    ledger.write_text(whole)
    assert private_month(con, "2026-03", richer).month == "2026-03"


def test_a_ledger_that_goes_on_further_is_sound(settings: Settings) -> None:
    """A run stopped after paying, or a warehouse put back from a copy: nothing is spent twice."""
    con = messages()
    spend(budget_ledger(settings), JANUARY, 0.1, 1.0)
    private_month(con, "2026-02", settings)
    known = con.execute("SELECT line FROM core.privacy_line ORDER BY line").fetchall()
    assert known == [(1,), (2,)]


def test_no_exact_tables_though_every_trace_but_the_warehouse_is_lost(settings: Settings) -> None:
    con = marts()
    con.execute("INSERT INTO core.privacy_line VALUES (1, 'f00d')")
    with pytest.raises(CallerError, match="exact tables are never published"):
        build_release(con, JANUARY, Settings(home=settings.home))


def test_never_beside_exact_tables(tmp_path: Path) -> None:
    exact = Settings(home=tmp_path)
    private = Settings(home=tmp_path, private_rho_per_month=0.5)
    released(marts(), JANUARY, exact)
    with pytest.raises(CallerError, match="never published beside exact tables"):
        private_month(messages(), JANUARY, private)
    assert not budget_ledger(private).exists()


def test_no_exact_tables_beside_it(settings: Settings) -> None:
    """Not even once the setting is taken back."""
    private_month(messages(), JANUARY, settings)
    for later in (settings, Settings(home=settings.home)):
        with pytest.raises(CallerError, match="exact tables are never published"):
            build_release(marts(), JANUARY, later)


def test_what_was_drafted_before_the_budget_was_spent_is_not_published(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    draft = audited(marts(), JANUARY, settings)
    spend(budget_ledger(settings), JANUARY, 0.5, 1.0)
    with pytest.raises(CallerError, match="exact tables are never published"):
        publish(draft, settings)
    assert published_months(settings) == []


def test_what_waited_before_the_budget_was_spent_is_not_approved(tmp_path: Path) -> None:
    settings = governed(tmp_path)
    make(JANUARY, settings)
    approved_by(OFFICER, JANUARY, settings)
    spend(budget_ledger(settings), JANUARY, 0.5, 1.0)
    with pytest.raises(CallerError, match="exact tables are never published"):
        approved_by(ANALYST, JANUARY, settings)
    assert published_months(settings) == []


@pytest.mark.parametrize(
    "flagged, below, expected", [(5, 1000, 5.0), (-3, 1000, 0.0), (9, 4, 1000.0), (5, -2, None)]
)
def test_rates_are_kept_possible(flagged: int, below: int, expected: float | None) -> None:
    assert rate(Noisy(flagged, 1.0), Noisy(below, 1.0)) == expected


@pytest.mark.parametrize(
    "flagged, below, expected",
    [
        # flagged of messages, each with its noise's standard deviation: the interval per 1,000
        ((50, 0.0), (1000, 0.0), (50.0, 50.0)),  # no noise, no doubt
        ((50, 10.0), (1000, 0.0), (30.4, 69.6)),  # 50 give or take 19.6
        ((-50, 10.0), (1000, 0.0), (0.0, 0.0)),  # as low as can be
        ((50, 10.0), (100, 60.0), (0.0, 1000.0)),  # the denominator may be nothing
        ((50, 10.0), (0, 10.0), None),  # nothing to divide by
    ],
)
def test_intervals(
    flagged: tuple[int, float], below: tuple[int, float], expected: tuple[float, float] | None
) -> None:
    assert interval(Noisy(*flagged), Noisy(*below)) == pytest.approx(expected)


@given(
    flagged=st.integers(-500, 5000),
    below=st.integers(1, 50_000),
    noise=st.tuples(st.floats(0.1, 300), st.floats(0.1, 3000)),
    share=st.floats(0, 1),
)
def test_an_interval_holds_what_the_noise_may_have_hidden(
    flagged: int, below: int, noise: tuple[float, float], share: float
) -> None:
    """A rate is inside exactly where the noise it takes is within 1.96 standard deviations."""
    assume(below > Z * noise[1])
    low, high = interval(Noisy(flagged, noise[0]), Noisy(below, noise[1])) or (0, 0)
    moved = abs(flagged - share * below) / sqrt(noise[0] ** 2 + (share * noise[1]) ** 2)
    assume(abs(moved - Z) > 1e-6)
    assert (low <= 1000 * share <= high) == (moved < Z) or low == high
