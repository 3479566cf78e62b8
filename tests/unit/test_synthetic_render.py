"""The same events on an Android and on an iOS phone."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.contracts import MessageKind
from pipelines.synthetic.event import Event
from pipelines.synthetic.render import STYLES, View
from pipelines.synthetic.timing import DAY, HOUR

AT = date(2026, 10, 7).toordinal() * DAY + 21 * HOUR + 4 * 60 + 5
NAMES = ("Sgt Khan", "Jo", "~ Dai")


def line(style: str, event: Event) -> str:
    return View(STYLES[style], NAMES, me=1, group="B Team").line(event)


def said(kind: MessageKind, text: str, **more: object) -> Event:
    return Event(AT, 0, kind, text, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("android", "07/10/2026, 21:04 - Sgt Khan: ok\n"),
        ("android_12h", "07/10/2026, 9:04\u202fpm - Sgt Khan: ok\n"),
        ("ios", "[07/10/2026, 21:04:05] Sgt Khan: ok\r\n"),
        ("ios_12h", "[07/10/2026, 9:04:05\u202fpm] Sgt Khan: ok\r\n"),
    ],
)
def test_a_text_on_each_phone(style, expected):
    assert line(style, said(MessageKind.TEXT, "ok")) == expected


@pytest.mark.parametrize(
    ("event", "android", "ios"),
    [
        (said(MessageKind.MEDIA, "1"), "<Media omitted>", "\u200eimage omitted"),
        (
            said(MessageKind.DELETED, "1"),
            "This message was deleted",
            "\u200eThis message was deleted.",
        ),
        (
            said(MessageKind.POLL, "Tea?\nOPTION: Yes (1 vote)"),
            "POLL:\nTea?\nOPTION: Yes (1 vote)",
            "\u200ePOLL:\nTea?\n\u200eOPTION: Yes (1 vote)",
        ),
        (
            said(MessageKind.CONTACT, "Ada McBride"),
            "Ada McBride.vcf (file attached)",
            "\u200eContact card omitted",
        ),
        (
            said(MessageKind.TEXT, "ok", mention=2, edited=True),
            "@\u2068Dai\u2069 ok <This message was edited>",
            "@\u2068Dai\u2069 ok \u200e<This message was edited>",
        ),
    ],
)
def test_what_is_not_plain_text(event, android, ios):
    assert line("android", event).split(": ", 1)[1] == android + "\n"
    assert line("ios", event).split(": ", 1)[1] == ios + "\r\n"


def test_app_lines_have_no_author_on_android_and_the_actor_on_ios():
    left = said(MessageKind.SYSTEM, "left")
    assert line("android", left) == "07/10/2026, 21:04 - Sgt Khan left\n"
    assert line("ios", left) == ("\u200e[07/10/2026, 21:04:05] Sgt Khan: \u200eSgt Khan left\r\n")


def test_an_ios_contact_card_gives_no_name_away():
    card = said(MessageKind.CONTACT, "Ada McBride", identities=(("PERSON", "Ada McBride"),))
    assert View(STYLES["android"], NAMES, 1, "B Team").identities(card) == card.identities
    assert View(STYLES["ios"], NAMES, 1, "B Team").identities(card) == ()


def test_a_mention_is_an_identity_as_this_phone_shows_it():
    event = said(MessageKind.TEXT, "ok", mention=2)
    assert View(STYLES["ios"], NAMES, 1, "B Team").identities(event) == (("PERSON", "Dai"),)
