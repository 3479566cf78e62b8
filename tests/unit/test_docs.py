"""Documentation is complete and true to the code: what a page names can be found, and every
command, option, setting, reason code and page is on one.
"""

from __future__ import annotations

import importlib.util
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from pipelines.cli import app
from pipelines.errors import Reason
from pipelines.intake.manifest import CONSENT_VERSIONS
from pipelines.reference import PAGE, commands_of, options_of, render
from pipelines.settings import REPOSITORY, Settings

COMMANDS = dict(commands_of(app))
GROUPS = {name.split()[0] for name in COMMANDS if " " in name}
DOCS = REPOSITORY / "docs"
PAGES = sorted([*DOCS.glob("*.md"), *REPOSITORY.glob("*.md")])
FOLDERS = ("bench", "dags", "docker", "docs", "expectations", "pipelines", "sql", "tests")
FENCE = re.compile(r"^ *```.*?^ *```", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"(?<!`)`([^`]+)`(?!`)")
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@cache
def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def _code(page: Path) -> list[str]:
    """What is written as code: inline, and each line of a block, continued ones joined."""
    text = _text(page)
    blocks = "\n".join(FENCE.findall(text)).replace("\\\n", " ")
    return [*blocks.splitlines(), *(" ".join(c.split()) for c in CODE.findall(FENCE.sub("", text)))]


def _found(page: Path, pattern: str) -> Iterator[str]:
    for code in _code(page):
        yield from re.findall(pattern, code)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
class TestWhatAPageNamesIsThere:
    def test_commands_and_their_options(self, page: Path) -> None:
        calls = list(_found(page, r"(?:^|[ /])candour ([a-z-].*)"))
        assert [call for call in calls if not _can_be_called(call)] == []

    def test_settings(self, page: Path) -> None:
        known = {f"CANDOUR_{name.upper()}" for name in Settings.model_fields}
        assert set(re.findall(r"CANDOUR_[A-Z_]*[A-Z]", _text(page))) - known == set()

    def test_links_and_the_headings_they_lead_to(self, page: Path) -> None:
        links = LINK.findall(FENCE.sub("", _text(page)))
        local = [link for link in links if not re.match(r"[a-z]+:", link)]
        assert [link for link in local if not _leads_somewhere(link, page)] == []

    def test_files_of_the_repository(self, page: Path) -> None:
        paths = _found(page, rf"^(?:{'|'.join(FOLDERS)})/[\w./*-]+$")
        assert [path for path in paths if not list(REPOSITORY.glob(path.rstrip("/")))] == []

    def test_make_targets(self, page: Path) -> None:
        targets = set(_found(page, r"^make ([a-z-]+)"))
        assert (
            targets - set(re.findall(r"^([a-z-]+):", _text(REPOSITORY / "Makefile"), re.M)) == set()
        )

    def test_modules_to_run(self, page: Path) -> None:
        modules = _found(page, r"python -m ((?:pipelines|bench)[\w.]*)")
        assert [name for name in modules if importlib.util.find_spec(name) is None] == []


def _can_be_called(call: str) -> bool:
    """Whether ``call``, what follows ``candour``, names a command and only options it has."""
    words = shlex.split(re.split(r" [|>&#;] ?", call)[0].replace("[", " ").replace("]", " "))
    inner = " ".join(words[:2])
    name = inner if inner in COMMANDS else words[0]
    if name not in COMMANDS and not (name in GROUPS and len(words) == 1):
        return False
    known = {"--help", "-"}
    if name in COMMANDS:
        known |= {opt for one in options_of(COMMANDS[name]) for opt in one.opts}
    return all(word.split("=")[0] in known for word in words if word.startswith("-"))


def _leads_somewhere(link: str, page: Path) -> bool:
    name, _, heading = link.partition("#")
    target = (page.parent / name).resolve() if name else page
    if not target.exists() or not target.is_relative_to(REPOSITORY):
        return False
    return not heading or heading in map(_anchor, HEADING.findall(_text(target)))


def _anchor(heading: str) -> str:
    """As GitHub makes a heading's anchor."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize(
    "call",
    ["submitt X", "run --moth 2026-01", "keys renew", "keys rotate --month 2026-01", "down"],
)
def test_what_is_not_there_is_seen(call: str) -> None:
    assert not _can_be_called(call)


def test_every_command_is_explained_and_none_that_is_not_there() -> None:
    headings = re.findall(
        r"^### `candour ([a-z]+(?: [a-z]+)*)", _text(DOCS / "cli.md"), re.MULTILINE
    )
    assert sorted(headings) == sorted(COMMANDS)


def test_every_command_option_and_argument_has_help() -> None:
    assert [name for name, command in COMMANDS.items() if not command.help] == []
    given = [(name, one) for name, command in COMMANDS.items() for one in options_of(command)]
    assert [(name, one.name) for name, one in given if not one.help] == []


def test_every_setting_is_described() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_the_reference_is_what_the_code_says_now() -> None:
    """`make reference` writes it again."""
    assert _text(PAGE) == render()


def test_every_reason_of_quarantine_is_explained_in_one_table() -> None:
    rows = re.findall(r"^\| `([a-z_]+)` \|", _text(DOCS / "operations.md"), re.MULTILINE)
    assert sorted(rows) == sorted(Reason)


def test_every_consent_version_in_use_has_its_wording() -> None:
    versions = re.findall(r"^## Version ([\d.]+)", _text(DOCS / "consent.md"), re.MULTILINE)
    assert sorted(versions) == sorted(CONSENT_VERSIONS)


def test_the_index_leads_to_every_page() -> None:
    pages = {page.name for page in DOCS.glob("*.md")} - {"index.md"}
    assert pages - set(LINK.findall(_text(DOCS / "index.md"))) == set()
