"""Any chat, written in any of WhatsApp's styles, is read back as it was."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from pipelines.intake.clock import LONDON
from pipelines.intake.parts import Part
from pipelines.intake.read import read_chats
from pipelines.intake.whatsapp.wording import load_wordings, plain
from pipelines.settings import Settings


@dataclass(frozen=True)
class Style:
    """How one phone writes headers: a ``strftime`` pattern and what ends a message."""

    header: str
    seconds: bool = False
    end: str = "\n"


STYLES = [
    Style("%d/%m/%Y, %H:%M - "),
    Style("%d.%m.%y, %H:%M - "),
    Style("%m/%d/%y, %I:%M %p - "),
    Style("%m/%d/%y, %I:%M\u202f%p - "),
    Style("%Y-%m-%d, %H:%M - "),
    Style("%d.%m.%Y klo %H.%M - "),
    Style("[%d/%m/%Y, %H:%M:%S] ", seconds=True, end="\r\n"),
    Style("[%m/%d/%y, %I:%M:%S %p] ", seconds=True, end="\r\n"),
    Style("\u200e[%Y/%m/%d, %H:%M:%S] ", seconds=True),
    Style("[%d.%m.%y, %H:%M:%S] ", seconds=True),
]

LETTERS = st.characters(exclude_categories=["Cs", "Cc", "Cf"], exclude_characters=":\u2068")
NAMES = st.text(LETTERS, min_size=1, max_size=20).map(str.strip).filter(bool)
LINES = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cf"], exclude_characters="[]<>()"), max_size=60
)
STEPS = st.timedeltas(min_value=timedelta(), max_value=timedelta(days=40))


def is_ordinary(body: str) -> bool:
    """Whether WhatsApp could not have written ``body`` itself, nor a header be in it."""
    wordings = load_wordings()
    first_words = tuple(start.strip() for start, _ in wordings.starts)
    lines = body.split("\n")
    return not any(
        plain(line) in wordings.bodies
        or plain(line).startswith(first_words)
        or plain(line).endswith(tuple(wordings.attached_ends))
        or wordings.find_system(plain(line)) is not None
        or line[:1].isdigit()
        for line in lines
    )


BODIES = st.lists(LINES, min_size=1, max_size=4).map("\n".join).map(str.strip).filter(is_ordinary)
CHATS = st.lists(st.tuples(STEPS, NAMES, BODIES), min_size=1, max_size=12)


def timed(chat: Sequence[tuple[timedelta, str, str]]) -> list[tuple[datetime, str, str]]:
    """Local times, from a day that tells day and month apart."""
    start = datetime(2012, 12, 25, 9, tzinfo=UTC)
    times = accumulate((step for step, _, _ in chat[1:]), initial=timedelta())
    return [
        ((start + at).astimezone(LONDON).replace(tzinfo=None), name, body)
        for at, (_, name, body) in zip(times, chat, strict=True)
    ]


@given(CHATS, st.sampled_from(STYLES))
def test_render_then_parse_gives_the_same_chat(
    chat: list[tuple[timedelta, str, str]], style: Style
) -> None:
    messages = timed(chat)
    raw = "".join(
        f"{at.strftime(style.header)}{name}: {body}{style.end}" for at, name, body in messages
    )
    part = Part("_chat.txt", lambda: io.BytesIO(raw.encode()))

    (read,) = read_chats(Only(part), Settings())
    resolution = {"microsecond": 0} if style.seconds else {"second": 0, "microsecond": 0}
    assert [(m.sent_at.replace(tzinfo=None, fold=0), m.sender, m.text) for m in read.messages] == [
        (at.replace(**resolution), name, body) for at, name, body in messages
    ]
    assert read.tally.lines_in == raw.count("\n") == read.tally.lines_in_messages
    assert "date_order_ambiguous" not in read.notes


@dataclass(frozen=True)
class Only:
    """A source of one part."""

    part: Part

    def parts(self, settings: Settings) -> list[Part]:
        return [self.part]
