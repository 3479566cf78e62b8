"""From messages to staged rows: what is kept, and in what form. Pure functions, in memory only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from pipelines.contracts import Chat, CleanMessage, Message, MessageKind, Risks, Unclassified
from pipelines.intake.names import plain_name, same_person
from pipelines.keys import Keys
from pipelines.staging.counts import StageCounts
from pipelines.staging.fingerprint import fingerprint, is_distinctive
from pipelines.staging.schema import StagedRow

LOCAL = ZoneInfo("Europe/London")
OWN_MESSAGES = "own_messages"

# Wide enough that a group's size singles nobody out: a pair, a shift, a team, a station.
GROUP_BANDS = ((2, "1-2"), (9, "3-9"), (29, "10-29"))
LARGEST_BAND = "30+"


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose submission it is. ``volunteer_name`` is raw and stays in memory."""

    submission_id: str
    contributor: str
    force_code: str
    scope: str
    volunteer_name: str = field(repr=False)
    model_versions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReadChat:
    """One chat beside what was made of it; the lists are as long as ``chat.messages``. Of what is
    not staged, ``risks`` are known only where it may challenge something that is."""

    chat: Chat
    clean: Sequence[CleanMessage]
    risks: Sequence[Risks]
    challenged: Sequence[bool | None]


def stage_rows(
    origin: Origin, chats: Sequence[ReadChat], keys: Keys
) -> tuple[list[StagedRow], StageCounts]:
    """Every message the consent covers as a row, and where all the others went."""
    rows: list[StagedRow] = []
    excluded: Counter[str] = Counter()
    for index, read in enumerate(chats):
        maker = _RowMaker(origin, index, read, keys)
        for position, message in enumerate(read.chat.messages):
            reason = why_excluded(message, origin)
            if reason:
                excluded[reason] += 1
            else:
                rows.append(maker.row(len(rows), position, message))
    return rows, _counts(chats, rows, excluded)


def why_excluded(message: Message, origin: Origin) -> str | None:
    """Why a message is not staged, or ``None`` where it is."""
    if message.sender is None or message.kind is MessageKind.SYSTEM:
        return "system"
    if origin.scope == OWN_MESSAGES and not is_volunteer(message.sender, origin):
        return "other_members"
    return None


def is_volunteer(sender: str, origin: Origin) -> bool:
    """Whether ``sender`` is the volunteer, as the chat shows them."""
    return same_person(sender, origin.volunteer_name)


def group_band(messages: Iterable[Message]) -> str:
    """How many people wrote in a chat, in bands."""
    writers = len({plain_name(m.sender) for m in messages if m.sender is not None})
    return next((band for largest, band in GROUP_BANDS if writers <= largest), LARGEST_BAND)


class _RowMaker:
    """What the rows of one chat have in common."""

    def __init__(self, origin: Origin, index: int, read: ReadChat, keys: Keys) -> None:
        self.origin, self.read, self.keys = origin, read, keys
        self.band = group_band(read.chat.messages)
        self.submission_key = submission_key(origin.submission_id, keys)
        self.contributor_key = contributor_key(origin.contributor, keys)
        self.chat_key = keys.pseudonymise("chat", origin.submission_id, str(index))
        self.versions = dict(sorted(origin.model_versions.items()))
        self.authors: dict[str, bytes] = {}

    def row(self, row_no: int, position: int, message: Message) -> StagedRow:
        clean, risks = self.read.clean[position], self.read.risks[position]
        local = message.sent_at.astimezone(LOCAL)
        text = clean.text.encode("utf-8", "replace").decode("utf-8")  # lone surrogates
        return StagedRow(
            submission_key=self.submission_key,
            row_no=row_no,
            contributor_key=self.contributor_key,
            chat_key=self.chat_key,
            author_key=self._author_once(message.sender or ""),
            force_code=self.origin.force_code,
            platform=self.read.chat.platform,
            scope=self.origin.scope,
            group_band=self.band,
            sent_on=local.date(),
            sent_hour=local.hour,
            kind=message.kind.value,
            text=text,
            n_chars=len(text),
            entities=dict(sorted(Counter(e.type for e in clean.entities).items())),
            risks=dict(sorted(risks.probabilities.items())),
            flags=sorted(risks.flags),
            challenged=self.read.challenged[position],
            unclassified=clean.unclassified.value if clean.unclassified else None,
            fingerprint=fingerprint(message, self.keys),
            distinctive=is_distinctive(message),
            model_versions=self.versions,
        )

    def _author_once(self, sender: str) -> bytes:
        if sender not in self.authors:
            self.authors[sender] = self._author(sender)
        return self.authors[sender]

    def _author(self, sender: str) -> bytes:
        if is_volunteer(sender, self.origin):
            return self.keys.pseudonymise("volunteer", self.origin.contributor)
        return self.keys.pseudonymise("author", self.origin.submission_id, plain_name(sender))


def submission_key(submission_id: str, keys: Keys) -> bytes:
    """Keyed code of a submission: 16 bytes."""
    return keys.pseudonymise("submission", submission_id)


def contributor_key(contributor: str, keys: Keys) -> bytes:
    """Keyed code of a volunteer, the same in all their submissions: 16 bytes."""
    return keys.pseudonymise("contributor", contributor)


def _counts(
    chats: Sequence[ReadChat], rows: Sequence[StagedRow], excluded: Counter[str]
) -> StageCounts:
    tallies = [read.chat.tally for read in chats]
    counts = StageCounts(
        chats=len(chats),
        lines_in=sum(t.lines_in for t in tallies),
        lines_in_messages=sum(t.lines_in_messages for t in tallies),
        messages=sum(len(read.chat.messages) for read in chats),
        system=excluded["system"],
        other_members=excluded["other_members"],
        staged=len(rows),
        unprocessed=sum(row.unclassified == Unclassified.UNPROCESSED for row in rows),
        other_language=sum(row.unclassified == Unclassified.OTHER_LANGUAGE for row in rows),
        rejected=_total(t.rejected for t in tallies),
        suspicious=_total(t.suspicious for t in tallies),
    )
    counts.check()
    return counts


def _total(counters: Iterable[Counter[str]]) -> dict[str, int]:
    return dict(sorted(sum(counters, Counter()).items()))
