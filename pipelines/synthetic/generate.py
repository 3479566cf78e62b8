"""Make a synthetic collection: exports as volunteers would hand them over, and their truth."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.synthetic.canaries import Canary, make_canaries
from pipelines.synthetic.chats import WHOLE, plan_chats
from pipelines.synthetic.exports import ExportWriter
from pipelines.synthetic.job import ChatJob
from pipelines.synthetic.plan import (
    TRAINING_EFFECTS,
    Rates,
    Training,
    choose_forces,
    months_until,
    plan_force,
    read_calendar,
)
from pipelines.synthetic.timing import month_days
from pipelines.synthetic.truth import MessageTruth, Summary

CONSENT_VERSION = "1.0"
MESSAGES_PER_MONTH = 32  # of one volunteer


@dataclass(frozen=True, slots=True)
class Submission:
    """One export as a volunteer would submit it. ``consent`` is ready for the manifest."""

    path: Path
    force_code: str
    contributor: str
    volunteer_name: str
    consent: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Collection:
    """A finished collection. ``summary`` is ``truth.json``, ``messages`` ``truth.parquet``."""

    folder: Path
    submissions: tuple[Submission, ...]
    summary: Path
    messages: Path
    n_messages: int
    canaries: tuple[Canary, ...]


def generate(
    out: Path,
    *,
    forces: int | Sequence[str] = 4,
    volunteers: int = 14,
    months: int = 12,
    end_month: str = "2026-10",
    seed: int = 2026,
    messages_per_month: int = MESSAGES_PER_MONTH,
    risk_scale: float = 1.0,
    canaries: int = 0,
    calendar: Sequence[Training] | None = None,
) -> Collection:
    """Write a collection into ``out`` and return where everything is.

    ``volunteers`` are per force; ``messages_per_month`` is one volunteer's mean; ``risk_scale``
    multiplies every planted prevalence; ``canaries`` unique identifiers are planted in
    volunteers' messages; ``calendar`` defaults to ``sql/seeds/training.csv``. The same arguments
    give the same bytes. Raises ``CallerError`` for an unknown force or too high a scale.
    """
    names = months_until(end_month, months)
    trained = {t.force_code: t for t in (read_calendar() if calendar is None else calendar)}
    rates = {
        code: plan_force(seed, code, names, trained.get(code), risk_scale)
        for code in choose_forces(forces)
    }
    summary = Summary(seed, names, {c: _planted(rates[c], trained.get(c)) for c in rates})
    chats = [c for code in rates for c in plan_chats(seed, code, volunteers, messages_per_month)]
    planted = make_canaries(seed, canaries)
    (out / "exports").mkdir(parents=True, exist_ok=True)
    submissions: list[Submission] = []
    with MessageTruth(out / "truth.parquet") as truth:
        for number, chat in enumerate(chats):
            job = ChatJob(seed, number, chat, rates[chat.force], planted[number :: len(chats)])
            writers = job.run(out / "exports", len(submissions), truth, summary)
            submissions += [_submission(writer, chat.force, names[-1]) for writer in writers]
    summary.write(out / "truth.json")
    _write_submissions(out, submissions)
    return Collection(out, tuple(submissions), out / "truth.json", out / "truth.parquet",
                      truth.rows, tuple(planted))  # fmt: skip


def _planted(rates: Mapping[str, Rates], training: Training | None) -> dict[str, Any]:
    """What ``truth.json`` says of a force before anything is made."""
    return {
        "training": training
        and {
            "programme": training.programme,
            "start": training.start.isoformat(),
            "end": training.end.isoformat(),
            "effects": dict(TRAINING_EFFECTS),
        },
        "months": {month: {"planted": asdict(rate)} for month, rate in rates.items()},
    }


def _submission(writer: ExportWriter, force: str, last_month: str) -> Submission:
    """What the volunteer would say when submitting; consent is given as the last month ends."""
    volunteer = writer.volunteer
    given_on = date.fromordinal(month_days(last_month).stop - 1)
    consent = {
        "version": CONSENT_VERSION,
        "given_on": given_on.isoformat(),
        "scope": volunteer.scope,
        "every_member_agreed": volunteer.scope == WHOLE,
    }
    return Submission(
        writer.path, force, volunteer.contributor, volunteer.names[volunteer.place], consent
    )


def _write_submissions(out: Path, submissions: Sequence[Submission]) -> None:
    with (out / "submissions.jsonl").open("w", encoding="utf-8") as file:
        for entry in submissions:
            row = asdict(entry) | {"path": entry.path.relative_to(out).as_posix()}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
