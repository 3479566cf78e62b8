"""Commands that erase: what a volunteer withdraws, and what was kept long enough."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

import typer

from pipelines.cli_show import JsonFlag, screen, show_counts
from pipelines.keys import load_keys
from pipelines.settings import Settings

app = typer.Typer()


@app.command()
def withdraw(
    receipt: Annotated[
        str, typer.Argument(help="The code printed when the export was submitted; - asks for it")
    ],
    later: Annotated[
        bool, typer.Option("--later", help="Only ask: the `withdrawal` DAG does it")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Erase a submission everywhere, prove it and print the certificate."""
    from pipelines.erasure.withdraw import ask
    from pipelines.erasure.withdraw import withdraw as run

    settings = Settings()
    keys = load_keys(settings.keys)
    if receipt == "-":  # so that it is in no shell history
        receipt = typer.prompt("Receipt code", hide_input=True, err=True)
    if later:
        ask(receipt, settings, keys)
        screen.print("Asked for. The `withdrawal` DAG erases it when it next runs.")
        return
    with screen.status("Erasing…"):
        certificate = run(receipt, settings, keys, date.today())
    show_counts("Erased. Certificate", certificate, as_json)
    if months := certificate["unpublished_releases_discarded"]:
        screen.print(
            f"The unpublished release of {', '.join(months)} had counted it and was discarded: "
            "make it again with `candour run`."
        )


@app.command()
def retention(as_json: JsonFlag = False) -> None:
    """Drop what has been kept long enough: texts, sealed exports, quarantined submissions."""
    from pipelines.erasure.retention import retain

    settings = Settings()
    with screen.status("Dropping what is due…"):
        done = retain(settings, load_keys(settings.keys), datetime.now(UTC))
    show_counts("Retention", done, as_json)
