"""What a few values miss is asked for; what may mean something of its own is left to a person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from rdc.frontend.figures import find_code_habit
from rdc.frontend.strays import find_strays

if TYPE_CHECKING:
    from collections.abc import Mapping

    Cells = Mapping[str, int]

YEARS = {str(year): 5 for year in range(1990, 2005)}
MINUTES = {f"{n} min": 9 for n in range(80, 120)}
NAMES = {"Ann Lee": 40, "Bo Cruz": 40, "Eva Stone": 40}
GENRES = {"Drama": 20, "War": 20, "Crime": 20, "Drama, War": 30, "Crime, Drama": 30}
PEOPLE = {"A. Lee, B. Cruz": 40, "C. Stone": 40, "B. Cruz , C. Stone": 3}
TITLES = {
    "The Wild Night": 9,
    "The Last Train": 9,
    "Northern Lights": 9,
    "Paper Moon": 9,
    "Broken Horizon": 9,
}
SENTENCES = {f"A trial of drug {letter}.": 3 for letter in "abcdefghijklmnop"}

# A column's name and values, the goal and, if the strays fail one, the expression that they fail.
ASKED: Mapping[str, tuple[str, Cells, str]] = {
    "commas between thousands": ("votes", {"12": 9, "15,200": 5, "1,520": 5, "15200": 5, "1520": 9}, "A plain number, without thousands separators."),
    "a word before numbers": ("volume", {"3": 50, "4": 50, "Vol. 3": 3, "v4": 2}, "A whole number, without the word before it."),
    "zeros before numbers": ("issue", {"3": 50, "11": 50, "03": 4, "no. 3": 2}, "A whole number, without the word before it and without leading zeros."),
    "years in parentheses": ("made", {**YEARS, "(1990)": 2}, "4 digits."),
    "years in several forms": ("made", {**YEARS, "(1990)": 20, "1991.0": 9}, "4 digits."),
    "codes in parentheses": ("area_code", {"212": 40, "415": 40, "(415)": 3}, "3 digits."),
    "local phone numbers": ("phone", {"555-1234": 50, "555-4321": 40, "5551299": 3, "555.7777": 2}, "Phone numbers in one form, 999-9999."),
    "serial numbers of journals": ("issn", {"0022-1899": 30, "0140-6736": 30, "00221899": 4, "ISSN 0140-6736": 2}, "ISSNs with a hyphen in the middle."),
    "page ranges": ("pages", {"12-19": 50, "133-40": 4, "pp. 12-19": 3, "7\u20139": 2}, "Page ranges in full, with a plain hyphen: 133-40 means 133-140."),
    "hours and minutes": ("length", {**MINUTES, "1 h 22 min": 4, "1h24": 3, "95": 2}, "The duration in minutes, followed by min."),
    "sizes": ("box", {"14 x 29 x 1 cm": 60, "15 x 9 x 2 cm": 30, "14x29x1cm": 5}, "Sizes like 14 x 29 x 1 cm."),
    "dates with a tail": ("out", {"3 March 1981 (UK)": 60, "4 May 1999 (UK)": 30, "Mar 5, 1982 (UK)": 5}, "Like 3 March 1981 (UK)."),
    "stray marks": ("name", {**NAMES, "Ann Lee-*": 2, "Bo Cruz-*": 1}, 'No stray marks such as "-*" at the end.'),
    "last names first": ("name", {**NAMES, "Lee, Ann": 2, "Cruz, Bo": 1}, "First name, then last name."),
    "marks of lists": ("genre", {**GENRES, "Drama | War": 4, "Crime/War": 3, "Crime,War": 2}, "Parts are separated by a comma and a space."),
    "words for letters": ("sex", {"M": 60, "F": 50, "Male": 2, "f": 1, "Female": 2}, "F or M."),
    "full stops": ("title", {**SENTENCES, "A trial of drug q": 3}, "Every text ends with a full stop."),
    "articles behind": ("title", {**TITLES, "Last Waltz, The": 1, "Good Year, A": 1}, "The article stands at the front, not behind a comma."),
    "initials behind": ("authors", {**PEOPLE, "Lee, A.; Cruz, B.": 3, "Stone, C.; Lee, A.": 2, "Cruz, B.": 2}, "Initial before surname, authors divided by a comma and a blank."),
}  # fmt: skip


@pytest.mark.parametrize("case", ASKED)
def test_what_a_few_values_miss_is_asked_for(case: str) -> None:
    name, values, goal = ASKED[case]
    (habit,) = find_strays(name, values)
    assert habit.goal == goal
    failing = {
        value
        for value in values
        if (habit.regex and not re.search(habit.regex, value))
        or (habit.absent and re.search(habit.absent, value))
    }
    assert failing
    assert sum(values[value] for value in failing) < sum(values.values()) / 2


KEPT: Mapping[str, tuple[str, Cells]] = {
    "all numbers have their commas": ("votes", {"12": 9, "15,200": 5, "1,520": 5}),
    "a comma may be a point": ("weight", {"1,250": 9, "1250": 5, "0,5": 4}),
    "years have no thousands": ("year", {"1999": 9, "2001": 5}),
    "letters tell rooms apart": ("room", {"12": 50, "14": 50, "A12": 2, "B12": 2}),
    "zeros tell codes apart": ("agent", {"7": 3, "007": 20, "12": 60}),
    "codes have a width": ("zip", {"02108": 50, "2108": 4, "90210": 50}),
    "parentheses are a sign": ("change", {"120": 40, "300": 40, "(120)": 3}),
    "numbers of another kind": ("part", {"555-1234": 50, "5551299": 3}),
    "hours and minutes are no minutes": ("length", {"90 min": 9, "95 min": 9, "1 h 10 min": 2, "2": 3}),
    "minutes and hours by themselves": ("length", {"90 min": 9, "2 h": 4}),
    "pages without a name": ("score", {"12-19": 50, "13-4": 4}),
    "marks of grades": ("grade", {"A": 40, "B": 40, "A-": 5, "B+": 5}),
    "names of languages": ("language", {"C": 40, "Java": 40, "C++": 5}),
    "places within places": ("place", {"Rome, Italy": 40, "Oslo, Norway": 40, "Lima": 5}),
    "a band's name": ("band", {"Simon, Garfunkel": 40, "Simon": 9, "Garfunkel": 9, "AC/DC": 5}),
    "fractions and sizes": ("size", {"1/2": 40, "1, 2": 40, "1": 5, "2": 5}),
    "one mark alone": ("genre", {"Drama": 40, "War": 30, "Drama/War": 9}),
    "kinds of hepatitis": ("illness", {"Hepatitis, A": 9, "Hepatitis, B": 9, "Flu": 60}),
    "letters for more than two": ("sex", {"M": 60, "F": 50, "Male": 2, "Mixed": 1, "Female": 2}),
    "a word for one letter": ("kind", {"M": 60, "S": 50, "Mixed": 2}),
    "questions among sentences": ("title", {**SENTENCES, "Is drug q safe?": 2}),
    "single words": ("unit", {"oz.": 50, "lb.": 50, "kg": 4}),
    "few of all are so": ("issn", {"1234-5678": 50, "12345678": 4}),
}


@pytest.mark.parametrize("case", KEPT)
def test_what_may_be_meant_so_is_left(case: str) -> None:
    assert list(find_strays(*KEPT[case])) == []


def test_nothing_is_said_of_a_column_without_values() -> None:
    assert list(find_strays("empty", {})) == []


@pytest.mark.parametrize(
    ("values", "goal"),
    [
        ({"90210": 50, "2108": 4, "02108": 9, "90210-0000": 2, "90210.0": 1}, "5 digits, lost leading zeros are restored."),
        ({"90210": 50, "2108": 4, "90210-4411": 2}, None),
        ({"90210": 50, "2108": 4, "K1A 0B1": 2}, None),
        ({"unknown": 2}, None),
    ],
    ids=["zeros alone behind", "more behind", "other codes", "no digits"],
)  # fmt: skip
def test_codes_have_the_width_of_most_where_no_others_are_there(values: Cells, goal: str | None) -> None:
    habit = find_code_habit(values)
    assert (habit.goal if habit else None) == goal
