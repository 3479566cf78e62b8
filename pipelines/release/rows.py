"""The rows of a release's files, and the files themselves.

``[c]`` (confidential) is the shorthand the Government Analysis Function sets for a figure
withheld to protect people, ``[x]`` for one that is not available, ``[z]`` for one that cannot be.
Each is ``None`` here.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, ClassVar, TypeVar, get_type_hints

from pipelines.release.rounding import PER, round_to_base

SUPPRESSED = "[c]"
NOT_AVAILABLE = "[x]"
NOT_APPLICABLE = "[z]"
MISSING = {SUPPRESSED, NOT_AVAILABLE, NOT_APPLICABLE}
READERS: dict[Any, Callable[[str], Any]] = {
    str: str,
    int: int,
    int | None: int,
    float | None: float,
}
"""How a field of a type is read."""
DECIMALS = 3  # enough to tell a rate's rounded counts apart, and nothing more is in it


@dataclass(frozen=True, slots=True)
class TrendRow:
    """One place's prevalence of one category in one period. Counts are rounded to 5.

    ``period`` is a month or a quarter, ``force_code`` a force, a region or ``EW``, ``category``
    one of the taxonomy or ``ANY``, all risky content. ``messages`` and ``contributors`` are of
    the denominator: all the place's messages in that period. ``flagged`` is what the classifier
    flagged of them: estimate and interval are made of these three counts and of the manifest's
    constants (``basis`` says whose), so who knows the one knows the other.
    """

    FILE: ClassVar[str] = "trends.csv"

    period: str
    force_code: str
    category: str
    estimate_per_1000: float | None
    low: float | None
    high: float | None
    messages: int | None
    contributors: int | None
    basis: str
    flagged: int | None


@dataclass(frozen=True, slots=True)
class HabitRow:
    """The share of one force's messages in one month with one value of a habit, per 1,000."""

    FILE: ClassVar[str] = "habits.csv"

    period: str
    force_code: str
    habit: str
    value: str
    estimate_per_1000: float | None
    low: float | None
    high: float | None
    messages: int | None
    contributors: int | None

    @property
    def part(self) -> int | None:
        """The rounded count the share was made of."""
        if self.estimate_per_1000 is None or self.messages is None:
            return None
        return round_to_base(round(self.estimate_per_1000 * self.messages / PER))


@dataclass(frozen=True, slots=True)
class ChallengeRow:
    """How many of a place's risky messages of a period somebody else in the chat challenged.

    ``risky`` are the messages flagged for any risk (``flagged`` of ``ANY`` in the trends) and
    ``challenged`` those of them that were, both rounded to 5; ``share`` is per cent, with its 95%
    interval. ``basis`` is ``uncalibrated``: neither count is corrected for the classifier's errors.
    """

    FILE: ClassVar[str] = "challenge.csv"

    period: str
    force_code: str
    share: float | None
    low: float | None
    high: float | None
    risky: int | None
    basis: str
    challenged: int | None


@dataclass(frozen=True, slots=True)
class ImpactRow:
    """A category's published months before and after a training programme, pooled.

    A comparison, not an effect: see the methodology.
    """

    FILE: ClassVar[str] = "impact.csv"

    force_code: str
    programme: str
    start: str
    end: str
    category: str
    months_before: int
    before_per_1000: float | None
    before_low: float | None
    before_high: float | None
    months_after: int
    after_per_1000: float | None
    after_low: float | None
    after_high: float | None
    basis: str


@dataclass(frozen=True, slots=True)
class EffectRow:
    """What followed training in all trained forces, over a span of months around it.

    ``outcome`` is a category of the taxonomy, ``ANY`` or ``habit:day_of_week``; ``ratio`` is the
    rate beside what untrained forces let expect. Figures are missing unless ``status`` is
    ``estimated``: else it says why. Tests are of the span ``1-12`` alone.
    """

    FILE: ClassVar[str] = "effects.csv"

    outcome: str
    window: str
    ratio: float | None
    low: float | None
    high: float | None
    permutation_p: float | None
    pre_trend_p: float | None
    least_detectable: float | None
    trained_forces: int
    forces: int
    forces_left_out: int
    force_months: int
    force_months_left_out: int
    basis: str
    status: str


@dataclass(frozen=True, slots=True)
class PrivateRow:
    """One month's rate of one category in England and Wales, made of noisy counts.

    ``messages`` is noisy and may be below zero; there is no rate (``[z]``) unless it is above.
    ``low`` and ``high`` are of the noise alone.
    """

    FILE: ClassVar[str] = "private.csv"

    period: str
    force_code: str
    category: str
    estimate_per_1000: float | None
    low: float | None
    high: float | None
    messages: int
    basis: str


@dataclass(frozen=True, slots=True)
class Rows:
    """Every row of a release, frozen months first."""

    trends: Sequence[TrendRow]
    habits: Sequence[HabitRow]
    impact: Sequence[ImpactRow]
    challenge: Sequence[ChallengeRow]


Row = TypeVar("Row", TrendRow, HabitRow, ImpactRow, ChallengeRow, EffectRow, PrivateRow)


def write_rows(
    folder: Path,
    kind: type[Row],
    rows: Iterable[Row],
    missing: Callable[[Row, str], str] = lambda row, name: SUPPRESSED,
) -> None:
    """Write ``kind.FILE`` in ``folder``, with Unix line ends.

    ``missing`` says which shorthand stands for a row's field that is ``None``.
    """
    names = [field.name for field in fields(kind)]
    with (folder / kind.FILE).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        for row in rows:
            values = ((name, getattr(row, name)) for name in names)
            writer.writerow(
                missing(row, name) if value is None else _shown(value) for name, value in values
            )


def read_rows(folder: Path, kind: type[Row]) -> list[Row]:
    """The rows of ``kind.FILE`` in ``folder``, in order."""
    hints = get_type_hints(kind)
    with (folder / kind.FILE).open(newline="", encoding="utf-8") as file:
        names, *lines = csv.reader(file)
    readers = [(name, READERS[hints[name]]) for name in names]
    return [
        kind(**{n: _read(text, read) for (n, read), text in zip(readers, line, strict=True)})
        for line in lines
    ]


def _shown(value: Any) -> str:
    return f"{value:.{DECIMALS}f}" if isinstance(value, float) else str(value)


def _read(text: str, reader: Callable[[str], Any]) -> Any:
    return None if text in MISSING else reader(text)
