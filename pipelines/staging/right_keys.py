"""Refuse keys that are not the collection's, before anything is staged with them.

A wrong data key shows itself: nothing opens. With a wrong pseudonym key everything would: each
submission would be staged once more under another name, and every message counted twice.
"""

from __future__ import annotations

import hmac

from pipelines.errors import CallerError
from pipelines.intake.inbox import write_durably
from pipelines.keys import Keys
from pipelines.settings import Settings

CHECK = ".pseudonym-key"
"""In the home: what the key makes of nothing. Made when the first batch is staged."""


def check_keys(settings: Settings, keys: Keys) -> None:
    """Raise ``CallerError`` where ``keys`` are not those the collection is staged with."""
    if str(keys.identity.to_public()) != str(keys.recipient):
        raise CallerError(
            f"collection.key in {settings.keys} does not open what collection.pub seals: put back "
            "the pair that `candour keys generate` made. Nothing was staged."
        )
    path, made = settings.home / CHECK, keys.pseudonymise("key check")
    known = path.read_bytes() if path.exists() else b""
    if len(known) < len(made):  # the first time, or a crash cut it short
        write_durably(path, made)
    elif not hmac.compare_digest(known, made):
        raise CallerError(
            f"pseudonym.key in {settings.keys} is not the one this collection is staged with: put "
            "it back from its backup. Nothing was staged."
        )
