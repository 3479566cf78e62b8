"""The police-register test set: read, and counted by category and slice."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.classify.taxonomy import CODES, PROTECTIVE_CODE, RISK_CODES

TEST_SET = Path(__file__).with_name("police.tsv")
NOT_HATEFUL = (
    *("negation", "quotation", "counter_speech", "neutral_identity", "positive_identity"),
    *("reclaimed", "profanity_no_target"),
)


@dataclass(frozen=True, slots=True)
class Item:
    """A message, the slice it belongs to, and the codes a reader gives it."""

    slice: str
    codes: frozenset[str]
    text: str

    @property
    def risky(self) -> bool:
        """Whether it belongs to a category other than the protective one."""
        return bool(self.codes - {PROTECTIVE_CODE})


@dataclass(frozen=True, slots=True)
class Share:
    """``count`` of ``total``, with what it must reach where something must be reached."""

    name: str
    count: int
    total: int
    bound: float | None = None
    at_most: bool = False

    @property
    def value(self) -> float:
        """The share, 0 to 1."""
        return self.count / self.total if self.total else float("nan")

    @property
    def met(self) -> bool | None:
        """Whether the bound is kept; ``None`` without one."""
        if self.bound is None:
            return None
        return self.value <= self.bound if self.at_most else self.value >= self.bound


def read_items(path: Path = TEST_SET) -> list[Item]:
    """Every message of the test set."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [
            Item(
                row["slice"],
                frozenset(row["codes"].replace("-", "").split(",")) - {""},
                row["text"],
            )
            for row in rows
        ]


def shares(items: Sequence[Item], flags: Sequence[set[str]]) -> list[Share]:
    """The figures asked for, in the order of a report."""
    pairs = list(zip(items, flags, strict=True))
    return [*_whole(pairs), *_by_code(pairs), *_by_slice(pairs)]


Pairs = Sequence[tuple[Item, set[str]]]


def right(item: Item, flagged: set[str]) -> bool:
    """A risky message is right with one of its categories flagged, another with no risk flagged."""
    if item.risky:
        return bool(item.codes & flagged & set(RISK_CODES))
    return not flagged & set(RISK_CODES)


def _whole(pairs: Pairs) -> Iterator[Share]:
    risk = [bool(i.codes & f) for i, f in pairs if i.slice == "risk"]
    yield Share("right category", sum(risk), len(risk), 0.85)
    for name, bound in (("benign", 0.05), ("hard_negative", 0.10)):
        wrong = [not right(i, f) for i, f in pairs if i.slice == name]
        yield Share(
            f"{name.replace('_', ' ')} flagged", sum(wrong), len(wrong), bound, at_most=True
        )


def _by_code(pairs: Pairs) -> Iterator[Share]:
    for code in CODES:
        found = [code in f for i, f in pairs if code in i.codes]
        yield Share(f"{code} found", sum(found), len(found))
        wrong = [code in f for i, f in pairs if code not in i.codes]
        yield Share(f"{code} false alarms", sum(wrong), len(wrong))


def _by_slice(pairs: Pairs) -> Iterator[Share]:
    for name in dict.fromkeys(i.slice for i, _ in pairs):
        if name in ("risk", "benign", "hard_negative"):
            continue
        good = [right(i, f) for i, f in pairs if i.slice == name]
        yield Share(f"slice {name}", sum(good), len(good), 0.75 if name in NOT_HATEFUL else None)
