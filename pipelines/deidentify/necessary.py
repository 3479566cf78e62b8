"""What every match of a regular expression must hold: words, figures, capitals. Pure functions.

Read off the expression itself, so that it stays true whatever a recogniser's author writes. A text
that does not hold it need not be searched (scan.py). In doubt nothing is demanded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

MOST_STRINGS = 400  # spelt-out alternatives of one part of an expression
MOST_LETTERS = 6  # of a string that are looked for: the rest says little more
MOST_SETS = 3  # of words demanded together: the rarest say nearly all
EDGE = "\b"
"""Before or after a string: no ASCII letter, digit or underscore stands there."""
WORD = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")
_KEEP_OUT = re.compile(r"(?<!\\)((?:\\\\)*)\\K")  # of the `regex` library: it matches nothing
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_DIGITS = frozenset("0123456789")
_CAPITALS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_NOTHING = frozenset({""})


@dataclass(frozen=True, slots=True)
class Necessary:
    """``words``: sets of lower-case strings, of each of which a match's text holds one; ``EDGE``
    at either end of a string is a condition on what stands beside it. ``digits`` and
    ``capitals``: how many of each it has at least."""

    words: tuple[frozenset[str], ...] = ()
    digits: int = 0
    capitals: int = 0


@dataclass(frozen=True, slots=True)
class _Part:
    """``exact``: all the strings a part matches, where they are few; ``starts`` and ``ends``: how
    what it matches begins and ends (with any of these, one at least). ``needs``: what it needs."""

    exact: frozenset[str] | None
    needs: Necessary
    starts: frozenset[str] = _NOTHING
    ends: frozenset[str] = _NOTHING


_EMPTY = _Part(_NOTHING, Necessary())
_ANYTHING = _Part(None, Necessary())
_EDGE = _Part(frozenset({EDGE}), Necessary())
_NO_WORD_CHARACTER = [(op.IN, [(op.CATEGORY, op.CATEGORY_WORD)])]


def necessary(expression: str) -> Necessary:
    """What a text holds in which ``expression`` (matched ignoring case) is found."""
    try:
        tree = parser.parse(_KEEP_OUT.sub(r"\1", expression), re.IGNORECASE | re.DOTALL)
    except (re.error, OverflowError):  # syntax that only the `regex` library knows
        return Necessary()
    return _with_words(_sequence(tree, ignore_case=True))


def _sequence(items: Iterable[tuple[Any, Any]], *, ignore_case: bool) -> _Part:
    parts = [_part(*item, ignore_case=ignore_case) for item in items]
    digits = sum(part.needs.digits for part in parts)
    capitals = sum(part.needs.capitals for part in parts)
    runs = list(_runs(parts))
    inside = [words for part in parts for words in part.needs.words]
    if len(runs) == 1 and all(part.exact is not None for part in parts):
        return _Part(runs[0], Necessary(_rarest(inside), digits, capitals))
    wanted = _rarest([*map(_words, runs), *inside])
    return _Part(None, Necessary(wanted, digits, capitals), runs[0], runs[-1])


def _runs(parts: Sequence[_Part]) -> Iterator[frozenset[str]]:
    """The strings of neighbouring parts, joined as long as they stay few."""
    run = _NOTHING
    for part in parts:
        if part.exact is not None and len(run) * len(part.exact) <= MOST_STRINGS:
            run = _joined(run, part.exact)
            continue
        few = len(run) * len(part.starts) <= MOST_STRINGS
        yield _joined(run, part.starts) if few else run
        run = part.ends if part.exact is None else part.exact
    yield run


def _joined(left: frozenset[str], right: frozenset[str]) -> frozenset[str]:
    return frozenset(before + after for before, after in product(left, right))


def _part(kind: Any, value: Any, *, ignore_case: bool) -> _Part:
    if kind is op.LITERAL:
        return _characters({chr(value)}, ignore_case)
    if kind is op.IN:
        return _characters(_members(value), ignore_case)
    if kind in _REPEATS:
        return _repeated(value[0], value[1], _sequence(value[2], ignore_case=ignore_case))
    if kind is op.BRANCH:
        return _either([_sequence(branch, ignore_case=ignore_case) for branch in value[1]])
    if kind is op.SUBPATTERN:
        _, added, removed, items = value
        inside = (ignore_case or bool(added & re.IGNORECASE)) and not removed & re.IGNORECASE
        return _sequence(items, ignore_case=inside)
    if kind is op.ATOMIC_GROUP:
        return _sequence(value, ignore_case=ignore_case)
    if kind is op.ASSERT:  # consumes nothing, yet stands in the text
        looked = _with_words(_sequence(value[1], ignore_case=ignore_case))
        return _Part(_NOTHING, Necessary(looked.words))
    if (kind, value) == (op.AT, op.AT_BOUNDARY):
        return _EDGE
    if kind is op.ASSERT_NOT:
        return _EDGE if list(value[1]) == _NO_WORD_CHARACTER else _EMPTY
    return _EMPTY if kind is op.AT else _ANYTHING


def _characters(members: set[str] | None, ignore_case: bool) -> _Part:
    """One character out of ``members`` (``None``: too many to say)."""
    if not members:
        return _ANYTHING
    digits, capitals = members <= _DIGITS, members <= _CAPITALS and not ignore_case
    needs = Necessary((), int(digits), int(capitals))
    few = len(members) <= 4 and all(c.isascii() for c in members)
    return _Part(frozenset(c.lower() for c in members) if few else None, needs)


def _members(items: Sequence[tuple[Any, Any]]) -> set[str] | None:
    """The characters of a class, decimal digits standing for all; ``None`` for a wide one."""
    members: set[str] = set()
    for kind, value in items:
        if kind is op.LITERAL:
            members.add(chr(value))
        elif kind is op.RANGE and value[1] - value[0] < 64:
            members |= set(map(chr, range(value[0], value[1] + 1)))
        elif (kind, value) == (op.CATEGORY, op.CATEGORY_DIGIT):
            members |= _DIGITS
        else:
            return None
    return members


def _repeated(least: int, most: int, part: _Part) -> _Part:
    if least == 0:
        optional = part.exact if most == 1 else None
        return _Part(None if optional is None else optional | _NOTHING, Necessary())
    if least == most == 1:
        return part
    needs = _with_words(part)
    total = Necessary(needs.words, least * needs.digits, least * needs.capitals)
    return _Part(None, total, part.exact or part.starts, part.exact or part.ends)


def _either(parts: Sequence[_Part]) -> _Part:
    digits = min(part.needs.digits for part in parts)
    capitals = min(part.needs.capitals for part in parts)
    exact = [part.exact for part in parts if part.exact is not None]
    together = frozenset().union(*exact) if len(exact) == len(parts) else None
    if together is not None and len(together) <= MOST_STRINGS:
        return _Part(together, Necessary((), digits, capitals))
    words = frozenset().union(*(next(iter(_with_words(p).words), _NOTHING) for p in parts))
    return _Part(
        None,
        Necessary(() if "" in words else (words,), digits, capitals),
        _any_of(part.exact or part.starts for part in parts),
        _any_of(part.exact or part.ends for part in parts),
    )


def _any_of(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    """All of them, or nothing where they are many."""
    together = frozenset().union(*sets)
    return together if len(together) <= MOST_STRINGS else _NOTHING


def _with_words(part: _Part) -> Necessary:
    """What a part needs, its own strings among it."""
    if part.exact is None:
        return part.needs
    wanted = _rarest([_words(part.exact), *part.needs.words])
    return Necessary(wanted, part.needs.digits, part.needs.capitals)


def _words(strings: frozenset[str]) -> frozenset[str]:
    """How the strings begin, with edges at their ends alone, beside a letter or digit only; an
    empty one where a string is only spaces, which nearly every text has."""
    return frozenset(map(_word, strings))


def _word(string: str) -> str:
    plain = string.replace(EDGE, "")
    if not plain.strip():
        return ""
    before = EDGE if string.startswith(EDGE) and plain[0] in WORD else ""
    if len(plain) > MOST_LETTERS:
        return before + plain[:MOST_LETTERS]
    return before + plain + (EDGE if string.endswith(EDGE) and plain[-1] in WORD else "")


def _rarest(wanted: Iterable[frozenset[str]]) -> tuple[frozenset[str], ...]:
    """The sets that say most, the best first; one with the empty string says nothing."""
    telling = {words for words in wanted if words and "" not in words}
    return tuple(sorted(telling, key=lambda words: (_share(words), sorted(words))))[:MOST_SETS]


def _share(words: Iterable[str]) -> float:
    """Roughly how many texts hold one: a letter is in most, each further one in fewer."""
    return sum(0.5 ** len(word) if word.strip(EDGE)[0].isalnum() else 0.1 for word in words)
