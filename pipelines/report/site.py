"""Draw the static site of one release, from the release's files alone.

Pages are plain HTML with their data inside; charts are drawn in the browser by one shared
runtime file. Nothing is fetched, so the site works from a folder, a mail or any web server.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import vl_convert
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipelines.release.basis import is_private
from pipelines.release.open_data import SPREADSHEET
from pipelines.release.places import NATIONAL
from pipelines.release.publish import read_manifest
from pipelines.release.rows import (
    ChallengeRow,
    HabitRow,
    ImpactRow,
    PrivateRow,
    TrendRow,
    read_rows,
)
from pipelines.release.training import read_trainings
from pipelines.report import pages
from pipelines.report.challenge import ChallengePanel, challenge_panel
from pipelines.report.charts import challenge_chart, habit_chart, trend_chart
from pipelines.report.findings import WHY, Change, per_1000, period_name
from pipelines.report.names import Force, read_categories, read_forces
from pipelines.report.pages import Content, HabitPanel, Panel
from pipelines.report.pdf_files import copy_reports
from pipelines.report.private import noisy_rate, private_charts, private_page

HERE = Path(__file__).resolve().parent
EXPOSE = "window.vegaEmbed = vegaEmbed;"  # the one name the pages use
VEGA_LITE = "6.4"  # the version Altair 6.3 writes
EXACT_TABLES = ("trends.csv", "habits.csv", "challenge.csv", "impact.csv", "training.csv")
PRIVATE_TABLES = (PrivateRow.FILE,)


def build_site(release_folder: Path, out: Path) -> Path:
    """Draw ``release_folder``'s site in ``out``; the path of its first page.

    ``index.html`` is England and Wales; there is a page for each region and force, with figures
    or without, ``methodology.html``, the release's files under ``data/`` and what pages share in
    ``assets/``. A private release has the first page alone.
    """
    manifest = read_manifest(release_folder)
    tables = PRIVATE_TABLES if is_private(manifest) else EXACT_TABLES
    out.mkdir(parents=True, exist_ok=True)
    _write_assets(out / "assets")
    _copy_data(release_folder, out / "data", tables)
    copy_reports(release_folder, out)
    if is_private(manifest):
        _write_private_page(release_folder, out, manifest)
    else:
        _write_pages(release_folder, out)
    return out / "index.html"


def _write_private_page(release_folder: Path, out: Path, manifest: dict[str, Any]) -> None:
    rows = read_rows(release_folder, PrivateRow)
    shown = private_page(rows, read_categories(), manifest)
    templates = _templates(manifest, PRIVATE_TABLES, "index.html")
    templates.filters.update(rate=noisy_rate)
    embedded = _as_script(private_charts(shown["series"], shown["months"]))
    page = templates.get_template("private.html.j2").render(
        page="index.html", embedded=embedded, **shown
    )
    (out / "index.html").write_text(page, encoding="utf-8")


def _write_pages(release_folder: Path, out: Path) -> None:
    content = read_release(release_folder)
    templates = _environment(content)
    for force in content.forces.values():
        page = templates.get_template("force.html.j2").render(**_force_page(content, force))
        (out / force.page).write_text(page, encoding="utf-8")
    method = templates.get_template("methodology.html.j2").render(page="methodology.html")
    (out / "methodology.html").write_text(method, encoding="utf-8")


def read_release(folder: Path) -> Content:
    """Everything the site is drawn from."""
    return Content(
        trends=read_rows(folder, TrendRow),
        habits=read_rows(folder, HabitRow),
        challenge=read_rows(folder, ChallengeRow),
        impact=read_rows(folder, ImpactRow),
        trainings=read_trainings(folder / "training.csv"),
        manifest=read_manifest(folder),
        forces=read_forces(),
        categories=read_categories(),
    )


def _force_page(content: Content, force: Force) -> dict[str, Any]:
    panels = [pages.panel(content, force.code, c) for c in content.categories.values()]
    habits = pages.habit_panels(content, force.code)
    challenge = challenge_panel(content, force.code)
    return {
        "page": force.page,
        "force": force,
        "panels": [p for p in panels if p.finding.change is not Change.NONE],
        "empty": [p for p in panels if p.finding.change is Change.NONE],
        "trainings": pages.training_marks(content, force.code),
        "habits": habits,
        "challenge": challenge,
        "here": pages.latest_denominator(content, force.code),
        "impact": pages.impact(content, force.code),
        "embedded": _embedded(content, panels, habits, challenge),
    }


def _embedded(
    content: Content, panels: list[Panel], habits: list[HabitPanel], challenge: ChallengePanel
) -> Markup:
    """The page's chart templates and data, as JSON safe inside a ``script`` element."""
    shown = [p for p in panels if p.finding.change is not Change.NONE]
    templates: dict[str, Any] = {
        **{
            kind.value: trend_chart(kind, tuple(content.months)) for kind in {p.kind for p in shown}
        },
        **{f"habit-{n}": habit_chart(n) for n in {len(h.rows) for h in habits}},
    }
    charts: dict[str, Any] = {
        **{f"trend-{p.category.code}": {"template": p.kind.value, "data": p.data} for p in shown},
        **{f"habit-{h.code}": {"template": f"habit-{len(h.rows)}", "data": h.data} for h in habits},
    }
    if challenge.has_figures:
        templates["challenge"] = challenge_chart(challenge.kind, tuple(content.months))
        charts["challenge"] = {"template": "challenge", "data": challenge.data}
    return _as_script({"templates": dict(sorted(templates.items())), "charts": charts})


def _as_script(found: dict[str, Any]) -> Markup:
    text = json.dumps(found, separators=(",", ":"), ensure_ascii=False)
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 - nothing can close the element


def _templates(manifest: dict[str, Any], tables: Sequence[str], method: str) -> Environment:
    """Templates that know the release; ``method`` is the page that says how to read it."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(month=period_name, per_1000=per_1000)
    environment.globals.update(manifest=manifest, tables=tables, method=method)
    return environment


def _environment(content: Content) -> Environment:
    environment = _templates(content.manifest, EXACT_TABLES, "methodology.html")
    with_pages = [f for f in content.forces.values() if f.is_force and content.has_figures(f.code)]
    environment.globals.update(
        content=content,
        months=content.months,
        forces=with_pages,
        silent=[f for f in content.forces.values() if f.is_force and f not in with_pages],
        regions={f.name: f for f in content.forces.values() if f.members},
        latest={f.code: pages.latest_denominator(content, f.code) for f in with_pages},
        why=WHY,
        NATIONAL=NATIONAL,
    )
    return environment


def _write_assets(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for asset in (HERE / "assets").iterdir():
        shutil.copyfile(asset, folder / asset.name)
    runtime = vl_convert.javascript_bundle(EXPOSE, VEGA_LITE)
    (folder / "runtime.js").write_text(f"(() => {{{runtime}}})();\n", encoding="utf-8")


def _copy_data(release_folder: Path, folder: Path, tables: Sequence[str]) -> None:
    folder.mkdir(exist_ok=True)
    metadata = [f"{name}-metadata.json" for name in tables]
    for name in (*tables, *metadata, "manifest.json", SPREADSHEET):
        shutil.copyfile(release_folder / name, folder / name)
