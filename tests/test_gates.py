"""What a change of a value loses, and the steps that a source can go without."""

from __future__ import annotations

import pytest

from rdc.artifacts.candidate import Author, Candidate
from rdc.artifacts.cleaner import Example
from rdc.artifacts.expectation import Expectation
from rdc.artifacts.plan import Task
from rdc.artifacts.profile import ColumnProfile
from rdc.harness.ablator import leave_out
from rdc.harness.emptying import explain_emptied, read_emptying
from rdc.harness.meaning import (
    explain_digits,
    explain_hemisphere,
    explain_number,
    find_cuts,
    find_hemispheres,
    goal_text,
    is_explained_date,
    is_held_by,
    is_same_but_for,
    read_cuts,
)
from rdc.harness.pairs import explain_pair, read_declared


def task_of(
    goals: tuple[str, ...], examples: tuple[Example, ...] = (), expectations: tuple[Expectation, ...] = ()
) -> Task:
    profile = ColumnProfile(name="x", rows=1, distinct=1, missing=0, empty=0, classes={})
    return Task(
        "column", "t", "x", ("x",), ("x",), goals, "text", examples, (), expectations, profile, (), {"x": profile}
    )  # fmt: skip


# before, after, goal, type, what is said ('' where the change is fine)
DIGITS = [
    ("12.0 oz", "120", "", "text", ""),
    ("12.0 oz", "1200", "", "text", "'12.0 oz' became '1200': a digit was added"),
    ("12.0 oz", "12", "", "text", "'12.0 oz' became '12': a digit was lost"),
    ("12.0 oz", "12", "no trailing zeros", "text", ""),
    ("12.0 oz", "12", "", "decimal(5,2)", ""),
    ("007", "7", "", "text", "'007' became '7': 2 digits were lost"),
    ("007", "7", "", "integer", ""),
    ("501", "00501", "a ZIP code has five digits", "text", ""),
    ("501", "00501", "", "text", "'501' became '00501': 2 digits were added"),
    ("N/A 0", None, "", "text", ""),
    ("12.346", "12.35", "two decimals", "text", ""),
    ("12.347", "12.34", "two decimals", "text", "'12.347' became '12.34': a digit was lost"),
    ("+1 555 010 2030", "555-010-2030", "without the country code", "text", ""),
    ("+1 555 010 2030", "555-010-2030", "as 999-999-9999", "text", "a digit was lost"),
    ("Jan 5, 2018", "2018-01-05", "ISO dates", "text", ""),
    ("1/5/18", "2018-01-05", "ISO dates", "text", ""),
    ("20180105", "2018-01-05", "ISO dates", "text", ""),
    ("1:05 p.m.", "13:05", "24 hour clock", "text", ""),
    ("12:05 am", "00:05", "24 hour clock", "text", ""),
    ("1/5/18", "2018-01-06", "ISO dates", "text", "became '2018-01-06'"),
    ("yes1", "true", "true or false", "boolean", ""),
    ("1", "true", "", "boolean", ""),
    ("1", "true", "", "text", "a digit was lost"),
    ("\uff11\uff12", "12", "", "text", ""),
    ("5.5%", "0.055", "percentages as a fraction", "text", ""),
    ("Fish &#39;n", "Fish 'n", "HTML entities are unescaped", "text", ""),
]
NUMBERS = [
    ("$1,200.50", "1200.50", "", ""),
    ("1.234,50", "1234.50", "", ""),
    ("(123.45)", "-123.45", "", ""),
    ("(123.45)", "123.45", "", "'(123.45)' became '123.45': the number has another value"),
    ("-5 oz", "5", "", "the number has another value"),
    ("50-", "-50", "", ""),
    ("1.5e3", "1500", "", ""),
    ("19.99", "19", "", "the number has another value"),
    ("19.99", "19", "rounded to a whole number", "the number has another value"),
    ("19.99", "20", "rounded to a whole number", ""),
    ("5.5%", "0.055", "as a fraction", ""),
    ("5.5%", "0.055", "", "the number has another value"),
    ("1,234", "1.234", "", ""),
    ("12 oz", "12", "", ""),
    ("ABC-12", "12", "", ""),
    ("2024", "text", "", ""),
    ("abc", "12", "", ""),
]


@pytest.mark.parametrize(("before", "after", "goal", "kind", "said"), DIGITS)
def test_digits_go_and_come_only_where_a_goal_or_the_type_says_so(
    before: str, after: str | None, goal: str, kind: str, said: str
) -> None:
    reason = explain_digits(before, after, goal.lower(), kind)
    assert said in reason
    assert bool(said) == bool(reason)


@pytest.mark.parametrize(("before", "after", "goal", "said"), NUMBERS)
def test_a_number_keeps_its_value_but_for_what_a_goal_names(
    before: str, after: str, goal: str, said: str
) -> None:
    reason = explain_number(before, after, goal)
    assert said in reason
    assert bool(said) == bool(reason)


TOLD = "As h:mm a.m.; null where no time is told"
NOTED = (Example(given="Dec 02 Not Available", expect=None), Example(given="Ask us", expect=None))
EMPTIED: list[tuple[str | None, str, bool]] = [
    ("N/A", "", True),
    (" ", "", True),
    (None, "", True),
    ("abc", "", False),
    ("abc", "unparseable values become null", True),
    ("--", "missing values are null, not placeholders", True),
    ("-9-9-9", "missing values are null, not placeholders", True),
    ("pending", "missing values are null, not placeholders", False),
    ("pending", "missing values, written as pending or -, are null", True),
    ("spending", "missing values, written as pending or -, are null", False),
    ("Ask Us", "'ask us' becomes null", True),
    ("abc", "'ask us' becomes null", False),
    ("ask", TOLD, True),
    ("Dec 02 ask", TOLD, True),
    ("Dec 02 7:10", TOLD, False),
    ("7", TOLD, False),
]


@pytest.mark.parametrize(("before", "goal", "allowed"), EMPTIED)
def test_only_what_stands_for_nothing_by_itself_or_by_a_goal_is_emptied(
    before: str | None, goal: str, *, allowed: bool
) -> None:
    emptying = read_emptying(task_of((goal,)))
    for after in (None, ""):
        assert (explain_emptied(before, after, emptying, wrong=True) == "") is allowed
    assert explain_emptied(before, "ab", emptying, wrong=True) == ""


@pytest.mark.parametrize(
    ("before", "allowed"),
    [
        ("Ask us", True),
        ("ASK US ", True),
        ("dec 13 not available", True),
        ("Dec 2 (ask us)", False),
        ("7:10 not available", False),
        ("Dec 02 12:10 Not Available", False),
        ("Ask", False),
        ("Dec 02", False),
    ],
)
def test_what_an_example_makes_null_may_be_null_beside_what_it_is_beside_there(
    before: str, *, allowed: bool
) -> None:
    emptying = read_emptying(task_of(("The time of day.",), NOTED))
    assert (explain_emptied(before, None, emptying, wrong=True) == "") is allowed


def test_a_value_that_no_check_finds_wrong_is_not_invalid() -> None:
    emptying = read_emptying(task_of(("Invalid values are null.",)))
    assert explain_emptied("x-9", None, emptying, wrong=True) == ""
    assert "the value is lost" in explain_emptied("12", None, emptying, wrong=False)


@pytest.mark.parametrize(
    ("before", "after", "goal", "same"),
    [
        ("12.0", "12", "no trailing zeros", True),
        ("12.0", "12", "", False),
        ("NEW york", "New York", "title case", True),
        ("NEW york", "New York", "no unit", False),
        ("a  b", "a b", "no doubled spaces", True),
        ("a  b", "a c", "no doubled spaces", False),
        ("1.239", "1.24", "rounded to cents", True),
    ],
)
def test_a_clean_value_may_differ_in_what_the_goal_speaks_of(
    before: str, after: str, goal: str, *, same: bool
) -> None:
    assert is_same_but_for(before, after, goal) is same


@pytest.mark.parametrize("after", ["2018-01-05", "05/01/2018", "2018/1/5"])
def test_a_date_in_another_order_says_the_same(after: str) -> None:
    assert is_explained_date("5 January 2018", after)
    assert not is_explained_date("6 January 2018", after)


def test_every_statement_and_every_call_around_a_value_can_be_left_out() -> None:
    source = (
        "UNITS = ['oz']\n\ndef f(value):\n    '''Doc.'''\n    if value is None:\n        return None\n"
        "    value = re.sub('a', '', value.strip())\n    return strip_unit(value, *UNITS)\n"
    )
    assert [(variant.line, variant.step) for variant in leave_out(source, "f")] == [
        (1, "UNITS = ['oz']"),
        (5, "if value is None:"),
        (7, "value = re.sub('a', '', value.strip())"),
        (7, "re.sub('a', '', value.strip())"),
        (8, "strip_unit(value, *UNITS)"),
        (7, "value.strip()"),
    ]


PHONE = Example(given="+1 512 555 0142", expect="512-555-0142")


@pytest.mark.parametrize(
    ("goal", "example", "before", "after", "said"),
    [
        ("Ten digits, without the country's 1.", None, "+1 207 555 9677", "207-555-9677", ""),
        (
            "Ten digits, without the country's 1.",
            None,
            "+44 207 555 9677",
            "207-555-9677",
            "2 digits were lost",
        ),
        ("Ten digits.", PHONE, "1 (207) 555-9677", "207-555-9677", ""),
        ("Ten digits.", PHONE, "2 (207) 555-9677", "207-555-9677", "a digit was lost"),
        ("Ten digits.", PHONE, "207 555 9677 1", "207-555-9677", "a digit was lost"),
        ("Ten digits.", PHONE, "2 107 555 9677", "207-555-9677", "a digit was lost"),
        ("A piece count.", Example(given="3.0", expect="3"), "x30", "x3", "a digit was lost"),
        ("No more than 1", None, "1 207 555 9677", "207-555-9677", "a digit was lost"),
        ("Remove the 3 letters", None, "abc3x7", "x7", "a digit was lost"),
    ],
)
def test_digits_may_go_as_a_goal_names_them_or_an_example_loses_them(
    goal: str, example: Example | None, before: str, after: str, said: str
) -> None:
    task = task_of((goal,), (example,) if example else ())
    reason = explain_digits(before, after, goal_text(task), "text", read_cuts(task))
    assert said in reason
    assert bool(said) == bool(reason)


def test_digits_in_the_middle_are_no_cut() -> None:
    assert find_cuts("1 512 1", "512 1") == [("start", "1")]
    assert find_cuts("1 512", "1 52") == []


@pytest.mark.parametrize(
    ("before", "after", "goal", "held"),
    [
        ("Austin TX", "Austin", "city without state at its end", True),
        ("Austin, tx", "Austin", "city without state at its end", True),
        ("Austin TX", "Austin", "city in title case", False),
        ("Austin OK", "Austin", "city without state at its end", False),
        ("BigTX", "Big", "city without state at its end", False),
        ("TX", "", "city without state at its end", False),
    ],
)
def test_a_row_function_may_drop_what_a_named_column_holds(
    before: str, after: str, goal: str, *, held: bool
) -> None:
    assert is_held_by(before, after, {"city": before, "state": "TX"}, "city", goal) is held


COUNTS = {
    "birmingham": 40,
    "brxmingham": 1,
    "dothan": 12,
    "cat": 9,
    "car": 9,
    "caz": 1,
    "I.P.A": 5,
    "IPA": 30,
    "top 1": 1,
    "top 2": 9,
}


@pytest.mark.parametrize(
    ("value", "target", "said"),
    [
        ("brxmingham", "birmingham", ""),
        ("IPA", "I.P.A", "it does not dominate"),
        ("I.P.A", "IPA", ""),
        ("dothan", "birmingham", "'dothan' is seen 12 times, so it is data"),
        ("brxmingham", "dothan", "differ in 8 characters"),
        ("caz", "cat", "'caz' is as near to 'car' as to 'cat'"),
        ("top 1", "top 2", "differ in digits"),
        ("brxmingham", None, "stands for something"),
        ("N/A", None, ""),
        ("unseen", "birmingham", "'unseen' is not in the sample"),
        ("brxmingham", "caz", "it does not dominate"),
    ],
)
def test_a_pair_of_a_map_is_rare_near_and_dominated(value: str, target: str | None, said: str) -> None:
    reason = explain_pair(value, target, COUNTS)
    assert said in reason
    assert bool(said) == bool(reason)


STATUS = {"shipped": 40, "paid": 3, "unpaid": 9, "shiped": 12, "canceled": 22, "SHIPPED": 5, "lost": 4}
MEMBERS = ["shipped", "cancelled", "paid", "returned"]


@pytest.mark.parametrize(
    ("value", "target", "said"),
    [
        ("shiped", "shipped", ""),
        ("SHIPPED", "shipped", ""),
        ("canceled", "cancelled", ""),
        ("lost", "returned", ""),
        ("unpaid", "paid", "is not the only value of the declared set"),
        ("lost", "paid", "is not the only value of the declared set"),
        ("shiped", "returned", "is not the only value of the declared set"),
        ("paid", "shiped", "'paid' meets values_to_be_in_set"),
        ("paid", "shipped", "'paid' is seen 3 times, so it is data"),
    ],
)
def test_a_value_outside_of_a_declared_set_is_no_data(value: str, target: str, said: str) -> None:
    known = Expectation(
        type="expect_column_values_to_be_in_set", kwargs={"column": "x", "value_set": MEMBERS}
    )
    task = task_of((), (Example(given="Lost", expect="returned"),), (known,))
    candidate = Candidate("map", "m", ("x",), ("x",), Author(kind="synthesis"), "")
    reason = explain_pair(value, target, STATUS, read_declared(candidate, task, STATUS))
    assert said in reason
    assert bool(said) == bool(reason)


def test_a_word_that_other_values_use_is_no_misspelling() -> None:
    counts = {"Ben Baker": 40, "Ben Becker": 1, "Ann Becker": 5, "Ben Bakre": 1}
    assert explain_pair("Ben Bakre", "Ben Baker", counts) == ""
    assert "its words stand in other values too" in explain_pair("Ben Becker", "Ben Baker", counts)


def test_a_word_that_begins_otherwise_is_no_misspelling_where_no_set_is_declared() -> None:
    counts = {"Asheville": 12, "Nashville": 1, "Ashevlile": 1}
    assert "begin otherwise" in explain_pair("Nashville", "Asheville", counts)
    assert explain_pair("Ashevlile", "Asheville", counts) == ""


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("00:37", "12:37 a.m.", True),
        ("15:05", "3:05 p.m.", True),
        ("03:05", "3:05 p.m.", False),
        ("15:05", "3:05 a.m.", False),
        ("3:05 AM", "3:05 p.m.", False),
        ("10:34A 12-01-11", "10:34 a.m.", True),
    ],
)
def test_a_time_keeps_its_half_of_the_day(before: str, after: str, *, same: bool) -> None:
    assert is_explained_date(before, after) is same


def test_a_magnitude_is_part_of_a_number() -> None:
    assert explain_number("106K", "106", "a number") != ""
    assert explain_number("106K", "106000", "a number") == ""


def test_the_letter_of_a_hemisphere_is_a_sign_where_its_opposite_occurs() -> None:
    signs = find_hemispheres(["12.5 N", "3.5 S"])
    assert explain_hemisphere("3.5 S", "3.5", signs) != ""
    assert explain_hemisphere("3.5 S", "-3.5", signs) == explain_hemisphere("12.5 N", "12.5", signs) == ""
    assert find_hemispheres(["12 S", "40 s"]) == frozenset()


@pytest.mark.parametrize("goal", ["the first name", "a part number", "last seen"])
def test_a_broad_word_does_not_let_digits_go(goal: str) -> None:
    assert explain_digits("AB12", "AB", goal, "text") != ""


def test_parentheses_are_no_sign_where_no_number_is_negative() -> None:
    assert explain_number("(415)", "415", "digits") != ""
    assert explain_number("(415)", "415", "digits", unsigned=True) == ""
    assert explain_number("(415)", "416", "digits", unsigned=True) != ""
