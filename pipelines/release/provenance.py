"""What a release was made from and with, said so that no one submission shows.

A plain list of what made the rows, or a plain hash of them, would be another one as soon as a
single submission came or went: whoever sees two manifests would learn of one withdrawal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from pipelines.keys import keyed_sha256
from pipelines.release.cells import read_sql
from pipelines.release.policy import Support, WithheldError, check_can_publish_denominator

PURPOSE = "release inputs"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Of the months a release adds: each tool's versions behind them, and a keyed hash (64 hex
    digits, "" if not known) of the shards that hold their messages.
    """

    versions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    inputs_hmac_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A warehouse and its key: where a release's figures come from."""

    con: duckdb.DuckDBPyConnection
    data_key: str = field(repr=False)

    def provenance(self, release: str, months: Sequence[str]) -> Provenance:
        """What stands behind the ``months`` that ``release`` adds."""
        return Provenance(versions_behind(self.con, months), self.inputs_hmac(release, months))

    def inputs_hmac(self, release: str, months: Sequence[str]) -> str:
        """Which inputs, for whoever has the key and the warehouse as it was.

        The release's month is in it: the same inputs behind two releases do not look the same.
        """
        shards = self.con.execute(read_sql("inputs"), {"months": list(months)}).fetchall()
        names = [shard for (shard,) in shards]
        return keyed_sha256(bytes.fromhex(self.data_key), PURPOSE, release, *names).hex()


def versions_behind(con: duckdb.DuckDBPyConnection, months: Sequence[str]) -> dict[str, list[str]]:
    """Each tool's versions whose messages in ``months`` pass the policy that a force's messages
    of a month must pass. Other versions are not told, nor whether there are any.
    """
    found: dict[str, list[str]] = {}
    for tool, version, *counts in con.execute(
        read_sql("versions"), {"months": list(months)}
    ).fetchall():
        said = found.setdefault(tool, [])
        try:
            check_can_publish_denominator(Support(*counts))
        except WithheldError:
            continue
        said.append(version)
    return {tool: sorted(versions) for tool, versions in found.items() if versions}
