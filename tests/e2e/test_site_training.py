"""The page on what followed training, opened from disk: its figures are those of effects.csv."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from pipelines.impact.effects import PERIODS
from pipelines.impact.leads import LEADS
from pipelines.report.site import write_assets, write_pages
from pipelines.settings import REPOSITORY
from tests.browser import open_page, violations, wait_until_drawn
from tests.training_release import write_training_release

PICTURES = REPOSITORY / "var" / "screenshots"
NAMES = {
    "DISC": "Discriminatory content",
    "BULL": "Bullying, harassment or victimisation of colleagues",
}


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_training_release(tmp_path_factory.mktemp("training"))
    (folder / "site").mkdir()
    write_assets(folder / "site" / "assets")
    write_pages(folder, folder / "site")
    return folder


def rows_of(release: Path, outcome: str) -> dict[str, dict[str, str]]:
    with (release / "effects.csv").open(newline="") as file:
        return {row["window"]: row for row in csv.DictReader(file) if row["outcome"] == outcome}


def test_the_page_is_effects_csv(release: Path) -> None:
    """Tables, the table beside each chart, sentences and the download."""
    with open_page(release / "site" / "training.html") as page:
        content = page.content
        assert page.errors == [] and page.requests_outside == []
        for outcome, name in NAMES.items():
            rows = rows_of(release, outcome)
            whole, placebo = rows["1-12"], rows["placebo date"]
            interval = f"{whole['low']} to {whole['high']}"
            year = content.locator(f'#table-year tr[data-category="{outcome}"] > *')
            assert year.all_text_contents() == [
                name,
                whole["ratio"],
                interval,
                f"{whole['trained_forces']} of {whole['forces']}",
                f"{whole['force_months']} and {whole['force_months_left_out']}",
                whole["permutation_p"],
            ]
            checks = content.locator(f'#table-checks tr[data-category="{outcome}"] > *')
            least = whole["least_detectable"]
            assert checks.all_text_contents() == [
                name,
                whole["pre_trend_p"],
                placebo["ratio"],
                f"{placebo['low']} to {placebo['high']}",
                "Not needed" if least == "[z]" else least,
            ]
            columns = ("window", "ratio", "low", "high", "trained_forces", "status")
            expected = [[rows[w][c] for c in columns] for w in (*LEADS, *PERIODS)]
            table = content.locator(f"#table-effect-{outcome} tbody tr").all()
            assert [row.locator("th, td").all_text_contents() for row in table] == expected
            said = content.locator(f"#effect-{outcome}").get_by_role("img")
            assert f"ratio {whole['ratio']}, 95% interval {interval}" in str(
                said.get_attribute("aria-label")
            )
            with content.expect_download() as download:
                content.locator(f"#effect-{outcome}").get_by_role("button", name="CSV").click()
            with download.value.path().open(newline="") as file:
                assert list(csv.reader(file)) == [list(columns), *expected]


def test_the_page_says_what_was_found_in_words_that_claim_no_cause(release: Path) -> None:
    with open_page(release / "site" / "training.html") as page:
        said = page.content.inner_text("main")
    assert "It does not say that training did it." in said.replace("\n", " ")
    assert "In the year after training 41% fewer than untrained forces let expect" in said
    assert "No clear difference in the year after training" in said
    assert "would have been seen four times in five" in said
    assert "Trained and untrained forces moved apart before training." in said
    assert "What this cannot show" in said and "Volunteers choose themselves" in said


def test_what_cannot_be_estimated_is_said_on_the_chart_and_why(release: Path) -> None:
    """Nobody's training is ten months ago; all risky content is withheld in every other month."""
    with open_page(release / "site" / "training.html") as page:
        chart = page.content.locator('[data-chart="effect-BULL"] svg')
        assert "Not enough data" in (chart.text_content() or "")
        caption = page.content.locator("#effect-BULL figcaption").inner_text()
        assert "not enough data, because fewer than three trained forces" in caption
        box = page.content.locator(".inset").inner_text()
        assert "All risky content: fewer than three trained forces" in box


def test_one_category_can_be_chosen(release: Path) -> None:
    with open_page(release / "site" / "training.html", query="?category=BULL") as page:
        assert page.content.locator("figure.panel:visible").count() == 1
        assert page.content.locator("#table-year tbody tr:visible").count() == 1


def test_axe_finds_nothing_wrong_and_it_fits_every_width(release: Path) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with open_page(release / "site" / "training.html") as page:
        for width in (320, 1280):
            page.content.set_viewport_size({"width": width, "height": 1600})
            page.content.reload()
            wait_until_drawn(page.content)
            page.content.screenshot(path=PICTURES / f"training-told-{width}.png", full_page=True)
            assert page.content.evaluate("document.documentElement.scrollWidth") == width
        assert violations(page.content) == []


def test_a_force_s_page_leads_there_and_tells_of_no_effect(release: Path) -> None:
    html = (release / "site" / "force-E23000001.html").read_text()
    assert 'href="training.html"' in html
    assert "of one force alone that cannot be said" in html
    assert "95% interval 0.5" not in html
