"""Text as the lexicon sees it: lower-case words with one space on either side of each.

>>> normalise("Don't be late – 5am at <ADDRESS>!")
' dont be late #time at <address> . '
"""

from __future__ import annotations

import re
import unicodedata

TIME = "#time"  # 5am, 05:00, 0500hrs
NUMBER = "#number"
STOP = "."  # end of a sentence: no phrase reaches across it
QUOTE = '"'

_APOSTROPHES = str.maketrans(
    {"'": None, "’": None, "‘": None, "`": None, "“": '"', "”": '"', "«": '"', "»": '"'}
)
_TOKEN = re.compile(
    r"(?P<placeholder><[a-z_0-9]+>)"
    r"|(?P<time>\b(?:\d{1,2}(?:[:.]\d{2})?\s?(?:am|pm|hrs|hours)|\d{1,2}:\d{2}|[0-2]\d[0-5]\dhrs)\b)"
    r"|(?P<number>\d+)"
    r"|(?P<word>[^\W\d_]+)"
    r"|(?P<stop>[.!?;\n]+)"
    r"|(?P<quote>\")"
    r"|(?P<symbol>[\U0001F300-\U0001FAFF☀-➿])"
)
_CANONICAL = {"time": TIME, "number": NUMBER, "stop": STOP, "quote": QUOTE}


def normalise(text: str) -> str:
    """Tokens of ``text`` joined by spaces, with a space at both ends. Pure, total."""
    folded = unicodedata.normalize("NFKC", text).lower().translate(_APOSTROPHES)
    tokens = (
        _CANONICAL.get(match.lastgroup or "", match.group()) for match in _TOKEN.finditer(folded)
    )
    return " " + "".join(f"{token} " for token in tokens)
