"""The body of every Airflow task: read settings and keys, call one stage, return counts or a name.

What a function here returns goes through XCom, so it is never more than a name or a count: where
the collection is, each worker's own settings say.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial, wraps
from typing import ParamSpec, TypeVar

from pipelines import schedule
from pipelines.disk import names_full_disk
from pipelines.errors import CallerError
from pipelines.keys import Keys, in_use, load_keys
from pipelines.runs import noted
from pipelines.settings import Settings

MAX_BATCHES = 1000  # below Airflow's max_map_length of 1024

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def _one_draft_at_a_time(task: Callable[Arguments, str]) -> Callable[Arguments, str]:
    """Two runs at once, of one month or two, take turns; so does a withdrawal that discards."""

    @wraps(task)
    def alone(*args: Arguments.args, **kwargs: Arguments.kwargs) -> str:
        from pipelines.release.files import one_draft_at_a_time

        with one_draft_at_a_time(Settings()):
            return task(*args, **kwargs)

    return alone


def _in_turn(task: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Tasks that open the warehouse take turns, also those of another Airflow or command."""

    @wraps(task)
    def alone(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        from pipelines.warehouse.connect import in_turn

        with in_turn(Settings().warehouse):
            return task(*args, **kwargs)

    return alone


def _while_draft_is_held(task: Callable[[str], str]) -> Callable[[str], str]:
    """The same for a task that is given a draft, which must be there."""

    @wraps(task)
    def alone(draft: str) -> str:
        from pipelines.release.files import hold_draft

        settings = Settings()
        with hold_draft(settings.releases / draft, settings):
            return task(draft)

    return alone


@noted
@names_full_disk
def plan_batches() -> list[list[str]]:
    """Ranges of submissions, each of about ``batch_bytes`` sealed not staged yet:
    ``intake.batches``. Through a store they are of codes there.
    """
    settings = Settings()
    with in_use(settings.keys):
        keys = load_keys(settings.keys)
        if settings.store:
            from pipelines.storage.offers import offer

            return _plan(offer(settings, keys), settings)
        return _plan(_to_stage(settings, keys), settings)


def _to_stage(settings: Settings, keys: Keys) -> dict[str, int]:
    """Sealed bytes of what is not staged yet, by name. Raises as ``stage`` where the keys are
    another collection's: by them all of it or none might look new."""
    from pipelines.intake.inbox import pending, sealed_bytes
    from pipelines.staging.desk import not_staged
    from pipelines.staging.right_keys import check_keys
    from pipelines.staging.tools import Tools

    check_keys(settings, keys)
    waiting = pending(settings)
    versions = Tools.load(settings.name_model).versions if waiting else {}
    left = not_staged(waiting, versions, settings, keys)
    return {folder.name: sealed_bytes(folder) for folder in left}


def _plan(sizes: dict[str, int], settings: Settings) -> list[list[str]]:
    from pipelines.intake.batches import plan_ranges

    target = max(settings.batch_bytes, sum(sizes.values()) // MAX_BATCHES + 1)
    return plan_ranges(sizes, target)


@noted
@names_full_disk
def stage(batch: list[str]) -> dict[str, int]:
    """Stage a range of submissions: counts of those staged and quarantined, and of rows."""
    from pipelines.intake.batches import in_range
    from pipelines.intake.inbox import pending
    from pipelines.staging.pool import stage_batch

    settings = Settings()
    if settings.store:
        from pipelines.storage.worker import stage_offered

        return stage_offered(batch, settings)
    names = in_range((folder.name for folder in pending(settings)), *batch)
    return stage_batch([settings.inbox / name for name in names], settings)


@noted
def plan_reclassify() -> list[list[str]]:
    """The same of shards with texts that an earlier classifier read."""
    from pipelines.prevalence.shipped import shipped_version
    from pipelines.reclassify import outdated

    settings = Settings()
    shards = outdated(settings, load_keys(settings.keys), shipped_version())
    return _plan({shard.submission_key: shard.path.stat().st_size for shard in shards}, settings)


@noted
@names_full_disk
def reclassify(batch: list[str]) -> dict[str, int]:
    """Classify a range of shards again: counts of them, their rows, and changed flags."""
    from pipelines.classify.classifier import Classifier
    from pipelines.intake.batches import in_range
    from pipelines.reclassify import outdated, reclassify_shards

    settings = Settings()
    classifier = Classifier.load(threads=settings.stage_workers)
    with in_use(settings.keys):
        keys = load_keys(settings.keys)
        shards = {s.submission_key: s for s in outdated(settings, keys, classifier.version)}
        chosen = [shards[key] for key in in_range(shards, *batch)]
        return reclassify_shards(chosen, classifier, settings, keys)


@noted
@names_full_disk
def gate_staged() -> dict[str, int]:
    """Gate 1 over every shard that is not loaded yet, those in the store first taken in."""
    from pipelines.validate.gates import check_staged
    from pipelines.validate.page import keep_result

    settings = Settings()
    keys = load_keys(settings.keys)
    if settings.store:
        from pipelines.storage.collect import collect

        collect(settings, keys)
    key = keys.data
    return check_staged(settings.staged, key, partial(keep_result, settings)).counts()


@noted
@names_full_disk
@_in_turn
def load() -> dict[str, int]:
    """Load what is staged; a shard already loaded changes nothing."""
    from pipelines.runs import keep_counts
    from pipelines.warehouse.connect import open_warehouse
    from pipelines.warehouse.ledger import read_ledger
    from pipelines.warehouse.load import load_staged

    settings = Settings()
    keys = load_keys(settings.keys)
    with open_warehouse(settings.warehouse, keys.data) as connection:
        counts = load_staged(connection, settings, keys)
        keep_counts(read_ledger(connection))
    return counts


def check_taken_in() -> None:
    """Raise ``NotTakenInError`` where something put into the store has not come back staged."""
    settings = Settings()
    if settings.store:
        from pipelines.storage.offers import check_taken_in as check

        check(settings, load_keys(settings.keys))


def choose_month(asked: str | None, scheduled: str | None = None) -> str:
    """``asked`` (YYYY-MM), or the latest month whose collection has closed.

    ``scheduled`` is the month a timetable's run is for: one that is still open then is left for a
    later run, since a month is frozen as it is first published.
    """
    if asked:
        return asked
    closed = schedule.latest_closed(date.today(), Settings().collection_open_days)
    return min(scheduled, closed) if scheduled else closed


def is_taken_in(month: str, until: str | None, started: datetime) -> bool:
    """Whether a report of ``month`` need wait for intake no longer: ``schedule.is_taken_in``."""
    loaded_until = datetime.fromisoformat(until) if until else None
    return schedule.is_taken_in(month, Settings().collection_open_days, loaded_until, started)


@noted
@names_full_disk
@_in_turn
def build_marts() -> dict[str, int]:
    """Rebuild the marts; counts of rows per mart."""
    from pipelines.runs import keep_counts
    from pipelines.warehouse.connect import open_warehouse
    from pipelines.warehouse.ledger import read_ledger
    from pipelines.warehouse.marts import build_marts as build

    settings = Settings()
    with open_warehouse(settings.warehouse, load_keys(settings.keys).data) as connection:
        counts = build(connection)
        keep_counts(read_ledger(connection))
    return counts


@noted
@_in_turn
def gate_warehouse() -> dict[str, int]:
    """Gate 2: the warehouse suite."""
    from pipelines.validate.gates import check_warehouse
    from pipelines.validate.page import keep_result

    settings = Settings()
    key = load_keys(settings.keys).data
    return check_warehouse(settings.warehouse, key, partial(keep_result, settings)).counts()


@noted
@names_full_disk
@_in_turn
@_one_draft_at_a_time
def draft_release(month: str, *, anew: bool = False) -> str:
    """Name of the draft release of ``month``: private where the settings say so, else exact.

    ``anew`` makes an exact one the yearly re-baseline as well. Raises ``CallerError`` where a
    private one is asked to be: noise is never drawn again.
    """
    from pipelines.release.build import build_release
    from pipelines.release.private_release import build_private_release
    from pipelines.release.provenance import Source
    from pipelines.warehouse.connect import open_warehouse

    settings = Settings()
    if anew and settings.private_rho_per_month is not None:
        raise CallerError(
            "A private series has no re-baseline: its months are drawn once. Report without "
            "--rebaseline."
        )
    key = load_keys(settings.keys).data
    if settings.private_rho_per_month is not None:
        with open_warehouse(settings.warehouse, key) as connection:  # it remembers what is spent
            return build_private_release(connection, month, settings).name
    with open_warehouse(settings.warehouse, key, read_only=True) as connection:
        source = Source(connection, key)
        return build_release(connection, month, settings, source, anew=anew).name


@noted
@names_full_disk
@_while_draft_is_held
def gate_release(draft: str) -> str:
    """Gate 3 over the draft; its name where it passes."""
    from pipelines.release.manifest import record_gate
    from pipelines.release.publish import figures_sha256
    from pipelines.validate.gates import check_release
    from pipelines.validate.page import keep_result

    settings = Settings()
    folder = settings.releases / draft
    figures = figures_sha256(folder)
    passed = check_release(folder, partial(keep_result, settings))
    record_gate(folder, passed.counts(), figures)
    return draft


@noted
@names_full_disk
@_in_turn
@_while_draft_is_held
def audit_release(draft: str) -> str:
    """Attack a draft that passed gate 3 together with every release before it; its name where
    nothing shows.
    """
    from pipelines.release.audit.run import audit_draft
    from pipelines.release.publish import check_gated
    from pipelines.warehouse.connect import open_warehouse

    settings = Settings()
    folder = settings.releases / draft
    check_gated(folder)
    key = load_keys(settings.keys).data
    with open_warehouse(settings.warehouse, key, read_only=True) as connection:
        audit_draft(folder, connection, settings)
    return draft


@noted
@names_full_disk
@_while_draft_is_held
def publish(draft: str) -> str:
    """Draw site and PDFs, see that all beside the figures is made of them, look at every byte, and
    publish, or wait for approval where it is needed. The month, as its folder is named."""
    from pipelines.release.audit.gate import check_bytes
    from pipelines.release.publish import publish as publish_draft
    from pipelines.report.derived import draw

    settings = Settings()
    folder = settings.releases / draft
    draw(folder)
    check_bytes([folder])
    return publish_draft(folder, settings).name


@noted
def check_release() -> None:
    """Raise ``LateError`` where the release that is due is not out."""
    from pipelines.status import check_not_late

    check_not_late(Settings(), datetime.now(UTC))


@noted
@names_full_disk
@_in_turn
def withdraw() -> dict[str, int]:
    """Finish every withdrawal that was asked for; how many there were."""
    from pipelines.erasure.withdraw import work_off

    settings = Settings()
    certificates = work_off(settings, load_keys(settings.keys), date.today())
    return {"withdrawn": len(certificates)}


@noted
@names_full_disk
@_in_turn
def retain() -> dict[str, int]:
    """Drop what has been kept long enough; counts of it."""
    from pipelines.erasure.retention import retain as run

    settings = Settings()
    return run(settings, load_keys(settings.keys), datetime.now(UTC))
