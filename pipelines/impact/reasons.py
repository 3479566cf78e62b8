"""Why there is no estimate, or none that may be published. Typed, and never with a count."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why a comparison cannot be made."""

    TRAINED_FORCES = "too_few_trained_forces"
    COHORTS = "too_few_training_dates"
    NOTHING_BEFORE = "no_month_long_before_training"
    NOTHING_AFTER = "nothing_left_after_correction"
    FALSE_ALARMS = "flags_may_all_be_false_alarms"
    TOO_UNSURE = "interval_too_wide_to_say_anything"
    NOT_IDENTIFIED = "forces_and_months_not_connected"


class CannotEstimateError(Exception):
    """A comparison that the data do not carry. Carries the reason, never a count."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
