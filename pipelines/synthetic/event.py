"""One thing that happens in a chat, before any phone renders it."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.contracts import MessageKind
from pipelines.synthetic.phrases import Identity

CHALLENGE_CODE = "SPUP"


@dataclass(slots=True)
class Event:
    """``at`` is wall-clock seconds (see ``timing``); ``who`` and ``mention`` index the team.

    ``text`` is the body; of a system event its code; of media a number. ``lookalike`` is the
    category a harmless text was written to resemble. ``challenged`` says whether a colleague was
    made to answer a risky text.
    """

    at: int
    who: int
    kind: MessageKind
    text: str
    identities: tuple[Identity, ...] = ()
    categories: tuple[str, ...] = ()
    lookalike: str = ""
    challenged: bool = False
    mention: int = -1
    edited: bool = False
