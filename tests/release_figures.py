"""A release's own files from figures that a test states: nothing here passed disclosure control."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from pipelines.release.effects import effects_made_of, why_no_effect
from pipelines.release.estimation import Estimated
from pipelines.release.fallback import count_fallbacks
from pipelines.release.manifest import make_manifest, write_manifest
from pipelines.release.places import SEEDS, read_places
from pipelines.release.provenance import Provenance
from pipelines.release.rows import (
    ChallengeRow,
    EffectRow,
    HabitRow,
    ImpactRow,
    Rows,
    TrendRow,
    write_rows,
)
from pipelines.release.training import why_missing
from pipelines.settings import Settings

MESSAGES_IN_MARTS = 2000


def write_figures(folder: Path, months: Sequence[str], rows: Rows, estimated: Estimated) -> Path:
    """Fill ``folder`` with everything but open data, pages and PDFs; effects are made of ``rows``.

    All ``months`` (YYYY-MM, in order) are new, and estimated as ``estimated`` says.
    """
    write_rows(folder, TrendRow, rows.trends)
    write_rows(folder, HabitRow, rows.habits)
    write_rows(folder, ChallengeRow, rows.challenge)
    write_rows(folder, ImpactRow, rows.impact, why_missing(months))
    shutil.copyfile(SEEDS / "training.csv", folder / "training.csv")
    manifest = make_manifest(
        months[-1],
        months,
        rows,
        estimated=[estimated],
        previous=[],
        ledger={"messages_in_marts": MESSAGES_IN_MARTS},
        fallbacks=count_fallbacks(rows.trends, rows.challenge, read_places()),
        provenance=Provenance(),
        settings=Settings(),
    )
    write_manifest(folder, manifest)
    write_rows(folder, EffectRow, effects_made_of(folder), why_no_effect)
    return folder
