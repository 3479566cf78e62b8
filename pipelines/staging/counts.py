"""What became of every line and message of one submission: the ledger's first stages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from pipelines.errors import CandourError


class LedgerError(CandourError):
    """Counts that do not add up: something was lost or counted twice. Shows counts only."""


@dataclass(frozen=True, slots=True)
class StageCounts:
    """Counts of one submission; no content.

    ``rejected`` are lines by reason. ``system`` messages have no author and ``other_members`` are
    outside the consent's scope: neither is staged. Of those staged, ``unprocessed`` had their text
    withheld because de-identification was in doubt and ``other_language`` are not English: neither
    is classified. Nothing is counted by category: a sidecar is not encrypted.
    """

    chats: int
    lines_in: int
    lines_in_messages: int
    messages: int
    system: int
    other_members: int
    staged: int
    unprocessed: int
    other_language: int = 0  # sidecars written before it was counted have none
    rejected: dict[str, int] = field(default_factory=dict)
    suspicious: dict[str, int] = field(default_factory=dict)

    def check(self) -> None:
        """Raise ``LedgerError`` unless every line and every message is accounted for."""
        lines = self.lines_in_messages + sum(self.rejected.values())
        if self.lines_in != lines:
            raise LedgerError(f"{self.lines_in} lines in but {lines} accounted for.")
        messages = self.system + self.other_members + self.staged
        if self.messages != messages:
            raise LedgerError(f"{self.messages} messages read but {messages} accounted for.")

    def to_json(self) -> dict[str, Any]:
        """Plain values for a sidecar."""
        return dict(_ADAPTER.dump_python(self))

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> StageCounts:
        """Read back and checked. Raises ``LedgerError`` for counts that do not add up."""
        counts = _ADAPTER.validate_python(raw)
        counts.check()
        return counts


_ADAPTER = TypeAdapter(StageCounts)
