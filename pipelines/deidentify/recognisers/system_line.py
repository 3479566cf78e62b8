"""Names in the lines a messenger writes itself: ``X added Y``, ``X changed the subject to "Z"``."""

from __future__ import annotations

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.recognisers.base import ChatPattern, patterns

_VERB = (
    r"(?:added|removed|left|joined|created|changed|was added|were added|was removed|has left|"
    r"has joined|pinned|unpinned|turned|updated|deleted|started|missed|is no longer|is now|blocked|"
    r"unblocked|invited|requested|reset|made|set|approved|rejected|declined|accepted|answered|"
    r"named|renamed|edited|sent|took|called|ended|shared|enabled|disabled|allowed|restricted)"
)


class SystemLine(ChatPattern):
    """Used on system lines only, where whoever stands before or after the verb is a member."""

    KIND = Kind.PERSON
    PATTERNS = patterns(
        (0.9, rf"\A(?!You\b|Messages\b|This\b|Your\b)[^\n]{{1,120}}?(?= {_VERB}\b)"),
        (
            0.9,
            r"\b(?:added|removed|invited|approved|unblocked|blocked) (?!you\b|by\b|an?\b|"
            r"the\b|from\b|to\b)\K[^\n]{1,600}?(?= (?:to|from|via|using)\b|\.?$)",
        ),
        (
            0.9,
            r"\b(?:added|removed|invited|created|changed) (?:\S+ ){0,3}?by (?!you\b)"
            r"\K[^\n]{1,120}?(?=\.?$)",
        ),
        (
            0.9,
            r"\b(?:code with|number to|chat with|call (?:from|with)|Waiting for) (?!a new\b)"
            r"\K[^\n]{1,80}?(?= (?:changed|has|was|to)\b|[.,]|$)",
        ),
    )

    def invalidate_result(self, pattern_text: str) -> bool:
        """``You`` names nobody."""
        return pattern_text.strip().lower() in {"you", "a message", "messages", "admin"}


class GroupName(ChatPattern):
    """Whatever a system line puts in quotation marks: a group's name or description."""

    KIND = Kind.ORGANISATION
    PATTERNS = patterns(
        (0.98, r'(?<=(?:^|[\s(:])")[^"\n]{1,200}(?="(?:[\s.,;)]|$))'),
        (0.9, r"(?:subject|group|name|description)[^'\n]{0,40}'\K[^\n]{1,100}(?=')"),
    )
