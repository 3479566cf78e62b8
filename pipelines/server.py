"""``candour up``: a lasting Airflow on this machine, for the collection's own DAGs.

Its user interface listens on loopback alone, behind a generated password. Every secret is a 0600
file under the collection's ``airflow/`` and reaches Airflow by its name, never by its value.
"""

from __future__ import annotations

import fcntl
import http.client
import json
import os
import secrets
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from pipelines.airflow_database import prepare
from pipelines.errors import CallerError
from pipelines.keys import write_secret
from pipelines.orchestrate import Progress, RunFailedError, configure
from pipelines.parent import end_with_parent
from pipelines.settings import Settings

HOST = "127.0.0.1"
PARTS: dict[str, tuple[str, ...]] = {
    # Logs are read from the disk: no part serves them, so none listens beyond the api-server.
    "scheduler": ("--skip-serve-logs",),
    "triggerer": ("--skip-serve-logs",),
    "dag-processor": (),
    "api-server": (),
}
WATCHED = ("metadatabase", "scheduler", "triggerer", "dag_processor")
SECRET_BYTES = 64  # what HS512 takes, by which Airflow signs its tokens
PASSWORD_BYTES = 16
STOPS_WITHIN = 30  # seconds; a task that runs is ended, and done again: each can be repeated
ANSWERS_WITHIN = 5  # seconds
LOGINS = "logins.json"


def up(settings: Settings, port: int, tell: Progress) -> None:
    """Run Airflow until this process is told to stop, or a part of it ends by itself.

    Raises ``CallerError`` where one runs over this collection already, ``RunFailedError`` naming
    the part that ended.
    """
    with _alone(settings):
        if (password := configure_server(settings, port)) is not None:
            kept = settings.airflow_home / LOGINS
            tell(f"The user is admin, the password {password}: shown once, kept in {kept}.")
        prepare()
        with _running(settings) as parts:
            _watch(parts, settings, port, tell)


def configure_server(settings: Settings, port: int) -> str | None:
    """Set the environment of every part, and make what is secret: the password, if it is new.

    PostgreSQL in place of SQLite, or another executor: Airflow's own variables, set beforehand.
    """
    configure(settings)
    home = settings.airflow_home
    for name in ("jwt_secret", "api_secret_key"):
        if not (home / name).exists():
            write_secret(home / name, secrets.token_hex(SECRET_BYTES))
    for name, value in {
        "EXECUTOR": "LocalExecutor",
        "DAGS_ARE_PAUSED_AT_CREATION": "False",
    }.items():
        os.environ.setdefault(f"AIRFLOW__CORE__{name}", value)
    os.environ.update(
        {
            "AIRFLOW__API__BASE_URL": f"http://{HOST}:{port}",
            "AIRFLOW__API__EXPOSE_CONFIG": "False",
            "AIRFLOW__API__HOST": HOST,
            "AIRFLOW__API__PORT": str(port),
            "AIRFLOW__API__SECRET_KEY_CMD": _read(home / "api_secret_key"),
            "AIRFLOW__API__WORKERS": "1",
            "AIRFLOW__API_AUTH__JWT_CLI_EXPIRATION_TIME": "600",
            "AIRFLOW__API_AUTH__JWT_EXPIRATION_TIME": "3600",
            "AIRFLOW__API_AUTH__JWT_SECRET_CMD": _read(home / "jwt_secret"),
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://{HOST}:{port}/execution/",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "False",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(home / LOGINS),
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin",  # name and role
        }
    )
    return _new_password(home / LOGINS)


def _read(path: Path) -> str:
    return shlex.join(["cat", str(path)])


def _new_password(path: Path) -> str | None:
    if path.exists():
        return None
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    write_secret(path, json.dumps({"admin": password}))
    return password


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    settings.airflow_home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (settings.airflow_home / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CallerError(
                f"Airflow is up over {settings.home} already: stop that `candour up` first."
            ) from None
        yield


@contextmanager
def _running(settings: Settings) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Every part, started; all are stopped in the end, whatever happens."""
    airflow = Path(sys.executable).parent / "airflow"
    parts: dict[str, subprocess.Popen[bytes]] = {}
    with ExitStack() as stack:
        stack.callback(_stop, parts)
        for part, options in PARTS.items():
            log = stack.enter_context(_log(settings, part).open("ab"))
            parts[part] = subprocess.Popen(
                [airflow, part, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=end_with_parent,  # also where this process is killed outright
            )
        yield parts


def _stop(parts: dict[str, subprocess.Popen[bytes]]) -> None:
    for process in parts.values():
        process.terminate()
    until = time.monotonic() + STOPS_WITHIN
    for process in parts.values():
        try:
            process.wait(max(0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _watch(
    parts: dict[str, subprocess.Popen[bytes]], settings: Settings, port: int, tell: Progress
) -> None:
    told = False
    while True:
        for part, process in parts.items():
            if process.poll() is not None:
                raise RunFailedError(
                    f"The {part} ended by itself ({process.returncode}), so Airflow was stopped: "
                    f"see {_log(settings, part)}, then start it again."
                )
        if not told and healthy(port):
            told = True
            tell(f"Airflow is up: http://{HOST}:{port}. Stop it with Ctrl-C.")
        time.sleep(1)


def healthy(port: int) -> bool:
    """Whether the api-server answers that every part is at work."""
    connection = http.client.HTTPConnection(HOST, port, timeout=ANSWERS_WITHIN)  # by no proxy
    try:
        connection.request("GET", "/api/v2/monitor/health")
        parts = json.load(connection.getresponse())
    except (OSError, ValueError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return all(parts[part]["status"] == "healthy" for part in WATCHED)


def _log(settings: Settings, part: str) -> Path:
    folder = settings.airflow_home / "logs"
    folder.mkdir(exist_ok=True, mode=0o700)
    return folder / f"{part}.log"
