"""Whatever is written, the classifier answers, and its prefilter changes nothing."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.classify.classifier import Classifier
from pipelines.classify.normalise import normalise
from pipelines.classify.taxonomy import CODES, load_taxonomy

CLASSIFIER = Classifier.load()
WORDS = sorted(
    {word for c in load_taxonomy().categories for text in c.positives for word in text.split()}
    | {"<PERSON>", "<ADDRESS>", "5am", "not", ".", "lol", "warrant", "psd"}
)
word_salad = st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)


@given(st.text() | word_salad)
def test_probabilities_are_probabilities(text: str) -> None:
    risks = CLASSIFIER.read(text)
    assert tuple(risks.probabilities) == CODES
    assert all(0.0 <= p <= 1.0 for p in risks.probabilities.values())
    assert set(risks.flags) <= set(CODES)


@given(word_salad)
def test_the_prefilter_misses_no_phrase(text: str) -> None:
    normal = normalise(text)
    candidates = {
        phrase for _, phrases in CLASSIFIER._cued.candidates(normal) for phrase in phrases
    }
    rules = CLASSIFIER.lexicon.rules + CLASSIFIER.lexicon.suppressors
    for rule in rules:
        for phrase in rule.phrases:
            assert phrase in candidates or not phrase.regex.search(normal)


@given(st.text())
def test_normalised_text_is_words_between_single_spaces(text: str) -> None:
    normal = normalise(text)
    assert normal.startswith(" ") and normal.endswith(" ") and "  " not in normal
