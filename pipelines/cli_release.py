"""Commands about releases: approving them, checking them, and the keys for it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from pipelines.cli_show import JsonFlag, screen, show_counts, show_json
from pipelines.errors import GateError
from pipelines.settings import Settings

if TYPE_CHECKING:
    from pipelines.release.verify import Finding

app = typer.Typer()
keys = typer.Typer()

INPUTS = {True: "as loaded", False: "changed since", None: ""}

RoleOption = Annotated[
    str, typer.Option(help="A duty such as data-protection-officer, never a person's name")
]


@app.command()
def approve(
    release: Annotated[str, typer.Argument(help="The month that waits, YYYY-MM")],
    role: RoleOption,
    key: Annotated[Path, typer.Option(help="That role's key file (`candour keys approval`)")],
    as_json: JsonFlag = False,
) -> None:
    """Sign the release that waits. Two people must; the second signature publishes it."""
    from pipelines.release.approve import approve as run

    standing = run(release, role, key, Settings(), date.today())
    title = "Approved and published" if standing.published else "Approved. One more person must"
    show_counts(title, standing.as_dict(), as_json)


@app.command()
def verify(
    release: Annotated[
        str | None, typer.Argument(help="One month, YYYY-MM; without it, every release")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Check releases: every file's hash, the chain over all of them, the approvals' signatures,
    and that pages and open data are made of the figures. One month with every one before it.
    """
    from pipelines.verify_command import run_verify

    findings = run_verify(release, Settings())
    if as_json:
        show_json({"releases": [asdict(finding) for finding in findings]})
    else:
        screen.print(_verified(findings))
    wrong = [f"{f.release}: {'; '.join(f.problems)}" for f in findings if f.problems]
    if wrong:
        raise GateError(
            f"Not as published: {'. '.join(wrong)}. Restore the release from a copy that verifies."
        )


@keys.command("approval")
def keys_approval(
    out: Annotated[Path, typer.Option(help="File to write the private key to (0600)")],
    as_json: JsonFlag = False,
) -> None:
    """Make an approver's own key pair, on their own machine; prints the public key to enrol."""
    from pipelines.release.approvers import make_approval_key

    public_key = make_approval_key(out)
    show_counts("Approval key made", {"key_file": str(out), "public_key": public_key}, as_json)


@keys.command("enrol")
def keys_enrol(
    role: RoleOption,
    public_key: Annotated[str, typer.Option(help="As `candour keys approval` printed it")],
) -> None:
    """Let the holder of a public key approve releases in a role; its last holder no longer may."""
    from pipelines.release.approvers import enrol
    from pipelines.release.publish import published_months

    settings = Settings()
    enrol(settings.keys, role, public_key, last_release=max(published_months(settings), default=""))
    screen.print(f"Releases from now on may be approved by {role} with that key.")


def _verified(findings: list[Finding]) -> Table:
    table = Table(title="Releases", title_justify="left")
    for column in ("release", "SHA256SUMS", "approval", "by", "inputs", "wrong"):
        table.add_column(column, overflow="fold")
    for finding in findings:
        table.add_row(
            finding.release,
            finding.sums_sha256[:16],
            finding.policy.value.replace("_", " ") if finding.policy else "",
            ", ".join(finding.approved_by),
            INPUTS[finding.inputs_as_loaded],
            "; ".join(finding.problems) or "nothing",
        )
    return table
