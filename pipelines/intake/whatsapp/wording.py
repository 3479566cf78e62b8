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
from pipelines.intake.whatsapp.ends import first_chars, last_chars
from pipelines.intake.whatsapp.system_lines import SystemLines, pattern_of

TABLES = Path(__file__).parent / "wording"

INVISIBLE = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_PLAIN = str.maketrans(
    dict.fromkeys(INVISIBLE, "")
    | dict.fromkeys("\u00a0\u202f", " ")
    | dict.fromkeys("“”„«»", '"')
    | dict.fromkeys("‘’", "'")
)


def plain(text: str) -> str:
    """``text`` as the tables write it: no invisible marks, straight quotes, plain spaces."""
    text = text.strip(INVISIBLE)
    return (text if text.isascii() else text.translate(_PLAIN)).strip()


@dataclass(slots=True)
class Wordings:
    """Every table's wordings together: one chat may hold lines in several languages."""

    bodies: dict[str, MessageKind] = field(default_factory=dict)
    starts: list[tuple[str, MessageKind]] = field(default_factory=list)
    attached_ends: list[str] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)
    poll_options: list[str] = field(default_factory=list)
    systems: SystemLines = field(default_factory=SystemLines)
    titles: list[re.Pattern[str]] = field(default_factory=list)
    selves: set[str] = field(default_factory=set)
    joiners: list[str] = field(default_factory=list)
    between_people: re.Pattern[str] = re.compile(", ")
    app_starts: set[str] = field(default_factory=set)
    app_ends: set[str] = field(default_factory=set)

    def find_system(self, text: str) -> list[str] | None:
        """Names in the system line ``text`` (made ``plain``), or ``None`` if it is none."""
        found = self.systems.match(text)
        return list(self._people(found.groups())) if found else None

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
    wordings.app_starts |= {written for text in begins for written in _spellings(first_chars(text))}
    ends = (*wordings.bodies, *wordings.attached_ends)
    wordings.app_ends |= {written for text in ends for written in _spellings(last_chars(text))}
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
    for line in table["system"]["lines"]:
        wordings.systems.add(plain(line))
    wordings.titles += [re.compile(pattern_of(plain(title))) for title in table["titles"]]
    wordings.selves |= set(table["self"])
    wordings.joiners += table["and"]
