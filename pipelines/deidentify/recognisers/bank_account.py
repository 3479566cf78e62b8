"""Sort codes and account numbers."""

from __future__ import annotations

from pipelines.deidentify.entities import Kind
from pipelines.deidentify.recognisers.base import ChatPattern, patterns

_SORT = r"\d{2}[-– ]\d{2}[-– ]\d{2}"


class BankAccount(ChatPattern):
    """A sort code beside an account number; either near a word such as ``sort code``."""

    KIND = Kind.BANK_ACCOUNT
    CONTEXT = (
        "sort code", "sort", "s/c", "sc", "account", "acc", "acct", "a/c", "bank", "bacs", "monzo",
        "barclays", "natwest", "lloyds", "hsbc", "starling", "santander", "halifax", "nationwide",
    )  # fmt: skip
    PATTERNS = patterns(
        (0.9, rf"(?<!\w){_SORT}[ ,/]+\d{{8}}(?!\w)"),
        (0.9, rf"(?<!\w)\d{{8}}[ ,/]+{_SORT}(?!\w)"),
        (0.3, rf"(?<![\w\-/]){_SORT}(?![\w\-/])"),
        (0.3, r"(?<![\w\-/])\d{8}(?![\w\-/])"),
        (0.3, r"(?<![\w\-/])\d{4} \d{4}(?![\w\-/]| \d)"),
        (0.85, r"\b(?:sort code|sortcode|sort)(?: is)?[ :.\-]*\K\d{6}\b"),
    )
