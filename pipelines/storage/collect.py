"""Take in what workers have left in the store: shards, and verdicts of quarantine.

A shard comes into the home while its submission's own lock is held and it is pending, or not at
all: so nothing that is in the store, or arrives there late, brings back what was withdrawn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from pipelines.errors import Reason
from pipelines.intake.inbox import hold, quarantine, write_durably
from pipelines.keys import Keys, in_use
from pipelines.locks import locked
from pipelines.settings import Settings
from pipelines.staging.rows import submission_key
from pipelines.staging.shard import publish_file, read_sidecar, remove_superseded, sidecar
from pipelines.storage.copies import (
    EXPORT,
    OFFER,
    RESULT,
    SHARD,
    Offers,
    by_code,
    change_offers,
    code_in,
    read_offers,
    remove_all,
)
from pipelines.storage.letters import enter, open_letter, sha256_of
from pipelines.storage.objects import Store, StoreError, open_store

LOCK = ".collect.lock"

Letters = dict[str, dict[str, Any]]
"""What workers say of one submission, by the name of the object."""


def collect(settings: Settings, keys: Keys) -> dict[str, int]:
    """Bring in every shard and verdict that answers an offer; counts of them. All that workers left
    in the store goes.

    Raises ``StoreError`` for what is damaged, once all else is in: it is staged again by the next
    run.
    """
    done, damaged = Counter({"staged": 0, "quarantined": 0}), []
    with in_use(settings.keys), locked(LOCK, settings):  # two runs may end at once
        store = open_store(settings.store)
        enter(store, keys)
        offers, folders = read_offers(settings), by_code(settings, keys)
        for code, names in _results(store.names()).items():
            try:
                letters = _answers(store, names, offers.get(code), keys)
                if letters and code in folders:
                    done.update(_take_in(store, letters, folders[code], settings, keys))
                    change_offers(settings, partial(_without, code))
                    remove_all(store, [f"{code}/{OFFER}", f"{code}/{EXPORT}"])
            except StoreError as error:
                damaged.append(error)
            remove_all(store, (o for name in names for o in (name, _shard_of(name))))
    if damaged:
        raise damaged[0]
    return dict(done)


def _results(names: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in names:
        if name.endswith(RESULT):
            found.setdefault(code_in(name), []).append(name)
    return found


def _answers(store: Store, names: Sequence[str], number: str | None, keys: Keys) -> Letters:
    """What answers the offer of that number; not what a worker that was thought lost says late."""
    sealed = {name: store.get(name) for name in names}
    letters = {n: open_letter(n, content, keys) for n, content in sealed.items() if content}
    return {name: letter for name, letter in letters.items() if letter["offer"] == number}


def _take_in(
    store: Store, letters: Letters, folder: Path, settings: Settings, keys: Keys
) -> list[str]:
    """Place the first shard or, where there is none, obey the verdict: which of them it was.
    Neither where the submission is not pending any more.
    """
    name = min(letters, key=lambda name: "reason" in letters[name])
    letter = letters[name]
    with hold(folder) as there:
        if not there:
            return []
        if "reason" in letter:
            quarantine(folder, Reason(letter["reason"]), settings, letter["counts"])
            return ["quarantined"]
        _place(store, name, letter, submission_key(folder.name, keys).hex(), settings.staged)
        return ["staged"]


def _place(
    store: Store, name: str, letter: Mapping[str, Any], submission: str, staged: Path
) -> None:
    """Write shard and sidecar as staging here would have; rows that are there stay as they are."""
    path = staged / Path(letter["shard"]).name
    if not path.name.startswith(f"{submission}-"):
        raise _damaged(name)
    if not sidecar(path).exists():
        content = store.get(_shard_of(name)) or b""
        if sha256_of(content) != letter["sha256"]:
            raise _damaged(name)
        staged.mkdir(parents=True, exist_ok=True, mode=0o700)
        for target, written in ((path, content), (sidecar(path), letter["sidecar"].encode())):
            partial_file = target.with_suffix(f"{target.suffix}.partial")
            write_durably(partial_file, written)
            publish_file(partial_file, target)
    remove_superseded([read_sidecar(sidecar(path))])


def _shard_of(result: str) -> str:
    return result.removesuffix(RESULT) + SHARD


def _without(code: str, offers: Offers) -> Offers:
    return {other: number for other, number in offers.items() if other != code}


def _damaged(name: str) -> StoreError:
    return StoreError(
        f"The shard of {name} in the store is damaged, and was removed: run intake again, which "
        "stages its submission anew."
    )
