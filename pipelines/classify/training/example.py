"""What the network learns from: a text and what is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.classify.taxonomy import CODES

TASKS = ("edos", "hatemoji", "sbic", "convabuse", "guest")
"""Open corpora the network also answers as they ask: outputs that are measured, never shipped as
risks, since those texts are of another register and their questions are not the taxonomy's."""

LABELS = (*CODES, *TASKS)
"""Order of the network's outputs."""


@dataclass(frozen=True, slots=True)
class Example:
    """``targets`` holds 0 or 1 for each of ``LABELS`` that is known; the rest is not learnt."""

    text: str
    targets: Mapping[str, float]
    weight: float = 1.0
