"""Zips: chats found, media left alone, and every kind of bad zip refused with its reason."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.errors import QuarantineError, Reason
from pipelines.intake.read import read_chats
from pipelines.intake.source import open_plain
from pipelines.settings import Settings

CHAT = "16/03/2022, 15:20 - Ann: ok\n"
OTHER = "16/03/2022, 15:20 - Bob: yes\n"


def make_zip(path: Path, members: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def senders(path: Path, **settings: int) -> list[list[str | None]]:
    """Who wrote in each chat of the export at ``path``."""
    chats = read_chats(open_plain(path), Settings(**settings))
    return [[message.sender for message in chat.messages] for chat in chats]


def refusal(path: Path, **settings: int) -> Reason:
    with pytest.raises(QuarantineError) as error:
        senders(path, **settings)
    assert "Ann" not in str(error.value)
    return error.value.reason


def test_media_and_decoys_are_left_alone(tmp_path: Path) -> None:
    members: dict[str, str | bytes] = {
        "_chat.txt": CHAT,
        "__MACOSX/._chat.txt": b"\x00\x05\x16\x07",
        "._notes.txt": b"\x00\x05",
        "00000042-PHOTO.jpg": b"\xff\xd8\xff",
    }
    path = make_zip(tmp_path / "chat.zip", members)
    damaged = path.read_bytes().replace(b"\xff\xd8\xff", b"\x00\x00\x00")  # its checksum is wrong
    path.write_bytes(damaged)

    assert senders(path) == [["Ann"]]


def test_several_chats_are_several_chats(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "chats.zip", {"b/_chat.txt": OTHER, "a/_chat.txt": CHAT})

    assert senders(path) == [["Ann"], ["Bob"]]


def test_a_member_that_is_no_chat_is_noted(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "chats.zip", {"_chat.txt": CHAT, "readme.txt": "hello"})

    (chat,) = read_chats(open_plain(path), Settings())
    assert chat.notes == ("archive_members_skipped",)


def test_a_messenger_thread_is_read_in_the_order_of_its_numbers(tmp_path: Path) -> None:
    def message(text: str, seconds: int) -> str:
        return (
            '{"participants": [{"name": "Ann"}], "messages": [{"sender_name": "Ann", '
            f'"timestamp_ms": {seconds}000, "content": "{text}"}}]}}'
        )

    path = make_zip(
        tmp_path / "facebook.zip",
        {
            "inbox/ann/message_1.json": message("newest", 1600000002),
            "inbox/ann/message_10.json": message("oldest", 1600000000),
            "inbox/ann/message_2.json": message("middle", 1600000001),
        },
    )
    (chat,) = read_chats(open_plain(path), Settings())
    assert [m.text for m in chat.messages] == ["oldest", "middle", "newest"]


@pytest.mark.parametrize(
    "name",
    ["../_chat.txt", "/etc/_chat.txt", "a/../../_chat.txt", "..\\_chat.txt", "C:\\_chat.txt"],
)
def test_a_path_out_of_the_zip_is_refused(tmp_path: Path, name: str) -> None:
    path = make_zip(tmp_path / "chat.zip", {"_chat.txt": CHAT, name: CHAT})

    assert refusal(path) is Reason.ARCHIVE_UNSAFE_PATH


def test_a_link_in_the_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "chat.zip"
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("_chat.txt", CHAT)
        archive.writestr(link, "/etc/passwd")

    assert refusal(path) is Reason.ARCHIVE_UNSAFE_PATH


def test_a_zip_without_a_chat_is_refused(tmp_path: Path) -> None:
    assert refusal(make_zip(tmp_path / "a.zip", {"a.jpg": b"\xff"})) is Reason.ARCHIVE_WITHOUT_CHAT
    assert refusal(make_zip(tmp_path / "b.zip", {})) is Reason.ARCHIVE_WITHOUT_CHAT


def bomb(path: Path) -> Path:
    return make_zip(path, {"_chat.txt": CHAT + "0" * 200_000 + ("\n" + "0" * 1000) * 20_000})


def test_a_zip_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = bomb(tmp_path / "bomb.zip")

    assert refusal(path) is Reason.ARCHIVE_TOO_LARGE
    assert refusal(path, max_archive_ratio=5000, max_export_bytes=100_000) is (
        Reason.ARCHIVE_TOO_LARGE
    )


def test_many_members_share_one_budget(tmp_path: Path) -> None:
    members: dict[str, str | bytes] = {f"{n}.txt": CHAT * 40 for n in range(20)}
    path = make_zip(tmp_path / "chats.zip", members)

    assert refusal(path, max_export_bytes=len(CHAT) * 40 * 10) is Reason.ARCHIVE_TOO_LARGE
    assert refusal(path, max_archive_members=19) is Reason.ARCHIVE_TOO_LARGE


def test_a_header_that_lies_about_sizes_changes_nothing(tmp_path: Path) -> None:
    path = bomb(tmp_path / "bomb.zip")
    honest = zipfile.ZipFile(path).infolist()[0].file_size
    lying = path.read_bytes().replace(honest.to_bytes(4, "little"), (30).to_bytes(4, "little"))
    path.write_bytes(lying)

    assert refusal(path) in (Reason.ARCHIVE_DAMAGED, Reason.ARCHIVE_TOO_LARGE)


def cut_short(raw: bytes) -> bytes:
    return raw[: len(raw) // 2]


def one_byte_off(raw: bytes) -> bytes:
    return raw.replace(b"Ann", b"Amm", 1)


@pytest.mark.parametrize("damage", [cut_short, one_byte_off])
def test_a_damaged_zip_is_refused(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "chat.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("_chat.txt", CHAT)
    path.write_bytes(damage(path.read_bytes()))

    assert refusal(path) is Reason.ARCHIVE_DAMAGED


def test_a_zip_with_a_password_is_refused_with_advice(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "chat.zip", {"_chat.txt": CHAT})
    raw = bytearray(path.read_bytes())
    central = raw.rindex(b"PK\x01\x02")
    raw[6] |= 1
    raw[central + 8] |= 1
    path.write_bytes(raw)

    with pytest.raises(QuarantineError, match="password"):
        senders(path)


def test_nothing_is_unpacked_beside_the_zip(tmp_path: Path) -> None:
    senders(make_zip(tmp_path / "chat.zip", {"_chat.txt": CHAT}))

    assert [path.name for path in tmp_path.iterdir()] == ["chat.zip"]


def test_a_zip_header_alone_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "chat.zip"
    path.write_bytes(b"PK\x03\x04" + bytes(20))

    assert refusal(path) is Reason.ARCHIVE_DAMAGED
