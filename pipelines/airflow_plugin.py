"""What Candour adds to Airflow, which finds it by its entry point."""

from __future__ import annotations

from airflow.plugins_manager import AirflowPlugin

from pipelines.web_headers import SecurityHeaders


class CandourPlugin(AirflowPlugin):
    """The middleware, as Airflow takes it."""

    name = "candour"
    fastapi_root_middlewares = [{"name": "security headers", "middleware": SecurityHeaders}]  # noqa: RUF012
