"""The operator's page of how the gates last stood: ``validation/index.html`` in the home.

One file that loads nothing. It names expectations and counts rows; no value is ever in it.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipelines.intake.inbox import make_private, replace
from pipelines.operator_page import render
from pipelines.settings import Settings
from pipelines.validate.gates import GateResult
from pipelines.validate.runner import Check
from pipelines.validate.suite import Severity, load_suite

PAGE = "index.html"
TEMPLATE = Path(__file__).parent / "page.html.j2"
GATES = ("staged", "warehouse", "release", "private")
"""In the order that data passes them."""


def keep_result(settings: Settings, result: GateResult) -> Path:
    """Keep how a gate stood in place of its last time, and draw the page anew. Its path."""
    make_private(settings.validation)
    kept = {
        "gate": result.gate,
        "about": load_suite(result.gate).about,
        "at": datetime.now(UTC).isoformat(sep=" ", timespec="minutes"),
        "rows": dict(result.rows),
        "checks": [asdict(check) | {"stood": stood(check)} for check in result.checks],
    }
    replace(settings.validation / f"{result.gate}.json", json.dumps(kept, indent=1) + "\n")
    replace(settings.validation / PAGE, render(TEMPLATE, gates=_kept(settings)))
    return settings.validation / PAGE


def stood(check: Check) -> str:
    """In a word: passed, warned, stopped, or not evaluated (which stops)."""
    if not check.evaluated:
        return "not evaluated"
    if check.passed:
        return "passed"
    return "warned" if check.severity is Severity.WARN else "stopped"


def standing(settings: Settings) -> dict[str, dict[str, object]]:
    """By gate that has run: when last, and how many expectations ended how."""
    return {
        gate["gate"]: {"at": gate["at"], **Counter(check["stood"] for check in gate["checks"])}
        for gate in _kept(settings)
    }


def _kept(settings: Settings) -> list[dict[str, Any]]:
    paths = [settings.validation / f"{gate}.json" for gate in GATES]
    return [json.loads(path.read_bytes()) for path in paths if path.exists()]
