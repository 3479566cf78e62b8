"""What the stages hand each other. DEVELOPERS.md says how they follow.

Raw text lives only in ``Message`` and ``Chat``: they are never written, logged or put in an
exception. Everything from ``CleanMessage`` on is free of identities.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class MessageKind(StrEnum):
    TEXT = "text"
    MEDIA = "media"
    STICKER = "sticker"
    POLL = "poll"
    LOCATION = "location"
    CONTACT = "contact"
    CALL = "call"
    DELETED = "deleted"
    SYSTEM = "system"


class Message(NamedTuple):
    """One chat message, raw, in memory only. ``repr`` shows no content.

    ``sent_at`` is aware (Europe/London unless the export says). ``sender`` is ``None`` for a
    system line without an author. ``n_lines`` is how many input lines it was made from. A tuple,
    because making one is most of the cost of parsing it.
    """

    seq: int
    sent_at: datetime
    sender: str | None
    kind: MessageKind
    text: str
    n_lines: int = 1

    def __repr__(self) -> str:
        return f"Message({self.seq}, {self.kind.value}, {self.n_lines} lines)"


@dataclass(slots=True)
class LineTally:
    """Where every input line went: ``lines_in == lines_in_messages + sum(rejected.values())``."""

    lines_in: int = 0
    lines_in_messages: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    suspicious: Counter[str] = field(default_factory=Counter)

    def check(self) -> None:
        """Raise ``AssertionError`` (counts only) where a line was lost or counted twice."""
        accounted = self.lines_in_messages + self.rejected.total()
        if self.lines_in != accounted:
            raise AssertionError(f"{self.lines_in} lines in, {accounted} accounted for")


@dataclass(frozen=True, slots=True)
class Chat:
    """One conversation, parsed. ``names`` are people and groups named by system lines, contact
    cards and the group's own name: de-identification redacts them wherever they occur.
    ``notes`` are codes such as ``date_order_ambiguous``.
    """

    platform: str
    messages: Sequence[Message] = field(repr=False)
    tally: LineTally
    names: frozenset[str] = field(default=frozenset(), repr=False)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entity:
    """A redacted identity. Offsets are of the placeholder, in the de-identified text."""

    type: str
    start: int
    end: int


class Unclassified(StrEnum):
    """Why the classifier is not asked about a message. Such a message is counted as that, and is
    in no rate: neither above the line nor below it."""

    OTHER_LANGUAGE = "other_language"  # not English: every word withheld
    UNPROCESSED = "unprocessed"  # de-identification failed or was in doubt: withheld whole


@dataclass(frozen=True, slots=True)
class CleanMessage:
    """A message after de-identification. ``sender`` is ``P1``, ``P2``… in order of appearance.

    ``unclassified`` is ``None`` where the classifier may be asked.
    """

    seq: int
    sent_at: datetime
    sender: str | None
    kind: MessageKind
    text: str
    entities: tuple[Entity, ...] = ()
    unclassified: Unclassified | None = None


@dataclass(frozen=True, slots=True)
class Risks:
    """Probability per taxonomy code (risks and SPUP), and the codes over their threshold.

    Both are empty for a message that is unclassified, and only for such a one.
    """

    probabilities: Mapping[str, float]
    flags: tuple[str, ...]
