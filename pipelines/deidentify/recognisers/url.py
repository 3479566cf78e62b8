"""Links. Presidio's own pattern takes ``ok.me`` for one; a bare name here needs a usual ending."""

from __future__ import annotations

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.recognisers.base import ChatPattern, patterns

_SAFE = (
    r"com|org|net|info|biz|co\.uk|org\.uk|gov\.uk|ac\.uk|nhs\.uk|police\.uk|me\.uk|"
    r"wales|cymru|scot|eu|ie|de|fr|pl|io|dev|gov|edu"
)
_WITH_PATH = r"[a-z]{2,12}"
_OF_ONE_LETTER = r"(?:me|co|ly|gg|tv)"
_END = r"[^\s<>\"'.,;:!?)\]}*~]"


class Url(ChatPattern):
    """With a scheme, with ``www.``, with a usual ending, or any ending and a path."""

    KIND = Kind.URL
    PATTERNS = patterns(
        (0.97, rf"\b(?:https?|hxxps?|ftps?)\W{{1,4}}[^\s<>\"]*{_END}"),
        (0.96, rf"\bwww\d?\.[^\s<>\"]*{_END}"),
        (
            0.8,
            rf"(?<![\w@./\-])(?:[\w\-]+\.)+(?:{_SAFE})\b(?![.\-]?\w)(?:[/?#:][^\s<>\"]*{_END})?/?",
        ),
        (0.8, rf"(?<![\w@./\-])(?:[a-z][\w\-]+\.)+{_WITH_PATH}(?::\d+)?/[^\s<>\"]*{_END}"),
        (0.8, rf"(?<![\w@./\-])[a-z]\.{_OF_ONE_LETTER}/[^\s<>\"]*{_END}"),
        # ``nights.uk wide`` is a full stop without its space: no link's name is that short
        (0.8, r"(?<![\w@./\-])(?:[\w\-]{9,}|nhs|police|parliament)\.uk\b(?![.\-]?\w)"),
        (0.6, r"\b[\w\-]+ dot (?:com|co dot uk|org|net)\b"),
    )
