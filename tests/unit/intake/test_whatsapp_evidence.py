"""The whole file decides how it is read, however its beginning looked: `LONG` is more than what the
first guess is made from.
"""

from __future__ import annotations

import gc

from pipelines.intake.whatsapp.wording import load_wordings, plain
from tests.unit.intake.chat_files import LRM, read_text, rows, said

LONG = 3_000  # lines, over 64 KiB


def test_a_day_over_twelve_at_the_very_end_decides_the_order_of_all_dates() -> None:
    text = "02/03/2022, 15:20 - Ann: ok\n" * LONG
    chat = read_text(text + "03/13/2022, 15:20 - Bob: ok\n")

    assert [rows(chat)[0][0], rows(chat)[-1][0]] == ["2022-02-03 15:20:00", "2022-03-13 15:20:00"]
    assert len(chat.messages) == chat.tally.lines_in == LONG + 1
    assert chat.notes == ()


def test_headers_that_only_become_the_most_are_the_files_own() -> None:
    pasted = "[16/03/2022, 15:20:25] Dee: elsewhere\n" * LONG
    text = pasted + "17/03/2022, 15:20 - Ann: ok\n" * (LONG + 1)
    chat = read_text(text)

    assert {message.sender for message in chat.messages} == {"Ann"}
    assert chat.tally.rejected == {"before_first_header": LONG}
    assert chat.notes == ("mixed_header_styles",)


def test_a_mark_at_the_very_end_tells_that_earlier_lines_without_it_were_typed() -> None:
    typed = "[16/03/2022, 15:20:25] Ann: Bob left\r\n" * LONG
    unmarked = said(typed)
    marked = said(typed + f"[16/03/2022, 15:21:25] Ann: {LRM}image omitted\r\n")

    assert unmarked[0] == (None, "system", "Bob left")
    assert marked[0] == ("Ann", "text", "Bob left")


def test_a_header_after_a_bare_lf_is_suspect_wherever_it_is_in_a_file_with_crlf_ends() -> None:
    stray = "[16/03/2022, 15:20:25] Ann: he said\n[16/03/2022, 15:10:25] Bob: so\r\n"
    text = "[16/03/2022, 15:20:25] Bob: ok\r\n" * LONG + stray
    assert said(text)[-1][2] == "he said\n[16/03/2022, 15:10:25] Bob: so"


def test_lines_before_the_first_header_hide_no_such_header() -> None:
    text = (
        "exported by me\r\n"
        "[16/03/2022, 15:10:00] Bob: meet at five\r\n"
        "[16/03/2022, 15:20:00] Ann: he said\n"
        "[16/03/2022, 15:10:00] Bob: meet at five\r\n"
        "[16/03/2022, 15:21:00] Cat: I see\r\n"
    )
    assert [row[0] for row in said(text)] == ["Bob", "Ann", "Cat"]


def test_every_wording_of_a_system_line_is_found_by_a_word_of_it() -> None:
    lines = [
        'Ann created group "Ops: nights"',
        "Ann left",
        "Ann hat die Gruppe verlassen.",
        "Ann's security code changed. Tap to learn more.",
    ]
    found = [load_wordings().find_system(plain(line)) for line in lines]
    assert [bool(names) for names in found] == [True] * len(lines)
    assert load_wordings().find_system("Ann: Bob left") is None


def test_garbage_is_collected_again_after_a_chat_was_read() -> None:
    read_text("16/03/2022, 15:20 - Ann: ok\n")
    assert gc.isenabled()
