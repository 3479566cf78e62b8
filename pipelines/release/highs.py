"""The solver, silent and on one thread."""

from __future__ import annotations

from highspy._core import _Highs as Highs  # ``highspy.Highs`` wraps it, and prints a banner


def quiet_highs() -> Highs:
    """A solver without a model, that prints nothing and leaves the other cores alone."""
    highs = Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    return highs
