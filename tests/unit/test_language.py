"""Which messages are not English: the sentences in tests/data/languages, and small chats."""

from __future__ import annotations

import pytest
import regex

from bench.language_eval import ENGLISH, judge, load, read_lines
from pipelines.deidentify.language import lines_of
from pipelines.deidentify.lexicon import lexicon
from pipelines.deidentify.other_language import every_word, other_script, safe_words
from pipelines.deidentify.text import fold

# What the check part must hold to (docs/languages.md has the figures).
FOREIGN_AUTHORS = 0.97  # of three messages, recognised
ENGLISH_AUTHORS = 0.02  # of five messages or ten, taken for another language

# One message a line: author, whether it is judged not English, what it says.
CHATS = {
    "short messages never flip": """
A  -  ok lol
B  -  cheers mate
A  -  tak
C  -  guten tag
D  -  wagwan brudda
E  -  ???
    """,
    "a greeting in Welsh does not change an author": """
A  -  anyone free to swap lates on friday
A  -  bore da pawb
A  -  who has the keys for the van
B  -  diolch
    """,
    "a whole message in Welsh is Welsh whoever writes it": """
A  -  anyone free to swap lates on friday
A  -  who has the keys for the van
A  x  mae hi wedi anghofio'r allweddi eto, dw i ddim yn gwybod ble maen nhw
A  -  it is on the desk
    """,
    "an author's short messages go with the long ones": """
A  x  nie wiem gdzie są klucze od garażu
A  x  będę za dziesięć minut, poczekajcie
B  -  anyone free to swap lates on friday
A  x  tak
A  x  ok
A  x  👍
B  -  ok
B  -  👍
    """,
    "switching between two languages": """
A  x  yaar mujhe nahi pata woh kab aayega
A  -  see you at the station at six then
A  x  theek hai bhai kal milte hain
A  -  who is driving tonight, can we get the big van
    """,
    "romanised Punjabi in an English chat": """
A  -  anyone free to swap lates on friday
B  x  menu nahi pata yaar, ohnu puch la
A  -  what does that mean
B  x  main das mint ch aunda
A  -  right, off to bed then
    """,
    "another script, however short": """
A  -  morning all, kettle is on
B  x  ठीक है
A  x  да
    """,
    "slang, dialect and text-speak are English": """
A  -  haway man its pure baltic oot, gan canny
B  -  wagwan fam allow it bruv dats peak innit
C  -  c u l8r m8 gd 2 c u, thx 4 da lift lol
D  -  cannae be daein wi this paperwork the nicht ken
    """,
    "names and links say nothing": """
A  -  Oluwaseun, Katarzyna, Gurpreet and Mihaela
A  -  https://example.com/nie-wiem-gdzie-jest-klucz
A  -  @zbigniew.kowalczyk
    """,
}


@pytest.mark.parametrize("case", CHATS)
def test_chats(case: str) -> None:
    lines = [line.strip().split(maxsplit=2) for line in CHATS[case].strip().splitlines()]
    found = judge([(author, text) for author, _, text in lines])
    wanted = [mark == "x" for _, mark, _ in lines]
    assert [text for (*_, text), f, w in zip(lines, found, wanted, strict=True) if f != w] == []


def test_the_check_part_holds() -> None:
    figures = {figure.name: figure for figure in read_lines(load("check"))}
    assert figures["authors of 3 messages, in a chat of their own"].share >= FOREIGN_AUTHORS
    assert figures["authors of 3 messages, in an English chat"].share >= FOREIGN_AUTHORS
    assert figures["English authors of 5 messages"].share <= ENGLISH_AUTHORS
    assert figures["English authors of 10 messages"].share <= ENGLISH_AUTHORS


def test_both_parts_are_there_and_share_no_sentence() -> None:
    dev, check = load("dev"), load("check")
    languages = (dev.keys() | check.keys()) - {ENGLISH}
    lines = {name: len(dev.get(name, ())) + len(check.get(name, ())) for name in languages}
    assert len(languages) >= 15
    assert set(lines.values()) == {12}
    assert len(dev[ENGLISH]) + len(check[ENGLISH]) >= 300
    assert not {t for ts in dev.values() for t in ts} & {t for ts in check.values() for t in ts}


def test_no_safe_word_is_a_name_or_a_place() -> None:
    known = lexicon()
    names = known.forenames | known.surnames | known.word_names | known.places
    assert safe_words() & names == set()


def test_languages_are_listed_once_and_in_plain_letters() -> None:
    names = [line.split(":")[0] for line in lines_of("other_function_words.txt")]
    assert len(names) == len(set(names))
    assert all(line.isascii() for line in lines_of("other_function_words.txt"))


@pytest.mark.parametrize("part", ["dev", "check"])
def test_no_letter_but_of_safe_words_is_left_in_any_language(part: str) -> None:
    for name, texts in load(part).items():
        for text in texts if name != ENGLISH else ():
            folded = fold(text).text
            left = list(folded)
            for span in every_word(folded, []):
                left[span.start : span.end] = " " * (span.end - span.start)
            words = regex.findall(r"[\p{L}\p{M}\p{N}]+", "".join(left).lower())
            assert set(words) <= safe_words()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("is ਗੁਰਪ੍ਰੀਤ on lates", ["ਗੁਰਪ੍ਰੀਤ"]),
        ("ask @Дмитрий-Иванов, ok", ["Дмитрий-Иванов"]),
        ("王小明 and أحمد", ["王小明", "أحمد"]),
        ("café, naïve, Zoë, 10 µm, ½", []),
    ],
)
def test_another_script_is_never_left_in_an_english_message(text: str, words: list[str]) -> None:
    assert [text[span.start : span.end] for span in other_script(text)] == words
