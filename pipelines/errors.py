"""Errors people see. None ever carries message content, a name or a row's value."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class CandourError(Exception):
    """Something a person must act on. ``str()`` is one clear sentence."""

    exit_code = 1


class CallerError(CandourError):
    """The caller's mistake: the message names the input and what to do next."""

    exit_code = 2


class Reason(StrEnum):
    """Why an input was quarantined. A code, never content."""

    NOT_A_CHAT = "not_a_chat"
    EMPTY = "empty"
    WRONG_ENCODING = "wrong_encoding"
    ARCHIVE_WITHOUT_CHAT = "archive_without_chat"
    ARCHIVE_TOO_LARGE = "archive_too_large"
    ARCHIVE_UNSAFE_PATH = "archive_unsafe_path"
    ARCHIVE_DAMAGED = "archive_damaged"
    TOO_LARGE = "too_large"
    TOO_MANY_LINES = "too_many_lines"
    UNREADABLE_SEAL = "unreadable_seal"
    HASH_MISMATCH = "hash_mismatch"
    BAD_MANIFEST = "bad_manifest"
    VOLUNTEER_NOT_IN_CHAT = "volunteer_not_in_chat"
    IMPLAUSIBLE_DATES = "implausible_dates"
    TIMED_OUT = "timed_out"
    WORKER_DIED = "worker_died"
    INTERNAL_ERROR = "internal_error"


class QuarantineError(CandourError):
    """An input that cannot be used. ``reason`` is the code recorded, with ``counts`` of what had
    been read; ``str()`` explains it.
    """

    exit_code = 3

    def __init__(
        self, reason: Reason, message: str, counts: Mapping[str, int] | None = None
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.counts = dict(counts or {})


class GateError(CandourError):
    """A validation gate or a disclosure check refused. Names the check, shows no value."""

    exit_code = 4
