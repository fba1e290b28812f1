"""Which of several verified candidates is best."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from rdc.artifacts.candidate import Author, Candidate
from rdc.artifacts.transform import Evidence
from rdc.harness.ranker import choose_best
from rdc.harness.verifier import Verified


def make(
    label: str, author: str = "synthesis", source: str = "", met: float = 0.0, place: int = 0, **evidence: Any
) -> Verified:
    """A verified candidate whose goal is its label."""
    candidate = Candidate(
        kind="column", name="clean_a", reads=("a",), writes=("a",),
        author=Author.model_validate({"kind": author, "name": label}), goal=label, source=source,
    )  # fmt: skip
    return Verified(candidate, Evidence(**{"passing_after": 1.0, **evidence}), ("a",), {}, met, place)


# The first of each is the best.
ORDERS = [
    [make("passes more", passing_after=1.0), make("passes less", passing_after=0.9, cells_with_finding=9, cells_changed=9)],
    [make("meets more goals", met=0.9, cells_changed=9), make("meets fewer", met=0.8, cells_with_finding=9, cells_changed=9)],
    [make("passes more than goals ask", passing_after=1.0), make("meets goals alone", passing_after=0.9, met=1.0)],
    [make("explains more", cells_with_finding=9, cells_changed=12), make("explains less", cells_with_finding=5, cells_changed=5)],
    [make("touches less", cells_with_finding=5, cells_changed=5), make("touches more", "model", cells_with_finding=5, cells_changed=7)],
    [make("model", "model", source="long" * 9), make("synthesizer", source="short")],
    [make("person", "human"), make("model", "model")],
    [make("first", source="longer"), make("second", source="short", place=1)],
    [make("short", source="a"), make("long", source="abc")],
    [make("alpha"), make("beta")],
]  # fmt: skip


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order[0].candidate.goal)
def test_the_best_is_the_same_in_any_order(order: list[Verified]) -> None:
    for shuffled in permutations(order):
        best = choose_best(shuffled)
        assert best is not None
        assert best.candidate.goal == order[0].candidate.goal


def test_none_is_best_of_none() -> None:
    assert choose_best([]) is None
