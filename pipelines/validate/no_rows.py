"""Great Expectations' expectation over a query, asked once and for a number alone.

Its own also fetches the rows it finds, by the same query over again: on a million messages that is
half of what a gate takes, and rows are what must not leave DuckDB.
"""

from __future__ import annotations

from typing import Any, ClassVar

from great_expectations.expectations.core.unexpected_rows_expectation import (
    UnexpectedRowsExpectation,
)

COUNT = "unexpected_rows_query.row_count"


class ExpectNoRows(UnexpectedRowsExpectation):
    """``unexpected_rows_query`` finds nothing. Known to suites as ``expect_no_rows``."""

    metric_dependencies: ClassVar[tuple[str, ...]] = (COUNT,)

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: object = None,
    ) -> dict[str, bool]:
        return {"success": metrics[COUNT] == 0}
