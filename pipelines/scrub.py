"""Show a volunteer what would leave: one export parsed, de-identified and classified locally."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from pipelines.classify.classifier import Classifier
from pipelines.contracts import Chat, CleanMessage, LineTally, Risks, Unclassified
from pipelines.deidentify.engine import Deidentifier
from pipelines.intake.read import read_chats
from pipelines.intake.source import open_plain
from pipelines.settings import Settings


@dataclass(slots=True)
class Summary:
    """Counts only: what was in the export and what was removed from it."""

    tally: LineTally = field(default_factory=LineTally)
    chats: int = 0
    messages: int = 0
    mine: int = 0
    senders: int = 0
    entities: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    unclassified: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)

    def as_dict(self) -> dict[str, object]:
        return {
            "chats": self.chats,
            "messages": self.messages,
            "mine": self.mine,
            "senders": self.senders,
            "entities": dict(self.entities.most_common()),
            "flags": dict(self.flags.most_common()),
            "unclassified": {why.value: self.unclassified[why] for why in Unclassified},
            "notes": dict(self.notes),
            "lines_in": self.tally.lines_in,
            "lines_in_messages": self.tally.lines_in_messages,
            "lines_rejected": dict(self.tally.rejected),
            "lines_suspicious": dict(self.tally.suspicious),
        }


def scrub(export: Path, out: IO[str], settings: Settings, me: str | None = None) -> Summary:
    """Write one JSON object a message to ``out``; return the counts.

    Raises ``QuarantineError`` or ``CallerError`` before anything is written where the export
    cannot be read.
    """
    chats = read_chats(open_plain(export), settings)
    deidentifier, classifier = Deidentifier.load(settings.name_model), Classifier.load()
    summary = Summary(chats=len(chats))
    for number, chat in enumerate(chats, start=1):
        clean = deidentifier.deidentify(chat, me)
        _count(summary, chat, clean, me)
        for message, risks in zip(clean, classifier.classify(clean), strict=True):
            summary.flags.update(risks.flags)
            record = as_record(message, risks)
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


def _count(summary: Summary, chat: Chat, clean: list[CleanMessage], me: str | None) -> None:
    summary.messages += len(clean)
    summary.mine += sum(message.sender == me for message in chat.messages if me)
    summary.senders += len({m.sender for m in clean if m.sender})
    summary.entities.update(e.type for m in clean for e in m.entities)
    summary.unclassified.update(m.unclassified for m in clean if m.unclassified)
    summary.notes.update(chat.notes)
    summary.tally.lines_in += chat.tally.lines_in
    summary.tally.lines_in_messages += chat.tally.lines_in_messages
    summary.tally.rejected += chat.tally.rejected
    summary.tally.suspicious += chat.tally.suspicious
