"""What is estimated of one outcome: effects over some months, with the checks beside them."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.impact.correction import with_rates_uncertain
from pipelines.impact.effects import Effect, compare, effects
from pipelines.impact.panel import Panel, usable
from pipelines.prevalence.rates import ErrorRates

Window = tuple[int, int]


def estimated(
    panel: Panel, windows: Sequence[Window], rates: ErrorRates | None, transfer_sd: float = 0.0
) -> list[Effect]:
    """The effect over each of ``windows`` (months since training) of a panel of flags.

    ``rates`` are ``None`` for counts that no classifier made. Raises ``CannotEstimateError``.
    """

    def plain(counts: Panel) -> list[Effect]:
        return effects(compare(usable(counts)), windows)

    return plain(panel) if rates is None else with_rates_uncertain(panel, rates, transfer_sd, plain)
