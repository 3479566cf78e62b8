"""A sealed submission to a shard with the real parser, Presidio and classifier.

All people, places and numbers are invented.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from pipelines.deidentify.engine import MAX_CHARS
from pipelines.errors import QuarantineError, Reason
from pipelines.intake.inbox import pending, read_reason, requeue
from pipelines.intake.manifest import Consent, ConsentScope
from pipelines.intake.submit import submit
from pipelines.keys import Keys, generate_keys, load_keys
from pipelines.settings import Settings
from pipelines.staging.shard import find_shards, sidecar
from pipelines.staging.stage import Tools, process_batch, stage_submission
from pipelines.validate.gates import check_staged, check_warehouse
from pipelines.warehouse.connect import open_warehouse
from pipelines.warehouse.ledger import read_ledger
from pipelines.warehouse.load import load_staged
from pipelines.warehouse.marts import build_marts
from tests.warehouse_world import table

CHAT = """\
05/10/2026, 09:14 - Messages and calls are end-to-end encrypted.
05/10/2026, 09:15 - Bex Marlowe: anyone seen Dwayne, his number is 07700 900123
05/10/2026, 09:16 - Tom Ashdown: ok
05/10/2026, 09:17 - Bex Marlowe: ta
see you at six
05/10/2026, 09:18 - Priya Nandra: <Media omitted>
"""
IDENTITIES = ("Marlowe", "Dwayne", "900123", "Ashdown", "Nandra")
CONSENT = Consent(version="1.0", given_on=date(2026, 9, 1))
WHOLE = Consent(
    version="1.0",
    given_on=date(2026, 9, 1),
    scope=ConsentScope.WHOLE_CHAT,
    every_member_agreed=True,
)


@pytest.fixture(scope="module")
def tools() -> Tools:
    return Tools.load()


@pytest.fixture
def collection(tmp_path: Path) -> tuple[Settings, Keys]:
    settings = Settings(home=tmp_path / "home")
    generate_keys(settings.keys)
    return settings, load_keys(settings.keys)


def hand_over(
    settings: Settings, text: str, *, contributor: str = "C-0001", consent: Consent = CONSENT
) -> Path:
    export = settings.home.parent / f"{contributor}.txt"
    export.write_text(text)
    receipt = submit(
        export, force="E23000001", contributor=contributor, consent=consent,
        volunteer_name="Bex Marlowe", settings=settings,
    )  # fmt: skip
    export.unlink()
    return settings.inbox / receipt.submission_id


def test_a_submission_becomes_the_volunteers_rows(
    collection: tuple[Settings, Keys], tools: Tools
) -> None:
    settings, keys = collection
    shard = stage_submission(hand_over(settings, CHAT), tools, settings, keys)
    counts = shard.counts
    assert (counts.lines_in, counts.lines_in_messages) == (6, 6)
    assert (counts.messages, counts.system, counts.other_members, counts.staged) == (5, 1, 2, 2)
    with open_warehouse(settings.warehouse, keys.data) as connection:
        load_staged(connection, settings, keys)
        texts = [text for (text,) in table(connection, "SELECT text FROM core.message")]
        assert table(
            connection,
            "SELECT DISTINCT force_code, sent_on, sent_hour, group_band FROM core.message",
        ) == [("E23000001", date(2026, 10, 5), 9, "3-9")]
    assert texts == ["anyone seen <PERSON>, his number is <PHONE>", "ta\nsee you at six"]


def test_the_whole_way_reconciles(collection: tuple[Settings, Keys], tools: Tools) -> None:
    """Two members export the same chat, both with everyone's agreement: it counts once."""
    settings, keys = collection
    longer = CHAT + "05/10/2026, 09:20 - Tom Ashdown: can someone bring the spare van keys\n" * 3
    hand_over(settings, longer, consent=WHOLE)
    hand_over(settings, longer, contributor="C-0002", consent=WHOLE)
    assert process_batch(pending(settings), tools, settings, keys) == {
        "staged": 2, "already_staged": 0, "quarantined": 0, "rows": 14,
    }  # fmt: skip
    with open_warehouse(settings.warehouse, keys.data) as connection:
        load_staged(connection, settings, keys)
        build_marts(connection)
        ledger = read_ledger(connection)
    assert ledger.stages[-1].carried() == 7


# author, message; Tamsin Vole writes Polish, and one message in it is far too long to be written
MIXED = [
    ("Bex Marlowe", "anyone got the spare van keys"),
    ("Tamsin Vole", "nie wiem gdzie są, zapytaj Zbyszka albo Agnieszkę"),
    ("Tamsin Vole", "będę za dziesięć minut, tel 07700 900123"),
    ("Bex Marlowe", "x" * (MAX_CHARS + 1)),
    ("Bex Marlowe", "found them, they were in the tray"),
    ("Tamsin Vole", "tak"),
]


def test_the_unclassified_are_counted_the_whole_way(
    collection: tuple[Settings, Keys], tools: Tools
) -> None:
    settings, keys = collection
    lines = [f"05/10/2026, 09:1{n} - {who}: {said}\n" for n, (who, said) in enumerate(MIXED)]
    folder = hand_over(settings, "".join(lines), consent=WHOLE)
    shard = stage_submission(folder, tools, settings, keys)
    assert (shard.counts.unprocessed, shard.counts.other_language) == (1, 3)
    assert check_staged(settings.staged, keys.data).counts()["warned"] == 1  # few other languages
    with open_warehouse(settings.warehouse, keys.data) as connection:
        load_staged(connection, settings, keys)
        build_marts(connection)
        texts = table(connection, "SELECT row_no, unclassified, text FROM core.message")
        (counted,) = (s for s in read_ledger(connection).stages if s.name == "messages counted")
    assert texts == [
        (0, None, "anyone got the spare van keys"),
        (1, "other_language", "<OTHER_LANGUAGE>"),
        (2, "other_language", "<OTHER_LANGUAGE> <PHONE>"),
        (3, "unprocessed", "<UNPROCESSED>"),
        (4, None, "found them, they were in the tray"),
        (5, "other_language", "<OTHER_LANGUAGE>"),
    ]
    assert [(outcome.count, outcome.goes_on) for outcome in counted.outcomes] == [
        (2, True), (3, False), (1, False),
    ]  # fmt: skip
    assert check_warehouse(settings.warehouse, keys.data).checks


def test_staging_again_reads_nothing_and_changes_nothing(
    collection: tuple[Settings, Keys], tools: Tools
) -> None:
    settings, keys = collection
    folder = hand_over(settings, CHAT)
    first = stage_submission(folder, tools, settings, keys)
    before = first.path.read_bytes()
    assert process_batch([folder], tools, settings, keys)["already_staged"] == 1
    assert stage_submission(folder, tools, settings, keys) == first
    assert first.path.read_bytes() == before


def test_what_cannot_be_used_is_quarantined_and_the_rest_goes_on(
    collection: tuple[Settings, Keys], tools: Tools
) -> None:
    settings, keys = collection
    damaged, sound = hand_over(settings, CHAT), hand_over(settings, CHAT, contributor="C-0002")
    content = bytearray((damaged / "export.age").read_bytes())
    content[-1] ^= 1
    (damaged / "export.age").write_bytes(content)
    done = process_batch([damaged, sound], tools, settings, keys)
    assert (done["quarantined"], done["staged"]) == (1, 1)
    assert pending(settings) == [sound]
    assert read_reason(settings.quarantine / damaged.name)["reason"] in (
        Reason.UNREADABLE_SEAL, Reason.HASH_MISMATCH,
    )  # fmt: skip


class BrokenClassifier:
    """Fails as a bug would: with the text in its message."""

    version = "broken"

    def classify(self, messages):
        raise RuntimeError(f"cannot read {messages[1].text} of {messages}")


def test_a_bug_quarantines_without_a_word_of_the_chat(
    collection: tuple[Settings, Keys], tools: Tools
) -> None:
    settings, keys = collection
    folder = hand_over(settings, CHAT)
    broken = Tools(tools.deidentifier, BrokenClassifier())  # type: ignore[arg-type]
    with pytest.raises(QuarantineError) as caught:
        stage_submission(folder, broken, settings, keys)
    error = caught.value
    assert error.reason is Reason.INTERNAL_ERROR
    assert "anyone" not in str(error) and error.__cause__ is None and error.__context__ is None
    frames = [entry.frame.f_locals for entry in caught.traceback if "pipelines" in str(entry.path)]
    assert frames and not any("anyone" in repr(frame) for frame in frames)
    assert process_batch([folder], broken, settings, keys)["quarantined"] == 1
    reason = (settings.quarantine / folder.name / "reason.json").read_text()
    assert json.loads(reason)["reason"] == "internal_error" and "anyone" not in reason

    # Once the bug is mended, it is staged like any other.
    assert requeue(settings) == {"internal_error": 1}
    assert process_batch(pending(settings), tools, settings, keys)["staged"] == 1


def test_a_broken_manifest_is_quarantined(collection: tuple[Settings, Keys], tools: Tools) -> None:
    settings, keys = collection
    folder = hand_over(settings, CHAT)
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"force"', '"farce"'))
    assert process_batch([folder], tools, settings, keys)["quarantined"] == 1
    assert find_shards(settings.staged) == []


def test_no_identity_reaches_any_file_outside_the_inbox(
    collection: tuple[Settings, Keys], tools: Tools
) -> None:
    settings, keys = collection
    shard = stage_submission(hand_over(settings, CHAT, consent=WHOLE), tools, settings, keys)
    with open_warehouse(settings.warehouse, keys.data) as connection:
        load_staged(connection, settings, keys)
        build_marts(connection)
        texts = table(connection, "SELECT text FROM core.message")
    files = [p for p in settings.home.rglob("*") if p.is_file()]
    assert sidecar(shard.path) in files and settings.warehouse in files
    written = b"".join(p.read_bytes() for p in files) + repr(texts).encode()
    assert not [name for name in IDENTITIES if name.encode().lower() in written.lower()]
