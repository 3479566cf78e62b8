"""The lines that WhatsApp writes under nobody's name, told by their wording.

There are hundreds of wordings. Each is filed under one of its words, so that only a few are held
against a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

# Longer than any line WhatsApp writes without a name or a subject in it.
MAX_SYSTEM_CHARS = 600

PLACEHOLDER = re.compile(r"\{(name|group|any)\}")
# Names without a colon, so that "Ann: Bob left" is what Ann wrote and no system line.
CAPTURES = {"name": r"([^\n:]{1,120}?)", "group": r"([^\n]{1,200}?)", "any": r"[\s\S]*?"}
WORD = re.compile(r"\w+")
NO_WORD = ""


@dataclass(slots=True)
class SystemLines:
    """Wordings, the first that matches counts. All texts are ``plain``."""

    _patterns: list[tuple[str, str]] = field(default_factory=list)
    _by_word: dict[str, list[int]] = field(default_factory=lambda: {NO_WORD: []})

    def add(self, template: str) -> None:
        pieces = PLACEHOLDER.split(template)[::2]
        word = max(_whole_words(pieces), key=len, default=NO_WORD)
        self._by_word.setdefault(word, []).append(len(self._patterns))
        # The longest fixed part is quicker to look for than the pattern.
        self._patterns.append((max(pieces, key=len), pattern_of(template)))

    def match(self, text: str) -> re.Match[str] | None:
        """The match of ``text`` with the wording it is in, or ``None`` if it is in none."""
        text = text[:MAX_SYSTEM_CHARS]
        words = self._by_word.keys() & {NO_WORD, *WORD.findall(text)}
        for place in sorted(place for word in words for place in self._by_word[word]):
            core, pattern = self._patterns[place]
            if core in text and (found := _compiled(pattern).fullmatch(text)):
                return found
        return None


def pattern_of(template: str) -> str:
    """A template as a regular expression."""
    pieces = PLACEHOLDER.split(template)
    texts, slots = pieces[::2], [*pieces[1::2], None]
    return "".join(
        re.escape(text) + (CAPTURES[slot] if slot else "")
        for text, slot in zip(texts, slots, strict=True)
    )


def _whole_words(texts: list[str]) -> Iterator[str]:
    """Words of a template that are words of every line made of it: not next to a placeholder,
    which may run on into them.
    """
    for place, text in enumerate(texts):
        for word in WORD.finditer(text):
            opens = place == 0 or word.start() > 0
            closes = place == len(texts) - 1 or word.end() < len(text)
            if opens and closes:
                yield word[0]


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """A chat needs a few of the patterns: each is compiled when it first may match."""
    return re.compile(pattern)
