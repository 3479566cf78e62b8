"""The evidence for how a file's headers are written, from every line of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipelines.intake.whatsapp.dates import DateOrder, choose_order
from pipelines.intake.whatsapp.header import (
    ANY_HEADER,
    HEADER_AT_LINE_START,
    LIKE_HEADER,
    Style,
)

# iOS ends messages with CRLF and lines inside them with LF. In a file where most do, a
# header after a bare LF is suspect; where few do, an editor has been at the line ends.
MAX_STRAY_SHARE = 0.5
MIXED_SHARE = 0.05

AFTER_CRLF = re.compile("\r\n" + ANY_HEADER)
STRAY = re.compile(rf"\n(?<!\r\n){LIKE_HEADER}")
OWN_MARK = "\u200e"
DATE_AMBIGUOUS = "date_order_ambiguous"
MIXED_STYLES = "mixed_header_styles"


@dataclass(frozen=True, slots=True)
class Look:
    """What a file is read by.

    ``stray``: messages end in CRLF, but some header follows a bare LF and so is probably inside a
    message. ``marked``: WhatsApp's own mark occurs.
    """

    style: Style
    order: DateOrder
    stray: bool
    marked: bool


@dataclass(slots=True)
class Evidence:
    """What was seen so far. ``usual`` is the style that blocks are cut by. ``dates`` counts each
    style's headers by their day, in order of first appearance. ``after_nothing``: whether the file
    begins with a header.
    """

    usual: Style
    dates: dict[Style, Counter[str]] = field(default_factory=dict)
    headers: int = 0
    after_crlf: int = 0
    after_nothing: bool | None = None
    marked: bool = False

    def add(self, block: str, days: Sequence[str], between: Iterable[str]) -> None:
        """One block, in the file's order: the days of the headers of the usual style, and what
        lies between their lines.
        """
        if self.after_nothing is None:
            self.after_nothing = HEADER_AT_LINE_START.match(block) is not None
        self.dates.setdefault(self.usual, Counter()).update(days)
        others = HEADER_AT_LINE_START.findall("\0".join(filter(None, between)))
        for shape in others:
            if style := Style.of(shape):
                self.dates.setdefault(style, Counter())[shape[1]] += 1
        headers = len(days) + len(others)
        self.headers += headers
        self.marked = self.marked or OWN_MARK in block
        if "\r" in block:
            stray = STRAY.search(block)
            self.after_crlf += len(AFTER_CRLF.findall(block)) if stray else headers

    def conclude(self) -> tuple[Look, tuple[str, ...]]:
        """How the file is to be read, and notes on what is in doubt."""
        styles = Counter({style: days.total() for style, days in self.dates.items()})
        (style, count), *_ = styles.most_common(1)
        choice = choose_order(self.dates[style], style.year_at)
        mixed = count < (1 - MIXED_SHARE) * styles.total()
        stray = self.headers - bool(self.after_nothing) - self.after_crlf
        crlf = self.after_crlf > 0 and stray <= MAX_STRAY_SHARE * self.headers
        return (
            Look(style, choice.order, crlf and stray > 0, self.marked),
            (DATE_AMBIGUOUS,) * choice.ambiguous + (MIXED_STYLES,) * mixed,
        )
