"""Was a risky message challenged? A pure function over one chat in order."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import timedelta
from itertools import accumulate

from pipelines.classify.taxonomy import PROTECTIVE_CODE
from pipelines.contracts import CleanMessage, Risks

# A reply belongs to what it answers while either window is open: busy chats move on within hours,
# quiet ones answer the next day.
WINDOW = timedelta(hours=24)
WINDOW_MESSAGES = 20


def challenged(messages: Sequence[CleanMessage], risks: Sequence[Risks]) -> list[bool | None]:
    """For each message of a chat: challenged by someone else, not challenged, or not risky (None).

    ``messages`` is one whole chat in order, ``risks`` what ``Classifier.classify`` gave for it.
    A challenge is a message flagged ``SPUP`` from another sender, within ``WINDOW`` after or among
    the next ``WINDOW_MESSAGES``. Messages without a sender neither challenge nor are challenged.
    """
    challenges = [i for i, risk in enumerate(risks) if PROTECTIVE_CODE in risk.flags]
    return [
        _answered(i, messages, challenges) if is_risky(risk) else None
        for i, risk in enumerate(risks)
    ]


def may_answer(messages: Sequence[CleanMessage], risks: Sequence[Risks]) -> set[int]:
    """Where ``challenged`` looks for challenges: positions from a risky message to the last one
    in its reach. What the rest are flagged with changes none of its answers for these ``risks``.
    """
    # at any place the earliest time still to come: clocks go back, so that is not the next one's
    still_to_come = list(accumulate((m.sent_at for m in reversed(messages)), min))[::-1]
    found: set[int] = set()
    for at, risk in enumerate(risks):
        if is_risky(risk):
            in_time = bisect_right(still_to_come, messages[at].sent_at + WINDOW)
            found.update(range(at + 1, max(in_time, at + WINDOW_MESSAGES + 1)))
    return found & set(range(len(messages)))


def is_risky(risks: Risks) -> bool:
    """Whether any category but the protective one is flagged."""
    return any(code != PROTECTIVE_CODE for code in risks.flags)


def _answered(at: int, messages: Sequence[CleanMessage], challenges: Sequence[int]) -> bool:
    said = messages[at]
    for reply in challenges[bisect_right(challenges, at) :]:
        if not _in_reach(at, reply, messages):
            return False
        if messages[reply].sender not in (None, said.sender):
            return True
    return False


def _in_reach(at: int, reply: int, messages: Sequence[CleanMessage]) -> bool:
    elapsed = messages[reply].sent_at - messages[at].sent_at
    return reply - at <= WINDOW_MESSAGES or elapsed <= WINDOW
