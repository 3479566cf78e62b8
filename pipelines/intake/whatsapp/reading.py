"""A file read in one pass, by a look presumed from its beginning and held against the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TextIO

from pipelines.contracts import LineTally, Message
from pipelines.errors import QuarantineError, Reason
from pipelines.intake.parts import Part
from pipelines.intake.text import open_text, read_head
from pipelines.intake.whatsapp.cut import Batch, cut, presume
from pipelines.intake.whatsapp.lines import whole_lines
from pipelines.intake.whatsapp.survey import Evidence, Look

NUL = "\0"


@dataclass(slots=True)
class Reading:
    """One pass over ``part``. Tally, names and evidence are complete once ``cuts`` is exhausted."""

    part: Part
    encoding: str
    look: Look
    max_lines: int
    tally: LineTally = field(default_factory=LineTally)
    names: set[str] = field(default_factory=set, repr=False)
    evidence: Evidence = field(init=False)

    def __post_init__(self) -> None:
        self.evidence = Evidence(self.look.style)

    def cuts(self) -> Iterator[Batch]:
        """Every piece of the file; call once. Raises ``QuarantineError``."""
        with open_text(self.part.open(), self.encoding, "") as text:
            yield from cut(self._blocks(text), self.look, self.tally, self.evidence)

    def _blocks(self, text: TextIO) -> Iterator[str]:
        for block in whole_lines(text):
            self.tally.lines_in += block.count("\n")
            if self.tally.lines_in > self.max_lines:
                raise QuarantineError(
                    Reason.TOO_MANY_LINES,
                    f"The export has more than {self.max_lines:,} lines: hand over one chat at a "
                    "time.",
                    {"lines_in": self.tally.lines_in},
                )
            yield block.replace(NUL, "\ufffd") if NUL in block else block


def begin(part: Part, max_lines: int) -> Reading:
    """A reading of ``part`` by the look of its first 64 KiB. Raises ``QuarantineError``."""
    head, encoding = read_head(part)
    return Reading(part, encoding, presume(head), max_lines)


def read_by_evidence(
    part: Part, max_lines: int, read: Callable[[Reading], list[Message]]
) -> tuple[list[Message], Reading, tuple[str, ...]]:
    """What ``read`` makes of ``part``, the reading it is made from, and notes on doubts.

    The whole file decides how it is read. Nearly always its beginning tells the same; where it does
    not, the file is read a second time.
    """
    reading = begin(part, max_lines)
    messages = read(reading)
    look, notes = reading.evidence.conclude()
    if look != reading.look:
        reading = Reading(part, reading.encoding, look, max_lines)
        messages = read(reading)
    return messages, reading, notes
