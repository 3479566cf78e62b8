"""Whether every change that a re-baseline shows is of enough people, from what the enclave kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipelines.errors import GateError
from pipelines.release.audit.generations import name_of
from pipelines.release.baseline import History, can_seal, kept_history
from pipelines.release.block import Block
from pipelines.release.estimation import estimated_in
from pipelines.release.moves import changes_are_safe
from pipelines.release.periods import block_of
from pipelines.release.places import read_places
from pipelines.release.publish import DRAFT_PREFIX, read_manifest
from pipelines.release.restated import declared_in
from pipelines.release.rows import ChallengeRow, HabitRow, TrendRow, read_rows
from pipelines.settings import Settings


def check_changes(folders: Sequence[Path], settings: Settings) -> None:
    """Raise ``GateError`` unless each re-baseline's figures are made of the counts kept, and these
    differ from those before by nothing or by enough people.

    Without the warehouse's key nothing can be said, and only the files are audited.
    """
    if not can_seal(settings):
        return
    for number, folder in enumerate(folders):
        declared = declared_in(folder)
        if declared is not None:
            history = _history(folders[: number + 1], settings)
            for name in sorted({block_of(period) for period in declared.periods}):
                block = _block(folder, name, history)
                if not (block.is_reproduced() and changes_are_safe(block)):
                    raise GateError(
                        f"The disclosure audit refused {folder.name}: what its re-baseline changed "
                        f"in {name} is not what was kept of it, or tells of too few people. "
                        f"Report {name_of(folder)} without --rebaseline."
                    )


def _history(folders: Sequence[Path], settings: Settings) -> History:
    *earlier, last = folders
    months = [folder.name for folder in earlier]
    if last.name.startswith(DRAFT_PREFIX):
        return kept_history(months, settings, draft=name_of(last))
    return kept_history([*months, last.name], settings)


def _block(folder: Path, name: str, history: History) -> Block:
    return Block(
        [row for row in read_rows(folder, TrendRow) if block_of(row.period) == name],
        [row for row in read_rows(folder, HabitRow) if block_of(row.period) == name],
        [row for row in read_rows(folder, ChallengeRow) if block_of(row.period) == name],
        history,
        read_places(),
        estimated_in(read_manifest(folder)),
    )
