"""``candour impact``: from the warehouse and the latest release's error rates, in the enclave."""

from __future__ import annotations

from pipelines.errors import CallerError
from pipelines.impact.report import Finding, findings
from pipelines.impact.warehouse import last_half_year, read_collection
from pipelines.keys import load_keys
from pipelines.release.basis import check_not_private
from pipelines.release.estimation import estimated_in
from pipelines.release.publish import published_months, read_manifest
from pipelines.settings import Settings
from pipelines.warehouse.connect import open_warehouse


def run_impact(settings: Settings) -> tuple[str, list[Finding]]:
    """The last month counted (YYYY-MM), and what may be told of each outcome.

    Raises ``CallerError`` where there is no release or no warehouse, or the collection publishes
    private series.
    """
    check_not_private(settings)
    published = published_months(settings)
    if not published:
        raise CallerError(
            "No release yet, and effects of training are of published months only. "
            "Publish one with `candour run`."
        )
    if not settings.warehouse.exists():
        raise CallerError(
            "No warehouse here: effects of training are estimated in the enclave. "
            "Set CANDOUR_HOME to the collection's folder."
        )
    until = last_half_year(published[-1])
    methods = estimated_in(read_manifest(settings.releases / published[-1]))[-1].methods
    key = load_keys(settings.keys).data
    with open_warehouse(settings.warehouse, key, read_only=True) as connection:
        return until, list(findings(read_collection(connection, until), methods))
