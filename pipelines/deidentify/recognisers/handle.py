"""@mentions and names on social networks and games."""

from __future__ import annotations

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.lexicon import words
from pipelines.deidentify.recognisers.base import ChatPattern, patterns

_NETWORK = (
    r"(?:insta(?:gram)?|ig|snap(?:chat)?|sc|twitter|tik ?tok|fb|facebook|telegram|discord|xbox|"
    r"gamertag|psn|username|user name|handle|screen ?name|onlyfans|tinder|hinge|grindr|vinted|ebay)"
)
_PLACES = words("""work home court custody nick gym station the front scene hq base hospital""")


class Handle(ChatPattern):
    """``@dave_s``, ``insta is dave.s88``, and any bare word joined by an underscore."""

    KIND = Kind.HANDLE
    PATTERNS = patterns(
        (0.8, r"(?<![\w@.])@[\w][\w.\-]*[\w]"),
        (
            0.8,
            rf"\b{_NETWORK}(?: (?:name|is|handle|account|id|tag|as|on|at|it's|its))*[ ]?[:\-=]*[ ]*"
            r"\K(?=\w*(?:[\d_]|\.\w))[a-z][\w.]*\w\b(?!\.\w)",
        ),
        (0.75, rf"\b{_NETWORK}(?: (?:name|handle|account|id|tag))? ?[:=] ?\K[a-z][\w.]{{3,}}\b"),
        (0.7, r"(?<![\w/.])[a-z][a-z0-9.]*_[\w.]*[a-z0-9]\b(?!\()"),
    )

    def invalidate_result(self, pattern_text: str) -> bool:
        """Reject ``@10pm`` and ``@work``."""
        body = pattern_text.lstrip("@").lower()
        if not pattern_text.startswith("@"):
            return False
        return body in _PLACES or (body[0].isdigit() and len(body) <= 6)
