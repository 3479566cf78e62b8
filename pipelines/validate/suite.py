"""Reads ``expectations/*.yml``: what each gate checks, in a form an analyst can read and change."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipelines.errors import CallerError
from pipelines.settings import REPOSITORY

EXPECTATIONS = REPOSITORY / "expectations"
QUERY_TYPE = "expect_no_rows"  # ``validate.no_rows``


class Severity(StrEnum):
    """What a failure does: end the run before anything is published, or be reported."""

    STOP = "stop"
    WARN = "warn"


class Expectation(BaseModel):
    """One check on one table, said in exactly one of three ways.

    ``no_rows_where`` is an SQL condition no row may meet; ``no_rows`` an SQL query that must find
    nothing (``{batch}`` is the table); ``expect`` the name of any Great Expectations expectation,
    its arguments in ``with``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    says: str = Field(min_length=10)
    severity: Severity
    table: str
    no_rows_where: str | None = None
    no_rows: str | None = None
    expect: str | None = None
    arguments: dict[str, Any] = Field(default_factory=dict, alias="with")

    @model_validator(mode="after")
    def _one_way(self) -> Expectation:
        if sum(way is not None for way in (self.no_rows_where, self.no_rows, self.expect)) != 1:
            raise ValueError("give exactly one of no_rows_where, no_rows and expect")
        return self

    def as_gx(self) -> dict[str, Any]:
        """The configuration Great Expectations builds this expectation from."""
        return {
            "type": self.expect or QUERY_TYPE,
            "kwargs": self.arguments if self.expect else {"unexpected_rows_query": self._query()},
            "description": self.says,
            "severity": "critical" if self.severity is Severity.STOP else "warning",
            "meta": {"id": self.id},
        }

    def _query(self) -> str:
        # SELECT 1: a failing row's values are not even read.
        query = self.no_rows or f"SELECT 1 FROM {{batch}} WHERE {self.no_rows_where}"
        return _escape(query)


def _unique_ids(found: tuple[Expectation, ...]) -> tuple[Expectation, ...]:
    twice = [name for name, count in Counter(e.id for e in found).items() if count > 1]
    if twice:
        raise ValueError(f"used twice: {', '.join(twice)}")
    return found


class Suite(BaseModel):
    """A gate's expectations, in the order they are reported."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    gate: str
    about: str
    expectations: Annotated[tuple[Expectation, ...], AfterValidator(_unique_ids)]

    @property
    def tables(self) -> list[str]:
        """The tables checked, in order of first mention."""
        return list(dict.fromkeys(expectation.table for expectation in self.expectations))


def load_suite(gate: str, folder: Path = EXPECTATIONS) -> Suite:
    """Read ``<gate>.yml``. Raises ``CallerError`` naming the expectation that is badly written."""
    path = folder / f"{gate}.yml"
    try:
        return Suite.model_validate(yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader))
    except yaml.YAMLError as error:
        raise CallerError(f"{path} is not valid YAML: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise CallerError(f"{path}: {where}: {first['msg']}. Correct it and run again.") from None


def _escape(query: str) -> str:
    """Braces and colons as they are: GX formats queries, SQLAlchemy looks for ``:parameters``."""
    doubled = query.replace("{", "{{").replace("}", "}}").replace("{{batch}}", "{batch}")
    return doubled.replace("(?:", "(?\\:")
