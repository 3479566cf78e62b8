"""A really running ``candour up``, as tests start and ask it."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.parent import end_with_parent
from pipelines.server import HOST, LOGINS
from pipelines.settings import REPOSITORY, Settings

BIN = Path(sys.executable).parent
CANDOUR = BIN / "candour"
OVER = ("success", "failed")


@dataclass
class Up:
    """A running `candour up` over a home of its own, its DAGs paused so that nothing is due."""

    settings: Settings
    port: int
    process: subprocess.Popen[str]
    said: list[str]
    variables: dict[str, str]
    token: str = field(default="", repr=False)

    def answer(
        self, method: str, path: str, body: object = None, token: str = ""
    ) -> tuple[int, bytes, dict[str, str]]:
        """An answer's status, body and headers, their names in lower case."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=60)
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        sent = None if body is None else json.dumps(body)
        connection.request(method, path, sent, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, content, {k.lower(): v for k, v in answer.getheaders()}

    def ask(self, method: str, path: str, body: object = None, token: str = "") -> tuple[int, Any]:
        """An answer's status and its JSON."""
        status, content, _ = self.answer(method, path, body, token)
        return status, json.loads(content or b"null")

    def password(self) -> str:
        kept = json.loads((self.settings.airflow_home / LOGINS).read_text())
        return str(kept["admin"])

    def log_in(self, password: str) -> tuple[int, Any]:
        return self.ask("POST", "/auth/token", {"username": "admin", "password": password})

    def told(self, method: str, path: str, body: object = None) -> Any:
        """What Airflow's API answers to somebody who is logged in."""
        if not self.token:
            self.token = self.log_in(self.password())[1]["access_token"]
        status, content = self.ask(method, f"/api/v2/{path}", body, self.token)
        assert status < 400, (status, content)
        return content

    def airflow(self, *arguments: str) -> str:
        """What Airflow's own command line says, run as the operator would."""
        ran = subprocess.run(
            [BIN / "airflow", *arguments],
            cwd=REPOSITORY,
            env=self.variables
            | {
                "AIRFLOW_HOME": str(self.settings.airflow_home),
                "AIRFLOW__CORE__DAGS_FOLDER": str(REPOSITORY / "dags"),
                "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr[-2000:]
        return ran.stdout

    def start(self, dag_id: str) -> None:
        """Let a DAG's runs go on."""
        self.told("PATCH", f"dags/{dag_id}", {"is_paused": False})

    def trigger(self, dag_id: str, **wanted: Any) -> str:
        """Ask for a run; its id."""
        run = self.told("POST", f"dags/{dag_id}/dagRuns", {"logical_date": None, **wanted})
        return str(run["dag_run_id"])

    def runs(self, dag_id: str) -> list[dict[str, Any]]:
        """Every run of a DAG, by when it started."""
        path = f"dags/{dag_id}/dagRuns?limit=100&order_by=start_date"
        return list(self.told("GET", path)["dag_runs"])

    def states(self, dag_id: str, run_id: str) -> dict[str, str | None]:
        """The state of each task of a run."""
        path = f"dags/{dag_id}/dagRuns/{run_id.replace('+', '%2B')}/taskInstances"
        return {task["task_id"]: task["state"] for task in self.told("GET", path)["task_instances"]}

    def until(self, is_so: Callable[[], bool]) -> None:
        """Return once it is so; the test's own limit ends what never comes."""
        while not is_so():
            assert self.process.poll() is None, "candour up has ended"
            time.sleep(1)

    def until_over(self, dag_id: str, runs: int) -> list[dict[str, Any]]:
        """A DAG's runs, once there are as many and each has ended."""

        def over() -> bool:
            found = self.runs(dag_id)
            return len(found) >= runs and all(run["state"] in OVER for run in found)

        self.until(over)
        return self.runs(dag_id)


@contextmanager
def running_airflow(settings: Settings, **variables: str) -> Iterator[Up]:
    """``candour up`` over ``settings.home``, until the block ends. ``variables`` are its own."""
    with socket.create_server((HOST, 0)) as free:
        port = free.getsockname()[1]
    variables = {
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "True",
        "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",  # second: tasks end without a wait
        "CANDOUR_APPROVAL": "none",
        "CANDOUR_HOME": str(settings.home),
        "PATH": os.environ["PATH"],
        **variables,
    }
    process = subprocess.Popen(
        [CANDOUR, "up", "--port", str(port)],
        env=variables,
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
    try:
        yield Up(settings, port, process, said, variables)
    finally:
        process.kill()
        process.wait()
