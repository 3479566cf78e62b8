"""First pass over a file: the evidence for how its headers are written, from every line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TextIO

from pipelines.errors import QuarantineError, Reason
from pipelines.intake.whatsapp.dates import DateOrder, choose_order
from pipelines.intake.whatsapp.header import ANY_HEADER, HEADER_AT_LINE_START, Shape, Style

BLOCK_CHARS = 1 << 19
# WhatsApp sends at most 65,536 characters; more without a line end is no chat.
MAX_LINE_CHARS = 1_000_000
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
    shapes: Counter[Shape] = field(default_factory=Counter)
    lines: int = 0
    headers: int = 0
    after_crlf: int = 0
    has_marks: bool = False
    has_nul: bool = False


def survey(text: TextIO, max_lines: int) -> Survey:
    """Read ``text`` (opened with ``newline=""``) to its end. Raises ``QuarantineError``."""
    evidence = _Evidence()
    for block in _whole_lines(text):
        _gather(evidence, block)
        if evidence.lines > max_lines:
            raise QuarantineError(
                Reason.TOO_MANY_LINES,
                f"The export has more than {max_lines:,} lines: hand over one chat at a time.",
            )
    return _conclude(evidence)


def _whole_lines(text: TextIO) -> Iterator[str]:
    """Blocks that start with a line feed (before the first line too) and end before one."""
    rest = "\n"
    while block := text.read(BLOCK_CHARS):
        rest += block
        cut = rest.rfind("\n")
        cut -= rest[cut - 1 : cut] == "\r"  # a CRLF stays together
        if len(rest) - cut > MAX_LINE_CHARS:
            raise not_a_chat()
        if cut > 0:
            yield rest[:cut]
            rest = rest[cut:]
    if rest not in ("\n", "\r\n"):
        yield rest


def _gather(evidence: _Evidence, block: str) -> None:
    found = HEADER_AT_LINE_START.findall(block)
    evidence.shapes.update(found)
    evidence.headers += len(found)
    evidence.lines += block.count("\n")
    evidence.has_marks = evidence.has_marks or "\u200e" in block
    evidence.has_nul = evidence.has_nul or "\0" in block
    if "\r\n" in block:
        evidence.after_crlf += len(AFTER_CRLF.findall(block))


def _conclude(evidence: _Evidence) -> Survey:
    styles: Counter[Style] = Counter()
    dates: dict[Style, Counter[str]] = {}
    for shape, count in evidence.shapes.items():
        style = Style.of(shape)
        if style:
            styles[style] += count
            dates.setdefault(style, Counter())[shape[1]] += count
    if not styles:
        raise not_a_chat()
    (style, count), *_ = styles.most_common(1)
    choice = choose_order(dates[style], style.year_at)
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


def not_a_chat() -> QuarantineError:
    return QuarantineError(
        Reason.NOT_A_CHAT,
        "The file is not a chat export this version knows: use the app's own chat export.",
    )
