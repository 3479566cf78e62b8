"""``candour verify``: what the releases hold, and what else the enclave can tell of them."""

from __future__ import annotations

from dataclasses import replace

from pipelines.keys import load_keys
from pipelines.release.provenance import Source
from pipelines.release.publish import read_manifest
from pipelines.release.verify import Finding, verify
from pipelines.report.derived import derived_problems, made_by_this_code
from pipelines.settings import Settings
from pipelines.warehouse.connect import WarehouseBusyError, open_warehouse


def run_verify(release: str | None, settings: Settings) -> list[Finding]:
    """As ``verify``, and of each release without a problem so far: whether its pages and open
    data are made of its figures, if this version made it, and whether the warehouse still holds
    the inputs it was made from, if the warehouse is here and free.
    """
    found = [_drawn(finding, settings) for finding in verify(settings, release)]
    if not settings.warehouse.exists() or not settings.keys.exists():
        return found
    key = load_keys(settings.keys).data
    try:
        with open_warehouse(settings.warehouse, key, read_only=True) as connection:
            source = Source(connection, key)
            return [_made_from(finding, source, settings) for finding in found]
    except WarehouseBusyError:
        return found


def _drawn(found: Finding, settings: Settings) -> Finding:
    folder = settings.releases / found.release
    if found.problems or not made_by_this_code(folder):
        return found
    return replace(found, problems=tuple(derived_problems(folder)))


def _made_from(found: Finding, source: Source, settings: Settings) -> Finding:
    """A private release says nothing of its inputs; a damaged one nothing at all."""
    if found.problems:
        return found
    manifest = read_manifest(settings.releases / found.release)
    said = manifest.get("inputs_hmac_sha256")
    if not said:
        return found
    now = source.inputs_hmac(found.release, manifest["months_added"])
    return replace(found, inputs_as_loaded=now == said)
