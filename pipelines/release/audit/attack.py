"""Attack one quarter as an outsider and, where that tells nothing, as every contributor would."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.release.audit.contributors import attack_as_contributors
from pipelines.release.audit.insider import Insiders
from pipelines.release.audit.notes import AuditNotes
from pipelines.release.audit.programmes import Exposed, Programmes
from pipelines.release.audit.world import World
from pipelines.release.places import Places


@dataclass(frozen=True, slots=True)
class Verdict:
    """One quarter's attack: withheld values bounded, programmes solved, and what was exposed."""

    block: str
    withheld: int
    insider_views: int
    programmes: int
    exposed: tuple[Exposed, ...]


class Attack(Programmes):
    """An attack on one quarter. ``run`` makes it."""

    def __init__(self, world: World, places: Places, notes: AuditNotes) -> None:
        super().__init__(world, places, notes)
        self.block = world.block

    def run(self, insiders: Insiders | None = None) -> Verdict:
        """The outsider's attack and, where that tells nothing, every insider's."""
        found, views = [], 0
        if self.targets:
            found = [self.judge(target) for target in self.not_shown_hidden()]
        exposed = [one for one in found if one is not None]
        if self.targets and insiders is not None and not exposed:
            views = len(self.targets)
            exposed = attack_as_contributors(self, insiders)
        return Verdict(self.block, len(self.targets), views, self.programmes, tuple(exposed))
