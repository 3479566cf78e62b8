"""What the national report says of training: the figures of effects.csv, as the site has them."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from pipelines.report.names import read_categories
from pipelines.report.pdf_effects import TICKS
from pipelines.report.pdf_pages import national
from pipelines.report.pdf_press import open_press
from pipelines.report.site import read_release
from tests.pdf import tags_of, text_of
from tests.training_release import write_training_release


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with its report."""
    made = write_training_release(tmp_path_factory.mktemp("training"))
    with open_press() as press:
        (made / "report.pdf").write_bytes(press("report.typ", national(read_release(made))))
    return made


def effects_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "effects.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_every_estimate_and_check_is_the_csv(folder: Path) -> None:
    text, names = text_of(folder / "report.pdf"), read_categories()
    rows = {(row["outcome"], row["window"]): row for row in effects_of(folder)}
    for outcome in ("DISC", "BULL"):
        whole, placebo = rows[outcome, "1-12"], rows[outcome, "placebo date"]
        interval = f"{whole['low']} to {whole['high']}"
        name = names[outcome].name
        assert (
            f"{name} {whole['ratio']} {interval} {whole['permutation_p']} "
            f"{whole['trained_forces']} of {whole['forces']} "
            f"{whole['force_months']} and {whole['force_months_left_out']}" in text
        )
        least = whole["least_detectable"].replace("[z]", "Not needed")
        assert (
            f"{name} {whole['pre_trend_p']} {placebo['ratio']} "
            f"{placebo['low']} to {placebo['high']} {least}" in text
        )
        assert f"ratio {whole['ratio']}, 95% interval {interval}" in text
    assert "All risky content: fewer than three trained forces have enough published" in text


def test_the_event_study_is_drawn_with_its_finding_as_alternative(folder: Path) -> None:
    data = national(read_release(folder))
    chart = data["effect-chart"]
    alternatives = [
        tag["/Alt"] for tag in tags_of(folder / "report.pdf") if tag.get("/S") == "/Figure"
    ]
    assert f"{chart['name']}, {chart['unit']}. {chart['sentence']}" in alternatives
    assert len(chart["chart"]["points"]) == 6
    assert len(chart["chart"]["gaps"]) == 1, "nobody's training is ten months ago"


def test_no_fraction_of_the_section_is_not_in_the_release(folder: Path) -> None:
    text = text_of(folder / "report.pdf")
    section = text[text.index("What followed training") : text.index("What this cannot show")]
    known = {cell for row in effects_of(folder) for cell in row.values()}
    said_of_all = {"0.8", "0.05"}
    axis = {f"{tick:g}" for tick in TICKS}
    printed = set(re.findall(r"\d+\.\d+", section))
    assert len(printed) > 20
    assert printed <= known | said_of_all | axis
