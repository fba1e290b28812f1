"""Which member of a declared set a word is a misspelling of."""

from __future__ import annotations

import pytest

from rdc.artifacts.closed import closed_set, nearest_member, told_member
from rdc.artifacts.expectation import Expectation

IN_SET = Expectation(type="expect_column_values_to_be_in_set", kwargs={"value_set": ["a", "b", 3]})


@pytest.mark.parametrize(
    ("word", "members", "found"),
    [
        ("Tos", ["Toys", "Kitchen"], ("Toys", 1)),
        ("tosy ", ["Toys", "Kitchen"], ("Toys", 1)),
        ("Tos", ["Toys", "Tops"], None),
        ("Toss", ["Toys", "Tops", "Kitchen"], None),
        ("statonry", ["Stationery", "Kitchen"], ("Stationery", 2)),
        ("Kithcne", ["Kitchen"], None),
        ("yo", ["yes", "no"], None),
        ("unpaid", ["paid"], None),
        ("paid", ["unpaid"], None),
        ("atypical", ["typical"], None),
        ("ypical", ["typical"], ("typical", 1)),
        ("returneds", ["returned"], ("returned", 1)),
        ("size 3x", ["size 2x"], None),
        ("female", ["male"], None),
        ("", ["paid"], None),
        ("paid", [], None),
    ],
)
def test_a_word_belongs_to_the_one_member_that_it_is_near(
    word: str, members: list[str], found: tuple[str, int] | None
) -> None:
    assert nearest_member(word, members) == found


@pytest.mark.parametrize(
    ("word", "members", "column", "found"),
    [
        ("Rated R", ["R", "PG-13"], "content_rating", "R"),
        ("status: paid", ["paid", "unpaid"], "order status", "paid"),
        ("Size M", ["S", "M", "L"], "size", "M"),
        ("Unrated", ["R", "Not Rated"], "rating", "Not Rated"),
        ("non-smoker", ["smoker", "not smoker"], "habit", "not smoker"),
        ("Notable", ["No table", "table"], "seat", None),
        ("unpaid", ["paid", "open"], "status", None),
        ("not paid", ["paid", "open"], "status", None),
        ("late paid", ["paid", "late"], "status", None),
        ("No rating R", ["R", "PG"], "rating", None),
        ("Unrated R", ["R", "PG"], "rating", None),
        ("grade A or B", ["A", "B"], "grade", None),
        ("R rating", ["R", "PG"], "rating", None),
    ],
)
def test_other_words_name_a_member_where_nothing_else_is_said(
    word: str, members: list[str], column: str, found: str | None
) -> None:
    assert told_member(word, members, column) == found


@pytest.mark.parametrize(
    ("expectations", "members"),
    [
        ([IN_SET], {"a", "b"}),
        ([IN_SET, IN_SET.model_copy(update={"kwargs": {"value_set": ["b", "c"]}})], {"b"}),
        ([IN_SET.model_copy(update={"severity": "warn"})], set()),
        ([IN_SET.model_copy(update={"kwargs": {"value_set": ["a"], "mostly": 0.9}})], set()),
        ([IN_SET.model_copy(update={"kwargs": {"value_set": ["a"], "row_condition": "x"}})], set()),
        ([], set()),
    ],
)
def test_a_set_is_closed_where_every_value_has_to_be_in_it(
    expectations: list[Expectation], members: set[str]
) -> None:
    assert closed_set(expectations) == members
