"""What the largest site weighs and takes: 43 forces, 36 months, every figure published.

Pages are opened from disk in headless Chromium. *Usable* is the time from opening a page until its
text, tables and filters are there and its first chart is drawn.

    python -m bench.site [--write]
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

from playwright.sync_api import Browser, sync_playwright

from bench.page import write_between
from pipelines.report.site import write_assets, write_pages
from tests.browser import ARGUMENTS, PATIENCE
from tests.full_release import write_full_release

PAGE = Path(__file__).resolve().parent.parent / "docs" / "measured-site.md"
PAGES = {
    "index.html": "England and Wales",
    "force-E23000001.html": "a force",
    "compare.html": "Compare forces",
    "methodology.html": "How to read this",
}
TIMES = 3
HEAD = """| page | kB | usable, ms | CPU till then, ms | all charts, ms | charts |
|---|---:|---:|---:|---:|---:|"""
WATCH = """
new MutationObserver((_, watch) => {
  if (!document.querySelector('[data-chart] svg')) return;
  window.usable = performance.now();
  watch.disconnect();
}).observe(document, { childList: true, subtree: true });
"""


def measure(site: Path) -> Iterator[str]:
    """A line of the table for each kind of page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=which("chromium"), args=ARGUMENTS)
        for name, title in PAGES.items():
            found = [_open(browser, site / name) for _ in range(TIMES)]
            usable, cpu, drawn, charts = (median(values) for values in zip(*found, strict=True))
            size = (site / name).stat().st_size / 1000
            cells = (title, *(f"{value:.0f}" for value in (size, usable, cpu, drawn, charts)))
            yield f"| {' | '.join(cells)} |"
        browser.close()


def _open(browser: Browser, page: Path) -> tuple[float, float, float, int]:
    """Milliseconds until usable, the main thread's work by then and until all is drawn; charts."""
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    opened.set_default_timeout(PATIENCE)
    opened.add_init_script(WATCH)
    session = opened.context.new_cdp_session(opened)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    opened.goto(page.as_uri())
    charts = opened.locator("[data-chart]").count()
    if charts:
        opened.wait_for_function("window.usable")
    metrics = session.send("Performance.getMetrics")["metrics"]
    cpu = 1000 * next(one["value"] for one in metrics if one["name"] == "TaskDuration")
    if charts:
        opened.wait_for_selector("body[data-drawn]", state="attached")
    drawn = opened.evaluate("performance.now()")
    ready = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
    usable = opened.evaluate("window.usable" if charts else ready)
    opened.close()
    return usable, cpu, drawn, charts


def main() -> None:
    with TemporaryDirectory() as scratch:
        folder, site = Path(scratch) / "release", Path(scratch) / "site"
        folder.mkdir()
        site.mkdir()
        write_full_release(folder)
        started = process_time()
        write_assets(site / "assets")
        write_pages(folder, site)
        took = process_time() - started
        pages = list(site.glob("*.html"))
        largest = max(page.stat().st_size for page in pages) / 1000
        runtime = (site / "assets" / "runtime.js").stat().st_size / 1000
        lines = list(measure(site))
    load = os.getloadavg()[0]
    said = (
        f"{len(pages)} pages drawn in {took:.1f} CPU seconds; the largest has {largest:.0f} kB, "
        f"the runtime that all share {runtime:.0f} kB. {os.cpu_count()} cores, load average "
        f"{load:.0f}; medians of {TIMES}.\n\n"
    )
    print(said + "\n".join([HEAD, *lines]))
    if "--write" in sys.argv:
        write_between(PAGE, "measured", said + "\n".join([HEAD, *lines]))


if __name__ == "__main__":
    main()
