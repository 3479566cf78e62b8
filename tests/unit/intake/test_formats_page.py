"""docs/formats.md names every format, every reason code and every limit."""

from __future__ import annotations

from pipelines.errors import Reason
from pipelines.intake.formats import all_formats
from pipelines.settings import REPOSITORY, Settings

PAGE = (REPOSITORY / "docs" / "formats.md").read_text(encoding="utf-8")


def test_every_reason_code_is_explained() -> None:
    assert [reason for reason in Reason if f"`{reason}`" not in PAGE] == []


def test_every_format_is_there() -> None:
    assert {found.platform for found in all_formats()} <= set(PAGE.lower().split())


def test_every_limit_is_there_with_its_default() -> None:
    limits = {name: field for name, field in Settings.model_fields.items() if "max_" in name}

    missing = [
        name
        for name, field in limits.items()
        if f"| `CANDOUR_{name.upper()}` | {field.default:,} |" not in PAGE
    ]
    assert limits and missing == []
