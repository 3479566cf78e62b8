"""``candour audit``: with the warehouse where there is one, from the releases alone otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from pipelines.keys import load_keys
from pipelines.release.audit.run import audit_published
from pipelines.settings import Settings
from pipelines.warehouse.connect import open_warehouse


def run_audit(
    month: str | None, settings: Settings, progress: Callable[[str], None]
) -> dict[str, int]:
    """What the audit looked at. Raises ``GateError`` where an attack succeeds."""
    if not settings.warehouse.exists() or not settings.keys.exists():
        return asdict(audit_published(month, None, settings, progress))
    key = load_keys(settings.keys).data
    with open_warehouse(settings.warehouse, key, read_only=True) as connection:
        return asdict(audit_published(month, connection, settings, progress))
