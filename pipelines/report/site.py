"""Draw the static site of one release, from the release's files alone.

Pages are plain HTML with their data inside; charts are drawn in the browser by one shared
runtime file. Nothing is fetched, so the site works from a folder, a mail or any web server.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import vl_convert
from jinja2 import Environment

from pipelines.release.basis import is_private
from pipelines.release.open_data import SPREADSHEET
from pipelines.release.publish import read_manifest
from pipelines.release.rows import (
    ChallengeRow,
    EffectRow,
    HabitRow,
    ImpactRow,
    PrivateRow,
    TrendRow,
    read_rows,
)
from pipelines.release.training import read_trainings
from pipelines.report.effects import effects_page
from pipelines.report.figure import Figure, as_script, embed
from pipelines.report.force import force_page
from pipelines.report.funnel import funnels
from pipelines.report.layout import HERE, environment, with_content
from pipelines.report.methodology import methodology
from pipelines.report.names import read_categories, read_forces
from pipelines.report.pages import Content
from pipelines.report.pdf_files import copy_reports
from pipelines.report.private import private_page

EXPOSE = "window.vegaEmbed = vegaEmbed;"  # the one name the pages use
VEGA_LITE = "6.4"  # the version Altair 6.3 writes
EXACT_TABLES = (
    "trends.csv",
    "habits.csv",
    "challenge.csv",
    "impact.csv",
    "effects.csv",
    "training.csv",
)
PRIVATE_TABLES = (PrivateRow.FILE,)

NAV = (
    ("index.html", "England and Wales"),
    ("index.html#forces", "Forces"),
    ("compare.html", "Compare forces"),
    ("training.html", "Training"),
    ("methodology.html", "How to read this"),
    ("data.html", "Data"),
)
PAGES: Mapping[str, Callable[[Content], dict[str, Any]]] = {
    "compare.html": lambda content: {"figures": funnels(content)},
    "training.html": effects_page,
    "methodology.html": methodology,
    "data.html": lambda content: {"figures": []},
}
"""What the template of each page that there is once shows; ``figures`` are its charts."""


def build_site(release_folder: Path, out: Path) -> Path:
    """Draw ``release_folder``'s site in ``out``; the path of its first page.

    ``index.html`` is England and Wales; there is a page for each region and force, with figures
    or without, each of ``PAGES``, the release's files under ``data/`` and what pages share in
    ``assets/``. A private release has the first page alone.
    """
    manifest = read_manifest(release_folder)
    tables = PRIVATE_TABLES if is_private(manifest) else EXACT_TABLES
    out.mkdir(parents=True, exist_ok=True)
    write_assets(out / "assets")
    _copy_data(release_folder, out / "data", tables)
    copy_reports(release_folder, out)
    if is_private(manifest):
        _write_private_page(release_folder, out, manifest)
    else:
        write_pages(release_folder, out)
    return out / "index.html"


def _write_private_page(release_folder: Path, out: Path, manifest: dict[str, Any]) -> None:
    rows = read_rows(release_folder, PrivateRow)
    shown = private_page(rows, read_categories(), manifest)
    templates = environment(manifest, PRIVATE_TABLES, (), "index.html")
    figures = [one.figure for one in shown["series"]]
    page = _page(templates, "index.html", "private", shown, figures, shown["months"])
    (out / "index.html").write_text(page, encoding="utf-8")


def write_pages(release_folder: Path, out: Path) -> None:
    """Draw every page of a release that is not private."""
    content = read_release(release_folder)
    templates = environment(content.manifest, EXACT_TABLES, NAV, "methodology.html")
    with_content(templates, content)
    for force in content.forces.values():
        shown = force_page(content, force)
        page = _page(templates, force.page, "force", shown, shown["figures"], content.months)
        (out / force.page).write_text(page, encoding="utf-8")
    for name, show in PAGES.items():
        shown = show(content)
        stem = name.removesuffix(".html")
        page = _page(templates, name, stem, shown, shown["figures"], content.months)
        (out / name).write_text(page, encoding="utf-8")


def read_release(folder: Path) -> Content:
    """Everything the site is drawn from, of a release that is not private."""
    return Content(
        trends=read_rows(folder, TrendRow),
        habits=read_rows(folder, HabitRow),
        challenge=read_rows(folder, ChallengeRow),
        impact=read_rows(folder, ImpactRow),
        effects=read_rows(folder, EffectRow),
        trainings=read_trainings(folder / "training.csv"),
        manifest=read_manifest(folder),
        forces=read_forces(),
        categories=read_categories(),
    )


def _page(
    templates: Environment,
    name: str,
    template: str,
    shown: Mapping[str, Any],
    figures: Iterable[Figure],
    months: Sequence[str],
) -> str:
    """The page called ``name``; ``shown`` is what its ``template`` needs besides charts' data."""
    place = shown["force"].name if "force" in shown else "England and Wales"
    manifest: Any = templates.globals["manifest"]
    embedded = embed(figures, place, manifest["release"], months)
    script = as_script(embedded) if embedded["charts"] or "force" in shown else None
    return templates.get_template(f"{template}.html.j2").render(page=name, embedded=script, **shown)


def write_assets(folder: Path) -> None:
    """Write what pages share: style, scripts and the one runtime that draws their charts."""
    folder.mkdir(exist_ok=True)
    for asset in (HERE / "assets").iterdir():
        shutil.copyfile(asset, folder / asset.name)
    (folder / "runtime.js").write_text(f"(() => {{{_runtime()}}})();\n", encoding="utf-8")


@cache
def _runtime() -> str:
    """What draws the charts: the same for every site, and seconds in the making."""
    return str(vl_convert.javascript_bundle(EXPOSE, VEGA_LITE))


def _copy_data(release_folder: Path, folder: Path, tables: Sequence[str]) -> None:
    folder.mkdir(exist_ok=True)
    metadata = [f"{name}-metadata.json" for name in tables]
    for name in (*tables, *metadata, "manifest.json", SPREADSHEET):
        shutil.copyfile(release_folder / name, folder / name)
