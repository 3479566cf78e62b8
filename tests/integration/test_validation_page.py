"""The operator's page: which expectations ran, how they stood, rows counted, and no value."""

from __future__ import annotations

import json
import re
from functools import partial
from pathlib import Path

import pytest

from pipelines.errors import GateError
from pipelines.keys import Keys
from pipelines.settings import Settings
from pipelines.validate.gates import check_release, check_staged
from pipelines.validate.page import keep_result
from pipelines.validate.suite import load_suite
from tests.gate_world import sound_habits, sound_impact, sound_trends, write_release
from tests.integration.test_gate_staged import Corruption, staged, text


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def page(settings: Settings) -> str:
    return (settings.validation / "index.html").read_text()


def stood(settings: Settings, gate: str) -> dict[str, str]:
    kept = json.loads((settings.validation / f"{gate}.json").read_bytes())
    return {check["id"]: check["stood"] for check in kept["checks"]}


def test_every_expectation_that_ran_is_on_it(
    tmp_path: Path, keys: Keys, settings: Settings
) -> None:
    staged(tmp_path, keys, Corruption())
    check_staged(tmp_path, keys.data, partial(keep_result, settings))
    (tmp_path / "release").mkdir()
    write_release(tmp_path / "release", sound_trends(), sound_habits(), sound_impact())
    check_release(tmp_path / "release", partial(keep_result, settings))
    shown = page(settings)
    for gate in ("staged", "release"):
        suite = load_suite(gate)
        assert set(stood(settings, gate).values()) == {"passed"}
        assert f"{len(suite.expectations)} expectations" in shown
        assert all(f"<code>{e.id}</code>" in shown for e in suite.expectations)
    assert '<td><code>message</code></td>\n<td class="number">3</td>' in shown


def test_a_gate_that_stops_the_run_is_on_it_without_a_value(
    tmp_path: Path, keys: Keys, settings: Settings
) -> None:
    staged(tmp_path, keys, text("ring 07700 900123 or 1234567"))
    with pytest.raises(GateError):
        check_staged(tmp_path, keys.data, partial(keep_result, settings))
    how = stood(settings, "staged")
    assert how["no_phone_number_in_text"] == "stopped"
    assert how["few_long_numbers_in_text"] == "warned"
    assert how["rows_are_unique"] == "passed"
    files = [path.read_text() for path in settings.validation.iterdir()]
    assert not any(value in file for value in ("07700", "1234567") for file in files)


def test_it_loads_nothing(tmp_path: Path, keys: Keys, settings: Settings) -> None:
    staged(tmp_path, keys, Corruption())
    check_staged(tmp_path, keys.data, partial(keep_result, settings))
    assert re.findall(r"(?:src|href|url|@import)\s*[=(]", page(settings)) == []
    assert {oct(p.stat().st_mode & 0o777) for p in settings.validation.iterdir()} == {"0o600"}
