"""What a text turns out to be: ordinary, risky, a lookalike or a challenge."""

from __future__ import annotations

from bisect import bisect
from itertools import accumulate
from random import Random

from pipelines.synthetic.event import CHALLENGE_CODE
from pipelines.synthetic.plan import Rates

LOOKALIKE = "lookalike"


class Mix:
    """Draws by the planted rates of one force and month.

    Answers to risky texts are never redrawn, so the rest is drawn a little more often: the
    shares of *all* texts are then as planned.
    """

    def __init__(self, rates: Rates) -> None:
        answers = sum(rates.risk.values()) * rates.challenge
        raised = 1 / (1 - answers)
        shares = {**rates.risk, LOOKALIKE: rates.lookalike, CHALLENGE_CODE: rates.unprompted_spup}
        self._names = (*shares, "")
        self._limits = list(accumulate(share * raised for share in shares.values()))
        self._challenge = rates.challenge

    def draw(self, rng: Random) -> str:
        """A taxonomy code, ``LOOKALIKE``, or the empty string for an ordinary text."""
        return self._names[bisect(self._limits, rng.random())]

    def challenged(self, rng: Random) -> bool:
        """Whether a colleague answers a risky text."""
        return rng.random() < self._challenge
