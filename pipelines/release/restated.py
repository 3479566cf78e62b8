"""What later releases say differently of months that earlier ones published, from their files.

A release may restate published figures in one way only: a declared re-baseline, once a calendar
year, of periods in earlier years. It changes figures that are out and puts out no others.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.errors import GateError
from pipelines.release.periods import is_period
from pipelines.release.publish import read_manifest
from pipelines.release.rows import SUPPRESSED, ChallengeRow, HabitRow, PrivateRow, TrendRow

Row = TrendRow | HabitRow | ChallengeRow
RowKey = tuple[str, ...]
"""The file, then what a row is of: its period comes first."""

Rows = dict[RowKey, list[str]]
KEY_COLUMNS = {TrendRow.FILE: 3, HabitRow.FILE: 4, ChallengeRow.FILE: 2, PrivateRow.FILE: 3}


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a manifest says of its re-baseline: the periods restated, and how many rows of them."""

    periods: frozenset[str]
    cells_changed: int


def check_restated(folders: Sequence[Path]) -> None:
    """Raise ``GateError`` unless every restatement among these releases, oldest first, is declared
    and is what a re-baseline may be.
    """
    for name, found in restatement_problems(folders).items():
        raise GateError(f"The disclosure audit refused {name}: {'; '.join(found)}.")


def restatement_problems(
    folders: Sequence[Path], unread: Collection[Path] = ()
) -> dict[str, list[str]]:
    """By release, oldest first: what it restates and may not, a clause each.

    Each file is compared with the last before it that is not ``unread``: a release's damage is no
    later one's fault, and hides no later one's restatement.
    """
    found: dict[str, list[str]] = {}
    years: Counter[str] = Counter()
    before: Rows = {}
    of: dict[str, str] = {}  # by file, the release it was last read of
    unseen: frozenset[str] = frozenset()  # periods whose re-baseline was in a file not read
    for number, later in enumerate(folders):
        says = later / "manifest.json" not in unread
        declared = declared_in(later) if says else None
        read = [name for name in KEY_COLUMNS if later / name not in unread]
        whole = len(read) == len(KEY_COLUMNS)
        after = _rows(later, read)
        problems = []
        if number and says:
            comparable = {key: row for key, row in before.items() if key[0] in read}
            next_to = whole and set(of.values()) == {folders[number - 1].name}
            problems = _problems(of, comparable, after, declared, None if next_to else unseen)
        before = {key: row for key, row in before.items() if key[0] not in read} | after
        of |= dict.fromkeys(read, later.name)
        unseen = frozenset() if whole else unseen | (declared.periods if declared else frozenset())
        if declared is not None:
            year = read_manifest(later)["release"][:4]
            years[year] += 1
            if years[year] > 1:
                problems.append(f"it is the second re-baseline of {year}")
            if not number or any(period[:4] >= year for period in declared.periods):
                problems.append("its re-baseline is not of earlier years alone")
        if problems:
            found[later.name] = problems
    return found


def declared_in(folder: Path) -> Declaration | None:
    """What a release's manifest says of its re-baseline, ``None`` where it made none.

    Raises ``GateError`` where it says so in another form.
    """
    try:
        return parse_declaration(read_manifest(folder))
    except ValueError as error:
        raise GateError(f"{folder.name} cannot be read: {error}.") from None


def parse_declaration(manifest: Mapping[str, Any]) -> Declaration | None:
    """The re-baseline that a manifest declares, if any. Raises ``ValueError``."""
    said = manifest.get("rebaseline")
    if said is None:
        return None
    if isinstance(said, dict):
        periods, changed = said.get("periods"), said.get("cells_changed")
        if isinstance(periods, list) and all(map(is_period, periods)) and type(changed) is int:
            return Declaration(frozenset(periods), changed)
    raise ValueError("its manifest does not say which periods its re-baseline restates")


def row_key(row: Row) -> RowKey:
    """What a row is of, whatever it says."""
    if isinstance(row, TrendRow):
        return (row.FILE, row.period, row.force_code, row.category)
    if isinstance(row, HabitRow):
        return (row.FILE, row.period, row.force_code, row.habit, row.value)
    return (row.FILE, row.period, row.force_code)


def _problems(
    of: Mapping[str, str],
    before: Rows,
    after: Rows,
    declared: Declaration | None,
    unseen: frozenset[str] | None,
) -> list[str]:
    """What ``after`` restates and may not. ``unseen`` are periods that releases between the two may
    have restated, ``None`` where there is none: then what is declared must be what changed.
    """
    changed = [key for key, row in before.items() if after.get(key) != row]
    said = Declaration(frozenset(), 0) if declared is None else declared
    outside = [key for key in changed if key[1] not in said.periods | (unseen or frozenset())]
    if outside:
        return [
            f"{rows} rows of {earlier} are not in it as they were, and a published month is frozen"
            for earlier, rows in sorted(Counter(of[key[0]] for key in outside).items())
        ]
    for key in changed:
        if _withheld(before[key]) != _withheld(after.get(key)):
            return [f"its re-baseline publishes or withholds other figures than {of[key[0]]}"]
    shown = Declaration(frozenset(key[1] for key in changed), len(changed))
    if unseen is None and said != shown:
        return ["its manifest declares another re-baseline than its rows show"]
    return []


def _withheld(row: list[str] | None) -> list[bool] | None:
    return None if row is None else [text == SUPPRESSED for text in row]


def _rows(folder: Path, names: Sequence[str]) -> Rows:
    """Every row of these files as it is written, by what it is of."""
    found: Rows = {}
    for name in names:
        if not (folder / name).exists():  # exact and private releases have different files
            continue
        columns = KEY_COLUMNS[name]
        with (folder / name).open(newline="", encoding="utf-8") as file:
            _header, *rows = csv.reader(file)
        found |= {(name, *row[:columns]): row for row in rows}
    return found
