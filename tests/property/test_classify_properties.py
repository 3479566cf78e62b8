"""Whatever is written, the classifier answers, and the same text always gets the same answer."""

import random
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.classify.challenge import challenged, may_answer
from pipelines.classify.classifier import Classifier
from pipelines.classify.normalise import normalise
from pipelines.classify.taxonomy import CODES, load_taxonomy
from pipelines.contracts import CleanMessage, MessageKind, Risks

CLASSIFIER = Classifier.load()
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WORDS = sorted(
    {word for c in load_taxonomy().categories for text in c.positives for word in text.split()}
    | {"<PERSON>", "<ADDRESS>", "5am", "not", ".", "lol", "warrant", "psd", "😂", "\u200b"}
)
word_salad = st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)


@given(st.text() | word_salad)
def test_probabilities_are_probabilities(text: str) -> None:
    risks = CLASSIFIER.read(text)
    assert tuple(risks.probabilities) == CODES
    assert all(0.0 <= p <= 1.0 for p in risks.probabilities.values())
    assert set(risks.flags) <= set(CODES)


@settings(max_examples=30)
@given(st.lists(word_salad, max_size=8))
def test_neighbours_and_what_was_read_before_change_nothing(texts: list[str]) -> None:
    messages = [CleanMessage(n, NOON, "P1", MessageKind.TEXT, t) for n, t in enumerate(texts)]
    fresh = Classifier(CLASSIFIER.encoder, CLASSIFIER.version)
    assert fresh.classify(messages) == [CLASSIFIER.read(text) for text in texts]


@given(st.text())
def test_normalised_text_is_words_between_single_spaces(text: str) -> None:
    normal = normalise(text)
    assert normal == " ".join(normal.split())


SAID = st.tuples(
    st.sampled_from([None, "P1", "P2"]), st.integers(0, 60), st.sampled_from(["", "BULL", "SPUP"])
)


@given(st.lists(SAID, max_size=70), st.randoms(use_true_random=False))
def test_only_what_may_answer_need_be_read_for_challenges(
    rows: list[tuple[str | None, int, str]], chance: random.Random
) -> None:
    """Hours that go back and forth, and twenty messages that are soon over."""
    messages = [
        CleanMessage(i, NOON + timedelta(hours=hours), sender, MessageKind.TEXT, "")
        for i, (sender, hours, _) in enumerate(rows)
    ]
    risks = [Risks({}, tuple(flags.split())) for _, _, flags in rows]
    kept = {i for i in range(len(rows)) if chance.random() < 0.2}
    some = [risk if i in kept else Risks({}, ()) for i, risk in enumerate(risks)]
    wanted = kept | may_answer(messages, some)
    read = [risk if i in wanted else Risks({}, ()) for i, risk in enumerate(risks)]
    whole = challenged(messages, risks)
    assert [challenged(messages, read)[i] for i in kept] == [whole[i] for i in kept]
