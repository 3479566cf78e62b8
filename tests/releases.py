"""A month's release as the monthly report makes it: drafted, attacked, handed on.

``month_of_chats`` is the collection that most tests of releases draft; its January is made once,
by the fixtures ``january`` and ``january_draft``.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from pipelines.release.audit.gate import AuditResult
from pipelines.release.audit.run import audit_draft, audit_published
from pipelines.release.build import build_release
from pipelines.release.publish import publish
from pipelines.settings import Settings
from tests.marts import Person, make_marts, team

NORTH_WEST, LONDON = "E12000002", "E12000007"
MET, CUMBRIA, LANCASHIRE, MERSEYSIDE = "E23000001", "E23000002", "E23000003", "E23000004"


def month_of_chats(month: str) -> list[Person]:
    """Four forces. Only DISC is talked about enough to publish.

    Merseyside is too small, and Lancashire is withheld to hide it.
    """
    return [
        *team(MET, month, 30, 20, {"DISC": 12, "OPS": 4}),
        *team(CUMBRIA, month, 24, 20, {"DISC": 11, "OPS": 11}),
        *team(LANCASHIRE, month, 20, 20, {"DISC": 10}),
        *team(MERSEYSIDE, month, 6, 20, {"DISC": 3}),
    ]


def release(people: Iterable[Person], month: str, settings: Settings) -> Path:
    """Draft, audit and publish ``month`` from a warehouse of just these people."""
    return released(make_marts(people), month, settings)


def again(settings: Settings, con: duckdb.DuckDBPyConnection | None = None) -> AuditResult:
    """Attack what is published once more."""
    return audit_published(None, con, settings, lambda said: None)


def audited(
    con: duckdb.DuckDBPyConnection,
    month: str,
    settings: Settings,
    *,
    anew: bool = False,
) -> Path:
    """A draft that passed its audit."""
    draft = build_release(con, month, settings, anew=anew)
    audit_draft(draft, con, settings)
    return draft


def released(con: duckdb.DuckDBPyConnection, month: str, settings: Settings) -> Path:
    """Published, or waiting for approval where the settings ask for it."""
    return publish(audited(con, month, settings), settings)
