"""Commands about exports: looking at one, handing it over, and what became of those handed over."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from pipelines.cli_show import JsonFlag, screen, show_counts, show_json
from pipelines.no_dumps import forbid_core_dumps
from pipelines.settings import Settings

app = typer.Typer()


def _name(given: str) -> str:
    """The name given, or asked for where it shall be in no shell history and no list of processes.

    Shown as it is typed: it must be exactly the chat's.
    """
    return (
        str(typer.prompt("Your name, exactly as the chat shows it", err=True))
        if given == "-"
        else given
    )


@app.command()
def scrub(
    export: Annotated[Path, typer.Argument(help="A chat export: .txt, .zip or .json")],
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="Write here instead of standard output")
    ] = None,
    me: Annotated[
        str | None,
        typer.Option(help="Your name as the chat shows it, to count your messages; - asks for it"),
    ] = None,
) -> None:
    """Show what would leave your phone: one JSON object a message, identities removed.

    Nothing is sent or kept: this runs on your machine alone. A summary goes to standard error.
    """
    from pipelines.scrub import scrub as run

    forbid_core_dumps()
    settings = Settings()
    name = _name(me) if me else None
    with screen.status("Reading…") as shown:
        if out is None:
            summary = run(export, sys.stdout, settings, name, shown.update)
        else:
            with out.open("w", encoding="utf-8") as file:
                summary = run(export, file, settings, name, shown.update)
    for sentence in summary.sentences():
        screen.print(sentence, highlight=False, soft_wrap=True)


@app.command()
def submit(
    export: Annotated[Path, typer.Argument(help="A chat export: .txt, .zip or .json")],
    force: Annotated[str, typer.Option(help="Police force: code or name, see `candour forces`")],
    contributor: Annotated[str, typer.Option(help="The random code you were issued")],
    me: Annotated[
        str, typer.Option(help="Your name exactly as the chat shows it (sealed); - asks for it")
    ],
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
        volunteer_name=_name(me),
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
def status(
    alert: Annotated[
        bool,
        typer.Option(
            "--alert", help="Also tell people, as the alert settings say, of a late release"
        ),
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """What is in the inbox, quarantined (with reason codes), staged, loaded and released."""
    from pipelines.alerts import LATE, tell
    from pipelines.status import LateError, check_not_late, collect_status, list_quarantined

    settings = Settings()
    if alert:
        try:
            check_not_late(settings, datetime.now(UTC))
        except LateError:
            tell(LATE)
    counts, kept = collect_status(settings), list_quarantined(settings)
    if as_json:
        show_json(counts | {"quarantine": kept})
        return
    show_counts("Collection", counts)
    if kept:
        table = Table("submission", "reason", "since", "refused by", "counts", title="Quarantine")
        for item in kept:
            table.add_row(*(_cell(item[name]) for name in item))
        screen.print(table)


@app.command()
def requeue(
    submission: Annotated[
        str | None, typer.Argument(help="Only this one, by its id in `candour status`")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Put quarantined exports back into the inbox, for the next run to try again."""
    from pipelines.intake.inbox import requeue as run

    reasons = run(Settings(), submission)
    result = {"requeued": sum(reasons.values()), "reasons": reasons}
    show_counts("Back in the inbox: `candour run` reads them again", result, as_json)


def _cell(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in value.items())
    return str(value)
