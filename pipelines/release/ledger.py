"""Where every message of the marts went. Exact inside; from published figures in the manifest."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from pipelines.errors import CallerError, GateError
from pipelines.release.cells import MESSAGES, Cell
from pipelines.release.disclosure import Outcome, Scope
from pipelines.release.enclave import Kept, keep_with_draft, of_release
from pipelines.release.periods import quarter_of
from pipelines.release.places import NATIONAL, Places
from pipelines.release.rows import SUPPRESSED, TrendRow
from pipelines.settings import Settings


@dataclass(frozen=True, slots=True)
class ReleaseLedger:
    """Messages of the marts by what this release does with them. Exact: never published.

    A message is counted under the finest denominator it is in, of its month or quarter:
    ``in_force_figures``, ``in_region_figures_only``, ``in_national_figures_only``; ``withheld``
    is in none. ``earlier_months`` are in months frozen or left out before; ``later_months`` after
    the release's month.
    """

    messages: int
    earlier_months: int
    in_force_figures: int
    in_region_figures_only: int
    in_national_figures_only: int
    withheld: int
    later_months: int

    def parts(self) -> dict[str, int]:
        """Every outcome's messages, in the order of the fields."""
        return {name: count for name, count in asdict(self).items() if name != "messages"}

    def check(self) -> None:
        """Raise ``GateError`` where a message is lost or counted twice."""
        if self.messages != sum(self.parts().values()):
            raise GateError(
                "Release ledger: messages in the marts and messages released or withheld differ; "
                "rebuild the marts and run again."
            )


def make_ledger(
    by_month: Mapping[str, int], months: Sequence[str], outcome: Outcome, scope: Scope
) -> ReleaseLedger:
    """``by_month`` are the marts' messages, ``months`` those this release adds, in order."""
    held = dict.fromkeys(("force", "region", "national", "withheld"), 0)
    for month in months:
        for force in scope.places.forces:
            messages = outcome.groups[MESSAGES, Cell(month, force)].denominator.messages
            held[_finest(outcome, scope, month, force)] += messages
    ledger = ReleaseLedger(
        messages=sum(by_month.values()),
        earlier_months=sum(n for month, n in by_month.items() if month < months[0]),
        in_force_figures=held["force"],
        in_region_figures_only=held["region"],
        in_national_figures_only=held["national"],
        withheld=held["withheld"],
        later_months=sum(n for month, n in by_month.items() if month > months[-1]),
    )
    ledger.check()
    return ledger


def public_ledger(
    months: Sequence[str], rows: Iterable[TrendRow], places: Places
) -> dict[str, int | str]:
    """The same for the months a release adds, from its published monthly counts and no others.

    What only wider figures hold is the difference of published ones. What no figure holds is
    never given, not even rounded.
    """
    shown = {(r.period, r.force_code): r.messages for r in rows if r.messages is not None}
    sides = []
    for month in months:
        in_forces = sum(shown.get((month, force), 0) for force in places.forces)
        sides.append((in_forces, max(in_forces, shown.get((month, NATIONAL), 0))))
    hidden = any((month, NATIONAL) not in shown for month in months)
    released = sum(side[1] for side in sides)
    in_forces = sum(side[0] for side in sides)
    return {
        "messages_in_marts": SUPPRESSED if hidden else released,
        "messages_released": released,
        "messages_in_force_figures": in_forces,
        "messages_in_national_figures_only": released - in_forces,
        "messages_withheld": SUPPRESSED if hidden else 0,
    }


def keep_ledger(ledger: ReleaseLedger, month: str, settings: Settings) -> None:
    """Keep the exact ledger with the draft of ``month``, where only the operator reads it."""
    text = json.dumps(asdict(ledger), indent=2) + "\n"
    keep_with_draft(Kept.LEDGER, month, text, settings)


def kept_ledger(month: str, settings: Settings) -> ReleaseLedger:
    """The exact ledger of ``month``'s release, for the operator's screen."""
    text = of_release(Kept.LEDGER, month, settings)
    if text is None:
        raise CallerError(f"No ledger of {month}'s release is kept: make it with `candour run`.")
    return ReleaseLedger(**json.loads(text))


def _finest(outcome: Outcome, scope: Scope, month: str, force: str) -> str:
    """The level of the finest published denominator over a force's month."""
    quarter = [quarter_of(month)] if quarter_of(month) in scope.quarters else []
    places = {"force": force, "region": scope.places.region_of[force], "national": NATIONAL}
    published = outcome.published[MESSAGES]
    for level, place in places.items():
        if any(Cell(period, place) in published for period in (month, *quarter)):
            return level
    return "withheld"
