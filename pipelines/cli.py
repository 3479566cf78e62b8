"""The ``candour`` command. Each one parses its arguments, calls one function, shows the result.

Exit codes: 0 done, 2 the caller's mistake, 3 input quarantined, 4 a gate refused.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from pipelines import keys as keyring
from pipelines.cli_erasure import app as erasure_app
from pipelines.cli_impact import app as impact_app
from pipelines.cli_label import app as label_app
from pipelines.cli_release import app as release_app
from pipelines.cli_release import keys as approval_keys
from pipelines.cli_show import JsonFlag, screen, show_counts
from pipelines.disk import DiskFullError, is_disk_full
from pipelines.errors import CandourError
from pipelines.no_dumps import forbid_core_dumps
from pipelines.settings import Approval, Settings

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # a traceback could show content
    help="Force-level trends in risky messaging, from chats officers volunteer.",
)
keys_app = typer.Typer(no_args_is_help=True, help="The collection's keys.")
keys_app.add_typer(approval_keys)
app.add_typer(keys_app, name="keys")
app.add_typer(label_app, name="label")
app.add_typer(release_app)
app.add_typer(erasure_app)
app.add_typer(impact_app)


def main() -> None:
    """Run the command line; a ``CandourError`` becomes one sentence and its exit code."""
    os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")  # Presidio imports it if there
    try:
        app()
    except CandourError as error:
        screen.print(f"[bold red]candour:[/] {error}", highlight=False, soft_wrap=True)
        sys.exit(error.exit_code)
    except Exception as error:
        if not is_disk_full(error):
            raise
        told = DiskFullError(Settings().home)
        screen.print(f"[bold red]candour:[/] {told}", highlight=False, soft_wrap=True)
        sys.exit(told.exit_code)


@app.command()
def scrub(
    export: Annotated[Path, typer.Argument(help="A chat export: .txt, .zip or .json")],
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="Write here instead of standard output")
    ] = None,
    me: Annotated[
        str | None, typer.Option(help="Your name as the chat shows it, to count your messages")
    ] = None,
) -> None:
    """Show what would leave your phone: one JSON object a message, identities removed.

    Nothing is sent or kept: this runs on your machine alone. A summary goes to standard error.
    """
    from pipelines.scrub import scrub as run

    forbid_core_dumps()
    settings = Settings()
    with screen.status("Reading and de-identifying…"):
        if out is None:
            summary = run(export, sys.stdout, settings, me)
        else:
            with out.open("w", encoding="utf-8") as file:
                summary = run(export, file, settings, me)
    show_counts("What would be handed over", summary.as_dict())


@app.command()
def submit(
    export: Annotated[Path, typer.Argument(help="A chat export: .txt, .zip or .json")],
    force: Annotated[str, typer.Option(help="Police force: code or name, see `candour forces`")],
    contributor: Annotated[str, typer.Option(help="The random code you were issued")],
    me: Annotated[str, typer.Option(help="Your name exactly as the chat shows it (sealed)")],
    consent_version: Annotated[str, typer.Option(help="Version of the consent form signed")],
    consent_date: Annotated[str, typer.Option(help="Day it was signed, YYYY-MM-DD")],
    whole_chat: Annotated[
        bool,
        typer.Option("--whole-chat", help="Every member agreed that their messages may be used"),
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Seal an export into the inbox and print the receipt code it can be found again by."""
    from pipelines.intake.manifest import Consent, ConsentScope
    from pipelines.intake.submit import submit as run

    forbid_core_dumps()
    settings = Settings()
    consent = Consent.from_form(
        version=consent_version,
        given_on=consent_date,
        scope=ConsentScope.WHOLE_CHAT if whole_chat else ConsentScope.OWN_MESSAGES,
    )
    receipt = run(
        export,
        force=force,
        contributor=contributor,
        consent=consent,
        volunteer_name=me,
        settings=settings,
    )
    title = "Already submitted" if receipt.already_submitted else "Sealed. Keep the receipt code"
    show_counts(title, receipt.as_dict(), as_json)


@app.command()
def forces() -> None:
    """List the police forces and their codes."""
    from pipelines.intake.forces import load_forces

    table = Table("code", "force", "short name")
    for force in load_forces():
        table.add_row(force.code, force.name, force.short_name)
    Console().print(table)


@app.command()
def demo(
    keep: Annotated[
        Path | None, typer.Option(help="Folder for the demo's state (default: var/demo)")
    ] = None,
) -> None:
    """Make a synthetic collection, run the real Airflow DAGs over it and draw its dashboard."""
    from pipelines.demo import DEMO_NOTICE, run_demo
    from pipelines.report.pdf_files import REPORT

    home = (keep or Settings().home / "demo").resolve()
    settings = Settings(
        home=home,
        notice=DEMO_NOTICE,
        approval=Approval.DEMONSTRATION,
        private_rho_per_month=None,  # it shows exact figures, whatever the environment says
    )
    site = run_demo(settings, screen)
    screen.print(f"\n[bold green]Dashboard:[/] {site.as_uri()}", soft_wrap=True)
    report = site.parents[1] / REPORT
    screen.print(f"[bold green]Report:[/] {report.as_uri()}", soft_wrap=True)


@app.command()
def run(
    month: Annotated[str | None, typer.Option(help="Month to report, YYYY-MM")] = None,
    rebaseline: Annotated[
        bool,
        typer.Option(
            "--rebaseline",
            help="Count earlier years' published months anew where enough people changed: once a "
            "calendar year",
        ),
    ] = False,
) -> None:
    """Run intake and the monthly report once, through Airflow."""
    from pipelines.demo import run_pipeline

    run_pipeline(Settings(), screen, month, rebaseline=rebaseline)


@app.command()
def audit(
    release: Annotated[
        str | None,
        typer.Argument(help="Month of the release, YYYY-MM (default: the latest published)"),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Attack a release and every one before it, together: bounds, differences, bytes.

    One that waits for approval is attacked where its month is named.

    Exit code 4 names the withheld cells that published figures tell too closely.
    """
    from pipelines.audit_command import run_audit

    with screen.status("Attacking…") as progress:
        result = run_audit(release, Settings(), progress.update)
    show_counts("Nothing withheld can be told", result, as_json)


@app.command()
def status(as_json: JsonFlag = False) -> None:
    """What is in the inbox, quarantined (with reason codes), staged, loaded and released."""
    from pipelines.status import collect_status

    show_counts("Collection", collect_status(Settings()), as_json)


@keys_app.command("generate")
def keys_generate() -> None:
    """Make the collection's keys: once, in 0600 files under the home's keys/ folder."""
    settings = Settings()
    keyring.generate_keys(settings.keys)
    screen.print(f"Keys written to {settings.keys}. Back them up: without them nothing opens.")


@keys_app.command("rotate")
def keys_rotate(as_json: JsonFlag = False) -> None:
    """Change the keys: encrypt everything anew, after which the old ones open nothing.

    If it is stopped, run it again to finish it; until then nothing else starts.
    """
    from pipelines.rotation.rotate import rotate

    settings = Settings()
    with screen.status("Encrypting everything anew…"):
        done = rotate(settings)
    show_counts("Encrypted anew", done, as_json)
    screen.print(
        f"Back up {settings.keys} and hand collection.pub to whoever submits: exports sealed to "
        "the old one can no longer be opened."
    )
