"""The phrase files: what a line compiles to, and rules every data file keeps."""

from __future__ import annotations

import json
import re
from pathlib import Path
from random import Random

import pytest

from pipelines.synthetic.canaries import make_canaries
from pipelines.synthetic.people import Circle, make_team
from pipelines.synthetic.phrases import (
    FOLDER,
    Pattern,
    compile_pattern,
    load_phrases,
    read_exchanges,
    read_lines,
)
from pipelines.synthetic.writing import STYLES, slip

PLAIN, LOWER, TEXTING = STYLES[0], STYLES[1], STYLES[2]
TAXONOMY = Path(__file__).parents[2] / "pipelines" / "classify" / "taxonomy.json"
CODES = {category["code"] for category in json.loads(TAXONOMY.read_text())["categories"]}


class OnePerson:
    """A cast of one."""

    def identity(self, slot: str, rng: Random) -> tuple[str, str]:
        return "PERSON", "Ada McBride"


def say(line: str, style: object = PLAIN) -> tuple[str, tuple[tuple[str, str], ...]]:
    return compile_pattern(line).fill(style, Random(1), OnePerson())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("line", "style", "text", "identities"),
    [
        ("Ask {third}, please", PLAIN, "Ask Ada McBride, please", (("PERSON", "Ada McBride"),)),
        ("Ask {third}, please", LOWER, "ask ada mcbride, please", (("PERSON", "ada mcbride"),)),
        ("Ask {third}, please", TEXTING, "ask ada mcbride pls", (("PERSON", "ada mcbride"),)),
        ("[Yes|Yes] you", TEXTING, "yes u", ()),
        ("one\\ntwo", PLAIN, "one\ntwo", ()),
        ("braces } and {", PLAIN, "braces } and {", ()),
    ],
)
def test_a_line_is_written_in_the_authors_style(line, style, text, identities):
    assert say(line, style) == (text, identities)


def test_an_exchange_is_an_opener_its_answers_and_the_last_word(tmp_path):
    (tmp_path / "talk.txt").write_text("# tea\nBrew?\n> please\n> two sugars\n>> made\nNight\n")
    brew, night = read_exchanges(tmp_path / "talk.txt")
    assert (len(brew.answers), len(brew.closers)) == (2, 1)
    assert (night.answers, night.closers) == ((), ())


def test_a_slip_swaps_two_letters_and_loses_none():
    assert sorted(slip("banter in the van", Random(3))) == sorted("banter in the van")


def test_every_category_has_enough_to_say_and_to_be_mistaken_for():
    phrases = load_phrases()
    assert {code: len(said) >= 30 for code, said in phrases.risk.items()} == dict.fromkeys(
        CODES - {"SPUP"}, True
    )
    assert {code: len(said) >= 15 for code, said in phrases.lookalike.items()} == dict.fromkeys(
        CODES, True
    )
    assert len(phrases.challenge["answer"]) >= 40


def test_there_are_over_seven_hundred_ordinary_patterns():
    phrases = load_phrases()
    talk = sum(1 + len(e.answers) + len(e.closers) for e in phrases.talk)
    assert talk > 700


def sentence_files() -> list[Path]:
    return [f for f in sorted(FOLDER.rglob("*.txt")) if f.parent.name not in ("names", "slots")]


@pytest.mark.parametrize("path", sentence_files(), ids=lambda path: path.stem)
def test_every_slot_of_every_pattern_can_be_filled(path):
    rng = Random(5)
    circle = Circle(rng, make_team(rng, 6))
    for line in read_lines(path):
        if path.name == "canaries.txt":
            continue
        text, _ = compile_pattern(line.lstrip("> ")).fill(PLAIN, rng, circle)
        assert not re.search(r"[{}\[\]]", text), line


def test_no_sentence_is_written_twice():
    risky = [line for path in sentence_files() if path.parent.name in ("risk", "lookalike")
             for line in read_lines(path)]  # fmt: skip
    assert len(risky) == len(set(risky))


def test_names_are_left_out_of_typing_slips():
    pattern: Pattern = compile_pattern("Ask {third} about it")
    rng = Random(2)
    hand = make_team(rng, 2)[0].hand
    for _ in range(200):
        text, identities = pattern.fill(PLAIN, rng, OnePerson())
        assert "Ada McBride" in hand.finish(text, rng, may_slip=not identities)


def test_canaries_differ_and_each_sentence_holds_its_own():
    canaries = make_canaries(seed=3, count=60)
    needles = [needle for canary in canaries for needle in canary.needles]
    assert len(needles) == len(set(needles))
    assert all(canary.value in canary.text for canary in canaries)
    assert len({canary.type for canary in canaries}) >= 9
