"""Airflow's metadata database: its tables, the warehouse's one-slot pool, and who may log in.

Run once before a deployment's other parts: ``python -m pipelines.airflow_database PASSWORD_FILE``.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from pipelines.keys import read_secret

WAREHOUSE_POOL = "warehouse"
"""One slot: DuckDB has one writer, and a second opener would fail on its lock."""

ADMIN = "admin"


def prepare() -> None:
    """Bring the tables up to date and make the pool. Run again it changes nothing."""
    from airflow.models.pool import Pool
    from airflow.utils.db import initdb

    logging.getLogger("alembic").setLevel(logging.WARNING)
    initdb()
    Pool.create_or_update_pool(
        WAREHOUSE_POOL, slots=1, description="DuckDB has one writer", include_deferred=False
    )


def add_admin(password: str) -> None:
    """Add the first user, who adds others in the UI. Does nothing where there is one already, so
    that a password changed since stays.
    """
    from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder

    with get_application_builder() as builder:
        security = builder.sm
        if security.find_user(ADMIN) is None:
            role = security.find_role("Admin")
            security.add_user(ADMIN, "Candour", "operator", f"{ADMIN}@localhost", role, password)


def main(password_file: str) -> None:
    """Prepare the database that Airflow's own settings name."""
    prepare()
    add_admin(read_secret(Path(password_file)))


if __name__ == "__main__":
    main(sys.argv[1])
