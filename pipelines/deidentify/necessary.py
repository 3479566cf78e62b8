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
_KEEP_OUT = re.compile(r"(?<!\\)((?:\\\\)*)\\K")  # of the `regex` library: it matches nothing
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
_DIGITS = frozenset("0123456789")
_CAPITALS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_NOTHING = frozenset({""})


@dataclass(frozen=True, slots=True)
class Necessary:
    """``one_of``: lower-case strings without spaces, of which a match's text holds one (``None``:
    any text may match); ``digits`` and ``capitals``: how many of each it has at least."""

    one_of: frozenset[str] | None = None
    digits: int = 0
    capitals: int = 0


@dataclass(frozen=True, slots=True)
class _Part:
    """``exact``: all the strings a part matches, where they are few. ``needs``: what it needs."""

    exact: frozenset[str] | None
    needs: Necessary


_EMPTY = _Part(_NOTHING, Necessary())
_ANYTHING = _Part(None, Necessary())


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
    if len(runs) == 1 and all(part.exact is not None for part in parts):
        return _Part(runs[0], Necessary(None, digits, capitals))
    wanted = [_words(run) for run in runs] + [part.needs.one_of for part in parts]
    return _Part(None, Necessary(_rarest(wanted), digits, capitals))


def _runs(parts: Sequence[_Part]) -> Iterator[frozenset[str]]:
    """The strings of neighbouring parts, joined as long as they stay few."""
    run = _NOTHING
    for part in parts:
        if part.exact is not None and len(run) * len(part.exact) <= MOST_STRINGS:
            run = frozenset(left + right for left, right in product(run, part.exact))
            continue
        yield run
        run = _NOTHING if part.exact is None else part.exact
    yield run


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
        return _Part(_NOTHING, Necessary(looked.one_of))
    return _EMPTY if kind in (op.AT, op.ASSERT_NOT) else _ANYTHING


def _characters(members: set[str] | None, ignore_case: bool) -> _Part:
    """One character out of ``members`` (``None``: too many to say)."""
    if not members:
        return _ANYTHING
    digits, capitals = members <= _DIGITS, members <= _CAPITALS and not ignore_case
    needs = Necessary(None, int(digits), int(capitals))
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
    needs = part.needs
    total = Necessary(_with_words(part).one_of, least * needs.digits, least * needs.capitals)
    return _Part(part.exact if least == most == 1 else None, total)


def _either(parts: Sequence[_Part]) -> _Part:
    digits = min(part.needs.digits for part in parts)
    capitals = min(part.needs.capitals for part in parts)
    exact = [part.exact for part in parts if part.exact is not None]
    together = frozenset().union(*exact) if len(exact) == len(parts) else None
    if together is not None and len(together) <= MOST_STRINGS:
        return _Part(together, Necessary(None, digits, capitals))
    each = [_with_words(part).one_of for part in parts]
    words = [one_of for one_of in each if one_of is not None]
    whole = frozenset().union(*words) if len(words) == len(parts) else None
    return _Part(None, Necessary(whole, digits, capitals))


def _with_words(part: _Part) -> Necessary:
    """What a part needs, its own strings among it."""
    if part.exact is None:
        return part.needs
    wanted = _rarest([_words(part.exact), part.needs.one_of])
    return Necessary(wanted, part.needs.digits, part.needs.capitals)


def _words(strings: frozenset[str]) -> frozenset[str] | None:
    """The longest stretch without a space of each string; ``None`` where one has none."""
    words = {max(string.split(), key=len, default="") for string in strings}
    return None if "" in words else frozenset(words)


def _rarest(wanted: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    known = [one_of for one_of in wanted if one_of]
    return min(known, key=lambda one_of: sum(map(_share, one_of)), default=None)


def _share(word: str) -> float:
    """Roughly how many texts hold ``word``: a letter is in most, each further one in fewer."""
    return 0.5 ** len(word) if word[0].isalnum() else 0.1
