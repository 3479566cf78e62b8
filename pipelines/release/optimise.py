"""The mixed-integer programme: publish the most information that the cuts allow."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import product

import highspy
import numpy as np

from pipelines.errors import GateError
from pipelines.release.cells import Cell
from pipelines.release.highs import quiet_highs
from pipelines.release.suppression import Cut, Table, Term

GAP = 0.02  # a choice within 2% of the best will do
NODES = 300  # and whatever was found by then: a limit in seconds would depend on the machine


def choose(table: Table, cuts: Collection[Cut]) -> frozenset[Cell]:
    """The cells to publish, frozen ones among them. Raises ``GateError`` where cuts forbid all."""
    if not cuts:
        return table.frozen | frozenset(table.worth)
    return _Programme(table).solve(cuts)


class _Programme:
    """One binary column a cell; one column, at least as large as what implies it, a term."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.highs = quiet_highs()
        self.highs.setOptionValue("mip_rel_gap", GAP)
        self.highs.setOptionValue("mip_max_nodes", NODES)
        self.highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
        self.columns = 0
        self.cells = {
            cell: self._column(worth, integer=True) for cell, worth in sorted(table.worth.items())
        }
        self.terms: dict[Term, int] = {}

    def solve(self, cuts: Iterable[Cut]) -> frozenset[Cell]:
        for cut in cuts:
            self._forbid(cut)
        self.highs.run()
        if self.highs.getModelStatus() not in (
            highspy.HighsModelStatus.kOptimal,
            highspy.HighsModelStatus.kSolutionLimit,
        ):
            raise GateError(
                f"Disclosure control found no safe choice of {self.table.split} cells of "
                f"{self.table.periods[-1]}: frozen months already give a withheld one away."
            )
        values = self.highs.getSolution().col_value
        chosen = (cell for cell, column in self.cells.items() if values[column] > 0.5)
        return self.table.frozen | frozenset(chosen)

    def _term(self, term: Term) -> int:
        if term not in self.terms:
            self.terms[term] = self._make_term(term)
        return self.terms[term]

    def _make_term(self, term: Term) -> int:
        if term.kind == "published":
            return self._published(term.cell)
        possible = self.table.worth.keys() | self.table.frozen
        reasons = [r for r in self.table.reasons(term) if possible.issuperset(r)]
        return self._implied([[self._published(cell) for cell in reason] for reason in reasons])

    def _published(self, cell: Cell) -> int:
        if cell not in self.cells:
            fixed = float(cell in self.table.frozen)
            self.cells[cell] = self._column(0.0, low=fixed, high=fixed)
        return self.cells[cell]

    def _implied(self, reasons: Sequence[Sequence[int]]) -> int:
        """A column that is 1 exactly where every column of any reason is."""
        column = self._column(0.0)
        for reason in reasons:
            self._row([*reason, column], [1.0] * len(reason) + [-1.0], len(reason) - 1)
        for one_of_each in product(*reasons):
            self._row([column, *one_of_each], [1.0] + [-1.0] * len(one_of_each), 0)
        return column

    def _forbid(self, cut: Cut) -> None:
        columns = [self._term(term) for term in sorted(cut.together)]
        factors = [1.0] * len(columns)
        if cut.unless is not None:
            columns, factors = [*columns, self._term(cut.unless)], [*factors, -1.0]
        self._row(columns, factors, len(cut.together) - 1)

    def _row(self, columns: list[int], factors: list[float], most: int) -> None:
        index, value = np.array(columns, np.int32), np.array(factors)
        self.highs.addRow(-highspy.kHighsInf, float(most), len(columns), index, value)

    def _column(
        self, worth: float, low: float = 0.0, high: float = 1.0, integer: bool = False
    ) -> int:
        none = np.array([], np.int32)
        self.highs.addCol(worth, low, high, 0, none, np.array([], float))
        if integer:
            self.highs.changeColIntegrality(self.columns, highspy.HighsVarType.kInteger)
        self.columns += 1
        return self.columns - 1
