"""A worker's side of the store: fetch what is offered, stage it in scratch, leave what came of it.

The worker needs the collection's keys, and nothing else of its home.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.intake import source
from pipelines.intake.batches import in_range
from pipelines.intake.inbox import make_private, read_reason, write_durably
from pipelines.keys import Keys, in_use, load_keys
from pipelines.settings import Settings
from pipelines.staging.pool import stage_batch
from pipelines.staging.rows import submission_key
from pipelines.staging.shard import find_shards, sidecar
from pipelines.storage.claims import claimed
from pipelines.storage.copies import EXPORT, OFFER, RESULT, SHARD, code_in
from pipelines.storage.letters import check_collection, open_letter, seal_letter, sha256_of
from pipelines.storage.objects import Store, StoreError, open_store
from pipelines.storage.scratch import scratch


@dataclass(frozen=True, slots=True)
class _Fetched:
    """A submission in scratch, and the object names that its result begins with."""

    folder: Path
    offer: str
    name: str


def stage_offered(batch: Sequence[str], settings: Settings) -> dict[str, int]:
    """As ``pool.stage_batch``, of a range of what the store offers.

    What is done is handed back even where something else fails.
    """
    with in_use(settings.keys):  # until all is handed back: a rotation waits for that
        keys = load_keys(settings.keys)
        store = open_store(settings.store)
        check_collection(store, keys)
        codes = in_range(_offered(store), *batch)
        with claimed(store, codes, keys) as task, scratch(settings) as room:
            make_private(room.inbox)
            found = (_fetch(store, code, task, room.inbox, keys) for code in codes)
            fetched = [one for one in found if one]
            try:
                return stage_batch([one.folder for one in fetched], room)
            finally:
                for one in fetched:
                    _hand_back(store, one, room, keys)


def _offered(store: Store) -> list[str]:
    return [code_in(name) for name in store.names() if name.endswith(f"/{OFFER}")]


def _fetch(store: Store, code: str, task: str, inbox: Path, keys: Keys) -> _Fetched | None:
    """A submission as it is in the home's inbox; ``None`` where it is offered no more."""
    name = f"{code}/{OFFER}"
    letter, sealed = store.get(name), store.get(f"{code}/{EXPORT}")
    if letter is None or sealed is None:
        return None
    offer = open_letter(name, letter, keys)
    if sha256_of(sealed) != offer["sha256"]:
        raise StoreError(f"{code}/{EXPORT} in the store is damaged: run intake again.")
    folder = inbox / offer["submission"]
    make_private(folder)
    write_durably(folder / source.EXPORT, sealed)
    write_durably(folder / source.MANIFEST, base64.b64decode(offer["manifest"]))
    return _Fetched(folder, offer["offer"], f"{code}/{task}")


def _hand_back(store: Store, one: _Fetched, room: Settings, keys: Keys) -> None:
    """Shard first and word of it last; and where the submission is offered no more, neither.

    Whoever erases takes the offer away first and looks for shards last: either they find this one,
    or this finds the offer gone.
    """
    result = _result(one, room, keys)
    if not result:
        return
    said, shard = one.name + RESULT, one.name + SHARD
    if "shard" in result:
        store.put(shard, (room.staged / result["shard"]).read_bytes())
    store.put(said, seal_letter(said, {"offer": one.offer, **result}, keys))
    if store.get(f"{code_in(one.name)}/{OFFER}") is None:
        store.remove(said)
        store.remove(shard)


def _result(one: _Fetched, room: Settings, keys: Keys) -> Mapping[str, Any]:
    """What became of a submission; empty where nothing did, and it is to be staged again."""
    for shard in find_shards(room.staged, submission_key(one.folder.name, keys).hex()):
        text = sidecar(shard.path).read_text(encoding="utf-8")
        return {"shard": shard.path.name, "sha256": shard.file_sha256, "sidecar": text}
    refused = room.quarantine / one.folder.name
    if refused.exists():
        reason = read_reason(refused)
        return {"reason": reason["reason"], "counts": reason["counts"]}
    return {}
