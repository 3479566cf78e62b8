"""Which messages the classifier is asked about: those that become rows, and what may answer one.

Under ``own_messages`` that leaves most of a chat unread: of what others wrote only a challenge to
something of the volunteer's counts for anything.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pipelines.classify.challenge import may_answer
from pipelines.classify.classifier import NOT_ASKED, Classifier
from pipelines.contracts import Chat, CleanMessage, Risks
from pipelines.encoder.memory import LONGEST
from pipelines.staging.rows import Origin, why_excluded

Asked = tuple[Sequence[CleanMessage], frozenset[int]]
"""A chat, de-identified, and the places in it of what becomes rows."""


def asked(chat: Chat, clean: Sequence[CleanMessage], origin: Origin) -> Asked:
    """What is asked of ``chat``, whose messages ``clean`` are."""
    places = (i for i, m in enumerate(chat.messages) if why_excluded(m, origin) is None)
    return clean, frozenset(places)


def ask(chat: Asked, classifier: Classifier) -> list[Risks]:
    """Risks of each message of the chat, ``NOT_ASKED`` of those that count for nothing."""
    clean, kept = chat
    risks = [NOT_ASKED] * len(clean)
    _read_at(kept, clean, risks, classifier)
    _read_at(may_answer(clean, risks) - kept, clean, risks, classifier)
    return risks


def ask_ahead(chats: Sequence[Asked], classifier: Classifier) -> None:
    """``ask`` of many chats at once: the classifier remembers what it found of short texts."""
    short = [(clean, _short(kept, clean)) for clean, kept in chats]
    classifier.classify([clean[place] for clean, kept in short for place in sorted(kept)])
    replies = []
    for clean, kept in short:
        risks = [NOT_ASKED] * len(clean)
        _read_at(kept, clean, risks, classifier)
        replies += [clean[place] for place in sorted(_short(may_answer(clean, risks), clean))]
    classifier.classify(replies)


def _short(places: Collection[int], clean: Sequence[CleanMessage]) -> set[int]:
    return {place for place in places if len(clean[place].text) <= LONGEST}


def _read_at(
    places: Collection[int],
    clean: Sequence[CleanMessage],
    risks: list[Risks],
    classifier: Classifier,
) -> None:
    wanted = sorted(places)
    read = classifier.classify([clean[place] for place in wanted])
    for place, found in zip(wanted, read, strict=True):
        risks[place] = found
