"""The national monthly series with contributor-level differential privacy (zCDP, OpenDP).

Its keys are public (every category, whatever the data), its bounds are applied in SQL, and the
budget is spent before anything is drawn. A month's draw is kept and never made again.
docs/differential-privacy.md says what it promises.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.classify.taxonomy import CODES
from pipelines.errors import CallerError
from pipelines.release import enclave
from pipelines.release.anchor import anchor, check_anchored
from pipelines.release.basis import budget_ledger
from pipelines.release.budget import spend
from pipelines.release.files import alone
from pipelines.release.publish import check_no_exact
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


@dataclass(frozen=True, slots=True)
class Drawn:
    """One month's series, all forces together, and what they cost.

    ``series`` are ``MESSAGES`` and the flagged messages of each category; ``rho`` (zCDP) is of all
    of them, ``ledger_sha256`` the line of the budget's ledger that paid.
    """

    month: str
    rho: float
    ledger_sha256: str
    series: Mapping[str, Noisy]


def private_month(
    con: duckdb.DuckDBPyConnection,
    month: str,
    settings: Settings,
    categories: Sequence[str] = CODES,
) -> Drawn:
    """The month's series: as drawn before, else drawn now, spending the month's budget.

    ``con`` is a warehouse that can be written: it remembers what was spent. Raises ``CallerError``
    where private series are off, OpenDP is not installed, the budget is spent, or the collection
    has published exact figures or has some waiting; ``GateError`` where the budget's ledger is not
    the one that was spent from.
    """
    rho = settings.private_rho_per_month
    if rho is None:
        raise CallerError("Private series are off: set CANDOUR_PRIVATE_RHO_PER_MONTH to have them.")
    with alone(settings):
        check_no_exact(settings)
        kept = _path(month, settings)
        if kept.exists():
            return _read(kept)
        _opendp()  # before anything is spent
        ledger = budget_ledger(settings)
        check_anchored(con, ledger)
        paid = spend(ledger, month, rho, settings.private_rho_total)
        anchor(con, ledger)
        values = _bounded(con, month)
        names = (MESSAGES, *categories)
        series = {n: _noisy(values.get(n, []), _bound(n), rho / len(names)) for n in names}
        drawn = Drawn(month, rho, paid, series)
        enclave.write(kept, json.dumps(asdict(drawn), indent=2) + "\n")
        return drawn


def drawn_months(settings: Settings) -> list[Drawn]:
    """Every month drawn so far, in order, published or not."""
    return [_read(path) for path in sorted((settings.home / "ledgers").glob("private-*.json"))]


def _path(month: str, settings: Settings) -> Path:
    return settings.home / "ledgers" / f"private-{month}.json"


def _read(path: Path) -> Drawn:
    said = json.loads(path.read_text(encoding="utf-8"))
    series = {name: Noisy(**noisy) for name, noisy in said.pop("series").items()}
    return Drawn(**said, series=series)


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
