"""What ``docker/compose.yaml`` describes, started on this host without containers.

Every part has the command and the environment of the compose file and of the image, with its
secrets in files that ``docker/make-secrets`` makes. Other than there: all of it is on loopback, on
ports nobody uses, with folders of a temporary one in place of volumes.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bench.cluster_services import (
    HOST,
    Part,
    dump,
    free_port,
    postgres,
    redis,
    start,
    wait_until,
)
from bench.cluster_worker import WORKER
from pipelines.server import healthy
from pipelines.settings import REPOSITORY, Settings

DOCKER = REPOSITORY / "docker"
SERVICES: dict[str, Any] = yaml.safe_load((DOCKER / "compose.yaml").read_text())["services"]
CONTROL = ("api-server", "scheduler", "dag-processor", "triggerer")
HEALTHY_WITHIN = 180  # seconds, on a busy machine
LOOK_EVERY = 0.5  # seconds
PATCHED = {
    # The DAGs are started here, not by the calendar: a month's report would start by itself.
    "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False",
    "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_SERVER_HOST": HOST,
}
TAKES_TASKS = "[queues]"  # in what a worker says as it starts
FINISHED = ("success", "failed")


@dataclass
class Cluster:
    """All parts, running. ``secrets`` is the folder of the deployment's own, ``port`` the
    api-server's; ``extra`` is set in every part over what the compose file says.
    """

    settings: Settings
    folder: Path
    secrets: Path
    ports: dict[str, int]
    extra: Mapping[str, str]
    parts: dict[str, Part] = field(default_factory=dict)
    token: str = ""

    def metadata(self) -> str:
        """Everything that Airflow's database holds, in SQL."""
        return dump(self.ports["postgres"], (self.secrets / "postgres_password").read_text())

    def start_worker(self, name: str) -> Part:
        """One more worker, which does one task at a time on one core."""
        environment = {
            WORKER: name,
            "AIRFLOW__CORE__HOSTNAME_CALLABLE": "bench.cluster_worker.name",
        }
        self.parts[name] = part = self._start("worker", name, environment)
        wait_until(lambda: TAKES_TASKS in part.tail(), [part], HEALTHY_WITHIN)
        return part

    def start_control(self) -> None:
        """Prepare the metadata database, then start everything but workers."""
        migrated = subprocess.run(
            self._command("migrate", ""),
            env=self._environment("migrate", "migrate"),
            capture_output=True, text=True, cwd=self.folder, check=False,
        )  # fmt: skip
        if migrated.returncode:
            raise RuntimeError(migrated.stderr[-2000:])
        for name in CONTROL:
            self.parts[name] = self._start(name, name, {})
        wait_until(lambda: healthy(self.ports["api-server"]), self.everything, HEALTHY_WITHIN)
        self.token = self._log_in()
        wait_until(lambda: self.ask("GET", "dags")["total_entries"] > 0, self.everything,
                   HEALTHY_WITHIN)  # fmt: skip

    @property
    def everything(self) -> list[Part]:
        return list(self.parts.values())

    def stop(self) -> None:
        """Stop every part that still runs, together: none waits for another to answer."""
        trees = [part.tree() for part in self.everything]
        for part in self.everything:
            part.ask()
        for part, tree in zip(self.everything, trees, strict=True):
            part.stop(tree)

    def begin(self, dag: str, conf: Mapping[str, Any]) -> str:
        """Start a DAG as a person would in the user interface. The run's id."""
        self.ask("PATCH", f"dags/{dag}", {"is_paused": False})
        run = self.ask("POST", f"dags/{dag}/dagRuns", {"logical_date": None, "conf": conf})
        return str(run["dag_run_id"])

    def tasks(self, dag: str, run: str) -> list[dict[str, Any]]:
        """Task instances of a run as the api-server tells them: the latest try of each."""
        found: list[dict[str, Any]] = []
        while True:
            page = self.ask(
                "GET", f"dags/{dag}/dagRuns/{run}/taskInstances?limit=100&offset={len(found)}"
            )
            found += page["task_instances"]
            if len(found) >= page["total_entries"] or not page["task_instances"]:
                return found

    def tries(self, dag: str, run: str, task: str, index: int) -> list[dict[str, Any]]:
        """Every try of a mapped task, in order."""
        path = f"dags/{dag}/dagRuns/{run}/taskInstances/{task}/{index}/tries"
        told: list[dict[str, Any]] = self.ask("GET", path)["task_instances"]
        return sorted(told, key=lambda one: int(one["try_number"]))

    def state(self, dag: str, run: str) -> str:
        return str(self.ask("GET", f"dags/{dag}/dagRuns/{run}")["state"])

    def finish(self, dag: str, run: str, seconds: float) -> None:
        """Wait until a run has ended well. Raises ``RuntimeError`` naming what failed."""
        wait_until(lambda: self.state(dag, run) in FINISHED, self.everything, seconds)
        if self.state(dag, run) != "success":
            failed = [t["task_id"] for t in self.tasks(dag, run) if t["state"] == "failed"]
            raise RuntimeError(f"{dag} failed at {failed}: see {self.folder}")

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """What the api-server answers to somebody who has logged in."""
        return self._ask(method, f"/api/v2/{path}", body)

    def _log_in(self) -> str:
        login = {"username": "admin", "password": (self.secrets / "admin_password").read_text()}
        return str(self._ask("POST", "/auth/token", login)["access_token"])

    def _ask(self, method: str, path: str, body: object) -> Any:
        connection = http.client.HTTPConnection(HOST, self.ports["api-server"], timeout=120)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        try:
            connection.request(method, path, json.dumps(body) if body else None, headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:500]!r}")
        return json.loads(content or b"null")

    def _start(self, service: str, name: str, extra: Mapping[str, str]) -> Part:
        environment = self._environment(service, name) | extra
        return start(name, self._command(service, name), environment, self.folder)

    def _command(self, service: str, name: str) -> list[str]:
        command = [self._here(word, name) for word in SERVICES[service]["command"]]
        binary = Path(sys.executable).parent / command[0]
        hostname = ["--celery-hostname", name] if service == "worker" else []
        return [str(binary), *command[1:], *hostname]

    def _environment(self, service: str, name: str) -> dict[str, str]:
        """The image's, then the service's, then what differs here."""
        (self.folder / name).mkdir(exist_ok=True)
        told = {**image_environment(), **SERVICES[service].get("environment", {})}
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        return {
            **{key: self._here(value, name) for key, value in told.items()},
            **PATCHED,
            "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_SERVER_PORT": str(self.ports["scheduler"]),
            "PATH": path,
            **self.extra,
        }

    def _here(self, value: str, name: str) -> str:
        """A word of the compose file with the places, names and ports of this host."""
        value = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value)
        for there, here in {
            "/opt/candour": str(REPOSITORY),
            "/run/airflow": str(self.folder / name),
            "/run/secrets": str(self.secrets),
            "/var/lib/candour": str(self.settings.home),
            "/var/log/candour": str(self.folder / "logs"),
            "http://api-server:8080": f"http://{HOST}:{self.ports['api-server']}",
        }.items():
            value = value.replace(there, here)
        return {"0.0.0.0": HOST, "8080": str(self.ports["api-server"])}.get(value, value)


def image_environment() -> dict[str, str]:
    """What the image sets, but for what belongs to its own file system."""
    text = (DOCKER / "Dockerfile").read_text()
    (said,) = re.findall(r"^ENV ((?:.*\\\n)*.*)", text, re.MULTILINE)
    pairs = (pair.split("=", 1) for pair in said.replace("\\\n", " ").split())
    return {key: value for key, value in pairs if key not in ("PATH", "PYTHONDONTWRITEBYTECODE")}


@contextmanager
def cluster(settings: Settings, folder: Path, extra: Mapping[str, str]) -> Iterator[Cluster]:
    """PostgreSQL, Redis and every part of Airflow but workers, over the collection of
    ``settings``. ``folder``: logs, secrets and what each part writes.
    """
    private = folder / "secrets"
    subprocess.run([DOCKER / "make-secrets", private], check=True, capture_output=True)
    (folder / "logs").mkdir()
    with ExitStack() as stack:
        password = (private / "postgres_password").read_text()
        options = _redis_options()
        ports = {
            "api-server": free_port(),
            "scheduler": free_port(),
            "postgres": stack.enter_context(postgres(password, folder)),
            "redis": stack.enter_context(redis(private / "redis.conf", options, folder)),
        }
        for name in ("metadata_url", "broker_url", "result_url"):
            _point(private / name, ports)
        made = Cluster(settings, folder, private, ports, extra)
        stack.callback(made.stop)
        made.start_control()
        yield made


def _redis_options() -> list[str]:
    return list(map(str, SERVICES["redis"]["command"][2:]))


def _point(file: Path, ports: Mapping[str, int]) -> None:
    """The services' names and ports in an address become those of this host."""
    address = file.read_text()
    for name, usual in (("postgres", 5432), ("redis", 6379)):
        address = address.replace(f"@{name}:{usual}/", f"@{HOST}:{ports[name]}/")
    file.write_text(address)
