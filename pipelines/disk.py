"""A full disk, said in one sentence wherever it shows. Nothing is lost by one: run again."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from pipelines.errors import CandourError
from pipelines.settings import Settings

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
SAID = ("No space left on device", "Disk quota exceeded", "File too large")
"""What DuckDB quotes of the operating system, in errors of its own."""

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class DiskFullError(CandourError):
    """There is no room to write. What was written before stays, whole."""

    def __init__(self, home: Path) -> None:
        super().__init__(
            f"There is no room left on the disk that holds {home}: make room and run again. "
            "Nothing is lost."
        )


def is_disk_full(error: BaseException) -> bool:
    """Whether a full disk is behind ``error``, or behind one that was raised on the way to it."""
    return any(
        (isinstance(found, OSError) and found.errno in NO_ROOM)
        or any(said in str(found) for said in SAID)
        for found in _chain(error)
    )


def names_full_disk(work: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """``work``, raising ``DiskFullError`` for any error that a full disk is behind."""

    @wraps(work)
    def told(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        try:
            return work(*args, **kwargs)
        except CandourError:
            raise
        except Exception as error:
            if not is_disk_full(error):
                raise
        raise DiskFullError(Settings().home)

    return told


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
