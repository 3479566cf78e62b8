"""Raw text made comparable: one folded character per offset, and a way back to the original.

People write ``Ｄａｖｅ``, ``D​ave`` (a zero-width space inside) or ``José``. Recognisers see the
folded text; redaction is applied to the original, so ordinary typography stays as it was.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:['-][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?:;\n…\"(\[{*_~>|]|[^\x00-\xff]")
_LITERAL_PLACEHOLDER = re.compile(r"<(?=[A-Z][A-Z_0-9]{2,}>)")

_APOSTROPHES = "‘’ʼʹ′`´"
_QUOTES = "“”„‟«»＂"
_HYPHENS = "‐‑‒–—−"
_JOINER = "\u200d"
_JOINER_IN_WORD = re.compile(r"(?<=\w)\u200d|\u200d(?=\w)")
_FLAG = "\U0001f3f4"  # the black flag: England's, Scotland's and Wales's are it and tag letters
_TAGS = frozenset(map(chr, range(0xE0020, 0xE0080)))
_KEYCAP = "\u20e3"
# Letters of other scripts that look like Latin ones; folded only inside a word that has Latin too.
_LOOKALIKES = str.maketrans("аеорсухіјѕһԁАВЕКМНОРСТХІαορνΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
                            "aeopcyxijshdABEKMHOPCTXIaopvABEZHIKMNOPTYX")  # fmt: skip
_MIXED = re.compile(r"(?:[A-Za-z]+[Ͱ-ӿ]|[Ͱ-ӿ]+[A-Za-z])[A-Za-zͰ-ӿ]*")


@dataclass(frozen=True, slots=True)
class Folded:
    """``text`` is what recognisers see; ``origin[i]`` is where its character ``i`` came from.

    ``origin`` has one entry more than ``text`` (the end); ``None`` means nothing moved.
    """

    text: str
    origin: tuple[int, ...] | None = None

    def to_original(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the folded text to offsets in the text it was folded from."""
        if self.origin is None:
            return start, end
        # What folded to nothing after the last character (an accent) belongs to it.
        return self.origin[start], max(self.origin[end - 1] + 1, self.origin[end])


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the folded text. ``low`` is its lower case; ``opens`` if it starts a sentence."""

    start: int
    end: int
    text: str
    low: str
    opens: bool

    @property
    def capital(self) -> bool:
        """Starts with a capital, as a name does."""
        return self.text[0].isupper()

    def __len__(self) -> int:
        return self.end - self.start


def clean(text: str) -> str:
    """``text`` without invisible characters, half characters, or anything like a placeholder."""
    if not text.isascii():
        text = _JOINER_IN_WORD.sub("", text)
        flags = _FLAG in text
        text = "".join(c for c in text if not _invisible(c) or (flags and c in _TAGS))
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _LITERAL_PLACEHOLDER.sub("‹", text)


def fold(text: str) -> Folded:
    """Compatibility forms, accents, quotes, hyphens and look-alikes made plain."""
    if text.isascii():
        return Folded(text)
    out: list[str] = []
    origin: list[int] = []
    for index, char in enumerate(text):
        plain = _plain(char)
        out.append(plain)
        origin.extend([index] * len(plain))
    origin.append(len(text))
    folded = "".join(out)
    folded = _MIXED.sub(lambda found: found.group().translate(_LOOKALIKES), folded)
    return Folded(folded, tuple(origin))


def tokenise(text: str) -> list[Token]:
    """The words and numbers of a folded text, in order."""
    tokens: list[Token] = []
    last = 0
    for found in _WORD.finditer(text):
        start, end = found.span()
        opens = not tokens or _SENTENCE_END.search(text, last, start) is not None
        word = found.group()
        tokens.append(Token(start, end, word, word.lower(), opens))
        last = end
    return tokens


def key(name: str) -> str:
    """A name as compared: folded, lower case, apostrophes and joins kept, spaces single."""
    return " ".join(token.low for token in tokenise(fold(clean(name)).text))


@lru_cache(maxsize=65536)
def _plain(char: str) -> str:
    if char in _APOSTROPHES:
        return "'"
    if char in _QUOTES:
        return '"'
    if char in _HYPHENS:
        return "-"
    if char.isascii():
        return char
    decomposed = unicodedata.normalize("NFKD", char)
    kept = "".join(c for c in decomposed if not _is_accent(c))
    return kept if kept.isascii() else unicodedata.normalize("NFKC", char) if kept else ""


def _is_accent(char: str) -> bool:
    code = ord(char)
    return (
        0x300 <= code <= 0x36F
        or 0x1AB0 <= code <= 0x1AFF
        or 0x1DC0 <= code <= 0x1DFF
        or (0x20D0 <= code <= 0x20FF and char != _KEYCAP)
        or 0xFE20 <= code <= 0xFE2F
        or 0xFE00 <= code <= 0xFE0F
        or 0xE0020 <= code < 0xE0080
    )


@lru_cache(maxsize=65536)
def _invisible(char: str) -> bool:
    """Format characters (zero-width, bidirectional marks, tags), but not the emoji joiner."""
    return (
        unicodedata.category(char) == "Cf" and char != _JOINER
    ) or char in "\u115f\u1160\u3164\x00"
