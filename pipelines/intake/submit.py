"""Take a volunteer's export: check it, seal it, and put it in the inbox in one rename."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pyrage

from pipelines.contracts import Chat
from pipelines.errors import QuarantineError, Reason
from pipelines.intake.inbox import (
    make_room,
    move,
    open_private,
    pending,
    quarantined,
    sync_file,
    sync_folder,
    write_durably,
)
from pipelines.intake.manifest import Consent, Manifest, build_manifest, find_force, read_manifest
from pipelines.intake.names import same_person
from pipelines.intake.parts import Part
from pipelines.intake.read import read_chats
from pipelines.intake.receipt import RECEIPT, Receipt, new_code, receipt_file
from pipelines.intake.seal import SealedHeader, hash_file, measure, seal
from pipelines.intake.source import EXPORT, MANIFEST, open_plain
from pipelines.keys import in_use, load_pseudonym_key, load_recipient
from pipelines.settings import Settings


def submit(
    export: Path,
    *,
    force: str,
    contributor: str,
    consent: Consent,
    volunteer_name: str,
    settings: Settings,
    recipient: pyrage.x25519.Recipient | None = None,
    pseudonym_key: bytes | None = None,
) -> Receipt:
    """Seal ``export`` into the inbox. The same file from the same contributor is stored once.

    Keys default to those in ``settings.keys``. Raises ``CallerError`` for what the caller got
    wrong and ``QuarantineError`` for an export that cannot be used; either way the inbox is as
    it was.
    """
    code = find_force(force).code
    source = open_plain(export)
    chats = read_chats(source, settings)
    yours = _count_yours(chats, volunteer_name)
    manifest = build_manifest(
        {
            "submission_id": uuid4(),
            "force": code,
            "platform": chats[0].platform,
            "contributor": contributor,
            "consent": consent,
            "export_sha256": hash_file(export),
            "received_at": datetime.now(UTC),
        }
    )
    messages = sum(len(chat.messages) for chat in chats)
    earlier = _find_earlier(manifest, settings)
    if earlier:
        return Receipt(str(earlier.submission_id), "", True, messages, yours)
    receipt = new_code()
    parts = list(source.parts(settings))
    with in_use(settings.keys):
        recipient = recipient or load_recipient(settings.keys)
        kept = receipt_file(receipt, pseudonym_key or load_pseudonym_key(settings.keys))
        _store(manifest, parts, volunteer_name, kept, settings, recipient)
    return Receipt(str(manifest.submission_id), receipt, False, messages, yours)


def _count_yours(chats: Sequence[Chat], volunteer_name: str) -> int:
    """Messages of the volunteer. Raises ``QuarantineError`` where they wrote none."""
    senders = [m.sender for c in chats for m in c.messages if m.sender is not None]
    yours = sum(same_person(sender, volunteer_name) for sender in senders)
    if not yours:
        raise QuarantineError(
            Reason.VOLUNTEER_NOT_IN_CHAT,
            "No message in the export is from the name given with --me: write it exactly as the "
            "exported chat shows it, emoji and all.",
        )
    return yours


def _find_earlier(manifest: Manifest, settings: Settings) -> Manifest | None:
    """The same file from the same contributor, if it is waiting or in quarantine."""
    same_file = manifest.export_sha256.encode()
    for folder in (*pending(settings), *quarantined(settings)):
        try:
            content = (folder / MANIFEST).read_bytes()
            if same_file not in content:
                continue
            earlier = read_manifest(content)
        except FileNotFoundError:
            continue  # staged, or withdrawn, since it was listed
        except QuarantineError:
            continue  # the intake run gives it its reason code
        if (earlier.contributor, earlier.export_sha256) == (
            manifest.contributor,
            manifest.export_sha256,
        ):
            return earlier
    return None


def _store(
    manifest: Manifest,
    parts: Sequence[Part],
    volunteer_name: str,
    receipt: bytes,
    settings: Settings,
    recipient: pyrage.x25519.Recipient,
) -> Path:
    """Build the submission under a hidden name beside its place, then rename it into place."""
    room = make_room(settings)
    try:
        header = SealedHeader(
            str(manifest.submission_id),
            manifest.export_sha256,
            volunteer_name,
            tuple(measure(part) for part in parts),
        )
        with open_private(room / EXPORT) as file:
            seal(header, parts, file, recipient)
            sync_file(file)
        write_durably(room / MANIFEST, manifest.model_dump_json(indent=2).encode() + b"\n")
        write_durably(room / RECEIPT, receipt)
        sync_folder(room)
        return move(room, settings.inbox, str(manifest.submission_id))
    except BaseException:
        shutil.rmtree(room, ignore_errors=True)
        raise
