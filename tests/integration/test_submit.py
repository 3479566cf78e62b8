"""Handing over an export, with real sealing: what is stored and what is refused."""

from __future__ import annotations

import json
import stat
import zipfile
from pathlib import Path

import pytest

from pipelines.errors import CallerError, CandourError, QuarantineError, Reason
from pipelines.intake.inbox import pending, quarantine, quarantined, read_reason, requeue
from pipelines.intake.manifest import Consent, ConsentScope
from pipelines.intake.read import read_chats
from pipelines.intake.receipt import Receipt, find_submission
from pipelines.intake.source import open_sealed
from pipelines.intake.submit import submit
from pipelines.keys import Keys, generate_keys, load_keys
from pipelines.settings import Settings

CHAT = (
    "16/03/2022, 15:20 - Ann Lee: late shift again\n"
    "16/03/2022, 15:21 - Bob Ray: who has the keys\n"
    "16/03/2022, 15:22 - Ann Lee: on the hook\nby the door\n"
)
CONTENT = ("Ann", "Bob", "late shift", "keys", "hook")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path / "home")
    generate_keys(settings.keys)
    return settings


@pytest.fixture
def keys(settings: Settings) -> Keys:
    return load_keys(settings.keys)


@pytest.fixture
def chat(tmp_path: Path) -> Path:
    path = tmp_path / "WhatsApp Chat with Team Harrow.txt"
    path.write_text(CHAT)
    return path


def hand_over(
    export: Path,
    settings: Settings,
    *,
    force: str = "kent",
    contributor: str = "C0001",
    me: str = "Ann Lee",
) -> Receipt:
    consent = Consent.from_form(
        version="1.0", given_on="2026-01-31", scope=ConsentScope.OWN_MESSAGES
    )
    return submit(
        export,
        force=force,
        contributor=contributor,
        consent=consent,
        volunteer_name=me,
        settings=settings,
    )


def everything_under(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_sealed_export_reads_back_as_it_was(chat: Path, settings: Settings, keys: Keys) -> None:
    receipt = hand_over(chat, settings)

    (folder,) = pending(settings)
    sealed = open_sealed(folder, keys.identity)
    (read,) = read_chats(sealed.source, settings)
    assert sealed.volunteer_name == "Ann Lee"
    assert sealed.manifest.force == "E23000032"
    assert [message.text for message in read.messages] == [
        "late shift again",
        "who has the keys",
        "on the hook\nby the door",
    ]
    assert read.names == {"Team Harrow"}
    assert (receipt.messages, receipt.yours) == (3, 2)


def test_nothing_readable_is_in_the_inbox(chat: Path, settings: Settings) -> None:
    hand_over(chat, settings)

    stored = everything_under(settings.home)
    assert not [word for word in (*CONTENT, "Harrow") if word.encode() in stored]
    (folder,) = pending(settings)
    assert [stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()] == [0o600] * 3
    assert stat.S_IMODE(settings.inbox.stat().st_mode) == 0o700


def test_only_the_receipts_keyed_hash_is_stored(chat: Path, settings: Settings, keys: Keys) -> None:
    receipt = hand_over(chat, settings)

    assert receipt.code.encode() not in everything_under(settings.home)
    assert receipt.code not in repr(receipt)
    (folder,) = pending(settings)
    shouted = receipt.code.upper().replace("-", " ")
    assert find_submission(receipt.code, settings.inbox, keys.pseudonym) == folder
    assert find_submission(shouted, settings.inbox, keys.pseudonym) == folder
    assert find_submission("22222-22222-22222-22222", settings.inbox, keys.pseudonym) is None
    assert find_submission(receipt.code, settings.inbox, bytes(32)) is None


def test_media_never_enter_the_inbox(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "chat.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("_chat.txt", CHAT)
        archive.writestr("video.mp4", bytes(5_000_000))

    hand_over(path, settings)
    (folder,) = pending(settings)
    assert (folder / "export.age").stat().st_size < 10_000


def test_the_same_file_from_the_same_contributor_is_stored_once(
    chat: Path, settings: Settings
) -> None:
    first = hand_over(chat, settings)
    again = hand_over(chat, settings)
    colleague = hand_over(chat, settings, contributor="C0002", me="Bob Ray")

    assert (again.already_submitted, again.submission_id, again.code) == (
        True,
        first.submission_id,
        "",
    )
    assert not colleague.already_submitted
    assert len(pending(settings)) == 2


def zipped(folder: Path, name: str, members: dict[str, str]) -> Path:
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return folder / name


def written(folder: Path, content: bytes) -> Path:
    path = folder / "export.txt"
    path.write_bytes(content)
    return path


BAD_EXPORTS = {
    "not a chat": (lambda d: written(d, b"Ann's shopping: late shift, keys\n"), Reason.NOT_A_CHAT),
    "a picture": (lambda d: written(d, b"\xff\xd8\xff\xe0\x00\x10JFIF" * 99), Reason.NOT_A_CHAT),
    "an empty file": (lambda d: written(d, b""), Reason.EMPTY),
    "a blank file": (lambda d: written(d, b"\n \n"), Reason.EMPTY),
    "another encoding": (
        lambda d: written(d, CHAT.replace("keys", "café keys").encode("latin-1")),
        Reason.WRONG_ENCODING,
    ),
    "another encoding, far down": (
        lambda d: written(d, CHAT.encode() * 2000 + "café".encode("latin-1")),
        Reason.WRONG_ENCODING,
    ),
    "UTF-16 without its mark": (
        lambda d: written(d, CHAT.encode("utf-16-le")),
        Reason.WRONG_ENCODING,
    ),
    "a zip with no chat": (
        lambda d: zipped(d, "a.zip", {"Ann.jpg": "late shift"}),
        Reason.ARCHIVE_WITHOUT_CHAT,
    ),
    "a zip bomb": (
        lambda d: zipped(d, "a.zip", {"_chat.txt": CHAT + ("0" * 999 + "\n") * 50_000}),
        Reason.ARCHIVE_TOO_LARGE,
    ),
    "a zip that leaves its folder": (
        lambda d: zipped(d, "a.zip", {"_chat.txt": CHAT, "../../Ann.txt": CHAT}),
        Reason.ARCHIVE_UNSAFE_PATH,
    ),
}


@pytest.mark.parametrize(("make", "reason"), BAD_EXPORTS.values(), ids=BAD_EXPORTS.keys())
def test_a_bad_export_is_refused_and_nothing_is_left(
    make: object, reason: Reason, tmp_path: Path, settings: Settings
) -> None:
    with pytest.raises(QuarantineError) as refusal:
        hand_over(make(tmp_path), settings)  # type: ignore[operator]

    assert refusal.value.reason is reason
    assert_clear_and_harmless(refusal.value, settings)


def test_a_volunteer_who_is_not_in_the_chat_is_told_what_to_do(
    chat: Path, settings: Settings
) -> None:
    with pytest.raises(QuarantineError, match="exactly as the exported chat shows it") as refusal:
        hand_over(chat, settings, me="Cat Moss")

    assert refusal.value.reason is Reason.VOLUNTEER_NOT_IN_CHAT
    assert "Cat" not in str(refusal.value)
    assert_clear_and_harmless(refusal.value, settings)


@pytest.mark.parametrize(
    ("mistake", "says"),
    [
        ({"force": "Toytown"}, "candour forces"),
        ({"contributor": "no"}, "contributor"),
        ({"contributor": "Sam Hollow"}, "contributor"),
    ],
)
def test_a_callers_mistake_names_the_input(
    mistake: dict[str, str], says: str, chat: Path, settings: Settings
) -> None:
    with pytest.raises(CallerError, match=says) as refusal:
        hand_over(chat, settings, **mistake)

    assert refusal.value.exit_code == 2
    assert_clear_and_harmless(refusal.value, settings)


def test_a_missing_file_and_a_folder_are_the_callers_mistake(
    tmp_path: Path, settings: Settings
) -> None:
    with pytest.raises(CallerError, match="There is no file"):
        hand_over(tmp_path / "nowhere.txt", settings)
    with pytest.raises(CallerError, match="is a folder"):
        hand_over(tmp_path, settings)


def assert_clear_and_harmless(error: CandourError, settings: Settings) -> None:
    """One sentence without content, a known exit code, and an inbox as it was."""
    assert error.exit_code in (2, 3)
    assert str(error).endswith(".") and "\n" not in str(error)
    assert not [word for word in CONTENT if word in str(error)]
    assert not settings.inbox.exists() or not list(settings.inbox.iterdir())


@pytest.mark.parametrize("limit", [{"max_lines": 3}, {"max_export_bytes": 60}])
def test_limits_are_settings(chat: Path, settings: Settings, limit: dict[str, int]) -> None:
    tight = settings.model_copy(update=limit)
    with pytest.raises(QuarantineError) as refusal:
        hand_over(chat, tight)

    assert refusal.value.reason in (Reason.TOO_MANY_LINES, Reason.TOO_LARGE)
    assert_clear_and_harmless(refusal.value, settings)


def test_a_crash_while_sealing_leaves_nothing(
    chat: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(handle: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(OSError, match="no space"):
        hand_over(chat, settings)
    assert list(settings.inbox.iterdir()) == []


def tamper(folder: Path, name: str) -> None:
    path = folder / name
    raw = bytearray(path.read_bytes())
    raw[-1] ^= 1
    path.write_bytes(raw)


def why_unreadable(folder: Path, keys: Keys, settings: Settings) -> Reason:
    with pytest.raises(QuarantineError) as refusal:
        read_chats(open_sealed(folder, keys.identity).source, settings)
    assert not [word for word in CONTENT if word in str(refusal.value)]
    return refusal.value.reason


def test_a_tampered_or_cut_seal_is_refused(chat: Path, settings: Settings, keys: Keys) -> None:
    hand_over(chat, settings)
    (folder,) = pending(settings)
    tamper(folder, "export.age")
    assert why_unreadable(folder, keys, settings) is Reason.UNREADABLE_SEAL

    (folder / "export.age").write_bytes(b"not age at all")
    assert why_unreadable(folder, keys, settings) is Reason.UNREADABLE_SEAL
    (folder / "export.age").unlink()
    assert why_unreadable(folder, keys, settings) is Reason.UNREADABLE_SEAL


def test_a_seal_for_another_collection_is_refused(
    chat: Path, settings: Settings, tmp_path: Path
) -> None:
    hand_over(chat, settings)
    generate_keys(tmp_path / "other")
    (folder,) = pending(settings)

    reason = why_unreadable(folder, load_keys(tmp_path / "other"), settings)
    assert reason is Reason.UNREADABLE_SEAL


def test_a_manifest_for_another_export_is_refused(
    chat: Path, settings: Settings, keys: Keys
) -> None:
    hand_over(chat, settings)
    (folder,) = pending(settings)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"export_sha256": "0" * 64}))

    assert why_unreadable(folder, keys, settings) is Reason.HASH_MISMATCH


def test_quarantine_keeps_the_seal_and_requeue_brings_it_back(
    chat: Path, settings: Settings, keys: Keys
) -> None:
    receipt = hand_over(chat, settings)
    (folder,) = pending(settings)
    kept = quarantine(folder, Reason.TIMED_OUT, settings, {"lines_in": 4})

    assert pending(settings) == []
    assert quarantined(settings) == [kept]
    record = read_reason(kept)
    sealed = (kept / "export.age").stat().st_size
    assert record["reason"] == "timed_out"
    assert record["counts"] == {"sealed_bytes": sealed, "lines_in": 4}

    assert requeue(settings, receipt.submission_id) == {"timed_out": 1}
    assert (pending(settings), quarantined(settings)) == ([folder], [])
    assert len(read_chats(open_sealed(folder, keys.identity).source, settings)) == 1
    assert not (folder / "reason.json").exists()
    with pytest.raises(CallerError, match="in quarantine"):
        requeue(settings, receipt.submission_id)
