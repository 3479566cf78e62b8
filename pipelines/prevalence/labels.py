"""From judged messages to the strata that tell a category's error rates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipelines.label.design import REST
from pipelines.label.sample import Labelled
from pipelines.prevalence.rates import ANY_RISK
from pipelines.prevalence.sample import Stratum

ELSEWHERE = "another category's"


def collapsed(category: str, judged: Iterable[Labelled], wordless: int) -> list[Stratum]:
    """The strata that matter to one category: its own bands, other categories' together, the rest.

    Each is split by the classifier's flag, over all months, so that none has so few judgements that
    nothing is known of it. Messages that stand for unequally many count as Kish's (1965) effective
    number of equal ones. ``wordless`` messages are known to be negative and not flagged.
    """
    drawn: dict[tuple[str, bool], list[Labelled]] = {}
    for message in judged:
        drawn.setdefault((_kind(category, message.stratum), message.flagged), []).append(message)
    strata = [_stratum(flagged, messages) for (_, flagged), messages in drawn.items()]
    return [*strata, Stratum(False, wordless, wordless, 0)] if wordless else strata


def _stratum(flagged: bool, drawn: Sequence[Labelled]) -> Stratum:
    weight = sum(message.weight for message in drawn)
    positive = sum(message.weight * message.judged for message in drawn)
    equal = weight**2 / sum(message.weight**2 for message in drawn)
    return Stratum(flagged, weight, equal, equal * positive / weight)


def _kind(category: str, stratum: str) -> str:
    """``OPS 2`` is ``2`` to OPS and to any risk, and another category's to all others."""
    if stratum == REST:
        return REST
    name, band = stratum.split()
    return band if category in (name, ANY_RISK) else ELSEWHERE
