"""The same chat from two volunteers counts once; different chats are never merged.

A chat is written as (minute, author, text); an export is a slice of it as one member sees it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.contracts import Chat, CleanMessage, LineTally, Message, MessageKind, Risks
from pipelines.keys import Keys
from pipelines.staging.rows import Origin, ReadChat, stage_rows
from pipelines.staging.shard import Shard
from pipelines.warehouse.load import load_shards
from tests.warehouse_world import MET, VERSIONS, stage, table

START = datetime(2026, 9, 7, 9, 0, tzinfo=UTC)
Line = tuple[int, str, str]

SHORT = ("ok", "ta", "yes", "on my way", "lol", "late again", "👍", "will do")
LONG = (
    "who has the keys for the {} van this time",
    "briefing moved to {} minutes past, bring a coat",
    "can somebody swap my {} shift for a late please",
    "that was job number {} and it is not even lunch",
)


def conversation(seed: int, messages: int, every: int = 7) -> list[Line]:
    """Banter of five people, half of it short; about one message every few minutes."""
    rng = random.Random(seed)
    minute, lines = 0, []
    for number in range(messages):
        minute += rng.randrange(every)
        short = rng.random() < 0.5
        text = rng.choice(SHORT) if short else rng.choice(LONG).format(f"{seed}-{number}")
        lines.append((minute, rng.choice("ABCDE"), text))
    return lines


def export(
    lines: Sequence[Line], volunteer: str, *, scope: str = "whole_chat", number: int = 0
) -> tuple[Origin, ReadChat]:
    messages = [
        Message(n, START + timedelta(minutes=minute), author, MessageKind.TEXT, text)
        for n, (minute, author, text) in enumerate(lines)
    ]
    n = len(messages)
    clean = [CleanMessage(m.seq, m.sent_at, m.sender, m.kind, m.text) for m in messages]
    read = ReadChat(
        Chat("whatsapp", messages, LineTally(n, n)), clean, [Risks({}, ())] * n, [None] * n
    )
    submission = f"{volunteer}-{number}-{lines[0]}"
    return Origin(submission, f"code-{volunteer}", MET, scope, volunteer, VERSIONS), read


def load(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    keys: Keys,
    *exports: tuple[Origin, ReadChat],
) -> list[Shard]:
    """Load exports as received in this order. Returns their shards."""
    shards = []
    for minutes, (origin, read) in enumerate(exports):
        rows, _ = stage_rows(origin, [read], keys)
        shards.append(stage(folder, keys, rows, minutes_later=minutes))
    load_shards(connection, shards, keys)
    return shards


def counted(connection: duckdb.DuckDBPyConnection) -> int:
    (n,) = connection.execute("SELECT count(*) FROM core.counted").fetchone() or (0,)
    return int(n)


def conversations(connection: duckdb.DuckDBPyConnection) -> int:
    return len(table(connection, "SELECT DISTINCT conversation_key FROM core.conversation"))


@pytest.mark.parametrize("percent", [1, 2, 5, 10, 25, 50, 75, 90, 99, 100])
@pytest.mark.parametrize("seed", [1, 2])
def test_overlapping_exports_count_once(
    percent: int, seed: int, tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection
) -> None:
    lines = conversation(seed, 600)
    shared = 600 * percent // 100 // 2 * 2
    cut = 300 + shared // 2
    first, second = lines[:cut], lines[600 - cut :]
    assert len(first) + len(second) - len(lines) == shared
    load(warehouse, tmp_path, keys, export(first, "A"), export(second, "B"))
    assert (counted(warehouse), conversations(warehouse)) == (600, 1)


def test_every_share_of_overlap_counts_once(
    tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """A hundred chats at once, each exported twice with another percent of it in both: of 300
    messages, and of 600 where 1% of 300 could be two short texts, which say nothing.
    """
    exports = []
    for percent in range(1, 101):
        many = 600 if percent == 1 else 300
        lines = conversation(1_000 + percent, many)
        cut = many * (100 + percent) // 200
        assert abs(100 * (2 * cut - many) / many - percent) < 1
        exports.append(export(lines[:cut], f"A{percent}"))
        exports.append(export(lines[many - cut :], f"B{percent}"))
    load(warehouse, tmp_path, keys, *exports)
    found = table(warehouse, "SELECT count(*) FROM core.counted GROUP BY conversation_key")
    assert found == [(300,)] * 99 + [(600,)]


@pytest.mark.parametrize("scope", ["own_messages", "whole_chat"])
@pytest.mark.parametrize("percent", [1, 10, 50, 100])
def test_a_later_export_of_the_same_volunteer_extends_the_earlier(
    percent: int, scope: str, tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection
) -> None:
    lines = [(m, "A", text) for m, _, text in conversation(3, 400)]
    earlier, later = lines[:200], lines[200 - 2 * percent :]
    load(
        warehouse, tmp_path, keys,
        export(earlier, "A", scope=scope), export(later, "A", scope=scope, number=1),
    )  # fmt: skip
    assert (counted(warehouse), conversations(warehouse)) == (400, 1)


def test_the_earliest_received_keeps_the_row(
    tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection
) -> None:
    lines = conversation(4, 100)
    first, second = load(warehouse, tmp_path, keys, export(lines[:60], "A"), export(lines, "B"))
    kept = dict(
        table(warehouse, "SELECT lower(hex(submission_key)), count(*) FROM core.counted GROUP BY 1")
    )
    assert kept == {first.submission_key: 60, second.submission_key: 40}


def test_loading_order_does_not_matter(
    tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection
) -> None:
    lines = conversation(5, 100)
    exports = [export(lines[:60], "A"), export(lines, "B")]
    shards = []
    for minutes, (origin, read) in enumerate(exports):
        rows, _ = stage_rows(origin, [read], keys)
        shards.append(stage(tmp_path, keys, rows, minutes_later=minutes))
    load_shards(warehouse, shards[1:], keys)
    load_shards(warehouse, shards[:1], keys)
    kept = dict(
        table(warehouse, "SELECT lower(hex(submission_key)), count(*) FROM core.counted GROUP BY 1")
    )
    assert kept == {shards[0].submission_key: 60, shards[1].submission_key: 40}


def test_three_exports_are_one_conversation_even_if_two_never_meet(
    tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection
) -> None:
    lines = conversation(6, 300)
    load(
        warehouse, tmp_path, keys,
        export(lines[:110], "A"), export(lines[190:], "C"), export(lines[100:200], "B"),
    )  # fmt: skip
    assert (counted(warehouse), conversations(warehouse)) == (300, 1)


NINE_FIFTEEN = [(15, "A", "ok"), (40, "B", "any update on the van keys then"), (55, "A", "no")]
OTHERS = [(15, "C", "ok"), (31, "D", "canteen is shut again, bring lunch"), (58, "C", "typical")]
MIDNIGHT = "happy new year to all of you lovely lot"


@pytest.mark.parametrize(
    ("why", "one", "other"),
    [
        ("both say ok at 9:15", NINE_FIFTEEN, OTHERS),
        ("each is one ok at 9:15", NINE_FIFTEEN[:1], OTHERS[:1]),
        ("each is one greeting at midnight", [(900, "A", MIDNIGHT)], [(900, "C", MIDNIGHT)]),
        (
            "an announcement went to both",
            [*NINE_FIFTEEN, (60, "A", "parade moved to six tomorrow, all of you"),
             (61, "A", "and full uniform, the chief is coming round"), (70, "B", "great"),
             (71, "B", "love a parade"), (72, "A", "same"), (73, "B", "bring polish")],
            [*OTHERS, (60, "A", "parade moved to six tomorrow, all of you"),
             (61, "A", "and full uniform, the chief is coming round"), (70, "D", "why"),
             (71, "C", "who knows"), (72, "C", "not me"), (73, "D", "day off sick then")],
        ),
        (
            "two busy chats share many short answers",
            [(m, "A", "ok" if m % 3 else f"long message number {m} here") for m in range(90)],
            [(m, "C", "ok" if m % 5 == 1 else f"other talk, number {m}") for m in range(90)],
        ),
    ],
)  # fmt: skip
def test_different_chats_stay_apart(
    why: str, one: list[Line], other: list[Line], tmp_path: Path, keys: Keys,
    warehouse: duckdb.DuckDBPyConnection,
) -> None:  # fmt: skip
    load(warehouse, tmp_path, keys, export(one, "A"), export(other, "C"))
    assert (counted(warehouse), conversations(warehouse)) == (len(one) + len(other), 2), why


def test_unrelated_teams_stay_apart(
    tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """Twelve busy chats over the same days: hundreds of chance matches, no merge."""
    teams = [conversation(100 + n, 250, every=3) for n in range(12)]
    load(warehouse, tmp_path, keys, *(export(lines, f"V{n}") for n, lines in enumerate(teams)))
    assert (counted(warehouse), conversations(warehouse)) == (12 * 250, 12)


def test_a_message_said_twice_in_a_minute_counts_twice(
    tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection
) -> None:
    lines = [*conversation(7, 30), (500, "A", "ok"), (500, "B", "ok"), (501, "C", "ok")]
    load(warehouse, tmp_path, keys, export(lines, "A"), export(lines, "B"))
    assert counted(warehouse) == 33


def test_volunteers_own_messages_never_stand_for_each_other(
    tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection
) -> None:
    """A and B both say ok at once; C's whole chat, which ends before, links their exports."""
    lines = conversation(8, 200)
    after = [(5000, "A", "ok"), (5000, "B", "ok")]
    load(
        warehouse, tmp_path, keys,
        export([*lines, *after], "A", scope="own_messages"),
        export([*lines, *after], "B", scope="own_messages"),
        export(lines, "C"),
    )  # fmt: skip
    assert (counted(warehouse), conversations(warehouse)) == (202, 1)


def test_own_messages_of_two_members_share_nothing(
    tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection
) -> None:
    lines = conversation(9, 200)
    load(
        warehouse, tmp_path, keys,
        export(lines, "A", scope="own_messages"), export(lines, "B", scope="own_messages"),
    )  # fmt: skip
    assert counted(warehouse) == sum(author in "AB" for _, author, _ in lines)


def test_an_author_seen_in_two_exports_is_one_person(
    tmp_path: Path, keys: Keys, warehouse: duckdb.DuckDBPyConnection
) -> None:
    lines = conversation(10, 300)
    load(warehouse, tmp_path, keys, export(lines[:200], "A"), export(lines[100:], "B"))
    assert len(table(warehouse, "SELECT DISTINCT author_key FROM core.message")) == 10
    assert len(table(warehouse, "SELECT DISTINCT person_key FROM core.counted")) == 5
