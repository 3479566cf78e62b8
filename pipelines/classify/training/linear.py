"""Fits the linear model that stands beside the network."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from pipelines.classify.model.linear import SLOTS, Linear, hashed
from pipelines.classify.taxonomy import CODES
from pipelines.classify.training.example import Example
from pipelines.classify.training.posts import read_posts
from pipelines.classify.training.templates import Template, load_templates
from pipelines.classify.training.vary import vary
from pipelines.encoder.runtime import Ids

COPIES = 2
"""Of every training message, varied, that the linear model learns from."""

Matrix = NDArray[np.float32]


def learning_texts(data: Path, rng: random.Random) -> tuple[list[str], Matrix]:
    """What models beside the network learn from: texts, and targets (texts, ``CODES``)."""
    written, posts = load_templates("train"), read_posts(data / "ner/train", "train")
    texts = [vary(t, written, rng).text for t in written for _ in range(COPIES)]
    known = np.concatenate([np.repeat(truth(written), COPIES, axis=0), post_truth(posts)])
    return texts + [post.text for post in posts], known


def truth(templates: Sequence[Template]) -> Matrix:
    """1 where a message belongs to a category, (messages, ``CODES``)."""
    return np.array([[c in t.codes for c in CODES] for t in templates], np.float32)


def post_truth(posts: Sequence[Example]) -> Matrix:
    """What is known of posts, (posts, ``CODES``); NaN where nothing is."""
    return np.array([[post.targets.get(c, np.nan) for c in CODES] for post in posts], np.float32)


def fit_linear(sequences: Sequence[Ids], target: Matrix) -> Linear:
    """One logistic regression a category; ``target`` is (sequences, ``CODES``), NaN if unknown."""
    matrix = piece_matrix(sequences)
    fits = []
    for column in track(target.T, "Linear model", console=Console(width=100)):
        head = LogisticRegression(C=4.0, solver="liblinear", class_weight="balanced")
        known = ~np.isnan(column)
        fits.append(head.fit(matrix[known], column[known]))
    return Linear.rounded(
        np.stack([fit.coef_[0] for fit in fits], axis=1),
        np.array([fit.intercept_[0] for fit in fits]),
    )


def piece_matrix(sequences: Sequence[Ids]) -> csr_matrix:
    """What ``Linear`` weighs of each sequence: (sequences, ``SLOTS``)."""
    columns, lengths = hashed(sequences)
    values = np.repeat(1 / np.sqrt(lengths), lengths)
    rows = np.concatenate(([0], np.cumsum(lengths)))
    return csr_matrix((values, columns, rows), shape=(len(sequences), SLOTS))
