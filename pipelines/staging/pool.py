"""Stages a batch on every core. Only paths and counts cross between processes, never text.

Each worker loads the tools and the keys itself and opens the sealed submissions it is given by
path; what it remembers of texts stays in it. A failure crosses as one sentence without content. A
submission that takes too long or kills its worker is quarantined, and the others go on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from operator import itemgetter
from pathlib import Path

from pipelines.disk import DiskFullError, is_disk_full
from pipelines.errors import CandourError, Reason
from pipelines.intake.inbox import hold, quarantine, sealed_bytes
from pipelines.keys import Keys, in_use, load_keys
from pipelines.no_dumps import forbid_core_dumps
from pipelines.settings import Settings
from pipelines.staging.bunches import Bunch, into_bunches
from pipelines.staging.crew import READY, Outcome, Work, WorkerError, work_through
from pipelines.staging.desk import Desk, at_desk
from pipelines.staging.right_keys import check_keys
from pipelines.staging.rows import submission_key
from pipelines.staging.shard import find_shards, sidecar
from pipelines.staging.stage import NOTHING_DONE, process_batch
from pipelines.staging.tools import Tools


@dataclass(frozen=True, slots=True)
class _Kit:
    """What a worker process needs, loaded in it."""

    tools: Tools
    settings: Settings
    keys: Keys

    @classmethod
    def load(cls, settings: Settings) -> _Kit:
        forbid_core_dumps()
        return cls(Tools.load(settings.name_model), settings, load_keys(settings.keys))


def stage_batch(folders: Sequence[Path], settings: Settings) -> dict[str, int]:
    """As :func:`process_batch`, on ``settings.stage_workers`` processes at most.

    Raises ``WorkerError`` once every other submission is done, ``CallerError`` before any is where
    the keys are another collection's.
    """
    with in_use(settings.keys):
        keys = load_keys(settings.keys)
        check_keys(settings, keys)
        if settings.stage_workers == 0:
            kit = _Kit.load(settings)
            return process_batch(folders, kit.tools, kit.settings, kit.keys)
        return stage_all(folders, settings, keys)


def stage_all(
    folders: Sequence[Path], settings: Settings, keys: Keys, work: Work | None = None
) -> dict[str, int]:
    """``stage_batch`` in worker processes, each of which runs ``work``."""
    sizes = [(folder, sealed_bytes(folder)) for folder in folders]
    largest_first = sorted(sizes, key=itemgetter(1), reverse=True)
    workers = settings.stage_workers
    known = set(settings.staged.glob("*.json"))
    total, failures = Counter(NOTHING_DONE), []
    bunches = list(into_bunches(largest_first, workers))
    for outcome in work_through(bunches, workers, work or _work, settings):
        if outcome.ended:
            total.update(_put_away(outcome.folder, outcome.ended, known, settings, keys))
        elif outcome.failure:
            failures.append(outcome.failure)
        total.update(outcome.counts)
    if failures:
        raise WorkerError(failures[0])
    return dict(total)


def _put_away(
    folder: Path, why: Reason, known: set[Path], settings: Settings, keys: Keys
) -> dict[str, int]:
    """Quarantine what ended its worker, unless it was staged and only the word of that is lost."""
    with hold(folder) as there:
        if not there:
            return {}
        shards = find_shards(settings.staged, submission_key(folder.name, keys).hex())
        for shard in shards:
            if sidecar(shard.path) not in known:
                return {"staged": 1, "rows": shard.counts.staged}
        quarantine(folder, why, settings, {"seconds_allowed": settings.submission_seconds})
    return {"quarantined": 1}


def _work(settings: Settings, connection: Connection) -> None:
    """A worker process: stage one submission after another until nobody asks any more."""
    try:
        kit = _Kit.load(settings)
    except CandourError as error:
        connection.send(str(error).rstrip("."))
        return
    except Exception as error:
        kind = type(error).__name__
        connection.send(f"a process could not load its models and keys ({kind})")
        return
    connection.send(READY)
    while True:
        try:
            bunch = connection.recv()
        except EOFError:
            return
        connection.send(_stage(bunch, kit))


def _stage(bunch: Bunch, kit: _Kit) -> list[Outcome]:
    """Whatever is raised ends here, for it could quote the chat."""
    try:
        with at_desk(bunch, kit.tools, kit.settings, kit.keys) as desk:
            desk.read_ahead()
            return [_stage_one(folder, desk, kit.settings) for folder in bunch]
    except Exception as error:
        return [_failed(folder, error, kit.settings) for folder in bunch]


def _stage_one(folder: Path, desk: Desk, settings: Settings) -> Outcome:
    try:
        return Outcome(folder, desk.process(folder))
    except Exception as error:
        return _failed(folder, error, settings)


def _failed(folder: Path, error: Exception, settings: Settings) -> Outcome:
    if isinstance(error, CandourError):
        return Outcome(folder, failure=str(error))
    if is_disk_full(error):
        return Outcome(folder, failure=str(DiskFullError(settings.home)))
    kind = type(error).__name__
    return Outcome(folder, failure=f"Submission {folder.name} could not be staged ({kind}).")
