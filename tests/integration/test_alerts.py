"""An alert reaches a real web and a real mail server; it says which DAG and month, not why."""

from __future__ import annotations

import json
import logging
import os
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipelines.alerts import failed
from pipelines.keys import write_secret
from pipelines.settings import REPOSITORY

RUN = SimpleNamespace(dag_id="monthly_report", partition_key="2026-10")
CONTEXT = {"dag_run": RUN, "reason": "ring 07700 900123", "exception": ValueError("PC Ann Lee")}
SAID = "Candour: a run of monthly_report of 2026-10 failed. `candour status` says where it stopped."


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[int]:
    """Its port, while it serves."""
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1]  # type: ignore[misc]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def web_server(received: list[str], status: int = 200) -> HTTPServer:
    class Webhook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    return HTTPServer(("127.0.0.1", 0), Webhook)


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
    received: list[str] = []
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
    received: list[str] = []
    with serving(web_server(received)) as port:
        write_secret(address, f"http://127.0.0.1:{port}/hook")
        address.chmod(0o644)
        failed(CONTEXT)
    assert received == []
    assert caplog.messages == ["The alert by webhook was not sent: CallerError."]
