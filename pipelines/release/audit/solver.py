"""HiGHS, asked one question after another about the same constraints: each starts from the last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import highspy
import numpy as np
from numpy.typing import NDArray

from pipelines.errors import GateError
from pipelines.release.audit.constraints import Constraints
from pipelines.release.highs import quiet_highs

Vector = NDArray[np.float64]

DUAL, PRIMAL = 1, 4  # simplex: dual finds worlds that spread; primal goes on from the last quickly
MOST = 1e6  # messages no force exceeds in a month: keeps what nothing published bounds finite


class ContradictionError(GateError):
    """No data could have given these figures: somebody can tell that something changed."""


class Solver:
    """Extremes of linear functions over one quarter's constraints."""

    def __init__(self, constraints: Constraints) -> None:
        self.size = len(constraints.columns)
        self._indices = np.arange(self.size, dtype=np.int32)
        self._low, self._high = np.array(constraints.low), np.array(constraints.high)
        self._least = self._low
        self.highs = quiet_highs()
        self.highs.passModel(_model(constraints, self.size))

    def know(self, at_least: Mapping[int, float], least: Mapping[int, float]) -> None:
        """What an insider knows: lower bounds by column and by row; the others are as before."""
        low, self._least = np.zeros(self.size), self._low.copy()
        for column, count in at_least.items():
            low[column] = count
        for row, bound in least.items():
            self._least[row] = max(self._least[row], bound)
        self.highs.changeColsBounds(self.size, self._indices, low, np.full(self.size, MOST))
        self._bound_rows(self._least, self._high)

    @contextmanager
    def without(self, rows: Sequence[int]) -> Iterator[None]:
        """As though these rows said nothing."""
        low, high = self._least.copy(), self._high.copy()
        low[rows], high[rows] = -np.inf, np.inf
        self._bound_rows(low, high)
        yield
        self._bound_rows(self._least, self._high)

    def _bound_rows(self, low: Vector, high: Vector) -> None:
        rows = np.arange(len(low), dtype=np.int32)
        self.highs.changeRowsBounds(len(low), rows, low, high)  # type: ignore[attr-defined]

    def maximise(self, weights: Vector, method: int = PRIMAL) -> Vector:
        """A point where ``weights @ x`` is largest. Raises ``ContradictionError``."""
        self.highs.setOptionValue("simplex_strategy", method)
        self.highs.changeColsCost(self.size, self._indices, -weights)
        self.highs.run()
        status = self.highs.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            raise ContradictionError(
                "The disclosure audit refused: the releases contradict each other, so a change "
                "in a frozen month can be told."
            )
        if status != highspy.HighsModelStatus.kOptimal:
            raise GateError(f"The disclosure audit could not solve a programme ({status.name}).")
        return np.array(self.highs.getSolution().col_value)

    def binding(self) -> list[int]:
        """Rows that the last extreme rests on."""
        duals = np.abs(np.array(self.highs.getSolution().row_dual))
        return [int(row) for row in np.flatnonzero(duals > 1e-7)]


def _model(constraints: Constraints, size: int) -> highspy.HighsLp:
    matrix = constraints.matrix()
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = size, len(constraints.low)
    model.col_cost_ = np.zeros(size)
    model.col_lower_, model.col_upper_ = np.zeros(size), np.full(size, MOST)
    model.row_lower_ = np.array(constraints.low)
    model.row_upper_ = np.array(constraints.high)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = matrix.indptr
    model.a_matrix_.index_ = matrix.indices
    model.a_matrix_.value_ = matrix.data
    return model
