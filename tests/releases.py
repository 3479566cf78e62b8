"""A month's release as the monthly report makes it: drafted, attacked, handed on."""

from __future__ import annotations

from collections.abc import Mapping
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
    versions: Mapping[str, str] | None = None,
    *,
    anew: bool = False,
) -> Path:
    """A draft that passed its audit."""
    draft = build_release(con, month, settings, versions, anew=anew)
    audit_draft(draft, con, settings)
    return draft


def released(
    con: duckdb.DuckDBPyConnection,
    month: str,
    settings: Settings,
    versions: Mapping[str, str] | None = None,
) -> Path:
    """Published, or waiting for approval where the settings ask for it."""
    return publish(audited(con, month, settings, versions), settings)
