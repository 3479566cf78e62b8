"""Error rates from labels, as far as they may be published: of enough people, and rounded.

A sample may be labelled whole, and then its rates are exact counts. So hits, misses, false alarms
and clear messages must each be enough people's, are rounded to 5, and rates are made from that.
Whoever holds two manifests sees what changed between them: so a category's rates stay as they are
until labels of further months, enough people's by themselves, are added to them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.label.sample import Labelled, LabelledSample
from pipelines.prevalence.design import band
from pipelines.prevalence.labels import collapsed
from pipelines.prevalence.rates import ErrorRates, significant
from pipelines.prevalence.sample import error_rates
from pipelines.release.policy import Support, WithheldError, check_can_publish_numerator
from pipelines.release.rounding import ROUNDING_BASE, round_to_base

WEIGHT_DIGITS = 2  # of how many messages a judged one stands for
MESSAGE_AND_SHARE = tuple[Labelled, float]
"""A judged message, and how much of it counts: one of two labellers' yes is a half."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What the labels used so far were: of which classifier's flags, and each category's months."""

    classifier: str
    months: Mapping[str, tuple[str, ...]]

    def as_dict(self) -> dict[str, Any]:
        """As the manifest prints it."""
        return {
            "classifier": self.classifier,
            "months": {category: list(months) for category, months in self.months.items()},
        }

    @classmethod
    def from_dict(cls, printed: Mapping[str, Any]) -> Labels:
        """The reverse of ``as_dict``."""
        months = {category: tuple(found) for category, found in printed["months"].items()}
        return cls(printed["classifier"], months)


def calibrate(
    sample: LabelledSample, used: Labels, kept: Mapping[str, ErrorRates], classifier: str
) -> tuple[dict[str, ErrorRates], Labels]:
    """Error rates by category and for ``ANY``, and what labels have then been used.

    ``kept`` are the last release's, made from the labels ``used``: they hold until enough further
    months are labelled, or the classifier is another one. Categories without any are left out.
    """
    found = dict(kept) if used.classifier == classifier else {}
    months = dict(used.months)
    for category, judged in sample.by_category.items():
        fresh = [m for m in judged if m.month not in months.get(category, ())]
        if not (_are_enough_people(fresh) and _are_enough_people(judged)):
            continue
        rates = _rounded_rates(category, judged, sample.wordless)
        if rates is not None:
            found[category] = rates
            months[category] = _months(judged, months.get(category, ()))
    return found, Labels(classifier, months)


def _months(judged: Iterable[Labelled], used: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted({*used, *(message.month for message in judged)}))


def _cells(judged: Iterable[Labelled]) -> list[list[MESSAGE_AND_SHARE]]:
    """Hits, misses, false alarms and clear messages."""
    messages = list(judged)
    of_it = [(m, m.judged) for m in messages if m.judged > 0]
    others = [(m, 1 - m.judged) for m in messages if m.judged < 1]
    return [
        [(m, share) for m, share in side if m.flagged is flagged]
        for side in (of_it, others)
        for flagged in (True, False)
    ]


def _are_enough_people(judged: Iterable[Labelled]) -> bool:
    """Whether each cell passes the policy; one without a message is as small as one of a few."""
    try:
        for cell in _cells(judged):
            check_can_publish_numerator(_support([message for message, _ in cell]))
    except WithheldError:
        return False
    return True


def _support(messages: Sequence[Labelled]) -> Support:
    held = sorted(Counter(m.contributor_key for m in messages).values(), reverse=True)
    return Support(
        messages=len(messages),
        contributors=len(held),
        authors=len({m.author_key for m in messages}),
        chats=0,  # not known of labels, nor asked of a numerator
        largest=sum(held[:1]),
        two_largest=sum(held[:2]),
    )


def _rounded_rates(category: str, judged: Sequence[Labelled], wordless: int) -> ErrorRates | None:
    exact = error_rates(collapsed(category, judged, wordless))
    if exact is None:
        return None
    hits, misses, alarms, clear = (_rounded(cell) for cell in _cells(judged))
    clear += round_to_base(wordless)
    if not (hits + misses and alarms + clear):
        return None
    positives, negatives = _banded(exact.positives), _banded(exact.negatives)
    rates = ErrorRates(
        hits / (hits + misses) * positives,
        positives,
        alarms / (alarms + clear) * negatives,
        negatives,
        exact.correlation,
    ).published()
    return rates if rates.informative else None


def _rounded(cell: Sequence[MESSAGE_AND_SHARE]) -> float:
    """What a cell stands for: its judged messages rounded to 5, times what each stands for."""
    many = sum(share for _, share in cell)
    stands_for = sum(message.weight * share for message, share in cell) / many
    return round_to_base(round(many)) * significant(stands_for, WEIGHT_DIGITS)


def _banded(size: float) -> float:
    return band(max(round_to_base(round(size)), ROUNDING_BASE))
