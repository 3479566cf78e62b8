"""Phrase patterns: plain text files, read once and compiled so that filling one is cheap.

A pattern is one line. ``{slot}`` is filled from ``phrases/slots/<slot>.txt`` or, for identities,
by the chat's ``Cast``; ``[a|b|c]`` picks one; ``\\n`` breaks the line. Lines starting with ``#``
are comments. In ``phrases/talk`` a line is an opener, ``> `` lines below it are other people's
answers and ``>> `` lines the opener's own last word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Protocol

from pipelines.synthetic.writing import STYLES, Style

FOLDER = Path(__file__).parent / "phrases"
_PART = re.compile(r"\{(?P<slot>[a-z_]+)\}|\[(?P<options>[^\]\[]*\|[^\]\[]*)\]")

Identity = tuple[str, str]  # entity type, value as written


class Cast(Protocol):
    """Who and what a chat talks about."""

    def identity(self, slot: str, rng: Random) -> Identity:
        """A value for an identity slot, with its entity type."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled phrase. ``shapes[style]`` is ``str.format`` text; ``parts[style]`` one entry a
    gap: the words to choose from, or the name of an identity slot.
    """

    shapes: tuple[str, ...]
    parts: tuple[tuple[tuple[str, ...] | str, ...], ...]

    def fill(self, style: Style, rng: Random, cast: Cast) -> tuple[str, tuple[Identity, ...]]:
        """The text as someone of this style writes it, and the identities in it as written."""
        parts = self.parts[style.number]
        if not parts:
            return self.shapes[style.number], ()
        found: list[Identity] = []
        values = []
        for part in parts:
            if isinstance(part, tuple):
                values.append(part[int(rng.random() * len(part))])
                continue
            kind, value = cast.identity(part, rng)
            value = style.write_name(value)
            found.append((kind, value))
            values.append(value)
        return self.shapes[style.number].format(*values), tuple(found)


@dataclass(frozen=True, slots=True)
class Exchange:
    """An opener, what others may answer, and how the opener may close."""

    opener: Pattern
    answers: tuple[Pattern, ...]
    closers: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Poll:
    """A question and its options."""

    question: Pattern
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrases:
    """Everything people say. ``risk`` and ``lookalike`` are by taxonomy code."""

    talk: tuple[Exchange, ...]
    risk: Mapping[str, tuple[Pattern, ...]]
    lookalike: Mapping[str, tuple[Pattern, ...]]
    challenge: Mapping[str, tuple[Pattern, ...]]
    reply: Mapping[str, tuple[Pattern, ...]]
    captions: tuple[Pattern, ...]
    polls: tuple[Poll, ...]


@cache
def load_phrases() -> Phrases:
    """Read and compile every phrase file of the package."""
    return Phrases(
        talk=tuple(e for f in sorted((FOLDER / "talk").glob("*.txt")) for e in read_exchanges(f)),
        risk=_folder("risk"),
        lookalike=_folder("lookalike"),
        challenge=_folder("challenge"),
        reply=_folder("reply"),
        captions=tuple(map(compile_pattern, read_lines(FOLDER / "captions.txt"))),
        polls=tuple(map(_poll, read_lines(FOLDER / "polls.txt"))),
    )


def read_lines(path: Path) -> list[str]:
    """The lines of a data file without comments and blank lines."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def read_exchanges(path: Path) -> list[Exchange]:
    """The exchanges of one ``phrases/talk`` file."""
    blocks: list[tuple[str, list[str], list[str]]] = []
    for line in read_lines(path):
        if line.startswith(">>"):
            blocks[-1][2].append(line[2:].strip())
        elif line.startswith(">"):
            blocks[-1][1].append(line[1:].strip())
        else:
            blocks.append((line, [], []))
    return [
        Exchange(
            compile_pattern(opener),
            tuple(map(compile_pattern, answers)),
            tuple(map(compile_pattern, closers)),
        )
        for opener, answers, closers in blocks
    ]


def compile_pattern(line: str) -> Pattern:
    """Compile one line for every writing style."""
    compiled = [_compile(line.replace("\\n", "\n"), style) for style in STYLES]
    return Pattern(tuple(shape for shape, _ in compiled), tuple(parts for _, parts in compiled))


def _compile(line: str, style: Style) -> tuple[str, tuple[tuple[str, ...] | str, ...]]:
    shape, parts, end = "", [], 0
    for match in _PART.finditer(line):
        shape += _escape(style.write(line[end : match.start()]))
        parts.append(_part(match, style))
        shape += "{}"
        end = match.end()
    shape += _escape(style.write(line[end:]))
    return (shape, tuple(parts)) if parts else (style.write(line), ())


def _escape(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _part(match: re.Match[str], style: Style) -> tuple[str, ...] | str:
    if match["options"] is not None:
        return _styled(match["options"].split("|"), style)
    slot = match["slot"]
    words = slot_words().get(slot)
    return _styled(words, style) if words else slot


def _styled(words: Sequence[str], style: Style) -> tuple[str, ...]:
    return tuple(style.write(word) for word in words)


@cache
def slot_words() -> dict[str, list[str]]:
    """Word lists by slot name."""
    return {path.stem: read_lines(path) for path in sorted((FOLDER / "slots").glob("*.txt"))}


def _folder(name: str) -> dict[str, tuple[Pattern, ...]]:
    return {
        path.stem: tuple(map(compile_pattern, read_lines(path)))
        for path in sorted((FOLDER / name).glob("*.txt"))
    }


def _poll(line: str) -> Poll:
    question, *options = (part.strip() for part in line.split("|"))
    return Poll(compile_pattern(question), tuple(options))
