"""The main job end to end: submissions in, through Airflow, a release and its dashboard out."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import track

from pipelines import orchestrate
from pipelines.errors import CallerError
from pipelines.intake.manifest import Consent
from pipelines.intake.submit import submit
from pipelines.keys import generate_keys, load_keys
from pipelines.settings import Settings
from pipelines.synthetic.generate import Collection, generate
from pipelines.warehouse.connect import open_warehouse
from pipelines.warehouse.ledger import read_ledger, render

DEMO_FORCES = 4
DEMO_VOLUNTEERS = 14  # a few above the threshold of 10 distinct contributors a cell
DEMO_MONTHS = 12
DEMO_SEED = 2026


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
            end_month=_last_month(),
            seed=DEMO_SEED,
        )
    generate_keys(settings.keys)
    submit_collection(collection, settings, screen)
    return run_pipeline(settings, screen, _last_month())


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


def run_pipeline(settings: Settings, screen: Console, month: str | None) -> Path:
    """Run the intake and monthly DAGs once in this process; print the ledger; return the site."""
    month = month or _last_month()
    with screen.status("Starting Airflow…") as status:

        def progress(task: str) -> None:
            status.update(f"{task}…")
            screen.print(f"  [dim]{task}[/]")

        for dag_id, conf in (("intake", {}), ("monthly_report", {"month": month})):
            screen.print(f"[bold]{dag_id}[/]")
            orchestrate.run_dag(dag_id, settings, progress, conf)
    release = settings.releases / month
    with open_warehouse(settings.warehouse, load_keys(settings.keys).data, read_only=True) as con:
        manifest = json.loads((release / "manifest.json").read_text())
        screen.print(render(read_ledger(con), manifest["ledger"]))
    return release / "site" / "index.html"


def _last_month() -> str:
    return (date.today().replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
