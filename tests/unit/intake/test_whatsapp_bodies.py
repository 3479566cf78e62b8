"""What WhatsApp writes in the place of text, on both phones and in six languages."""

from __future__ import annotations

import pytest

from tests.unit.intake.chat_files import LRM, read_text, said

BODIES = {
    # body: kind, text that is kept
    "<Media omitted>": ("media", ""),
    "IMG-20210428-WA0001.jpg (file attached)": ("media", ""),
    "IMG-20210428-WA0001.jpg (file attached)\nnew kit": ("media", "new kit"),
    f"{LRM}image omitted": ("media", ""),
    f"{LRM}<attached: 00000042-PHOTO-2020-06-07-15-13-20.jpg>": ("media", ""),
    f"new kit {LRM}<attached: 00000042-PHOTO-2020-06-07-15-13-20.jpg>": ("media", "new kit"),
    f"rota.pdf • {LRM}3 pages {LRM}document omitted": ("media", ""),
    "2015-08-04-PHOTO-00004762.jpg <\u200eattached>": ("media", ""),
    "<View once voice message omitted>": ("media", ""),
    "STK-20230101-WA0003.webp (file attached)": ("sticker", ""),
    f"{LRM}sticker omitted": ("sticker", ""),
    "Sam Hollow.vcf (file attached)": ("contact", ""),
    f"{LRM}Contact card omitted": ("contact", ""),
    "location: https://maps.google.com/?q=52.1,5.1": ("location", ""),
    f"{LRM}Location: https://maps.google.com/?q=52.1,5.1": ("location", ""),
    "Location: the usual car park": ("text", "Location: the usual car park"),
    "This message was deleted": ("deleted", ""),
    f"{LRM}You deleted this message.": ("deleted", ""),
    f"{LRM}This message was deleted by admin Dee.": ("deleted", ""),
    f"{LRM}Missed voice call": ("call", ""),
    f"{LRM}Voice call, {LRM}2 min": ("call", ""),
    "Voice call, or shall I text?": ("text", "Voice call, or shall I text?"),
    "see you at nine <This message was edited>": ("text", "see you at nine"),
    f"see you at nine {LRM}<This message was edited>": ("text", "see you at nine"),
    "POLL:\nLate or early?\nOPTION: late (3 votes)\nOPTION: early (1 vote)": (
        "poll",
        "Late or early?\nOPTION: late (3 votes)\nOPTION: early (1 vote)",
    ),
    f"{LRM}POLL:\nLate?\n{LRM}OPTION: yes ({LRM}3 votes)": ("poll", "Late?\nOPTION: yes (3 votes)"),
    "ok (for now)": ("text", "ok (for now)"),
    "<3": ("text", "<3"),
    f"Rota.pdf • {LRM}2 pages {LRM}<attached: 00000034-Rota.pdf>": ("media", ""),
    "<Media omitted>\nlook at: this": ("media", "look at: this"),
    "<Video note omitted>": ("media", ""),
    f"{LRM}View once message": ("media", ""),
    f"{LRM}Silenced voice call, {LRM}Focus mode": ("call", ""),
    f"{LRM}<attached: 00000030-PHOTO.jpg> <This message was edited>": ("media", ""),
    # German, French, Spanish, Polish, Portuguese
    "<Medien ausgeschlossen>": ("media", ""),
    f"{LRM}Bild weggelassen": ("media", ""),
    f"{LRM}4f2680f1.jpg (Datei angehängt)\nFrohe Ostern": ("media", "Frohe Ostern"),
    "Du hast diese Nachricht gelöscht.": ("deleted", ""),
    "<Médias omis>": ("media", ""),
    "Ce message a été supprimé": ("deleted", ""),
    "<Multimedia omitido>": ("media", ""),
    "Se eliminó este mensaje.": ("deleted", ""),
    "<Pominięto multimedia>": ("media", ""),
    "Ta wiadomość została usunięta": ("deleted", ""),
    "<Mídia oculta>": ("media", ""),
    "Mensagem apagada": ("deleted", ""),
}


@pytest.mark.parametrize(("body", "expected"), BODIES.items())
@pytest.mark.parametrize("first_words", ["hello", None], ids=["known", "new"])
def test_bodies(body: str, expected: tuple[str, str], first_words: str | None) -> None:
    earlier = f"[16/03/2022, 15:10:00] Ann: {first_words}\r\n" if first_words else ""

    assert said(f"{earlier}[16/03/2022, 15:20:25] Ann: {body}\r\n")[-1] == ("Ann", *expected)


@pytest.mark.parametrize(("body", "expected"), BODIES.items())
def test_bodies_on_android(body: str, expected: tuple[str, str]) -> None:
    assert said(f"16/03/2022, 15:20 - Ann: {body}\n") == [("Ann", *expected)]


def test_names_in_cards_and_mentions_are_remembered() -> None:
    chat = read_text(
        "16/03/2022, 15:20 - Ann: Sam Hollow.vcf (file attached)\n"
        "16/03/2022, 15:21 - Ann: ask @\u2068Dee Marsh\u2069\n"
        "16/03/2022, 15:22 - Ann: ask @\u2068Joe Fenn\u2069\n"
    )

    assert chat.names == {"Sam Hollow", "Dee Marsh", "Joe Fenn"}


def test_the_chat_is_named_by_its_file() -> None:
    chat = read_text("16/03/2022, 15:20 - Ann: ok\n", "WhatsApp Chat with Team Harrow.txt")

    assert chat.names == {"Team Harrow"}
