"""What WhatsApp itself writes, in every language there is a table for (``wording/*.toml``)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from pipelines.contracts import MessageKind

TABLES = Path(__file__).parent / "wording"
# How much of a body's start and end is looked at to tell that WhatsApp did not write it: no wording
# is shorter.
APP_CHARS = 4
# Longer than any line WhatsApp writes without a name or a subject in it.
MAX_SYSTEM_CHARS = 600

PLACEHOLDER = re.compile(r"\{(name|group|any)\}")
# Names without a colon, so that "Ann: Bob left" is what Ann wrote and no system line.
CAPTURES = {"name": r"([^\n:]{1,120}?)", "group": r"([^\n]{1,200}?)", "any": r"[\s\S]*?"}

INVISIBLE = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_PLAIN = str.maketrans(
    dict.fromkeys(INVISIBLE, "")
    | dict.fromkeys("\u00a0\u202f", " ")
    | dict.fromkeys("“”„«»", '"')
    | dict.fromkeys("‘’", "'")
)


def plain(text: str) -> str:
    """``text`` as the tables write it: no invisible marks, straight quotes, plain spaces."""
    return text.translate(_PLAIN).strip()


@dataclass(slots=True)
class Wordings:
    """Every table's wordings together: one chat may hold lines in several languages."""

    bodies: dict[str, MessageKind] = field(default_factory=dict)
    starts: list[tuple[str, MessageKind]] = field(default_factory=list)
    attached_ends: list[str] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)
    poll_options: list[str] = field(default_factory=list)
    systems: list[tuple[str, str]] = field(default_factory=list)
    titles: list[re.Pattern[str]] = field(default_factory=list)
    selves: set[str] = field(default_factory=set)
    joiners: list[str] = field(default_factory=list)
    between_people: re.Pattern[str] = re.compile(", ")
    app_starts: set[str] = field(default_factory=set)
    app_ends: set[str] = field(default_factory=set)

    def find_system(self, text: str) -> list[str] | None:
        """Names in the system line ``text`` (made ``plain``), or ``None`` if it is none."""
        text = text[:MAX_SYSTEM_CHARS]
        for core, pattern in self.systems:
            if core in text and (found := _compiled(pattern).fullmatch(text)):
                return list(self._people(found.groups()))
        return None

    def find_title(self, file_name: str) -> str | None:
        """The chat's name out of its file's name."""
        stem = plain(Path(file_name).stem)
        found = (pattern.fullmatch(stem) for pattern in self.titles)
        return next((str(match[1]) for match in found if match), None)

    def _people(self, captured: Iterable[str]) -> Iterator[str]:
        for names in captured:
            for name in {names, *self.between_people.split(names)}:
                if name.strip() and name not in self.selves:
                    yield name.strip()


@cache
def load_wordings() -> Wordings:
    """All tables, merged."""
    wordings = Wordings()
    for path in sorted(TABLES.glob("*.toml")):
        with path.open("rb") as file:
            _add(wordings, tomllib.load(file))
    _index(wordings)
    return wordings


def _index(wordings: Wordings) -> None:
    """Sets of what anything that WhatsApp wrote begins or ends with, whatever the quotes."""
    joiners = "|".join(map(re.escape, wordings.joiners))
    wordings.between_people = re.compile(rf",\s|\s(?:{joiners})\s")
    begins = [*wordings.bodies, *(start for start, _ in wordings.starts)]
    wordings.app_starts |= {written for text in begins for written in _spellings(text[:APP_CHARS])}
    ends = (*wordings.bodies, *wordings.attached_ends)
    wordings.app_ends |= {written for text in ends for written in _spellings(text[-APP_CHARS:])}
    # iOS puts a mark before what it writes itself.
    wordings.bodies |= {f"\u200e{text}": kind for text, kind in wordings.bodies.items()}


def _spellings(text: str) -> Iterator[str]:
    """``text`` with each kind of quote and space that ``plain`` would make it of."""
    for quote, apostrophe, space in product('"“”„«»', "'‘’", " \u00a0\u202f"):
        yield text.replace('"', quote).replace("'", apostrophe).replace(" ", space)


def _add(wordings: Wordings, table: dict[str, Any]) -> None:
    for kind, texts in table["bodies"].items():
        wordings.bodies |= {plain(text): MessageKind(kind) for text in texts}
    for kind, texts in table["starts"].items():
        wordings.starts += [(text, MessageKind(kind)) for text in texts]
    wordings.attached_ends += table["ends"]["media"]
    wordings.edited += table["edited"]
    wordings.poll_options.append(table["poll"]["option"])
    wordings.systems += [_pattern(line) for line in table["system"]["lines"]]
    wordings.titles += [_compiled(_pattern(title)[1]) for title in table["titles"]]
    wordings.selves |= set(table["self"])
    wordings.joiners += table["and"]


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """There are hundreds, of which a chat needs a few: each is compiled when it first may match."""
    return re.compile(pattern)


def _pattern(template: str) -> tuple[str, str]:
    """A template as its longest fixed part, which is quick to look for, and its pattern."""
    pieces = PLACEHOLDER.split(plain(template))
    texts, slots = pieces[::2], pieces[1::2]
    body = "".join(
        re.escape(text) + (CAPTURES[slots[place]] if place < len(slots) else "")
        for place, text in enumerate(texts)
    )
    return max(texts, key=len), body
