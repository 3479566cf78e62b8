"""A submission's rows made, ready to be written. Raw text stays in memory.

This is the only place where raw and de-identified text meet. Whatever goes wrong here leaves as a
reason code: an exception raised on the way could quote the chat, so none is passed on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipelines.classify.challenge import challenged
from pipelines.contracts import Chat, CleanMessage
from pipelines.errors import CandourError, QuarantineError, Reason
from pipelines.keys import Keys
from pipelines.settings import Settings
from pipelines.staging.asked import ask, asked
from pipelines.staging.counts import StageCounts
from pipelines.staging.opened import Opened, open_submission
from pipelines.staging.plausible import check_dates
from pipelines.staging.rows import Origin, ReadChat, stage_rows
from pipelines.staging.schema import StagedRow
from pipelines.staging.tools import Tools


@dataclass(frozen=True, slots=True)
class Prepared:
    """A submission's rows, ready to be written."""

    rows: list[StagedRow]
    counts: StageCounts
    received_at: datetime


def prepare(
    folder: Path, opened: Opened | None, tools: Tools, settings: Settings, keys: Keys
) -> Prepared:
    """Rows of a submission, ``opened`` already or not. Lets out no traceback, cause or context:
    their frames hold the chat. Raises ``QuarantineError`` where it cannot be used.
    """
    failure: CandourError
    try:
        return _prepare(folder, opened, tools, settings, keys)
    except CandourError as error:
        failure = error.with_traceback(None)
    except Exception:
        failure = QuarantineError(
            Reason.INTERNAL_ERROR,
            f"Submission {folder.name} could not be processed: it waits in quarantine, sealed.",
        )
    opened = None
    failure.__cause__ = failure.__context__ = None
    raise failure


def _prepare(
    folder: Path, opened: Opened | None, tools: Tools, settings: Settings, keys: Keys
) -> Prepared:
    opened = opened or open_submission(folder, tools.versions, settings, keys)
    me = opened.origin.volunteer_name
    clean = opened.clean or [tools.deidentifier.deidentify(chat, me) for chat in opened.chats]
    read = [
        _read(chat, of_it, opened.origin, tools)
        for chat, of_it in zip(opened.chats, clean, strict=True)
    ]
    rows, counts = stage_rows(opened.origin, read, keys)
    if not rows:
        raise QuarantineError(Reason.EMPTY, f"Submission {folder.name} holds nobody's messages.")
    check_dates(rows, opened.received_at, folder.name)
    return Prepared(rows, counts, opened.received_at)


def _read(chat: Chat, clean: Sequence[CleanMessage], origin: Origin, tools: Tools) -> ReadChat:
    risks = ask(asked(chat, clean, origin), tools.classifier)
    return ReadChat(chat, clean, risks, challenged(clean, risks))
