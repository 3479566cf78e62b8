"""Findings in texts: Presidio's ``AnalyzerEngine``, and the same recognisers without its overhead.

``reference`` is Presidio itself. ``find`` gives the same findings (tests/integration proves it
message by message): it runs each recogniser's own patterns and checks, but only those that one
look at the text leaves possible (scan.py), and each distinct text once while the process lives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import regex  # type: ignore[import-untyped]
from presidio_analyzer import AnalyzerEngine, EntityRecognizer, PatternRecognizer

from pipelines.deidentify.clues import Elsewhere
from pipelines.deidentify.context import NearbyWords, with_context
from pipelines.deidentify.deadline import Deadline
from pipelines.deidentify.entities import THRESHOLD, Finding
from pipelines.deidentify.judge import Noticed, names
from pipelines.deidentify.necessary import necessary
from pipelines.deidentify.nlp import ChatNlpEngine
from pipelines.deidentify.recognisers.base import TokenRecognizer
from pipelines.deidentify.recognisers.name_model import NameModel
from pipelines.deidentify.registry import registry
from pipelines.deidentify.scan import Scan
from pipelines.deidentify.text import Token, tokenise
from pipelines.encoder.memory import Memory

REGEX_SECONDS = 2.0  # one pattern on one message; beyond it the message fails closed
_FLAGS = regex.DOTALL | regex.MULTILINE | regex.IGNORECASE  # Presidio's own
MOST_TEXTS = 100_000  # remembered: some 40 MB of short messages

Check = Callable[[str], bool | None]


@dataclass(frozen=True, slots=True)
class Look:
    """One text by itself: findings by rule, and what a name model noticed."""

    ruled: tuple[Finding, ...] = field(repr=False)
    noticed: tuple[Noticed, ...] = field(repr=False)

    def findings(self, elsewhere: Mapping[str, Elsewhere]) -> list[Finding]:
        """All of it that counts; ``elsewhere`` is what a chat shows of words."""
        return [*self.ruled, *names(self.noticed, elsewhere)]


@dataclass(frozen=True, slots=True, eq=False)  # two recognisers are never one
class _Rules:
    """A pattern recogniser's word on what its patterns match."""

    kind: str
    context: tuple[str, ...]
    validate: Check | None
    invalidate: Check | None

    def judge(self, text: str, found: Sequence[Finding]) -> Iterator[Finding]:
        """What counts of the findings by the recogniser's own patterns, context looked at."""
        for finding in _without_contained(found) if len(found) > 1 else found:
            score = with_context(finding.score, self.context, text, finding.start, finding.end)
            if score >= THRESHOLD:
                yield Finding(finding.start, finding.end, self.kind, score)

    def score(self, matched: str, score: float) -> float:
        """``score``, unless the recogniser's own checks say otherwise; 0 where nothing counts."""
        if self.validate is not None:
            valid = self.validate(matched)
            if valid is not None:
                score = 1.0 if valid else 0.0
        if self.invalidate is not None and self.invalidate(matched):
            return 0.0
        return score


@dataclass(frozen=True, slots=True)
class _Pattern:
    """One expression of a recogniser, and how sure a match of it is."""

    rules: _Rules
    compiled: regex.Pattern[str]
    score: float

    def find(self, text: str) -> list[Finding]:
        """What it matches."""
        return [
            Finding(match.start(), match.end(), self.rules.kind, score)
            for match in self.compiled.finditer(text, timeout=REGEX_SECONDS)
            if match.end() > match.start()
            and (score := self.rules.score(match.group(), self.score))
        ]


class ChatAnalyzer:
    """Presidio with Candour's recognisers; ``extra`` are further ones, such as the name model.

    ``deadline`` is how long they may take over a message.
    """

    def __init__(
        self, extra: Iterable[EntityRecognizer] = (), deadline: Deadline | None = None
    ) -> None:
        self._deadline = deadline or Deadline()
        self.engine = AnalyzerEngine(
            registry=registry(extra),
            nlp_engine=ChatNlpEngine(),
            context_aware_enhancer=NearbyWords(),
            default_score_threshold=THRESHOLD,
        )
        self._scan = _scan(self.engine.registry.recognizers)
        self._known: Memory[str, Look] = Memory(MOST_TEXTS)
        readers = [r for r in self.engine.registry.recognizers if isinstance(r, TokenRecognizer)]
        self._models = [r for r in readers if isinstance(r, NameModel)]
        self._readers = [r for r in readers if not isinstance(r, NameModel)]

    def reference(self, text: str, ad_hoc: Sequence[EntityRecognizer] = ()) -> list[Finding]:
        """Findings in a folded text by Presidio's ``AnalyzerEngine.analyze``."""
        results = self.engine.analyze(text, language="en", ad_hoc_recognizers=list(ad_hoc))
        return [Finding(r.start, r.end, r.entity_type, r.score) for r in results]

    def find(self, texts: Sequence[str]) -> list[list[Finding] | None]:
        """The same findings for each text by itself; ``None`` where a recogniser failed or took
        too long."""
        looks = self.look(texts, [tokenise(text) for text in texts])
        return [None if look is None else look.findings({}) for look in looks]

    def look(self, texts: Sequence[str], tokens: Sequence[Sequence[Token]]) -> list[Look | None]:
        """What there is in each text by itself; ``None`` where a recogniser failed.

        A text seen before is not read again; one that failed is.
        """
        known = {text: self._known.get(text) for text in texts}
        new = {text: i for i, text in enumerate(texts) if known[text] is None}
        for text, look in zip(
            new, self._read(list(new), [tokens[i] for i in new.values()]), strict=True
        ):
            known[text] = look
            if look is not None:
                self._known.put(text, look)
        return [known[text] for text in texts]

    def _read(self, texts: Sequence[str], tokens: Sequence[Sequence[Token]]) -> list[Look | None]:
        ruled = [self._by_rule(text, words) for text, words in zip(texts, tokens, strict=True)]
        named = self._by_model(texts, tokens)
        return [
            None if rules is None or names is None else Look(tuple(rules), tuple(names))
            for rules, names in zip(ruled, named, strict=True)
        ]

    def _by_rule(self, text: str, tokens: Sequence[Token]) -> list[Finding] | None:
        try:
            with self._deadline.limit():
                return self._ruled(text, tokens)
        except Exception:  # whatever went wrong, the message fails closed
            return None

    def _by_model(
        self, texts: Sequence[str], tokens: Sequence[Sequence[Token]]
    ) -> list[list[Noticed] | None]:
        found: list[list[Noticed] | None] = [[] for _ in texts]
        for model in self._models:
            for i, noticed in enumerate(self._one_by_one_if_need_be(model, texts, tokens)):
                before = found[i]
                found[i] = None if before is None or noticed is None else before + noticed
        return found

    def _ruled(self, text: str, tokens: Sequence[Token]) -> list[Finding]:
        found = _matched(self._scan.choose(text), text, self._deadline.check)
        for reader in self._readers:
            found.extend(reader.find(text, tokens))
            self._deadline.check()
        return found

    def _one_by_one_if_need_be(
        self, model: NameModel, texts: Sequence[str], tokens: Sequence[Sequence[Token]]
    ) -> list[list[Noticed] | None]:
        """All at once; where that fails, each alone, so that one bad text costs only itself."""
        try:
            with self._deadline.limit(len(texts)):
                return list(model.notice(texts, tokens))
        except Exception:
            return [self._alone(model, t, words) for t, words in zip(texts, tokens, strict=True)]

    def _alone(self, model: NameModel, text: str, tokens: Sequence[Token]) -> list[Noticed] | None:
        try:
            with self._deadline.limit():
                return model.notice([text], [tokens])[0]
        except Exception:  # fails closed
            return None


def run_patterns(recognisers: Iterable[PatternRecognizer], text: str) -> list[Finding]:
    """Findings of a few pattern recognisers that are not in the registry (system lines)."""
    return _matched([p for recogniser in recognisers for p in _compiled(recogniser)], text)


def _matched(
    patterns: Iterable[_Pattern], text: str, check: Callable[[], None] = lambda: None
) -> list[Finding]:
    """Findings by ``patterns``, which stand in their recognisers' order; ``check`` is called
    after each."""
    by_rules: dict[_Rules, list[Finding]] = {}
    for pattern in patterns:
        if found := pattern.find(text):
            by_rules.setdefault(pattern.rules, []).extend(found)
        check()
    return [counts for rules, found in by_rules.items() for counts in rules.judge(text, found)]


def _scan(recognisers: Iterable[EntityRecognizer]) -> Scan[_Pattern]:
    """Every expression of the pattern recognisers, by what a text must hold for it to match."""
    patterns = [
        pattern
        for recogniser in recognisers
        if isinstance(recogniser, PatternRecognizer)
        for pattern in _compiled(recogniser)
    ]
    return Scan([(necessary(p.compiled.pattern), p) for p in patterns])


def _compiled(recogniser: Any) -> list[_Pattern]:
    kind = type(recogniser)
    rules = _Rules(
        kind=recogniser.supported_entities[0],
        context=tuple(recogniser.context or ()),
        validate=_overridden(kind, recogniser, "validate_result"),
        invalidate=_overridden(kind, recogniser, "invalidate_result"),
    )
    return [_Pattern(rules, regex.compile(p.regex, _FLAGS), p.score) for p in recogniser.patterns]


def _overridden(kind: type, recogniser: Any, name: str) -> Check | None:
    if getattr(kind, name) is getattr(PatternRecognizer, name):
        return None
    check: Check = getattr(recogniser, name)
    return check


def _without_contained(found: Sequence[Finding]) -> list[Finding]:
    """As ``EntityRecognizer.remove_duplicates``: no finding inside one at least as sure."""
    kept: list[Finding] = []
    for finding in sorted(set(found), key=lambda f: (-f.score, f.start, -(f.end - f.start))):
        if not any(k.start <= finding.start and finding.end <= k.end for k in kept):
            kept.append(finding)
    return kept
