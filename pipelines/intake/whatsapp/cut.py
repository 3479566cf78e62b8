"""Second pass: blocks of text cut at every header of this file's style, in one go by the regular
expression engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pipelines.contracts import LineTally
from pipelines.intake.whatsapp.header import FIELDS, Style

BEFORE_FIRST = "before_first_header"

Batch = tuple[
    Sequence[str], Sequence[str], Sequence[str | None], Sequence[str | None], Sequence[str]
]
"""Messages side by side: days and times as written, authors (``None`` where a line names none),
what follows on the line, and whatever follows that (``""`` after all but a few messages)."""


def cut(blocks: Iterable[str], style: Style, tally: LineTally, *, crlf: bool) -> Iterator[Batch]:
    """Every piece of the file, in batches. Lines before the first header are counted rejects.

    ``crlf``: messages end in CRLF. Then a line that does not is with whatever follows it.
    """
    split = style.cutter(crlf=crlf).split
    began: list[str] | None = None  # the header of a piece whose end is not yet seen
    said: list[str] = []
    for block in blocks:
        before, *pieces = split(block)
        said.append(before)
        if not pieces:
            continue
        whole = _join(began, said, tally) + pieces[: -FIELDS - 1]
        began, said = pieces[-FIELDS - 1 : -1], pieces[-1:]
        yield _batch(whole)
    yield _batch(_join(began, said, tally))


def _join(began: list[str] | None, said: list[str], tally: LineTally) -> list[str]:
    text = "".join(said)
    if began is not None:
        return [*began, text]
    if lines := text.count("\n"):
        tally.rejected[BEFORE_FIRST] += lines
    return []


def _batch(flat: list[str]) -> Batch:
    step = FIELDS + 1
    return flat[::step], flat[1::step], flat[2::step], flat[3::step], flat[4::step]
