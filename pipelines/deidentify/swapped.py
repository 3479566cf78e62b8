"""Another name model in place of the shipped one, named by the setting ``CANDOUR_NAME_MODEL``.

Either ``module:attribute``, a Presidio recogniser or NLP engine (an object, or what makes one when
called), or the path of a Presidio NLP engine configuration (``.yml``) for its spaCy or
transformers engine. docs/name-model.md shows both. A model that does not load stops everything:
nothing is read without one, and none is fetched.
"""

from __future__ import annotations

import hashlib
import importlib
import inspect
from collections.abc import Iterator, Sequence
from importlib.metadata import packages_distributions, version
from pathlib import Path
from typing import Any

import spacy
import yaml
from presidio_analyzer import EntityRecognizer
from presidio_analyzer.nlp_engine import NlpEngine, NlpEngineProvider
from presidio_analyzer.predefined_recognizers import SpacyRecognizer

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.model.spans import NameSpan
from pipelines.deidentify.nlp import ChatNlpEngine
from pipelines.deidentify.recognisers.name_model import NameModel
from pipelines.errors import CallerError

SETTING = "CANDOUR_NAME_MODEL"
LANGUAGE = "en"
BATCH = 64  # texts given to an engine at once
ENGINES = ("spacy", "transformers")  # Presidio's others fetch what is not there

# What recognisers call people, places and organisations. Other types are not asked for: numbers,
# links and codes have recognisers of their own, dates stay.
KINDS = {
    "PERSON": Kind.PERSON,
    "PER": Kind.PERSON,
    "LOCATION": Kind.LOCATION,
    "LOC": Kind.LOCATION,
    "GPE": Kind.LOCATION,
    "ORGANIZATION": Kind.ORGANISATION,
    "ORGANISATION": Kind.ORGANISATION,
    "ORG": Kind.ORGANISATION,
}


class NameModelError(CallerError):
    """The name model asked for is not there, does not load or finds no people."""


class PresidioNames:
    """A Presidio recogniser as an encoder of ``NameModel``: whatever it returns is redacted."""

    def __init__(self, recogniser: EntityRecognizer, engine: NlpEngine) -> None:
        self._recogniser, self._engine = recogniser, engine
        self._entities = [e for e in recogniser.supported_entities if e in KINDS]
        if not any(KINDS[entity] is Kind.PERSON for entity in self._entities):
            raise ValueError("it finds no PERSON")

    def find(self, texts: Sequence[str]) -> list[list[NameSpan]]:
        """The names in each text, in order of the texts."""
        read = self._engine.process_batch(list(texts), LANGUAGE, batch_size=BATCH)
        return [list(self._names(text, artifacts)) for text, artifacts in read]

    def _names(self, text: str, artifacts: Any) -> Iterator[NameSpan]:
        for found in self._recogniser.analyze(text, self._entities, artifacts):
            if found.entity_type in KINDS:
                kind = str(KINDS[found.entity_type])
                yield NameSpan(kind, found.start, found.end, found.score)


def load_name_model(named: str) -> tuple[NameModel, str]:
    """The model and its version, which changes whenever its files or its package do.

    Raises ``NameModelError`` where it does not load.
    """
    try:
        if named.endswith((".yml", ".yaml")):
            recogniser, engine, found = _from_configuration(Path(named))
        else:
            recogniser, engine, found = _from_attribute(named)
        return NameModel(PresidioNames(recogniser, engine)), found
    except (Exception, SystemExit) as error:  # spaCy's loader exits where it finds nothing
        raise NameModelError(
            f"The name model {named} does not load ({error}). Install it or correct {SETTING}; "
            "without a name model no message is read."
        ) from error


def _from_attribute(named: str) -> tuple[EntityRecognizer, NlpEngine, str]:
    module_name, _, attribute = named.partition(":")
    if not attribute:
        raise ValueError("it is neither module:attribute nor a .yml file")
    module = importlib.import_module(module_name)
    made = getattr(module, attribute)
    if callable(made) and not isinstance(made, EntityRecognizer | NlpEngine):
        made = made()
    found = f"{named}-{_package_version(module_name)}-{_digest([Path(inspect.getfile(module))])}"
    if isinstance(made, NlpEngine):
        if not made.is_loaded():
            made.load()
        return _reader_of(made), made, found
    if not isinstance(made, EntityRecognizer):
        raise TypeError("it is neither a Presidio recogniser nor an NLP engine")
    return made, ChatNlpEngine(), found


def _from_configuration(path: Path) -> tuple[EntityRecognizer, NlpEngine, str]:
    configuration = yaml.safe_load(path.read_text(encoding="utf-8"))
    if configuration["nlp_engine_name"] not in ENGINES:
        raise ValueError(f"nlp_engine_name is not one of {', '.join(ENGINES)}")
    folders = [f for model in configuration["models"] for f in _folders(model["model_name"])]
    engine = NlpEngineProvider(nlp_configuration=configuration).create_engine()
    if LANGUAGE not in engine.get_supported_languages():
        raise ValueError("no model has lang_code en")
    files = [path, *(file for folder in folders for file in sorted(folder.rglob("*")))]
    return _reader_of(engine), engine, f"{path.stem}-{_digest(files)}"


def _reader_of(engine: NlpEngine) -> EntityRecognizer:
    return SpacyRecognizer(supported_entities=engine.get_supported_entities())


def _folders(model: str | dict[str, str]) -> Iterator[Path]:
    """Where a model's files are. Raises ``FileNotFoundError``: Presidio would go and fetch it."""
    for kind, name in model.items() if isinstance(model, dict) else [("spacy", model)]:
        if kind == "spacy" and spacy.util.is_package(name):
            yield Path(spacy.util.get_package_path(name))
        elif Path(name).is_dir():
            yield Path(name)
        else:
            raise FileNotFoundError(f"{name} is neither an installed spaCy model nor a folder")


def _package_version(module: str) -> str:
    packages = packages_distributions().get(module.partition(".")[0])
    return version(packages[0]) if packages else "unpackaged"


def _digest(files: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        if file.is_file() and file.suffix != ".pyc":
            with file.open("rb") as handle:
                digest.update(hashlib.file_digest(handle, "sha256").digest())
    return digest.hexdigest()[:12]
