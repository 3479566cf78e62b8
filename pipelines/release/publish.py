"""From draft to published: one rename, at once or when the second approval arrives.

``releases/.draft-<month>`` is being made; ``releases/.pending/<month>`` is whole and waits;
``releases/<month>`` is public and frozen. A crash at any point leaves one of the three.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipelines.errors import CallerError, GateError
from pipelines.release.basis import check_not_private, is_private, says_private
from pipelines.release.enclave import drop, forget, hand_on
from pipelines.release.files import (
    CHECKSUMS,
    DISCARDED,
    alone,
    approvals_sha256,
    discard,
    move,
    sha256,
    write_checksums,
)
from pipelines.release.periods import is_month
from pipelines.release.seal import seal, unsound
from pipelines.settings import Approval, Settings

DRAFT_PREFIX = ".draft-"
PASSED = "passed"
FROZEN_FILES = (
    "trends.csv",
    "habits.csv",
    "challenge.csv",
    "impact.csv",
    "effects.csv",
    "training.csv",
    "private.csv",
)


def published_months(settings: Settings) -> list[str]:
    """Months with a release, in order. What else somebody put there is none."""
    return _months_in(settings.releases)


def pending_months(settings: Settings) -> list[str]:
    """Months whose release waits for approval: one at most, a later one takes its place."""
    return _months_in(settings.pending)


def _months_in(folder: Path) -> list[str]:
    if not folder.exists():
        return []
    return sorted(entry.name for entry in folder.iterdir() if is_month(entry.name))


def earlier_months(month: str, settings: Settings) -> list[str]:
    """Releases before ``month``'s. ``CallerError`` where a later month is out."""
    published = published_months(settings)
    if published and published[-1] > month:
        raise CallerError(
            f"{month} cannot be reported after {published[-1]}: published months are frozen. "
            f"Report {published[-1]} or a later month."
        )
    return [name for name in published if name < month]


def new_draft(month: str, settings: Settings) -> Path:
    """An empty folder for ``month``'s draft, in place of what an interrupted run left."""
    draft = settings.releases / f"{DRAFT_PREFIX}{month}"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    return draft


def publish(draft: Path, settings: Settings) -> Path:
    """Publish a draft, or let it wait where it needs approval: the folder it is in now.

    Doing so again with the same bytes changes nothing, and loses no approval. Raises
    ``GateError`` where the draft's audit did not pass, other releases were published since it was
    made or one before it is not as it was published, ``CallerError`` where the month is out with
    other figures (a published month is frozen) or the collection publishes the other kind.
    """
    with alone(settings):
        check_basis(read_manifest(draft), settings)
        _refuse(draft, audit_problems(draft, read_manifest(draft)))
        month = draft.name.removeprefix(DRAFT_PREFIX)
        target = settings.releases / month
        if target.exists():
            _check_same(draft, target, month)
            return _no_news(draft, target, settings)
        _check_follows(draft, month, settings)
        write_checksums(draft)
        seal(draft, month, settings)
        if _policy(draft, settings) is not Approval.NONE:
            return _wait(draft, settings.pending / month, settings)
        hand_on(month, settings)
        move(draft, target)
        drop(month, settings)
        return target


def read_manifest(folder: Path) -> dict[str, Any]:
    """A release's manifest."""
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found


def check_basis(manifest: Mapping[str, Any], settings: Settings) -> None:
    """Raise ``CallerError`` where the collection publishes the other kind: exact or private."""
    if is_private(manifest):
        check_no_exact(settings)
    else:
        check_not_private(settings)


def check_no_exact(settings: Settings) -> None:
    """Raise ``CallerError`` where the collection has an exact release, published or waiting."""
    folders = [
        *(settings.releases / month for month in published_months(settings)),
        *(settings.pending / month for month in pending_months(settings)),
    ]
    if not all(map(says_private, folders)):
        raise CallerError(
            "This collection has exact releases, and a private series is never published beside "
            "exact tables of the same cells."
        )


def figures_sha256(folder: Path) -> dict[str, str]:
    """The hash of each file of figures that a release has."""
    return {name: sha256(folder / name) for name in FROZEN_FILES if (folder / name).is_file()}


def audit_problems(folder: Path, manifest: Mapping[str, Any]) -> list[str]:
    """What a release lacks of an audit that passed *these* figures: none may be public without."""
    return _lacks(folder, manifest.get("audit"), "disclosure audit")


def check_gated(draft: Path) -> None:
    """Raise ``GateError`` unless gate 3 passed *these* figures.

    Another run of the month may have drafted them since: what it passed is not what is here.
    """
    _refuse(draft, _lacks(draft, read_manifest(draft).get("gate"), "release gate"))


def _lacks(folder: Path, record: object, check: str) -> list[str]:
    if not isinstance(record, dict) or record.get("result") != PASSED:
        return [f"its manifest does not say that the {check} passed"]
    if record.get("figures_sha256") != figures_sha256(folder):
        return [f"its figures are not those that the {check} passed"]
    return []


def _refuse(draft: Path, problems: Sequence[str]) -> None:
    if problems:
        raise GateError(
            f"The draft {draft.name} is not published: {problems[0]}. Run the month again."
        )


def chain(settings: Settings, month: str) -> list[dict[str, str]]:
    """Every release before ``month`` with the hashes of its checksums and of its approvals."""
    return [
        {
            "release": name,
            "sha256": sha256(settings.releases / name / CHECKSUMS),
            "approvals_sha256": approvals_sha256(settings.releases / name),
        }
        for name in published_months(settings)
        if name < month
    ]


def follow_problems(manifest: Mapping[str, Any], month: str, settings: Settings) -> list[str]:
    """Why a release of ``month`` that is not out yet would not be the next one, or nothing."""
    problems = []
    if manifest["release"] != month or manifest["previous"] != chain(settings, month):
        problems.append("it does not follow the releases that are published now")
    if any(name >= month for name in published_months(settings)):
        problems.append("it is not later than every published month")
    changed = [n for n in published_months(settings) if unsound(settings.releases / n, settings)]
    problems += [f"{name} is not as it was published (`candour verify`)" for name in changed]
    return problems


def _check_follows(draft: Path, month: str, settings: Settings) -> None:
    problems = follow_problems(read_manifest(draft), month, settings)
    if problems:
        raise GateError(
            f"The draft of {month} is not published: {'; '.join(problems)}. Run the month again, "
            "or a later one."
        )


def _policy(draft: Path, settings: Settings) -> Approval:
    policy = Approval(read_manifest(draft)["approval"]["policy"])
    if policy is not settings.approval:
        raise GateError(
            f"This draft was made for approval by {policy}, and the settings ask for "
            f"{settings.approval}: run the month again."
        )
    return policy


def _wait(draft: Path, waiting: Path, settings: Settings) -> Path:
    """Other bytes need other approvals, so whatever waited before makes room."""
    if waiting.exists() and sha256(waiting / CHECKSUMS) == sha256(draft / CHECKSUMS):
        return _no_news(draft, waiting, settings)
    if waiting.parent.exists():
        for old in waiting.parent.iterdir():
            if old.name.startswith(DISCARDED):
                shutil.rmtree(old)
            else:
                _make_room(old, waiting.name, settings)
    hand_on(waiting.name, settings)
    move(draft, waiting)
    drop(waiting.name, settings)
    return waiting


def _make_room(old: Path, month: str, settings: Settings) -> None:
    """What was kept of another month's goes first: a record of no release would be a loss."""
    if old.name != month:
        forget(old.name, settings)
    discard(old)


def _no_news(draft: Path, there: Path, settings: Settings) -> Path:
    """The release is there already, with what it was made and attacked with."""
    discard(draft)
    drop(there.name, settings)
    return there


def _check_same(draft: Path, target: Path, month: str) -> None:
    if any(_bytes(draft / name) != _bytes(target / name) for name in FROZEN_FILES):
        raise CallerError(
            f"{month} is published and frozen, and the warehouse would now give other figures: "
            "report a later month instead, the new data counts from there."
        )


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None
