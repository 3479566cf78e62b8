"""Show a volunteer what would leave: one export parsed, de-identified and classified locally."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import IO

from pipelines.classify.classifier import Classifier
from pipelines.contracts import CleanMessage, Risks
from pipelines.deidentify.engine import Deidentifier
from pipelines.intake.read import read_chats
from pipelines.intake.source import open_plain
from pipelines.scrub_summary import Summary
from pipelines.settings import Settings


def scrub(
    export: Path,
    out: IO[str],
    settings: Settings,
    me: str | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> Summary:
    """Write one JSON object a message to ``out``; return the counts. ``progress`` is told each
    step.

    Raises ``QuarantineError`` or ``CallerError`` before anything is written where the export
    cannot be read.
    """
    progress("Reading…")
    chats = read_chats(open_plain(export), settings)
    progress("Loading models…")
    deidentifier, classifier = Deidentifier.load(settings.name_model), Classifier.load()
    summary = Summary()
    for number, chat in enumerate(chats, start=1):
        which = f"{len(chat.messages):,} messages of chat {number} of {len(chats)}…"
        progress(f"Removing identities from {which}")
        clean = deidentifier.deidentify(chat, me)
        progress(f"Classifying {which}")
        risks = classifier.classify(clean)
        summary.add(chat, clean, risks, me)
        for message, risk in zip(clean, risks, strict=True):
            record = as_record(message, risk)
            out.write(json.dumps(record if len(chats) == 1 else {"chat": number} | record) + "\n")
    return summary


def as_record(message: CleanMessage, risks: Risks) -> dict[str, object]:
    """One line of ``candour scrub``'s output (the contract in docs/cli.md)."""
    return {
        "seq": message.seq,
        "sent_at": message.sent_at.isoformat(),
        "sender": message.sender,
        "kind": str(message.kind),
        "text": message.text,
        "entities": [{"type": e.type, "start": e.start, "end": e.end} for e in message.entities],
        "risks": {code: round(p, 4) for code, p in risks.probabilities.items()},
        "flags": list(risks.flags),
        "unclassified": message.unclassified,
    }
