"""One month's release: from the marts to a draft folder that ``publish.publish`` makes public."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.errors import CallerError
from pipelines.release import cells
from pipelines.release.disclosure import Outcome, Values, decide, recheck
from pipelines.release.figures import anything_published, habit_rows, trend_rows
from pipelines.release.files import write_checksums
from pipelines.release.ledger import keep_ledger, make_ledger, public_ledger
from pipelines.release.manifest import Disclosure, make_manifest, write_manifest
from pipelines.release.open_data import write_open_data
from pipelines.release.private import check_not_private
from pipelines.release.publish import chain, new_draft, published_months
from pipelines.release.rows import HabitRow, ImpactRow, Rows, TrendRow, read_rows, write_rows
from pipelines.release.training import impact_rows, read_trainings, why_missing
from pipelines.release.unclassified import not_classified
from pipelines.settings import REPOSITORY, Settings

SEEDS = REPOSITORY / "sql" / "seeds"


@dataclass(frozen=True, slots=True)
class Frozen:
    """What earlier releases published: copied, never computed again."""

    trends: Sequence[TrendRow]
    habits: Sequence[HabitRow]
    last: str | None


def build_release(
    con: duckdb.DuckDBPyConnection,
    month: str,
    settings: Settings,
    versions: Mapping[str, str] | None = None,
    inputs: str = "",
) -> Path:
    """Draft the release of ``month`` (``YYYY-MM``); its folder, not yet public.

    Reads ``mart.contribution``, ``mart.habit_contribution`` and
    ``mart.unclassified_contribution``, writes nothing to the warehouse.
    Raises ``CallerError`` where a later month is out or there is no message, ``GateError`` where
    the ledger or the disclosure recheck fails: then there is no draft.
    """
    check_not_private(settings)
    frozen = read_frozen(month, settings)
    forces = force_codes(SEEDS / "forces.csv")
    cells.prepare(con)
    values, by_month = cells.splits(con), cells.messages_by_month(con)
    if not any(reported <= month for reported in by_month):
        raise CallerError(
            f"Nothing to report for {month}: the warehouse has no message up to then. "
            "Run intake first, or choose a later month."
        )
    span = months_between(_first(month, frozen, by_month), month)
    outcome = decide(con, span, forces, values)
    months = _from_first_figure(span, outcome, forces) if frozen.last is None else span
    ledger = make_ledger(by_month, months, outcome)
    audit = recheck(con, outcome, values)
    rows = _rows(outcome, months, forces, values, frozen)
    manifest = make_manifest(
        month,
        months,
        rows,
        previous=chain(settings, month),
        ledger=public_ledger(months, outcome)
        | {"messages_not_classified": not_classified(con, months)},
        disclosure=Disclosure(audit=audit),
        versions=versions or {},
        inputs=inputs,
        settings=settings,
    )
    draft = new_draft(month, settings)
    write_rows(draft, TrendRow, rows.trends)
    write_rows(draft, HabitRow, rows.habits)
    write_rows(draft, ImpactRow, rows.impact, why_missing(manifest["months"]))
    shutil.copyfile(SEEDS / "training.csv", draft / "training.csv")
    write_manifest(draft, manifest)
    write_open_data(draft)
    write_checksums(draft)
    keep_ledger(ledger, month, settings)
    return draft


def read_frozen(month: str, settings: Settings) -> Frozen:
    """What the release before ``month`` published."""
    published = published_months(settings)
    if published and published[-1] > month:
        raise CallerError(
            f"{month} cannot be reported after {published[-1]}: published months are frozen. "
            f"Report {published[-1]} or a later month."
        )
    earlier = [name for name in published if name < month]
    if not earlier:
        return Frozen([], [], None)
    folder = settings.releases / earlier[-1]
    return Frozen(read_rows(folder, TrendRow), read_rows(folder, HabitRow), earlier[-1])


def months_between(first: str, last: str) -> list[str]:
    """``YYYY-MM`` from ``first`` to ``last``, both included."""
    start, end = _months_since_zero(first), _months_since_zero(last)
    return [f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(start, end + 1)]


def force_codes(path: Path) -> list[str]:
    """Every force, in the file's order: one that nobody volunteered from is listed as the rest."""
    with path.open(newline="", encoding="utf-8") as file:
        return [row["force_code"] for row in csv.DictReader(file)]


def _rows(
    outcome: Outcome,
    months: Sequence[str],
    forces: Sequence[str],
    values: Values,
    frozen: Frozen,
) -> Rows:
    trends = [*frozen.trends, *trend_rows(outcome, months, forces, values)]
    habits = [*frozen.habits, *habit_rows(outcome, months, forces, values)]
    trainings = read_trainings(SEEDS / "training.csv")
    return Rows(trends, habits, list(impact_rows(trends, trainings)))


def _first(month: str, frozen: Frozen, by_month: Mapping[str, int]) -> str:
    if frozen.last is not None:
        return months_between(frozen.last, month)[1]
    return min(by_month)


def _from_first_figure(
    months: Sequence[str], outcome: Outcome, forces: Sequence[str]
) -> Sequence[str]:
    """Leave out leading months without a figure: when collecting began is nobody's business."""
    for index, month in enumerate(months):
        if anything_published(outcome, month, forces):
            return months[index:]
    return months[-1:]


def _months_since_zero(month: str) -> int:
    year, number = month.split("-")
    return 12 * int(year) + int(number) - 1
