"""Whether a release's files have the form that whatever reads them relies on.

What the files say is not judged here. A problem names a file and never what is in it: a release
that somebody garbled may hold anything.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from math import isfinite
from pathlib import Path
from typing import Any

from pipelines.errors import GateError
from pipelines.prevalence.design import effective
from pipelines.prevalence.method import Basis
from pipelines.release.basis import PRIVATE, is_private
from pipelines.release.estimation import PARTLY, estimated_in
from pipelines.release.periods import is_month, is_period
from pipelines.release.places import read_places
from pipelines.release.publish import read_manifest
from pipelines.release.restated import parse_declaration
from pipelines.release.rows import (
    ChallengeRow,
    EffectRow,
    HabitRow,
    ImpactRow,
    PrivateRow,
    Row,
    TrendRow,
    read_rows,
)
from pipelines.release.training import Training, read_trainings

MANIFEST = "manifest.json"
TRAINING = "training.csv"
EXACT = {TrendRow.FILE, HabitRow.FILE, ChallengeRow.FILE, ImpactRow.FILE, TRAINING}
HAS_EFFECTS = 5  # the format of the manifest since when releases have effects.csv
BASES = {*(basis.value for basis in Basis), PARTLY, PRIVATE}
GARBLED = (
    OSError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    ArithmeticError,
    RecursionError,  # JSON nested without end
    csv.Error,
)
"""Whatever reading bytes of another form raises."""

Problem = tuple[str, str]
"""A file's name and a sentence on it."""


def check_form(folders: Sequence[Path]) -> None:
    """Raise ``GateError`` naming the first of these releases, oldest first, that cannot be read, or
    is not of the last one's kind.
    """
    for folder in folders:
        if found := form_problems(folder):
            raise GateError(
                f"The disclosure audit refused {folder.name}: "
                f"{'; '.join(sentence for _, sentence in found)}. Restore it from a copy."
            )
    last = is_private(read_manifest(folders[-1]))
    for folder in folders[:-1]:
        if is_private(read_manifest(folder)) != last:
            raise GateError(
                f"The disclosure audit refused {folders[-1].name}: {folder.name} is of the other "
                "kind, and exact and private releases are never published beside each other."
            )


def form_problems(folder: Path) -> list[Problem]:
    """What cannot be read of a release, and which files its basis asks for are missing."""
    try:
        manifest = read_manifest(folder)
    except GARBLED:
        manifest = None
    found: list[Problem] = []
    needed: set[str] = set()
    if isinstance(manifest, dict):
        found = [(MANIFEST, sentence) for sentence in _manifest_problems(manifest)]
        needed = {PrivateRow.FILE} if is_private(manifest) else _exact(manifest)
    else:
        found = [(MANIFEST, "its manifest cannot be read")]
    readers: dict[str, Callable[[], None]] = {
        TrendRow.FILE: lambda: _read(folder, TrendRow),
        HabitRow.FILE: lambda: _read(folder, HabitRow),
        ChallengeRow.FILE: lambda: _read(folder, ChallengeRow),
        ImpactRow.FILE: lambda: _read(folder, ImpactRow),
        TRAINING: lambda: _read_trainings(folder),
        EffectRow.FILE: lambda: _read(folder, EffectRow),
        PrivateRow.FILE: lambda: _read(folder, PrivateRow),
    }
    for name, read in readers.items():
        if not (folder / name).exists():
            found += [(name, f"{name} is missing")] if name in needed else []
        elif _fails(read):
            found.append((name, f"{name} has not the columns and values of such a file"))
    return found


def _exact(manifest: Mapping[str, Any]) -> set[str]:
    """The files of a release that is not private; the first formats had no effects."""
    said = manifest.get("format")
    old = isinstance(said, int) and said < HAS_EFFECTS
    return EXACT if old else EXACT | {EffectRow.FILE}


def _manifest_problems(manifest: Mapping[str, Any]) -> list[str]:
    checks: dict[str, Callable[[], None]] = {
        "the month it is of": lambda: _require(is_month(manifest["release"])),
        "what it is based on": lambda: _require(manifest["basis"] in BASES),
        "the months it adds": lambda: _require(_are_months(manifest["months_added"])),
    }
    if is_private(manifest):
        checks["what its months cost"] = lambda: _read_costs(manifest)
    else:
        checks["how its figures were estimated"] = lambda: _read_estimation(manifest)
        checks["which periods its re-baseline restates"] = lambda: _read_declaration(manifest)
    return [f"its manifest does not say {what}" for what, read in checks.items() if _fails(read)]


def _read(folder: Path, kind: type[Row]) -> None:
    names = [field.name for field in fields(kind)]
    _check_columns(folder / kind.FILE, names)
    places = {*read_places().all}
    for row in read_rows(folder, kind):
        _require(isinstance(row, EffectRow) or row.force_code in places)
        _require(isinstance(row, EffectRow | ImpactRow) or is_period(row.period))
        values = (getattr(row, name) for name in names)
        _require(all(isfinite(value) for value in values if isinstance(value, float)))


def _read_trainings(folder: Path) -> None:
    _check_columns(folder / TRAINING, [field.name for field in fields(Training)])
    read_trainings(folder / TRAINING)


def _check_columns(path: Path, names: Sequence[str]) -> None:
    with path.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    _require(header == names and all(len(row) == len(names) for row in rows))


def _read_estimation(manifest: Mapping[str, Any]) -> None:
    """Every constant is tried: any that make an estimate of some counts make one of all."""
    for one in estimated_in(manifest):
        _require(all(map(is_period, one.periods)))
        for method in one.methods.values():
            method.estimate(10, 100, 10)
        effective(100, 10, one.challenge.correlation, one.challenge.size_variation)


def _read_declaration(manifest: Mapping[str, Any]) -> None:
    parse_declaration(manifest)


def _read_costs(manifest: Mapping[str, Any]) -> None:
    for month, of in manifest["privacy"]["months"].items():
        _require(is_month(month) and isinstance(of["rho"], float | int))
        _require(isinstance(of["ledger_sha256"], str))


def _are_months(said: object) -> bool:
    return isinstance(said, list) and all(map(is_month, said))


def _require(holds: bool) -> None:
    if not holds:
        raise ValueError("another form")


def _fails(read: Callable[[], None]) -> bool:
    try:
        read()
    except GARBLED:
        return True
    return False
