"""One month's release: from the marts to a draft folder that ``publish.publish`` makes public."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from pipelines.errors import CallerError
from pipelines.release import cells
from pipelines.release.anchor import check_nothing_spent
from pipelines.release.audit.notes import NO_NOTES, keep_notes, kept_notes
from pipelines.release.baseline import keep_baseline, make_baseline
from pipelines.release.basis import check_not_private
from pipelines.release.cells import Values
from pipelines.release.disclosure import Outcome, Scope, merge
from pipelines.release.draft import Frozen, draft_figures, notes_on
from pipelines.release.effects import effects_made_of, why_no_effect
from pipelines.release.estimation import Estimated, by_period, estimated_in, read_methods
from pipelines.release.fallback import count_fallbacks
from pipelines.release.figures import anything_published, published_cells
from pipelines.release.files import write_checksums
from pipelines.release.ledger import keep_ledger, make_ledger, public_ledger
from pipelines.release.manifest import make_manifest, write_manifest
from pipelines.release.open_data import write_open_data
from pipelines.release.periods import is_quarter, months_between, whole_quarters
from pipelines.release.places import SEEDS, Places, read_places
from pipelines.release.provenance import Provenance, Source
from pipelines.release.publish import chain, earlier_months, new_draft, read_manifest
from pipelines.release.rebaseline import rebaseline
from pipelines.release.rows import (
    ChallengeRow,
    EffectRow,
    HabitRow,
    ImpactRow,
    Rows,
    TrendRow,
    read_rows,
    write_rows,
)
from pipelines.release.training import impact_rows, read_trainings, why_missing
from pipelines.release.unclassified import not_classified
from pipelines.settings import Settings


@dataclass(frozen=True, slots=True)
class Draft:
    """What a release adds to the frozen ones: its scope, its decisions and its rows.

    ``estimated`` says how every period's rows were estimated, frozen ones first.
    """

    scope: Scope
    outcome: Outcome
    rows: Rows
    estimated: Sequence[Estimated]


def build_release(
    con: duckdb.DuckDBPyConnection,
    month: str,
    settings: Settings,
    source: Source | None = None,
    *,
    anew: bool = False,
) -> Path:
    """Draft the release of ``month`` (``YYYY-MM``); its folder, not yet public.

    ``anew`` makes it the yearly re-baseline as well. ``source`` says what its figures were made
    from and with; without it the manifest does not.

    Reads ``mart.contribution``, ``mart.habit_contribution`` and
    ``mart.unclassified_contribution``, writes nothing to the warehouse.
    Raises ``CallerError`` where a later month is out or there is no message, ``GateError`` where
    the ledger does not add up or frozen months leave no safe choice: then there is no draft.
    """
    check_not_private(settings)
    check_nothing_spent(con)
    frozen = read_frozen(month, settings)
    places = read_places()
    cells.prepare(con)
    values, by_month = cells.splits(con), cells.messages_by_month(con)
    if not any(reported <= month for reported in by_month):
        raise CallerError(
            f"Nothing to report for {month}: the warehouse has no message up to then. "
            "Run intake first, or choose a later month."
        )
    restated = rebaseline(con, month, frozen, places, values, settings) if anew else None
    draft = make_draft(con, month, restated.frozen if restated else frozen, places, values)
    months = draft.scope.months
    ledger = make_ledger(by_month, months, draft.outcome, draft.scope)
    manifest = make_manifest(
        month,
        months,
        draft.rows,
        estimated=draft.estimated,
        previous=chain(settings, month),
        ledger=public_ledger(months, draft.rows.trends, places)
        | {"messages_not_classified": not_classified(con, months)},
        fallbacks=count_fallbacks(draft.rows.trends, draft.rows.challenge, places),
        provenance=source.provenance(month, months) if source else Provenance(),
        settings=settings,
    )
    if restated is not None:
        manifest["rebaseline"] = restated.declaration()
    folder = new_draft(month, settings)
    write_rows(folder, TrendRow, draft.rows.trends)
    write_rows(folder, HabitRow, draft.rows.habits)
    write_rows(folder, ChallengeRow, draft.rows.challenge)
    write_rows(folder, ImpactRow, draft.rows.impact, why_missing(manifest["months"]))
    shutil.copyfile(SEEDS / "training.csv", folder / "training.csv")
    write_manifest(folder, manifest)
    write_rows(folder, EffectRow, effects_made_of(folder), why_no_effect)
    write_open_data(folder)
    write_checksums(folder)
    notes = notes_on(draft.outcome, draft.scope)
    baseline = make_baseline(con, draft.scope, draft.outcome, values)
    if restated is not None:
        notes = replace(notes, restated={month: restated.restated})
        baseline |= restated.baseline
    keep_ledger(ledger, month, settings)
    keep_notes(notes, month, settings)
    keep_baseline(baseline, month, settings)
    return folder


def make_draft(
    con: duckdb.DuckDBPyConnection, month: str, frozen: Frozen, places: Places, values: Values
) -> Draft:
    """Decide and count what ``month``'s release adds. ``cells.prepare`` comes before."""
    scope = _scope(con, month, frozen, places, values)
    methods, design, labels = read_methods(con, scope, values, frozen.estimated)
    quarters = list(draft_figures(con, scope, values, frozen, methods, design))
    outcome = merge([quarter.outcome for quarter in quarters])
    if frozen.last is None:
        scope = _from_first_figure(scope, outcome)
    added = {*scope.months, *scope.quarters}
    new = [row for quarter in quarters for row in quarter.trends if row.period in added]
    trends = [*frozen.trends, *sorted(new, key=_order)]
    answered = [row for quarter in quarters for row in quarter.challenge if row.period in added]
    challenge = [*frozen.challenge, *sorted(answered, key=_order)]
    habits = [row for quarter in quarters for row in quarter.habits if row.period in added]
    trainings = read_trainings(SEEDS / "training.csv")
    periods = (*scope.months, *scope.quarters)
    estimated = [*frozen.estimated, Estimated(month, periods, methods, design, labels)]
    impact = list(impact_rows(trends, trainings, by_period(estimated)))
    rows = Rows(trends, [*frozen.habits, *habits], impact, challenge)
    return Draft(scope, outcome, rows, estimated)


def read_frozen(month: str, settings: Settings) -> Frozen:
    """What the release before ``month`` published."""
    earlier = earlier_months(month, settings)
    if not earlier:
        return Frozen([], [], NO_NOTES, None)
    folder = settings.releases / earlier[-1]
    notes = kept_notes(earlier, settings)
    return Frozen(
        read_rows(folder, TrendRow),
        read_rows(folder, HabitRow),
        notes,
        earlier[-1],
        estimated_in(read_manifest(folder)),
        read_rows(folder, ChallengeRow),
    )


def _order(row: TrendRow | ChallengeRow) -> tuple[bool, str]:
    """Months before quarters."""
    return is_quarter(row.period), row.period


def _scope(
    con: duckdb.DuckDBPyConnection, month: str, frozen: Frozen, places: Places, values: Values
) -> Scope:
    present = cells.present(con)
    first = min(present) if frozen.last is None else months_between(frozen.last, month)[1]
    months = months_between(first, month)
    old = {row.period for row in frozen.trends}
    quarters = [q for q in whole_quarters([*frozen.months, *months]) if q not in old]
    published = published_cells(frozen.trends, frozen.habits, frozen.challenge, values)
    return Scope(months, quarters, frozen.months, published, places, present)


def _from_first_figure(scope: Scope, outcome: Outcome) -> Scope:
    """Leave out leading months without a figure: when collecting began is nobody's business."""
    months = list(scope.months)
    while len(months) > 1 and not anything_published(outcome, months[0]):
        del months[0]
    return replace(
        scope, months=months, quarters=[q for q in scope.quarters if q in whole_quarters(months)]
    )
