"""A small collection with real seals, shards and an encrypted warehouse, for tests that erase.

Texts are invented and name nobody, so they are staged as they are: de-identification and the
classifier have their own tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from pipelines.classify.taxonomy import CODES
from pipelines.contracts import Chat, CleanMessage, Risks
from pipelines.duck import open_memory
from pipelines.intake.inbox import pending
from pipelines.intake.manifest import Consent, ConsentScope
from pipelines.intake.read import read_chats
from pipelines.intake.source import open_sealed
from pipelines.intake.submit import submit
from pipelines.keys import Keys, generate_keys, load_keys
from pipelines.settings import Settings
from pipelines.staging.rows import Origin, ReadChat, stage_rows, submission_key
from pipelines.staging.shard import Shard, write_shard
from pipelines.warehouse.connect import open_warehouse
from pipelines.warehouse.load import load_staged
from pipelines.warehouse.marts import build_marts
from tests.warehouse_world import VERSIONS

CONSENT_DAY = "2026-01-31"
TODAY = date(2026, 11, 26)

EIGHTH = 0.125
"""Every risk's probability: sums of it are exact, in whatever order DuckDB adds them up."""

CANARY = "quartermaster heliotrope 4471"
"""A text that no other export has."""

TEAM = [
    f"05/10/2026, 09:{minute:02} - {who}: {text}\n"
    for minute, who, text in [
        (10, "Ann Lee", "who has the keys for the second van"),
        (12, "Bob Ray", "they are on the hook by the door"),
        (13, "Ann Lee", "ta"),
        (20, "Cat Moss", "briefing has moved to half past, bring a coat"),
        (21, "Bob Ray", "ok"),
        (30, "Ann Lee", "can somebody swap my late on friday please"),
        (31, "Cat Moss", "go on then, you owe me one"),
    ]
]
ANNS = [*TEAM, f"05/10/2026, 09:40 - Ann Lee: {CANARY}\n"]
"""The team's chat as Ann has it: one message more."""

OTHERS = [
    "06/10/2026, 18:00 - Dee Fox: is the canteen shut again tonight\n",
    "06/10/2026, 18:01 - Eve Hart: afraid so, bring something\n",
]


@dataclass(frozen=True, slots=True)
class Handed:
    """A submission, with what only the volunteer knows."""

    receipt: str
    submission_id: str
    contributor: str


class World:
    """A collection in ``folder``/home. Loads what is handed over when told to."""

    def __init__(self, folder: Path, **settings: object) -> None:
        self.settings = Settings(home=folder / "home").model_copy(update=settings)
        generate_keys(self.settings.keys)

    @property
    def keys(self) -> Keys:
        return load_keys(self.settings.keys)

    def hand_over(
        self, lines: Iterable[str], me: str, contributor: str, *, whole_chat: bool = True
    ) -> Handed:
        """Submit an export of these lines, as ``candour submit`` would."""
        export = self.settings.home.parent / "export.txt"
        export.write_text("".join(lines))
        scope = ConsentScope.WHOLE_CHAT if whole_chat else ConsentScope.OWN_MESSAGES
        consent = Consent.from_form(version="1.0", given_on=CONSENT_DAY, scope=scope)
        receipt = submit(
            export, force="kent", contributor=contributor, consent=consent,
            volunteer_name=me, settings=self.settings,
        )  # fmt: skip
        export.unlink()
        return Handed(receipt.code, receipt.submission_id, contributor)

    def stage(self) -> list[Shard]:
        """A shard of every submission in the inbox."""
        return [self._stage(folder) for folder in pending(self.settings)]

    def load(self) -> None:
        """Stage and load what is in the inbox, and build the marts."""
        self.stage()
        self.load_staged()

    def load_staged(self) -> None:
        """Load what is staged, and build the marts."""
        with open_warehouse(self.settings.warehouse, self.keys.data) as connection:
            load_staged(connection, self.settings, self.keys)
            build_marts(connection)

    def read(self, query: str) -> list[tuple[object, ...]]:
        """Rows of the decrypted warehouse, sorted."""
        with open_warehouse(self.settings.warehouse, self.keys.data, read_only=True) as connection:
            return sorted(connection.execute(query).fetchall(), key=str)

    def codes(self, handed: Handed) -> dict[str, set[bytes]]:
        """Every keyed code in the rows of a submission, by column."""
        key = submission_key(handed.submission_id, self.keys).hex()
        columns = ("submission_key", "contributor_key", "chat_key", "author_key")
        return {
            column: {
                bytes(code)  # type: ignore[call-overload]
                for (code,) in self.read(
                    f"SELECT DISTINCT {column} FROM core.message "
                    f"WHERE lower(hex(submission_key)) = '{key}'"
                )
            }
            for column in columns
        }

    def _stage(self, folder: Path) -> Shard:
        sealed = open_sealed(folder, self.keys.identity)
        manifest = sealed.manifest
        origin = Origin(
            str(manifest.submission_id), manifest.contributor, manifest.force,
            manifest.consent.scope.value, sealed.volunteer_name, VERSIONS,
        )  # fmt: skip
        chats = [_as_it_is(chat) for chat in read_chats(sealed.source, self.settings)]
        rows, counts = stage_rows(origin, chats, self.keys)
        with open_memory(self.keys.data) as connection:
            return write_shard(
                connection, self.settings.staged, rows, counts, rows[0].submission_key.hex(),
                manifest.received_at, VERSIONS,
            )  # fmt: skip


def _as_it_is(chat: Chat) -> ReadChat:
    clean = [CleanMessage(m.seq, m.sent_at, m.sender, m.kind, m.text) for m in chat.messages]
    n = len(clean)
    return ReadChat(chat, clean, [Risks(dict.fromkeys(CODES, EIGHTH), ())] * n, [None] * n)


def files_with(home: Path, values: Iterable[bytes]) -> list[str]:
    """Files of the home that hold a value, as it is or in hexadecimal."""
    forms = {form for v in values for form in (v, v.hex().encode(), v.hex().upper().encode())}
    return [
        path.relative_to(home).as_posix()
        for path in sorted(home.rglob("*"))
        if path.is_file() and any(form in path.read_bytes() for form in forms)
    ]


def decrypted(world: World) -> Iterator[tuple[str, bytes]]:
    """Every value of every table of the warehouse and of every shard, as bytes, with its place."""
    settings, keys = world.settings, world.keys
    with open_warehouse(settings.warehouse, keys.data, read_only=True) as connection:
        tables = connection.execute(
            "SELECT table_schema || '.' || table_name FROM information_schema.tables "
            "WHERE table_catalog = 'warehouse' AND table_type = 'BASE TABLE'"
        ).fetchall()
        for (name,) in tables:
            yield from _values(connection, f"FROM {name}", name)
    with open_memory(keys.data) as connection:
        for path in sorted(settings.staged.glob("*.parquet")):
            read = f"FROM read_parquet('{path}', encryption_config = {{footer_key: 'staged'}})"
            yield from _values(connection, read, path.name)


def _values(
    connection: duckdb.DuckDBPyConnection, query: str, place: str
) -> Iterator[tuple[str, bytes]]:
    for row in connection.execute(query).fetchall():
        for value in row:
            yield place, value if isinstance(value, bytes) else str(value).encode()
