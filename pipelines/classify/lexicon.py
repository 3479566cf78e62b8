"""Reads ``lexicon/*.toml``: one file per category, plus shared word lists and stances."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.classify.phrases import Phrase, compile_phrase
from pipelines.classify.taxonomy import CODES

LEXICON_FOLDER = Path(__file__).with_name("lexicon")
WORDS_FILE, STANCE_FILE = "words.toml", "stance.toml"


@dataclass(frozen=True, slots=True)
class Rule:
    """Adds ``weight`` (log-odds) to each of ``codes`` when any of ``phrases`` matches.

    ``negatable``: a "not" or "never" just before the phrase undoes it.
    """

    name: str
    codes: tuple[str, ...]
    weight: float
    phrases: tuple[Phrase, ...]
    negatable: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All rules, and for each category its bias (log-odds of a message with no cue) and threshold.

    ``suppressors`` are rules of negative weight: they can only matter once a rule has matched.
    """

    rules: tuple[Rule, ...]
    suppressors: tuple[Rule, ...]
    biases: Mapping[str, float]
    thresholds: Mapping[str, float]
    negators: tuple[str, ...]
    digest: str


def load_lexicon(folder: Path = LEXICON_FOLDER) -> Lexicon:
    """Read a lexicon folder. Raises ``ValueError`` naming the file and rule that is wrong."""
    words = _read(folder / WORDS_FILE)
    stance = _read(folder / STANCE_FILE)
    files = {code: _read(folder / f"{code}.toml") for code in CODES}
    rules = [_rule(entry, words, (code,)) for code in CODES for entry in files[code]["rule"]]
    rules += [_rule(entry, words, tuple(entry["codes"])) for entry in stance["rule"]]
    return Lexicon(
        rules=tuple(rule for rule in rules if rule.weight > 0),
        suppressors=tuple(rule for rule in rules if rule.weight < 0),
        biases={code: float(files[code]["bias"]) for code in CODES},
        thresholds={code: float(files[code]["threshold"]) for code in CODES},
        negators=tuple(stance["negators"]),
        digest=_digest(folder),
    )


def _rule(entry: Mapping[str, Any], words: Mapping[str, Sequence[str]], codes: Any) -> Rule:
    if not entry.get("why") or not set(codes) <= set(CODES):
        raise ValueError(f"The rule {entry.get('name')!r} needs a 'why' and known codes.")
    return Rule(
        name=entry["name"],
        codes=codes,
        weight=float(entry["weight"]),
        phrases=tuple(compile_phrase(source, words) for source in entry["phrases"]),
        negatable=bool(entry.get("negatable", True)),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path.name} is not valid TOML: {error}.") from None


def _digest(folder: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(folder.glob("*.toml")):
        total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()
