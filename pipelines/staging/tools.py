"""What reads a message: loaded once, used for every submission of a batch."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version

from pipelines.classify.classifier import Classifier
from pipelines.deidentify.engine import Deidentifier


@dataclass(frozen=True, slots=True)
class Tools:
    """The de-identifier and the classifier."""

    deidentifier: Deidentifier
    classifier: Classifier

    @classmethod
    def load(cls, name_model: str = "") -> Tools:
        """``name_model`` as in ``Settings``. Raises where a model does not load."""
        return cls(Deidentifier.load(name_model), Classifier.load())

    @property
    def versions(self) -> dict[str, str]:
        """Whatever changes a row when it changes."""
        return {
            "candour": version("candour"),
            "classifier": self.classifier.version,
            "deidentifier": self.deidentifier.version,
        }
