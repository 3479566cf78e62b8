"""How far labellers agree beyond chance: Krippendorff's alpha, by category."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb

from pipelines.classify.taxonomy import CODES
from pipelines.duck import read_sql


@dataclass(frozen=True, slots=True)
class Agreement:
    """One category. ``alpha`` is 1 where labellers always agree, 0 where as often as by chance,
    ``None`` where all said the same of every message. ``some`` and ``all`` count messages that a
    labeller, or each of theirs, put in the category."""

    category: str
    some: int
    all: int
    alpha: float | None


def agreement(connection: duckdb.DuckDBPyConnection) -> tuple[int, list[Agreement]]:
    """Messages that two labellers or more have judged, and their agreement by category.

    Messages count alike whatever their stratum: this is about the labellers, on what they saw.
    """
    judged = [row[0] for row in connection.execute(read_sql("label/opinions.sql")).fetchall()]
    return len(judged), [_of(code, judged) for code in CODES]


def progress(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Messages judged, by labeller."""
    return dict(connection.execute(read_sql("label/progress.sql")).fetchall())


def alpha(units: Iterable[Sequence[bool]]) -> float | None:
    """Krippendorff's alpha for yes or no; each unit holds its labellers' answers, two or more.

    Observed over expected disagreement in the coincidence matrix (Krippendorff, *Content Analysis*,
    4th ed. 2018, ch. 12); ``None`` where there is no variation to disagree about.
    """
    yes = no = 0
    disagreeing = 0.0
    for unit in units:
        said_yes = sum(unit)
        said_no = len(unit) - said_yes
        yes, no = yes + said_yes, no + said_no
        disagreeing += said_yes * said_no / (len(unit) - 1)
    return 1 - (yes + no - 1) * disagreeing / (yes * no) if yes and no else None


def _of(code: str, judged: Sequence[Sequence[Sequence[str]]]) -> Agreement:
    units = [[code in categories for categories in opinions] for opinions in judged]
    return Agreement(code, sum(map(any, units)), sum(map(all, units)), alpha(units))
