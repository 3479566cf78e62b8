"""`candour up`, really started: who gets in, what it runs, where it listens, how it stops."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from pipelines.parent import end_with_parent
from pipelines.server import HOST, LOGINS, WATCHED, configure_server
from pipelines.settings import REPOSITORY, Settings

CANDOUR = Path(sys.executable).parent / "candour"


@dataclass
class Up:
    """A running `candour up` over a home of its own, its DAGs paused so that nothing is due."""

    settings: Settings
    port: int
    process: subprocess.Popen[str]
    said: list[str]

    def ask(self, method: str, path: str, body: object = None, token: str = "") -> tuple[int, Any]:
        """An answer's status and its JSON."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=60)
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        sent = None if body is None else json.dumps(body)
        connection.request(method, path, sent, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, json.loads(content or b"null")

    def password(self) -> str:
        kept = json.loads((self.settings.airflow_home / LOGINS).read_text())
        return str(kept["admin"])

    def log_in(self, password: str) -> tuple[int, Any]:
        return self.ask("POST", "/auth/token", {"username": "admin", "password": password})


def environment(settings: Settings) -> dict[str, str]:
    return {
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "True",
        "CANDOUR_HOME": str(settings.home),
        "PATH": os.environ["PATH"],
    }


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    with socket.create_server((HOST, 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [CANDOUR, "up", "--port", str(port)],
        env=environment(settings),
        cwd=REPOSITORY,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=end_with_parent,  # the tests may be killed
    )
    said: list[str] = []
    assert process.stderr is not None
    for line in process.stderr:
        said.append(line.rstrip())
        if "Airflow is up" in line:
            break
    assert process.poll() is None, said
    yield Up(settings, port, process, said)
    process.kill()
    process.wait()


def test_every_part_is_healthy(up: Up) -> None:
    status, parts = up.ask("GET", "/api/v2/monitor/health")
    assert status == 200
    assert [part for part in WATCHED if parts[part]["status"] != "healthy"] == []


@pytest.mark.parametrize("path", ["dags", "dags/intake/dagRuns", "config", "pools", "eventLogs"])
def test_nobody_gets_in_without_a_password(up: Up, path: str) -> None:
    status, _ = up.ask("GET", f"/api/v2/{path}")
    assert status == 401


def test_nor_with_a_wrong_one(up: Up) -> None:
    status, _ = up.log_in("admin")
    assert status == 401


def test_the_dags_are_there_and_import(up: Up) -> None:
    _, logged_in = up.log_in(up.password())
    _, errors = up.ask("GET", "/api/v2/importErrors", token=logged_in["access_token"])
    _, dags = up.ask("GET", "/api/v2/dags", token=logged_in["access_token"])
    assert errors["total_entries"] == 0
    found = sorted(dag["dag_id"] for dag in dags["dags"])
    assert found == ["intake", "monthly_report", "reclassify", "retention", "watch", "withdrawal"]


def test_the_warehouse_has_one_slot(up: Up) -> None:
    _, logged_in = up.log_in(up.password())
    _, pool = up.ask("GET", "/api/v2/pools/warehouse", token=logged_in["access_token"])
    assert pool["slots"] == 1


def test_the_password_is_shown_once_and_is_nobody_else_s_to_read(up: Up) -> None:
    assert "\n".join(up.said).count(up.password()) == 1
    logs = (up.settings.airflow_home / "logs").rglob("*")
    assert [path for path in logs if path.is_file() and up.password() in path.read_text()] == []
    for name in (LOGINS, "jwt_secret", "api_secret_key"):
        assert (up.settings.airflow_home / name).stat().st_mode & 0o777 == 0o600


def test_no_secret_is_in_a_process_s_environment(up: Up) -> None:
    home = up.settings.airflow_home
    secret = [(home / name).read_text().strip() for name in ("jwt_secret", "api_secret_key")]
    for process in psutil.Process(up.process.pid).children(recursive=True):
        held = "\n".join(process.environ().values())
        assert not any(value in held for value in (*secret, up.password()))


def test_nothing_listens_beyond_this_machine(up: Up) -> None:
    parent = psutil.Process(up.process.pid)
    listening = [
        connection.laddr.ip
        for process in (parent, *parent.children(recursive=True))
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert set(listening) == {HOST}


def test_one_at_a_time(up: Up) -> None:
    second = subprocess.run(
        [CANDOUR, "up"],
        env=environment(up.settings),
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 2
    assert "is up over" in second.stderr


def test_it_stops_when_it_is_told_to_and_leaves_nothing_running(up: Up) -> None:
    """Last in this file: the ones above need it up."""
    started = psutil.Process(up.process.pid).children(recursive=True)
    up.process.send_signal(signal.SIGTERM)
    _, said = up.process.communicate()
    assert (up.process.returncode, said.splitlines()[-1]) == (0, "Airflow has stopped.")
    assert [process for process in started if process.is_running()] == []


def test_a_second_start_keeps_the_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", dict(os.environ))
    settings = Settings(home=tmp_path)
    first = configure_server(settings, 8080)
    kept = (settings.airflow_home / LOGINS).read_text()
    assert first is not None
    assert re.fullmatch("[A-Za-z0-9_-]{22}", first)
    assert os.environ["AIRFLOW__API_AUTH__JWT_EXPIRATION_TIME"] == "3600"  # seconds
    assert configure_server(settings, 8080) is None
    assert (settings.airflow_home / LOGINS).read_text() == kept


def test_a_busy_machine_s_tasks_wait_for_their_answer_unless_told_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", dict(os.environ))
    os.environ.pop("AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT", None)
    configure_server(Settings(home=tmp_path), 8080)
    assert os.environ["AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT"] == "60"  # seconds
    os.environ["AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT"] = "90"
    configure_server(Settings(home=tmp_path), 8080)
    assert os.environ["AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT"] == "90"


@pytest.mark.parametrize(("set_by_candour", "waits"), [(True, True), (False, False)])
def test_an_answer_that_takes_longer_than_airflow_waits_for_by_itself(
    set_by_candour: bool, waits: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Airflow's own client against a server that is slower than Airflow's own patience."""
    monkeypatch.setattr(os, "environ", dict(os.environ))
    for name in ("EXECUTION_API_TIMEOUT", "EXECUTION_API_RETRIES"):
        os.environ.pop(f"AIRFLOW__WORKERS__{name}", None)
    if set_by_candour:
        configure_server(Settings(home=tmp_path), 8080)
    os.environ.update(AIRFLOW_HOME=str(tmp_path), AIRFLOW__WORKERS__EXECUTION_API_RETRIES="1")
    asked = subprocess.run(
        [sys.executable, "-c", SLOW],
        env=dict(os.environ),
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ("answered" in asked.stdout) is waits, asked.stderr[-2000:]


SLOW = """
import http.server, threading, time

class Slow(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        time.sleep(6)
        self.send_response(204)
        self.end_headers()

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Slow)
threading.Thread(target=server.serve_forever, daemon=True).start()

from airflow.sdk.api.client import Client
Client(base_url=f"http://127.0.0.1:{server.server_port}", token="").get("anything")
print("answered")
"""


ENDS = """
import subprocess, sys
from pipelines.parent import end_with_parent
print(subprocess.Popen(["sleep", "600"], preexec_fn=end_with_parent).pid, flush=True)
sys.stdin.readline()
"""


def test_what_it_starts_ends_with_it_even_where_it_is_killed() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", ENDS],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.communicate()
    psutil.wait_procs([child])
    assert not child.is_running()
