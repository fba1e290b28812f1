"""Lists are told from words that hold a mark, and from lists of pairs."""

from __future__ import annotations

import pytest

from rdc.generation.lister import find_dividers, learn_lists

GENRES = ["Pop, Jazz", "Rock", "Pop, Rock", "Jazz, Rock, Pop"]


@pytest.mark.parametrize(
    ("values", "divided"),
    [
        (["Pop/Rock", "Jazz/Rock"], True),
        (["Pop/Rock"] * 9 + ["Pop/Rck"], True),
        (["Pop/Rock"] * 9 + ["AC/DC"], False),
        (["Pop/Rck", "Jzz/Rock"], False),
        (["N/A"], False),
        ([], False),
    ],
)
def test_a_slash_divides_what_other_lists_are_made_of(values: list[str], *, divided: bool) -> None:
    assert ("/" in find_dividers([*GENRES, *values], ",/")) == divided


@pytest.mark.parametrize(
    ("values", "divided"),
    [
        (["Kim, A.; Ek, B.", "Kim, A.; Ek, B.; Lee, C.", "Kim, A.; WHO"], False),
        (["red; blue, green; pink", "red;blue"], True),
        (["red;blue"], True),
    ],
)
def test_a_mark_between_pairs_is_none_of_the_same_list(values: list[str], *, divided: bool) -> None:
    assert (";" in find_dividers(values, ",;")) == divided


@pytest.mark.parametrize(
    ("given", "expected", "steps"),
    [
        ("Kim, A. & Ek, B.", "A. Kim, B. Ek", ['swap_each(value, "&", ", ")']),
        ("Kim, A.; Ek, B.", "Kim, A. | Ek, B.", ['rejoin_parts(value, ";", " | ")']),
        ("a;b", "b, a", []),
        ("a;b", "a and b", []),
        ("a", "a.", []),
    ],
)
def test_an_example_teaches_how_lists_are_joined(given: str, expected: str, steps: list[str]) -> None:
    assert [str(step) for step in learn_lists([(given, expected)], [])] == steps
