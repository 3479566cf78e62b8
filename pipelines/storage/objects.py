"""Where hosts meet that share no home: an S3 bucket, or a folder. Whole objects, and no locks.

An object is seen whole or not at all, and as soon as it is written: S3 promises both, and a rename
gives a folder as much. Nothing here relies on more.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from pipelines.errors import CallerError, CandourError
from pipelines.intake.inbox import make_private, sync_folder, write_durably
from pipelines.keys import read_secret

CREDENTIALS = "AWS_SHARED_CREDENTIALS_FILE"
ONE_PUT = 5 << 30
"""Bytes S3 takes at once. What is sent in parts and not finished would stay, unseen."""

FOLDER, BUCKET = "file", "s3"
PARTIAL = "."
"""How the name of what is not whole yet begins, in a folder."""


class StoreError(CandourError):
    """The store cannot be reached, refuses, or holds what nobody put there. Nothing is lost: what
    is there are copies.
    """


class Store(Protocol):
    """Objects by name (``a/b``). Every method may raise ``StoreError``."""

    def names(self) -> list[str]:
        """Every object's name, in order."""

    def put(self, name: str, content: bytes) -> None:
        """Write an object, whole, in place of an earlier one."""

    def get(self, name: str) -> bytes | None:
        """An object's bytes; ``None`` where there is none."""

    def modified(self, name: str) -> float | None:
        """When it was written, by the store's own clock, in seconds; ``None`` where it is not."""

    def remove(self, name: str) -> None:
        """Remove an object; one that is not there is none."""


def open_store(url: str) -> Store:
    """The store at ``s3://bucket/prefix`` or ``file:///folder``.

    Raises ``CallerError`` for any other address and for a bucket that keeps what is removed.
    """
    parts = urlsplit(url)
    if "@" in parts.netloc:
        raise CallerError(
            "CANDOUR_STORE holds credentials: take them out, and give them in a file that "
            f"{CREDENTIALS} names (docs/cluster.md)."
        )
    path = unquote(parts.path)
    if parts.scheme == FOLDER and not parts.netloc and path.strip("/"):
        return _Folder(Path(path))
    if parts.scheme == BUCKET and parts.netloc:
        return _Bucket(parts.netloc, path.strip("/"))
    raise CallerError("CANDOUR_STORE is neither s3://bucket/prefix nor file:///folder.")


class _Folder:
    """A folder that all hosts mount."""

    def __init__(self, root: Path) -> None:
        self._root = root
        with _told():
            make_private(root)

    def names(self) -> list[str]:
        with _told():
            return sorted(
                path.relative_to(self._root).as_posix()
                for path in self._root.rglob("*")
                if path.is_file() and not path.name.startswith(PARTIAL)
            )

    def put(self, name: str, content: bytes) -> None:
        path = self._root / name
        with _told():
            make_private(path.parent)
            partial = path.with_name(f"{PARTIAL}{uuid4()}")
            try:
                write_durably(partial, content)
                partial.replace(path)
            finally:
                partial.unlink(missing_ok=True)
            sync_folder(path.parent)

    def get(self, name: str) -> bytes | None:
        with _told():
            path = self._root / name
            return path.read_bytes() if path.is_file() else None

    def modified(self, name: str) -> float | None:
        with _told():
            path = self._root / name
            return path.stat().st_mtime if path.is_file() else None

    def remove(self, name: str) -> None:
        with _told():
            (self._root / name).unlink(missing_ok=True)


class _Bucket:
    """Part of a bucket. Where and as whom, AWS's own variables and files say."""

    def __init__(self, bucket: str, prefix: str) -> None:
        try:
            from s3fs import S3FileSystem
        except ImportError:
            raise CallerError("S3 needs the extra `s3`: install candour[s3].") from None
        if CREDENTIALS in os.environ:  # 0600, as every secret's file
            read_secret(Path(os.environ[CREDENTIALS]), "make it, or unset the variable")
        self._root = f"{bucket}/{prefix}".rstrip("/")
        with _told():
            self._s3: Any = S3FileSystem(use_listings_cache=False, skip_instance_cache=True)
            versioning = self._s3.call_s3("get_bucket_versioning", Bucket=bucket).get("Status")
        if versioning:
            raise CallerError(
                f"The bucket {bucket} keeps versions of what is removed, and so would keep what "
                "somebody withdraws: use one that has never had versioning."
            )

    def names(self) -> list[str]:
        with _told():
            found = self._s3.find(self._root)
        return sorted(path.removeprefix(f"{self._root}/") for path in found)

    def put(self, name: str, content: bytes) -> None:
        with _told():
            self._s3.pipe_file(self._path(name), content, chunksize=ONE_PUT)

    def get(self, name: str) -> bytes | None:
        with _told():
            try:
                return bytes(self._s3.cat_file(self._path(name)))
            except FileNotFoundError:
                return None

    def modified(self, name: str) -> float | None:
        with _told():
            try:
                return float(self._s3.info(self._path(name))["LastModified"].timestamp())
            except FileNotFoundError:
                return None

    def remove(self, name: str) -> None:
        with _told():
            self._s3.call_s3("delete_object", **self._named(name))

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _named(self, name: str) -> dict[str, str]:
        bucket, _, key = self._path(name).partition("/")
        return {"Bucket": bucket, "Key": key}


@contextmanager
def _told() -> Iterator[None]:
    """Whatever a store raises, in one sentence that names neither address nor credentials."""
    try:
        yield
    except CandourError:
        raise
    except Exception as error:
        kind = type(error).__name__
        raise StoreError(
            f"The store that CANDOUR_STORE names cannot be used ({kind}): check the address, the "
            "network, the credentials and what they permit. Nothing is lost."
        ) from None
