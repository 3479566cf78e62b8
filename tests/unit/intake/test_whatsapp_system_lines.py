"""Lines nobody wrote: found before the author split, and no author made of them."""

from __future__ import annotations

import pytest

from tests.unit.intake.chat_files import LRM, read_text, said

ANDROID = {
    # line: names to remember
    "Messages and calls are end-to-end encrypted. Tap to learn more.": set(),
    'Ann Lee created group "Ops: Harrow"': {"Ann Lee", "Ops: Harrow"},
    'Ann Lee changed the subject from "A: old" to "B: new"': {"Ann Lee", "A: old", "B: new"},
    "You changed the group name to “Lates: B shift”": {"Lates: B shift"},
    "Ann Lee added Bob Ray and +44 7700 900123": {
        "Ann Lee",
        "Bob Ray",
        "+44 7700 900123",
        "Bob Ray and +44 7700 900123",
    },
    "Bob Ray left": {"Bob Ray"},
    "Your security code with Bob Ray changed. Tap to learn more.": {"Bob Ray"},
    "Ann Lee changed the group description to: be on time": {"Ann Lee"},
    "Something WhatsApp has not said before": set(),
    'Ann Lee hat die Gruppe "Team: Nord" erstellt': {"Ann Lee", "Team: Nord"},
    "Ann Lee a ajouté Bob Ray": {"Ann Lee", "Bob Ray"},
    'Ann Lee creó el grupo "Turno: B"': {"Ann Lee", "Turno: B"},
    'Ann Lee utworzyła grupę "Zmiana: B"': {"Ann Lee", "Zmiana: B"},
    'Ann Lee criou o grupo "Turno: B"': {"Ann Lee", "Turno: B"},
}


@pytest.mark.parametrize(("line", "names"), ANDROID.items())
def test_on_android_they_have_no_author(line: str, names: set[str]) -> None:
    chat = read_text(f"16/03/2022, 15:20 - {line}\n16/03/2022, 15:21 - Ann Lee: ok\n")

    assert [(m.sender, m.kind, m.text) for m in chat.messages] == [
        (None, "system", line),
        ("Ann Lee", "text", "ok"),
    ]
    assert chat.names == names


def test_a_call_on_android_names_nobody() -> None:
    text = "16/03/2022, 15:20 - Missed voice call\n16/03/2022, 15:21 - Ann: ok\n"

    assert said(text) == [(None, "call", ""), ("Ann", "text", "ok")]


IOS = {
    # author that iOS files it under: what it says
    "Team Harrow": f"{LRM}Messages and calls are end-to-end encrypted.",
    "Team Harrow ": f"{LRM}Ann Lee added Bob Ray",
    "Ann Lee": f"{LRM}Ann Lee changed the group name to “Ops: Harrow”",
    "Bob Ray": f"{LRM}Bob Ray left",
}


@pytest.mark.parametrize(("author", "line"), IOS.items())
def test_on_ios_the_author_they_are_filed_under_is_no_ghost(author: str, line: str) -> None:
    text = (
        f"{LRM}[16/03/2022, 15:20:25] {author.strip()}: {line}\r\n"
        "[16/03/2022, 15:21:00] Ann Lee: ok\r\n"
    )
    assert said(text) == [(None, "system", line.lstrip(LRM)), ("Ann Lee", "text", "ok")]


def test_an_ios_file_that_lost_its_marks_makes_no_ghost_either() -> None:
    text = (
        "[16/03/2022, 15:20:25] Team Harrow: Ann Lee added Bob Ray\n"
        "[16/03/2022, 15:21:00] Ann Lee: ok\n"
        "[16/03/2022, 15:22:00] Bob Ray: Bob Ray left\n"
    )
    assert [row[:2] for row in said(text)] == [
        (None, "system"),
        ("Ann Lee", "text"),
        (None, "system"),
    ]


def test_a_call_under_the_groups_name_has_no_sender() -> None:
    text = (
        f"{LRM}[16/03/2022, 15:20:25] Team Harrow: {LRM}Ann Lee added Bob Ray\r\n"
        f"{LRM}[16/03/2022, 15:21:00] Team Harrow: {LRM}Missed group voice call\r\n"
    )
    assert said(text)[1] == (None, "call", "")


@pytest.mark.parametrize("body", ["Bob Ray left", "Ann Lee added Bob Ray", "left: nothing"])
def test_what_a_person_wrote_is_text_though_it_reads_like_a_system_line(body: str) -> None:
    android = f"16/03/2022, 15:20 - Ann Lee: {body}\n"
    ios = f"{LRM}[16/03/2022, 15:20:25] Ann Lee: {LRM}image omitted\r\n" + (
        f"[16/03/2022, 15:21:00] Ann Lee: {body}\r\n"
    )
    assert said(android) == [("Ann Lee", "text", body)]
    assert said(ios)[1] == ("Ann Lee", "text", body)


def test_a_pattern_never_reaches_past_the_author() -> None:
    assert said('16/03/2022, 15:20 - Ann: he created group "X"\n') == [
        ("Ann", "text", 'he created group "X"')
    ]


def test_who_left_is_no_author_though_the_mark_before_it_is_lost() -> None:
    text = (
        f"{LRM}[16/03/2022, 15:20:25] Ann Lee: {LRM}image omitted\r\n"
        "[16/03/2022, 15:21:00] Bob Ray: Bob Ray left\r\n"
    )
    assert said(text)[1] == (None, "system", "Bob Ray left")


def test_what_whatsapp_has_not_said_before_makes_no_author_of_the_group() -> None:
    text = (
        f"{LRM}[16/03/2022, 15:20:25] Team Harrow: {LRM}Ann Lee added Bob Ray\r\n"
        f"{LRM}[16/03/2022, 15:21:00] Team Harrow: {LRM}Something new in this group\r\n"
    )
    assert said(text)[1] == (None, "system", "Something new in this group")
