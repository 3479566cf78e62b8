"""Every expectation of every suite file has a corrupted input that makes exactly it fail.

The inputs are in the gates' own tests; here, that no file and no expectation is without one.
"""

from __future__ import annotations

import pytest

from pipelines.validate.page import GATES
from pipelines.validate.suite import EXPECTATIONS, load_suite
from tests.integration import (
    test_gate_release,
    test_gate_staged,
    test_gate_warehouse,
    test_private_release,
)

CORRUPTIONS = {
    "staged": test_gate_staged.CORRUPTIONS.keys(),
    "warehouse": set(test_gate_warehouse.EVERY),
    "release": test_gate_release.CORRUPTIONS.keys(),
    "private": test_private_release.CORRUPTIONS.keys(),
}


def test_every_suite_file_is_a_gate_and_has_corruptions() -> None:
    files = {path.stem for path in EXPECTATIONS.glob("*")}
    assert files == set(CORRUPTIONS) == set(GATES)


@pytest.mark.parametrize("gate", CORRUPTIONS)
def test_every_expectation_has_a_corruption(gate: str) -> None:
    assert {e.id for e in load_suite(gate).expectations} == CORRUPTIONS[gate]
