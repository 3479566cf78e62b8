"""What a volunteer is told of their export: counts only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.classify.taxonomy import load_taxonomy
from pipelines.contracts import Chat, CleanMessage, LineTally, MessageKind, Risks, Unclassified
from pipelines.intake.names import same_person


@dataclass(slots=True)
class Summary:
    """What was in an export and what was removed from it.

    ``mine`` are the messages of the name given, ``None`` where none was; ``mine_entities`` and
    ``mine_flags`` are in those. ``system`` messages have no author and are never handed over.
    """

    tally: LineTally = field(default_factory=LineTally)
    chats: int = 0
    messages: int = 0
    system: int = 0
    mine: int | None = None
    senders: int = 0
    entities: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    mine_entities: Counter[str] = field(default_factory=Counter)
    mine_flags: Counter[str] = field(default_factory=Counter)
    unclassified: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)

    def as_dict(self) -> dict[str, object]:
        return {
            "chats": self.chats,
            "messages": self.messages,
            "system": self.system,
            "mine": self.mine,
            "senders": self.senders,
            "entities": dict(self.entities.most_common()),
            "flags": dict(self.flags.most_common()),
            "mine_entities": dict(self.mine_entities.most_common()),
            "mine_flags": dict(self.mine_flags.most_common()),
            "unclassified": {why.value: self.unclassified[why] for why in Unclassified},
            "notes": dict(self.notes),
            "lines_in": self.tally.lines_in,
            "lines_in_messages": self.tally.lines_in_messages,
            "lines_rejected": dict(self.tally.rejected),
            "lines_suspicious": dict(self.tally.suspicious),
        }

    def add(
        self,
        chat: Chat,
        clean: Sequence[CleanMessage],
        risks: Sequence[Risks],
        me: str | None,
    ) -> None:
        """Count one chat: its raw messages, what became of them, and what the model made of it."""
        self.chats += 1
        self.messages += len(clean)
        self.senders += len({message.sender for message in clean if message.sender})
        self.notes.update(chat.notes)
        self.tally.lines_in += chat.tally.lines_in
        self.tally.lines_in_messages += chat.tally.lines_in_messages
        self.tally.rejected += chat.tally.rejected
        self.tally.suspicious += chat.tally.suspicious
        self.mine = self.mine if me is None else self.mine or 0
        for raw, message, risk in zip(chat.messages, clean, risks, strict=True):
            self.entities.update(entity.type for entity in message.entities)
            self.flags.update(risk.flags)
            self.unclassified.update([message.unclassified] if message.unclassified else ())
            if raw.sender is None or raw.kind is MessageKind.SYSTEM:
                self.system += 1
            elif me is not None and same_person(raw.sender, me):
                self.mine = (self.mine or 0) + 1
                self.mine_entities.update(entity.type for entity in message.entities)
                self.mine_flags.update(risk.flags)

    def sentences(self) -> Iterator[str]:
        """The same for a person to read."""
        yield (
            f"{_many(self.chats, 'chat')}, {_many(self.messages, 'message')} by "
            f"{_many(self.senders, 'person', 'people')}."
        )
        yield f"Removed: {_total(self.entities, 'identity', 'identities')}."
        if self.mine is None:
            yield "Name yourself with --me, as the chat shows you, to see which messages are yours."
            yield f"Seen in all messages: {_categories(self.flags)}."
        elif not self.mine:
            yield "None is by the name given with --me: write it exactly as the chat shows it."
        else:
            yield f"Yours: {_many(self.mine, 'message')}."
            yield f"Removed from yours: {_total(self.mine_entities, 'identity', 'identities')}."
            yield f"Seen in yours: {_categories(self.mine_flags)}."
            these = (
                "that 1, as it stands" if self.mine == 1 else f"those {self.mine:,}, as they stand"
            )
            yield (
                f"Kept if you submit: {these} above. Of the other "
                f"{self.messages - self.system - self.mine:,} nothing is, unless everybody agreed "
                "(--whole-chat)."
            )
        withheld = self.unclassified.total()
        if withheld:
            yield f"Withheld, word for word, and in no category: {_many(withheld, 'message')}."
        noticed = self.notes + self.tally.suspicious + self.tally.rejected
        if noticed:
            yield f"Noticed while reading: {_listed(noticed)}."


def _many(count: int, one: str, more: str = "") -> str:
    return f"{count:,} {one if count == 1 else more or one + 's'}"


def _total(counts: Counter[str], one: str, more: str) -> str:
    listed = f" ({_listed(counts)})" if counts else ""
    return _many(counts.total(), one, more) + listed


def _categories(flags: Counter[str]) -> str:
    taxonomy = load_taxonomy()
    return _listed({taxonomy[code].name: count for code, count in flags.most_common()}) or "nothing"


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name.replace('_', ' ').lower()} {n:,}" for name, n in counts.items())
