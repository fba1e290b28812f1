"""Verified candidates of one task -> the best; which one that is never depends on their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdc.harness.verifier import Verified

AUTHORS = {"human": 0, "model": 1, "synthesis": 2}
"""Who wins a tie."""
DECIMALS = 9
"""Behind which two shares are the same."""


def choose_best(verified: Sequence[Verified]) -> Verified | None:
    """Take the candidate that does most of what was asked for and touches least.

    In this order: the share of cells that meets all expectations, and the goals; the changed cells that had a
    finding, the fewest changed cells that had none; a model's before the synthesizer's, the one that its author
    put first, the shorter code, and the name.

    Returns:
        The best, or None where there is none.
    """
    return min(verified, key=rank, default=None)


def rank(verified: Verified) -> tuple[float, float, int, int, int, int, int, str, str, int, str]:
    """A sort key, the best first."""
    candidate, evidence = verified.candidate, verified.evidence
    untold = max(0, evidence.cells_changed - evidence.cells_with_finding)
    return (
        -evidence.passing_after,
        -round(verified.met, DECIMALS),
        -evidence.cells_with_finding,
        untold,
        AUTHORS[candidate.author.kind],
        verified.place,
        len(candidate.source) + len(candidate.mapping),
        candidate.name,
        candidate.author.name,
        candidate.author.sample,
        candidate.source,
    )
