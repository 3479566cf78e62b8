"""What an object store is relied on for, on a real S3 server and in a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from pipelines.errors import CallerError
from pipelines.keys import Keys, generate_keys, load_keys
from pipelines.storage.letters import check_collection, enter, open_letter, seal_letter
from pipelines.storage.objects import Store, StoreError, open_store
from tests.stores import any_store, s3_server

LARGE = bytes(range(256)) * 250_000
"""64 MB: more than S3 clients send at once unless told to."""


@pytest.fixture(params=["file", "s3"])
def url(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    with any_store(request.param, tmp_path, monkeypatch) as url:
        yield url


@pytest.fixture
def store(url: str) -> Store:
    return open_store(url)


def test_objects_are_put_read_and_removed(store: Store) -> None:
    assert store.names() == []
    store.put("a/one", b"1")
    store.put("a/one", b"2")
    store.put("b", b"")
    assert store.names() == ["a/one", "b"]
    assert (store.get("a/one"), store.get("b"), store.get("a")) == (b"2", b"", None)
    store.remove("a/one")
    store.remove("a/one")
    assert (store.names(), store.get("a/one"), store.modified("a/one")) == (["b"], None, None)


def test_another_opener_sees_them_at_once(url: str, store: Store) -> None:
    other = open_store(url)
    assert other.names() == []
    store.put("a/one", b"1")
    assert (other.names(), other.get("a/one")) == (["a/one"], b"1")
    store.remove("a/one")
    assert (other.names(), other.get("a/one")) == ([], None)


def test_a_later_object_is_not_older_by_the_stores_own_clock(store: Store) -> None:
    store.put("first", b"")
    store.put("second", b"")
    first, second = store.modified("first"), store.modified("second")
    assert first is not None
    assert second is not None
    assert first <= second


def test_a_large_object_is_put_in_one_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its tag is of one piece: no upload in parts, whose unfinished parts nobody would see."""
    with s3_server(tmp_path, monkeypatch) as url:
        open_store(url).put("large", LARGE)
        head = boto3.client("s3").head_object(Bucket=bucket_in(url), Key="collection/large")
        assert head["ContentLength"] == len(LARGE)
        assert "-" not in head["ETag"]


def test_a_folder_is_private_and_shows_nothing_unfinished(tmp_path: Path) -> None:
    root = tmp_path / "store"
    store = open_store(root.as_uri())
    store.put("a/one", b"1")
    (root / "a" / ".half").write_bytes(b"x")
    assert store.names() == ["a/one"]
    assert {oct(p.stat().st_mode & 0o777) for p in (root, root / "a")} == {"0o700"}
    assert oct((root / "a" / "one").stat().st_mode & 0o777) == "0o600"


@pytest.mark.parametrize(
    "url",
    ["/srv/store", "file://host/store", "file:///", "s3://", "https://example.org/x", "s4://b/c"],
)
def test_any_other_address_is_refused(url: str) -> None:
    with pytest.raises(CallerError, match="neither s3://bucket/prefix nor file:///folder"):
        open_store(url)


def test_credentials_in_the_address_are_refused_and_not_repeated() -> None:
    with pytest.raises(CallerError, match="holds credentials") as refused:
        open_store("s3://heliotrope:secret@bucket/x")
    assert "heliotrope" not in str(refused.value)


@pytest.mark.parametrize("status", ["Enabled", "Suspended"])
def test_a_bucket_that_keeps_what_is_removed_is_refused(
    status: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with s3_server(tmp_path, monkeypatch) as url:
        boto3.client("s3").put_bucket_versioning(
            Bucket=bucket_in(url), VersioningConfiguration={"Status": status}
        )
        with pytest.raises(CallerError, match="keeps versions"):
            open_store(url)


def test_a_credentials_file_that_others_can_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with s3_server(tmp_path, monkeypatch) as url:
        Path(os.environ["AWS_SHARED_CREDENTIALS_FILE"]).chmod(0o644)
        with pytest.raises(CallerError, match="can be read by others"):
            open_store(url)


def test_what_a_store_raises_is_one_sentence_without_address_or_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with s3_server(tmp_path, monkeypatch) as url, pytest.raises(StoreError) as refused:
        open_store("s3://no-such-bucket/x")
    assert "cannot be used" in str(refused.value)
    said = (url, "no-such-bucket", "127.0.0.1", "invented", "heliotrope")
    assert [word for word in said if word in str(refused.value)] == []
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


def bucket_in(url: str) -> str:
    return url.split("/")[2]


class TestLetters:
    def test_come_back_as_they_were(self, keys: Keys) -> None:
        content = {"reason": "empty", "counts": {"lines": 3}}
        sealed = seal_letter("a/offer", content, keys)
        assert open_letter("a/offer", sealed, keys) == content
        assert b"reason" not in sealed
        assert seal_letter("a/offer", content, keys) != sealed

    @pytest.mark.parametrize("at", [0, 5, 12, 20, -1])
    def test_a_changed_one_is_refused(self, at: int, keys: Keys) -> None:
        sealed = bytearray(seal_letter("a/offer", {"n": 1}, keys))
        sealed[at] ^= 1
        with pytest.raises(StoreError, match="a/offer in the store is not what"):
            open_letter("a/offer", bytes(sealed), keys)

    @pytest.mark.parametrize("sealed", [b"", b"x" * 11, b"x" * 12, b"x" * 40])
    def test_so_is_what_is_none(self, sealed: bytes, keys: Keys) -> None:
        with pytest.raises(StoreError):
            open_letter("a/offer", sealed, keys)

    def test_so_is_one_under_another_name_or_with_another_key(
        self, keys: Keys, tmp_path: Path
    ) -> None:
        generate_keys(tmp_path / "others")
        sealed = seal_letter("a/offer", {"n": 1}, keys)
        for name, opened_with in (("b/offer", keys), ("a/offer", load_keys(tmp_path / "others"))):
            with pytest.raises(StoreError):
                open_letter(name, sealed, opened_with)


def test_a_store_is_one_collections(store: Store, keys: Keys, tmp_path: Path) -> None:
    generate_keys(tmp_path / "others")
    with pytest.raises(CallerError, match="another collection's"):
        check_collection(store, keys)
    enter(store, keys)
    check_collection(store, keys)
    with pytest.raises(CallerError, match="another collection's"):
        enter(store, load_keys(tmp_path / "others"))
    check_collection(store, keys)
