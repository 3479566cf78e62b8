"""From a text's scores to probabilities, and from probabilities to flags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.classify.taxonomy import CODES, PROTECTIVE_CODE, RISK_CODES
from pipelines.encoder.runtime import Rows

RELATIVE = 0.4
"""Share of its likeliest category's probability from which a risky text is flagged with another
too. On validation families this gives the corrected estimates their least standard error; the
flags' F1 is best at a half and hardly lower here (docs/risk-model.md)."""

_RISKS = [CODES.index(code) for code in RISK_CODES]
_PROTECTIVE = CODES.index(PROTECTIVE_CODE)

Flags = NDArray[np.bool_]


def any_risk(probabilities: Rows) -> NDArray[np.float32]:
    """Of each text, the probability of any risk at all, its categories taken as independent.

    Doubt between two categories is no doubt that there is one.
    """
    found: NDArray[np.float32] = 1.0 - np.prod(1.0 - probabilities[:, _RISKS], axis=1)
    return found


@dataclass(frozen=True, slots=True)
class FlagRule:
    """When a text is flagged: ``risky`` is the least probability of any risk, ``protective`` that
    of a challenge."""

    risky: float
    protective: float

    def flags(self, probabilities: Rows) -> Flags:
        """Of texts' ``probabilities``, both (texts, ``CODES``).

        A risky text is flagged with its likeliest category, and with those ``RELATIVE`` as likely.
        """
        likeliest = probabilities[:, _RISKS].max(axis=1, keepdims=True)
        flags: Flags = probabilities >= RELATIVE * likeliest
        flags &= (any_risk(probabilities) >= self.risky)[:, None]
        flags[:, _PROTECTIVE] = probabilities[:, _PROTECTIVE] >= self.protective
        return flags


@dataclass(frozen=True, slots=True)
class Calibration:
    """By category in ``CODES`` order: probability = sigmoid(``network`` x the network's score +
    ``linear`` x the linear model's + ``offset``). A text whose linear scores come to less than
    ``look`` is kept from the network, and has the probabilities ``unread``.
    """

    network: NDArray[np.float32]
    linear: NDArray[np.float32]
    offset: NDArray[np.float32]
    unread: NDArray[np.float32]
    look: float
    rule: FlagRule

    @classmethod
    def read(cls, tables: Mapping[str, Any]) -> Calibration:
        """From ``calibration.json``."""
        return cls(
            network=by_category(tables["network"]),
            linear=by_category(tables["linear"]),
            offset=by_category(tables["offset"]),
            unread=by_category(tables["unread"]),
            look=tables["look"],
            rule=FlagRule(tables["risky"], tables["protective"]),
        )

    def probabilities(self, network: Rows, linear: Rows) -> Rows:
        """Of texts' scores by the two models, each (texts, ``CODES``)."""
        together = network * self.network + linear * self.linear + self.offset
        probabilities: Rows = (1.0 / (1.0 + np.exp(-together))).astype(np.float32)
        return probabilities


def by_category(table: Mapping[str, float]) -> NDArray[np.float32]:
    """A table's values in ``CODES`` order."""
    return np.array([table[code] for code in CODES], np.float32)
