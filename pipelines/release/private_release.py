"""A month's private release, instead of an exact one: drafted, checked, then published as any.

Months published before are copied. Nothing in it depends on what people wrote but the draws: no
hash of the inputs, no version of a model that only some submissions used, no count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb

from pipelines.errors import GateError
from pipelines.release.anchor import check_anchored
from pipelines.release.audit.gate import AuditResult, check_bytes
from pipelines.release.basis import PRIVATE, budget_ledger
from pipelines.release.budget import spending
from pipelines.release.files import write_checksums
from pipelines.release.manifest import describe, write_manifest
from pipelines.release.open_data import write_open_data
from pipelines.release.private import MAX_FLAGGED, MAX_MESSAGES, Drawn, drawn_months, private_month
from pipelines.release.private_rates import private_rows
from pipelines.release.publish import (
    chain,
    check_no_exact,
    earlier_months,
    new_draft,
    published_months,
    read_manifest,
)
from pipelines.release.rows import NOT_APPLICABLE, PrivateRow, read_rows, write_rows
from pipelines.settings import Settings


def build_private_release(con: duckdb.DuckDBPyConnection, month: str, settings: Settings) -> Path:
    """Draft the private release of ``month`` (``YYYY-MM``); its folder, not yet public.

    Adds that month, and months drawn before whose release was never published. Where a later
    month is out, a month that was never drawn is drawn now and comes with the next release: the
    draft is then of the latest one, as it was published. Raises ``CallerError`` where a later
    month is out and this one as well, or as ``private_month`` does; ``GateError`` where the
    budget's ledger is lost.
    """
    check_no_exact(settings)
    check_anchored(con, budget_ledger(settings))
    published = published_months(settings)
    frozen: list[PrivateRow] = []
    paid: dict[str, Any] = {}
    if published:
        frozen = read_rows(settings.releases / published[-1], PrivateRow)
        paid = read_manifest(settings.releases / published[-1])["privacy"]["months"]
    known = {row.period for row in frozen}
    if month in known:
        earlier_months(month, settings)
    else:
        private_month(con, month, settings)
    month = max([month, *published])
    new = [d for d in drawn_months(settings) if d.month <= month and d.month not in known]
    if month in published:
        new = []  # frozen: what was drawn late comes with the next
    rows = [*frozen, *(row for drawn in new for row in private_rows(drawn))]
    folder = new_draft(month, settings)
    write_rows(folder, PrivateRow, rows, lambda row, name: NOT_APPLICABLE)
    write_manifest(folder, _manifest(month, rows, new, paid, settings))
    write_open_data(folder)
    write_checksums(folder)
    return folder


def audit_private(folders: Sequence[Path], settings: Settings) -> AuditResult:
    """Check private releases, oldest first; the last may be a draft.

    Raises ``GateError`` where a row of an earlier one is not in the last as it was, a month was
    not paid for as it says, or a file holds what none may.
    """
    check_bytes(folders)
    *earlier, last = (set(read_rows(folder, PrivateRow)) for folder in folders)
    for folder, rows in zip(folders, earlier, strict=False):
        if changed := rows - last:
            raise GateError(
                f"The private release {folders[-1].name} is refused: {len(changed)} rows of "
                f"{folder.name} are not in it as they were, and a published month is frozen."
            )
    _check_paid(folders[-1], {row.period for row in last}, settings)
    return AuditResult(
        releases=len(folders),
        quarters=0,
        published_counts=len(last),
        withheld_counts=0,
        insider_views=0,
        programmes=0,
        files_scanned=sum(1 for f in folders for path in f.rglob("*") if path.is_file()),
    )


def _check_paid(folder: Path, months: set[str], settings: Settings) -> None:
    said = read_manifest(folder)["privacy"]["months"]
    paid = {(e["month"], e["rho"], e["sha256"]) for e in spending(budget_ledger(settings))}
    claimed = {(month, of["rho"], of["ledger_sha256"]) for month, of in said.items()}
    unpaid = (months ^ said.keys()) | {month for month, *_ in claimed - paid}
    if unpaid:
        raise GateError(
            f"The private release {folder.name} is refused: the privacy ledger does not hold what "
            f"{', '.join(sorted(unpaid))} cost. Restore ledgers/privacy.jsonl from a copy."
        )


def _manifest(
    month: str,
    rows: Sequence[PrivateRow],
    new: Sequence[Drawn],
    paid: Mapping[str, Any],
    settings: Settings,
) -> dict[str, Any]:
    bounds = {"messages": MAX_MESSAGES, "flagged": MAX_FLAGGED}
    months = {row.period for row in rows}
    spent = spending(budget_ledger(settings))
    added = [drawn.month for drawn in new]
    said = describe(month, months, added, PRIVATE, bounds, chain(settings, month), settings)
    return said | {
        "privacy": {
            "definition": "zero-concentrated differential privacy (zCDP)",
            "unit": "one contributor: all submissions, all months",
            "rho_spent": sum(entry["rho"] for entry in spent),
            "rho_total": settings.private_rho_total,
            "bounds": {"of": "a contributor and month", **bounds},
            "months": {**paid, **{drawn.month: _cost(drawn) for drawn in new}},
            "ledger_sha256": spent[-1]["sha256"],
        }
    }


def _cost(drawn: Drawn) -> dict[str, Any]:
    said = asdict(drawn)
    noise = {name: noisy["sd"] for name, noisy in said["series"].items()}
    return {"rho": drawn.rho, "ledger_sha256": drawn.ledger_sha256, "noise_sd": noise}
