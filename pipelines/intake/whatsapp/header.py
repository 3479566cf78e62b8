"""WhatsApp message headers: what any looks like, and the exact look of one file's.

One phone writes one file, so every real header in it has the same shape. A header of another shape
was pasted into a message.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MARKS = "[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]*"
SPACE = "[ \u00a0\u202f]"

# 16/03/2022, 15:20 -   [16/03/2022, 03:20:25 PM]   13. 6. 2018. 21:25:15   13.6.2018 klo 21.25.15 -
ANY_HEADER = (
    rf"{MARKS}(\[?)"
    rf"(\d{{1,4}}(?:\.{SPACE}?|/|-)\d{{1,4}}(?:\.{SPACE}?|/|-)\d{{1,4}})"
    rf"(\.?,?{SPACE}(?:[^\W\d]{{1,4}}\.?{SPACE})?)"
    rf"\d{{1,2}}([:.])\d\d(?:([:.])\d\d)?"
    rf"({SPACE}*[AaPp]\.?{SPACE}?[Mm]\.?)?"
    rf"(\]{SPACE}?|{SPACE}[-–]{SPACE}|:{SPACE}|{SPACE})"
)
HEADER_AT_LINE_START = re.compile("\n" + ANY_HEADER)
LIKE_HEADER = rf"(?={MARKS}\[?\d)"  # before anything that ANY_HEADER matches
# What copying gives: an export's header, or [15:20, 16/03/2022] Ann: as WhatsApp Web has it.
PASTED_HEADER = re.compile(
    rf"\n[\s>]*(?:{ANY_HEADER}|{MARKS}\[[\d:./, \u202fAaPpMm-]{{8,30}}\] )"
    rf"(?P<author>[^:\n]{{1,100}}):"
)

FIELDS = 4  # what ``Style.cutter`` captures

Shape = tuple[str, str, str, str, str, str, str]
"""What a header's pattern captures: bracket, date, gap, two time separators, half-day, end."""


@dataclass(frozen=True, slots=True)
class Style:
    """The shape of one file's headers. ``year_at`` is where a four-digit year is, or ``None``;
    ``digit`` a pattern of what a digit is: 0 to 9 unless the language has its own.
    """

    bracket: str
    separators: tuple[str, str]
    year_at: int | None
    gap: str
    minute_separator: str
    second_separator: str
    half_day: str
    end: str
    digit: str

    @classmethod
    def of(cls, shape: Shape) -> Style | None:
        """The style of a header, or ``None`` for what only resembles one."""
        bracket, day, gap, minute, second, half, end = shape
        numbers = re.findall(r"\d+", day)
        first, last = re.findall(r"\D+", day)
        years = [place for place, number in enumerate(numbers) if len(number) == 4]
        if len(years) > 1 or any(len(number) == 3 for number in numbers):
            return None
        style = cls(
            bracket,
            (first, last),
            next(iter(years), None),
            gap,
            minute,
            second,
            half_shape(half),
            end,
            "[0-9]" if day.isascii() else r"\d",
        )
        return style if style._is_plausible() else None

    def _is_plausible(self) -> bool:
        closed = self.end.startswith("]")
        if bool(self.bracket) != closed:
            return False
        # "13/06/2018 21:25 text" is prose or a log; in chats only spaced-out dates end like that.
        bare = not self.end.strip()
        return not bare or self.separators[0] != self.separators[0].strip()

    @property
    def has_iso_times(self) -> bool:
        """Whether times are ``15:20`` or ``15:20:25``."""
        separators = self.minute_separator + self.second_separator
        return not self.half_day and separators in (":", "::")

    def cutter(self) -> re.Pattern[str]:
        """Captures ``FIELDS``: day, time, the author if the line names one, the rest of it."""
        day, gap, time, end = self._parts()
        return re.compile(rf"\n({day}){gap}({time}){end}(?:([^\n:]*+): )?(.*+)")

    def written(self, day: str, time: str, author: str | None, said: str) -> str:
        """What ``cutter`` cut, as it stood in the file."""
        return f"{day}{self.gap}{time}{self.end}{'' if author is None else author + ': '}{said}"

    def _parts(self) -> tuple[str, str, str, str]:
        """Patterns of the day, the gap after it, the time and what ends the header."""
        digit = self.digit
        number = [rf"{digit}{{1,2}}+"] * 3
        if self.year_at is not None:
            number[self.year_at] = rf"{digit}{{4}}"
        first, last = map(re.escape, self.separators)
        minute, half = re.escape(self.minute_separator), re.escape(self.half_day)
        second = f"{re.escape(self.second_separator)}{digit}{digit}" * bool(self.second_separator)
        return (
            rf"{MARKS}{re.escape(self.bracket)}{number[0]}{first}{number[1]}{last}{number[2]}",
            re.escape(self.gap),
            rf"{digit}{{1,2}}+{minute}{digit}{digit}{second}{half.replace('x', '[AaPp]')}",
            re.escape(self.end),
        )


def half_shape(half: str) -> str:
    """`` PM``, `` AM`` and the like as `` xM``: the same style whichever half it is."""
    return re.sub("[AaPp]", "x", half, count=1)
