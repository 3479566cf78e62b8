"""How each task last ended: one small file a task in ``runs/``, whichever way it was run.

Airflow keeps this too, in its own database. A deployment's analyst may have no access to that, and
the command line's own runs are in another.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from pipelines.errors import GateError
from pipelines.intake.inbox import make_private, replace
from pipelines.locks import locked
from pipelines.settings import Settings
from pipelines.warehouse.ledger import Ledger

LEDGER = "ledger.json"
LOCK = ".runs.lock"

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Ended(StrEnum):
    """How a task ended."""

    DONE = "done"
    REFUSED = "refused"  # a gate, or the audit
    FAILED = "failed"


def noted(task: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """``task``, which leaves a note of how it ended and draws the status page anew."""

    @wraps(task)
    def told(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        try:
            result = task(*args, **kwargs)
        except Exception as error:
            refused = isinstance(error, GateError)
            _note(task.__name__, Ended.REFUSED if refused else Ended.FAILED)
            raise
        _note(task.__name__, Ended.DONE)
        return result

    return told


def keep_counts(ledger: Ledger) -> None:
    """Keep the warehouse's ledger where no key is needed to read it: counts alone."""
    stages = [
        {"total": stage.total, "of": stage.name, "went": {o.name: o.count for o in stage.outcomes}}
        for stage in ledger.stages
    ]
    _keep(LEDGER, {"stages": stages})


def last_runs(settings: Settings) -> dict[str, dict[str, str]]:
    """By task, the latest first: ``ended`` and ``at`` (UTC, to the minute)."""
    paths = [path for path in settings.runs.glob("*.json") if path.name != LEDGER]
    notes = {path.stem: json.loads(path.read_bytes()) for path in paths}
    return dict(sorted(notes.items(), key=lambda note: note[1]["at"], reverse=True))


def kept_counts(settings: Settings) -> list[dict[str, Any]]:
    """The ledger as it was last kept, stage by stage; empty before anything is loaded."""
    path = settings.runs / LEDGER
    return list(json.loads(path.read_bytes())["stages"]) if path.exists() else []


def _note(task: str, ended: Ended) -> None:
    from pipelines.status_page import draw_status

    settings = Settings()
    at = datetime.now(UTC).isoformat(sep=" ", timespec="minutes")
    with suppress(OSError):  # a disk too full for a note: the work itself was done, or says why not
        _keep(f"{task}.json", {"at": at, "ended": ended.value})
        with locked(LOCK, settings):  # two tasks may end at once
            draw_status(settings)


def _keep(name: str, value: object) -> None:
    settings = Settings()
    make_private(settings.runs)
    with locked(LOCK, settings):
        replace(settings.runs / name, json.dumps(value, indent=1) + "\n")
