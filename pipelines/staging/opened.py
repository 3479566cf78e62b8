"""A sealed submission opened and read: its chats, raw, in memory only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pipelines.contracts import Chat, CleanMessage
from pipelines.errors import QuarantineError, Reason
from pipelines.intake.read import read_chats
from pipelines.intake.source import SealedExport, open_sealed
from pipelines.keys import Keys
from pipelines.settings import Settings
from pipelines.staging.rows import OWN_MESSAGES, Origin, is_volunteer


@dataclass(slots=True)
class Opened:
    """A submission's chats. ``clean`` are their messages, de-identified, as far as that is done:
    a list for each chat."""

    origin: Origin = field(repr=False)
    received_at: datetime
    chats: Sequence[Chat] = field(repr=False)
    clean: list[list[CleanMessage]] = field(default_factory=list, repr=False)


def open_submission(
    folder: Path, versions: Mapping[str, str], settings: Settings, keys: Keys
) -> Opened:
    """Open and parse. Raises ``QuarantineError`` where it cannot be used."""
    sealed = open_sealed(folder, keys.identity)
    origin = _origin(sealed, versions)
    chats = read_chats(sealed.source, settings)
    _check_volunteer(chats, origin)
    return Opened(origin, sealed.manifest.received_at, chats)


def _origin(sealed: SealedExport, versions: Mapping[str, str]) -> Origin:
    manifest = sealed.manifest
    return Origin(
        submission_id=str(manifest.submission_id),
        contributor=manifest.contributor,
        force_code=manifest.force,
        scope=manifest.consent.scope.value,
        volunteer_name=sealed.volunteer_name,
        model_versions=versions,
    )


def _check_volunteer(chats: Iterable[Chat], origin: Origin) -> None:
    """Under ``own_messages`` a name nobody in the chat has would stage nothing, silently."""
    chats = list(chats)
    senders = (m.sender for chat in chats for m in chat.messages if m.sender is not None)
    if origin.scope == OWN_MESSAGES and not any(is_volunteer(s, origin) for s in senders):
        raise QuarantineError(
            Reason.VOLUNTEER_NOT_IN_CHAT,
            f"Submission {origin.submission_id}: nobody in the chat has the volunteer's name; "
            "ask them to submit again with the name the chat shows.",
            {"chats": len(chats), "messages": sum(len(chat.messages) for chat in chats)},
        )
