"""The PDFs of a release: as accessible as they say, and of the release's figures alone."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from pipelines.release.build import build_release
from pipelines.report.derived import draw
from pipelines.report.findings import per_1000, period_name
from pipelines.report.names import read_categories, read_forces
from pipelines.report.pdf_pages import brief, national
from pipelines.report.pdf_press import open_press
from pipelines.report.site import read_release
from pipelines.settings import Approval, Settings
from tests.marts import make_marts, team
from tests.pdf import tags_of, text_of

MET, CUMBRIA, LANCASHIRE, CHESHIRE = "E23000001", "E23000002", "E23000003", "E23000006"
MONTHS = [f"2026-{number:02d}" for number in range(1, 7)]
NOTICE = "Every figure here is invented."


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six months. The Met publishes DISC but in March; Lancashire has too few people for any,
    and Cheshire's figures would tell of them.

    The seeds have the Met train in February and Cumbria in April.
    """
    people = []
    for month in MONTHS:
        few = month == "2026-03"
        flagged = {"DISC": 4 if few else 25}
        people += team(MET, month, 40, 20, flagged, challenged=0 if few else 12)
        people += team(CUMBRIA, month, 30, 20, {"DISC": 25}, challenged=12)
        people += team(CHESHIRE, month, 14, 20, {"DISC": 12})
        people += team(LANCASHIRE, month, 4, 20, {"DISC": 2})
    home = tmp_path_factory.mktemp("home")
    settings = Settings(home=home, approval=Approval.NONE, notice=NOTICE)
    draft = build_release(make_marts(people), MONTHS[-1], settings)
    draw(draft)
    return draft


def pdfs(release: Path) -> list[Path]:
    return [release / "report.pdf", *sorted((release / "briefs").iterdir())]


def rows_of(release: Path, name: str, force: str) -> list[dict[str, str]]:
    with (release / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["force_code"] == force]


def said(figure: str) -> str:
    """A rate of a CSV file as readers see it."""
    return "[c]" if figure == "[c]" else per_1000(float(figure))


def per_cent(figure: str) -> str:
    """A share per 1,000 of a CSV file as readers see it."""
    return f"{float(figure) / 10:.1f}%"


def test_there_is_a_report_and_a_brief_for_each_force_with_figures(release: Path) -> None:
    assert [path.name for path in pdfs(release)] == ["report.pdf", f"{MET}.pdf", f"{CUMBRIA}.pdf"]


def test_they_are_tagged_and_say_that_they_are_pdf_ua_1(release: Path) -> None:
    titles = ["Risky messaging in police chats: England and Wales"]
    titles += [f"{read_forces()[force].name}: force brief, June 2026" for force in (MET, CUMBRIA)]
    for path, title in zip(pdfs(release), titles, strict=True):
        reader = PdfReader(path)
        root = reader.root_object
        assert reader.metadata is not None and reader.metadata.title == title
        assert root["/Lang"] == "en-GB"
        assert root["/MarkInfo"]["/Marked"].value
        assert root["/ViewerPreferences"]["/DisplayDocTitle"].value
        assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
        kinds = {tag.get("/S") for tag in tags_of(path)}
        assert {"/Document", "/H1", "/P", "/Table", "/TH", "/TD", "/Figure"} <= kinds


def test_the_alternative_of_each_chart_is_its_finding(release: Path) -> None:
    content = read_release(release)
    for path, data in (
        (release / "report.pdf", national(content)),
        (release / "briefs" / f"{MET}.pdf", brief(content, content.forces[MET])),
    ):
        figures = [tag["/Alt"] for tag in tags_of(path) if tag.get("/S") == "/Figure"]
        drawn = [*data["panels"], data["challenge"]]
        assert sorted(figures) == sorted(
            f"{one['name']}, {one['unit']}. {one['sentence']}" for one in drawn
        )
        assert any("95% interval" in alternative for alternative in figures)


def test_a_brief_has_two_pages(release: Path) -> None:
    assert {len(PdfReader(path).pages) for path in pdfs(release)[1:]} == {2}


def test_a_brief_has_two_pages_however_much_there_is_to_say(release: Path, tmp_path: Path) -> None:
    """Every category by quarter with a comparison, every habit, every notice, the longest name."""
    content = read_release(release)
    data = brief(content, content.forces[MET])
    names = [category.name for category in read_categories().values()]
    longest = max((force.name for force in read_forces().values()), key=len)
    quarter = "October to December 2026"
    glance, panel, compared = data["glance"][0], data["panels"][0], data["comparisons"][0]
    wide = {"before-interval": "100.0 to 1000.0", "after-interval": "100.0 to 1000.0"}
    full = data | {
        "place": longest,
        "glance": [glance | {"name": n, "period": quarter, "change": "Higher"} for n in names],
        "panels": [panel | {"name": n, "protective": True, "quarterly": True} for n in names],
        "comparisons": [compared | wide | {"names": [n]} for n in names],
        "notices": [(tag, NOTICE * 4) for tag in ("Please note", "Approval", "Uncalibrated")],
        "training": "Standards Conversations, September 2026",
    }
    with open_press() as press:
        (tmp_path / "full.pdf").write_bytes(press("brief.typ", full))
        (tmp_path / "none.pdf").write_bytes(
            press("brief.typ", data | {"panels": [], "comparisons": [], "habits": []})
        )
    assert len(PdfReader(tmp_path / "full.pdf").pages) == 2
    assert len(PdfReader(tmp_path / "none.pdf").pages) == 2


@pytest.mark.parametrize("force", ["EW", MET, CUMBRIA])
def test_every_latest_rate_is_the_csv_and_the_site_s(release: Path, force: str) -> None:
    """One row a category, with its interval; a category without any figure is [c]."""
    pdf = "report.pdf" if force == "EW" else f"briefs/{force}.pdf"
    page = (release / "site" / read_forces()[force].page).read_text()
    text = text_of(release / pdf)
    for category in read_categories().values():
        rows = [r for r in rows_of(release, "trends", force) if r["category"] == category.code]
        shown = [r for r in rows if r["estimate_per_1000"] != "[c]" and "Q" not in r["period"]]
        if not shown:
            assert f"{category.name} [c] [c] Not enough data" in text
            continue
        latest = shown[-1]
        figures = [said(latest[name]) for name in ("estimate_per_1000", "low", "high")]
        period = period_name(latest["period"])
        assert f"{category.name} {figures[0]} {figures[1]} to {figures[2]} {period} " in text
        assert f'<td class="n">{figures[0]}</td>' in page
        assert f'<td class="n">{figures[1]} to {figures[2]}</td>' in page


@pytest.mark.parametrize("force", ["EW", MET])
def test_challenge_and_habits_are_the_csv(release: Path, force: str) -> None:
    text = text_of(release / ("report.pdf" if force == "EW" else f"briefs/{force}.pdf"))
    challenge = [r for r in rows_of(release, "challenge", force) if "Q" not in r["period"]]
    last = [row for row in challenge if row["share"] != "[c]"][-1]
    low, high = (f"{float(last[name]):.0f}%" for name in ("low", "high"))
    assert (
        f"{float(last['share']):.0f}% of {int(last['risky']):,} risky messages challenged "
        f"(95% interval {low} to {high}) in {period_name(last['period'])}" in text
    )
    habits = [row for row in rows_of(release, "habits", force) if row["period"] == MONTHS[-1]]
    if force != "EW":  # a brief has no room for them
        habits = [row for row in habits if row["habit"] != "time_of_week"]
    assert len(habits) > 10
    for row in habits:
        share, low, high = (per_cent(row[name]) for name in ("estimate_per_1000", "low", "high"))
        beside = f"{low} to {high}" if force == "EW" else f"({low} to {high})"
        assert f"{row['value']} {share} {beside}" in text


def test_comparisons_are_the_csv(release: Path) -> None:
    report, names = text_of(release / "report.pdf"), read_categories()
    for force in (MET, CUMBRIA):
        text = text_of(release / "briefs" / f"{force}.pdf")
        rows = rows_of(release, "impact", force)
        shown = [row for row in rows if "[" not in row["before_per_1000"] + row["after_per_1000"]]
        assert {row["category"] for row in shown} == {"ANY", "DISC"}
        for row in shown:
            before, after = (
                f"{said(row[f'{side}_per_1000'])} {said(row[f'{side}_low'])} to "
                f"{said(row[f'{side}_high'])}"
                for side in ("before", "after")
            )
            assert f"{names[row['category']].name} {before} {after}" in text
            training = f"{row['programme']}, {period_name(row['start'][:7])}"
            if row["category"] == "ANY":
                assert f"{read_forces()[force].name} {training} {before} {after}" in report


def test_charts_hold_the_csv(release: Path) -> None:
    """What is drawn, back in the units of its axis."""
    content = read_release(release)
    (panel,) = (p for p in brief(content, content.forces[MET])["panels"] if "Disc" in p["name"])
    top = float(panel["chart"]["ticks"][-1][1])
    drawn = [
        p[name] * top
        for run in panel["chart"]["runs"]
        for p in run
        for name in ["y", "low", "high"]
    ]
    rows = [r for r in rows_of(release, "trends", MET) if r["category"] == "DISC"]
    shown = [r for r in rows if r["estimate_per_1000"] != "[c]" and "Q" not in r["period"]]
    assert [row["period"] for row in shown] == [m for m in MONTHS if m != "2026-03"]
    assert drawn == pytest.approx(
        [float(row[name]) for row in shown for name in ("estimate_per_1000", "low", "high")]
    )
    assert len(panel["chart"]["gaps"]) == 1


def test_no_fraction_is_printed_that_is_not_in_the_release(release: Path) -> None:
    """Whatever has a decimal point is a figure of the CSV files, or stands on an axis."""
    known = set()
    for name in ("trends", "habits", "challenge", "impact"):
        with (release / f"{name}.csv").open(newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        figures = [cell for cell in cells if re.fullmatch(r"\d+\.\d{3}", cell)]
        known |= {said(figure) for figure in figures}
        known |= {per_cent(figure).rstrip("%") for figure in figures if name == "habits"}
    content = read_release(release)
    for path in pdfs(release):
        data = (
            national(content)
            if path.name == "report.pdf"
            else brief(content, content.forces[path.stem])
        )
        axes = {
            label
            for one in (*data["panels"], data["challenge"])
            if one["chart"]
            for _, label in one["chart"]["ticks"]
        }
        printed = re.findall(r"\d+\.\d+", text_of(path))
        assert len(printed) > 20
        assert set(printed) <= known | axes


def test_a_force_without_figures_is_named_and_nothing_more(release: Path) -> None:
    report = text_of(release / "report.pdf")
    lancashire = read_forces()[LANCASHIRE].name
    assert report.count(lancashire) == 1
    assert "41 forces without figures Nobody, or too few people, volunteered chats" in report
    assert report.index("41 forces without figures") < report.index(lancashire)


def test_an_estimate_of_another_basis_than_the_release_s_says_so(release: Path) -> None:
    """A release that is partly calibrated marks which is which."""
    content = read_release(release)
    partly = replace(content, manifest=content.manifest | {"basis": "partly calibrated"})
    bases = {row["name"]: row["basis"] for row in national(partly)["glance"]}
    assert bases["Discriminatory content"] == "uncalibrated"
    assert bases["Fitness for duty: alcohol, drugs, impairment"] == "", "it has no figure"
    assert all(row["basis"] == "" for row in national(content)["glance"])


def test_what_must_be_known_is_said(release: Path) -> None:
    for path in pdfs(release):
        text = text_of(path)
        assert NOTICE in text and "UNCALIBRATED" in text
        assert "no person has reviewed this release" in text
        assert "fewer than 10 people stand behind the figure" in text
    assert "1 month is withheld: not enough data" in text_of(release / "briefs" / f"{MET}.pdf")


def test_the_site_links_to_its_copies(release: Path) -> None:
    site = release / "site"
    assert 'href="report.pdf"' in (site / "index.html").read_text()
    assert f'href="briefs/{MET}.pdf"' in (site / f"force-{MET}.html").read_text()
    assert ".pdf" not in (site / f"force-{LANCASHIRE}.html").read_text()
    for path in pdfs(release):
        assert (site / path.relative_to(release)).read_bytes() == path.read_bytes()


def test_another_process_draws_the_same_bytes(release: Path, tmp_path: Path) -> None:
    for path in release.iterdir():
        if path.suffix == ".csv" or path.name == "manifest.json":
            (tmp_path / path.name).write_bytes(path.read_bytes())
    again = "import sys; from pathlib import Path; from pipelines.report.pdf import write_reports"
    command = [sys.executable, "-c", f"{again}; write_reports(Path(sys.argv[1]))", str(tmp_path)]
    subprocess.run(command, check=True)
    for path in pdfs(release):
        assert (tmp_path / path.relative_to(release)).read_bytes() == path.read_bytes()
