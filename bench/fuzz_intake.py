"""Break exports at random and see that each is parsed or quarantined, and that no content leaks.

    python -m bench.fuzz_intake --mutants 10000

Exits 1 where one crashed, took longer than its limit, lost a line or leaked content.
"""

from __future__ import annotations

import argparse
import io
import json
import logging
import random
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import track

from pipelines.errors import QuarantineError
from pipelines.intake.read import read_chats
from pipelines.intake.source import open_plain
from pipelines.settings import Settings

SECRET = "Zqxjkvbo"  # in every name and text of the seeds
MAX_SECONDS = 10.0  # of processor time
LIMITS = {"max_export_bytes": 2_000_000, "max_lines": 5_000}

HEADERS = (
    "{d:02d}/03/2022, 15:{d:02d} - ",
    "[{d:02d}/03/2022, 15:{d:02d}:11] ",
    "\u200e[3/{d}/22, 3:{d:02d}:11\u202fPM] ",
    "2022-03-{d:02d}, 15:{d:02d} - ",
    "{d}. 3. 2022. 15:{d:02d}:00 ",
    "[2022-03-{d:02d}, 15:{d:02d}] ",
)
BODIES = (
    "{s} on my way",
    "line\n\nline {s}",
    "",
    "\u200e<attached: {s}.vcf>",
    "POLL:\n{s}?\nOPTION: a (2 votes)",
    "This message was deleted",
    "\u200e{s} added {s}",
)
# What breaks parsers: marks, separators, header pieces, quotes, NUL, invalid UTF-8, zip signatures.
TEXT_TOKENS = (
    *("\u200e", "\u202f", "\r\n", "\n", "\r", "\u2028", "\0", "\ufeff"),
    *(": ", "] ", "[", " - ", "/", "}", "{", '"', "\\ud83d", "null", "1e999"),
    *("99/99/9999, 99:99 - ", "31/02/2022, ", "03/04/2022, 12:01 - "),
    *("[1/1/01, 1:01:01\u202fAM] ", "9" * 400, "[" * 5_000),
)
TOKENS = [t.encode() for t in TEXT_TOKENS] + [b"\xff", b"\xed\xa0\x80", b"PK\x03\x04", b"\xff\xfe"]


def seeds() -> list[bytes]:
    """Small exports in every format, ``SECRET`` in each name and text."""
    texts = [
        "".join(
            f"{header.format(d=day)}{SECRET} Lee: {BODIES[day % len(BODIES)].format(s=SECRET)}\n"
            for day in range(1, 29)
        )
        for header in HEADERS
    ]
    message = {"timestamp_ms": 1600000000000, "sender_name": SECRET, "content": SECRET}
    sealed = {"timestamp": 1600000000000, "senderName": SECRET, "text": SECRET, "isUnsent": False}
    telegram = {"type": "message", "date_unixtime": "1544006350", "from": SECRET, "text": [SECRET]}
    item = {"chatId": "1", "authorId": "2", "dateSent": "1700000000000"}
    frames = [
        {"version": "1", "backupTimeMs": "1"},
        {"recipient": {"id": "2", "contact": {"e164": SECRET}}},
        {"chatItem": item | {"standardMessage": {"text": {"body": SECRET}}}},
    ]
    documents = [
        {"participants": [{"name": SECRET}], "messages": [message] * 9},
        {"participants": [SECRET], "threadName": SECRET, "messages": [sealed] * 9},
        {"name": SECRET, "messages": [telegram] * 9},
    ]
    raw = [text.encode() for text in texts] + [texts[0].encode("utf-16")]
    raw += [json.dumps(document, indent=1).encode() for document in documents]
    raw.append("".join(json.dumps(frame) + "\n" for frame in frames).encode())
    return [*raw, _zip(raw[0], zipfile.ZIP_DEFLATED), _zip(raw[1], zipfile.ZIP_STORED)]


def _zip(raw: bytes, method: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr(f"WhatsApp Chat with {SECRET}.txt", raw)
        archive.writestr(f"{SECRET}.jpg", b"\xff\xd8")
    return buffer.getvalue()


def mutants(seed: int, count: int) -> Iterator[bytes]:
    """``count`` broken exports, the same for the same seed."""
    rng = random.Random(seed)
    originals = seeds()
    for _ in range(count):
        raw = bytearray(rng.choice(originals))
        for _ in range(rng.randint(1, 8)):
            _break(raw, rng, originals)
        yield bytes(raw)


def _break(raw: bytearray, rng: random.Random, originals: list[bytes]) -> None:
    at = rng.randrange(len(raw) + 1)
    size = rng.randint(1, 60)
    kind = rng.randrange(6)
    if kind == 0 and at < len(raw):
        raw[at] ^= 1 << rng.randrange(8)
    elif kind == 1:
        del raw[at : at + size]
    elif kind == 2:
        raw[at:at] = rng.choice(TOKENS) * rng.choice((1, 1, 1, 3))
    elif kind == 3:
        raw[at:at] = raw[at : at + size * 10]
    elif kind == 4:
        other = rng.choice(originals)
        start = rng.randrange(len(other))
        raw[at:at] = other[start : start + size * 10]
    elif rng.random() < 0.2:
        del raw[at:]


def outcome(raw: bytes, path: Path) -> str:
    """``parsed`` or the reason code. Raises ``AssertionError`` where content got out."""
    path.write_bytes(raw)
    try:
        with _logged() as log:
            chats = read_chats(open_plain(path), Settings(**LIMITS))
    except QuarantineError as error:
        shown = "".join(traceback.format_exception(error))
        assert SECRET not in shown, "content in an error"
        return error.reason.value
    finally:
        assert SECRET not in log.getvalue(), "content in a log"
    for chat in chats:
        chat.tally.check()
        assert sum(m.n_lines for m in chat.messages) == chat.tally.lines_in_messages
        assert SECRET not in repr(chat), "content in a repr"
        for message in chat.messages:
            message.text.encode()
    return "parsed"


@contextmanager
def _logged() -> Iterator[io.StringIO]:
    """All that anything logs meanwhile, at any level."""
    log = io.StringIO()
    handler, root = logging.StreamHandler(log), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield log
    finally:
        root.setLevel(before)
        root.removeHandler(handler)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutants", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export"
        broken = mutants(options.seed, options.mutants)
        for number, raw in enumerate(track(broken, "Mutants", total=options.mutants)):
            start = time.process_time()
            try:
                outcomes[outcome(raw, path)] += 1
            except Exception as error:
                outcomes[f"CRASHED at {number}: {type(error).__name__}"] += 1
            slowest = max(slowest, time.process_time() - start)
    Console().print(dict(outcomes.most_common()), f"slowest {slowest:.2f} s")
    crashed = any(name.startswith("CRASHED") for name in outcomes)
    return 1 if crashed or slowest > MAX_SECONDS else 0


if __name__ == "__main__":
    sys.exit(main())
