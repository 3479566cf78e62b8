"""The national monthly series with contributor-level differential privacy (zCDP, OpenDP).

Its keys are public (every category, whatever the data), its bounds are applied in SQL, and the
budget is spent before anything is drawn. docs/differential-privacy.md says what it promises.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from pipelines.errors import CallerError
from pipelines.release.basis import budget_ledger
from pipelines.release.budget import spend
from pipelines.release.files import alone
from pipelines.release.publish import pending_months, published_months
from pipelines.release.rounding import PER
from pipelines.settings import REPOSITORY, Settings

MESSAGES = "messages"
MAX_MESSAGES = 200  # a contributor's in a month: more adds noise for everybody
MAX_FLAGGED = 10  # a contributor's of one category in a month
SQL = REPOSITORY / "sql" / "release" / "bounded.sql"


@dataclass(frozen=True, slots=True)
class Noisy:
    """A count with Gaussian noise of standard deviation ``sd``; may be below zero."""

    count: int
    sd: float


def private_month(
    con: duckdb.DuckDBPyConnection, month: str, categories: Sequence[str], settings: Settings
) -> dict[str, Noisy]:
    """Messages and flagged messages by category, all forces together. Spends the month's budget.

    Raises ``CallerError`` where private series are off, the budget is spent, or the collection has
    published exact figures or has some waiting.
    """
    rho = settings.private_rho_per_month
    if rho is None:
        raise CallerError("Private series are off: set CANDOUR_PRIVATE_RHO_PER_MONTH to have them.")
    _opendp()  # before anything is spent
    with alone(settings):
        if published_months(settings) or pending_months(settings):
            raise CallerError(
                "This collection has exact releases, and a private series is never published "
                "beside exact tables of the same cells."
            )
        spend(budget_ledger(settings), month, rho, settings.private_rho_total)
    values = _bounded(con, month)
    series = (MESSAGES, *categories)
    return {name: _noisy(values.get(name, []), _bound(name), rho / len(series)) for name in series}


def rate(flagged: Noisy, messages: Noisy) -> float | None:
    """Per 1,000 messages, kept within 0 and 1,000; ``None`` (``[z]``) without a denominator."""
    if messages.count <= 0:
        return None
    return min(max(PER * flagged.count / messages.count, 0.0), float(PER))


def _bound(series: str) -> int:
    return MAX_MESSAGES if series == MESSAGES else MAX_FLAGGED


def _bounded(con: duckdb.DuckDBPyConnection, month: str) -> Mapping[str, list[int]]:
    found: dict[str, list[int]] = {}
    asked = [f"{month}-01", MAX_MESSAGES, MAX_FLAGGED]
    for name, value in con.execute(SQL.read_text(), asked).fetchall():
        found.setdefault(name, []).append(value)
    return found


def _noisy(values: list[int], bound: int, rho: float) -> Noisy:
    """The sum of one value a contributor, each within 0 and ``bound``, at ``rho`` zCDP."""
    dp = _opendp()
    space = dp.vector_domain(dp.atom_domain(bounds=(0, bound), T=int)), dp.symmetric_distance()

    def make(scale: float) -> Any:
        return space >> dp.t.then_sum() >> dp.m.then_gaussian(scale)

    scale = dp.binary_search_param(make, d_in=1, d_out=rho, T=float)
    return Noisy(int(make(scale)(values)), float(scale))


def _opendp() -> Any:
    try:
        import opendp.prelude as dp
    except ImportError:
        raise CallerError("Private series need OpenDP: `pip install 'candour[private]'`.") from None
    dp.enable_features("contrib")
    return dp
