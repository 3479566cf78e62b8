"""Rotate the keys: all that they encrypt is encrypted anew, then they take the old ones' place.

``keys/next`` holds the new ones meanwhile, and everything else refuses to start. Each kind of key
is changed once nothing is left that it opens; each step may be repeated. So a run that is killed
anywhere is finished by the next one.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from pipelines.erasure.withdraw import one_at_a_time
from pipelines.intake.inbox import sync_folder
from pipelines.keys import NEXT, generate_rotated, in_use, load_identity, load_keys, read_secret
from pipelines.rotation.data import reencrypt_data
from pipelines.rotation.exports import reseal_exports
from pipelines.settings import Settings
from pipelines.storage.copies import empty
from pipelines.warehouse.connect import open_warehouse

COUNTED = ("sealed_exports", "unreadable_exports", "shards", "warehouses", "baselines")


def rotate(settings: Settings) -> dict[str, int]:
    """Change the collection's key and the data key; how many files were encrypted anew, by kind.

    Waits until nobody seals, stages or erases. Raises ``CallerError`` where another process has
    the warehouse, and what ``reencrypt_data`` raises; running it again then finishes it.
    """
    folder = settings.keys
    with one_at_a_time(settings), in_use(folder, alone=True):
        if not (folder / NEXT).exists():
            _begin(settings)
        done = dict.fromkeys(COUNTED, 0)
        if (folder / NEXT / "data.key").exists():
            before, after = (read_secret(f / "data.key") for f in (folder, folder / NEXT))
            done |= reencrypt_data(settings, before, after)
            _adopt("data.key", folder)
        if (folder / NEXT / "collection.key").exists():
            done |= reseal_exports(settings, load_identity(folder), load_identity(folder / NEXT))
            _adopt("collection.pub", folder)
            _adopt("collection.key", folder)
        (folder / NEXT).rmdir()
        sync_folder(folder)
        return done


def _begin(settings: Settings) -> None:
    """Make the next keys, whole or not at all, where the present ones open the warehouse."""
    keys = load_keys(settings.keys)
    if settings.warehouse.exists():
        with open_warehouse(settings.warehouse, keys.data):
            pass  # in use, or another's: said before anything is changed
    empty(settings, keys)  # what is there is sealed to the keys that go
    fresh = settings.keys / f".{NEXT}"
    shutil.rmtree(fresh, ignore_errors=True)  # of a run that was killed
    fresh.mkdir(mode=0o700)
    generate_rotated(fresh)
    sync_folder(fresh)
    fresh.rename(settings.keys / NEXT)
    sync_folder(settings.keys)


def _adopt(name: str, folder: Path) -> None:
    """The next key takes the old one's place, which is gone."""
    fresh = folder / NEXT / name
    if fresh.exists():  # not before: killed after it
        fresh.replace(folder / name)
        sync_folder(folder)
