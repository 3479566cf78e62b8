"""Tell people that a run failed or a month is late: the DAGs' callbacks, by webhook or e-mail.

Says which DAG and which month, never why: `candour status` and its page do, inside.
"""

from __future__ import annotations

import json
import logging
import urllib.request
from collections.abc import Mapping
from typing import Any

from pipelines.keys import read_secret
from pipelines.settings import Settings

ANSWERS_WITHIN = 30  # seconds
MISSING = "put the webhook's address into that file, mode 0600"
LOOK = "`candour status` says where it stopped."
LATE = "Candour: the month's release is due and not out. `candour status` says where it stands."

log = logging.getLogger(__name__)


def failed(context: Mapping[str, Any]) -> None:
    """A DAG's ``on_failure_callback``."""
    run = context["dag_run"]
    month = f" of {key}" if (key := getattr(run, "partition_key", None)) else ""
    tell(f"Candour: a run of {run.dag_id}{month} failed. {LOOK}")


def late(context: Mapping[str, Any]) -> None:
    """The ``on_failure_callback`` of the DAG that looks whether a release is out."""
    tell(LATE)


def tell(message: str) -> None:
    """Send ``message`` wherever the settings say; what cannot be sent is logged by its kind alone,
    since a webhook's address is a secret.
    """
    settings = Settings()
    ways = {
        "webhook": (settings.alert_webhook_file, _post),
        "e-mail": (settings.alert_email, _mail),
    }
    for name, (wanted, send) in ways.items():
        if not wanted:
            continue
        try:
            send(message, settings)
        except Exception as error:
            log.error("The alert by %s was not sent: %s.", name, type(error).__name__)


def _post(message: str, settings: Settings) -> None:
    assert settings.alert_webhook_file is not None
    address = read_secret(settings.alert_webhook_file, MISSING)
    if not address:  # a deployment makes the file empty, to be filled in
        return
    if not address.startswith(("https://", "http://")):
        raise ValueError("not a web address")
    request = urllib.request.Request(  # noqa: S310  # checked above
        address,
        data=json.dumps({"text": message}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=ANSWERS_WITHIN):  # noqa: S310
        pass


def _mail(message: str, settings: Settings) -> None:
    """Through Airflow's connection ``smtp_default``."""
    from airflow.providers.smtp.notifications.smtp import SmtpNotifier

    addressed = [address.strip() for address in settings.alert_email.split(",")]
    SmtpNotifier(to=addressed, subject=message.split(". ")[0], html_content=message).notify({})
