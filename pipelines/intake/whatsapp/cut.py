"""Blocks of text cut at every header of this file's style, in one go by the regular expression
engine.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat

from pipelines.contracts import LineTally
from pipelines.intake.whatsapp.header import FIELDS, HEADER_AT_LINE_START, Style
from pipelines.intake.whatsapp.lines import not_a_chat, whole_lines
from pipelines.intake.whatsapp.survey import Evidence, Look

BEFORE_FIRST = "before_first_header"
STEP = FIELDS + 1  # and what lies between two headers' lines

Batch = tuple[Sequence[str], Sequence[str], Sequence[str | None], Sequence[str], Sequence[str]]
"""Messages side by side: days and times as written, authors (``None`` where a line names none),
the rest of the line, and the lines below it with what ends the line before each (``""`` after all
but a few messages)."""


def cut(blocks: Iterable[str], look: Look, tally: LineTally, evidence: Evidence) -> Iterator[Batch]:
    """Every piece of the file, in batches. Lines before the first header are counted rejects."""
    split = look.style.cutter().split
    began: list[str] | None = None  # the header of a piece whose end is not yet seen
    said: list[str] = []
    make_batch = _batch
    for block in blocks:
        if "\r" in block and not look.stray:  # what ends a line tells nothing
            make_batch = _batch_without_crlf
        flat = split(block)
        evidence.add(block, flat[1::STEP], flat[::STEP])
        said.append(flat[0])
        if len(flat) == 1:
            continue
        flat[:1] = _join(began, said, tally)
        began, said = flat[-STEP:-1], flat[-1:]
        del flat[-STEP:]
        yield make_batch(flat)
    yield make_batch(_join(began, said, tally))


def presume(head: str) -> Look:
    """How a file that begins with ``head`` is probably to be read. Raises ``QuarantineError``."""
    for block in whole_lines(io.StringIO(head, newline="")):
        styles = Counter(filter(None, map(Style.of, HEADER_AT_LINE_START.findall(block))))
        if styles:
            style = styles.most_common(1)[0][0]
            evidence = Evidence(style)
            flat = style.cutter().split(block)
            evidence.add(block, flat[1::STEP], flat[::STEP])
            return evidence.conclude()[0]
    raise not_a_chat()


def _join(began: list[str] | None, said: list[str], tally: LineTally) -> list[str]:
    text = "".join(said)
    if began is not None:
        return [*began, text]
    if lines := text.count("\n"):
        tally.rejected[BEFORE_FIRST] += lines
    return []


def _batch(flat: list[str]) -> Batch:
    return flat[::STEP], flat[1::STEP], flat[2::STEP], flat[3::STEP], flat[4::STEP]


def _batch_without_crlf(flat: list[str]) -> Batch:
    """The same with LF wherever there is CRLF. LF is what follows a line and what is below it."""
    days, times, authors, lines, more = _batch(flat)
    below = [text and text.replace("\r\n", "\n").removesuffix("\r") for text in more]
    return days, times, authors, list(map(str.removesuffix, lines, repeat("\r"))), below
