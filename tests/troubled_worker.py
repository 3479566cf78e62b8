"""A worker process to which submissions do what its supervisor must get over: each by its
contributor's code. It stages nothing: it leaves a file beside the inbox for what it would have.
"""

from __future__ import annotations

import json
import os
import signal
import time
from multiprocessing.connection import Connection
from pathlib import Path

from pipelines.settings import Settings
from pipelines.staging.crew import READY, Outcome

SOUND, HANGS, KILLS, KILLS_ONCE, FAILS = (f"C-000{n}" for n in range(1, 6))


def work(settings: Settings, connection: Connection) -> None:
    connection.send(READY)
    while True:
        try:
            bunch = connection.recv()
        except EOFError:
            return
        connection.send([_treat(folder, settings) for folder in bunch])


def _treat(folder: Path, settings: Settings) -> Outcome:
    contributor = json.loads((folder / "manifest.json").read_bytes())["contributor"]
    seen = settings.home / f"seen-{contributor}"
    if contributor == HANGS:
        time.sleep(3600)
    if contributor == KILLS or (contributor == KILLS_ONCE and not seen.exists()):
        seen.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if contributor == FAILS:
        return Outcome(folder, failure="There is no room for the shard.")
    (settings.home / f"staged-{contributor}").touch()
    return Outcome(folder, {"staged": 1})
