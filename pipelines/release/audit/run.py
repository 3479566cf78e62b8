"""The audit with what the enclave knows: each release's notes, and contributors' own counts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from pipelines.errors import CallerError
from pipelines.release import cells
from pipelines.release.audit.changes import check_changes
from pipelines.release.audit.gate import AuditResult, Progress, audit
from pipelines.release.audit.generations import name_of, read_generations
from pipelines.release.audit.insider import Insiders, read_insiders
from pipelines.release.audit.notes import AuditNotes, draft_notes, kept_notes
from pipelines.release.audit.solver import ContradictionError
from pipelines.release.basis import is_private
from pipelines.release.form import check_form
from pipelines.release.manifest import record_audit
from pipelines.release.periods import block_of
from pipelines.release.places import read_places
from pipelines.release.private_release import audit_private
from pipelines.release.publish import (
    DRAFT_PREFIX,
    figures_sha256,
    pending_months,
    published_months,
    read_manifest,
)
from pipelines.release.rows import TrendRow, read_rows
from pipelines.settings import Settings


def audit_draft(draft: Path, con: duckdb.DuckDBPyConnection, settings: Settings) -> AuditResult:
    """Attack a draft and every release before it, and say so in its manifest.

    Raises ``GateError`` where an attack succeeds.
    """
    month = draft.name.removeprefix(DRAFT_PREFIX)
    earlier = [name for name in published_months(settings) if name < month]
    folders = [*(settings.releases / name for name in earlier), draft]
    check_form(folders)
    figures = figures_sha256(draft)
    if is_private(read_manifest(draft)):
        result = audit_private(folders, settings)
        record_audit(draft, result, figures)
        return result
    notes = draft_notes(month, settings) + kept_notes(earlier, settings)
    check_changes(folders, settings)
    result = audit(folders, read_places(), notes, insiders_of(folders, con, notes))
    record_audit(draft, result, figures)
    return result


def audit_published(
    month: str | None,
    con: duckdb.DuckDBPyConnection | None,
    settings: Settings,
    progress: Progress,
) -> AuditResult:
    """Attack the release of ``month`` (the latest published, if ``None``) and every one before it.

    It may be waiting, so that approvers can attack what they sign.
    Without a warehouse (``con``), or with one that no longer holds what the release counted, only
    the outsider's attack can be made, and ``insider_views`` is 0. Raises ``CallerError`` where
    there is no such release, ``GateError`` where an attack succeeds.
    """
    folders = _up_to(month, settings)
    check_form(folders)
    months = [folder.name for folder in folders]
    if is_private(read_manifest(folders[-1])):
        return audit_private(folders, settings)
    places, notes = read_places(), kept_notes(months, settings)
    check_changes(folders, settings)
    if con is not None:
        try:
            return audit(folders, places, notes, insiders_of(folders, con, notes), progress)
        except ContradictionError:
            progress("The warehouse has changed since: contributors' own views cannot be made")
    return audit(folders, places, notes, None, progress)


def _up_to(month: str | None, settings: Settings) -> list[Path]:
    """The release of ``month`` and those published before it, oldest first."""
    published, waiting = published_months(settings), pending_months(settings)
    if not published and month not in waiting:
        raise CallerError(f"No release in {settings.releases}: make one with `candour run`.")
    if month is not None and month not in (*published, *waiting):
        raise CallerError(f"No release {month}: there are {', '.join((*published, *waiting))}.")
    folders = [settings.releases / name for name in published if month is None or name <= month]
    if month in waiting and month not in published:
        folders.append(settings.pending / month)
    return folders


def insiders_of(
    folders: Sequence[Path], con: duckdb.DuckDBPyConnection, notes: AuditNotes
) -> Insiders:
    """Contributors' own counts in the quarters that the last release adds to or counted anew."""
    cells.prepare(con)
    added = read_manifest(folders[-1])["months_added"]
    periods = {row.period for row in read_rows(folders[-1], TrendRow)}
    frozen = periods - {*added, *map(block_of, added)}  # a quarter comes out with its last month
    insiders = read_insiders(con, added, frozen)
    restated = notes.restated.get(name_of(folders[-1]))
    if restated is None:
        return insiders
    moved_in = read_insiders(con, {month for month, _ in restated.moved}, frozen)
    generation = len(read_generations(folders)) - 1
    return insiders | moved_in | moved_in.anew(restated.moved, generation)
