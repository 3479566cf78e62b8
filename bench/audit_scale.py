"""How long a first release and its audit take: 43 forces, 12 categories and habits, 36 months.

python -m bench.audit_scale [--write]
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Sequence
from time import perf_counter

from bench.disclosure import PAGE
from bench.page import write_between
from bench.release_world import draft_world, make_world, spread_over_habits
from pipelines.release.audit.gate import attack
from pipelines.release.audit.insider import read_insiders
from pipelines.release.audit.world import read_worlds
from pipelines.release.draft import notes_on
from pipelines.release.periods import months_between
from pipelines.release.places import read_places
from pipelines.release.rows import HabitRow

MONTHS = months_between("2023-11", "2026-10")
SEED = 11
WEEK = "time_of_week"
HEAD = """| people a force | draft, s | audit, s | with contributors' views, s | withheld counts | programmes | peak memory, MB | weeks |
|---:|---:|---:|---:|---:|---:|---:|---:|"""  # noqa: E501


def measure(per_force: int) -> str:
    """One line of the table."""
    places = read_places()
    con = make_world(places, MONTHS, per_force, SEED)
    spread_over_habits(con, SEED)
    started = perf_counter()
    draft = draft_world(con, places, MONTHS[-1])
    drafted = perf_counter()
    worlds = read_worlds(draft.rows.trends, draft.rows.habits, draft.rows.challenge)
    notes = notes_on(draft.outcome, draft.scope)
    attack(worlds, places, notes, None)
    audited = perf_counter()
    verdicts = attack(worlds, places, notes, read_insiders(con, MONTHS))
    done = perf_counter()
    assert not any(verdict.exposed for verdict in verdicts)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    withheld, programmes = (
        sum(getattr(v, n) for v in verdicts) for n in ("withheld", "programmes")
    )
    return (
        f"| {per_force} | {drafted - started:.0f} | {audited - drafted:.0f} | "
        f"{done - audited:.0f} | {withheld:,} | {programmes:,} | {peak:,} | "
        f"{weeks_shown(draft.rows.habits):.0%} |"
    )


def weeks_shown(habits: Sequence[HabitRow]) -> float:
    """The share of the nation's and forces' months of any figure that have times of the week."""
    months = {(r.period, r.force_code) for r in habits if r.messages is not None}
    weeks = {(r.period, r.force_code) for r in habits if r.habit == WEEK and r.part is not None}
    return len(weeks) / len(months)


def main() -> None:
    lines = []
    for per_force in (30, 90):
        lines.append(measure(per_force))
        print(lines[-1], flush=True)
    if "--write" in sys.argv:
        said = f"Measured on {os.cpu_count()} cores.\n\n"
        write_between(PAGE, "scale", said + "\n".join([HEAD, *lines]))


if __name__ == "__main__":
    main()
