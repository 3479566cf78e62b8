"""Releases that nobody has seen yet: a draft, or one that waits for approval."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from pipelines.release.enclave import forget
from pipelines.release.files import DISCARDED, alone, discard, one_draft_at_a_time
from pipelines.release.publish import DRAFT_PREFIX, published_months
from pipelines.settings import Settings


def unpublished_months(settings: Settings) -> set[str]:
    """Months of which there is an unpublished release."""
    return {folder.name.removeprefix(DRAFT_PREFIX) for folder in _unpublished(settings)}


def discard_unpublished(months: Iterable[str], settings: Settings) -> None:
    """Remove every unpublished release, and what the enclave kept of those of ``months``.

    What is published stays: it is frozen. So does a private series' draw, whose budget is spent.
    """
    with one_draft_at_a_time(settings), alone(settings):
        for folder in _unpublished(settings):
            discard(folder)
        for parent in (settings.releases, settings.pending):
            for rubbish in parent.glob(f"{DISCARDED}-*"):  # of a process that was killed
                shutil.rmtree(rubbish)
        for month in set(months) - set(published_months(settings)):
            forget(month, settings)


def _unpublished(settings: Settings) -> list[Path]:
    waiting = (f for f in settings.pending.glob("*") if not f.name.startswith("."))
    return sorted([*settings.releases.glob(f"{DRAFT_PREFIX}*"), *waiting])
