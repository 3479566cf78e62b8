"""A damaged shard, a wrong key, a clock that steps back, two runs at once: a clear error, or the
right result.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pipelines import tasks
from pipelines.erasure.certificate import numbered, read
from pipelines.erasure.retention import retain
from pipelines.erasure.withdraw import withdraw
from pipelines.errors import CallerError, CandourError, GateError
from pipelines.intake.inbox import pending, quarantined, read_reason
from pipelines.intake.source import MANIFEST
from pipelines.keys import generate_keys
from pipelines.release.files import sum_problems
from pipelines.settings import REPOSITORY
from tests.erasure_world import ANNS, CANARY, OTHERS, TEAM, TODAY, Handed, World

MONTH = "2026-10"
Damage = Callable[[bytes], bytes]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    world = World(tmp_path)
    monkeypatch.setenv("CANDOUR_HOME", str(world.settings.home))
    monkeypatch.setenv("CANDOUR_STAGE_WORKERS", "0")
    return world


def stage() -> None:
    for batch in tasks.plan_batches():
        tasks.stage(batch)


def flip(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


DAMAGES: dict[str, Damage] = {
    "cut in half": lambda content: content[: len(content) // 2],
    "empty": lambda _: b"",
    "a bit in the middle": lambda content: flip(content, len(content) // 2),
    "a bit in the footer": lambda content: flip(content, len(content) - 6),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_shard_is_named_and_can_be_staged_again(damage: str, world: World) -> None:
    world.hand_over(ANNS, "Ann Lee", "C-0001")
    world.hand_over(OTHERS, "Dee Fox", "C-0003")
    broken, sound = (shard.path for shard in world.stage())
    whole = broken.read_bytes()
    broken.write_bytes(DAMAGES[damage](whole))
    for task in (tasks.gate_staged, tasks.load):
        with pytest.raises(CandourError) as error:
            task()
        said = str(error.value)
        assert str(broken) in said
        assert sound.name not in said
        assert "Delete" in said or "delete" in said
        assert CANARY not in said
    broken.unlink()
    broken.with_suffix(".json").unlink()
    world.stage()
    assert tasks.gate_staged()["passed"] == tasks.gate_staged()["expectations"]
    assert tasks.load()["rows_loaded"] == len(ANNS) + len(OTHERS)


def replace_keys(world: World, names: list[str], others: Path) -> Callable[[], None]:
    """Swap these key files for another collection's; a function that puts them back."""
    generate_keys(others)
    saved = others.parent / "saved"
    shutil.copytree(world.settings.keys, saved)
    for name in names:
        shutil.copy(others / name, world.settings.keys / name)
    return lambda: (
        [shutil.copy(saved / name, world.settings.keys / name) for name in names] and None
    )


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["pseudonym.key"], "pseudonym.key in {keys} is not the one"),
        (["collection.key"], "collection.key in {keys} does not open"),
    ],
)
def test_nothing_is_staged_with_a_wrong_key(
    names: list[str], said: str, world: World, tmp_path: Path
) -> None:
    """Staged under another pseudonym, every message would count twice."""
    world.hand_over(ANNS, "Ann Lee", "C-0001")
    stage()
    staged = sorted(world.settings.staged.iterdir())
    put_back = replace_keys(world, names, tmp_path / "others")
    with pytest.raises(CallerError) as error:
        stage()
    assert said.format(keys=world.settings.keys) in str(error.value)
    assert sorted(world.settings.staged.iterdir()) == staged
    assert len(pending(world.settings)) == 1
    put_back()
    stage()
    assert tasks.load()["rows_loaded"] == len(ANNS)


def test_a_wrong_data_key_opens_nothing_and_changes_nothing(world: World, tmp_path: Path) -> None:
    world.hand_over(ANNS, "Ann Lee", "C-0001")
    world.load()
    world.hand_over(OTHERS, "Dee Fox", "C-0003")
    world.stage()
    put_back = replace_keys(world, ["data.key"], tmp_path / "others")
    for task in (tasks.gate_staged, tasks.load, tasks.build_marts, tasks.gate_warehouse):
        with pytest.raises(CandourError, match="key"):
            task()
    put_back()
    assert tasks.load() == {
        "shards_loaded": 1, "shards_loaded_before": 1, "rows_loaded": len(OTHERS),
    }  # fmt: skip


def received(world: World, handed: Handed, at: datetime) -> None:
    """As a machine whose clock said so would have written it."""
    path = world.settings.inbox / handed.submission_id / MANIFEST
    manifest = json.loads(path.read_bytes()) | {"received_at": at.isoformat()}
    path.write_text(json.dumps(manifest))


def test_a_clock_that_steps_back_between_two_volunteers_counts_each_message_once(
    world: World,
) -> None:
    first = world.hand_over(TEAM, "Bob Ray", "C-0002")
    second = world.hand_over(ANNS, "Ann Lee", "C-0001")
    received(world, first, datetime(2026, 11, 2, 9, tzinfo=UTC))
    received(world, second, datetime(2026, 11, 1, 9, tzinfo=UTC))
    world.load()
    assert world.read("SELECT count(*) FROM core.counted") == [(len(ANNS),)]
    assert tasks.load()["rows_loaded"] == 0


def test_a_receipt_dated_before_what_it_holds_is_quarantined_and_stops_nobody_else(
    world: World,
) -> None:
    doubtful = world.hand_over(ANNS, "Ann Lee", "C-0001")
    received(world, doubtful, datetime(2026, 9, 1, tzinfo=UTC))
    world.hand_over(OTHERS, "Dee Fox", "C-0003")
    stage()
    (held,) = quarantined(world.settings)
    assert (held.name, read_reason(held)["reason"]) == (
        doubtful.submission_id,
        "implausible_dates",
    )
    tasks.gate_staged()
    assert tasks.load()["rows_loaded"] == len(OTHERS)


def test_nothing_is_due_before_its_time_and_certificates_stay_in_order(world: World) -> None:
    ann = world.hand_over(ANNS, "Ann Lee", "C-0001")
    dee = world.hand_over(OTHERS, "Dee Fox", "C-0003")
    world.load()
    now = datetime.now(UTC)
    for moment in (now, now - timedelta(days=400)):
        assert set(retain(world.settings, world.keys, moment).values()) == {0}
    for handed, today in ((ann, TODAY), (dee, date(2025, 1, 1))):
        withdraw(handed.receipt, world.settings, world.keys, today)
    assert [read(path)["certificate"] for path in numbered(world.settings)] == [1, 2]
    assert world.read("SELECT count(*) FROM core.message") == [(0,)]


OVERTAKEN = (
    "is gone",
    "does not say that the release gate passed",
    "does not say that the disclosure audit passed",
)
"""Whatever a run is told whose draft another run of the month made again, or published."""


REPORT = """
import sys
from pipelines import tasks
from pipelines.errors import CandourError
import pipelines.release.build, pipelines.release.audit.run, pipelines.report.site
print("ready", flush=True)
sys.stdin.readline()
try:
    tasks.build_marts()
    draft = tasks.draft_release(sys.argv[1])
    tasks.publish(tasks.audit_release(tasks.gate_release(draft)))
except CandourError as error:
    print(error)
"""


def test_two_monthly_runs_at_once_publish_one_whole_release(world: World) -> None:
    """Outside Airflow, which has a pool and one run at a time for it: `candour run` beside
    `candour up`. Neither is ever told that the warehouse is in use: they take turns.
    """
    world.hand_over(ANNS, "Ann Lee", "C-0001")
    world.load()
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", REPORT, MONTH],
            cwd=REPOSITORY,
            env={
                "CANDOUR_HOME": str(world.settings.home),
                "CANDOUR_APPROVAL": "none",
                "PATH": "/usr/bin:/bin",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for run in runs:
        assert run.stdout is not None
        assert run.stdout.readline() == "ready\n"
    for run in runs:
        assert run.stdin is not None
        run.stdin.write("\n")
        run.stdin.flush()
    ended = [run.communicate() for run in runs]

    assert [run.returncode for run in runs] == [0, 0], ended
    said = [out.strip() for out, _ in ended if out.strip()]
    assert all(any(reason in line for reason in OVERTAKEN) for line in said), said
    assert len(said) < len(runs), "neither published"
    assert sum_problems(world.settings.releases / MONTH) == []
    names = [path.name for path in world.settings.releases.iterdir()]
    assert [name for name in names if not name.startswith(".")] == [MONTH]
    assert tasks.publish(release_again()) == MONTH


@pytest.mark.parametrize("check", ["release gate", "disclosure audit"])
def test_what_another_run_drafted_needs_its_own_checks(check: str, world: World) -> None:
    """A run that passed a check cannot go on with figures drafted since."""
    world.hand_over(ANNS, "Ann Lee", "C-0001")
    world.load()
    tasks.build_marts()
    checked = tasks.gate_release(tasks.draft_release(MONTH))
    if check == "disclosure audit":
        tasks.audit_release(checked)
    drafted_since = tasks.draft_release(MONTH)
    go_on = tasks.publish if check == "disclosure audit" else tasks.audit_release
    with pytest.raises(GateError, match=f"does not say that the {check} passed"):
        go_on(checked)
    assert tasks.publish(tasks.audit_release(tasks.gate_release(drafted_since)))


@pytest.mark.parametrize("name", ["trends.csv", "training.csv"])
def test_figures_changed_after_the_gate_are_not_audited(name: str, world: World) -> None:
    world.hand_over(ANNS, "Ann Lee", "C-0001")
    world.load()
    tasks.build_marts()
    draft = tasks.gate_release(tasks.draft_release(MONTH))
    with (world.settings.releases / draft / name).open("a") as file:
        file.write("\n")
    with pytest.raises(GateError, match="figures are not those that the release gate passed"):
        tasks.audit_release(draft)


def release_again() -> str:
    """The month once more, by itself: the same figures, so nothing changes."""
    return tasks.audit_release(tasks.gate_release(tasks.draft_release(MONTH)))
