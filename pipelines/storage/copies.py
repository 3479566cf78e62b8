"""What lies in the store, and how it goes: copies of pending submissions, and nothing that counts.

``<code>/export`` (sealed as in the inbox) and ``<code>/offer`` go out; ``<code>/<task>.shard``
(encrypted as in ``staged/``) and ``<code>/<task>.result`` come back. Whatever belongs to no pending
submission is rubbish: a withdrawal takes the submission out of the home, and then all copies.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from pipelines.intake.inbox import pending, replace
from pipelines.keys import Keys
from pipelines.locks import locked
from pipelines.settings import Settings
from pipelines.storage.claims import CLAIMS, claimed_codes
from pipelines.storage.letters import COLLECTION, code_of
from pipelines.storage.objects import Store, open_store

OFFER, EXPORT = "offer", "export"
RESULT, SHARD = ".result", ".shard"
LOCK = ".offers.lock"
LOOK_AGAIN_S = 1.0

Offers = dict[str, str]
"""By code, the offer that a result must answer."""


def forget(settings: Settings, keys: Keys) -> None:
    """Remove what belongs to no pending submission, once no living worker reads any of it.

    Without a store there is nothing to do.
    """
    if settings.store:
        store = open_store(settings.store)
        _forget(store, keys, lambda: set(by_code(settings, keys)), keep=(COLLECTION,))
        change_offers(settings, lambda offers: still_pending(offers, settings, keys))


def empty(settings: Settings, keys: Keys) -> None:
    """Remove everything, once no living worker reads any of it."""
    if settings.store:
        _forget(open_store(settings.store), keys, set, keep=())
        change_offers(settings, lambda offers: {})


def by_code(settings: Settings, keys: Keys) -> dict[str, Path]:
    """Folders of the pending submissions by their names in the store."""
    return {code_of(folder.name, keys): folder for folder in pending(settings)}


def code_in(name: str) -> str:
    """Whose copy an object is."""
    return name.partition("/")[0]


def remove_all(store: Store, names: Iterable[str], keep: Sequence[str] = ()) -> None:
    """Remove objects, but for claims: those are their workers' own."""
    for name in names:
        if name not in keep and not name.startswith(CLAIMS):
            store.remove(name)


def read_offers(settings: Settings) -> Offers:
    """What was put into the store and has not come back."""
    return dict(json.loads(settings.offers.read_bytes())) if settings.offers.exists() else {}


def change_offers(settings: Settings, change: Callable[[Offers], Offers]) -> None:
    """Write down what ``change`` makes of the offers."""
    with locked(LOCK, settings):
        replace(settings.offers, json.dumps(change(read_offers(settings)), indent=1) + "\n")


def still_pending(offers: Offers, settings: Settings, keys: Keys) -> Offers:
    """Those of submissions that have not been withdrawn, nor put into quarantine."""
    codes = by_code(settings, keys)
    return {code: number for code, number in offers.items() if code in codes}


def _forget(
    store: Store, keys: Keys, pending_codes: Callable[[], set[str]], keep: Sequence[str]
) -> None:
    """Offers go before claims are looked for: who claims later finds nothing offered. And a worker
    whose claim has gone may have left something after the removal: so, until nothing is found.
    """
    while True:
        kept = pending_codes()
        remove_all(store, _others(store.names(), kept, keep))
        names = store.names()
        being_read = claimed_codes(store, names, keys) - kept
        if not being_read and not _others(names, kept, keep):
            return
        if being_read:
            time.sleep(LOOK_AGAIN_S)


def _others(names: Iterable[str], codes: set[str], keep: Sequence[str]) -> list[str]:
    return [n for n in names if code_in(n) not in {*codes, CLAIMS.rstrip("/")} and n not in keep]
