"""Commands that run Airflow: for good, or for a new classifier."""

from __future__ import annotations

import signal
from typing import Annotated

import typer

from pipelines.cli_show import screen
from pipelines.no_dumps import forbid_core_dumps
from pipelines.settings import Settings

app = typer.Typer()


@app.command()
def up(
    port: Annotated[int, typer.Option(help="Port of the user interface, on 127.0.0.1 only")] = 8080,
) -> None:
    """Keep Airflow running: the DAGs on their schedules, and a user interface on this machine.

    Runs until Ctrl-C or SIGTERM. The first start prints the generated password.
    """
    from pipelines.server import up as run

    forbid_core_dumps()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        run(Settings(), port, lambda said: screen.print(said, highlight=False, soft_wrap=True))
    except KeyboardInterrupt:
        screen.print("Airflow has stopped.")


@app.command()
def reclassify() -> None:
    """Classify the texts still kept again, after an upgrade changed the taxonomy or the classifier.

    What is still sealed is staged again by intake, which runs first. Published months stay.
    """
    from pipelines.orchestrate import run_dag

    settings = Settings()
    for dag_id in ("intake", "reclassify"):
        screen.print(f"[bold]{dag_id}[/]")
        run_dag(dag_id, settings, lambda task: screen.print(f"  [dim]{task}[/]"))
