"""How the collection stands: after real tasks, for whoever holds no key, with no value in it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines import tasks
from pipelines.errors import CandourError, GateError, Reason
from pipelines.intake.inbox import pending, quarantine
from pipelines.keys import generate_keys, load_keys
from pipelines.settings import Settings
from pipelines.status import LateError, check_not_late, collect_status
from pipelines.status_page import draw_status
from tests.gate_world import NO_RISK
from tests.warehouse_world import row, stage

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("CANDOUR_HOME", str(tmp_path))
    settings = Settings(home=tmp_path)
    generate_keys(settings.keys)
    return settings


def page(settings: Settings) -> str:
    return (settings.runs / "index.html").read_text()


def submitted(settings: Settings, name: str, size: int) -> None:
    folder = settings.inbox / name
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}")
    (folder / "export.age").write_bytes(b"x" * size)


def test_a_new_collection_has_nothing_due(settings: Settings) -> None:
    stands = collect_status(settings, NOW)
    assert stands["next_report"] == "2026-12-01 03:00+00:00"
    assert stands["days_to_next_report"] == 4
    assert (stands["missed_month"], stands["ledger"], stands["gates"]) == (None, [], {})


def test_what_waits_and_why_something_does_not(settings: Settings) -> None:
    submitted(settings, "0a000000-0000-4000-8000-000000000001", 700)
    submitted(settings, "0a000000-0000-4000-8000-000000000002", 50)
    quarantine(pending(settings)[1], Reason.HASH_MISMATCH, settings)
    stands = collect_status(settings, NOW)
    assert (stands["inbox"], stands["inbox_bytes"]) == (1, 700)
    assert stands["quarantined"] == {"hash_mismatch": 1}


def test_after_a_load_it_says_where_everything_went_and_what_is_due(settings: Settings) -> None:
    stage(settings.staged, load_keys(settings.keys), [row(n, risks=NO_RISK) for n in (0, 1)])
    tasks.gate_staged()
    tasks.load()
    for name in ("collection.key", "data.key", "pseudonym.key"):
        (settings.keys / name).unlink()  # no key is needed to see how it stands
    stands = json.loads(json.dumps(collect_status(settings, NOW)))
    assert [(stage["total"], stage["of"]) for stage in stands["ledger"]][-1] == (
        2,
        "rows loaded",
    )
    assert {task: note["ended"] for task, note in stands["last_runs"].items()} == {
        "gate_staged": "done",
        "load": "done",
    }
    assert set(stands["gates"]["staged"]) == {"at", "passed"}
    assert stands["missed_month"] == "2026-10"


def test_a_gate_that_refused_shows(settings: Settings) -> None:
    stage(settings.staged, load_keys(settings.keys), [row(0, text="ring 07700 900123")])
    with pytest.raises(GateError):
        tasks.gate_staged()
    assert '<td>gate_staged</td><td class="wrong">refused</td>' in page(settings)
    assert collect_status(settings, NOW)["gates"]["staged"]["stopped"] >= 1  # type: ignore[index]
    assert "07700" not in "".join(path.read_text() for path in settings.runs.iterdir())


def test_so_does_a_task_that_failed(settings: Settings) -> None:
    (settings.keys / "data.key").unlink()
    with pytest.raises(CandourError):
        tasks.load()
    assert '<td>load</td><td class="wrong">failed</td>' in page(settings)


def test_the_page_loads_nothing_and_is_the_owner_s_alone(settings: Settings) -> None:
    draw_status(settings)
    assert re.findall(r"(?:src|url|@import)\s*[=(]", page(settings)) == []
    assert {oct(path.stat().st_mode & 0o777) for path in settings.runs.iterdir()} == {"0o600"}


# now, published, waiting for approval: why it is late
LATE = """
2026-11-01T12:00  2026-09  -        -                 not due for a day yet
2026-11-02T09:00  2026-09  -        not been reported
2026-11-02T09:00  2026-09  2026-10  waits for approval
2026-11-02T09:00  2026-10  -        -
2026-11-02T09:00  2026-11  -        -                 a later one is
"""


@pytest.mark.parametrize("line", LATE.strip().splitlines())
def test_a_release_is_late_a_day_after_its_report_was_due(settings: Settings, line: str) -> None:
    now, published, waiting, reason = re.split(" {2,}", line)[:4]
    (settings.releases / published).mkdir(parents=True)
    if waiting != "-":
        (settings.pending / waiting).mkdir(parents=True)
    settings.warehouse.touch()
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    if reason == "-":
        check_not_late(settings, at)
    else:
        with pytest.raises(LateError, match=reason):
            check_not_late(settings, at)


def test_nothing_is_late_of_a_collection_that_has_loaded_nothing(settings: Settings) -> None:
    check_not_late(settings, NOW)
