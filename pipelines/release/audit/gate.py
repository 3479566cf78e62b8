"""The audit as a gate: attack all releases together; refuse the last where an attack succeeds."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from pipelines.errors import GateError
from pipelines.release.audit.attack import Attack, Verdict
from pipelines.release.audit.estimates import check_estimates
from pipelines.release.audit.generations import joint_worlds, read_generations
from pipelines.release.audit.insider import Insiders
from pipelines.release.audit.notes import AuditNotes
from pipelines.release.audit.scan import find_forbidden
from pipelines.release.audit.world import World
from pipelines.release.places import Places
from pipelines.release.restated import check_restated

NAMED = 10  # cells named in the refusal; the rest are counted

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class AuditResult:
    """What the audit did and found nothing in.

    ``insider_views`` and ``programmes`` are for the operator: which withheld values had to be
    attacked, and how often, depends on who wrote where. The others count public things alone.
    """

    releases: int
    quarters: int
    published_counts: int
    withheld_counts: int
    insider_views: int
    programmes: int
    files_scanned: int

    def public(self) -> dict[str, int]:
        """What the manifest may say."""
        private = ("insider_views", "programmes")
        return {name: count for name, count in asdict(self).items() if name not in private}


def audit(
    folders: Sequence[Path],
    places: Places,
    notes: AuditNotes,
    insiders: Insiders | None = None,
    progress: Progress = lambda said: None,
) -> AuditResult:
    """Attack these releases, oldest first; the last may be a draft.

    Without ``insiders`` only the outsider's attack is made. Raises ``GateError`` naming the cells
    that can be told, the rows that changed, the estimate that is made of more than its counts, or
    the files that hold what none may.
    """
    check_bytes(folders)
    check_restated(folders)
    worlds = joint_worlds(read_generations(folders), places, notes)
    verdicts = attack(worlds, places, notes, insiders, progress)
    exposed = sorted({str(found.key) for verdict in verdicts for found in verdict.exposed})
    if exposed:
        more = f" and {len(exposed) - NAMED} more" if len(exposed) > NAMED else ""
        raise GateError(
            f"The disclosure audit refused {folders[-1].name}: withheld values can be told from "
            f"published ones: {', '.join(exposed[:NAMED])}{more}. Nothing is published; withhold "
            "more, or report these months later."
        )
    check_estimates(folders[-1])
    return AuditResult(
        releases=len(folders),
        quarters=len(worlds),
        published_counts=sum(len(world.figures) for world in worlds),
        withheld_counts=sum(len(world.withheld) for world in worlds),
        insider_views=sum(verdict.insider_views for verdict in verdicts),
        programmes=sum(verdict.programmes for verdict in verdicts),
        files_scanned=sum(1 for f in folders for path in f.rglob("*") if path.is_file()),
    )


def attack(
    worlds: Sequence[World],
    places: Places,
    notes: AuditNotes,
    insiders: Insiders | None,
    progress: Progress = lambda said: None,
) -> list[Verdict]:
    """Attack each quarter; the solver lets go of the interpreter, so threads share the work."""

    def one(world: World) -> Verdict:
        verdict = Attack(world, places, notes).run(insiders)
        progress(f"{world.block}: {verdict.withheld} withheld values attacked")
        return verdict

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(one, worlds))


def check_bytes(folders: Sequence[Path]) -> None:
    """No file holds a code or a reason."""
    found = [f"{folder.name}/{said}" for folder in folders for said in find_forbidden(folder)]
    if found:
        raise GateError(f"The disclosure audit refused: {'; '.join(found[:NAMED])}.")
