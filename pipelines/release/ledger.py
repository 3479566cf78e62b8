"""Where every message of the marts went. Exact inside; rounded and safe in the manifest."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pipelines.errors import GateError
from pipelines.release.cells import MESSAGES, NATIONAL, Table
from pipelines.release.disclosure import Outcome
from pipelines.release.rounding import round_to_base
from pipelines.release.rows import SUPPRESSED
from pipelines.settings import Settings


@dataclass(frozen=True, slots=True)
class ReleaseLedger:
    """Messages of the marts by what this release does with them. Exact: never published.

    ``in_force_figures`` are in a force's published denominator and the national one;
    ``in_national_figures_only`` in the latter alone; ``withheld`` in neither. ``earlier_months``
    are in months frozen or left out before; ``later_months`` after the release's month.
    """

    messages: int
    earlier_months: int
    in_force_figures: int
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
    by_month: Mapping[str, int], months: Sequence[str], outcome: Outcome
) -> ReleaseLedger:
    """``by_month`` are the marts' messages, ``months`` those this release adds, in order."""
    sides = [_month(outcome, month) for month in months]
    ledger = ReleaseLedger(
        messages=sum(by_month.values()),
        earlier_months=sum(n for month, n in by_month.items() if month < months[0]),
        in_force_figures=sum(side[0] for side in sides),
        in_national_figures_only=sum(side[1] for side in sides),
        withheld=sum(side[2] for side in sides),
        later_months=sum(n for month, n in by_month.items() if month > months[-1]),
    )
    ledger.check()
    return ledger


def public_ledger(months: Sequence[str], outcome: Outcome) -> dict[str, int | str]:
    """The same for the months a release adds, rounded to 5, ``[c]`` where it could be subtracted.

    What only national figures hold is each month's remainder, which passed the policy as a force
    does. What no figure holds is never given, not even rounded.
    """
    forces = [
        round_to_base(outcome.groups[Table(month, MESSAGES), force].denominator.messages)
        for month in months
        for force in outcome.decisions[Table(month, MESSAGES)].published
    ]
    remainders = [round_to_base(_month(outcome, month)[1]) for month in months]
    hidden = any(_month(outcome, month)[2] for month in months)
    released = sum(forces) + sum(remainders)
    return {
        "messages_in_marts": SUPPRESSED if hidden else released,
        "messages_released": released,
        "messages_in_force_figures": sum(forces),
        "messages_in_national_figures_only": sum(remainders),
        "messages_withheld": SUPPRESSED if hidden else 0,
    }


def keep_ledger(ledger: ReleaseLedger, month: str, settings: Settings) -> None:
    """Write the exact ledger where only the operator reads it, outside the release."""
    path = _path(month, settings)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_text(json.dumps(asdict(ledger), indent=2) + "\n")
    path.chmod(0o600)


def kept_ledger(month: str, settings: Settings) -> ReleaseLedger:
    """The exact ledger of ``month``'s release, for the operator's screen."""
    return ReleaseLedger(**json.loads(_path(month, settings).read_text()))


def _path(month: str, settings: Settings) -> Path:
    return settings.home / "ledgers" / f"release-{month}.json"


def _month(outcome: Outcome, month: str) -> tuple[int, int, int]:
    """A month's messages in force figures, in national figures only, and in neither."""
    table = Table(month, MESSAGES)
    decision = outcome.decisions[table]
    held = {
        force: outcome.groups[table, force].denominator.messages
        for force in (*decision.published, *decision.withheld)
    }
    in_force = sum(held[force] for force in decision.published)
    rest = sum(held[force] for force in decision.withheld)
    total = outcome.groups[table, NATIONAL].denominator.messages
    if in_force + rest != total:
        raise GateError(f"Release ledger: the forces of {month} do not add up to the nation.")
    return (in_force, rest, 0) if decision.national_published else (in_force, 0, rest)
