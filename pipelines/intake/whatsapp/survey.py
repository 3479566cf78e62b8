"""First pass over a file: the evidence for how its headers are written, from every line."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TextIO

from pipelines.errors import QuarantineError, Reason
from pipelines.intake.whatsapp.dates import DateOrder, choose_order
from pipelines.intake.whatsapp.header import ANY_HEADER, HEADER_AT_LINE_START, Style
from pipelines.intake.whatsapp.lines import not_a_chat, whole_lines

# iOS ends messages with CRLF and lines inside them with LF. In a file where most do, a
# header after a bare LF is suspect; where few do, an editor has been at the line ends.
MAX_STRAY_SHARE = 0.5
MIXED_SHARE = 0.05

AFTER_CRLF = re.compile("\r\n" + ANY_HEADER)
DATE_AMBIGUOUS = "date_order_ambiguous"
MIXED_STYLES = "mixed_header_styles"


@dataclass(frozen=True, slots=True)
class Survey:
    """What the whole file says about itself.

    ``crlf_ends``: messages end in CRLF, so that a header after a bare LF is inside a message.
    """

    style: Style
    order: DateOrder
    lines: int
    crlf_ends: bool
    has_marks: bool
    has_nul: bool
    notes: tuple[str, ...]


@dataclass(slots=True)
class _Evidence:
    """``dates`` counts each style's headers by their day, in order of first appearance.

    Nearly all headers are of the first block's most common style, so that one is looked for by a
    pattern of its own (``finder``) and any other only in what lies between.
    """

    dates: dict[Style, Counter[str]] = field(default_factory=dict)
    finder: re.Pattern[str] | None = None
    usual: Style | None = None
    lines: int = 0
    headers: int = 0
    after_crlf: int = 0
    has_marks: bool = False
    has_nul: bool = False


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
    evidence.has_marks = evidence.has_marks or "\u200e" in block
    evidence.has_nul = evidence.has_nul or "\0" in block
    if evidence.usual is None:
        _gather_any(evidence, block)
        evidence.usual = max(evidence.dates, key=lambda s: evidence.dates[s].total(), default=None)
        evidence.finder = evidence.usual.finder() if evidence.usual else None
        return
    assert evidence.finder is not None
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
    return Survey(
        style,
        choice.order,
        evidence.lines,
        _ends_with_crlf(evidence),
        evidence.has_marks,
        evidence.has_nul,
        (DATE_AMBIGUOUS,) * choice.ambiguous + (MIXED_STYLES,) * mixed,
    )


def _ends_with_crlf(evidence: _Evidence) -> bool:
    stray = evidence.headers - 1 - evidence.after_crlf  # the first header follows nothing
    return evidence.after_crlf > 0 and stray <= MAX_STRAY_SHARE * evidence.headers
