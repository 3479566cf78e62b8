"""The open corpora, read as their authors publish them and mapped to the taxonomy where it fits.

Every corpus teaches its own task. To the taxonomy's categories it speaks only where its question
is the same: a sexist post is ``SEXM``, hostility to a protected group ``DISC``; what it was not
asked about stays unknown.
"""

from __future__ import annotations

import ast
import csv
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from pipelines.classify.training.example import Example

REGISTER_WEIGHT = 0.5
"""Of a post in another register, beside 1 for a message in police register."""

_HANDLE = re.compile(r"\[USER\]|(?<!\w)@\w+")
_LINK = re.compile(r"\[URL\]|https?://\S+")
_WOMEN = frozenset({"wom", "muswom", "blawom", "gaywom", "asi.wom"})

Row = dict[str, str]


def read_edos(path: Path, split: str | None = None) -> list[Example]:
    """EDOS (SemEval-2023 task 10), task A: is a post sexist? ``split`` is ``train`` or ``dev``."""
    rows = (row for row in _rows(path) if split in (None, row["split"]))
    return [_edos(row) for row in rows]


def _edos(row: Row) -> Example:
    sexist = float(row["label_sexist"] == "sexist")
    targets = {"edos": sexist, "SEXM": sexist}
    if row["label_category"].startswith("1."):
        targets["VIOL"] = 1.0
    return _example(row["text"], targets)


def read_hatemoji(path: Path) -> list[Example]:
    """HatemojiBuild: is it hateful to a protected group?"""
    return [_hatemoji(row) for row in _rows(path)]


def _hatemoji(row: Row) -> Example:
    hateful = float(row["label_gold"])
    women = bool(_WOMEN & set(ast.literal_eval(row["target"])))
    targets = {"hatemoji": hateful, "SEXM" if women else "DISC": hateful}
    if not hateful:
        targets["SEXM"] = 0.0
    if row["type"] == "threateninglanguage":
        targets["VIOL"] = 1.0
    return _example(row["text"], targets)


def read_sbic(path: Path) -> list[Example]:
    """Social Bias Frames, aggregated: could it be found offensive (half of the readers or more)?"""
    return [_sbic(row) for row in _rows(path) if row["offensiveYN"]]


def _sbic(row: Row) -> Example:
    share = float(row["offensiveYN"])
    targets = {"sbic": float(share >= 0.5)}
    groups = set(json.loads(row["targetCategory"]))
    if share >= 0.5 and groups & {"race", "culture", "disabled"}:
        targets["DISC"] = 1.0
    if share >= 0.5 and groups == {"gender"}:
        targets["SEXM"] = 1.0
    if share < 0.2 and not groups:
        targets |= {"DISC": 0.0, "SEXM": 0.0}
    return _example(row["post"], targets)


def read_convabuse(path: Path) -> list[Example]:
    """ConvAbuse: do most annotators find what was said to a bot abusive?"""
    examples = []
    for row in _rows(path):
        votes = {level: _votes(row, level) for level in ("1", "0", "-1", "-2", "-3")}
        abusive = sum(votes[level] for level in ("-1", "-2", "-3"))
        clean = votes["1"] + votes["0"]
        if abusive + clean:
            examples.append(_example(row["user"], {"convabuse": float(abusive > clean)}))
    return examples


def _votes(row: Row, level: str) -> int:
    """Annotators who chose ``level``; a cell may repeat itself (``1, 1``)."""
    columns = (name for name in row if name.endswith(f"_is_abuse.{level}"))
    return sum((row[name] or "").startswith("1") for name in columns)


def read_guest(path: Path) -> list[Example]:
    """Guest et al. (2021): is a post misogynistic? Counter-speech is not."""
    return [
        _example(row["body"], {"guest": misogynistic, "SEXM": misogynistic})
        for row in _rows(path)
        if row["body"] and row["level_1"] in ("Misogynistic", "Nonmisogynistic")
        for misogynistic in (float(row["level_1"] == "Misogynistic"),)
    ]


def read_davidson(path: Path) -> list[Example]:
    """Davidson et al. (2017): hate speech and neither; the class in between is not used."""
    kinds = {"0": {"DISC": 1.0}, "2": {"DISC": 0.0, "SEXM": 0.0}}
    return [
        _example(row["tweet"], kinds[row["class"]]) for row in _rows(path) if row["class"] in kinds
    ]


def read_toxigen(folder: Path) -> list[Example]:
    """ToxiGen's demonstrations: hateful and neutral sentences about the same groups."""
    examples = []
    for path in sorted(folder.glob("*.txt")):
        hateful = float("__hate_" in path.name)
        targets = {"DISC": hateful} if hateful else {"DISC": 0.0, "SEXM": 0.0, "INSU": 0.0}
        lines = path.read_text(encoding="utf-8").splitlines()
        examples += [_example(line, targets) for line in lines if line.strip()]
    return examples


READERS: dict[str, Callable[[Path], list[Example]]] = {
    "edos": read_edos,
    "hatemoji": read_hatemoji,
    "sbic": read_sbic,
    "convabuse": read_convabuse,
    "guest": read_guest,
}
"""By task; each reads training and measuring files alike."""

FILES = {
    "edos": "edos.csv",
    "hatemoji": "hatemoji_build.csv",
    "sbic": "sbic.csv",
    "convabuse": "convabuse.csv",
    "guest": "guest_misogyny.csv",
}
"""Names of each task's file, the same in the training and in the measuring folder."""


def read_training(folder: Path) -> list[Example]:
    """Everything in ``folder`` (``risk/train``) to be trained on; validation splits left out."""
    examples = read_edos(folder / FILES["edos"], "train")
    for task in ("hatemoji", "sbic", "convabuse", "guest"):
        examples += READERS[task](folder / FILES[task])
    return (
        examples
        + read_davidson(folder / "davidson2017.csv")
        + read_toxigen(folder / "toxigen_demos")
    )


def _example(text: str, targets: dict[str, float]) -> Example:
    text = _LINK.sub("<URL>", _HANDLE.sub("<HANDLE>", text))
    return Example(text.strip(), targets, REGISTER_WEIGHT)


def _rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
