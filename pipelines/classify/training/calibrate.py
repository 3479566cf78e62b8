"""What stands between scores and flags: ``… pipelines.classify.training.calibrate --data PATH``.

Reads the exported network. The linear model beside it learns from training families; how the two
are weighed, what is flagged and what the network need not read are chosen on validation families,
which also give the error rates of ``card.json``. Strangers' posts (``PATH/ner/train``) are beside
the messages in both. The police test set is not read here.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from sklearn.linear_model import LogisticRegression
from tokenizers import Tokenizer

from pipelines.classify.model.calibration import Calibration, FlagRule, any_risk
from pipelines.classify.model.encoder import (
    CALIBRATION,
    FILES,
    LINEAR,
    TOKENIZER,
    WEIGHTS,
    Network,
    RiskEncoder,
    first_windows,
)
from pipelines.classify.model.encoder import HERE as MODEL
from pipelines.classify.model.linear import Linear, anything
from pipelines.classify.taxonomy import CODES, PROTECTIVE_CODE, RISK_CODES
from pipelines.classify.training.linear import fit_linear, learning_texts, post_truth, truth
from pipelines.classify.training.posts import read_posts
from pipelines.classify.training.templates import Template, expand, load_templates
from pipelines.encoder.runtime import open_session, write_sums

CARD = "card.json"

ORDINARY_ALARMS, CONTRAST_ALARMS = 0.04, 0.09
"""Shares of ordinary chat, and of messages written to look risky that are not, that may be flagged
with a risk on validation families. A fifth and a tenth under what is asked for: 5% and 10%."""

POSTS_ALARMS = 0.05
"""Share of strangers' posts that may be flagged: some of them are hateful, so not none."""

SPUP_ALARMS = 0.03
"""Share of validation messages that challenge nothing that may be taken for a challenge."""

LOOK_RECALL = 0.998
"""Share of what is flagged on validation families that the linear model must not keep from the
network."""

SEED = 11

Matrix = NDArray[np.float32]
console = Console(width=100)


def weigh(network: Matrix, linear: Matrix, target: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    """Slopes of both scores and offset, by category: Platt's (1999) logistic fit of two scores."""
    both, known = np.stack([network, linear], axis=2), ~np.isnan(target)
    fits = [
        LogisticRegression(C=1.0).fit(both[known[:, c], c], target[known[:, c], c])
        for c in range(len(CODES))
    ]
    slopes = np.array([fit.coef_[0] for fit in fits], np.float32)
    return slopes[:, 0], slopes[:, 1], np.array([fit.intercept_[0] for fit in fits], np.float32)


def choose_rule(probabilities: Matrix, templates: Sequence[Template], posts: Matrix) -> FlagRule:
    """The rule that flags most within the bounds.

    ``probabilities`` (messages, ``CODES``) are those of ``templates``, ``posts`` those of posts.
    """
    target = truth(templates)
    clean = target[:, [CODES.index(code) for code in RISK_CODES]].sum(axis=1) == 0
    ordinary = np.array([t.ordinary for t in templates])
    risk = any_risk(probabilities)
    bounds = (
        (risk[clean & ordinary], ORDINARY_ALARMS),
        (risk[clean & ~ordinary], CONTRAST_ALARMS),
        (any_risk(posts), POSTS_ALARMS),
    )
    protective = CODES.index(PROTECTIVE_CODE)
    others = probabilities[target[:, protective] == 0, protective]
    return FlagRule(
        max(float(np.quantile(scores, 1 - share)) for scores, share in bounds),
        float(np.quantile(others, 1 - SPUP_ALARMS)),
    )


def error_rates(flagged: NDArray[np.bool_], target: Matrix) -> dict[str, dict[str, int]]:
    """Counts of right and wrong flags by category, and of any risk at all (``ANY``)."""
    actual = target == 1
    columns = {code: (flagged[:, c], actual[:, c]) for c, code in enumerate(CODES)}
    risks = [CODES.index(code) for code in RISK_CODES]
    columns["ANY"] = (flagged[:, risks].any(axis=1), actual[:, risks].any(axis=1))
    return {
        code: {
            "tp": int((said & true).sum()),
            "positives": int(true.sum()),
            "fp": int((said & ~true).sum()),
            "negatives": int((~true).sum()),
        }
        for code, (said, true) in columns.items()
    }


def calibrate(data: Path, out: Path) -> dict[str, Any]:
    """Writes the linear model, the calibration, the hashes and ``card.json``; returns the card."""
    tokenizer, rng = Tokenizer.from_file(str(out / TOKENIZER)), random.Random(SEED)  # noqa: S311
    learnt, known = learning_texts(data, rng)
    linear = fit_linear(first_windows(tokenizer, learnt), known)

    held, posts = load_templates("validation"), read_posts(data / "ner/train", "validation")
    texts, target = [expand(t.text, rng) for t in held], truth(held)
    firsts = first_windows(tokenizer, texts + [post.text for post in posts])
    network = Network(open_session((out / WEIGHTS).read_bytes(), 2), tokenizer)
    by_network, by_linear = network.rows(firsts)[:, : len(CODES)], linear.scores(firsts)
    slopes = weigh(by_network, by_linear, np.concatenate([target, post_truth(posts)]))
    found = Calibration(*slopes, slopes[2], 0.0, FlagRule(1.0, 1.0))
    probabilities = found.probabilities(by_network, by_linear)
    rule = choose_rule(probabilities[: len(held)], held, probabilities[len(held) :])
    probabilities, cause = probabilities[: len(held)], anything(by_linear[: len(held)])
    look = float(np.quantile(cause[rule.flags(probabilities).any(axis=1)], 1 - LOOK_RECALL))
    looked = cause >= look
    unread = probabilities[~looked].mean(axis=0)

    save(out, linear, replace(found, unread=unread, look=look, rule=rule))
    shipped = RiskEncoder.load(out)
    flagged = shipped.calibration.rule.flags(shipped.probabilities(texts))
    ordinary = np.array([t.ordinary for t in held])
    card = {
        "measured_on": "validation template families, never trained on",
        "messages": len(held),
        "families": len({t.family for t in held}),
        "read_by_network": {
            "all": round(float(looked.mean()), 4),
            "ordinary": round(float(looked[ordinary].mean()), 4),
        },
        "error_rates": error_rates(flagged, target),
    }
    (out / CARD).write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    return card


def save(out: Path, linear: Linear, calibration: Calibration) -> None:
    """Writes both, and the hashes of everything the model is."""
    np.save(out / LINEAR, linear.weights)
    by_code = {
        "network": calibration.network,
        "linear": calibration.linear,
        "offset": calibration.offset,
        "unread": calibration.unread,
        "scale": linear.scale,
        "bias": linear.bias,
    }
    tables: dict[str, Any] = {
        name: {code: float(f"{value:.6g}") for code, value in zip(CODES, row, strict=True)}
        for name, row in by_code.items()
    }
    tables |= {"look": calibration.look, **asdict(calibration.rule)}
    (out / CALIBRATION).write_text(json.dumps(tables, indent=1) + "\n", encoding="utf-8")
    write_sums(out, FILES)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="of ner/train")
    parser.add_argument("--out", type=Path, default=MODEL, help="model folder")
    args = parser.parse_args()
    card = calibrate(args.data, args.out)
    for code, r in card["error_rates"].items():
        console.print(
            f"{code}: {r['tp']}/{r['positives']} found, {r['fp']}/{r['negatives']} false alarms"
        )


if __name__ == "__main__":
    main()
