"""A small collection for ``bench.faults``, the stages it goes through, and what is left of it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from pipelines import tasks
from pipelines.duck import open_memory
from pipelines.erasure.withdraw import ask
from pipelines.intake.manifest import Consent
from pipelines.intake.source import EXPORT
from pipelines.intake.submit import submit
from pipelines.keys import generate_keys, load_keys
from pipelines.release.baseline import kept_history
from pipelines.release.files import sum_problems
from pipelines.release.publish import published_months
from pipelines.settings import Settings
from pipelines.synthetic.generate import generate
from pipelines.validate.page import PAGE
from pipelines.warehouse.connect import open_warehouse

MONTH = "2026-10"
VOLUNTEERS = 22  # enough for a figure to be published
MESSAGES = 8  # of a volunteer; a chat has three to four times as many
RISK_SCALE = 4.0
SEED = 11

State = Mapping[str, list[str]]
"""Every file and table of a home: a hash of the file, or one a row."""

VARIES = {
    "core.submission.loaded_at": "the time of loading",
    "core.submission.file_sha256": "of the encrypted file: each encryption draws a fresh nonce",
    "mart.*.expected beyond 12 digits": "threads add up fractions in whatever order they come",
    "staged/*.parquet": "encrypted with a fresh nonce: compared row for row once decrypted",
    "staged/*.json file_sha256": "of that encrypted file",
    "warehouse.duckdb": "encrypted with a fresh nonce: compared row for row once decrypted",
    "ledgers/counted-*.json": "sealed with a fresh nonce: compared once opened",
    "validation/*.json at": "the time of the gate; index.html is drawn from these files",
    "runs/*.json at": "the time a task ended; index.html is drawn from these files and the above",
    "quarantine/*/reason.json at": "the time of the decision",
    "erasures/*.json id": "drawn at random",
    "erasures/*.json erased_on": "the day of erasure",
    "erasures/*.json files_searched": "counts what a killed run left and the next one removes",
}
"""All that may differ between two runs over the same inbox, with the reason."""

COLUMNS = {"core.submission": ("loaded_at", "file_sha256")}
FIELDS = {
    "staged": ("file_sha256",),
    "validation": ("at",),
    "runs": ("at",),
    "quarantine": ("at",),
    "erasures": ("id", "erased_on", "files_searched"),
}


def prepare(home: Path) -> str:
    """Keys and a sealed inbox in ``home``, one export damaged. The receipt of an export of a chat
    that another volunteer has handed over too.
    """
    settings = Settings(home=home)
    generate_keys(settings.keys)
    receipts = []
    with TemporaryDirectory() as folder:
        collection = generate(
            Path(folder), forces=1, volunteers=VOLUNTEERS, months=1, end_month=MONTH, seed=SEED,
            messages_per_month=MESSAGES, risk_scale=RISK_SCALE,
        )  # fmt: skip
        for entry in collection.submissions:
            receipts.append(
                submit(
                    entry.path, force=entry.force_code, contributor=entry.contributor,
                    consent=Consent.model_validate(entry.consent),
                    volunteer_name=entry.volunteer_name, settings=settings,
                )
            )  # fmt: skip
    damaged = settings.inbox / receipts[-1].submission_id / EXPORT
    damaged.write_bytes(damaged.read_bytes()[:-1])
    return receipts[0].code


def intake() -> None:
    for batch in tasks.plan_batches():
        tasks.stage(batch)


def load() -> None:
    tasks.gate_staged()
    tasks.load()


def release() -> None:
    tasks.gate_warehouse()
    draft = tasks.draft_release(MONTH)
    tasks.publish(tasks.audit_release(tasks.gate_release(draft)))


def file_withdrawal(receipt: str) -> None:
    settings = Settings()
    ask(receipt, settings, load_keys(settings.keys))


STAGES: dict[str, Callable[[], Any]] = {
    "intake": intake,
    "load": load,
    "marts": tasks.build_marts,
    "release": release,
    "withdrawal": tasks.withdraw,
}
"""As the DAGs run them, task by task."""


def read_state() -> State:
    """What is in the collection's home now, but for what may vary."""
    settings = Settings()
    files = sorted(p for p in settings.home.rglob("*") if p.is_file())
    state = {}
    for path in files:
        name = path.relative_to(settings.home).as_posix()
        state[name] = _file(path, name, settings)
    if settings.warehouse.exists():
        key = load_keys(settings.keys).data
        with open_warehouse(settings.warehouse, key, read_only=True) as connection:
            state.update(_tables(connection))
    return state


def differences(expected: State, found: State) -> list[str]:
    """What was lost and what was gained, a sentence each."""
    said = []
    for name in sorted({*expected, *found}):
        here, there = Counter(found.get(name, [])), Counter(expected.get(name, []))
        if here != there:
            lost, gained = (there - here).total(), (here - there).total()
            said.append(f"{name}: {lost} lost, {gained} gained")
    return said


class ReleaseWatch:
    """Looks whether a release that anybody can see is ever anything but whole and final."""

    def __init__(self, home: Path, final: State) -> None:
        self.settings, self.final = Settings(home=home), final
        self.problems: list[str] = []
        self._seen: set[str] = set()

    def look(self, *, again: bool = False) -> None:
        """Check what has newly become visible; everything visible, ``again``."""
        for month in published_months(self.settings):
            if again or month not in self._seen:
                self._seen.add(month)
                self._check(self.settings.releases / month)

    def _check(self, folder: Path) -> None:
        problems = sum_problems(folder)
        names = {f"releases/{folder.name}/{p.relative_to(folder).as_posix()}": p
                 for p in folder.rglob("*") if p.is_file()}  # fmt: skip
        problems += [f"{name} is not final" for name, path in names.items()
                     if self.final.get(name) != [_sha256(path.read_bytes())]]  # fmt: skip
        self.problems += [f"half a release was visible: {said}" for said in problems]


def _file(path: Path, name: str, settings: Settings) -> list[str]:
    if path in (settings.warehouse, settings.validation / PAGE, settings.runs / PAGE):
        return []
    if path.suffix == ".parquet":
        return _rows(_shard(path, load_keys(settings.keys).data))
    if path.name.startswith("counted-"):
        history = kept_history([path.stem.removeprefix("counted-")], settings)
        return _rows(vars(history)["_versions"].items())
    content = path.read_bytes()
    varying = FIELDS.get(name.split("/")[0])
    if varying and path.suffix == ".json" and path.name != "manifest.json":
        kept = {k: v for k, v in json.loads(content).items() if k not in varying}
        content = json.dumps(kept, sort_keys=True).encode()
    return [_sha256(content)]


def _shard(path: Path, key: str) -> list[tuple[Any, ...]]:
    with open_memory(key) as connection:
        query = "FROM read_parquet($path, encryption_config = {footer_key: 'staged'})"
        return connection.execute(query, {"path": str(path)}).fetchall()


def _tables(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, list[str]]]:
    names = connection.execute(
        "SELECT table_schema || '.' || table_name FROM information_schema.tables "
        "WHERE table_catalog = 'warehouse' AND table_type = 'BASE TABLE'"
    ).fetchall()
    for (name,) in names:
        columns = COLUMNS.get(name)
        skip = f" EXCLUDE ({', '.join(columns)})" if columns else ""
        yield f"table {name}", _rows(connection.execute(f"SELECT *{skip} FROM {name}").fetchall())


def _rows(rows: Iterable[Any]) -> list[str]:
    return [_sha256(repr(tuple(map(_rounded, row))).encode()) for row in rows]


def _rounded(value: Any) -> Any:
    return f"{value:.12g}" if isinstance(value, float) else value


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
