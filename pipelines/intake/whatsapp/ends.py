"""Whether a line may be anything but text, told by its first or its last characters."""

from __future__ import annotations

import re
from collections.abc import Iterable
from operator import itemgetter

# No wording of WhatsApp's is shorter.
APP_CHARS = 4
MAX_REMEMBERED = 1 << 15

first_chars = itemgetter(slice(APP_CHARS))
last_chars = itemgetter(slice(-APP_CHARS, None))


class Ends(dict[str, bool]):
    """Whether WhatsApp may have written a line, by its ``first_chars`` or its ``last_chars``: those
    of a wording, or any in which ``mark`` is found. Each is judged once, as most lines begin and
    end like others, so that a look-up is all that a line costs.
    """

    def __init__(self, wordings: Iterable[str], mark: re.Pattern[str]) -> None:
        super().__init__()
        self._wordings = set(wordings)
        self._mark = mark

    def add(self, wordings: Iterable[str]) -> None:
        new = set(wordings) - self._wordings
        self._wordings |= new
        self.update(dict.fromkeys(new, True))

    def __missing__(self, few: str) -> bool:
        if len(self) >= MAX_REMEMBERED:
            self.clear()
        self[few] = may = few in self._wordings or self._mark.search(few) is not None
        return may
