"""What a release says about itself, for whoever checks it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipelines.release.audit.gate import AuditResult
from pipelines.release.estimation import Estimated, overall_basis
from pipelines.release.fallback import FALLBACKS, FallbackCounts
from pipelines.release.periods import is_quarter
from pipelines.release.policy import thresholds
from pipelines.release.provenance import Provenance
from pipelines.release.publish import PASSED
from pipelines.release.rounding import INTRA_CONTRIBUTOR_CORRELATION, ROUNDING_BASE
from pipelines.release.rows import ChallengeRow, HabitRow, ImpactRow, Rows, TrendRow
from pipelines.release.training import WINDOW_MONTHS
from pipelines.settings import REPOSITORY, Approval, Settings

FORMAT = 6  # 1: estimates were flags per 1,000 messages; 2: versions and inputs told of
# submissions; 3: so did how many attacks the audit had made; 4: there was no effects.csv; 5: the
# months that a release added had no times of the week
CODE = (
    *(f"pipelines/**/*.{kind}" for kind in ("py", "toml", "j2", "js", "css", "typ")),
    *("sql/**/*.sql", "sql/seeds/*.csv", "expectations/**/*", "requirements.lock"),
    *("pipelines/classify/taxonomy.json", "pipelines/classify/model/card.json"),
    "pipelines/deidentify/model/CARD.md",  # the methodology page shows all three
)
AnyRow = TrendRow | HabitRow | ChallengeRow | ImpactRow
APPROVAL_NOTES = {
    Approval.TWO_PEOPLE: "Published only when two people, in two roles, had signed exactly these "
    "files; the folder approvals holds their signatures.",
    Approval.DEMONSTRATION: "Self-approved by the demonstration: two throw-away keys that it made "
    "itself signed these files. No person has reviewed them.",
    Approval.NONE: "Every gate passed; no person has reviewed this release.",
}


def make_manifest(
    month: str,
    new_months: Sequence[str],
    rows: Rows,
    *,
    estimated: Sequence[Estimated],
    previous: Sequence[Mapping[str, str]],
    ledger: Mapping[str, int | str],
    fallbacks: FallbackCounts,
    provenance: Provenance,
    settings: Settings,
) -> dict[str, Any]:
    """The manifest of ``month``. ``new_months`` are those not yet frozen."""
    months = {row.period for row in rows.trends if not is_quarter(row.period)}
    basis = overall_basis(row.basis for row in rows.trends)
    return {
        **describe(month, months, new_months, basis, release_config(), previous, settings),
        "estimation": [one.as_dict() for one in estimated],
        "versions": {tool: list(known) for tool, known in provenance.versions.items()},
        "inputs_hmac_sha256": provenance.inputs_hmac_sha256,
        "ledger": {"unit": "messages of the months added, rounded to 5", **ledger},
        "cells": {
            "trends": count_cells(rows.trends),
            "habits": count_cells(rows.habits),
            "challenge": count_cells(rows.challenge),
            "impact": count_cells(rows.impact),
        },
        "fallbacks": asdict(fallbacks),
    }


def describe(
    month: str,
    months: Iterable[str],
    new_months: Sequence[str],
    basis: str,
    config: Mapping[str, int | float | str],
    previous: Sequence[Mapping[str, str]],
    settings: Settings,
) -> dict[str, Any]:
    """What every manifest says; nothing of it depends on what people wrote."""
    return {
        "format": FORMAT,
        "release": month,
        "notice": settings.notice,
        "months": sorted(months),
        "months_added": list(new_months),
        "basis": basis,
        "config": dict(config),
        "config_sha256": hashlib.sha256(_json(config).encode()).hexdigest(),
        "code_version": version("candour"),
        "code_sha256": code_hash(REPOSITORY),
        "previous": list(previous),
        "approval": approval_note(settings),
    }


def approval_note(settings: Settings) -> dict[str, str]:
    """How a release must be approved: part of what is signed, so it cannot say who did."""
    return {"policy": settings.approval.value, "note": APPROVAL_NOTES[settings.approval]}


def release_config() -> dict[str, int | float | str]:
    """Everything that decides what is published and how."""
    return {
        **thresholds(),
        "rounding_base": ROUNDING_BASE,
        "intra_contributor_correlation": INTRA_CONTRIBUTOR_CORRELATION,
        "impact_window_months": WINDOW_MONTHS,
        "fallback": " > ".join(FALLBACKS),
    }


def count_cells(rows: Sequence[AnyRow]) -> dict[str, int]:
    """Rows with a figure and rows with ``[c]``. Why each is withheld is not said: it would tell."""
    shown = sum(_has_figure(row) for row in rows)
    return {"published": shown, "suppressed": len(rows) - shown}


def record_audit(folder: Path, result: AuditResult, figures: Mapping[str, str]) -> None:
    """Say in a draft's manifest that the audit passed and what it looked at."""
    _record(folder, "audit", result.public(), figures)


def record_gate(folder: Path, counts: Mapping[str, int], figures: Mapping[str, str]) -> None:
    """Say in a draft's manifest that gate 3 passed, with how many expectations."""
    _record(folder, "gate", counts, figures)


def _record(
    folder: Path, check: str, counts: Mapping[str, int], figures: Mapping[str, str]
) -> None:
    """``figures`` are the hashes from before the check looked: which figures it passed."""
    manifest = json.loads((folder / "manifest.json").read_text())
    record = {"result": PASSED, **counts, "figures_sha256": dict(figures)}
    write_manifest(folder, manifest | {check: record})


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write ``manifest.json``."""
    (folder / "manifest.json").write_text(_json(manifest) + "\n")


@cache
def code_hash(repository: Path) -> str:
    """One hash over the code, SQL, seeds, templates and locked dependencies of a release."""
    digest = hashlib.sha256()
    for path in sorted(p for pattern in CODE for p in repository.glob(pattern) if p.is_file()):
        digest.update(path.relative_to(repository).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def _has_figure(row: AnyRow) -> bool:
    if isinstance(row, ChallengeRow):
        return row.share is not None
    if isinstance(row, ImpactRow):
        return row.before_per_1000 is not None and row.after_per_1000 is not None
    return row.estimate_per_1000 is not None


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
