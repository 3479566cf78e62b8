"""An alert reaches a real web and a real mail server; it says which DAG and month, not why."""

from __future__ import annotations

import json
import logging
import os
import socketserver
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipelines.alerts import LATE, failed
from pipelines.keys import write_secret
from pipelines.settings import REPOSITORY
from tests.receivers import serving, web_server

RUN = SimpleNamespace(dag_id="monthly_report", partition_key="2026-10")
CONTEXT = {"dag_run": RUN, "reason": "ring 07700 900123", "exception": ValueError("PC Ann Lee")}
SAID = "Candour: a run of monthly_report of 2026-10 failed. `candour status` says where it stopped."


def mail_server(received: list[str]) -> socketserver.TCPServer:
    """As much of RFC 5321 as one message takes."""

    class Mail(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            for line in self.rfile:
                received.append(line.decode().rstrip())
                if line.upper().startswith(b"DATA"):
                    self.wfile.write(b"354 go on\r\n")
                    for text in self.rfile:
                        received.append(text.decode().rstrip())
                        if text == b".\r\n":
                            break
                self.wfile.write(
                    b"221 bye\r\n" if line.upper().startswith(b"QUIT") else b"250 ok\r\n"
                )

    return socketserver.TCPServer(("127.0.0.1", 0), Mail)


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CANDOUR_ALERT_WEBHOOK_FILE", str(tmp_path / "webhook"))
    return tmp_path / "webhook"


def test_a_failed_run_is_told_by_webhook_without_content(address: Path) -> None:
    received: list[bytes] = []
    with serving(web_server(received)) as port:
        write_secret(address, f"http://127.0.0.1:{port}/hook")
        failed(CONTEXT)
    assert [json.loads(body) for body in received] == [{"text": SAID}]


def test_a_failed_run_is_told_by_e_mail(tmp_path: Path) -> None:
    """In a process of its own, with Airflow's connection as its documentation says to set it."""
    received: list[str] = []
    told = "from pipelines.alerts import tell; tell('Candour: a run failed. Look.')"
    with serving(mail_server(received)) as port:
        sent = subprocess.run(
            [sys.executable, "-c", told],
            cwd=REPOSITORY,
            env={
                "AIRFLOW_CONN_SMTP_DEFAULT": json.dumps(
                    {
                        "conn_type": "smtp",
                        "host": "127.0.0.1",
                        "port": port,
                        "extra": {
                            "disable_ssl": True,
                            "disable_tls": True,
                            "from_email": "candour@example.org",
                        },
                    }
                ),
                "AIRFLOW_HOME": str(tmp_path),
                "CANDOUR_ALERT_EMAIL": "analyst@example.org, lead@example.org",
                "PATH": os.environ["PATH"],
            },
            capture_output=True,
            text=True,
            check=False,
        )
    assert sent.returncode == 0, sent.stderr[-2000:]
    assert "Subject: Candour: a run failed" in received, sent.stderr[-2000:]
    to = [line for line in received if line.upper().startswith("RCPT TO")]
    assert ["analyst@" in line for line in to] == [True, False]


RUN_WATCH = """
from pipelines.orchestrate import RunFailedError, run_dag
from pipelines.settings import Settings
from pipelines.status import LateError
try:
    run_dag("watch", Settings(), print)
except LateError as error:
    print(error)
"""


def test_a_month_that_is_not_out_is_told_by_the_dag_that_looks(tmp_path: Path) -> None:
    """Really run, in a process of its own; nothing was ever published in this home."""
    (tmp_path / "warehouse.duckdb").touch()  # something was loaded
    received: list[bytes] = []
    with serving(web_server(received)) as port:
        write_secret(tmp_path / "webhook", f"http://127.0.0.1:{port}/hook")
        ran = subprocess.run(
            [sys.executable, "-c", RUN_WATCH],
            cwd=REPOSITORY,
            env={
                "CANDOUR_HOME": str(tmp_path),
                "CANDOUR_ALERT_WEBHOOK_FILE": str(tmp_path / "webhook"),
                "PATH": os.environ["PATH"],
            },
            capture_output=True,
            text=True,
            check=False,
        )
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert "has not been reported" in ran.stdout
    assert [json.loads(body) for body in received] == [{"text": LATE}]


def test_nobody_is_told_where_nobody_asked_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CANDOUR_ALERT_WEBHOOK_FILE", raising=False)
    failed(CONTEXT)


def test_a_webhook_that_fails_is_logged_without_its_address(
    address: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(web_server([], status=500)) as port, caplog.at_level(logging.ERROR):
        write_secret(address, f"http://127.0.0.1:{port}/hook")
        failed(CONTEXT)
    assert caplog.messages == ["The alert by webhook was not sent: HTTPError."]


def test_an_address_that_others_can_read_is_not_used(
    address: Path, caplog: pytest.LogCaptureFixture
) -> None:
    received: list[bytes] = []
    with serving(web_server(received)) as port:
        write_secret(address, f"http://127.0.0.1:{port}/hook")
        address.chmod(0o644)
        failed(CONTEXT)
    assert received == []
    assert caplog.messages == ["The alert by webhook was not sent: CallerError."]
