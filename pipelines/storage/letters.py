"""What hosts say to each other through the store: sealed, so that it is neither read nor forged.

Names are keyed codes of the store's own, which lead to no row: a store may log them for good.
"""

from __future__ import annotations

import hashlib
import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pipelines.errors import CallerError
from pipelines.keys import Keys, keyed_sha256
from pipelines.storage.objects import Store, StoreError

NONCE_BYTES = 12  # AES-GCM's own
COLLECTION = "collection"
"""Names the collection a store is for, by its keys."""


def code_of(submission_id: str, keys: Keys) -> str:
    """A submission's name in the store: 32 hexadecimal characters."""
    return keys.pseudonymise("store", submission_id).hex()


def seal_letter(name: str, content: dict[str, Any], keys: Keys) -> bytes:
    """``content`` as an object of that name: AES-256-GCM, and under no other name it opens."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _cipher(keys).encrypt(nonce, json.dumps(content).encode(), name.encode())


def open_letter(name: str, sealed: bytes, keys: Keys) -> dict[str, Any]:
    """What ``seal_letter`` was given. Raises ``StoreError`` for anything else."""
    nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        return dict(json.loads(_cipher(keys).decrypt(nonce, rest, name.encode())))
    except (InvalidTag, ValueError):
        raise StoreError(
            f"{name} in the store is not what this collection put there: it is left out. Ask who "
            "else can write to the store, then run intake again."
        ) from None


def enter(store: Store, keys: Keys) -> None:
    """Say whose store it is, where nobody has. Raises as ``check_collection``."""
    if store.get(COLLECTION) is None:
        store.put(COLLECTION, _named_by(keys))
    check_collection(store, keys)


def check_collection(store: Store, keys: Keys) -> None:
    """Raise ``CallerError`` unless the store is that of the collection that ``keys`` belong to.

    A worker with another pseudonym key would have every message counted twice.
    """
    if store.get(COLLECTION) != _named_by(keys):
        raise CallerError(
            "The store that CANDOUR_STORE names is another collection's, or these keys are, or "
            "they were rotated since: give each collection a prefix of its own, and its workers "
            "its keys. Nothing was staged."
        )


def _named_by(keys: Keys) -> bytes:
    said = keyed_sha256(keys.pseudonym, "store of", str(keys.recipient), keys.data)
    return said.hex().encode()


def _cipher(keys: Keys) -> AESGCM:
    """A key for letters alone, derived from the data key: one key, one use."""
    return AESGCM(keyed_sha256(keys.data.encode(), "letters"))


def sha256_of(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
