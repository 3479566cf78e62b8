"""The systems compared: Candour's shipped classifier, and TF-IDF with logistic regression.

The peer is what the leaderboards of the open corpora start from: words and character n-grams,
weighted by TF-IDF, one logistic regression a question. It is trained here on the same texts.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union

from pipelines.classify.classifier import Classifier
from pipelines.classify.taxonomy import CODES
from pipelines.classify.training.calibrate import choose_rule
from pipelines.classify.training.example import LABELS
from pipelines.classify.training.linear import learning_texts
from pipelines.classify.training.posts import read_posts
from pipelines.classify.training.templates import expand, load_templates

CANDOUR, PEER = "Candour", "TF-IDF + logistic regression"
SEED = 5

Flags = list[set[str]]


def peer_features() -> Any:
    """Words and pairs of them, and 2 to 5 characters within words."""
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    letters = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=3, max_features=200_000
    )
    return make_union(words, letters)


def peer_head() -> LogisticRegression:
    """One question's logistic regression."""
    return LogisticRegression(C=4, solver="liblinear", class_weight="balanced")


def peer_pipeline() -> Any:
    """The peer on one question."""
    return make_pipeline(peer_features(), peer_head())


def candour_task(classifier: Classifier, task: str, texts: Sequence[str]) -> NDArray[np.bool_]:
    """The shipped network's answer to an open corpus's own question, at even odds."""
    logits = classifier.encoder.task_scores(texts)
    answers: NDArray[np.bool_] = logits[:, LABELS.index(task)] > 0
    return answers


def candour_flags(classifier: Classifier, texts: Sequence[str]) -> Flags:
    """What the shipped classifier flags."""
    return [set(classifier.read(text).flags) for text in texts]


class PoliceBaseline:
    """The peer on the taxonomy: learns from the same texts, its rule chosen the same way."""

    def __init__(self, data: Path) -> None:
        rng = random.Random(SEED)
        texts, target = learning_texts(data, rng)
        self._features = peer_features()
        matrix = self._features.fit_transform(texts)
        known = ~np.isnan(target)
        self._heads = [
            peer_head().fit(matrix[known[:, c]], target[known[:, c], c]) for c in range(len(CODES))
        ]
        held, posts = load_templates("validation"), read_posts(data / "ner/train", "validation")
        self._rule = choose_rule(
            self.probabilities([expand(t.text, rng) for t in held]),
            held,
            self.probabilities([post.text for post in posts]),
        )

    def probabilities(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Of each text (texts, ``CODES``)."""
        matrix = self._features.transform(texts)
        return np.stack([head.predict_proba(matrix)[:, 1] for head in self._heads], axis=1)

    def flags(self, texts: Sequence[str]) -> Flags:
        """What it flags."""
        over = self._rule.flags(self.probabilities(texts))
        return [{code for code, yes in zip(CODES, row, strict=True) if yes} for row in over]
