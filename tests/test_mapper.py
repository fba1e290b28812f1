"""Which rare values are taken for misspellings, and which are left."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rdc.artifacts.cleaner import Example
from rdc.artifacts.expectation import Expectation
from rdc.artifacts.plan import Sample, Task
from rdc.artifacts.profile import ColumnProfile
from rdc.generation.mapper import synthesize_map

CITIES = ["birmingham"] * 40 + ["dothan"] * 20 + ["Mobile"] * 30 + ["IPA"] * 20 + ["ward 12"] * 20


def task(column: str = "city") -> Task:
    profile = ColumnProfile(name=column, rows=1, distinct=1, missing=0, empty=0, classes={})
    return Task(
        "column", "t", column, (column,), (column,), ("Spelling is consistent.",), "text", (), (), (), profile,
        (), {column: profile},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rare", "target"),
    [
        (["brxmingham"], "birmingham"),
        (["birminghm"], "birmingham"),
        (["Birmingham"] * 4, "birmingham"),
        (["dothna"], "dothan"),
        (["mobile "], "Mobile"),
        (["I.P.A."], "IPA"),
        (["ipa"] * 3, "IPA"),
        (["birxxxgham"], None),
        (["dothxnx"], None),
        (["APA"], None),
        (["ward 13"], None),
        (["mobyle"] * 3, None),
        (["ipa"] * 10, None),
        ([""], None),
    ],
)
def test_a_rare_value_goes_to_its_only_close_and_frequent_neighbour(
    rare: list[str], target: str | None
) -> None:
    found = synthesize_map(task(), Sample({"city": CITIES + rare}))
    assert (found.mapping if found else {}) == ({rare[0]: target} if target else {})


def test_a_value_between_two_neighbours_is_left() -> None:
    assert synthesize_map(task(), Sample({"city": ["carter"] * 20 + ["garter"] * 20 + ["xarter"]})) is None


def test_symbols_that_mean_something_are_no_variants() -> None:
    assert (
        synthesize_map(task(), Sample({"city": ["C++"] * 50 + ["C"] * 9 + ["1.5"] * 50 + ["15"] * 3})) is None
    )


def test_a_column_of_mostly_different_values_is_no_category() -> None:
    assert (
        synthesize_map(task(), Sample({"city": [f"street {i}" for i in range(50)] + ["street"] * 6})) is None
    )


def test_evidence_tells_counts_and_distance() -> None:
    found = synthesize_map(task(), Sample({"city": [*CITIES, "bxrmingham", "mobile", "mobile"]}))
    assert found is not None
    assert found.evidence == {
        "bxrmingham": "seen 1 time, distance 1 from a value seen 40 times",
        "mobile": "seen 2 times, differs in case, spaces or punctuation alone from a value seen 30 times",
    }
    assert (found.kind, found.name, found.author.kind) == ("map", "city_values", "synthesis")


def test_a_map_has_at_most_two_hundred_pairs() -> None:
    names = [a + b + "ville" for a in "bcdfghjklmnp" for b in ("anna", "ello", "iris", "otto", "ussu")]
    cells = [name for name in names for _ in range(30)]
    cells += [name[:6] + letter + name[7:] for name in names for letter in "xqzy"]
    found = synthesize_map(task(), Sample({"city": cells}))
    assert found is not None
    assert len(found.mapping) == 200


KNOWN = Expectation(
    type="expect_column_values_to_be_in_set",
    kwargs={"column": "city", "value_set": ["Toys", "Kitchen", "Garden", "yes", "natural"]},
)


@pytest.mark.parametrize(
    ("value", "target", "evidence"),
    [
        ("Tooys", "Toys", "seen 9 times, 1 letter from a declared value"),
        ("Tos", None, None),
        ("Gaden", "Garden", "seen 9 times, 1 letter from a declared value"),
        ("Kithcne", None, None),
        ("natraal", None, None),
        ("GARDEN ", "Garden", "seen 9 times, a declared value but for case, spaces or punctuation"),
        ("x", "yes", "seen 9 times, declared as an example"),
        (" NAT. ", "natural", "seen 9 times, declared as an example"),
        ("none", None, None),
        ("unnatural", None, None),
        ("Electronics", None, None),
        ("Kitchen", None, None),
    ],
)
def test_a_value_outside_of_a_declared_set_becomes_the_one_that_was_meant(
    value: str, target: str | None, evidence: str | None
) -> None:
    said = (Example(given="X", expect="yes"), Example(given="nat.", expect="natural"))
    declared = replace(task(), expectations=(KNOWN,), examples=said)
    found = synthesize_map(declared, Sample({"city": ["Toys", *[value] * 9]}))
    if evidence is None:
        assert found is None
    else:
        assert found is not None
        assert (found.mapping, found.evidence) == ({value: target}, {value: evidence})


def test_a_person_has_a_name_that_others_have_too() -> None:
    names = ["Ben Baker"] * 30 + ["Ann Becker"] * 30 + ["Ben Becker"]
    assert synthesize_map(task(), Sample({"city": names})) is None


def test_a_value_that_meets_the_expectations_never_becomes_one_that_does_not() -> None:
    plain = Expectation(
        type="expect_column_values_to_match_regex", kwargs={"column": "city", "regex": "^[A-Za-z ]+$"}
    )
    cells = ["Las Vegas, Nv"] * 30 + ["Las Vegas Nv"]
    assert synthesize_map(replace(task(), expectations=(plain,)), Sample({"city": cells})) is None


NAMES = ["Norway"] * 30 + ["UK"] * 20 + ["United Kingdom"] * 13 + ["united kingdom", "Room 12", "Room 21"]


def test_an_example_of_another_name_is_followed_however_often_it_is_seen() -> None:
    examples = (Example(given="United Kingdom", expect="UK"), Example(given="Room 12", expect="Room 21"))
    found = synthesize_map(replace(task("land"), examples=examples), Sample({"land": NAMES}))
    assert found is not None
    assert found.mapping == {"United Kingdom": "UK", "united kingdom": "UK"}
    assert found.evidence["United Kingdom"] == "seen 13 times, declared as an example"


def test_an_example_of_what_no_row_holds_is_not_followed() -> None:
    examples = (Example(given="United Kingdom", expect="Britain"),)
    assert synthesize_map(replace(task("land"), examples=examples), Sample({"land": NAMES[:63]})) is None


def test_values_that_name_an_expected_one_in_other_words_become_it_even_where_others_are_only_warned_of() -> (
    None
):
    ratings = Expectation(
        type="expect_column_values_to_be_in_set",
        kwargs={"value_set": ["R", "PG", "Not Rated"], "column": "rating"},
        severity="warn",
    )
    asked = replace(task("rating"), expectations=(ratings,))
    sample = Sample(
        {"rating": ["R", "PG", "Not Rated"] * 20 + ["Rated R", "Unrated", "Unrated", "Not R", "Rated X"]}
    )
    found = synthesize_map(asked, sample)
    assert found is not None
    assert found.mapping == {"Rated R": "R", "Unrated": "Not Rated"}
