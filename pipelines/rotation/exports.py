"""From one collection key to the next: the sealed exports, in the inbox and in quarantine."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pyrage

from pipelines.errors import QuarantineError
from pipelines.intake.inbox import hold, open_private, sync_file, sync_folder
from pipelines.intake.seal import opens, reseal
from pipelines.intake.source import EXPORT
from pipelines.settings import Settings


def reseal_exports(
    settings: Settings, before: pyrage.x25519.Identity, after: pyrage.x25519.Identity
) -> dict[str, int]:
    """Seal every export again, to the key ``after``. One that neither opens stays as it is: intake
    quarantines it as ``unreadable_seal``, as it would have done before.

    What a killed ``submit`` left is removed: it was sealed to the key that goes.
    """
    done = Counter(sealed_exports=0, unreadable_exports=0)
    for parent in (settings.inbox, settings.quarantine):
        for folder in sorted(path for path in parent.glob("*") if path.is_dir()):
            if folder.name.startswith("."):
                shutil.rmtree(folder)
            elif (folder / EXPORT).exists() and not opens(folder / EXPORT, after):
                done[_reseal(folder, before, after)] += 1
    return dict(done)


def _reseal(folder: Path, before: pyrage.x25519.Identity, after: pyrage.x25519.Identity) -> str:
    export, fresh = folder / EXPORT, folder / f"{EXPORT}.fresh"
    with hold(folder, alone=True):
        try:
            with open_private(fresh) as file:
                reseal(export, file, before, after.to_public())
                sync_file(file)
        except QuarantineError:
            fresh.unlink()
            return "unreadable_exports"
        fresh.replace(export)
        sync_folder(folder)
        return "sealed_exports"
