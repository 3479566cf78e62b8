"""Withdraw a submission: everything that was made of it goes, and a certificate says so.

Every step looks, writes down what it found, and only then removes; each may be repeated. So a run
that is killed anywhere is finished by the next one, with the same certificate.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

from pipelines.erasure.certificate import issue
from pipelines.erasure.files import count_files, remove_files
from pipelines.erasure.request import (
    Request,
    close_request,
    file_request,
    pending_requests,
    save_request,
)
from pipelines.erasure.rows import SUBMISSIONS, erase_rows
from pipelines.erasure.search import prove_gone
from pipelines.erasure.unpublished import discard_unpublished, unpublished_months
from pipelines.keys import Keys
from pipelines.settings import Settings
from pipelines.storage.copies import forget

LOGS = "log_files"


def ask(receipt: str, settings: Settings, keys: Keys) -> None:
    """File the withdrawal of the submission with this receipt code, for ``work_off`` to do.

    Raises ``CallerError`` where no submission has it.
    """
    with one_at_a_time(settings):
        file_request(receipt, settings, keys)


def withdraw(receipt: str, settings: Settings, keys: Keys, today: date) -> dict[str, Any]:
    """Erase the submission with this receipt code everywhere; its certificate.

    Raises ``CallerError`` where no submission has it, or another process has the warehouse: the
    withdrawal is then filed, and this or ``work_off`` finishes it. ``GateError`` where a file
    still names the submission.
    """
    with one_at_a_time(settings):
        request = file_request(receipt, settings, keys)
        done = _work_off(settings, keys, today)
        return done[request.certificate_id]


def work_off(settings: Settings, keys: Keys, today: date) -> list[dict[str, Any]]:
    """Finish every withdrawal that was asked for; their certificates."""
    with one_at_a_time(settings):
        return list(_work_off(settings, keys, today).values())


@contextmanager
def one_at_a_time(settings: Settings) -> Iterator[None]:
    """One process at a time erases; others wait."""
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (settings.home / ".erasure.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _work_off(settings: Settings, keys: Keys, today: date) -> dict[str, dict[str, Any]]:
    requests = [_erase_files(request, settings) for request in pending_requests(settings)]
    if not requests:
        return {}
    forget(settings, keys)
    requests = erase_rows(requests, settings, keys)
    requests = _discard_releases(requests, settings)
    searched, logs = prove_gone(requests, settings)
    certificates = {}
    for request in requests:
        found = request.found({LOGS: logs})
        certificates[request.certificate_id] = issue(found, searched, today, settings)
        close_request(request, settings)
    return certificates


def _erase_files(request: Request, settings: Settings) -> Request:
    request = request.found(count_files(request, settings))
    save_request(request, settings)
    remove_files(request, settings)
    return request


def _discard_releases(requests: Sequence[Request], settings: Settings) -> list[Request]:
    """What was never loaded was counted nowhere; otherwise, in doubt, nothing unpublished stays."""
    months = unpublished_months(settings)
    told = [
        replace(r, discarded=tuple(sorted({*r.discarded, *months}))) if _was_loaded(r) else r
        for r in requests
    ]
    for request in told:
        save_request(request, settings)
    if any(map(_was_loaded, told)):
        discard_unpublished({month for r in told for month in r.discarded}, settings)
    return told


def _was_loaded(request: Request) -> bool:
    return bool((request.removed or {}).get(SUBMISSIONS))
