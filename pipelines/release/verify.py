"""Whether releases are what was approved and published: sums, the chain, signatures.

Nothing is taken from a release's own word but what its ``SHA256SUMS`` and a later release's chain
bear out; who may approve comes from the collection's keys folder, never from a release.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.errors import CallerError, GateError
from pipelines.release.approval import APPROVALS_NEEDED, good_approvals
from pipelines.release.approvers import Approver, read_approvers
from pipelines.release.basis import is_private
from pipelines.release.files import CHECKSUMS, approval_files, damaged_files, sha256, sum_problems
from pipelines.release.form import GARBLED, form_problems
from pipelines.release.publish import (
    audit_problems,
    chain,
    check_basis,
    follow_problems,
    pending_months,
    published_months,
    read_manifest,
)
from pipelines.release.restated import restatement_problems
from pipelines.release.seal import recorded_months, seal_problems
from pipelines.settings import Approval, Settings

STRENGTH = (Approval.NONE, Approval.DEMONSTRATION, Approval.TWO_PEOPLE)
MADE_FOR = {
    Approval.NONE: "without approval",
    Approval.DEMONSTRATION: "with a demonstration's own approval",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One release: the hash of its ``SHA256SUMS`` ("" if gone), who approved it, what is wrong.

    ``inputs_as_loaded``: whether the warehouse holds what it was made from, ``None`` where that
    was not or cannot be asked. Uploads and withdrawals change it, which is no problem.
    """

    release: str
    sums_sha256: str
    policy: Approval | None
    approved_by: tuple[str, ...]
    problems: tuple[str, ...]
    inputs_as_loaded: bool | None = None


def verify(settings: Settings, release: str | None = None) -> list[Finding]:
    """Check every release, or one and every one before it, which it stands on.

    Raises ``CallerError`` if it is not there.
    """
    months = published_months(settings)
    approvers = read_approvers(settings.keys)
    found = [_examine(settings, month, approvers) for month in months]
    from_chain = _chain_problems(settings, months)
    for lost in _lost(settings, months):
        from_chain.setdefault(lost, []).append("it is gone, and the enclave has a record of it")
    folders = [settings.releases / month for month in months]
    restated = restatement_problems(folders, _unread(folders))
    found += [
        Finding(name, "", None, (), ())  # one that only a later one or the enclave remembers
        for name in sorted(set(from_chain) - set(months))
    ]
    found.sort(key=lambda finding: finding.release)
    all_of_them = [
        Finding(
            f.release,
            f.sums_sha256,
            f.policy,
            f.approved_by,
            (*f.problems, *from_chain.get(f.release, ()), *restated.get(f.release, ())),
        )
        for f in found
    ]
    if release is None:
        return all_of_them
    if release not in {f.release for f in all_of_them}:
        raise CallerError(f"No release {release}: there are {', '.join(months) or 'none'}.")
    return [f for f in all_of_them if f.release <= release]


def check_whole(folder: Path, month: str, settings: Settings) -> None:
    """Raise ``GateError`` unless a waiting release is whole, follows the last, is well signed."""
    problems = sum_problems(folder) or [said for _, said in form_problems(folder)]
    if not problems:
        manifest = read_manifest(folder)
        published = [settings.releases / name for name in published_months(settings)]
        problems = [
            *follow_problems(manifest, month, settings),
            *restatement_problems([*published, folder], _unread(published)).get(folder.name, []),
            *seal_problems(folder, month, settings),
            *audit_problems(folder, manifest),
            *_short_of(_policy(manifest), settings),
            *good_approvals(folder, month, read_approvers(settings.keys))[1],
        ]
    if problems:
        raise GateError(
            f"The release {month} that waits for approval is not as it was made: "
            f"{'; '.join(problems)}. Run `candour run --month {month}` to make it again."
        )


def _examine(settings: Settings, month: str, approvers: Sequence[Approver]) -> Finding:
    """Sums, audit and approvals of one release."""
    folder = settings.releases / month
    problems = sum_problems(folder)
    manifest = _manifest(folder)
    if not (folder / CHECKSUMS).is_file():
        return Finding(month, "", None, (), tuple(problems))
    problems = [*problems, *seal_problems(folder, month, settings)]
    if manifest is None or manifest.get("release") != month:
        return Finding(month, "", None, (), (*problems, f"its manifest is not {month}'s"))
    damaged = damaged_files(folder)
    problems = [
        *problems,
        *(said for name, said in form_problems(folder) if name not in damaged),
        *audit_problems(folder, manifest),
        *_beside_others(manifest, settings),
    ]
    policy = _policy(manifest)
    good, bad = good_approvals(folder, month, approvers)
    if policy is Approval.NONE:
        bad = [f"the approval {path.name} was added" for path in approval_files(folder)]
    elif len(good) < APPROVALS_NEEDED:
        bad = [*bad, f"{len(good)} of {APPROVALS_NEEDED} approvals are good"]
    roles = tuple(approval.statement.role for approval in good)
    problems = [*problems, *bad, *_short_of(policy, settings)]
    return Finding(month, sha256(folder / CHECKSUMS), policy, roles, tuple(problems))


def _lost(settings: Settings, months: Sequence[str]) -> list[str]:
    """Months on record of which there is no release, published, waiting or being handed on."""
    return sorted({*recorded_months(settings)} - {*months, *pending_months(settings)})


def _unread(folders: Sequence[Path]) -> set[Path]:
    """Files that are not as their release's sums say, or cannot be read."""
    return {
        folder / name
        for folder in folders
        for name in (*damaged_files(folder), *(name for name, _ in form_problems(folder)))
    }


def _policy(manifest: Mapping[str, Any]) -> Approval:
    return Approval(manifest["approval"]["policy"])


def _beside_others(manifest: Mapping[str, Any], settings: Settings) -> list[str]:
    try:
        check_basis(manifest, settings)
    except CallerError:
        kind = "private" if is_private(manifest) else "exact"
        return [f"it is {kind}, in a collection that publishes the other kind"]
    return []


def _manifest(folder: Path) -> dict[str, Any] | None:
    """``None`` where it is missing, is no manifest or states no known way of approval."""
    try:
        manifest = read_manifest(folder)
        _policy(manifest)
    except GARBLED:
        return None
    return manifest


def _chain_problems(settings: Settings, months: Sequence[str]) -> dict[str, list[str]]:
    """By release: what a later one remembers of it differently, or does not remember."""
    problems: dict[str, list[str]] = {}
    for month in months:
        manifest = _manifest(settings.releases / month) or {}
        try:
            said = _previous(manifest)
            now = {entry["release"]: entry for entry in chain(settings, month)}
        except GARBLED:
            problems.setdefault(month, []).append("its chain cannot be followed")
            continue
        for name in sorted(said.keys() | now.keys()):
            why = _difference(said.get(name), now.get(name), month)
            if why:
                problems.setdefault(name, []).append(why)
    return problems


def _previous(manifest: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """The chain by release. Raises ``ValueError`` where it is none."""
    entries = manifest["previous"]
    if not isinstance(entries, list) or not all(
        isinstance(entry, dict) and isinstance(entry["release"], str) for entry in entries
    ):
        raise ValueError("no chain")
    return {entry["release"]: entry for entry in entries}


def _difference(
    said: Mapping[str, str] | None, now: Mapping[str, str] | None, later: str
) -> str | None:
    if said == now:
        return None
    if now is None:
        return f"it is gone, and {later} follows it"
    if said is None:
        return f"{later} does not know it: it was slipped in, or {later} was made elsewhere"
    return f"it is not the release that {later} follows"


def _short_of(policy: Approval, settings: Settings) -> list[str]:
    """What a release lacks of the approval the settings ask for, whatever it says of itself.

    No other release can make up for it: a later one says nothing of who looked at this one.
    """
    if STRENGTH.index(policy) >= STRENGTH.index(settings.approval):
        return []
    asked = settings.approval.value.replace("_", " ")
    return [f"it was published {MADE_FOR[policy]}, and the settings ask for {asked}"]
