"""PostgreSQL and Redis from Debian's packages, on loopback, for as long as a ``with`` lasts.

Both ask for a password and listen on 127.0.0.1 alone. ``make services`` installs them.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from pipelines.parent import end_with_parent

HOST = "127.0.0.1"
PACKAGES = "postgresql redis-server"
POSTGRES_BINARIES = Path("/usr/lib/postgresql")  # Debian's: a folder for each version
POSTGRES_ACCOUNT = "postgres"  # Debian's package makes it; PostgreSQL does not start as root
STARTS_WITHIN = 60  # seconds
STOPS_WITHIN = 10  # seconds, then it is killed
NAME = "candour"  # of database and account, as in docker/compose.yaml


class MissingError(Exception):
    """A program is not installed. Says what to install."""


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.create_server((HOST, 0)) as free:
        return int(free.getsockname()[1])


@dataclass(slots=True)
class Part:
    """A process that runs until it is stopped, and whatever it has started."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def tree(self) -> list[psutil.Process]:
        """It and its descendants: Airflow gives each task a process group of its own."""
        try:
            leader = psutil.Process(self.process.pid)
            return [leader, *leader.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def kill(self) -> list[psutil.Process]:
        """SIGKILL to all of it at once, as where its host is lost. What was killed."""
        tree = self.tree()
        for process in tree:  # so that the first to die does not make another finish or start
            _signal(process, signal.SIGSTOP)
        for process in tree:
            _signal(process, signal.SIGKILL)
        self.process.wait()
        psutil.wait_procs(tree, STOPS_WITHIN)
        return tree

    def ask(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Tell it to end, unless it has."""
        if self.process.poll() is None:
            self.process.send_signal(how)

    def stop(self, tree: Sequence[psutil.Process]) -> None:
        """Wait until it has ended; kill what is left of its ``tree`` after ``STOPS_WITHIN``."""
        _, left = psutil.wait_procs(tree, STOPS_WITHIN)
        for process in left:
            _signal(process, signal.SIGKILL)
        self.process.wait()

    def tail(self) -> str:
        """The end of what it said."""
        return self.log.read_text(errors="replace")[-2000:]


def _signal(process: psutil.Process, which: signal.Signals) -> None:
    with suppress(psutil.NoSuchProcess):
        process.send_signal(which)


def start(
    name: str,
    command: Sequence[str | Path],
    environment: Mapping[str, str],
    folder: Path,
    account: str | None = None,
) -> Part:
    """Start ``command`` with nothing but ``environment``; what it says goes to ``folder``."""
    log = folder / f"{name}.log"
    with log.open("ab") as said:
        process = subprocess.Popen(
            [str(word) for word in command],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            user=account,
            start_new_session=True,
            preexec_fn=end_with_parent,  # whoever runs this may be killed
        )
    return Part(name, process, log)


def wait_until(ready: Callable[[], bool], parts: Sequence[Part], seconds: float) -> None:
    """Until ``ready()``. Raises ``TimeoutError``, or ``RuntimeError`` where a part has ended."""
    until = time.monotonic() + seconds
    while not ready():
        for part in parts:
            if part.process.poll() is not None:
                raise RuntimeError(f"{part.name} ended ({part.process.returncode}): {part.tail()}")
        if time.monotonic() > until:
            raise TimeoutError(f"Not ready after {seconds:.0f} s: {[part.name for part in parts]}")
        time.sleep(0.2)


@contextmanager
def postgres(password: str, logs: Path) -> Iterator[int]:
    """PostgreSQL with one database, ``NAME``, of the account ``NAME``. Its port."""
    binaries = _postgres_binaries()
    account = POSTGRES_ACCOUNT if os.geteuid() == 0 else None
    port = free_port()
    with TemporaryDirectory(prefix="postgres-") as home:  # apart: its account has to reach it
        data, secret = Path(home) / "data", Path(home) / "password"
        secret.write_text(password)
        secret.chmod(0o600)
        if account:
            for path in (Path(home), secret):
                shutil.chown(path, account, account)
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        made = subprocess.run(
            [binaries / "initdb", "-D", data, "-U", NAME, f"--pwfile={secret}", "-E", "UTF8",
             "--auth=scram-sha-256", "--no-sync"],
            env=environment, user=account, capture_output=True, text=True, cwd=home, check=False,
        )  # fmt: skip
        if made.returncode:
            raise RuntimeError(made.stderr)
        options = {"listen_addresses": HOST, "port": port, "unix_socket_directories": home}
        part = start(
            "postgres",
            [binaries / "postgres", "-D", data, *(f"-c{k}={v}" for k, v in options.items())],
            environment,
            logs,
            account,
        )
        try:
            wait_until(lambda: _listens(port), [part], STARTS_WITHIN)
            subprocess.run(
                [binaries / "createdb", "-h", HOST, "-p", str(port), "-U", NAME, NAME],
                env=environment | {"PGPASSWORD": password},
                check=True,
            )
            yield port
        finally:
            _end(part, signal.SIGINT)  # without waiting for who is connected


@contextmanager
def redis(configuration: Path, options: Sequence[str], logs: Path) -> Iterator[int]:
    """Redis with ``configuration``, which sets its password, and ``options``. Its port."""
    binary = shutil.which("redis-server")
    if binary is None:
        raise MissingError(f"There is no redis-server: apt-get install {PACKAGES}")
    port = free_port()
    command = [binary, configuration, "--bind", HOST, "--port", str(port), *options]
    part = start("redis", command, {"PATH": os.environ["PATH"]}, logs)
    try:
        wait_until(lambda: _listens(port), [part], STARTS_WITHIN)
        yield port
    finally:
        _end(part, signal.SIGTERM)


def _end(part: Part, how: signal.Signals) -> None:
    tree = part.tree()
    part.ask(how)
    part.stop(tree)


def dump(port: int, password: str) -> str:
    """Every row of the database, in SQL."""
    done = subprocess.run(
        [_postgres_binaries() / "pg_dump", "-h", HOST, "-p", str(port), "-U", NAME, "--inserts",
         "--data-only", NAME],
        env={"PATH": os.environ["PATH"], "PGPASSWORD": password},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


def _postgres_binaries() -> Path:
    found = sorted(POSTGRES_BINARIES.glob("*/bin/postgres"), key=lambda p: int(p.parts[-3]))
    if not found:
        raise MissingError(f"There is no PostgreSQL server: apt-get install {PACKAGES}")
    return found[-1].parent


def _listens(port: int) -> bool:
    with socket.socket() as connection:
        return connection.connect_ex((HOST, port)) == 0
