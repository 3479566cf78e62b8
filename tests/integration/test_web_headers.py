"""Airflow finds the plugin and puts its middleware in front of every answer."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from pipelines.settings import REPOSITORY
from pipelines.web_headers import HEADERS, SecurityHeaders

FOUND = """
import json
from airflow.plugins_manager import get_fastapi_plugins
_, middlewares = get_fastapi_plugins()
print(json.dumps([entry["middleware"].__name__ for entry in middlewares]))
"""


def test_airflow_finds_the_plugin(tmp_path: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-c", FOUND],
        cwd=REPOSITORY,
        env={"AIRFLOW_HOME": str(tmp_path), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "SecurityHeaders" in json.loads(found.stdout.splitlines()[-1])


def test_every_answer_has_the_headers_beside_its_own() -> None:
    sent: list[dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"etag", b"1")]})
        await send({"type": "http.response.body", "body": b"page"})

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(SecurityHeaders(app)({"type": "http"}, None, send))
    start, body = sent
    assert {name.decode(): value.decode() for name, value in start["headers"]} == {
        "etag": "1",
        **{name.lower(): value for name, value in HEADERS.items()},
    }
    assert body == {"type": "http.response.body", "body": b"page"}
