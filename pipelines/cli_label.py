"""Commands for labelling: people judge a random sample, which tells how often the model errs."""

from __future__ import annotations

import secrets
import sys
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from pipelines.cli_show import JsonFlag, screen, show_counts, show_json
from pipelines.errors import CallerError
from pipelines.keys import load_keys
from pipelines.settings import Settings

if TYPE_CHECKING:
    from pipelines.label.agreement import Agreement

app = typer.Typer(invoke_without_command=True)


@app.callback()
def label(
    context: typer.Context,
    labeller: Annotated[
        str, typer.Option(help="Your role's code such as labeller-a, never a person's name")
    ] = "",
) -> None:
    """Judge the sampled messages, one key each; stop with q and go on another day.

    Messages are shown on this terminal and nowhere else; what the model thinks is not shown.
    """
    if context.invoked_subcommand is None:
        _judge(labeller)


@app.command()
def draw(
    month: Annotated[str, typer.Option(help="Month to sample, YYYY-MM")],
    size: Annotated[int, typer.Option(help="Messages to judge")],
    as_json: JsonFlag = False,
) -> None:
    """Draw a month's stratified random sample of de-identified messages, once."""
    from pipelines.label.draw import draw as run
    from pipelines.warehouse.connect import open_warehouse

    settings = Settings()
    with open_warehouse(settings.warehouse, load_keys(settings.keys).data) as connection:
        drawn = run(connection, month, size, seed=secrets.token_hex())
    show_counts(f"Drawn from {month}, by stratum", drawn, as_json)


@app.command()
def agreement(as_json: JsonFlag = False) -> None:
    """Show how far the labellers agree: Krippendorff's alpha by category."""
    from pipelines.label.agreement import agreement as of
    from pipelines.label.agreement import progress
    from pipelines.warehouse.connect import open_warehouse

    settings = Settings()
    with open_warehouse(settings.warehouse, load_keys(settings.keys).data) as connection:
        by_labeller = progress(connection)
        twice, categories = of(connection)
    if as_json:
        found = [asdict(category) for category in categories]
        show_json({"judged": by_labeller, "judged_twice": twice, "categories": found})
    else:
        show_counts("Judged", {**by_labeller, "by two labellers or more": twice})
        screen.print(_agreed(categories))


def _judge(labeller: str) -> None:
    from pipelines.label.screen import draw_view
    from pipelines.label.session import Session
    from pipelines.label.store import Store
    from pipelines.warehouse.connect import open_warehouse

    settings = Settings()
    key = load_keys(settings.keys).data
    store = Store(partial(open_warehouse, settings.warehouse, key), labeller)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise CallerError("Messages are shown on a terminal and nowhere else: run this in one.")
    queue = store.queue()
    if not queue:
        raise CallerError("No message waits to be judged: draw a sample with `candour label draw`.")
    terminal = Console()
    with terminal.screen(hide_cursor=True):  # its own screen, so that no text stays behind
        show = partial(draw_view, terminal)
        waiting = Session(queue, store, typer.getchar, show).run()
    show_counts("Recorded", {"judged": len(queue) - waiting, "waiting": waiting})


def _agreed(categories: list[Agreement]) -> Table:
    table = Table(title="Agreement", title_justify="left")
    for column in ("category", "said by any", "by all", "alpha"):
        table.add_column(column, justify="left" if column == "category" else "right")
    for found in categories:
        alpha = "" if found.alpha is None else f"{found.alpha:.2f}"
        table.add_row(found.category, str(found.some), str(found.all), alpha)
    return table
