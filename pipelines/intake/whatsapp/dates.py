"""Which number is the day: decided from every date in the file, flagged where it cannot be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from itertools import pairwise

CENTURY = 2000  # WhatsApp began in 2009


class DateOrder(Enum):
    """Where day, month and year stand in a date."""

    DMY = (0, 1, 2)
    MDY = (1, 0, 2)
    YMD = (2, 1, 0)
    YDM = (1, 2, 0)
    DYM = (0, 2, 1)
    MYD = (2, 0, 1)

    def read(self, text: str) -> date | None:
        """The date in ``text``, or ``None`` where there is no such day."""
        numbers = [int(number) for number in re.findall(r"\d+", text)]
        day, month, year = (numbers[place] for place in self.value)
        try:
            return date(year + CENTURY if year < 100 else year, month, day)
        except ValueError:
            return None


# In order of preference: where the evidence is even, the British reading is taken and flagged.
ORDERS = {
    None: (DateOrder.DMY, DateOrder.MDY, DateOrder.YMD),
    2: (DateOrder.DMY, DateOrder.MDY),
    1: (DateOrder.DYM, DateOrder.MYD),
    0: (DateOrder.YMD, DateOrder.YDM),
}


@dataclass(frozen=True, slots=True)
class OrderChoice:
    """The order of a file's dates. ``ambiguous``: another order fits them just as well."""

    order: DateOrder
    ambiguous: bool


def choose_order(dates: Mapping[str, int], year_at: int | None) -> OrderChoice:
    """The order that makes the fewest lines impossible, then the fewest steps back in time.

    ``dates`` counts the lines of each date, in order of first appearance.
    """
    candidates = ORDERS[year_at]
    scores = {order: _score(order, dates) for order in candidates}
    best = min(candidates, key=lambda order: scores[order])
    rivals = [o for o in candidates if o is not best and scores[o] == scores[best]]
    # A year written first is followed by the month everywhere; two-digit years come last.
    contested = [o for o in rivals if o not in (DateOrder.YDM, DateOrder.YMD)]
    ambiguous = any(o.read(text) != best.read(text) for o in contested for text in dates)
    return OrderChoice(best, ambiguous)


def _score(order: DateOrder, dates: Mapping[str, int]) -> tuple[int, int]:
    days = [order.read(text) for text in dates]
    impossible = sum(n for day, n in zip(days, dates.values(), strict=True) if day is None)
    possible = [day for day in days if day is not None]
    return impossible, sum(later < earlier for earlier, later in pairwise(possible))
