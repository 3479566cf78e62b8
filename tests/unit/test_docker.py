"""The image and the compose file keep what docs/cluster.md promises. No container engine is needed.

What an engine alone can show (that it starts) is not tested here.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.orchestrate import API_SECONDS, LOOK_SECONDS
from pipelines.settings import REPOSITORY

DOCKER = REPOSITORY / "docker"
COMPOSE: dict[str, Any] = yaml.safe_load((DOCKER / "compose.yaml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
LONG_RUNNING = sorted(set(SERVICES) - {"migrate"})
COLLECTION_KEYS = {"collection.key", "collection.pub", "data.key", "pseudonym.key"}
PINNED = re.compile(r".+:.*\d+\.\d+.*|.+@sha256:[0-9a-f]{64}")
SECRET_NAME = re.compile(r"password|secret|token|fernet|_key|_conn|broker_url|result_backend", re.I)


def secrets_of(service: str) -> set[str]:
    named = SERVICES[service].get("secrets", [])
    return {entry if isinstance(entry, str) else entry["source"] for entry in named}


def default(value: str) -> str:
    """What ``${NAME:-default}`` stands for where nobody sets it."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value)


def run(*command: str | Path, cwd: Path = REPOSITORY) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False
    )


def test_hadolint_has_nothing_to_say_of_the_image() -> None:
    linted = run(Path(sys.executable).parent / "hadolint", "docker/Dockerfile")
    assert (linted.returncode, linted.stdout) == (0, "")


def test_the_compose_file_is_one() -> None:
    schema = Path(sys.executable).parent / "check-jsonschema"
    checked = run(schema, "--builtin-schema", "vendor.compose-spec", "docker/compose.yaml")
    assert checked.returncode == 0, checked.stdout


def test_these_are_the_parts() -> None:
    assert set(SERVICES) == {
        "api-server",
        "dag-processor",
        "migrate",
        "postgres",
        "redis",
        "scheduler",
        "triggerer",
        "worker",
    }


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_part_can_do_no_more_than_it_must(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["ulimits"]["core"] == 0
    assert int(service["user"].split(":")[0]) > 0
    assert not {"privileged", "cap_add", "network_mode", "pid", "devices"} & set(service)


@pytest.mark.parametrize("name", LONG_RUNNING)
def test_a_part_that_stays_is_watched(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_migration_runs_once_and_everything_of_airflow_waits_for_it() -> None:
    assert SERVICES["migrate"]["restart"] == "no"
    for name in ("api-server", "scheduler", "dag-processor", "triggerer"):
        waited = SERVICES[name]["depends_on"]["migrate"]["condition"]
        assert waited == "service_completed_successfully"


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_images_are_pinned(name: str) -> None:
    assert PINNED.fullmatch(default(SERVICES[name]["image"]))


def test_the_bases_are_one_pinned_image() -> None:
    lines = (DOCKER / "Dockerfile").read_text().splitlines()
    (base,) = (line.partition("=")[2] for line in lines if line.startswith("ARG BASE_IMAGE="))
    assert PINNED.fullmatch(base)
    assert "slim" in base
    assert {line.split()[1] for line in lines if line.startswith("FROM")} == {"${BASE_IMAGE}"}
    assert default(SERVICES["migrate"]["build"]["args"]["BASE_IMAGE"]) == base


def test_the_image_is_not_root() -> None:
    users = re.findall(r"^USER (\d+):\d+$", (DOCKER / "Dockerfile").read_text(), re.M)
    assert users == [SERVICES["worker"]["user"].split(":")[0]]


def test_whatever_a_part_writes_is_its_account_s_alone() -> None:
    (line,) = re.findall(r"^ENTRYPOINT (.+)$", (DOCKER / "Dockerfile").read_text(), re.M)
    assert run(*json.loads(line), "sh", "-c", "umask").stdout.strip() == "0077"
    ours = [service for service in SERVICES.values() if service["image"].startswith("candour:")]
    assert not [service for service in ours if "entrypoint" in service]


def test_an_index_s_secrets_stay_in_no_layer() -> None:
    text = (DOCKER / "Dockerfile").read_text()
    mounted = set(re.findall(r"--mount=type=secret,id=([\w.]+),target=/", text))
    assert mounted == {"pip.conf", "uv.toml", "ca.crt"}


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"worker"}))
def test_only_workers_see_the_keys_or_the_collection(name: str) -> None:
    assert not secrets_of(name) & COLLECTION_KEYS
    volumes = [volume.partition(":")[0] for volume in SERVICES[name].get("volumes", [])]
    assert "collection" not in volumes
    assert all(not re.match(r"[./~$]", volume) for volume in volumes), "a folder of the host"


def test_workers_have_every_key_where_candour_looks_and_no_secret_of_the_control() -> None:
    targets = {
        entry["source"]: entry["target"]
        for entry in SERVICES["worker"]["secrets"]
        if isinstance(entry, dict)
    }
    assert targets == {key: f"/var/lib/candour/keys/{key}" for key in COLLECTION_KEYS}
    assert secrets_of("worker") - COLLECTION_KEYS == {"broker_url", "result_url"}


def test_workers_are_as_patient_as_on_one_machine() -> None:
    environment = SERVICES["worker"]["environment"]
    assert environment["AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT"] == str(API_SECONDS)
    assert environment["AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL"] == str(LOOK_SECONDS)


def test_workers_share_no_network_with_the_metadata_or_the_outside() -> None:
    inside = {name for name, network in COMPOSE["networks"].items() if network.get("internal")}
    worker = set(SERVICES["worker"]["networks"])
    assert worker <= inside
    assert not worker & set(SERVICES["postgres"]["networks"])
    outside = {name for name in SERVICES if set(SERVICES[name]["networks"]) - inside}
    assert outside == {"api-server", "dag-processor", "triggerer"}  # browsers; alerts, of both


def test_every_secret_is_a_file_outside_the_repository_s_history() -> None:
    assert all(set(secret) == {"file"} for secret in COMPOSE["secrets"].values())
    ignored = run("git", "check-ignore", "docker/secrets/jwt_secret")
    assert ignored.returncode == 0


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_nothing_secret_is_in_an_environment(name: str) -> None:
    environment = SERVICES[name].get("environment", {})
    secret = {key: value for key, value in environment.items() if SECRET_NAME.search(key)}
    named = secrets_of(name)
    for key, value in secret.items():
        file = value.removeprefix("cat ") if key.endswith("_CMD") else value
        if key == "AIRFLOW__API_AUTH__JWT_EXPIRATION_TIME":
            continue
        assert file.startswith("/run/secrets/"), key
        assert file.removeprefix("/run/secrets/") in named, key


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_port_beyond_this_machine(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


def test_made_secrets_are_what_the_compose_file_reads_and_nobody_else_may(tmp_path: Path) -> None:
    made = run(DOCKER / "make-secrets", tmp_path / "secrets")
    assert made.returncode == 0, made.stderr
    files = {path.name: path for path in (tmp_path / "secrets").iterdir()}
    assert set(files) == set(COMPOSE["secrets"]) - COLLECTION_KEYS
    assert {path.stat().st_mode & 0o777 for path in files.values()} == {0o600}
    assert len(files["jwt_secret"].read_bytes()) >= 64  # Airflow's least for HS512
    again = run(DOCKER / "make-secrets", tmp_path / "secrets")
    assert again.returncode == 2


def test_no_two_deployments_share_a_secret(tmp_path: Path) -> None:
    for name in ("one", "other"):
        run(DOCKER / "make-secrets", tmp_path / name)
    one, other = (
        {path.name: path.read_text() for path in (tmp_path / name).iterdir()}
        for name in ("one", "other")
    )
    assert [name for name in one if one[name] == other[name]] == ["webhook"]  # both empty


def test_the_image_runs_what_the_lock_says() -> None:
    """Its own lock is a part of the whole one: same versions, same hashes."""
    whole, image = (
        set(re.findall(r"^(?!\s*#)\s*(\S+)", path.read_text(), re.M))
        for path in (REPOSITORY / "requirements.lock", DOCKER / "requirements.lock")
    )
    assert image <= whole
    assert {"pytest", "ruff", "playwright"} & {line.partition("==")[0] for line in image} == set()
