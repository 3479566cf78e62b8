"""The main job end to end: submissions in, through Airflow, a release and its dashboard out."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.progress import track

from pipelines import orchestrate
from pipelines.errors import CallerError
from pipelines.intake.manifest import Consent
from pipelines.intake.submit import submit
from pipelines.keys import generate_keys, load_keys
from pipelines.release.approve import Standing, approve
from pipelines.release.approvers import enrol, make_approval_key
from pipelines.release.basis import is_private
from pipelines.release.ledger import kept_ledger
from pipelines.release.publish import published_months, read_manifest
from pipelines.settings import Settings
from pipelines.synthetic.generate import Collection, generate
from pipelines.tasks import choose_month
from pipelines.validate.page import PAGE
from pipelines.warehouse.connect import open_warehouse
from pipelines.warehouse.ledger import read_ledger, render

DEMO_NOTICE = (
    "A demonstration: every message, person and figure is invented. Nothing here is about the "
    "forces named."
)
DEMO_FORCES = 3
DEMO_VOLUNTEERS = 40  # enough for some categories to have 10 people behind them in a month
DEMO_MONTHS = 6
DEMO_END_MONTH = "2026-10"  # the seeded training calendar lies in the year before
DEMO_ROLES = ("demonstration-one", "demonstration-two")
DEMO_SEED = 2026
DEMO_RISK_SCALE = 2.5  # planted rates higher than real ones, so that there is a trend to see


def run_demo(settings: Settings, screen: Console) -> Path:
    """Make a synthetic collection in ``settings.home``, run both DAGs, return the site's index."""
    if settings.home.exists() and any(settings.home.iterdir()):
        raise CallerError(
            f"{settings.home} is not empty: remove it (`rm -r {settings.home}`) or choose another "
            "folder with --keep."
        )
    with screen.status("Making a synthetic collection…"):
        collection = generate(
            settings.home / "synthetic",
            forces=DEMO_FORCES,
            volunteers=DEMO_VOLUNTEERS,
            months=DEMO_MONTHS,
            end_month=DEMO_END_MONTH,
            seed=DEMO_SEED,
            risk_scale=DEMO_RISK_SCALE,
        )
    generate_keys(settings.keys)
    submit_collection(collection, settings, screen)
    run_pipeline(settings, screen, DEMO_END_MONTH)
    standing = approve_itself(DEMO_END_MONTH, settings)
    screen.print("Self-approved by the demonstration, with two throw-away keys.")
    return standing.folder / "site" / "index.html"


def approve_itself(month: str, settings: Settings) -> Standing:
    """Approve a release as two people would, with keys made for it and thrown away."""
    for role in DEMO_ROLES:
        with TemporaryDirectory() as folder:
            key_file = Path(folder) / "approval.key"
            enrol(settings.keys, role, make_approval_key(key_file), last_release="")
            standing = approve(month, role, key_file, settings, date.today())
    return standing


def submit_collection(collection: Collection, settings: Settings, screen: Console) -> None:
    """Seal every export of a synthetic collection into the inbox, as volunteers would."""
    for entry in track(collection.submissions, "Sealing exports", console=screen, transient=True):
        submit(
            entry.path,
            force=entry.force_code,
            contributor=entry.contributor,
            consent=Consent.model_validate(entry.consent),
            volunteer_name=entry.volunteer_name,
            settings=settings,
        )


def run_pipeline(
    settings: Settings, screen: Console, month: str | None, *, rebaseline: bool = False
) -> Path:
    """Run the intake and monthly DAGs once in this process; print the ledger.

    The site's first page.
    """
    month = choose_month(month)
    # In Airflow's books a run that was killed here is under way for good: nothing to wait for.
    report = {"month": month, "rebaseline": rebaseline, "in_turn": False}
    with screen.status("Starting Airflow…") as status:

        def progress(task: str) -> None:
            status.update(f"{task}…")
            screen.print(f"  [dim]{task}[/]")

        for dag_id, conf in (("intake", {}), ("monthly_report", report)):
            screen.print(f"[bold]{dag_id}[/]")
            orchestrate.run_dag(dag_id, settings, progress, conf)
    screen.print(f"How the gates stood: {settings.validation / PAGE}", soft_wrap=True)
    waiting = settings.pending / month
    folder = waiting if waiting.exists() else settings.releases / month
    if not folder.exists():
        folder = settings.releases / published_months(settings)[-1]
        screen.print(f"{month} was drawn late: it is published with the next month's release.")
    manifest = read_manifest(folder)
    with open_warehouse(settings.warehouse, load_keys(settings.keys).data, read_only=True) as con:
        ledger = read_ledger(con)
    if is_private(manifest):
        spent = manifest["privacy"]
        screen.print(render(ledger))
        screen.print(f"Privacy budget: {spent['rho_spent']:g} of {spent['rho_total']:g} spent.")
    else:
        screen.print(render(ledger.with_release(kept_ledger(month, settings).parts())))
    if folder == waiting:
        screen.print(
            f"The release waits for two people to approve it: `candour approve {month} --role ROLE "
            "--key FILE`."
        )
    return folder / "site" / "index.html"
