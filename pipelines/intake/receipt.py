"""Receipt codes: shown to the volunteer once, kept only as a keyed hash, enough to withdraw."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.intake.inbox import make_private, sync_folder, write_durably
from pipelines.keys import keyed_hash

RECEIPT = "receipt.json"
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # read aloud without confusing 0/o, 1/l/i
GROUPS, GROUP_CHARS = 4, 5  # 31^20 codes: 99 bits


@dataclass(frozen=True, slots=True)
class Receipt:
    """What ``candour submit`` tells the volunteer. ``code`` is empty for a repeated submission."""

    submission_id: str
    code: str = field(repr=False)
    already_submitted: bool
    messages: int
    yours: int

    def as_dict(self) -> dict[str, object]:
        return {
            "receipt": self.code,
            "submission_id": self.submission_id,
            "already_submitted": self.already_submitted,
            "messages": self.messages,
            "yours": self.yours,
        }


def new_code() -> str:
    """A fresh receipt code such as ``k7m2p-x4xw9-…``."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP_CHARS)) for _ in range(GROUPS))
    return "-".join(groups)


def hash_code(code: str, pseudonym_key: bytes) -> str:
    """What is stored of a code: a keyed hash in hexadecimal, of the code without its hyphens."""
    plain = "".join(code.lower().split()).replace("-", "")
    return keyed_hash(pseudonym_key, "receipt", plain).hex()


def receipt_file(code: str, pseudonym_key: bytes) -> bytes:
    """Content of ``receipt.json``."""
    return json.dumps({"receipt_hash": hash_code(code, pseudonym_key)}).encode() + b"\n"


def find_submission(code: str, folder: Path, pseudonym_key: bytes) -> Path | None:
    """The submission in ``folder`` (inbox or quarantine) that ``code`` withdraws."""
    return find_by_hash(hash_code(code, pseudonym_key), folder)


def find_by_hash(receipt_hash: str, folder: Path) -> Path | None:
    """``find_submission`` for who has the hash already."""
    found = _with_hash(receipt_hash, folder, f"*/{RECEIPT}")
    return None if found is None else found.parent


def keep_receipt(submission: Path, submission_key: str, folder: Path) -> None:
    """Keep a submission's receipt hash in ``folder`` when its sealed export goes, so that its rows
    can still be withdrawn. The file is named by ``submission_key`` (hexadecimal), no longer by
    the submission.
    """
    make_private(folder)
    write_durably(folder / f"{submission_key}.json", (submission / RECEIPT).read_bytes())
    sync_folder(folder)


def find_kept(receipt_hash: str, folder: Path) -> str | None:
    """The submission key (hexadecimal) that ``keep_receipt`` kept under this hash."""
    found = _with_hash(receipt_hash, folder, "*.json")
    return None if found is None else found.stem


def _with_hash(receipt_hash: str, folder: Path, pattern: str) -> Path | None:
    for path in sorted(folder.glob(pattern)):
        if json.loads(path.read_bytes())["receipt_hash"] == receipt_hash:
            return path
    return None
