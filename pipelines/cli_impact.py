"""``candour impact``: what followed training, and what that cannot show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer
from rich.table import Table

from pipelines.cli_show import JsonFlag, screen, show_json
from pipelines.settings import Settings

if TYPE_CHECKING:
    from pipelines.impact.report import Finding, Told

app = typer.Typer()

CANNOT_SHOW = (
    "A ratio of 0.8 says that volunteers of trained forces had a fifth fewer such messages than "
    "forces not yet trained let expect; it does not say that training did it. Volunteers choose "
    "themselves. Training may change who uploads, or where people talk, instead of what they say: "
    "where the ratio of stable contributors, who contributed both before and after, is nearer to 1 "
    "than that of all, who uploads is part of it. "
    "Forces may have been trained because of how things were going. A small p of the months "
    "before training, or a ratio away from 1 at the placebo date or for weekends, says that the "
    "comparison does not hold. Where training changes nothing, about one interval in twenty still "
    "leaves out 1."
)


@app.command()
def impact(as_json: JsonFlag = False) -> None:
    """Compare forces after training with those not yet trained. In the enclave only.

    Prints averages over several trained forces that pass the policy, rounded; never a force's own.
    Months count up to the last June or December that is published.
    """
    from pipelines.impact.command import run_impact

    with screen.status("Comparing…"):
        until, found = run_impact(Settings())
    if as_json:
        outcomes = [asdict(finding) for finding in found]
        show_json({"until": until, "cannot_show": CANNOT_SHOW, "outcomes": outcomes})
        return
    screen.print(_ratios(until, found))
    screen.print(_checks(found))
    screen.print(CANNOT_SHOW)


def _ratios(until: str, found: Iterable[Finding]) -> Table:
    found = list(found)
    table = Table(
        title=f"Rate after training over the rate expected without, to {until}: months since then",
        title_justify="left",
    )
    table.add_column("outcome")
    for months in found[0].ratios if found else ():
        table.add_column(months)
    table.add_column("error rates")
    for one in found:
        table.add_row(one.outcome, *map(_said, one.ratios.values()), one.basis)
    return table


def _checks(found: Iterable[Finding]) -> Table:
    table = Table(title="What to hold them against", title_justify="left")
    for column in (
        "outcome",
        "p, dates dealt out again",
        "p, months before training",
        "placebo date",
        "stable contributors",
        "least detectable ratio",
    ):
        table.add_column(column)
    for one in found:
        table.add_row(
            one.outcome,
            _number(one.permutation_p),
            _number(one.pre_trend_p),
            _said(one.placebo_date),
            _said(one.stable_contributors),
            _number(one.least_detectable),
        )
    return table


def _said(told: Told) -> str:
    if told.missing:
        return f"Not enough data: {told.missing}"
    return f"{told.ratio} ({told.low} to {told.high})"


def _number(value: float | None) -> str:
    return "" if value is None else str(value)
