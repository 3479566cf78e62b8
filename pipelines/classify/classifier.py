"""Risks of de-identified messages: what is read, what is not, and each distinct text once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.classify.model.encoder import HERE, RiskEncoder
from pipelines.classify.taxonomy import CODES, load_taxonomy
from pipelines.contracts import CleanMessage, MessageKind, Risks
from pipelines.encoder.memory import Memory

READ_KINDS = frozenset({MessageKind.TEXT, MessageKind.POLL, MessageKind.MEDIA})
MAX_CHARS = 4_000  # of one message; longer ones are pasted documents, read from their start
MOST_TEXTS = 100_000  # remembered: some 60 MB

PLACEHOLDER = re.compile(r"<[A-Z_0-9]+>")

NO_RISK = Risks(dict.fromkeys(CODES, 0.0), ())
NOT_ASKED = Risks({}, ())


@dataclass(slots=True)
class Classifier:
    """Reads de-identified messages; remembers texts it has read while the process lives."""

    encoder: RiskEncoder
    version: str
    _known: Memory[str, Risks] = field(default_factory=lambda: Memory(MOST_TEXTS), repr=False)

    @classmethod
    def load(cls, folder: Path = HERE, threads: int = 1) -> Classifier:
        """The classifier this version ships with; ``threads`` is how many one run uses.

        Raises ``DamagedModelError`` where a file is missing or is not the one released.
        """
        encoder = RiskEncoder.load(folder, threads)
        return cls(encoder, f"risks-{load_taxonomy().version}+{encoder.digest[:12]}")

    def classify(self, messages: Sequence[CleanMessage]) -> list[Risks]:
        """Risks of each message, in order. Each distinct text is read once.

        Kinds without words of their own (calls, system lines, stickers...) and media without a
        caption are all zero, and so are placeholders alone; what is unclassified is not read and
        has no risks at all.
        """
        wanted = [m.text for m in messages if m.kind in READ_KINDS and not m.unclassified]
        found = self._read(dict.fromkeys(wanted))
        return [
            NOT_ASKED
            if message.unclassified
            else found[message.text]
            if message.kind in READ_KINDS
            else NO_RISK
            for message in messages
        ]

    def read(self, text: str) -> Risks:
        """Risks of one text."""
        return self._read({text: None})[text]

    def _read(self, texts: dict[str, None]) -> dict[str, Risks]:
        found = {text: self._known.get(text) if _has_words(text) else NO_RISK for text in texts}
        new = [text for text, risks in found.items() if risks is None]
        if new:
            rows = self.encoder.probabilities([text[:MAX_CHARS] for text in new])
            over = self.encoder.calibration.rule.flags(rows)
            for text, row, flagged in zip(new, rows.tolist(), over.tolist(), strict=True):
                flags = tuple(code for code, flag in zip(CODES, flagged, strict=True) if flag)
                risks = Risks(dict(zip(CODES, row, strict=True)), flags)
                self._known.put(text, risks)
                found[text] = risks
        return {text: risks for text, risks in found.items() if risks is not None}


def _has_words(text: str) -> bool:
    """Whether anything but placeholders is left to read: they carry no signal by themselves."""
    return bool(PLACEHOLDER.sub("", text).strip())
