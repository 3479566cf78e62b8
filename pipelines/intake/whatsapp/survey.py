"""First pass over a file: the evidence for how its headers are written, from every line."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TextIO

from pipelines.errors import QuarantineError, Reason
from pipelines.intake.whatsapp.dates import DateOrder, choose_order
from pipelines.intake.whatsapp.header import (
    ANY_HEADER,
    HEADER_AT_LINE_START,
    LIKE_HEADER,
    Style,
)
from pipelines.intake.whatsapp.lines import not_a_chat, whole_lines

# iOS ends messages with CRLF and lines inside them with LF. In a file where most do, a
# header after a bare LF is suspect; where few do, an editor has been at the line ends.
MAX_STRAY_SHARE = 0.5
MIXED_SHARE = 0.05

AFTER_CRLF = re.compile("\r\n" + ANY_HEADER)
STRAY = re.compile(rf"\n(?<!\r\n){LIKE_HEADER}")
# NUL, WhatsApp's own mark, and the one around names that are mentioned: rare, and looked for by
# whole blocks rather than in each message.
NUL, OWN_MARK, ISOLATE = "\0", "\u200e", "\u2068"
WATCHED = (NUL, OWN_MARK, ISOLATE)
DATE_AMBIGUOUS = "date_order_ambiguous"
MIXED_STYLES = "mixed_header_styles"


@dataclass(frozen=True, slots=True)
class Survey:
    """What the whole file says about itself.

    ``crlf``: messages end in CRLF, so that a header after a bare LF (``stray``: there is one) is
    probably inside a message. ``seen``: which of ``WATCHED`` occur.
    """

    style: Style
    order: DateOrder
    lines: int
    crlf: bool
    stray: bool
    seen: frozenset[str]
    notes: tuple[str, ...]


@dataclass(slots=True)
class _Evidence:
    """``dates`` counts each style's headers by their day, in order of first appearance.

    Nearly all headers are of the first block's most common style (``usual``), so that one is looked
    for by a pattern of its own (``scanner``), and in most blocks there is nothing else to be found.
    """

    dates: dict[Style, Counter[str]] = field(default_factory=dict)
    usual: Style | None = None
    scanner: re.Pattern[str] | None = None
    finder: re.Pattern[str] | None = None
    lines: int = 0
    headers: int = 0
    after_crlf: int = 0
    seen: set[str] = field(default_factory=set)


def survey(text: TextIO, max_lines: int) -> Survey:
    """Read ``text`` (opened with ``newline=""``) to its end. Raises ``QuarantineError``."""
    evidence = _Evidence()
    for block in whole_lines(text):
        _gather(evidence, block)
        if evidence.lines > max_lines:
            raise QuarantineError(
                Reason.TOO_MANY_LINES,
                f"The export has more than {max_lines:,} lines: hand over one chat at a time.",
                {"lines_in": evidence.lines},
            )
    return _conclude(evidence)


def _gather(evidence: _Evidence, block: str) -> None:
    evidence.lines += block.count("\n")
    evidence.seen |= {char for char in WATCHED if char in block}
    if evidence.usual is None:
        _gather_any(evidence, block)
        _settle_on_usual(evidence)
    elif (days := _days_if_all_usual(evidence, block)) is not None:
        evidence.dates[evidence.usual].update(days)
        evidence.headers += len(days)
        evidence.after_crlf += len(days) if "\r\n" in block else 0
    else:
        _gather_between(evidence, block)


def _settle_on_usual(evidence: _Evidence) -> None:
    if evidence.dates:
        usual = max(evidence.dates, key=lambda style: evidence.dates[style].total())
        evidence.usual = usual
        evidence.scanner, evidence.finder = usual.scanner(), usual.finder()


def _days_if_all_usual(evidence: _Evidence, block: str) -> list[str] | None:
    """The days of a block's headers, if there is none of another style nor after a stray LF."""
    assert evidence.scanner is not None
    days = evidence.scanner.findall(block)
    if "" in days or ("\r\n" in block and STRAY.search(block)):
        return None
    return days


def _gather_between(evidence: _Evidence, block: str) -> None:
    """The usual style's headers, and any others in what lies between them."""
    assert evidence.finder is not None and evidence.usual is not None
    pieces = evidence.finder.split(block)
    days = pieces[1::2]
    evidence.dates[evidence.usual].update(days)
    evidence.headers += len(days)
    between = [piece for piece in pieces[::2] if "\n" in piece]
    evidence.after_crlf += block.count("\r\n") - sum(piece.count("\r\n") for piece in between)
    for piece in between:
        _gather_any(evidence, piece)


def _gather_any(evidence: _Evidence, text: str) -> None:
    """Headers of every style in ``text``, at the start of any line but the first."""
    for shape in HEADER_AT_LINE_START.findall(text):
        evidence.headers += 1
        style = Style.of(shape)
        if style:
            evidence.dates.setdefault(style, Counter())[shape[1]] += 1
    if "\r\n" in text:
        evidence.after_crlf += len(AFTER_CRLF.findall(text))


def _conclude(evidence: _Evidence) -> Survey:
    if not evidence.dates:
        raise not_a_chat()
    styles = Counter({style: days.total() for style, days in evidence.dates.items()})
    (style, count), *_ = styles.most_common(1)
    choice = choose_order(evidence.dates[style], style.year_at)
    mixed = count < (1 - MIXED_SHARE) * styles.total()
    stray = evidence.headers - 1 - evidence.after_crlf  # the first header follows nothing
    crlf = evidence.after_crlf > 0 and stray <= MAX_STRAY_SHARE * evidence.headers
    return Survey(
        style,
        choice.order,
        evidence.lines,
        crlf,
        crlf and stray > 0,
        frozenset(evidence.seen),
        (DATE_AMBIGUOUS,) * choice.ambiguous + (MIXED_STYLES,) * mixed,
    )
