"""Whether two texts state the same quantity, and what units of several numbers say."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rdc.artifacts.measures import Measure, find_factors, find_units, read_measure
from rdc.harness.quantities import is_same_quantity


@pytest.mark.parametrize(
    "case",
    [
        ("2 h 15 min", "135 min", "", True),
        ("2h15", "135", "running time in minutes", True),
        ("2 h 15 min", "15 min", "running time in minutes", False),
        ("2 h", "2", "running time in minutes", False),
        ("2 h", "2", "running time, a plain number", None),
        ("2 h 15 min", "135", "hours or minutes, seconds", None),
        ("140 x 290 x 10 mm", "14 x 29 x 1 cm", "", True),
        ("140 x 290 x 10 mm", "140 x 290 x 10 cm", "centimetres", False),
        ("140 x 290 x 10 mm", "14 x 29", "centimetres", None),
        ("5 ft 4 in", "64 in", "", True),
        ("5 ft 4 in", "54 in", "", False),
        ("1,200 mm", "1.2 m", "", True),
        ("12 oz", "12 lb", "", False),
        ("12 fl oz", "12 oz", "", None),
        ("12 oz", "12 cm", "", None),
        ("5 m", "5", "plain number", None),
        ("4/5", "4.5", "", False),
        ("4/5", "4", "", None),
        ("3/4", "0.75", "", None),
        ("8 out of 10", "8.10", "", False),
        ("3/4", "2024-03-04", "", None),
        ("Paris", "France", "", None),
    ],
)
def test_a_quantity_is_the_same_another_or_unknown(case: tuple[str, str, str, bool | None]) -> None:
    before, after, goals, same = case
    assert is_same_quantity(before, after, goals) is same


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5",
        "x",
        "2 x",
        "1 min 2 h",
        "3 m 2 kg",
        "2 h 15 kg",
        "12:30",
        "5 apples",
        "h",
        "2 3 min",
        "1.2.3 cm",
    ],
)
def test_a_text_that_states_no_quantity_is_not_read(text: str) -> None:
    assert read_measure(text) is None


def test_a_unit_of_numbers_without_one_is_taken_from_the_last_or_from_outside() -> None:
    assert read_measure("2 x 3 cm") == Measure("length", (Decimal("0.02"), Decimal("0.03")))
    assert read_measure("2", "min") == Measure("time", (Decimal(120),))


def test_a_sentence_that_names_two_units_of_a_kind_names_none() -> None:
    assert find_units("minutes, not hours") == {}
    assert set(find_units("Weight in grams and length in cm, in that order.")) == {"mass", "length"}


def test_a_factor_has_few_digits() -> None:
    assert find_factors("in", frozenset({"cm", "ft"})) == (("ft", "12"),)
    assert find_factors("kg", frozenset({"lb", "mg", "t"})) == (("mg", "0.000001"),)
