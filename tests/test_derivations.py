"""Columns that are made from others are found with what stands between their parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rdc.engines.duckdb import DuckDBEngine
from rdc.frontend.profiler import profile_table, show_values

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdc.artifacts.plan import Cell
    from rdc.artifacts.profile import NearDerivation, TableProfile

ENGINE = DuckDBEngine()
FIRST = [f"{'ABCDEFG'[i % 7]}nn{'aeiou'[i % 5]}" for i in range(120)]
LAST = [f"{'PQRST'[i % 5]}o{'lmnrst'[i % 6]}k" for i in range(120)]
CODE = [f"{i % 12 + 10}" for i in range(120)]


def profile(**columns: Sequence[Cell]) -> TableProfile:
    return profile_table(ENGINE, ENGINE.load("t", columns), "s")


def find(**columns: Sequence[Cell]) -> tuple[NearDerivation, ...]:
    return profile(**columns).derivations


CASES: Mapping[str, tuple[list[str], str]] = {
    "two parts": ([f"{a} {b}" for a, b in zip(FIRST, LAST, strict=True)], "{first} {last}"),
    "turned round": ([f"{b}, {a}" for a, b in zip(FIRST, LAST, strict=True)], "{last}, {first}"),
    "no text between": ([f"{a}{b}" for a, b in zip(FIRST, LAST, strict=True)], "{first}{last}"),
    "around": ([f"#{a}_{c}!" for a, c in zip(FIRST, CODE, strict=True)], "#{first}_{code}!"),
    "three parts": (
        [f"{c}:{a} {b}" for a, b, c in zip(FIRST, LAST, CODE, strict=True)],
        "{code}:{first} {last}",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_templates(case: str) -> None:
    made, template = CASES[case]
    (near,) = find(first=FIRST, last=LAST, code=CODE, made=made)
    assert (near.column, near.template, near.support, near.violations) == ("made", template, 120, 0)


def test_dirty_rows_are_violations_and_gaps_are_not() -> None:
    made: list[Cell] = [f"{a}-{c}" for a, c in zip(FIRST, CODE, strict=True)]
    made[3], made[50], made[7], made[8] = "Axxa-13", "n/k", None, ""
    (near,) = find(first=FIRST, code=CODE, made=made)
    assert (near.support, near.violations) == (118, 2)


@pytest.mark.parametrize(
    "made",
    [
        pytest.param([f"{a}x" for a in FIRST], id="one part"),
        pytest.param([f"{a} {i}" for i, a in enumerate(FIRST)], id="a text that varies"),
        pytest.param(FIRST, id="a copy"),
    ],
)
def test_what_is_made_otherwise_is_no_derivation(made: list[str]) -> None:
    assert [near.column for near in find(first=FIRST, last=LAST, made=made) if near.column == "made"] == []


DATES = [f"{i % 28 + 1} May {1990 + i % 17} (Type {i % 5})" for i in range(120)]
YEARS = [f"{1990 + i % 17}" for i in range(120)]


def test_a_part_of_another_column_is_found_and_dirty_rows_are_violations() -> None:
    kinds = [f"Type {i % 5}" for i in range(120)]
    years: list[Cell] = [*YEARS]
    years[3], years[5], years[7] = "(1993)", "", None
    by_year, by_kind = find(date=DATES, year=years, kind=kinds)
    assert (by_year.template, by_year.support, by_year.violations) == ("the year of date", 118, 1)
    assert (by_kind.column, by_kind.template) == ("kind", "what parentheses hold in date")


def test_a_column_that_often_holds_another_right_value_is_no_part() -> None:
    years = [str(int(year) - (place % 20 == 0)) for place, year in enumerate(YEARS)]
    assert find(date=DATES, year=years) == ()


def test_a_part_of_what_is_joined_from_it_is_no_derivation() -> None:
    made = [f"{a}-{c}" for a, c in zip(FIRST, CODE, strict=True)]
    assert [near.column for near in find(first=FIRST, code=CODE, made=made)] == ["made"]


def test_texts_are_shown_as_far_as_values_are() -> None:
    made = [f"secret {a} {b}" for a, b in zip(FIRST, LAST, strict=True)]
    (near,) = show_values(profile(first=FIRST, last=LAST, made=made), "masked").derivations
    assert near.template == "aaaaaa {first} {last}"
