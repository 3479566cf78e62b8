"""Whether a submission's dates can be true. Where they cannot, it alone is held back.

Gate 1 says the same of everything staged and stops the run: one phone whose clock was wrong must
not keep a whole collection from its report.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta

from pipelines.errors import QuarantineError, Reason
from pipelines.staging.schema import StagedRow

FIRST_MESSAGES: Mapping[str, date] = {
    "whatsapp": date(2009, 5, 3),
    "telegram": date(2013, 8, 14),
    "signal": date(2010, 5, 25),
    "messenger": date(2008, 4, 6),
    "instagram": date(2013, 12, 12),
}
"""No message of a platform is older. As in ``expectations/staged.yml``, with the same sources."""

GRACE = timedelta(days=1)
"""How much later than its receipt a message may be dated: clocks and time zones differ."""


def check_dates(rows: Iterable[StagedRow], received_at: datetime, submission_id: str) -> None:
    """Raise ``QuarantineError`` where a message is dated after its receipt or before its platform.

    ``received_at`` is aware. The error says how many there are and not when.
    """
    latest = received_at.astimezone(UTC).date() + GRACE
    doubtful = sum(
        row.sent_on > latest or row.sent_on < FIRST_MESSAGES[row.platform] for row in rows
    )
    if doubtful:
        raise QuarantineError(
            Reason.IMPLAUSIBLE_DATES,
            f"Submission {submission_id}: {doubtful:,} messages are dated before their platform "
            "existed or after the export was received. Where this machine's clock was wrong when "
            "it was submitted, or the phone's, ask for it to be submitted again.",
        )
