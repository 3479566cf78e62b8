"""A month's release as the monthly report makes it: drafted, attacked, handed on."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.release.audit.run import audit_draft
from pipelines.release.build import build_release
from pipelines.release.publish import publish
from pipelines.settings import Settings


def audited(
    con: duckdb.DuckDBPyConnection,
    month: str,
    settings: Settings,
    *,
    anew: bool = False,
) -> Path:
    """A draft that passed its audit."""
    draft = build_release(con, month, settings, anew=anew)
    audit_draft(draft, con, settings)
    return draft


def released(con: duckdb.DuckDBPyConnection, month: str, settings: Settings) -> Path:
    """Published, or waiting for approval where the settings ask for it."""
    return publish(audited(con, month, settings), settings)
