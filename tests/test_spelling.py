"""Which values are misspelt or garbled, by their letters and by what other columns say."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from rdc.artifacts.garbling import mine_wildcard, sample_wildcard
from rdc.artifacts.plan import Sample
from rdc.artifacts.slips import is_slip
from rdc.artifacts.spelling import Spelling, read_spelling

if TYPE_CHECKING:
    from rdc.artifacts.slips import Trust

TOWNS = ["birmingham", "dothan", "mobile", "decatur", "huntsville"]
GARBLED = [
    town[:place] + "x" + town[place + 1 :]
    for town in TOWNS
    for place in (1, 3, len(town) - 1)
    if town[place] != "x"
]
COLUMN = TOWNS * 20 + GARBLED


def spell(values: list[str], wildcard: str | None = "x") -> dict[str, str]:
    return Spelling(Counter(values), wildcard).propose()


def test_the_character_that_garbles_a_table_is_found() -> None:
    assert sample_wildcard(Sample({"town": COLUMN, "id": [str(row) for row in range(len(COLUMN))]})) == "x"


@pytest.mark.parametrize(
    "values",
    [
        TOWNS * 20,
        TOWNS * 20 + GARBLED[:5],
        TOWNS * 20 + [town[:1] + letter + town[2:] for town in TOWNS for letter in "qwrtpsdfghjkl"],
        [str(number) for number in range(1000, 1100) for _ in range(6)] + [str(n) for n in range(1100, 1200)],
        [word for word in ("color", "honor", "labor", "favor", "rumor") for _ in range(9)]
        + ["colur", "honur", "labur", "favur", "rumur"] * 2,
    ],
    ids=["clean", "too few", "any letter", "numbers", "one letter for one other"],
)
def test_letters_that_differ_by_chance_garble_nothing(values: list[str]) -> None:
    assert mine_wildcard([Counter(values)]) is None


def test_both_cases_are_meant_where_both_garble() -> None:
    capitals = [town.upper() for town in TOWNS]
    wrong = [word[:2] + "X" + word[3:] for word in capitals]
    assert mine_wildcard([Counter(COLUMN), Counter(capitals * 9 + wrong)]) == "Xx"


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (["bxrmxnghxm"], {"bxrmxnghxm": "birmingham"}),
        (["xothan"], {"xothan": "dothan"}),
        (["xxxxxn"], {}),
        (["dothax"] * 2, {"dothax": "dothan"}),
        (["dothax"] * 3, {}),
        (["Dxthan"], {}),
        (["Texas"], {}),
    ],
    ids=["three", "the first", "too little left", "twice", "a third as often as seldom", "case", "a word"],
)
def test_a_garbled_value_becomes_the_only_one_that_fits(values: list[str], found: dict[str, str]) -> None:
    assert spell(TOWNS * 20 + values) == found


def test_short_codes_are_left_where_two_fit() -> None:
    codes = ["AL"] * 60 + ["AK"] * 60 + ["GA"] * 60
    assert spell([*codes, "xL", "Ax", "Gx"]) == {"xL": "AL", "Gx": "GA"}


@pytest.mark.parametrize(
    ("garbled", "target"),
    [("1003x", "10038"), ("100x8", None), ("2x", None), ("ward 1x", None)],
)
def test_a_garbled_digit_is_known_where_one_number_is_seen_that_fits(
    garbled: str, target: str | None
) -> None:
    numbers = ["10038", "10048", "29", "ward 12"]
    assert spell([*numbers * 30, "10058", garbled]).get(garbled) == target


@pytest.mark.parametrize(("seen", "others", "target"), [(120, 0, "100%"), (60, 0, None), (120, 1, None)])
def test_a_number_is_known_where_no_other_of_its_form_is_to_be_expected(
    seen: int, others: int, target: str | None
) -> None:
    values = [*["100%"] * seen, *(f"{number}%" for number in range(10, 99)), *["105%"] * others, "1xx%"]
    assert spell(values).get("1xx%") == target


def test_a_word_that_is_garbled_alike_in_several_texts_is_made_whole_where_it_is_rare() -> None:
    texts = [f"{number} patients" for number in range(100, 190)]
    assert spell([*texts, "7 patixnts", "9 patixnts", "120 patiexts", "4x patients"]) == {
        "120 patiexts": "120 patients",
        "7 patixnts": "7 patients",
        "9 patixnts": "9 patients",
    }


def test_a_number_that_differs_is_another_number() -> None:
    assert spell(["Unit 12"] * 30 + ["Unit 13", "Uint 12", "10038", "10083"] + ["10038"] * 30) == {
        "Uint 12": "Unit 12"
    }


def test_a_column_that_is_full_of_the_character_is_not_garbled_by_it() -> None:
    sizes = ["box 4a"] * 20 + ["boy 4a"] * 20 + ["fax 1b", "fan 1b"] * 20
    assert spell([*sizes, "bax 4a", "bay 4a"]) == {}


def test_a_word_of_a_text_is_made_whole_where_it_stands_beside_the_same_word() -> None:
    texts = [
        f"{name} Memorial Hospital"
        for name in ("North", "South", "East", "West", "Bay", "Hill", "Lake", "Dale")
    ]
    found = spell(
        [
            *texts * 2,
            "Oak Memorial Hospitax",
            "Elm Mxmorial Hospital",
            "Ash Hxspital Fund",
            "Old Vxlxy Hospixal",
        ]
    )
    assert found == {
        "Oak Memorial Hospitax": "Oak Memorial Hospital",
        "Elm Mxmorial Hospital": "Elm Memorial Hospital",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("value", "target", "trust", "expected"),
    [
        ("santan", "sanitas", "bare", False),
        ("sanitsa", "sanitas", "bare", True),
        ("nashville", "asheville", "bare", False),
        ("nashville", "asheville", "sure", True),
        ("cortland", "portland", "bare", False),
        ("clifton", "clinton", "bare", False),
        ("clintpn", "clinton", "bare", True),
        ("clnton", "clinton", "bare", True),
        ("clnton", "clinton", "open", False),
        ("hanson", "hansen", "likely", True),
        ("hanson", "hansen", "bare", False),
        ("products", "product", "bare", False),
        ("unit 13", "unit 12", "sure", False),
        ("ak_pop_1", "al_pop_1", "bare", False),
        ("ak_pop_1", "al_pop_1", "held", False),
        ("OctoberFeast", "Octoberfest", "open", True),
        ("OctoberBeast", "Octoberfest", "open", False),
        ("AK", "AL", "sure", False),
        ("oPinciana", "Poinciana", "open", True),
        ("erry", "Berry", "bare", False),
        ("histle", "Thistle", "bare", True),
        ("Weaver Brewing", "Landry Brewing", "sure", False),
        ("toronto office", "edmonton office", "sure", False),
        ("Steel hair", "Steel Chair", "open", False),
        ("Small Steel hair", "Small Steel Chair", "bare", True),
    ],
)
def test_how_a_text_may_be_typed_wrong(value: str, target: str, trust: Trust, *, expected: bool) -> None:
    assert is_slip(value, target, trust) is expected


def rows(*groups: tuple[str, str, int]) -> Sample:
    """Rows of a city and its state, and a number for each."""
    cells = [(city, state) for city, state, times in groups for _ in range(times)]
    cities, states = (list(column) for column in zip(*cells, strict=True))
    return Sample({"city": cities, "state": states, "row": [f"r{row}" for row in range(len(cells))]})


OTHERS = (("Dover", "DE", 30), ("Boise", "ID", 30), ("Salem", "OR", 30))


def test_other_columns_refute_a_value_that_is_one_of_its_own() -> None:
    near = rows(("Charleston", "SC", 30), ("Charlestown", "MA", 2), *OTHERS)
    assert read_spelling(near, "city").propose() == {}
    assert "other columns" in read_spelling(near, "city").explain("Charlestown", "Charleston")
    same = rows(("Charleston", "SC", 30), ("Charlestown", "SC", 2), *OTHERS)
    assert read_spelling(same, "city").propose() == {"Charlestown": "Charleston"}


def by_code(*groups: tuple[str, str, int]) -> Sample:
    """Rows of a code and the city that it decides on."""
    cells = [(code, city) for code, city, times in groups for _ in range(times)]
    codes, cities = (list(column) for column in zip(*cells, strict=True))
    return Sample({"code": codes, "city": cities})


CODES = (("1", "Nashville", 9), ("2", "Asheville", 9), ("3", "Boise", 9), ("4", "Salem", 9))


@pytest.mark.parametrize(
    ("row", "target"),
    [
        (("2", "Nashevile", 1), "Asheville"),
        (("1", "Nashevile", 1), "Nashville"),
        (("3", "Nashvillle", 1), None),
        (("3", "Voise", 1), "Boise"),
        (("9", "Nashvlile", 1), "Nashville"),
    ],
    ids=["first letter", "two letters", "another group", "a short word", "no group"],
)
def test_a_declared_group_decides(row: tuple[str, str, int], target: str | None) -> None:
    spelling = read_spelling(by_code(*CODES, row), "city", [("code",)])
    assert spelling.propose().get(row[1]) == target


def test_a_garbled_code_that_two_fit_is_what_every_group_says() -> None:
    cells = [("1", "AL", 9), ("2", "AK", 9), ("3", "GA", 9)]
    for groups, found in (
        ([("1", "Ax", 2)], {"Ax": "AL"}),
        ([("1", "Ax", 1), ("2", "Ax", 1)], {}),
    ):
        sample = by_code(*cells, *groups)
        counts = Counter(cell for cell in sample.columns["city"] if cell)
        told = read_spelling(sample, "city", [("code",)])
        assert Spelling(counts, "x", told.witness).propose() == found


def test_a_target_is_never_garbled_itself() -> None:
    assert spell(["IN"] * 40 + ["IR"] * 40 + ["Iq"] * 9 + ["IQ"] * 2, "q") == {}


def test_evidence_says_what_a_pair_rests_on() -> None:
    spelling = read_spelling(Sample({"town": COLUMN}), "town")
    assert spelling.describe("bxrmingham", "birmingham") == (
        "seen 1 time, has 'x' where others have a letter or digit; the only one that fits is a value seen 20 times"
    )
    told = read_spelling(by_code(*CODES, ("2", "Nashevile", 1)), "city", [("code",)])
    assert told.describe("Nashevile", "Asheville") == (
        "seen 1 time, distance 2 from a value seen 9 times; its group of rows holds that"
    )
