"""De-identification of a chat: the only place where raw text is read, and clean text made.

Fails closed: a message that cannot be processed, for whatever reason, becomes ``<UNPROCESSED>``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from presidio_analyzer import EntityRecognizer
from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.entities import RecognizerResult

from pipelines.contracts import Chat, CleanMessage, Entity, Message, MessageKind
from pipelines.deidentify.analysis import ChatAnalyzer, run_patterns
from pipelines.deidentify.entities import CONFIDENT, UNPROCESSED, Finding, Kind
from pipelines.deidentify.lexicon import data_version, model_version
from pipelines.deidentify.model.encoder import NameEncoder
from pipelines.deidentify.recognisers.members import Members
from pipelines.deidentify.recognisers.name_model import NameModel
from pipelines.deidentify.recognisers.system_line import GroupName, SystemLine
from pipelines.deidentify.roster import Roster, build_roster
from pipelines.deidentify.spans import resolve
from pipelines.deidentify.text import Folded, Token, clean, fold, tokenise

CODE_VERSION = "1"  # raised whenever a rule changes what is redacted
MAX_CHARS = 20_000  # WhatsApp stops at 65,536; longer than this is no message written by hand


@dataclass(slots=True)
class _Text:
    """One distinct text of the chat. What failed stays ``None``."""

    shown: str = field(repr=False)
    folded: Folded = field(repr=False)
    tokens: list[Token] = field(repr=False)
    system: bool
    findings: list[Finding] | None = field(default=None, repr=False)
    result: tuple[str, tuple[Entity, ...]] | None = field(default=None, repr=False)


class Deidentifier:
    """Redacts chats. Make one with :meth:`load` and keep it: loading takes seconds."""

    def __init__(self, extra: Iterable[EntityRecognizer] = ()) -> None:
        self.analyzer = ChatAnalyzer(extra)
        self._anonymizer = AnonymizerEngine()  # type: ignore[no-untyped-call]
        self._system = (SystemLine(), GroupName())
        self.version = f"deidentify-{CODE_VERSION}-{data_version()}-{model_version()}"

    @classmethod
    def load(cls) -> Deidentifier:
        """With everything shipped, the name model included.

        Raises ``DamagedModelError`` where the model does not load: nothing passes without it.
        """
        return cls([NameModel(NameEncoder.load())])

    def deidentify(self, chat: Chat, me: str | None = None) -> list[CleanMessage]:
        """Clean messages, one for each of ``chat.messages``, in order.

        ``me`` is the volunteer's name in the chat, a member like any other. Never raises on
        content: such a message's text is ``<UNPROCESSED>``.
        """
        texts: dict[tuple[str, bool], _Text | None] = {}
        for message in chat.messages:
            wanted = _key(message)
            if wanted not in texts:
                texts[wanted] = self._prepare(*wanted)
        readable = [text for text in texts.values() if text is not None]
        self._analyse(readable)
        members = Members(self._roster(chat, me, readable))
        for text in readable:
            self._redact(text, members)
        labels = _labels(chat.messages)
        return [_clean_message(m, labels, texts[_key(m)]) for m in chat.messages]

    def _prepare(self, raw: str, system: bool) -> _Text | None:
        if len(raw) > MAX_CHARS:
            return None
        try:
            shown = clean(raw)
            folded = fold(shown)
            return _Text(shown, folded, tokenise(folded.text), system)
        except Exception:  # fails closed: the message is withheld
            return None

    def _analyse(self, texts: Sequence[_Text]) -> None:
        """First look: every recogniser but the roster. A failed text is left without findings."""
        found = self.analyzer.find([t.folded.text for t in texts], [t.tokens for t in texts])
        for text, findings in zip(texts, found, strict=True):
            text.findings = findings

    def _roster(self, chat: Chat, me: str | None, texts: Sequence[_Text]) -> Roster:
        senders = {message.sender for message in chat.messages if message.sender}
        people = sorted(senders | {me} if me else senders)
        vocabulary = {token.low for text in texts for token in text.tokens}
        return build_roster(people, [*sorted(chat.names), *sorted(_confident(texts))], vocabulary)

    def _redact(self, text: _Text, members: Members) -> None:
        """Second look, for members; then replace."""
        if text.findings is None:
            return
        try:
            found = [*text.findings, *members.find(text.folded.text, text.tokens)]
            if text.system:
                found += run_patterns(self._system, text.folded.text)
            text.result = self._replace(text, resolve(text.folded.text, found))
        except Exception:  # fails closed: `result` stays None
            text.result = None

    def _replace(self, text: _Text, spans: Sequence[Finding]) -> tuple[str, tuple[Entity, ...]]:
        if not spans:
            return text.shown, ()
        results = []
        for span in spans:
            start, end = text.folded.to_original(span.start, span.end)
            results.append(RecognizerResult(str(span.kind), start, end, span.score))
        done = self._anonymizer.anonymize(text.shown, results)
        entities = [Entity(item.entity_type, item.start, item.end) for item in done.items]
        return done.text, tuple(sorted(entities, key=lambda entity: entity.start))


def _key(message: Message) -> tuple[str, bool]:
    return message.text, message.kind is MessageKind.SYSTEM


def _confident(texts: Iterable[_Text]) -> set[str]:
    """People named beyond doubt somewhere in the chat: their other mentions go too."""
    return {
        text.folded.text[finding.start : finding.end]
        for text in texts
        for finding in text.findings or ()
        if finding.kind == Kind.PERSON and finding.score >= CONFIDENT and not text.system
    }


def _labels(messages: Iterable[Message]) -> dict[str, str]:
    """``P1``, ``P2``... by order of first appearance."""
    labels: dict[str, str] = {}
    for message in messages:
        if message.sender is not None:
            labels.setdefault(_sender_key(message.sender), f"P{len(labels) + 1}")
    return labels


def _sender_key(sender: str) -> str:
    return clean(sender).lstrip("~ ").strip() or sender


def _clean_message(message: Message, labels: dict[str, str], text: _Text | None) -> CleanMessage:
    shown, entities = (text.result if text else None) or (UNPROCESSED, ())
    sender = None if message.sender is None else labels[_sender_key(message.sender)]
    return CleanMessage(message.seq, message.sent_at, sender, message.kind, shown, entities)
