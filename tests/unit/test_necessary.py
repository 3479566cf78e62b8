"""The look at a text before its patterns are run never rules out a pattern that matches.

Proved for every pattern of every recogniser: strings are drawn from the expression itself, and
whatever it then matches must have been let through, in any case and between any neighbours.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest
import regex
from presidio_analyzer import PatternRecognizer

from pipelines.deidentify.analysis import _FLAGS
from pipelines.deidentify.necessary import EDGE, necessary
from pipelines.deidentify.recognisers.system_line import GroupName, SystemLine
from pipelines.deidentify.registry import ALL
from pipelines.deidentify.scan import Scan


@pytest.mark.parametrize(
    ("expression", "words", "digits", "capitals"),
    [
        (r"crime ref \d{4}", [{"crime "}], 4, 0),  # six letters say enough
        (r"\bop \d", [{"^op "}], 1, 0),
        (r"(?<!\w)(?:street|st|road)\b", [{"^street^", "^st^", "^road^"}], 0, 0),
        (r"\b@\b", [{"@"}], 0, 0),
        (r"call ?sign", [{"callsi", "call s"}], 0, 0),
        (
            r"\b(?:at|by) +the (?-i:[A-Z]\w+) inn(?!\w)",
            [{"^at ", "^by "}, {" the "}, {" inn^"}],
            0,
            1,
        ),
        (r"(?:[a-z]+\.)+(?:com|org)", [{".com", ".org"}, {"."}], 0, 0),
        (r"(?:ab|c\d)e(?:f|g)+", [{"ab", "c"}, {"f", "g"}, {"abef", "ef", "abeg", "eg"}], 0, 0),
        (r"\d{2}[- ]?\d{3,}", [], 5, 0),
        (r"(?-i:[A-Z]{2})\d|(?-i:[A-Z])\d\d", [], 1, 1),
        (r"a?b*c?", [], 0, 0),
        (r"(?=.*dob)\d", [{"dob"}], 1, 0),
        (r"(?!dob)\d", [], 1, 0),
        (r"nhs \K\d{3}", [{"nhs "}], 3, 0),
        (r"[^x]+@[a-z]", [{"@"}], 0, 0),
        (r"(?P<x>kept) (?P=x)", [{"kept "}], 0, 0),
        (r"\p{Lu}only regex knows", [], 0, 0),
    ],
)
def test_what_an_expression_needs(
    expression: str, words: list[set[str]], digits: int, capitals: int
) -> None:
    found = necessary(expression)
    wanted = {frozenset(word.replace("^", EDGE) for word in one) for one in words}
    assert (set(found.words), found.digits, found.capitals) == (wanted, digits, capitals)


def expressions() -> list[tuple[str, str]]:
    made = [make() for make in (*ALL, SystemLine, GroupName)]
    return [
        (type(recogniser).__name__, pattern.regex)
        for recogniser in made
        if isinstance(recogniser, PatternRecognizer)
        for pattern in recogniser.patterns
    ]


@pytest.mark.parametrize(
    ("expression", "text", "let_through"),
    [
        (r"\d{60}", "1" * 60, True),
        (r"\d{60}", "1" * 5, False),
        (r"street", "at HIGH STREET now", True),
        (r"street", "at high stret now", False),
        (r"skip", "ſ\u212aİp", True),
        (r"(?-i:[A-Z]{2})x", "aBCx", True),
        (r"(?-i:[A-Z]{2})x", "abcx Bx", False),
        (r"\d{4}", "1\u0663\u06632", True),
        (r"\bst\b", "in St.", True),
        (r"\bst\b", "last", False),
        (r"\bst\b", "st_", False),
        (r"\bst\b", "\u017ft\u00e9", True),  # a letter that is not ASCII is let through
        (r"(?:st|street)\b|\bst", "my street", True),
        (r"the (?:red|old) .* (?:lion|oak)", "the red cow", False),
        (r"the (?:red|old) .* (?:lion|oak)", "the old royal oak", True),
    ],
)
def test_what_is_let_through(expression: str, text: str, let_through: bool) -> None:
    assert Scan([(necessary(expression), expression)]).choose(text) == [expression] * let_through


MOST_DRAWS = 1000
ENOUGH = 60  # matches of one expression
NEIGHBOURS = ["", "x ", " the ", "lives at ", "Op ", "PC ", ". ", "12 ", "(", "<", "\n", " x", "!"]
ODD = str.maketrans("isk", "ısK")  # letters that count as i, s and k where case is ignored


@pytest.mark.parametrize(("name", "expression"), expressions())
def test_whatever_a_pattern_matches_is_let_through(name: str, expression: str) -> None:
    rng = random.Random(expression)
    compiled = regex.compile(expression, _FLAGS)
    scan = Scan([(necessary(expression), name)])
    matched = 0
    for number in range(MOST_DRAWS):
        if matched >= ENOUGH:
            break
        drawn = draw(expression, rng, behind=number % 2 == 0)
        text = rng.choice(NEIGHBOURS) + drawn + rng.choice(NEIGHBOURS)
        for written in (text, text.lower(), text.upper(), text.translate(ODD)):
            if compiled.search(written):
                matched += 1
                assert scan.choose(written), f"{name} is ruled out"
    assert matched, "no string drawn matches: the test shows nothing"


def draw(expression: str, rng: random.Random, *, behind: bool) -> str:
    """A string that ``expression`` would match but for its assertions; ``behind``: with what the
    assertions ask for written out where they stand."""
    tree = parser.parse(re.sub(r"\\K", "", expression), re.IGNORECASE)
    return "".join(_drawn(tree, rng, behind, {}))


def _drawn(items: Any, rng: random.Random, behind: bool, groups: dict[int, str]) -> Iterator[str]:
    for kind, value in items:
        if kind is op.LITERAL:
            yield chr(value)
        elif kind is op.NOT_LITERAL or kind is op.ANY:
            yield rng.choice("a7 Q")
        elif kind is op.IN:
            yield _member(value, rng)
        elif kind is op.GROUPREF:
            yield groups[value]
        elif kind is op.SUBPATTERN:
            groups[value[0]] = "".join(_drawn(value[3], rng, behind, groups))
            yield groups[value[0]]
        else:
            for inner in _inner(kind, value, rng, behind):
                yield from _drawn(inner, rng, behind, groups)


def _inner(kind: Any, value: Any, rng: random.Random, behind: bool) -> list[Any]:
    """The parts to draw of a composite, in order."""
    if kind is op.BRANCH:
        return [rng.choice(value[1])]
    if kind is op.ATOMIC_GROUP:
        return [value]
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        return [value[2]] * rng.randint(value[0], min(value[1], value[0] + 4))
    return [value[1]] if kind is op.ASSERT and behind else []


ALPHABET = "abcxyzABQXYZ0123456789_-/. '@£é٣"


def _member(items: Sequence[tuple[Any, Any]], rng: random.Random) -> str:
    tests = [item for item in items if item[0] is not op.NEGATE]
    wanted = len(tests) == len(items)
    if (
        wanted
        and tests[0][0] is op.LITERAL
        and len(tests) < 8
        and all(kind is op.LITERAL for kind, _ in tests)
    ):
        return chr(rng.choice(tests)[1])
    ranges = [value for kind, value in tests if kind is op.RANGE]
    if wanted and ranges and rng.random() < 0.8:
        low, high = rng.choice(ranges)
        return chr(rng.randint(low, high))
    fits = [c for c in ALPHABET if any(_fits(c, *item) for item in tests) is wanted]
    return rng.choice(fits or ["a"])


def _fits(char: str, kind: Any, value: Any) -> bool:
    if kind is op.LITERAL:
        return ord(char) == value
    if kind is op.RANGE:
        return bool(value[0] <= ord(char) <= value[1])
    plain = {"DIGIT": r"\d", "WORD": r"\w", "SPACE": r"\s"}
    name = str(value).removeprefix("CATEGORY_")
    found = re.match(plain[name.removeprefix("NOT_")], char) is not None
    return found is not name.startswith("NOT_")
