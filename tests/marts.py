"""A small warehouse for release tests: only the tables a release reads, filled person by person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import duckdb

from pipelines.prevalence.shipped import shipped_version

CATEGORIES = ("DISC", "SEXM", "OPS")
CHATS_PER_FORCE = 5

TABLES = """
CREATE SCHEMA mart;
CREATE SCHEMA core;
CREATE SCHEMA label;
CREATE TABLE core.privacy_line (line INTEGER, sha256 VARCHAR);
CREATE TABLE core.category (category VARCHAR, protective BOOLEAN);
CREATE TABLE core.submission (submission_key BLOB, model_versions MAP(VARCHAR, VARCHAR));
CREATE TABLE core.message (
    submission_key BLOB, row_no UINTEGER, fingerprint BLOB, author_key BLOB, flags VARCHAR[],
    unclassified VARCHAR
);
CREATE TABLE core.person (author_key BLOB, person_key BLOB);
CREATE TABLE label.size (month DATE, stratum VARCHAR, messages BIGINT);
CREATE TABLE label.item (
    month DATE, place UINTEGER, stratum VARCHAR, submission_key BLOB, row_no UINTEGER,
    fingerprint BLOB, contributor_key BLOB
);
CREATE TABLE label.judgement (
    submission_key BLOB, row_no UINTEGER, labeller VARCHAR, categories VARCHAR[]
);
CREATE TABLE mart.contribution (
    contributor_key BLOB, author_key BLOB, chat_key BLOB, force_code VARCHAR, month DATE,
    category VARCHAR, messages BIGINT, flagged BIGINT, expected DOUBLE, challenged BIGINT
);
CREATE TABLE mart.habit_contribution (
    contributor_key BLOB, author_key BLOB, chat_key BLOB, force_code VARCHAR, month DATE,
    habit VARCHAR, value VARCHAR, messages BIGINT
);
CREATE TABLE mart.unclassified_contribution (
    contributor_key BLOB, author_key BLOB, chat_key BLOB, force_code VARCHAR, month DATE,
    reason VARCHAR, messages BIGINT
);
"""

ADD = """
INSERT INTO mart.contribution
SELECT unnest(?::BLOB[]), unnest(?::BLOB[]), unnest(?::BLOB[]), unnest(?::VARCHAR[]),
    unnest(?::DATE[]), unnest(?::VARCHAR[]), unnest(?::BIGINT[]), unnest(?::BIGINT[]), 0,
    unnest(?::BIGINT[])
"""

SPREAD_OVER_HABITS = """
INSERT INTO mart.habit_contribution
SELECT contributor_key, author_key, chat_key, force_code, month, habit, value, count(*)
FROM (
    SELECT * FROM mart.contribution, range(messages) AS r(n) WHERE category = 'ANY'
), (VALUES ('hour'), ('weekday'), ('time_of_week'), ('kind'), ('platform'), ('group_size'),
   ('operational')) AS h(habit),
LATERAL (
    SELECT CASE habit
        WHEN 'hour' THEN lpad(((n * 5) % 24)::VARCHAR, 2, '0')
        WHEN 'weekday' THEN (1 + n % 7)::VARCHAR
        WHEN 'time_of_week' THEN if(1 + n % 7 >= 6, 'weekend ', 'weekday ')
            || ['00:00 to 05:59', '06:00 to 11:59', '12:00 to 17:59', '18:00 to 23:59'][
                1 + ((n * 5) % 24) // 6]
        WHEN 'kind' THEN if(n % 4 = 0, 'media', 'text')
        WHEN 'group_size' THEN ['1-2', '3-9', '10-29', '30+'][1 + n % 4]
        WHEN 'operational' THEN if(n % 3 = 0, 'yes', 'no')
        ELSE if(n % 3 = 1, 'telegram', 'whatsapp')
    END
) AS v(value)
GROUP BY ALL
"""


@dataclass(frozen=True)
class Person:
    """What one contributor wrote in one force and month; ``flagged`` by category.

    Of the flagged messages others in the chat objected to ``challenged``.
    """

    force: str
    month: str
    name: str
    messages: int
    flagged: Mapping[str, int] = field(default_factory=dict)
    chat: int = 0
    challenged: int = 0


def team(
    force: str,
    month: str,
    people: int,
    messages: int,
    flagged: Mapping[str, int] | None = None,
    challenged: int = 0,
) -> list[Person]:
    """``people`` with ``messages`` each, of whom the first ``flagged[category]`` have one flag.

    The first ``challenged`` were challenged for it.
    """
    return [
        Person(
            force,
            month,
            f"{force}-{index}",
            messages,
            {category: 1 for category, n in (flagged or {}).items() if index < n},
            chat=index % CHATS_PER_FORCE,
            challenged=int(index < challenged),
        )
        for index in range(people)
    ]


def make_marts(people: Iterable[Person]) -> duckdb.DuckDBPyConnection:
    """An in-memory warehouse holding ``people``'s contributions."""
    con = duckdb.connect()
    con.execute(TABLES)
    add_people(con, people)
    return con


def add_people(con: duckdb.DuckDBPyConnection, people: Iterable[Person]) -> None:
    """Add contributions, as a later load and rebuild of the marts would."""
    rows = [row for person in people for row in _rows(person)]
    if rows:
        con.execute(ADD, [list(column) for column in zip(*rows, strict=True)])
    con.execute("DELETE FROM mart.habit_contribution")
    con.execute(SPREAD_OVER_HABITS)


def add_labels(con: duckdb.DuckDBPyConnection) -> None:
    """What 50 volunteers' messages of January were judged to be.

    Of 120 messages likely DISC 60 were drawn, 40 of them rightly flagged; of 480 others 120, of
    which 18 were missed.
    """
    con.execute("INSERT INTO core.category VALUES ('DISC', false), ('SEXM', false), ('OPS', false)")
    con.execute(
        "INSERT INTO label.size VALUES ('2026-01-01', 'DISC 2', 120), ('2026-01-01', 'rest', 480)"
    )
    version = shipped_version()
    for n in range(180):
        likely, yes = n < 60, n < 40 or 60 <= n < 78
        key, who = f"message {n}".encode(), f"volunteer {n % 50}".encode()
        con.execute("INSERT INTO core.submission VALUES (?, MAP {'classifier': ?})", [key, version])
        con.execute(
            "INSERT INTO core.message VALUES (?, 0, ?, ?, ?, NULL)",
            [key, key, who, ["DISC"] * likely],
        )
        con.execute(
            "INSERT INTO label.item VALUES ('2026-01-01', ?, ?, ?, 0, ?, ?)",
            [n, "DISC 2" if likely else "rest", key, key, who],
        )
        con.execute("INSERT INTO label.judgement VALUES (?, 0, 'a', ?)", [key, ["DISC"] * yes])


def _rows(person: Person) -> list[tuple[object, ...]]:
    key, chat = person.name.encode(), f"{person.force}/{person.chat}".encode()
    flagged = {**dict.fromkeys(CATEGORIES, 0), **person.flagged}
    flagged["ANY"] = max(flagged.values())
    return [
        (
            *(key, key, chat, person.force, f"{person.month}-01"),
            *(category, person.messages, n, min(n, person.challenged)),
        )
        for category, n in flagged.items()
    ]
