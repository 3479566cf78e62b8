"""Parse other projects' exports and compare with what those projects' own tests state.

    make eval-chats DATA=../shared/data

Exits 1 where a case that an upstream test states is not met. ``expected.json`` beside the exports
says what is expected of each, and on what basis.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipelines.contracts import Chat, Message, MessageKind
from pipelines.errors import QuarantineError
from pipelines.intake.read import read_chats
from pipelines.intake.source import open_plain
from pipelines.settings import Settings

UPSTREAM = "stated by upstream test"
REFUSED = "must raise/quarantine"


@dataclass(frozen=True)
class Outcome:
    """One case: the counts seen, and each statement about it that does not hold."""

    file: str
    basis: str
    seen: str
    problems: list[str]

    @property
    def fails(self) -> bool:
        return bool(self.problems) and self.basis == UPSTREAM


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="Folder with <project>/expected.json in it")
    outcomes = list(evaluate(parser.parse_args().folder))
    show(outcomes)
    failed = sum(outcome.fails for outcome in outcomes)
    stated = sum(outcome.basis == UPSTREAM for outcome in outcomes)
    Console().print(f"{stated - failed} of {stated} cases stated by an upstream test hold.")
    return 1 if failed or not stated else 0


def evaluate(folder: Path) -> Iterator[Outcome]:
    """The outcome of every case of every project under ``folder``."""
    for path in sorted(folder.glob("*/expected.json")):
        for case in json.loads(path.read_text(encoding="utf-8"))["cases"]:
            yield check(path.parent, case)


def check(folder: Path, case: dict[str, Any]) -> Outcome:
    """Parse one case's file and hold it against what is stated."""
    name = f"{folder.name}/{case['file']}"
    must_refuse = (case.get("note") or "").startswith(REFUSED)
    try:
        chats = read_chats(open_plain(folder / case["file"]), Settings())
    except QuarantineError as error:
        stated = any(case.get(key) is not None for key in ("n_user", "n_total", "messages"))
        return Outcome(name, case["basis"], str(error.reason), ["refused"] if stated else [])
    problems = ["not refused"] if must_refuse else list(compare(case, chats))
    return Outcome(name, case["basis"], summarise(chats), problems)


def compare(case: dict[str, Any], chats: list[Chat]) -> Iterator[str]:
    """What does not hold of: counts, authors, first and last time, messages, attachments."""
    messages = [message for chat in chats for message in chat.messages]
    user = [message for message in messages if message.kind is not MessageKind.SYSTEM]
    times = [message.sent_at.strftime("%Y-%m-%dT%H:%M") for message in user]
    seen = {
        "n_user": len(user),
        "n_total": len(messages),
        "n_system": len(messages) - len(user),
        "authors": Counter(message.sender for message in user),
        "n_locations": sum(message.kind is MessageKind.LOCATION for message in user),
        "first": times[0] if times else None,
        "oldest": min(times, default=None),
        "last": max(times, default=None),
    }
    for key, value in seen.items():
        if case.get(key) is not None and case[key] != value:
            yield f"{key}: {value}, not {case[key]}"
    if "messages" in case and sorted(map(stated, case["messages"])) != sorted(map(shown, user)):
        yield "messages differ"
    if "attachment" in case and [m.kind for m in user] != [MessageKind.MEDIA]:
        yield "attachment not recognised"


def stated(message: dict[str, str]) -> tuple[str, str, str]:
    """A stated message, without spaces: upstream joins lines and pieces with spaces of its own."""
    return message["timestamp"], message["author"], "".join(message["message"].split())


def shown(message: Message) -> tuple[str, str, str]:
    """A parsed message in the same form."""
    local = message.sent_at.strftime("%Y-%m-%dT%H:%M:%S")
    return local, message.sender or "", "".join(message.text.split())


def summarise(chats: list[Chat]) -> str:
    """Counts only."""
    kinds = Counter(str(message.kind) for chat in chats for message in chat.messages)
    notes = sorted({note for chat in chats for note in chat.notes})
    return ", ".join([f"{count} {kind}" for kind, count in kinds.items()] + notes)


def show(outcomes: list[Outcome]) -> None:
    table = Table("case", "basis", "seen", "differs")
    for outcome in outcomes:
        style = "red" if outcome.fails else "yellow" if outcome.problems else None
        basis = "upstream test" if outcome.basis == UPSTREAM else outcome.basis
        table.add_row(
            escape(outcome.file), basis, outcome.seen, "; ".join(outcome.problems), style=style
        )
    Console().print(table)


if __name__ == "__main__":
    sys.exit(main())
