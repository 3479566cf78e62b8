"""Put into the store what is to be staged. What was there before has been taken in, or is done
again."""

from __future__ import annotations

import base64
from pathlib import Path
from uuid import uuid4

from pipelines.errors import CandourError
from pipelines.intake import source
from pipelines.intake.inbox import hold, pending
from pipelines.keys import Keys
from pipelines.settings import Settings
from pipelines.staging.desk import not_staged
from pipelines.staging.tools import Tools
from pipelines.storage.collect import collect
from pipelines.storage.copies import (
    EXPORT,
    OFFER,
    Offers,
    change_offers,
    read_offers,
    remove_all,
    still_pending,
)
from pipelines.storage.letters import COLLECTION, code_of, seal_letter, sha256_of
from pipelines.storage.objects import Store, open_store


class NotTakenInError(CandourError):
    """What was offered has not come back."""


def offer(settings: Settings, keys: Keys) -> dict[str, int]:
    """Take in what was staged, then offer what is not yet: sealed bytes, by code.

    Raises as ``collect`` does.
    """
    collect(settings, keys)
    store = open_store(settings.store)
    remove_all(store, store.names(), keep=(COLLECTION,))
    waiting = pending(settings)
    versions = Tools.load(settings.name_model).versions if waiting else {}
    sizes: dict[str, int] = {}
    offers: Offers = {}
    for folder in not_staged(waiting, versions, settings, keys):
        with hold(folder) as there:
            if there:
                code = code_of(folder.name, keys)
                offers[code] = uuid4().hex
                sizes[code] = _put(store, code, offers[code], folder, keys)
    change_offers(settings, lambda _: still_pending(offers, settings, keys))
    return sizes


def check_taken_in(settings: Settings, keys: Keys) -> None:
    """Raise ``NotTakenInError`` where something that was offered, and not withdrawn since, has not
    come back: what is said to be taken in would leave it out.
    """
    if left := still_pending(read_offers(settings), settings, keys):
        raise NotTakenInError(
            f"{len(left)} submissions that were put into the store have not come back staged: the "
            "next run of intake stages them. Nothing is lost."
        )


def _put(store: Store, code: str, number: str, folder: Path, keys: Keys) -> int:
    """The offer goes last: what is offered is there."""
    export = folder / source.EXPORT
    sealed = export.read_bytes() if export.exists() else b""
    store.put(f"{code}/{EXPORT}", sealed)
    letter = {
        "offer": number,
        "submission": folder.name,
        "manifest": base64.b64encode((folder / source.MANIFEST).read_bytes()).decode(),
        "sha256": sha256_of(sealed),
    }
    name = f"{code}/{OFFER}"
    store.put(name, seal_letter(name, letter, keys))
    return len(sealed)
