"""Invented contributions for the disclosure benches: marts filled by a model, no message written.

Forces of unequal size, people of unequal talkativeness and inclination, and the planted rates of
the synthetic collection: rare categories, few people behind most of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines.release import cells
from pipelines.release.audit.notes import NO_NOTES
from pipelines.release.build import Draft, make_draft
from pipelines.release.draft import Frozen
from pipelines.release.places import Places
from pipelines.synthetic.generate import MESSAGES_PER_MONTH
from pipelines.synthetic.plan import BASE_RATES, CHALLENGE_RATE, UNPROMPTED_SPUP_RATE
from tests.marts import TABLES

RATES = {**BASE_RATES, "SPUP": UNPROMPTED_SPUP_RATE}
DAYS = {"weekday": 0.72, "weekend": 0.28}
BANDS = ("00:00 to 05:59", "06:00 to 11:59", "12:00 to 17:59", "18:00 to 23:59")
TIMES = (0.07, 0.26, 0.30, 0.37)
SHARES = {
    "kind": {"text": 0.9, "image": 0.1},
    "platform": {"whatsapp": 0.8, "signal": 0.2},
    "group_size": {"1-2": 0.2, "3-9": 0.4, "10-29": 0.3, "30+": 0.1},
    "operational": {"no": 0.9, "yes": 0.1},
}
ALIKE = 15.0  # of Dirichlet distributions: how far people's habits are the common ones
Counts = NDArray[np.int64]
OVERLAP = 0.92  # flagged messages over flags: some messages have several categories
FORCE_SHAPE, PERSON_SHAPE, INCLINATION_SHAPE = 4.0, 1.2, 0.7  # of gamma distributions
FILL = """
INSERT INTO mart.contribution
SELECT encode('c' || person), encode('c' || person), encode(force || (person % 7)::VARCHAR), force,
       month::DATE, category, messages, flagged, 0, challenged
FROM frame
"""
PEOPLE = """
SELECT contributor_key, author_key, chat_key, force_code, month, messages
FROM mart.contribution
WHERE category = 'ANY'
ORDER BY ALL
"""


def make_world(
    places: Places, months: Sequence[str], per_force: int, seed: int
) -> duckdb.DuckDBPyConnection:
    """Marts of every force with about ``per_force`` contributors in each month."""
    rng, answers = np.random.default_rng(seed), np.random.default_rng(seed + 1)
    sizes = np.maximum(1, rng.gamma(FORCE_SHAPE, per_force / FORCE_SHAPE, len(places.forces)))
    force = np.repeat(places.forces, sizes.astype(int))
    person = np.arange(len(force))
    level = rng.gamma(PERSON_SHAPE, MESSAGES_PER_MONTH / PERSON_SHAPE, len(force))
    con = duckdb.connect()
    con.execute(TABLES)
    for month in months:
        messages = rng.poisson(level)
        inclination = rng.gamma(INCLINATION_SHAPE, 1 / INCLINATION_SHAPE, len(force))
        flagged = {
            code: rng.binomial(messages, np.minimum(rate * inclination, 0.5))
            for code, rate in RATES.items()
        }
        risky = [count for code, count in flagged.items() if code != "SPUP"]
        together = (sum(risky) * OVERLAP).astype(int)
        flagged["ANY"] = np.minimum(np.maximum.reduce([*risky, together]), messages)
        wrote = messages > 0
        for category, count in flagged.items():
            frame = pd.DataFrame(
                {
                    "person": person[wrote],
                    "force": force[wrote],
                    "month": f"{month}-01",
                    "category": category,
                    "messages": messages[wrote],
                    "flagged": count[wrote],
                    "challenged": answers.binomial(count, CHALLENGE_RATE)[wrote],
                }
            )
            con.register("frame", frame)
            con.execute(FILL)
    return con


def spread_over_habits(con: duckdb.DuckDBPyConnection, seed: int) -> None:
    """Give each person's messages times, kinds and chats: each has ways of their own."""
    rng = np.random.default_rng(seed)
    people = con.execute(PEOPLE).df()
    times = _spread(
        rng, people["messages"], [day * time for day in DAYS.values() for time in TIMES]
    )
    by_day = times.reshape(len(people), len(DAYS), len(TIMES))
    _add(con, people, "time_of_week", [f"{d} {t}" for d in DAYS for t in BANDS], times)
    _add(con, people, "weekday", ["1", "6"], by_day.sum(axis=2))
    _add(con, people, "hour", ["03", "09", "15", "21"], by_day.sum(axis=1))
    for habit, shares in SHARES.items():
        counts = _spread(rng, people["messages"], list(shares.values()))
        _add(con, people, habit, list(shares), counts)


def _spread(rng: np.random.Generator, messages: pd.Series, shares: Sequence[float]) -> Counts:
    """Each person's messages by value, about as ``shares`` say."""
    own = rng.dirichlet(np.array(shares) * ALIKE, len(messages))
    return np.array([rng.multinomial(n, p) for n, p in zip(messages, own, strict=True)])


def _add(
    con: duckdb.DuckDBPyConnection,
    people: pd.DataFrame,
    habit: str,
    values: Sequence[str],
    counts: Counts,
) -> None:
    for value, column in zip(values, counts.T, strict=True):
        frame = people.assign(habit=habit, value=value, messages=column)
        con.register("frame", frame[frame["messages"] > 0])
        con.execute("INSERT INTO mart.habit_contribution BY NAME FROM frame")


def draft_world(con: duckdb.DuckDBPyConnection, places: Places, last: str) -> Draft:
    """The first release of a world, up to month ``last``."""
    cells.prepare(con)
    return make_draft(con, last, Frozen([], [], NO_NOTES, None), places, cells.splits(con))
