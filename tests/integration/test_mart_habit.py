"""mart.habit_contribution and mart.force_month_habit: how chats are used."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import duckdb

from pipelines.keys import Keys
from pipelines.warehouse.load import load_shards
from pipelines.warehouse.marts import build_marts
from tests.warehouse_world import MET, key, row, stage, table

# contributor, sent on (5 October 2026 is a Monday), hour, kind, platform, group size, entities
MESSAGES = """
c1  2026-10-05  9   text   whatsapp  3-9    -
c1  2026-10-05  9   text   whatsapp  3-9    CALL_SIGN
c1  2026-10-11  23  media  whatsapp  3-9    -
c2  2026-10-05  0   text   telegram  10-29  PERSON
"""

# habit, value, messages, contributors, largest, two largest
EXPECTED = """
group_size   10-29     1  1  1  1
group_size   3-9       3  1  3  3
hour         00        1  1  1  1
hour         09        2  1  2  2
hour         23        1  1  1  1
kind         media     1  1  1  1
kind         text      3  2  2  3
operational  no        3  2  2  3
operational  yes       1  1  1  1
platform     telegram  1  1  1  1
platform     whatsapp  3  1  3  3
time_of_week  weekday 00:00 to 05:59  1  1  1  1
time_of_week  weekday 06:00 to 11:59  2  1  2  2
time_of_week  weekend 18:00 to 23:59  1  1  1  1
weekday      1         3  2  2  3
weekday      7         1  1  1  1
"""

# contributor, habit, value, messages
EXPECTED_PEOPLE = """
c1  group_size   3-9       3
c1  hour         09        2
c1  hour         23        1
c1  kind         media     1
c1  kind         text      2
c1  operational  no        2
c1  operational  yes       1
c1  platform     whatsapp  3
c1  time_of_week  weekday 06:00 to 11:59  2
c1  time_of_week  weekend 18:00 to 23:59  1
c1  weekday      1         2
c1  weekday      7         1
c2  group_size   10-29     1
c2  hour         00        1
c2  kind         text      1
c2  operational  no        1
c2  platform     telegram  1
c2  time_of_week  weekday 00:00 to 05:59  1
c2  weekday      1         1
"""


def test_habits(tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection) -> None:
    people: dict[str, list[object]] = {}
    for line in MESSAGES.strip().splitlines():
        person, day, hour, kind, platform, group, entity = line.split()
        rows = people.setdefault(person, [])
        rows.append(
            row(
                len(rows), fingerprint=f"{line} {len(rows)}", submission_key=f"s-{person}",
                contributor_key=person, author_key=f"a-{person}", chat_key=f"chat-{person}",
                sent_on=date.fromisoformat(day), sent_hour=int(hour), kind=kind,
                platform=platform, group_band=group, entities={} if entity == "-" else {entity: 1},
            )
        )  # fmt: skip
    load_shards(warehouse, [stage(tmp_path, keys, rows) for rows in people.values()], keys)
    build_marts(warehouse)
    found = warehouse.execute(
        "SELECT habit, value, messages, contributors, largest, two_largest "
        "FROM mart.force_month_habit ORDER BY habit, value"
    ).fetchall()
    expected = [re.split(" {2,}", line) for line in EXPECTED.strip().splitlines()]
    assert found == [(habit, value, *map(int, counts)) for habit, value, *counts in expected]
    people_found = warehouse.execute(
        "SELECT contributor_key, author_key, chat_key, force_code, month, habit, value, messages "
        "FROM mart.habit_contribution"
    ).fetchall()
    assert sorted(people_found) == sorted(
        (
            key(person), key(f"a-{person}"), key(f"chat-{person}"), MET, date(2026, 10, 1),
            habit, value, int(n),
        )
        for person, habit, value, n in (
            re.split(" {2,}", line) for line in EXPECTED_PEOPLE.strip().splitlines()
        )
    )  # fmt: skip
    assert table(
        warehouse, "SELECT DISTINCT sum(messages) FROM mart.habit_contribution GROUP BY habit"
    ) == [(4,)], "the values of every habit add up to all messages"
