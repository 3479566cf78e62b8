"""The synthetic collection as the classifier meets it: identities replaced, the truth beside."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from pipelines.classify.classifier import READ_KINDS
from pipelines.contracts import CleanMessage, Message
from pipelines.intake.read import read_chats
from pipelines.intake.source import open_plain
from pipelines.settings import Settings
from pipelines.synthetic.generate import generate

SEED = 2026


@dataclass(frozen=True, slots=True)
class Planted:
    """A message and what the generator meant by it: ``categories``, or one it only looks like."""

    message: CleanMessage
    categories: frozenset[str]
    lookalike: str | None


def make_collection(folder: Path, forces: int, volunteers: int, months: int) -> list[list[Planted]]:
    """Chats of a collection made in ``folder``; every planted identity is a placeholder."""
    made = generate(folder, forces=forces, volunteers=volunteers, months=months,
                    end_month="2026-10", seed=SEED)  # fmt: skip
    truth: dict[tuple[int, int], dict[str, Any]] = {
        (row["export"], row["seq"]): row for row in pq.read_table(made.messages).to_pylist()
    }
    chats = []
    for number, submission in enumerate(made.submissions):
        messages = [
            m for c in read_chats(open_plain(submission.path), Settings()) for m in c.messages
        ]
        chats.append([_planted(m, truth.get((number, m.seq), {})) for m in messages])
    return chats


def _planted(message: Message, row: dict[str, Any]) -> Planted:
    text = message.text
    values = zip(row.get("identity_values") or (), row.get("identity_types") or (), strict=True)
    for value, kind in sorted(values, key=lambda pair: -len(pair[0])):
        text = text.replace(value, f"<{kind}>")
    clean = CleanMessage(message.seq, message.sent_at, message.sender, message.kind, text)
    return Planted(clean, frozenset(row.get("categories") or ()), row.get("lookalike"))


def distinct_only(chats: list[list[Planted]]) -> list[CleanMessage]:
    """One message of every distinct text the classifier reads."""
    messages = (planted.message for chat in chats for planted in chat)
    return list({m.text: m for m in messages if m.kind in READ_KINDS}.values())
