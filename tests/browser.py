"""Open a page of the site from disk in headless Chromium, and note what it complains of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from shutil import which
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

ARGUMENTS = [
    "--no-sandbox",  # tests may run as root in a container
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WCAG_22_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PATIENCE = 240_000  # milliseconds: a machine may be busy with other tests
LOCAL = ("file:", "data:", "about:", "blob:")


@dataclass(frozen=True)
class OpenPage:
    """A page once its charts are drawn; ``errors`` and ``requests_outside`` go on growing."""

    content: Page
    errors: list[str] = field(default_factory=list)
    requests_outside: list[str] = field(default_factory=list)


@contextmanager
def open_page(
    path: Path, width: int = 1280, height: int = 1600, query: str = "", **preferences: Any
) -> Iterator[OpenPage]:
    """Yield the page at ``path``, opened from disk at ``width`` × ``height`` CSS pixels.

    ``query`` is added to its address; ``preferences`` are the reader's, such as ``color_scheme``.
    """
    _, browser = _started()
    page = browser.new_page(viewport={"width": width, "height": height}, **preferences)
    page.set_default_timeout(PATIENCE)
    opened = OpenPage(page)
    page.on("console", lambda message: _note(opened, message.type, message.text))
    page.on("pageerror", lambda error: opened.errors.append(str(error)))
    page.on("requestfailed", lambda request: opened.errors.append(request.url))
    page.on("request", lambda request: _note_request(opened, request.url))
    try:
        page.goto(path.as_uri() + query)
        wait_until_drawn(page)
        yield opened
    finally:
        page.close()


@cache
def _started() -> tuple[Playwright, Browser]:
    """Chromium, started once: a page of its own shares neither cookies nor cache with another."""
    playwright = sync_playwright().start()
    return playwright, playwright.chromium.launch(executable_path=which("chromium"), args=ARGUMENTS)


def close_browser() -> None:
    """Stop Chromium if it runs: until then no other event loop can, and Airflow needs one."""
    if _started.cache_info().currsize:
        playwright, browser = _started()
        browser.close()
        playwright.stop()
        _started.cache_clear()


def wait_until_drawn(page: Page) -> None:
    """Return once every chart of the page is there."""
    if page.locator("[data-chart]").count():
        page.wait_for_selector("body[data-drawn]", state="attached")


def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page as it is now, with every table open."""
    open_all(page)
    options = {"runOnly": {"type": "tag", "values": WCAG_22_AA}, "preload": False}  # fetch nothing
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


def open_all(page: Page) -> None:
    """Open every table and list that a reader may open."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


def _note(opened: OpenPage, kind: str, text: str) -> None:
    if kind in ("error", "warning"):
        opened.errors.append(text)


def _note_request(opened: OpenPage, url: str) -> None:
    if not url.startswith(LOCAL):
        opened.requests_outside.append(url)
