"""A sealed submission in, an encrypted shard of de-identified rows out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from pipelines.intake.inbox import sealed_bytes
from pipelines.keys import Keys
from pipelines.settings import Settings
from pipelines.staging.bunches import into_bunches
from pipelines.staging.desk import at_desk
from pipelines.staging.shard import Shard
from pipelines.staging.tools import Tools

__all__ = ["NOTHING_DONE", "Tools", "process_batch", "stage_submission"]

NOTHING_DONE = {"staged": 0, "already_staged": 0, "quarantined": 0, "rows": 0}


def process_batch(
    folders: Iterable[Path], tools: Tools, settings: Settings, keys: Keys
) -> dict[str, int]:
    """Stage each submission or quarantine it; counts of what happened, and nothing else.

    A submission staged before with the same versions is skipped unread, and one withdrawn in the
    meantime is no submission any more.
    """
    done = Counter(NOTHING_DONE)
    for bunch in into_bunches([(folder, sealed_bytes(folder)) for folder in folders]):
        with at_desk(bunch, tools, settings, keys) as desk:
            desk.read_ahead()
            for folder in bunch:
                done.update(desk.process(folder))
    return dict(done)


def stage_submission(folder: Path, tools: Tools, settings: Settings, keys: Keys) -> Shard:
    """Read, de-identify and classify one sealed submission and write its shard.

    The same submission with the same versions gives the same rows, hence the same shard. Raises
    ``QuarantineError`` where the submission cannot be used, ``ShardError`` where it cannot be
    written.
    """
    with at_desk([folder], tools, settings, keys) as desk:
        return desk.stage(folder)
