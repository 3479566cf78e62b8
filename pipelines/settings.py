"""Where things live and what limits apply. Read once, passed down; never a global."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

REPOSITORY = Path(__file__).resolve().parent.parent


BATCH_SECONDS = 60
"""Work aimed at in one intake task: long beside the second that Airflow adds, short where a lost
worker's has to be done again."""

STAGED_BYTES_PER_SECOND = 190_000
"""Sealed bytes that two cores stage, loading the models included: 22.05 MB of 2,322 exports in 115
seconds. A slower machine staged 73.17 MB of 7,697 in 544 (docs/measured-whole.md), 78 seconds a
batch. ``make bench-cluster`` measures it too ("a full batch")."""


class Approval(StrEnum):
    """What a release needs before it is published."""

    TWO_PEOPLE = "two_people"
    DEMONSTRATION = "demonstration"  # two throw-away keys, and the release says so
    NONE = "none"


class Backup(BaseModel):
    """A copy of the collection that Candour cannot reach: erasure certificates name it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(description="What the operator calls it")
    keeps_days: int = Field(ge=0, description="Days after which it no longer holds what was erased")
    folder: Path | None = Field(
        default=None, description="Where it is, if inside the home: a withdrawal leaves it alone"
    )


class Settings(BaseSettings):
    """Each setting is an environment variable ``CANDOUR_<NAME>``; defaults suit one machine."""

    model_config = SettingsConfigDict(env_prefix="CANDOUR_", frozen=True)

    home: Path = Field(default=REPOSITORY / "var", description="Folder for all state")

    store: str = Field(
        default="",
        description="Where staging workers without the home find what to stage: "
        "s3://bucket/prefix or file:///folder (docs/cluster.md)",
    )

    max_export_bytes: int = Field(default=2_000_000_000, description="Largest chat text read")
    max_lines: int = Field(default=2_000_000, description="Most lines read from one export")
    max_archive_members: int = Field(default=50_000, description="Most members of one zip")
    max_archive_ratio: int = Field(default=200, description="Largest unpacked : packed ratio")

    batch_bytes: int = Field(
        default=BATCH_SECONDS * STAGED_BYTES_PER_SECOND,
        description="Sealed bytes aimed at in one intake task",
    )
    stage_workers: int = Field(
        default_factory=lambda: len(os.sched_getaffinity(0)),
        ge=0,
        description="Processes in one intake task, each about 400 MB; by default one a core; with "
        "0 the task's own, which a submission can then hang or kill",
    )
    submission_seconds: int = Field(
        default=1800,  # twice what the most lines allowed take; half the task's own limit
        gt=0,
        description="Seconds one submission may take to be read and de-identified",
    )
    collection_open_days: int = Field(
        default=0, description="Days after a month's end during which its collection stays open"
    )
    name_model: str = Field(
        default="",
        description="Name model in place of the shipped one: module:attribute or a .yml file",
    )
    approval: Approval = Field(
        default=Approval.TWO_PEOPLE,
        description="Who approves a release: two_people, none, or demonstration (itself)",
    )
    private_rho_per_month: float | None = Field(
        default=None,
        description="zCDP a month of the private national series, if any",
    )
    private_rho_total: float = Field(default=1.0, description="zCDP the private series may spend")
    # What each is for, and why this long: docs/retention.md.
    text_retention_days: int = Field(default=90, description="Days de-identified text is kept")
    sealed_retention_days: int = Field(
        default=60, description="Days a sealed export is kept, once its rows are in the warehouse"
    )
    quarantine_retention_days: int = Field(
        default=30, description="Days a submission may wait in quarantine"
    )
    backups: tuple[Backup, ...] = Field(
        default=(), description="Backups of the home, as JSON: name, keeps_days, folder"
    )
    alert_webhook_file: Path | None = Field(
        default=None,
        description="File (0600) with the address that is told of failed runs",
    )
    alert_email: str = Field(
        default="", description="Who is told of failed runs: addresses, with commas"
    )
    alert_late_after_hours: int = Field(
        default=24, ge=0, description="Hours after a report is due at which its absence is told"
    )
    notice: str = Field(
        default="", description="Said at the top of every page, such as that the data is invented"
    )

    @property
    def inbox(self) -> Path:
        """Sealed submissions, one folder each."""
        return self.home / "inbox"

    @property
    def quarantine(self) -> Path:
        """Submissions that could not be used, still sealed, with a reason code."""
        return self.home / "quarantine"

    @property
    def staged(self) -> Path:
        """De-identified Parquet shards, one per submission."""
        return self.home / "staged"

    @property
    def scratch(self) -> Path:
        """What tasks that go through the store are working on: gone with each."""
        return self.home / "scratch"

    @property
    def offers(self) -> Path:
        """What lies in the store to be staged, by the store's own codes."""
        return self.home / "offers.json"

    @property
    def warehouse(self) -> Path:
        """The encrypted DuckDB file."""
        return self.home / "warehouse.duckdb"

    @property
    def releases(self) -> Path:
        """Published months, each frozen."""
        return self.home / "releases"

    @property
    def pending(self) -> Path:
        """The release that waits for approval."""
        return self.releases / ".pending"

    @property
    def validation(self) -> Path:
        """How the gates last stood, and the page that shows it."""
        return self.home / "validation"

    @property
    def runs(self) -> Path:
        """How each task last ended, and the page of how the collection stands."""
        return self.home / "runs"

    @property
    def receipts(self) -> Path:
        """Receipt hashes of submissions whose sealed export's retention has run out."""
        return self.home / "receipts"

    @property
    def withdrawals(self) -> Path:
        """Withdrawals asked for and not finished."""
        return self.home / "withdrawals"

    @property
    def erasures(self) -> Path:
        """Erasure certificates."""
        return self.home / "erasures"

    @property
    def keys(self) -> Path:
        """Key files, mode 0600 in a 0700 folder."""
        return self.home / "keys"

    @property
    def airflow_home(self) -> Path:
        """Airflow's metadata, logs and configuration."""
        return self.home / "airflow"
