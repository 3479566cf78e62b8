"""One spelling for what means the same, before a text is cut into word pieces. Pure, total."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufe0e\ufe0f]")
_SPACED_OUT = re.compile(r"(?<!\w)(?:[^\W_][ .*_-]){3,}[^\W_](?!\w)")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_SYMBOL = re.compile("[\u2190-\u2bff\u3030-\u303f\U0001f000-\U0001faff]")
_REPEATED = re.compile(r"( \S[^\n]{0,40}? )(?:\1)+")

_TONES = {"1-2": "light", "3": "light", "4": "medium", "5": "dark", "6": "dark"}
_PLAIN = re.compile(r"\b(?:face|sign|symbol|with|of|emoji component|black|white) ")
"""Words of Unicode's names that say nothing: ``black heart suit`` is a red heart on a phone."""


def normalise(text: str) -> str:
    """``text`` with symbols named, invisible characters gone, s p a c e d and drawn-out words
    closed up, and single spaces. Case and accents are left to the tokeniser, which folds both."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    text = text.replace("’", "'").replace("‘", "'")
    if not text.isascii():
        text = _SYMBOL.sub(lambda match: _name(match.group()), text)
        text = _REPEATED.sub(r"\1", text)
    text = _SPACED_OUT.sub(lambda match: re.sub(r"[\W_]", "", match.group()), text)
    text = _DRAWN_OUT.sub(r"\1\1", text)
    return " ".join(text.split())


@lru_cache(maxsize=4_096)
def _name(symbol: str) -> str:
    """The symbol in words, as the network has no piece for most: `` tears joy ``."""
    name = unicodedata.name(symbol, "").lower()
    if name.startswith("emoji modifier"):
        return f" {_TONES[name.rsplit('-', 1)[-1] if '-2' not in name else '1-2']} skin "
    return f" {_PLAIN.sub('', name + ' ').strip()} " if name else " "
