"""Whatever is written, the classifier answers, and the same text always gets the same answer."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.classify.classifier import Classifier
from pipelines.classify.normalise import normalise
from pipelines.classify.taxonomy import CODES, load_taxonomy
from pipelines.contracts import CleanMessage, MessageKind

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
