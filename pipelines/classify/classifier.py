"""A transparent first classifier: log-odds added up from phrases an analyst can read.

For each category, probability = sigmoid(bias + sum of the weights of the rules that match). The
rules are data (``lexicon/*.toml``); nothing about what is risky is written in this file.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipelines.classify.lexicon import Lexicon, Rule, load_lexicon
from pipelines.classify.normalise import normalise
from pipelines.classify.phrases import Phrase
from pipelines.classify.taxonomy import CODES, load_taxonomy
from pipelines.contracts import CleanMessage, MessageKind, Risks

READ_KINDS = frozenset({MessageKind.TEXT, MessageKind.POLL, MessageKind.MEDIA})
NEGATION_WINDOW = 2  # words that may stand between "not" and what it negates
MAX_CHARS = 4_000  # of one message; longer ones are pasted documents, read from their start
MAX_VOCABULARY = 200_000  # distinct tokens whose candidate rules are remembered

NO_RISK = Risks(dict.fromkeys(CODES, 0.0), ())
NOT_ASKED = Risks({}, ())


@dataclass(slots=True)
class Classifier:
    """Reads de-identified messages; holds no state about them but the words it has seen."""

    lexicon: Lexicon
    version: str
    _cued: CueIndex = field(repr=False)
    _negated: re.Pattern[str] = field(repr=False)

    @classmethod
    def load(cls) -> Classifier:
        """The classifier this version ships with. Raises ``ValueError`` for a broken lexicon."""
        lexicon = load_lexicon()
        version = f"lexicon-{load_taxonomy().version}+{lexicon.digest[:12]}"
        negators = "|".join(map(re.escape, lexicon.negators))
        negated = re.compile(
            rf"(?<! why)(?<! shame) (?:{negators}) (?:[^ .]+ ){{0,{NEGATION_WINDOW}}}$"
        )
        return cls(lexicon, version, CueIndex(lexicon.rules + lexicon.suppressors), negated)

    def classify(self, messages: Sequence[CleanMessage]) -> list[Risks]:
        """Risks of each message, in order. Each distinct text is read once.

        Kinds without words of their own (calls, system lines, stickers...) and media without a
        caption are all zero; what is unclassified is not read and has no risks at all.
        """
        known: dict[str, Risks] = {"": NO_RISK}
        risks: list[Risks] = []
        for message in messages:
            if message.unclassified:
                risks.append(NOT_ASKED)
                continue
            if message.kind not in READ_KINDS:
                risks.append(NO_RISK)
                continue
            found = known.get(message.text)
            if found is None:
                found = known[message.text] = self.read(message.text)
            risks.append(found)
        return risks

    def read(self, text: str) -> Risks:
        """Risks of one text. ``explain`` says which rules they come from."""
        scores = dict(self.lexicon.biases)
        for rule in self.matching(text):
            for code in rule.codes:
                scores[code] += rule.weight
        probabilities = {code: _sigmoid(score) for code, score in scores.items()}
        flags = tuple(c for c in CODES if probabilities[c] >= self.lexicon.thresholds[c])
        return Risks(probabilities, flags)

    def explain(self, text: str) -> list[str]:
        """Names of the rules that match ``text``, for an analyst tuning the lexicon."""
        return [rule.name for rule in self.matching(text)]

    def matching(self, text: str) -> list[Rule]:
        """Every rule with a matching phrase; suppressors only beside a rule they could weigh on."""
        normal = normalise(text[:MAX_CHARS])
        candidates = self._cued.candidates(normal)
        matched = [rule for rule, phrases in candidates if self._matches(rule, phrases, normal)]
        return matched if any(rule.weight > 0 for rule in matched) else []

    def _matches(self, rule: Rule, phrases: Iterable[Phrase], normal: str) -> bool:
        return any(
            not (rule.negatable and self._negated.search(normal, 0, match.start()))
            for phrase in phrases
            for match in phrase.regex.finditer(normal)
        )


class CueIndex:
    """The prefilter: from a message's tokens to the only phrases that could match it. Exact."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._words: dict[str, list[tuple[int, Phrase]]] = defaultdict(list)
        self._stems: dict[str, list[tuple[int, Phrase]]] = defaultdict(list)
        for index, rule in enumerate(rules):
            for phrase in rule.phrases:
                for cue in phrase.cues:
                    table = self._stems if cue.endswith("*") else self._words
                    table[cue.rstrip("*")].append((index, phrase))
        self._seen: dict[str, tuple[tuple[int, Phrase], ...]] = {}

    def candidates(self, normal: str) -> list[tuple[Rule, list[Phrase]]]:
        """Rules, in lexicon order, with those of their phrases that share a cue with the text."""
        found: dict[int, dict[Phrase, None]] = {}
        for token in set(normal.split()):
            for index, phrase in self._lookup(token):
                found.setdefault(index, {})[phrase] = None
        return [(self._rules[index], list(found[index])) for index in sorted(found)]

    def _lookup(self, token: str) -> tuple[tuple[int, Phrase], ...]:
        known = self._seen.get(token)
        if known is None:
            known = tuple(self._search(token))
            if len(self._seen) < MAX_VOCABULARY:
                self._seen[token] = known
        return known

    def _search(self, token: str) -> Iterable[tuple[int, Phrase]]:
        yield from self._words.get(token, ())
        for end in range(1, len(token) + 1):
            yield from self._stems.get(token[:end], ())


def _sigmoid(score: float) -> float:
    return 1.0 / (1.0 + math.exp(-score))
