"""``make eval-languages``: who is recognised as writing another language, and who is not.

On the sentences of ``tests/data/languages`` (invented for it): ``dev`` chose the weights, on
``check`` no word or weight was chosen. With ``--sms FILE`` also on ordinary English text messages,
for false alarms.
``--write`` puts the result into docs/languages.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.deidentify.language import not_english, read_evidence
from pipelines.deidentify.text import clean, fold, tokenise

SENTENCES = Path(__file__).parents[1] / "tests" / "data" / "languages"
REPORT = Path(__file__).parents[1] / "docs" / "languages.md"
MARK = "<!-- figures, written by make eval-languages -->"
ENGLISH = "en"
UNLISTED = ("hu", "sq", "tl", "yo", "ta", "fa")  # their words are in no list: only in check
NEIGHBOURS = 60  # English messages by five others around a foreign author


@dataclass(frozen=True, slots=True)
class Figure:
    """``found`` of ``total`` were judged not English."""

    name: str
    found: int
    total: int

    @property
    def share(self) -> float:
        return self.found / self.total


Said = tuple[Hashable, str]


def load(part: str) -> dict[str, list[str]]:
    """Sentences by language. Names stand in braces, which are dropped."""
    return {
        path.stem: path.read_text(encoding="utf-8").translate({123: None, 125: None}).splitlines()
        for path in sorted((SENTENCES / part).glob("*.txt"))
    }


def judge(chat: Sequence[Said]) -> list[bool]:
    """For each (author, message): is it judged not English?"""
    said = []
    for author, text in chat:
        folded = fold(clean(text)).text
        said.append((author, read_evidence(folded, tokenise(folded), frozenset())))
    return not_english(said)


def read_lines(sentences: Mapping[str, Sequence[str]]) -> Iterator[Figure]:
    """Every run of neighbouring lines of a language is an author."""
    english = sentences[ENGLISH]
    others = {name: lines for name, lines in sentences.items() if name != ENGLISH}
    around = [(f"E{n % 5}", text) for n, text in enumerate(english[:NEIGHBOURS])]
    for size in (1, 3, 5):
        authors = [a for lines in others.values() for a in _runs(lines, size)]
        what = f"authors of {size} message{'s' if size > 1 else ''}"
        yield _authors(f"{what}, in a chat of their own", authors, [])
        yield _authors(f"{what}, in an English chat", authors, around)
    unlisted = [a for name in UNLISTED for a in _runs(others.get(name, ()), 3)]
    if unlisted:
        yield _authors("authors of 3 messages, in a language no list knows", unlisted, [])
    yield from _english("English", english)


def _english(name: str, lines: Sequence[str]) -> Iterator[Figure]:
    alone = sum(judge([("A", line)])[0] for line in lines)
    yield Figure(f"{name} messages, each a chat of its own", alone, len(lines))
    for size in (5, 10):
        yield _authors(f"{name} authors of {size} messages", list(_runs(lines, size)), [])
    together = judge([(n // 10, line) for n, line in enumerate(lines)])
    yield Figure(f"{name} messages, all in one chat by authors of 10", sum(together), len(lines))


def _runs(lines: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (lines[at : at + size] for at in range(len(lines) - size + 1))


def _authors(name: str, authors: Sequence[Sequence[str]], around: Sequence[Said]) -> Figure:
    """Authors most of whose messages were judged not English."""
    found = 0
    for messages in authors:
        judged = judge([*(("A", text) for text in messages), *around])[: len(messages)]
        found += 2 * sum(judged) > len(messages)
    return Figure(name, found, len(authors))


def markdown(parts: Mapping[str, Sequence[Figure]]) -> str:
    """The figures as tables."""
    lines = []
    for part, figures in parts.items():
        lines += ["", f"### {part}", "", "| who | judged not English | of | share |"]
        lines += ["| --- | --- | --- | --- |"]
        lines += [f"| {f.name} | {f.found} | {f.total} | {f.share:.3f} |" for f in figures]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, print and perhaps write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sms", type=Path, help="a file of ordinary English text messages")
    parser.add_argument("--write", action="store_true", help=f"write into {REPORT.name}")
    asked = parser.parse_args()
    parts = {
        "dev (the weights were chosen on it)": list(read_lines(load("dev"))),
        "check (no word or weight chosen on it)": list(read_lines(load("check"))),
    }
    if asked.sms:
        texts = asked.sms.read_text(encoding="utf-8", errors="replace").splitlines()
        sms = [line for line in texts if line.strip()]
        parts["ordinary text messages (only measured on)"] = list(_english("SMS", sms))
    tables = markdown(parts)
    print(tables)
    if asked.write:
        kept = REPORT.read_text(encoding="utf-8").split(MARK)[0]
        REPORT.write_text(kept + MARK + "\n" + tables, encoding="utf-8")


if __name__ == "__main__":
    main()
