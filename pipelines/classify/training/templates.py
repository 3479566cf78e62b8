"""Police messages written for Candour: ``templates/<CODE>.tsv``, a line a message.

Tab-separated: ``family``, ``stance``, ``codes`` (comma-separated, ``-`` for none) and ``text``,
where ``{a|b|}`` is one of its alternatives. A family is lines written from one idea, contrast pairs
included: families, not lines, are split between training and validation.
"""

from __future__ import annotations

import hashlib
import random
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipelines.classify.taxonomy import CODES

FOLDER = Path(__file__).with_name("templates")

ORDINARY = "BENIGN"
"""Name of the file of ordinary chat."""

VALIDATION_SHARE = 0.1
"""Of each file's families."""

_CHOICE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """A line of a template file. ``codes`` are the categories it belongs to, none for benign;
    ``ordinary`` is chat that was not written to look like any category."""

    family: str
    stance: str
    codes: tuple[str, ...]
    text: str
    ordinary: bool = False


def load_templates(part: str, folder: Path = FOLDER) -> list[Template]:
    """The ``train`` or ``validation`` families of every file, or ``all``."""
    found: list[Template] = []
    for path in sorted(folder.glob("*.tsv")):
        templates = _read(path)
        held = _held({template.family for template in templates})
        found += [t for t in templates if part == "all" or (t.family in held) != (part == "train")]
    return found


@cache
def _read(path: Path) -> tuple[Template, ...]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(
        _template(line, path, number)
        for number, line in enumerate(lines, 1)
        if line.strip() and not line.startswith(("#", "family\t"))
    )


def _template(line: str, path: Path, number: int) -> Template:
    cells = line.split("\t")
    if len(cells) != 4:
        raise ValueError(f"{path.name}:{number} needs four cells: family, stance, codes, text.")
    codes = tuple(code for code in cells[2].split(",") if code != "-")
    if not set(codes) <= set(CODES):
        raise ValueError(f"{path.name}:{number} names a code the taxonomy does not have.")
    return Template(cells[0], cells[1], codes, cells[3], path.stem == ORDINARY)


def _held(families: set[str]) -> set[str]:
    """The families left for validation: the same for the same names, whatever else is written."""
    limit = VALIDATION_SHARE * 2**32
    return {f for f in families if int(hashlib.sha256(f.encode()).hexdigest()[:8], 16) < limit}


def expand(text: str, rng: random.Random) -> str:
    """``text`` with one alternative chosen at each ``{a|b}``, innermost first."""
    while (choice := _CHOICE.search(text)) is not None:
        text = text[: choice.start()] + rng.choice(choice[1].split("|")) + text[choice.end() :]
    return " ".join(text.split())
