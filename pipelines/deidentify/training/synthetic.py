"""Invented police chat: templates filled from names, places and ordinary words.

A template is one line. ``[a|b|]`` picks one alternative, ``{SLOT}`` in capitals is filled with
a labelled identity, ``{slot}`` in small letters with an unlabelled phrase, and ``<will>`` is a
person spelt out. Each file is a family; ``holdout/`` is never trained on.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

from pipelines.deidentify.training import numbers
from pipelines.deidentify.training.example import Example, Span, join
from pipelines.deidentify.training.names import NameBank

HERE = Path(__file__).parent
ALTERNATIVES = re.compile(r"\[([^\]]*)\]")
TOKEN = re.compile(r"\{(\w+)\}|<([^>]+)>")

FAMILY_WEIGHT = {
    "contrast_names": 2.0,
    "contrast_words": 2.0,
    "negatives_talk": 2.5,
    "negatives_kit": 1.5,
    "negatives_life": 1.2,
    "jobs": 2.0,
    "actions": 2.5,
    "slang": 1.3,
    "nickwords": 0.8,
    "moreforms": 1.5,
    "places": 1.3,
    "custody": 0.7,
    "welfare": 0.8,
    "lists": 0.7,
    "tidy": 1.6,
    "numbers": 6.0,
    "numbers_kept": 4.0,
    "spots": 3.0,
}
"""How often a family is drawn, against 1: the rest."""

JOINED_SHARE = 0.25
"""Share of messages made of two templates, so that context is not always one sentence."""

Part = tuple[str, str | None]


class Grammar:
    """Fills templates of one folder. Pure but for the generator it is given."""

    def __init__(self, folder: Path, names: NameBank) -> None:
        self.families = {path.stem: _lines(path) for path in sorted(folder.glob("*.txt"))}
        self.fillers = tomllib.loads((HERE / "fillers.toml").read_text(encoding="utf-8"))
        self.names = names

    def message(self, rng: random.Random) -> Example:
        """One message: one template or two joined, with the slips of typing on a phone."""
        parts = self._one(rng)
        if rng.random() < JOINED_SHARE:
            parts += [(rng.choice([". ", ", ", " ", "\n", "... ", "! ", " - ", "? "]), None)]
            parts += self._one(rng)
        return join(_slips(parts, rng))

    def _one(self, rng: random.Random) -> list[Part]:
        weights = [FAMILY_WEIGHT.get(family, 1.0) for family in self.families]
        family = rng.choices(list(self.families), weights)[0]
        return self.fill(rng.choice(self.families[family]), rng)

    def fill(self, template: str, rng: random.Random) -> list[Part]:
        """The template's (text, type) parts."""
        chosen = ALTERNATIVES.sub(lambda m: rng.choice(m[1].split("|")), template)
        parts: list[Part] = []
        at = 0
        for match in TOKEN.finditer(chosen):
            parts.append((chosen[at : match.start()], None))
            parts += [(match[2], "PERSON")] if match[2] else self._slot(match[1], rng)
            at = match.end()
        parts.append((chosen[at:], None))
        return [part for part in parts if part[0]]

    def _slot(self, name: str, rng: random.Random) -> list[Part]:
        if name in SLOTS:
            return SLOTS[name](self.names, rng)
        return [(rng.choice(self.fillers[name]), None)]


def _lines(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [
        line.replace("\\n", "\n") for line in lines if line.strip() and not line.startswith("# ")
    ]


def _possessive(name: str, rng: random.Random) -> list[Part]:
    """Dave's, or run together as chat does: daves, when the s belongs to the label."""
    if rng.random() < 0.5:
        return [(name, "PERSON"), (rng.choice(["'s", "’s"]), None)]
    return [(name + "s", "PERSON")]


def _list(names: NameBank, rng: random.Random) -> list[Part]:
    """Two to six names, in one style, with one separator."""
    style: Callable[[random.Random], str] = rng.choices(
        [names.person, names.full, names.mention, names.surname], [5, 2, 2, 1]
    )[0]
    separator = rng.choice([", ", ", ", ",", " ", "/", " / ", " & ", "\n", "\n- ", "; ", " + "])
    parts: list[Part] = [(style(rng), "PERSON")]
    for _ in range(rng.randint(1, 5)):
        parts += [(separator, None), (style(rng), "PERSON")]
    if rng.random() < 0.4:
        parts[-2] = (rng.choice([" and ", " & ", ", and "]), None)
    return parts


def _street(names: NameBank, rng: random.Random) -> str:
    roll = rng.random()
    if roll < 0.5:
        stem = rng.choice(names.words["street_stems"])
    elif roll < 0.75:
        stem = names.place(rng)
    else:
        stem = names.surname(rng)
    return f"{stem} {rng.choice(names.words['street_types'])}"


def _spot(names: NameBank, rng: random.Random) -> str:
    """A farm, park, estate or junction, in any case: ``thornbeck rec``, ``the Alder estate``."""
    stem = rng.choice([names.place, names.surname, names.place])(rng)
    if rng.random() < 0.3:
        stem = rng.choice(names.words["street_stems"])
    return f"{stem} {rng.choice(names.words['spot_types'])}"


def _address(names: NameBank, rng: random.Random) -> str:
    """``14 Alder Close``, ``flat 3b 22 Mill Rd``, ``no 7 Park Row``."""
    number = f"{rng.randint(1, 250)}{rng.choice(['', '', '', '', 'a', 'b', 'C'])}"
    flat = f"{rng.choice(['flat', 'Flat', 'apt'])} {rng.randint(1, 60)}{rng.choice([' ', ', '])}"
    start = rng.choice(["", "", "", "", "no ", "number ", flat])
    return f"{start}{number} {_street(names, rng)}"


def _flat(names: NameBank, rng: random.Random) -> str:
    stem = rng.choice([names.place, names.surname])(rng)
    house = rng.choice(["House", "Court", "Tower", "Point"])
    return f"{rng.randint(1, 90)}{rng.choice(['', 'a', 'B'])} {stem} {house}"


def _organisation(names: NameBank, rng: random.Random) -> str:
    roll = rng.random()
    if roll < 0.5:
        stem = rng.choice(names.words["org_stems"])
    elif roll < 0.75:
        stem = names.place(rng)
    else:
        stem = names.surname(rng) + rng.choice(["", "'s", "s", " & Sons", " and Co"])
    return f"{stem} {rng.choice(names.words['org_types'])}"


def _pub(names: NameBank, rng: random.Random) -> list[Part]:
    """A pub: its article is not part of the place."""
    name = rng.choice(names.words["pubs"]).removeprefix("the ")
    return [("the ", None), (name, "LOCATION")]


def _labelled(
    kind: str, draw: Callable[[NameBank, random.Random], str]
) -> Callable[..., list[Part]]:
    return lambda names, rng: [(draw(names, rng), kind)]


SLOTS: dict[str, Callable[[NameBank, random.Random], list[Part]]] = {
    "F": _labelled("PERSON", lambda n, r: n.person(r)),
    "N": _labelled("PERSON", lambda n, r: n.mention(r)),
    "FS": _labelled("PERSON", lambda n, r: n.full(r)),
    "S": _labelled("PERSON", lambda n, r: n.surname(r)),
    "NICK": _labelled("PERSON", lambda n, r: n.nickname(r)),
    "INIT": _labelled("PERSON", lambda n, r: n.initials(r)),
    "WF": _labelled("PERSON", lambda n, r: r.choice(n.words["word_forenames"])),
    "WS": _labelled("PERSON", lambda n, r: r.choice(n.words["word_surnames"])),
    "FP": lambda n, r: _possessive(n.person(r), r),
    "WFP": lambda n, r: _possessive(r.choice(n.words["word_forenames"]), r),
    "LIST": _list,
    "P": _labelled("LOCATION", lambda n, r: n.place(r)),
    "STREET": _labelled("LOCATION", _street),
    "PUB": _pub,
    "SPOT": _labelled("LOCATION", _spot),
    "ADDR": _labelled("LOCATION", _address),
    "FLATADDR": _labelled("LOCATION", _flat),
    "ORG": _labelled("ORGANISATION", _organisation),
    "CALLSIGN": _labelled("REFERENCE", lambda n, r: numbers.call_sign(r)),
    "PLATE": _labelled("REFERENCE", lambda n, r: numbers.plate(r)),
    "DOB": _labelled("REFERENCE", lambda n, r: numbers.birth_date(r)),
    "OPNAME": _labelled("REFERENCE", lambda n, r: numbers.operation(r)),
    "WORDS3": _labelled("REFERENCE", lambda n, r: numbers.three_words(r)),
}  # fmt: skip
"""Slots that hold an identity."""


def _reference(kind: str) -> Callable[[NameBank, random.Random], list[Part]]:
    return _labelled("REFERENCE", lambda names, rng: numbers.reference(kind, rng))


SLOTS |= {kind: _reference(kind) for kind in numbers.SHAPES if kind not in SLOTS}


def _slips(parts: list[Part], rng: random.Random) -> list[Part]:
    """Typing slips in the unlabelled text, and an emoji run on to the end now and then."""
    rate = rng.choice([0.0, 0.0, 0.0, 0.0, 0.04, 0.08])
    slipped = [(text if kind else _slip(text, rate, rng), kind) for text, kind in parts]
    if rng.random() < 0.06:
        slipped.append((rng.choice(["😂", "👍", "!!", "?!", ".", "...", " x", "🙄"]), None))
    if rng.random() < 0.03:
        slipped.insert(0, (rng.choice(["- ", "* ", "> ", "…", "@", "😂"]), None))
    return slipped


def _slip(text: str, rate: float, rng: random.Random) -> str:
    """Drops punctuation and letters of ``text`` at ``rate``."""
    if rate == 0.0:
        return text
    return "".join(
        c
        for c in text
        if not (c in "',.?" and rng.random() < rate * 5)
        and not (c.isalpha() and rng.random() < rate / 3)
    )


def generate(folder: Path, names: NameBank, count: int, seed: int) -> list[Example]:
    """``count`` messages from the templates in ``folder``. The seed fixes them."""
    rng = random.Random(seed)  # noqa: S311 - reproducible, nothing secret
    grammar = Grammar(folder, names)
    return [grammar.message(rng) for _ in range(count)]


def redacted(example: Example) -> list[Span]:
    """The spans that must be found."""
    return [span for span in example.spans if span.type != "HANDLE"]
