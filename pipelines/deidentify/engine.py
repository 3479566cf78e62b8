"""De-identification of a chat: the only place where raw text is read, and clean text made.

Fails closed: a message that cannot be processed, for whatever reason, becomes ``<UNPROCESSED>``.
What is not English loses every word but a few (other_language.py); both are marked unclassified.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache

from presidio_analyzer import EntityRecognizer
from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.entities import RecognizerResult

from pipelines.contracts import Chat, CleanMessage, Entity, Message, MessageKind, Unclassified
from pipelines.deidentify.analysis import ChatAnalyzer, Look, run_patterns
from pipelines.deidentify.deadline import MESSAGE_SECONDS, Deadline
from pipelines.deidentify.entities import CONFIDENT, UNPROCESSED, Finding, Kind
from pipelines.deidentify.judge import whole_chat
from pipelines.deidentify.language import NOTHING, Evidence, not_english, read_evidence
from pipelines.deidentify.lexicon import data_version, model_version
from pipelines.deidentify.model.spans import POSSESSIVE
from pipelines.deidentify.other_language import every_word, other_script
from pipelines.deidentify.recognisers.base import TokenRecognizer
from pipelines.deidentify.recognisers.chat_numbers import ChatNumbers, answers, known_numbers
from pipelines.deidentify.recognisers.members import Members
from pipelines.deidentify.recognisers.name_model import NameModel
from pipelines.deidentify.recognisers.system_line import GroupName, SystemLine
from pipelines.deidentify.rest_of_name import complete
from pipelines.deidentify.roster import Roster, build_roster
from pipelines.deidentify.spans import resolve
from pipelines.deidentify.text import Folded, Token, clean, fold, key, tokenise
from pipelines.deidentify.whole_place import whole_places
from pipelines.encoder.memory import LONGEST

CODE_VERSION = "8"  # raised whenever a rule changes what is redacted
MAX_CHARS = 20_000  # WhatsApp stops at 65,536; longer than this is no message written by hand
WRITTEN = frozenset({MessageKind.TEXT, MessageKind.MEDIA, MessageKind.POLL})  # in own words

_Result = tuple[str, tuple[Entity, ...]]


@dataclass(slots=True)
class _Text:
    """One distinct text of the chat. What failed is ``None``.

    ``results`` are by whether it is taken for another language than English: it can be both, by
    different authors.
    """

    shown: str = field(repr=False)
    folded: Folded = field(repr=False)
    tokens: list[Token] = field(repr=False)
    system: bool
    look: Look | None = field(default=None, repr=False)
    findings: list[Finding] | None = field(default=None, repr=False)
    results: dict[bool, _Result | None] = field(default_factory=dict, repr=False)


class Deidentifier:
    """Redacts chats. Make one with :meth:`load` and keep it: loading takes seconds."""

    def __init__(
        self,
        extra: Iterable[EntityRecognizer] = (),
        names_version: str | None = None,
        message_seconds: float = MESSAGE_SECONDS,
    ) -> None:
        self._deadline = Deadline(message_seconds)
        self.analyzer = ChatAnalyzer(extra, self._deadline)
        self._anonymizer = AnonymizerEngine()  # type: ignore[no-untyped-call]
        self._system = (SystemLine(), GroupName())
        names = names_version or model_version()
        self.version = f"deidentify-{CODE_VERSION}-{data_version()}-{names}"

    @classmethod
    def load(cls, name_model: str = "") -> Deidentifier:
        """With everything shipped, but for the name model where ``name_model`` names another
        (``Settings.name_model``).

        Raises ``DamagedModelError`` or ``NameModelError`` where the model does not load: nothing
        passes without one.
        """
        if not name_model:
            return cls([NameModel.shipped()])
        from pipelines.deidentify.swapped import load_name_model

        model, version = load_name_model(name_model)
        return cls([model], version)

    def deidentify(self, chat: Chat, me: str | None = None) -> list[CleanMessage]:
        """Clean messages, one for each of ``chat.messages``, in order.

        ``me`` is the volunteer's name in the chat, a member like any other. Never raises on
        content: such a message's text is ``<UNPROCESSED>``.
        """
        with self._deadline.interrupting():
            texts = self._read_safely(chat, me)
        labels = _labels(chat.messages)
        return [
            _clean_message(message, labels, text.results[other] if text else None, other)
            for message, (text, other) in zip(chat.messages, texts, strict=True)
        ]

    def read_ahead(self, chats: Iterable[Chat]) -> None:
        """Show the short texts of many chats to the recognisers together, which remember what they
        found: ``deidentify`` then need not ask them, and a network reads many at once in half the
        time. Never raises: what fails here is left to ``deidentify``.
        """
        messages = (message for chat in chats for message in chat.messages)
        wanted = {_key(message) for message in messages if len(message.text) <= LONGEST}
        with suppress(Exception), self._deadline.interrupting():
            self._analyse([text for one in wanted if (text := self._prepare(*one))])

    def _read_safely(self, chat: Chat, me: str | None) -> list[tuple[_Text | None, bool]]:
        """As ``_read``; where the chat as a whole fails, so does each of its messages."""
        try:
            return self._read(chat, me)
        except Exception:  # fails closed
            return [(None, False)] * len(chat.messages)

    def _read(self, chat: Chat, me: str | None) -> list[tuple[_Text | None, bool]]:
        """For each message its text, redacted, and whether it is in another language."""
        texts: dict[tuple[str, bool], _Text | None] = {}
        for message in chat.messages:
            wanted = _key(message)
            if wanted not in texts:
                texts[wanted] = self._prepare(*wanted)
        readable = [text for text in texts.values() if text is not None]
        self._analyse(readable)
        _decide(readable)
        members = Members(self._roster(chat, me, readable))
        known = known_numbers((t.folded.text, t.findings or ()) for t in readable)
        numbers = ChatNumbers(known), ChatNumbers(known, asked=True)
        asked = answers(chat.messages)
        said = [texts[_key(message)] for message in chat.messages]
        others = self._judge(chat, said)
        for message, text, other in zip(chat.messages, said, others, strict=True):
            if text is not None and other not in text.results:
                of_the_chat = members, numbers[message.text in asked]
                text.results[other] = self._redact(text, of_the_chat, other)
        return list(zip(said, others, strict=True))

    def _prepare(self, raw: str, system: bool) -> _Text | None:
        if len(raw) > MAX_CHARS:
            return None
        try:
            with self._deadline.limit():
                shown = clean(raw)
                folded = fold(shown)
                return _Text(shown, folded, tokenise(folded.text), system)
        except Exception:  # fails closed: the message is withheld
            return None

    def _judge(self, chat: Chat, texts: Sequence[_Text | None]) -> list[bool]:
        """For each message of the chat: is it in another language than English?"""
        names = _name_words(chat)
        seen: dict[int, Evidence] = {}
        said = []
        for message, text in zip(chat.messages, texts, strict=True):
            system = message.kind is MessageKind.SYSTEM
            evidence = NOTHING
            if text is not None and (system or message.kind in WRITTEN):
                if id(text) not in seen:
                    seen[id(text)] = read_evidence(text.folded.text, text.tokens, names)
                evidence = seen[id(text)]
            author = None if system or message.sender is None else _sender_key(message.sender)
            said.append((author, evidence))
        return not_english(said)

    def _analyse(self, texts: Sequence[_Text]) -> None:
        """First look: every recogniser but the roster. A failed text is left without one."""
        looks = self.analyzer.look([t.folded.text for t in texts], [t.tokens for t in texts])
        for text, look in zip(texts, looks, strict=True):
            text.look = look

    def _roster(self, chat: Chat, me: str | None, texts: Sequence[_Text]) -> Roster:
        senders = {message.sender for message in chat.messages if message.sender}
        people = sorted(senders | {me} if me else senders)
        vocabulary = {token.low for text in texts for token in text.tokens}
        return build_roster(people, [*sorted(chat.names), *sorted(_confident(texts))], vocabulary)

    def _redact(
        self, text: _Text, of_the_chat: Sequence[TokenRecognizer], other: bool
    ) -> _Result | None:
        """Second look, for what only the whole chat shows; then replace."""
        if text.findings is None:
            return None
        try:
            with self._deadline.limit():
                return self._replace(text, self._spans(text, of_the_chat, other))
        except Exception:  # fails closed
            return None

    def _spans(
        self, text: _Text, of_the_chat: Sequence[TokenRecognizer], other: bool
    ) -> list[Finding]:
        folded = text.folded.text
        found = [*(text.findings or ()), *other_script(folded)]
        for recogniser in of_the_chat:
            found += recogniser.find(folded, text.tokens)
        if text.system:
            found += run_patterns(self._system, folded)
        spans = whole_places(folded, complete(folded, resolve(folded, found)))
        return every_word(folded, spans) if other else spans

    def _replace(self, text: _Text, spans: Sequence[Finding]) -> _Result:
        if not spans:
            return text.shown, ()
        results = []
        for span in spans:
            start, end = text.folded.to_original(span.start, span.end)
            results.append(RecognizerResult(str(span.kind), start, end, span.score))
        done = self._anonymizer.anonymize(text.shown, results)
        entities = [Entity(item.entity_type, item.start, item.end) for item in done.items]
        return done.text, tuple(sorted(entities, key=lambda entity: entity.start))


def _decide(texts: Sequence[_Text]) -> None:
    """What counts of the first look, now that the whole chat has had it."""
    noticed = [text.look.noticed if text.look else () for text in texts]
    shown = whole_chat([(t.tokens, n) for t, n in zip(texts, noticed, strict=True)])
    for text, elsewhere in zip(texts, shown, strict=True):
        text.findings = text.look.findings(elsewhere) if text.look else None


def _key(message: Message) -> tuple[str, bool]:
    return message.text, message.kind is MessageKind.SYSTEM


def _confident(texts: Iterable[_Text]) -> set[str]:
    """People named beyond doubt somewhere in the chat: their other mentions go too."""
    return {
        POSSESSIVE.sub("", text.folded.text[finding.start : finding.end])
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


@lru_cache(maxsize=4096)
def _sender_key(sender: str) -> str:
    return clean(sender).lstrip("~ ").strip() or sender


def _name_words(chat: Chat) -> frozenset[str]:
    """Words of the chat's own names, which say nothing of its language."""
    names = {message.sender for message in chat.messages if message.sender} | chat.names
    return frozenset(word for name in names for word in key(name).split())


def _clean_message(
    message: Message, labels: dict[str, str], result: _Result | None, other: bool
) -> CleanMessage:
    shown, entities = result or (UNPROCESSED, ())
    mark = Unclassified.OTHER_LANGUAGE if other else None
    return CleanMessage(
        message.seq,
        message.sent_at,
        None if message.sender is None else labels[_sender_key(message.sender)],
        message.kind,
        shown,
        entities,
        mark if result else Unclassified.UNPROCESSED,
    )
