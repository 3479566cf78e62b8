"""Our messages against those of the npm parser: equal wherever that is right.

    python -m bench.differential       (needs node and npm; the peer goes to a temporary folder)

Exits 1 where a message differs for a reason that is not listed here, and where a listed one no
longer makes a difference.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.parsing import Peer, install_npm, run, write_export
from pipelines.contracts import Message, MessageKind
from pipelines.intake.read import read_chats
from pipelines.intake.source import open_plain
from pipelines.settings import Settings

Row = tuple[str, str | None, str]
"""Local time, author and text."""

SAME = "none"
GENERATED_LINES = 20_000
LRM, NARROW = "\u200e", "\u202f"
A, B = "16/03/2022, 15:20 - Ann: ", "16/03/2022, 15:21 - Bob: ok\n"
IOS, IOS_B = "[16/03/2022, 15:20:25] ", "[16/03/2022, 15:21:25] Bob: ok\r\n"

# What both read alike.
ALIKE = {
    "Android": f"{A}on my way\n{B}",
    "several lines": f"{A}first\n\nthird: last\n{B}",
    "iOS": f"{IOS}Ann: on my way\r\n{IOS_B}",
    "half a day": "".join(
        f"16/03/2022, {at}.{NARROW}m. - Ann: ok\n" for at in ("12:01 a", "12:01 p", "3:20 p")
    ),
    "month first": "3/16/22, 15:20 - Ann: hello\n4/1/22, 15:20 - Ann: ok\n",
    "dots": "16.03.22, 15:20 - Ann: hello\n17.03.22, 15:20 - Ann: ok\n",
    "year first": "[2022-03-16, 15:20:25] Ann: hello\n[2022-03-17, 15:20:25] Ann: ok\n",
    "no such hour": "27/03/2022, 01:30 - Ann: hello\n28/03/2022, 01:30 - Ann: ok\n",
    "a line nobody wrote": f"16/03/2022, 15:19 - Ann joined using an invite link\n{A}ok\n",
}
# Why the other parser is wrong, or says the same otherwise.
DIFFERENT = {
    "a byte-order mark: it drops the first message": f"\ufeff{A}hello\n{B}",
    "a colon in a line nobody wrote: it makes an author": (
        f'16/03/2022, 15:19 - Ann created group "Ops: Harrow"\n{B}'
    ),
    "a line under the group's name: it makes an author": (
        f"{IOS}Team: {LRM}Ann added Bob\r\n{IOS_B}"
    ),
    "a header pasted into a body: it makes a message": (
        f"{A}he said\n14/03/2022, 15:20 - Dee: no\n{B}"
    ),
    "nothing after the author: it makes a line nobody wrote": f"16/03/2022, 15:20 - Ann:\n{B}",
    "a carriage return in a body: it ends the line": f"{A}one\rtwo\n{B}",
    "media: kind media and no text here": f"{A}<Media omitted>\n{B}",
    "a deleted message: kind deleted and no text here": f"{A}This message was deleted\n{B}",
    "edited: the mark goes here": f"{A}hello <This message was edited>\n{B}",
    "a poll: kind poll, question and options as text here": (
        f"{IOS}Ann: {LRM}POLL:\nTea?\n{LRM}OPTION: yes (2 votes)\r\n{IOS_B}"
    ),
    "a location: kind location and no coordinates here": (
        f"{A}location: https://maps.google.com/?q=51.5,-0.1\n{B}"
    ),
}


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        npm = install_npm(folder)
        wrong = [*check_cases(folder, npm), *check_generated(folder, npm)]
    for problem in wrong:
        Console().print(problem, style="red")
    return 1 if wrong else 0


def check_cases(folder: Path, npm: Peer) -> Iterator[str]:
    """What is not as listed above."""
    cases = {**ALIKE, **DIFFERENT}
    for name, text in cases.items():
        ours, theirs = read_both(write(folder, text), npm)
        alike = list(map(row_of, ours)) == theirs
        if alike != (name in ALIKE):
            yield f"{name}: read {'alike' if alike else 'differently'}"
    Console().print(f"{len(ALIKE)} cases to be read alike, {len(DIFFERENT)} differently.")


def check_generated(folder: Path, npm: Peer) -> Iterator[str]:
    """Differences in long generated exports that no reason explains."""
    for label, ios in (("Android", False), ("iOS", True)):
        path = write_export(folder / f"{label}.txt", GENERATED_LINES, ios=ios)
        reasons = Counter(why(*pair) for pair in zip_longest(*read_both(path, npm)))
        table = Table("messages", "difference", title=f"{label}, generated")
        for reason, count in reasons.most_common():
            table.add_row(f"{count:,}", reason)
        Console().print(table)
        yield from (f"{label}: {reason}" for reason in reasons if reason.startswith("UNEXPLAINED"))


def write(folder: Path, text: str) -> Path:
    path = folder / "case.txt"
    path.write_bytes(text.encode())
    return path


def read_both(path: Path, npm: Peer) -> tuple[list[Message], list[Row]]:
    dump = path.with_suffix(".json")
    run([*npm.command, str(path), str(dump)], npm.folder)
    theirs = [(at, author, text) for at, author, text in json.loads(dump.read_bytes())]
    (chat,) = read_chats(open_plain(path), Settings())
    # It keeps the line end of the file's last message.
    tidy = [(at, author, text.rstrip("\n")) for at, author, text in theirs]
    return list(chat.messages), tidy


def row_of(message: Message) -> Row:
    return f"{message.sent_at:%Y-%m-%dT%H:%M:%S}", message.sender, message.text


def why(ours: Message | None, theirs: Row | None) -> str:
    """Why one message differs, or ``SAME``."""
    if ours is None or theirs is None:
        return "UNEXPLAINED: one has more messages"
    row = row_of(ours)
    if row == theirs:
        return SAME
    if row[0] != theirs[0]:
        return "UNEXPLAINED: time"
    if ours.kind is MessageKind.SYSTEM and theirs[1] is not None:
        return "a line under the group's name: it makes an author"
    if ours.kind is MessageKind.MEDIA:
        return "media: kind media and no text here"
    return "UNEXPLAINED: author or text"


if __name__ == "__main__":
    sys.exit(main())
