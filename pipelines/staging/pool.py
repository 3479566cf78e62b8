"""Stages a batch on every core. Only paths and counts cross between processes, never text.

Each worker loads the tools and the keys itself and opens the sealed submissions it is given by
path; what it remembers of texts stays in it. A failure crosses as one sentence without content.
"""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from pipelines.disk import DiskFullError, is_disk_full
from pipelines.errors import CandourError
from pipelines.intake.inbox import sealed_bytes
from pipelines.keys import Keys, in_use, load_keys
from pipelines.no_dumps import forbid_core_dumps
from pipelines.settings import Settings
from pipelines.staging.right_keys import check_keys
from pipelines.staging.stage import Tools, process_batch


class WorkerError(CandourError):
    """A submission could not be staged, for a reason that is not its own: nothing was lost."""


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


@dataclass(frozen=True, slots=True)
class _Outcome:
    """Of one submission: counts, or a sentence that says why there are none."""

    counts: dict[str, int]
    failure: str | None = None


_kit: _Kit | None = None  # of this process, where it is a worker


def stage_batch(folders: Sequence[Path], settings: Settings) -> dict[str, int]:
    """As :func:`process_batch`, on ``settings.stage_workers`` processes at most.

    Raises ``WorkerError`` once every other submission is done, ``CallerError`` before any is where
    the keys are another collection's.
    """
    with in_use(settings.keys):
        check_keys(settings, load_keys(settings.keys))
        return _stage_all(folders, settings)


def _stage_all(folders: Sequence[Path], settings: Settings) -> dict[str, int]:
    workers = min(settings.stage_workers, len(folders))
    if workers < 2:
        kit = _Kit.load(settings)
        return process_batch(folders, kit.tools, kit.settings, kit.keys)
    largest_first = sorted(folders, key=sealed_bytes, reverse=True)
    try:
        with ProcessPoolExecutor(
            workers,
            mp_context=multiprocessing.get_context("spawn"),  # threads do not survive a fork
            initializer=_start,
            initargs=(settings,),
        ) as pool:
            outcomes = list(pool.map(_stage, largest_first))
    except BrokenProcessPool:
        raise WorkerError(
            "A process that stages submissions was stopped, perhaps for want of memory: run the "
            "task again; what is staged stays so."
        ) from None
    return _total(outcomes)


def _total(outcomes: Sequence[_Outcome]) -> dict[str, int]:
    for outcome in outcomes:
        if outcome.failure:
            raise WorkerError(outcome.failure)
    total: Counter[str] = Counter()
    for outcome in outcomes:
        total.update(outcome.counts)
    return dict(total)


def _start(settings: Settings) -> None:
    global _kit
    _kit = _Kit.load(settings)


def _stage(folder: Path) -> _Outcome:
    """Runs in a worker: whatever is raised ends here, for it could quote the chat."""
    assert _kit is not None
    try:
        return _Outcome(process_batch([folder], _kit.tools, _kit.settings, _kit.keys))
    except CandourError as error:
        return _Outcome({}, str(error))
    except Exception as error:
        if is_disk_full(error):
            return _Outcome({}, str(DiskFullError(_kit.settings.home)))
        kind = type(error).__name__
        return _Outcome({}, f"Submission {folder.name} could not be staged ({kind}).")
