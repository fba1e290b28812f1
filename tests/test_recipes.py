"""Every recipe, called on hostile values, in CPython and in the sandbox's interpreter."""

from __future__ import annotations

import inspect
import random
from typing import TYPE_CHECKING, Any

import pytest
from pydantic_monty import Monty

from rdc import recipes

if TYPE_CHECKING:
    from collections.abc import Iterator

HOSTILE: list[str | None] = [
    None, "", "  ", " a  b ", "12.0 oz", "12 OZ.", "12.0 oz. can", "12.oz", "12 lb 3 oz", "3'", "5\xb0C", "$1,234.50",
    "($1,234.50)", "$(5)", "-$5", "US$ 5", "5 EUR", "kr 5", "5-", "(5)", "5 - 6", "1.234,56", "1,234", "1,125", "1.125",
    "0,125", "12,5", "1 234", "1\xa0234,5", "1,23,456", "1,000,", "'1'", "1'000", "1_000", "0x10", "5%", "5.5 %", "1e5",
    "1.5E-3", "1e99", "007", "0.50", "-0.0", "+.5", ".", "-", "--", "N/A", " n/a ", "nan", "NULL", "None", "?", "12.",
    "2020-01-02", "2020-13-02", "1/2/2020", "13/2/2020", "2/13/2020", "30/2/2020", "29.2.2000", "29.2.1900", "1/2/70",
    "Mar 4, 2020", "4th March 2020", "Mon, 4 Jan 2020", "20200304", "20201304", "2020-01-02T00:00:00Z", "5 Jan", "Jan",
    "2020-01-02 13:05", "3/4/2020 1:05 PM", "2020-03-04T13:05:00.123+02:00", "0/0/0", "00/00/0000", "0000-01-01",
    "1:05 p.m.", "12am", "12:00 a.m.", "0:05", "24:00", "9:5", "13:05:59", "7 pm", "13 pm", "yes", "No", "T", "0", "1",
    "Caf\xc3\xa9", "\xc3\x83\xc2\xa9", "\xe2\u20ac\u2122", "\xc2\xa35", "\xc3", "\xc3\x83\x83\x83", "\xef\xbb\xbfx",
    "&amp;amp;lt;", "&#39;", "&#99999;", "&#5;", "&amp;" + "amp;" * 300, "a\x00b\u200b", "\x1c a \x1d", "\ufeffx",
    "\ufb01\xbd\xb2", "\u201ca\u201d \u2018b\u2019", "(555) 010-2030", "+1 555 010 2030", "555-010-2030 x12",
    "123456789", "555.010.2030", "\u0663\u0664", "\uff11\uff12", "\xdf", "\u0130stanbul", "\u0149a", "\u01c6x", "\u0391\u03a3 \u03a3",
    "o'neil-smith", "mcDONALD", "New  York", "texas", "tx", "D.C.", "a,b", "a, ", "-a-b-", "Dr. Dr. A", "Dr.",
    "x" * 3000, "a" * 3000, "9" * 40, "1," * 20, "\n", "12\n", "a\nb", "\U0001f600", "e\u0301", "#5", "*a*", "in_stock",
]  # fmt: skip
GIVEN: dict[str, list[tuple[Any, ...]]] = {
    "format_digits": [("999-99-9999",), ("(999) 999-9999",)],
    "format_phone": [("999-999-9999",), ("(999) 999-9999", "1")],
    "null_if": [("n/a", "-")],
    "pad_left": [(5,), (6, "x")],
    "remove_symbols": [("-. ",)],
    "remove_thousands": [(), (",",)],
    "replace_symbol": [("_", " "), ("", "x")],
    "round_number": [(2,), (0,)],
    "split_part": [(",", 1), (" ", -1)],
    "strip_ending": [("york",), ("pm",), ("b",)],
    "strip_prefix": [("Dr.", "a")],
    "strip_suffix": [("oz", "a", ".")],
    "strip_symbol": [("*#-",)],
    "strip_unit": [(), ("oz", "lb")],
    "title_case": [(), ("'.",), ("]^-",)],
    "to_boolean": [(), ("Y", "N"), ("1", "0")],
    "to_date": [(), ("%d.%m.%Y", "%b %d, %y")],
    "to_timestamp": [(), ("dmy", "T")],
}
EMPTYING = {"collapse_spaces", "strip_spaces", "strip_control", "fix_mojibake"}
NULLING = {"empty_to_null", "null_if", "null_tokens"}
CALLS = [(name, given) for name in recipes.__all__ for given in GIVEN.get(name, [()])]


def make_values() -> list[str | None]:
    """The hostile values and random mixtures of the characters that recipes look for."""
    chance = random.Random(7)  # noqa: S311 - test data
    mixed = " 0123456789.,-/:$%()aAbBmpMPz'\t\xa0\x1c\xc3\xa9\xc2&;#\u0130\xdf\u2019\n_"
    dated = "0123456789/.-: ,ap%$"
    made = ["".join(chance.choices(mixed, k=chance.randint(1, 12))) for _ in range(300)]
    made += ["".join(chance.choices(dated, k=chance.randint(3, 12))) for _ in range(300)]
    return HOSTILE + made


VALUES = make_values()


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    with Monty() as pool, pool.checkout() as session:
        session.feed_run(inspect.getsource(recipes))
        yield session


@pytest.mark.parametrize(("name", "given"), CALLS)
def test_a_recipe_gives_the_same_in_the_sandbox(session: Any, name: str, given: tuple[Any, ...]) -> None:
    expected = [getattr(recipes, name)(value, *given) for value in VALUES]
    code = f"[{name}({', '.join(['value', *map(repr, given)])}) for value in values]"
    assert session.feed_run(code, inputs={"values": VALUES}) == expected


@pytest.mark.parametrize(("name", "given"), CALLS)
def test_a_recipe_is_idempotent_and_destroys_nothing(name: str, given: tuple[Any, ...]) -> None:
    recipe = getattr(recipes, name)
    once = [recipe(value, *given) for value in VALUES]
    assert [recipe(value, *given) for value in once] == once
    assert once[0] is None
    for before, after in zip(VALUES, once, strict=True):
        assert after or before is None or not before or name in EMPTYING | NULLING, (before, after)
        assert after is not None or before is None or name in NULLING, before


def test_every_recipe_is_called_and_changes_a_value() -> None:
    """A recipe that does nothing to any of these would pass the other tests too."""
    assert list(recipes.__all__) == sorted(recipes.__all__)
    for name, given in CALLS:
        if given != ("", "x"):
            assert any(getattr(recipes, name)(value, *given) != value for value in VALUES), (name, given)


@pytest.mark.parametrize(
    ("value", "order", "expected"),
    [
        ("03/04/2020", "mdy", "2020-03-04"),
        ("03/04/2020", "dmy", "2020-04-03"),
        ("13/04/2020", "mdy", "2020-04-13"),
        ("04/13/2020", "dmy", "2020-04-13"),
        ("29/02/2021", "dmy", "29/02/2021"),
        ("1/2/68", "mdy", "2068-01-02"),
        ("1/2/69", "mdy", "1969-01-02"),
        ("2020-01-02 13:05", "mdy", "2020-01-02 13:05"),
        ("Sept. 5, 2020", "mdy", "2020-09-05"),
    ],
)
def test_a_date_is_read_in_the_order_given_unless_it_is_impossible(
    value: str, order: str, expected: str
) -> None:
    assert recipes.to_date(value, order=order) == expected


@pytest.mark.parametrize(
    ("recipe", "value"),
    [
        (recipes.strip_unit, "12 lb 3 oz"),
        (recipes.strip_currency, "$ab"),
        (recipes.remove_thousands, "1,2"),
        (recipes.decimal_comma, "1.234"),
        (recipes.to_time, "25:00"),
        (recipes.to_boolean, "maybe"),
        (recipes.us_state_code, "Ontario"),
        (recipes.fix_mojibake, "N\xc3O"),
        (recipes.percent_to_number, "a%"),
        (recipes.round_number, "1,5"),
    ],
)
def test_what_a_recipe_does_not_understand_stays(recipe: Any, value: str) -> None:
    given = (2,) if recipe is recipes.round_number else ()
    assert recipe(value, *given) == value
