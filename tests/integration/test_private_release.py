"""Private releases, really drawn: published like any other, drawn once, never beside exact ones."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from csvw import CSVW
from typer.testing import CliRunner

from pipelines import tasks
from pipelines.classify.taxonomy import CODES
from pipelines.cli import app
from pipelines.errors import CallerError, GateError
from pipelines.keys import generate_keys, load_keys
from pipelines.release.audit.run import audit_draft, audit_published
from pipelines.release.basis import budget_ledger
from pipelines.release.budget import spending
from pipelines.release.build import build_release
from pipelines.release.files import write_checksums
from pipelines.release.private import drawn_months
from pipelines.release.private_release import build_private_release
from pipelines.release.publish import publish, published_months
from pipelines.release.rows import NOT_APPLICABLE, PrivateRow, read_rows, write_rows
from pipelines.release.verify import verify
from pipelines.report.derived import draw
from pipelines.settings import Approval, Settings
from pipelines.validate.gates import check_release
from pipelines.validate.suite import load_suite
from pipelines.validate.tables import private_tables
from pipelines.warehouse.connect import open_warehouse
from tests.approvers import ANALYST, MONTHS, OFFICER, approved_by, governed, marts
from tests.gate_world import failing
from tests.private_world import messages
from tests.releases import released
from tests.warehouse_world import row, stage

JANUARY, FEBRUARY = MONTHS
FILES = {
    "private.csv", "private.csv-metadata.json", "candour.ods", "manifest.json", "SHA256SUMS",
}  # fmt: skip
SHARED = {"runtime.js", "charts.js", "downloads.js", "filters.js", "style.css"}
PRIVATE = {"private_rho_per_month": 0.25, "private_rho_total": 1.0}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", approval=Approval.NONE, **PRIVATE)


def people(count: int = 40) -> duckdb.DuckDBPyConnection:
    """Volunteers of 100 messages each in January, 3 of them flagged."""
    return messages(*((f"c{n}", 100, 3) for n in range(count)))


def private(
    month: str, settings: Settings, finish: Callable[[Path], object] = lambda draft: None
) -> Path:
    """Draft, check and hand on, as the monthly report does; ``finish`` may draw its site."""
    draft = build_private_release(people(), month, settings)
    check_release(draft)
    audit_draft(draft, people(), settings)
    finish(draft)
    return publish(draft, settings)


def spent(settings: Settings) -> list[str]:
    return [entry["month"] for entry in spending(budget_ledger(settings))]


@pytest.fixture
def loaded(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A real, encrypted warehouse, and settings from the environment, as the tasks read them."""
    for name in ("home", "approval", *PRIVATE):
        monkeypatch.setenv(f"CANDOUR_{name.upper()}", str(getattr(settings, name)))
    generate_keys(settings.keys)
    rows = [row(n, flags=["DISC"]) for n in range(3)]
    stage(settings.staged, load_keys(settings.keys), rows)
    tasks.load()
    return settings


def test_the_warehouse_remembers_what_was_spent(loaded: Settings) -> None:
    """Nothing was published; its ledgers are lost, and the setting is taken back."""
    tasks.draft_release("2026-10")
    shutil.rmtree(loaded.home / "ledgers")
    shutil.rmtree(loaded.releases)
    with pytest.raises(GateError, match="of 1 spendings on record in the warehouse") as refused:
        tasks.draft_release("2026-11")
    assert refused.value.exit_code == 4
    assert not budget_ledger(loaded).exists()
    exact = Settings(home=loaded.home, approval=Approval.NONE)
    key = load_keys(loaded.keys).data
    with (
        open_warehouse(loaded.warehouse, key) as con,
        pytest.raises(CallerError, match="exact tables are never published"),
    ):
        build_release(con, "2026-10", exact)


def test_the_monthly_report_publishes_it(loaded: Settings) -> None:
    """The tasks' own bodies."""
    settings = loaded
    draft = tasks.draft_release("2026-10")
    assert tasks.publish(tasks.audit_release(tasks.gate_release(draft))) == "2026-10"
    folder = settings.releases / "2026-10"
    assert {path.name for path in folder.glob("*")} == FILES | {"site", "report.pdf"}
    site = {path.relative_to(folder / "site").as_posix() for path in folder.glob("site/*/*")}
    assert site == {
        *(f"data/{name}" for name in FILES - {"SHA256SUMS"}),
        *(f"assets/{name}" for name in SHARED),
    }
    assert (folder / "site" / "index.html").exists()
    assert [finding.problems for finding in verify(settings)] == [()]
    assert spent(settings) == ["2026-10"]


def test_a_rebaseline_is_refused_and_costs_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("home", *PRIVATE):
        monkeypatch.setenv(f"CANDOUR_{name.upper()}", str(getattr(settings, name)))
    with pytest.raises(CallerError, match="A private series has no re-baseline"):
        tasks.draft_release(JANUARY, anew=True)
    assert spent(settings) == []


def test_without_its_ledger_there_are_still_no_exact_tables_beside_it(settings: Settings) -> None:
    """Nor without the setting, nor where its manifest is damaged."""
    folder = private(JANUARY, settings)
    budget_ledger(settings).unlink()
    exact = Settings(home=settings.home, approval=Approval.NONE)
    with pytest.raises(CallerError, match="exact tables are never published"):
        build_release(marts(), FEBRUARY, exact)
    (folder / "manifest.json").write_text("[]")
    with pytest.raises(CallerError, match="exact tables are never published"):
        build_release(marts(), FEBRUARY, exact)


def test_what_it_says(settings: Settings) -> None:
    folder = private(JANUARY, settings)
    rows = read_rows(folder, PrivateRow)
    assert [(r.period, r.force_code, r.category, r.basis) for r in rows] == [
        (JANUARY, "EW", code, "private") for code in CODES
    ]
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["basis"] == "private"
    said = manifest["privacy"]
    (line,) = spending(budget_ledger(settings))
    assert (said["rho_spent"], said["rho_total"]) == (0.25, 1.0)
    assert said["bounds"] == {"of": "a contributor and month", "messages": 200, "flagged": 10}
    assert said["ledger_sha256"] == line["sha256"]
    assert said["months"][JANUARY]["rho"] == 0.25
    # 13 series share 0.25: sd = bound / sqrt(2 * 0.25 / 13)
    noise = said["months"][JANUARY]["noise_sd"]
    assert noise["messages"] == pytest.approx(200 / (2 * 0.25 / 13) ** 0.5)
    assert noise["DISC"] == pytest.approx(10 / (2 * 0.25 / 13) ** 0.5)


def test_nothing_in_its_manifest_depends_on_the_data_but_the_draws(tmp_path: Path) -> None:
    """With the same draws, another warehouse gives the same bytes."""
    homes = [tmp_path / "one", tmp_path / "two"]
    one, two = (Settings(home=home, approval=Approval.NONE, **PRIVATE) for home in homes)
    first = private(JANUARY, one)
    shutil.copytree(one.home / "ledgers", two.home / "ledgers")
    second = build_private_release(messages(("somebody-else", 500, 500)), JANUARY, two)
    audit_draft(second, people(), two)
    assert (second / "manifest.json").read_bytes() == (first / "manifest.json").read_bytes()
    assert (second / "private.csv").read_bytes() == (first / "private.csv").read_bytes()


def test_its_metadata_is_valid_csvw(settings: Settings) -> None:
    table = CSVW(str(private(JANUARY, settings) / "private.csv"), validate=True)
    assert table.is_valid
    assert len(list(table.t)) == len(CODES)


def test_months_before_are_copied_and_never_drawn_again(settings: Settings) -> None:
    january = private(JANUARY, settings)
    before = read_rows(january, PrivateRow)
    february = private(FEBRUARY, settings)
    assert read_rows(february, PrivateRow)[: len(before)] == before
    manifest = json.loads((february / "manifest.json").read_text())
    assert (manifest["months"], manifest["months_added"]) == ([JANUARY, FEBRUARY], [FEBRUARY])
    assert spent(settings) == [JANUARY, FEBRUARY]
    assert [finding.problems for finding in verify(settings)] == [(), ()]


def test_the_same_month_again_changes_and_spends_nothing(settings: Settings) -> None:
    folder = private(JANUARY, settings)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    (settings.home / "ledgers" / f"private-{JANUARY}.json").unlink()  # published is enough
    assert private(JANUARY, settings) == folder
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    assert spent(settings) == [JANUARY]


def test_an_earlier_month_that_is_out_is_refused_and_costs_nothing(settings: Settings) -> None:
    private(JANUARY, settings)
    private(FEBRUARY, settings)
    with pytest.raises(CallerError, match="2026-01 cannot be reported after 2026-02"):
        private(JANUARY, settings)
    assert spent(settings) == [JANUARY, FEBRUARY]


def test_a_month_that_was_never_run_is_left_out_until_its_own_run(settings: Settings) -> None:
    """That draws it; the release that is out stays as it is, and the next one brings it along."""
    february = private(FEBRUARY, settings)
    before = {path: path.read_bytes() for path in february.iterdir()}
    assert {row.period for row in read_rows(february, PrivateRow)} == {FEBRUARY}
    assert private(JANUARY, settings) == february
    assert private(JANUARY, settings) == february, "again: nothing more"
    assert {path: path.read_bytes() for path in february.iterdir()} == before
    assert published_months(settings) == [FEBRUARY]
    assert spent(settings) == [FEBRUARY, JANUARY]
    assert private(FEBRUARY, settings) == february
    march = private("2026-03", settings)
    manifest = json.loads((march / "manifest.json").read_text())
    assert manifest["months_added"] == [JANUARY, "2026-03"]
    assert manifest["months"] == [JANUARY, FEBRUARY, "2026-03"]
    kept = {drawn.month: drawn for drawn in drawn_months(settings)}[JANUARY]
    shown = [row for row in read_rows(march, PrivateRow) if row.period == JANUARY]
    noisy = kept.series["messages"].count
    assert [(r.category, r.messages) for r in shown] == [(code, noisy) for code in CODES]
    assert spent(settings) == [FEBRUARY, JANUARY, "2026-03"]
    assert [finding.problems for finding in verify(settings)] == [(), ()]


def test_a_month_drawn_late_is_refused_where_the_budget_is_spent(settings: Settings) -> None:
    little = settings.model_copy(update={"private_rho_total": 0.3})
    private(FEBRUARY, little)
    with pytest.raises(CallerError, match=r"0\.25 more for 2026-01 is refused"):
        private(JANUARY, little)
    assert spent(little) == [FEBRUARY]


def test_a_release_is_refused_where_the_ledger_is_lost(settings: Settings) -> None:
    """January waits nowhere and is out nowhere: only the warehouse knows that it was drawn."""
    con = people()
    build_private_release(con, JANUARY, settings)
    budget_ledger(settings).unlink()
    for month in (JANUARY, FEBRUARY):
        with pytest.raises(GateError, match="of 1 spendings on record in the warehouse"):
            build_private_release(con, month, settings)


def test_it_waits_for_two_people_and_a_later_month_brings_it_along(tmp_path: Path) -> None:
    settings = governed(tmp_path).model_copy(update=PRIVATE)
    waiting = private(JANUARY, settings)
    drawn = read_rows(waiting, PrivateRow)
    approved_by(OFFICER, JANUARY, settings)
    assert private(JANUARY, settings) == waiting
    assert (waiting / "approvals").exists(), "the same bytes: what was approved stands"
    private(FEBRUARY, settings)
    approved_by(OFFICER, FEBRUARY, settings)
    standing = approved_by(ANALYST, FEBRUARY, settings)
    assert standing.published
    assert read_rows(standing.folder, PrivateRow)[: len(drawn)] == drawn
    assert spent(settings) == [JANUARY, FEBRUARY]
    assert [finding.problems for finding in verify(settings)] == [()]


def test_when_the_budget_is_spent_nothing_more_is_released(settings: Settings) -> None:
    little = settings.model_copy(update={"private_rho_total": 0.3})
    private(JANUARY, little)
    with pytest.raises(CallerError, match=r"0\.25 more for 2026-02 is refused"):
        private(FEBRUARY, little)
    assert published_months(little) == [JANUARY]


def test_without_opendp_nothing_is_spent_or_drafted(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "opendp.prelude", None)
    with pytest.raises(CallerError, match=r"pip install 'candour\[private\]'"):
        build_private_release(people(), JANUARY, settings)
    assert not budget_ledger(settings).exists()
    assert not settings.releases.exists()


def an_exact_release(settings: Settings, home: Path) -> Path:
    """Made elsewhere and slipped in: this collection would not make it."""
    made = released(marts(), JANUARY, Settings(home=home, approval=Approval.NONE))
    return Path(shutil.copytree(made, settings.releases / JANUARY))


def test_it_is_never_published_beside_exact_tables(settings: Settings, tmp_path: Path) -> None:
    draft = build_private_release(people(), FEBRUARY, settings)
    audit_draft(draft, people(), settings)
    an_exact_release(settings, tmp_path / "elsewhere")
    with pytest.raises(CallerError, match="never published beside exact tables"):
        publish(draft, settings)
    assert published_months(settings) == [JANUARY]


def test_verify_finds_the_two_kinds_beside_each_other(settings: Settings, tmp_path: Path) -> None:
    private(FEBRUARY, settings)
    an_exact_release(settings, tmp_path / "elsewhere")
    exact, noisy = verify(settings)
    assert "it is exact, in a collection that publishes the other kind" in exact.problems
    assert "it is private, in a collection that publishes the other kind" in noisy.problems


def test_the_audit_holds_it_to_earlier_releases_and_to_the_ledger(settings: Settings) -> None:
    private(JANUARY, settings)
    folder = private(FEBRUARY, settings)
    assert audit_published(None, None, settings, print).published_counts == 2 * len(CODES)
    rows = read_rows(folder, PrivateRow)
    write_rows(folder, PrivateRow, [replace(rows[0], messages=1), *rows[1:]])
    with pytest.raises(GateError, match="1 rows of 2026-01 are not in it as they were"):
        audit_published(None, None, settings, print)
    write_rows(folder, PrivateRow, rows)
    lines = budget_ledger(settings).read_text().splitlines(keepends=True)
    budget_ledger(settings).write_text(lines[0])
    with pytest.raises(GateError, match="does not hold what 2026-02 cost"):
        audit_published(None, None, settings, print)


def test_the_commands_accept_it(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    private(JANUARY, settings, draw)
    monkeypatch.setenv("CANDOUR_HOME", str(settings.home))
    monkeypatch.setenv("CANDOUR_APPROVAL", "none")
    for command in ("verify", "audit"):
        assert CliRunner().invoke(app, [command, JANUARY, "--json"]).exit_code == 0
    (settings.releases / JANUARY / "private.csv").write_text("period\n")
    assert isinstance(CliRunner().invoke(app, ["verify"]).exception, GateError)


def rows_with(change: Callable[[list[Any]], list[Any]]) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        rows = change(read_rows(folder, PrivateRow))
        write_rows(folder, PrivateRow, rows, lambda row, name: NOT_APPLICABLE)

    return write


def first(**changes: Any) -> Callable[[Path], None]:
    return rows_with(lambda rows: [replace(rows[0], **changes), *rows[1:]])


def a_column_more(folder: Path) -> None:
    text = (folder / "private.csv").read_text().splitlines()
    (folder / "private.csv").write_text("".join(f"{line},contributors\n" for line in text))


SOUND = {"estimate_per_1000": 30.0, "low": 20.0, "high": 40.0, "messages": 4000}
CORRUPTIONS: dict[str, Callable[[Path], object]] = {
    "nothing_exact_is_published": lambda folder: (folder / "trends.csv").write_text("period\n"),
    "columns_are_those_agreed": a_column_more,
    "only_the_country_is_shown": first(force_code="E23000001"),
    "every_month_has_every_category_once": rows_with(lambda rows: [*rows, rows[0]]),
    "figures_are_numbers_or_not_applicable": first(low=None),
    "rates_need_messages": rows_with(lambda rows: [replace(r, messages=-3) for r in rows]),
    "estimates_lie_in_their_intervals": first(low=31.0),
    "one_denominator_a_month": first(messages=3999),
}


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = Settings(home=tmp_path_factory.mktemp("home"), **PRIVATE)
    draft = build_private_release(people(), JANUARY, settings)
    rows_with(lambda rows: [replace(r, **SOUND) for r in rows])(draft)
    return draft


@pytest.fixture
def sound(drafted: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(drafted, tmp_path / "draft"))


def test_every_expectation_has_its_corruption(sound: Path) -> None:
    assert [e.id for e in load_suite("private").expectations] == list(CORRUPTIONS)
    assert check_release(sound).counts()["passed"] == len(CORRUPTIONS)


@pytest.mark.parametrize("expectation", CORRUPTIONS)
def test_a_corrupted_release_fails_exactly_it(sound: Path, expectation: str) -> None:
    CORRUPTIONS[expectation](sound)
    with private_tables(sound) as connection:
        assert failing("private", connection) == {expectation}


def test_sums_that_were_made_again_are_not_the_published_ones(settings: Settings) -> None:
    """As for any release: the next one names January's hash."""
    january = private(JANUARY, settings)
    private(FEBRUARY, settings)
    first(messages=1)(january)
    write_checksums(january)
    assert "it is not the release that 2026-02 follows" in verify(settings)[0].problems
