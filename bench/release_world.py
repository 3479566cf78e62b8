"""Invented contributions for the disclosure benches: marts filled by a model, no message written.

Forces of unequal size, people of unequal talkativeness and inclination, and the planted rates of
the synthetic collection: rare categories, few people behind most of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import numpy as np
import pandas as pd

from pipelines.release import cells
from pipelines.release.audit.notes import NO_NOTES
from pipelines.release.build import Draft, make_draft
from pipelines.release.draft import Frozen
from pipelines.release.places import Places
from pipelines.synthetic.generate import MESSAGES_PER_MONTH
from pipelines.synthetic.plan import BASE_RATES, CHALLENGE_RATE, UNPROMPTED_SPUP_RATE
from tests.marts import TABLES

RATES = {**BASE_RATES, "SPUP": UNPROMPTED_SPUP_RATE}
OVERLAP = 0.92  # flagged messages over flags: some messages have several categories
FORCE_SHAPE, PERSON_SHAPE, INCLINATION_SHAPE = 4.0, 1.2, 0.7  # of gamma distributions
FILL = """
INSERT INTO mart.contribution
SELECT encode('c' || person), encode('c' || person), encode(force || (person % 7)::VARCHAR), force,
       month::DATE, category, messages, flagged, 0, challenged
FROM frame
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


def draft_world(con: duckdb.DuckDBPyConnection, places: Places, last: str) -> Draft:
    """The first release of a world, up to month ``last``."""
    cells.prepare(con)
    return make_draft(con, last, Frozen([], [], NO_NOTES, None), places, cells.splits(con))
