"""What published figures were counted from: kept sealed, so that a re-baseline can tell a change.

Exact counts by force and month and nothing of whom they are of: a withdrawal has nothing to erase
here. Some are of few people, so they are encrypted with the key of the warehouse.
"""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from itertools import product
from pathlib import Path

import duckdb
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pipelines.errors import CallerError
from pipelines.keys import read_secret
from pipelines.release.cells import MESSAGES, Cell, Unit, Values, supports
from pipelines.release.disclosure import Outcome, Scope
from pipelines.release.enclave import (
    Kept,
    keep_with_draft,
    kept_files,
    of_draft,
    of_release,
    write,
)
from pipelines.release.periods import months_of
from pipelines.release.policy import Support
from pipelines.settings import Settings

NONCE_BYTES = 12

Counted = Mapping[str, Mapping[str, Support]]
"""One unit's messages by split and value."""


@dataclass(frozen=True)
class Baseline:
    """What one release counted. ``units`` are by period: a quarter counts its months again when
    it closes. ``people`` are the contributors of published denominators.
    """

    units: Mapping[str, Mapping[Unit, Counted]]
    people: Mapping[Cell, int]

    def __or__(self, other: Baseline) -> Baseline:
        """Both: they are of different periods."""
        return Baseline({**self.units, **other.units}, {**self.people, **other.people})


class History:
    """Every count ever published of, by period and unit, oldest first; and the latest people."""

    def __init__(self, baselines: Iterable[Baseline]) -> None:
        self._versions: dict[tuple[str, Unit], list[Counted]] = {}
        self.people: dict[Cell, int] = {}
        for baseline in baselines:
            self.people |= baseline.people
            for period, units in baseline.units.items():
                for unit, counted in units.items():
                    self._versions.setdefault((period, unit), []).append(counted)

    def units(self, period: str) -> set[Unit]:
        """Units that a period's figures count."""
        return {unit for counted, unit in self._versions if counted == period}

    def versions(self, period: str, unit: Unit) -> list[Counted]:
        """What a unit counted in the figures of a period, each time; nothing where it had none."""
        return self._versions.get((period, unit), [{}])


def count_units(
    con: duckdb.DuckDBPyConnection, units: Iterable[Unit], values: Values
) -> dict[Unit, Counted]:
    """What the marts hold of each unit now. ``cells.prepare`` comes before."""
    found: dict[Unit, Counted] = {unit: {} for unit in units}
    asked = [(split, frozenset({unit})) for unit in found for split in values]
    for (split, pool), group in supports(con, asked, values).items():
        (unit,) = pool
        if parts := {value: part for value, part in group.split.items() if part.messages}:
            found[unit] = {**found[unit], split: parts}
    return found


def make_baseline(
    con: duckdb.DuckDBPyConnection, scope: Scope, outcome: Outcome, values: Values
) -> Baseline:
    """What a release counts for the months and quarters that it adds."""
    periods = (*scope.months, *scope.quarters)
    months = {month for period in periods for month in months_of(period)}
    units = product(sorted(months), scope.places.forces)  # those without a message, too
    counted = count_units(con, units, values)
    people = {
        cell: group.denominator.contributors
        for (split, cell), group in outcome.groups.items()
        if split == MESSAGES and cell in outcome.published[MESSAGES]
    }
    return Baseline(
        {p: {u: c for u, c in counted.items() if u[0] in months_of(p)} for p in periods}, people
    )


def can_seal(settings: Settings) -> bool:
    """Whether the key of the warehouse is here."""
    return _key(settings).exists()


def keep_baseline(baseline: Baseline, month: str, settings: Settings) -> None:
    """Seal it. A collection without keys keeps none, and its months can never be restated."""
    if not can_seal(settings):
        return
    content = {
        "units": [
            [period, *unit, {s: {v: astuple(n) for v, n in c[s].items()} for s in c}]
            for period, units in baseline.units.items()
            for unit, c in units.items()
        ],
        "people": [[*cell, number] for cell, number in baseline.people.items()],
    }
    cipher = _cipher(read_secret(_key(settings)))
    text = _seal(json.dumps(content).encode(), month, cipher)
    keep_with_draft(Kept.COUNTED, month, text, settings)


def kept_history(months: Sequence[str], settings: Settings, draft: str | None = None) -> History:
    """What these months' releases counted, and the ``draft`` of a month after them.

    Those that kept nothing are left out.
    """
    texts = {month: of_release(Kept.COUNTED, month, settings) for month in months}
    if draft is not None:
        texts[draft] = of_draft(Kept.COUNTED, draft, settings)
    return History(_open(text, month, settings) for month, text in texts.items() if text)


def reseal_baselines(settings: Settings, before: str, after: str) -> int:
    """Encrypt every baseline, of releases and of drafts, with the data key ``after`` in place of
    ``before``; how many were not yet. Raises ``CallerError`` for one that neither opens.
    """
    resealed = 0
    for path, month in kept_files(Kept.COUNTED, settings):
        text = path.read_text(encoding="utf-8")
        try:
            _unseal(text, month, _cipher(after))
        except InvalidTag:
            write(path, _seal(_read(text, month, _cipher(before)), month, _cipher(after)))
            resealed += 1
    return resealed


def _open(text: str, month: str, settings: Settings) -> Baseline:
    kept = json.loads(_read(text, month, _cipher(read_secret(_key(settings)))))
    units: dict[str, dict[Unit, Counted]] = {}
    for period, of_month, force, counted in kept["units"]:
        units.setdefault(period, {})[of_month, force] = {
            split: {value: Support(*numbers) for value, numbers in values.items()}
            for split, values in counted.items()
        }
    return Baseline(units, {Cell(period, place): n for period, place, n in kept["people"]})


def _read(text: str, month: str, cipher: AESGCM) -> bytes:
    try:
        return _unseal(text, month, cipher)
    except InvalidTag:
        raise CallerError(
            f"What the release {month} counted cannot be read: ledgers/counted-{month}.json is "
            "damaged, or of another data key. "
            "Put it back from a backup, or report without --rebaseline."
        ) from None


def _unseal(text: str, month: str, cipher: AESGCM) -> bytes:
    raw = b64decode(json.loads(text)["sealed"])
    return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], month.encode())


def _seal(content: bytes, month: str, cipher: AESGCM) -> str:
    nonce = os.urandom(NONCE_BYTES)
    sealed = cipher.encrypt(nonce, content, month.encode())
    return json.dumps({"sealed": b64encode(nonce + sealed).decode()}) + "\n"


def _cipher(data_key: str) -> AESGCM:
    return AESGCM(bytes.fromhex(data_key))


def _key(settings: Settings) -> Path:
    return settings.keys / "data.key"
