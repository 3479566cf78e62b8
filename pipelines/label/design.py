"""Which messages people judge: more from where risk is likely, so that few judgements say much.

Every classified message of a month is in one stratum: its likeliest category and the band of that
probability; ``rest`` where no category reaches the first band, drawn uniformly; ``wordless`` where
there is nothing to read, which is never drawn because nothing can be wrong with it.
"""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.errors import CallerError

BAND_EDGES = (0.1, 0.5, 0.9)
"""Where bands of probability start: worth a doubt, likelier than not, nearly certain."""

REST, WORDLESS = "rest", "wordless"

REST_SHARE = 0.5
"""Of the sample. Optimal allocation (Neyman, 1934: a stratum's size times its standard deviation)
would give the rest about two thirds where 1 in 300 of it is risky and it is 19 in 20 of all; equal
allocation serves each category alike. This is between the two."""

FEWEST = 2
"""In a stratum: fewer tell nothing about how it varies."""


def allocate(sizes: Mapping[str, int], size: int) -> dict[str, int]:
    """How many to draw from each stratum, given how many messages it has; ``size`` in all.

    Strata share alike what is not the rest's, but for those too small, which are drawn whole.
    Raises ``CallerError`` where ``size`` leaves a stratum fewer than ``FEWEST``.
    """
    likely = {s: n for s, n in sizes.items() if s not in (REST, WORDLESS) and n}
    rest = sizes.get(REST, 0)
    least = round(FEWEST * max(len(likely), 1) / (1 - REST_SHARE))
    if size < least:
        raise CallerError(
            f"--size {size} is too few for {len(likely) + bool(rest)} strata: ask for {least} "
            "or more."
        )
    for_rest = min(rest, max(round(size * REST_SHARE), size - sum(likely.values())))
    drawn = _alike(likely, size - for_rest)
    return {**dict.fromkeys(sizes, 0), **drawn, **({REST: for_rest} if rest else {})}


def _alike(sizes: Mapping[str, int], total: int) -> dict[str, int]:
    """``total`` in equal parts; what a small stratum cannot fill goes to the larger ones."""
    drawn = {}
    for place, stratum in enumerate(sorted(sizes, key=lambda s: (sizes[s], s))):
        drawn[stratum] = min(sizes[stratum], total // (len(sizes) - place))
        total -= drawn[stratum]
    return drawn
