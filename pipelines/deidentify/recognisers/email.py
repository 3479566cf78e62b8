"""E-mail addresses, written plainly or spelt out."""

from __future__ import annotations

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.recognisers.base import ChatPattern, patterns


class Email(ChatPattern):
    """``a.b@c.uk``; ``a.b at c dot com``; an address without its ending (``a.b@met``)."""

    KIND = Kind.EMAIL
    PATTERNS = patterns(
        (0.99, r"[\w.+%'\-]*[\w+%\-]@[\w\-]+(?:\.[\w\-]+)*\.[^\W\d_]{2,}"),
        (0.9, r"(?<![\w.])[\w.+%\-]*\w@[a-z][\w\-]+(?![\w@])"),
        (
            0.9,
            r"(?<![\w.])[\w.+\-]{2,}[ ]?(?:\(at\)|\[at\]|\{at\}| at )[ ]?[\w\-]+"
            r"(?:[ ]?(?:\(dot\)|\[dot\]|\{dot\}| dot |\.)[ ]?[a-z]{2,10}){1,3}\b"
            r"(?<=dot(?:.{1,14}))",
        ),
    )
