"""The ``candour`` command. Each one parses its arguments, calls one function, shows the result.

Exit codes: 0 done, 2 the caller's mistake, 3 input quarantined, 4 a gate refused.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipelines import keys as keyring
from pipelines.cli_erasure import app as erasure_app
from pipelines.cli_impact import app as impact_app
from pipelines.cli_intake import app as intake_app
from pipelines.cli_label import app as label_app
from pipelines.cli_release import app as release_app
from pipelines.cli_release import keys as approval_keys
from pipelines.cli_server import app as server_app
from pipelines.cli_show import JsonFlag, screen, show_counts
from pipelines.disk import DiskFullError, is_disk_full
from pipelines.errors import CandourError
from pipelines.private_files import keep_files_private
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
app.add_typer(intake_app)
app.add_typer(label_app, name="label")
app.add_typer(release_app)
app.add_typer(erasure_app)
app.add_typer(impact_app)
app.add_typer(server_app)


def main() -> None:
    """Run the command line; a ``CandourError`` becomes one sentence and its exit code."""
    keep_files_private()
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
        store="",  # a collection's own has no place for it
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
