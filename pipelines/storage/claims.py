"""What a worker is reading, said in the store: whoever erases waits until it has finished.

A claim takes a lock's place. The worker writes it before it looks whether a submission is offered;
whoever erases takes the offer away before looking for claims: one of them sees the other. A worker
that lives renews its claim; one that does not has been lost, by the store's own clock.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from uuid import uuid4

from pipelines.keys import Keys
from pipelines.storage.letters import open_letter, seal_letter
from pipelines.storage.objects import Store, StoreError

CLAIMS = "claims/"
CLOCK = "clock"
RENEWED_S = 20.0
LOST_S = 120.0
"""Six renewals missed: more than a network's hiccup, and no long wait for whoever erases."""


@contextmanager
def claimed(store: Store, codes: Sequence[str], keys: Keys) -> Iterator[str]:
    """While submissions are read, nobody who erases them finishes. Yields a name for the task."""
    task = uuid4().hex
    name = f"{CLAIMS}{task}"
    content = {"codes": list(codes)}
    store.put(name, seal_letter(name, content, keys))
    done = threading.Event()

    def renew() -> None:
        while not done.wait(RENEWED_S):
            with suppress(StoreError):  # it may be back before this counts as lost
                store.put(name, seal_letter(name, content, keys))

    renewing = threading.Thread(target=renew, daemon=True)
    renewing.start()
    try:
        yield task
    finally:
        done.set()
        renewing.join()
        store.remove(name)


def claimed_codes(store: Store, names: Sequence[str], keys: Keys) -> set[str]:
    """The submissions that living workers read, by the claims among ``names``. Those of workers
    that were lost are removed.
    """
    codes: set[str] = set()
    claims = [name for name in names if name.startswith(CLAIMS)]
    if not claims:
        return codes
    now = _now(store)
    for name in claims:
        written, sealed = store.modified(name), store.get(name)
        if written is None or sealed is None:
            continue  # finished meanwhile
        if now - written > LOST_S:
            store.remove(name)
        else:
            codes.update(open_letter(name, sealed, keys)["codes"])
    return codes


def _now(store: Store) -> float:
    store.put(CLOCK, b"")
    now = store.modified(CLOCK)
    store.remove(CLOCK)
    if now is None:
        raise StoreError("The store does not keep what is put there: nothing can be told by it.")
    return now
