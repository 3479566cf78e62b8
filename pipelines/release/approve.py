"""Approve the release that waits; the second approval publishes it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines.errors import CallerError
from pipelines.release.approval import (
    APPROVALS_NEEDED,
    SignedApproval,
    check_can_approve,
    good_approvals,
    sign,
    write_approval,
)
from pipelines.release.approvers import load_approval_key, public_hex, read_approvers
from pipelines.release.audit.run import audit_published
from pipelines.release.files import APPROVALS, alone, move, sync
from pipelines.release.publish import check_basis, pending_months, published_months, read_manifest
from pipelines.release.verify import check_whole
from pipelines.settings import Settings


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a release stands: its folder, the roles that approved it, whether it is public."""

    folder: Path
    approved_by: tuple[str, ...]
    published: bool

    def as_dict(self) -> dict[str, object]:
        """For the screen and for scripts."""
        return {
            "release": self.folder.name,
            "approved_by": list(self.approved_by),
            "approvals_needed": APPROVALS_NEEDED,
            "published": self.published,
            "folder": str(self.folder),
        }


def approve(month: str, role: str, key_file: Path, settings: Settings, today: date) -> Standing:
    """Sign the waiting release of ``month`` for ``role``; publish it where that was the second.

    Raises ``CallerError`` where nothing waits, this role or key may not approve it now or the
    collection publishes the other kind, and ``GateError`` where the release is not what was made or
    an outsider's attack succeeds, which is made again before each signature.
    A run stopped between the second approval and publication is finished by approving again,
    whoever does.
    """
    with alone(settings):
        folder = _waiting(month, settings)
        check_basis(read_manifest(folder), settings)
        check_whole(folder, month, settings)
        approvers = read_approvers(settings.keys)
        given, _ = good_approvals(folder, month, approvers)
        if len(given) < APPROVALS_NEEDED:
            key = load_approval_key(key_file)
            check_can_approve(role, public_hex(key), approvers, given)
            audit_published(month, None, settings, lambda said: None)
            approval = sign(folder, role, key, today)
            _add(folder, approval)
            given, _ = good_approvals(folder, month, approvers)  # what a reader will find
        roles = tuple(sorted(approval.statement.role for approval in given))
        if len(given) < APPROVALS_NEEDED:
            return Standing(folder, roles, published=False)
        target = settings.releases / month
        move(folder, target)
        return Standing(target, roles, published=True)


def _waiting(month: str, settings: Settings) -> Path:
    waiting = pending_months(settings)
    if month in waiting:
        return settings.pending / month
    if month in published_months(settings):
        raise CallerError(f"{month} is published already: nothing is left to approve.")
    named = f"{', '.join(waiting)} does" if waiting else "none does"
    raise CallerError(f"No release of {month} waits for approval; {named}.")


def _add(folder: Path, approval: SignedApproval) -> None:
    """Whole or not there, and never over another: written beside, then linked into place."""
    (folder / APPROVALS).mkdir(exist_ok=True)
    fresh = folder.parent.parent / ".approval"
    fresh.unlink(missing_ok=True)  # after a crash it may be the first approver's file as well
    write_approval(fresh, approval)
    sync(fresh)
    target = folder / APPROVALS / f"{approval.statement.role}.json"
    os.link(fresh, target)
    fresh.unlink()
    sync(target.parent)
