"""How many messages no rate is made from, as far as that may be said.

One national figure for all the months a release adds, whatever the reason: few people write in
another language, and a figure by force, month or reason would be about them. Classified and
unclassified messages have no published sum, so nothing can be subtracted from it.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from pipelines.release.cells import read_sql
from pipelines.release.policy import Support, WithheldError, check_can_publish_denominator
from pipelines.release.rounding import round_to_base
from pipelines.release.rows import SUPPRESSED


def not_classified(con: duckdb.DuckDBPyConnection, months: Sequence[str]) -> int | str:
    """Messages of ``months`` left unclassified, rounded; ``[c]`` unless they pass the policy that
    a force's messages of a month must pass (so too where there are none)."""
    row = con.execute(read_sql("unclassified"), {"months": list(months)}).fetchone()
    cell = Support(*(row or (0, 0, 0, 0, 0, 0)))
    try:
        check_can_publish_denominator(cell)
    except WithheldError:
        return SUPPRESSED
    return round_to_base(cell.messages)
