"""Stores that workers and home meet in: a folder, and a bucket of an S3 server on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import boto3
import pytest
from moto.server import ThreadedMotoServer

LOOPBACK = "127.0.0.1"
CREDENTIALS = "[default]\naws_access_key_id = invented\naws_secret_access_key = heliotrope-secret\n"


@contextmanager
def s3_server(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty bucket's address. AWS's own variables lead there, also in processes started now;
    credentials are in a 0600 file in ``folder``.
    """
    server = ThreadedMotoServer(ip_address=LOOPBACK, port=0, verbose=False)
    server.start()
    bucket = f"exchange-{uuid4()}"  # a process's servers have one memory
    try:
        host, port = server.get_host_and_port()
        file = folder / "aws-credentials"
        file.write_text(CREDENTIALS)
        file.chmod(0o600)
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_DEFAULT_REGION", "eu-west-2")
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
        boto3.client("s3").create_bucket(
            Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"}
        )
        yield f"s3://{bucket}/collection"
    finally:
        server.stop()


@contextmanager
def any_store(kind: str, folder: Path, patch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of an empty store: ``s3`` or ``file``."""
    if kind == "file":
        yield (folder / "store").as_uri()
    else:
        with s3_server(folder, patch) as url:
            yield url
