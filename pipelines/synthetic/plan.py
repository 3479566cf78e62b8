"""What is planted: how common each category is by force and month, and what training does to it."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines.errors import CallerError
from pipelines.settings import REPOSITORY
from pipelines.synthetic.chance import seeded

SEEDS = REPOSITORY / "sql" / "seeds"

# Share of text messages, before force, month and training. Invented: no measured base rates are
# public. Common enough together (6.4%) for a small demo to publish something.
BASE_RATES: Mapping[str, float] = {
    "DISC": 0.006, "SEXM": 0.007, "VIOL": 0.004, "FORC": 0.004, "BULL": 0.006, "INSU": 0.010,
    "OPS": 0.010, "PERS": 0.006, "INTG": 0.004, "FITN": 0.004, "DISR": 0.003,
}  # fmt: skip
# Relative change once a force's programme has finished. Nought is a placebo category.
TRAINING_EFFECTS: Mapping[str, float] = {
    "DISC": -0.45, "SEXM": -0.40, "VIOL": -0.20, "FORC": -0.20, "BULL": -0.35, "INSU": -0.35,
    "OPS": -0.50, "PERS": -0.45, "INTG": -0.25, "FITN": 0.0, "DISR": 0.0,
}  # fmt: skip
CHALLENGE_RATE = 0.16  # share of risky messages somebody answers
CHALLENGE_AFTER_TRAINING = 1.8  # times as many
UNPROMPTED_SPUP_RATE = 0.004  # share of texts that support, report or redirect on their own
LOOKALIKE_RATE = 0.05  # share of texts that look risky and are not
FORCE_SPREAD = 0.25  # standard deviation of a force's log rate
MONTH_SPREAD = 0.08
HIGHEST_TOTAL = 0.5


@dataclass(frozen=True, slots=True)
class Training:
    """A programme at one force, first to last day."""

    force_code: str
    programme: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Rates:
    """Planted for one force and month: shares of text messages, and the challenge rate."""

    risk: Mapping[str, float]
    challenge: float
    lookalike: float
    unprompted_spup: float


def read_calendar(path: Path = SEEDS / "training.csv") -> list[Training]:
    """The training calendar the dashboards mark."""
    with path.open(newline="", encoding="utf-8") as file:
        return [
            Training(row["force_code"], row["programme"],
                     date.fromisoformat(row["start"]), date.fromisoformat(row["end"]))
            for row in csv.DictReader(file)
        ]  # fmt: skip


def choose_forces(forces: int | Sequence[str]) -> list[str]:
    """Force codes: those asked for, or ``forces`` of them spread over the country."""
    with (SEEDS / "forces.csv").open(newline="", encoding="utf-8") as file:
        known = [row["force_code"] for row in csv.DictReader(file)]
    if isinstance(forces, int):
        if not 1 <= forces <= len(known):
            raise CallerError(f"There are {len(known)} forces: ask for 1 to {len(known)}.")
        return [known[index * len(known) // forces] for index in range(forces)]
    unknown = sorted(set(forces) - set(known))
    if unknown:
        raise CallerError(f"Unknown force code {unknown[0]}: use one from sql/seeds/forces.csv.")
    return list(forces)


def months_until(end_month: str, count: int) -> list[str]:
    """``count`` months as ``YYYY-MM``, the last being ``end_month``."""
    year, month = (int(part) for part in end_month.split("-"))
    last = year * 12 + month - 1
    return [f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(last - count + 1, last + 1)]


def trained_share(training: Training | None, month: str) -> float:
    """How much of the programme's effect a month has: 0 before, rising while it runs, then 1."""
    if training is None:
        return 0.0
    first = date.fromisoformat(f"{month}-01")
    middle = first.replace(day=15)
    length = max((training.end - training.start).days, 1)
    return min(max((middle - training.start).days / length, 0.0), 1.0)


def plan_force(
    seed: int, force: str, months: Sequence[str], training: Training | None, scale: float
) -> dict[str, Rates]:
    """The planted rates of one force, month by month. ``scale`` multiplies every risk rate."""
    rng = seeded(seed, "plan", force)
    level = {code: math.exp(rng.gauss(0, FORCE_SPREAD)) for code in BASE_RATES}
    plan = {}
    for month in months:
        share = trained_share(training, month)
        risk = {
            code: round(
                base * scale * level[code] * math.exp(rng.gauss(0, MONTH_SPREAD))
                * (1 + TRAINING_EFFECTS[code] * share), 6)
            for code, base in BASE_RATES.items()
        }  # fmt: skip
        if sum(risk.values()) > HIGHEST_TOTAL:
            raise CallerError(f"A risk scale of {scale} plants risk in over half the messages.")
        challenge = CHALLENGE_RATE * (1 + (CHALLENGE_AFTER_TRAINING - 1) * share)
        plan[month] = Rates(risk, round(challenge, 6), LOOKALIKE_RATE, UNPROMPTED_SPUP_RATE)
    return plan
