"""`candour up`, really started: who gets in, what it runs, where it listens, how it stops."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import psutil
import pytest

from pipelines.server import HOST, LOGINS, WATCHED, configure_server
from pipelines.settings import REPOSITORY, Settings
from pipelines.web_headers import HEADERS
from tests.live_airflow import CANDOUR, Up, running_airflow
from tests.receivers import serving, web_server


@pytest.fixture(scope="module")
def measured() -> list[bytes]:
    """What an OpenTelemetry collector was sent."""
    return []


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory, measured: list[bytes]) -> Iterator[Up]:
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    with (
        serving(web_server(measured)) as collector,
        running_airflow(
            settings,
            AIRFLOW__METRICS__OTEL_ON="True",
            AIRFLOW__METRICS__OTEL_INTERVAL_MILLISECONDS="1000",
            OTEL_EXPORTER_OTLP_ENDPOINT=f"http://{HOST}:{collector}",
            OTEL_EXPORTER_OTLP_PROTOCOL="http/protobuf",
        ) as running,
    ):
        yield running


def test_every_part_is_healthy(up: Up) -> None:
    status, parts = up.ask("GET", "/api/v2/monitor/health")
    assert status == 200
    assert [part for part in WATCHED if parts[part]["status"] != "healthy"] == []


def test_its_metrics_arrive_by_opentelemetry(up: Up, measured: list[bytes]) -> None:
    up.until(lambda: any(b"airflow.scheduler_heartbeat" in body for body in measured))


OPEN = {"/api/v2/monitor/health", "/api/v2/version"}
"""What anybody may ask: whether it runs, and which version."""

TO_LOG_IN = {"/api/v2/auth/login", "/api/v2/auth/logout"}
"""Sends a browser on to where one logs in."""

UI_ROUTES = """
import json
from airflow.api_fastapi.core_api.routes.ui import ui_router
print(json.dumps([[route.path, *route.methods] for route in ui_router.routes]))
"""


def routes(up: Up) -> list[tuple[str, str]]:
    """(method, path) of all that the API says it has, and of what the user interface asks beside
    it, every name in a path filled in."""
    _, described = up.ask("GET", "/openapi.json")
    found = [(verb, path) for path, verbs in described["paths"].items() for verb in verbs]
    listed = subprocess.run(
        [sys.executable, "-c", UI_ROUTES],
        env=up.variables | {"AIRFLOW_HOME": str(up.settings.airflow_home)},
        capture_output=True,
        text=True,
        check=True,
    )
    hidden = json.loads(listed.stdout.splitlines()[-1])
    found += [(verb, f"/ui{path.removeprefix('/ui')}") for path, *verbs in hidden for verb in verbs]
    return [(verb.upper(), re.sub(r"{[^}]*}", "1", path)) for verb, path in found]


def test_nobody_gets_in_without_a_password(up: Up) -> None:
    asked = routes(up)
    assert {"/api/v2/dags", "/api/v2/connections", "/ui/dags"} <= {path for _, path in asked}
    answers = {
        (verb, path): up.answer(verb, path, {} if verb != "GET" else None)[0]
        for verb, path in asked
        if path not in OPEN | TO_LOG_IN
    }
    assert len(answers) > 130
    assert set(answers.values()) == {401}


def test_nor_with_a_wrong_one(up: Up) -> None:
    status, said = up.log_in("admin")
    assert (status, "access_token" in said) == (401, False)


@pytest.mark.parametrize(
    "path", ["connections/x", "variables/x", "xcoms/intake/x/y/z", "dag-runs/count?dag_id=intake"]
)
def test_what_tasks_ask_is_for_tasks_alone(up: Up, path: str) -> None:
    _, logged_in = up.log_in(up.password())
    statuses = [
        up.answer("GET", f"/execution/{path}", token=token)[0]
        for token in ("", logged_in["access_token"])
    ]
    assert statuses == [401, 403]


def claims(token: str) -> dict[str, Any]:
    """What a token says."""
    return dict(jwt.decode(token, options={"verify_signature": False}))


@pytest.mark.parametrize(("path", "seconds"), [("/auth/token", 3600), ("/auth/token/cli", 600)])
def test_a_token_is_soon_worth_nothing(up: Up, path: str, seconds: int) -> None:
    status, told = up.ask("POST", path, {"username": "admin", "password": up.password()})
    said = claims(told["access_token"])
    assert (status, said["exp"] - said["iat"]) == (201, seconds)


def test_a_token_that_has_run_out_opens_nothing_nor_does_one_that_is_made_up(up: Up) -> None:
    secret = (up.settings.airflow_home / "jwt_secret").read_text()  # its line's end is part of it
    token = up.log_in(up.password())[1]["access_token"]
    head, said = jwt.get_unverified_header(token), claims(token)
    old = {name: said[name] - 4000 for name in ("iat", "nbf", "exp")}  # seconds
    tokens = [
        jwt.encode(content, key, head["alg"], head)
        for content, key in ((said, secret), (said | old, secret), (said, "0" * 128))
    ]
    assert [up.answer("GET", "/api/v2/dags", token=token)[0] for token in tokens] == [200, 401, 403]


@pytest.mark.parametrize("path", ["/", "/api/v2/version", "/api/v2/dags", "/auth/token", "/x.js"])
def test_every_answer_has_the_headers_that_browsers_heed(up: Up, path: str) -> None:
    _, _, headers = up.answer("GET", path)
    assert {name: headers.get(name.lower()) for name in HEADERS} == HEADERS


def test_the_dags_are_there_and_import(up: Up) -> None:
    assert up.told("GET", "importErrors")["total_entries"] == 0
    found = sorted(dag["dag_id"] for dag in up.told("GET", "dags")["dags"])
    assert found == ["intake", "monthly_report", "reclassify", "retention", "watch", "withdrawal"]


def test_the_warehouse_has_one_slot(up: Up) -> None:
    assert up.told("GET", "pools/warehouse")["slots"] == 1


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
        env=up.variables,
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
