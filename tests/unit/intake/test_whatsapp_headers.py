"""Every way WhatsApp writes a header, and how one file's way is found."""

from __future__ import annotations

import pytest

from tests.unit.intake.chat_files import LRM, read_bytes, read_text, rows

HEADERS = {
    # header: what it means in Europe/London
    "16/03/2022, 15:20 - ": "2022-03-16 15:20:00",
    "16.03.2022, 15:20 - ": "2022-03-16 15:20:00",
    "16.03.22, 15:20 - ": "2022-03-16 15:20:00",
    "16-03-2022 15:20 - ": "2022-03-16 15:20:00",
    "3/16/22, 3:20 PM - ": "2022-03-16 15:20:00",
    "3/16/22, 3:20\u202fPM - ": "2022-03-16 15:20:00",
    "16/3/22, 3:20 p.m. - ": "2022-03-16 15:20:00",
    "16/3/22, 3:20 p. m. - ": "2022-03-16 15:20:00",
    "16/3/22 3:20 p.\u00a0m. - ": "2022-03-16 15:20:00",
    "16/3/22, 12:20 am - ": "2022-03-16 00:20:00",
    "16/3/22, 12:20 pm - ": "2022-03-16 12:20:00",
    "2022-03-16, 15:20 - ": "2022-03-16 15:20:00",
    "2022/03/16, 15:20 - ": "2022-03-16 15:20:00",
    "16.3.2022 klo 15.20 - ": "2022-03-16 15:20:00",
    "[16/03/2022, 15:20:25] ": "2022-03-16 15:20:25",
    "[16.03.22, 15:20:25] ": "2022-03-16 15:20:25",
    "[2022-03-16, 15:20:25] ": "2022-03-16 15:20:25",
    "[2022/03/16, 15:20:25] ": "2022-03-16 15:20:25",
    "[3/16/22, 3:20:25 PM] ": "2022-03-16 15:20:25",
    "[16/03/2022, 3:20:25\u202fpm] ": "2022-03-16 15:20:25",
    "[16/3/22 3:20:25 p. m.] ": "2022-03-16 15:20:25",
    "16. 3. 2022. 15:20:25 ": "2022-03-16 15:20:25",
    "16.03.22 15.20.25: ": "2022-03-16 15:20:25",
    LRM + "[16/03/2022, 15:20:25] ": "2022-03-16 15:20:25",
}


@pytest.mark.parametrize(("header", "expected"), HEADERS.items())
def test_each_style(header: str, expected: str) -> None:
    assert rows(read_text(f"{header}Ann: on my way\n")) == [(expected, "Ann", "text", "on my way")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_byte_order_mark_costs_no_message(encoding: str) -> None:
    raw = "16/03/2022, 15:20 - Zoë: on my way\n16/03/2022, 15:21 - Ann: ok".encode(encoding)

    assert [row[1:] for row in rows(read_bytes(raw))] == [
        ("Zoë", "text", "on my way"),
        ("Ann", "text", "ok"),
    ]


def days(text: str) -> tuple[list[str], tuple[str, ...]]:
    """The days of an export's messages, and its notes."""
    chat = read_text(text)
    return [row[0][:10] for row in rows(chat)], chat.notes


def test_a_day_over_twelve_late_in_the_file_settles_the_order_for_all_of_it() -> None:
    assert days("1/2/22, 09:00 - Ann: a\n1/3/22, 09:00 - Ann: b\n1/13/22, 09:00 - Ann: c\n") == (
        ["2022-01-02", "2022-01-03", "2022-01-13"],
        (),
    )


def test_time_going_forward_settles_the_order_where_no_day_is_over_twelve() -> None:
    # Day first, the second of these would be ten months after the third.
    assert days("1/12/22, 09:00 - Ann: a\n2/1/22, 09:00 - Ann: b\n2/2/22, 09:00 - Ann: c\n") == (
        ["2022-01-12", "2022-02-01", "2022-02-02"],
        (),
    )


def test_an_order_that_nothing_settles_is_read_day_first_and_flagged() -> None:
    assert days("3/6/18, 13:55 - Ann: a\n4/6/18, 13:55 - Ann: b\n") == (
        ["2018-06-03", "2018-06-04"],
        ("date_order_ambiguous",),
    )


def test_the_same_number_twice_is_no_ambiguity() -> None:
    assert days("6/6/18, 13:55 - Ann: a\n") == (["2018-06-06"], ())


def test_one_impossible_date_stays_in_the_body_and_is_counted() -> None:
    chat = read_text("30/01/2022, 09:00 - Ann: a\n31/02/2022, 09:00 - Ann: b\n")

    assert [row[3] for row in rows(chat)] == ["a\n31/02/2022, 09:00 - Ann: b"]
    assert chat.tally.suspicious == {"impossible_time": 1}


def test_the_autumn_hour_that_happens_twice_is_read_in_order_and_counted() -> None:
    # Clocks went back at 02:00 on 30 October 2022.
    chat = read_text(
        "30/10/2022, 00:59 - Ann: a\n"
        "30/10/2022, 01:58 - Ann: b\n"
        "30/10/2022, 01:05 - Ann: c\n"
        "30/10/2022, 02:10 - Ann: d\n"
    )

    assert [m.sent_at.isoformat()[11:] for m in chat.messages] == [
        "00:59:00+01:00",
        "01:58:00+01:00",
        "01:05:00+00:00",
        "02:10:00+00:00",
    ]
    assert chat.tally.suspicious == {"ambiguous_hour": 2}


def test_the_spring_hour_that_never_was_is_moved_on() -> None:
    chat = read_text("27/03/2022, 00:59 - Ann: a\n27/03/2022, 01:30 - Ann: b\n")

    assert [m.sent_at.isoformat()[11:] for m in chat.messages] == [
        "00:59:00+00:00",
        "02:30:00+01:00",
    ]
    assert chat.tally.suspicious == {"nonexistent_hour": 1}
