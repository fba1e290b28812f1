from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import pytest

from rdc.artifacts.profile import TableProfile
from rdc.engines.duckdb import DuckDBEngine
from rdc.frontend.finder import find_problems
from rdc.frontend.profiler import profile_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdc.artifacts.plan import Cell
    from rdc.artifacts.profile import Finding

ENGINE = DuckDBEngine()


def find(columns: Mapping[str, Sequence[Cell]]) -> tuple[Finding, ...]:
    return profile_table(ENGINE, ENGINE.load("t", columns), "s").findings


STATES = ["Oregon"] * 12 + ["Ohio"] * 9 + ["Texas"] * 9
DATES = [f"2024-03-{day:02}" for day in range(1, 31)]
CODES = [f"AB-{number}" for number in range(5, 45)]
ZIPS = [f"{number:05}" for number in range(1900, 30000, 700)]

PHONES = [f"555-0{number}-{number}30" for number in range(10, 40)]
MAILS = [f"{name}{number}@example.org" for name in ("ada", "bob") for number in range(10)]
SITES = [f"https://example.org/{name}" for name in ("a", "b", "c/d", "e?id=7")]
TIMES = [f"{hour}:{minute} {half}.m." for hour in (7, 10, 12) for minute in (10, 45) for half in "ap"]
BOOKS = [
    "9780306406157", "9783161484100", "9781861972712", "9780262033848", "9780131103627", "9780201633610", "9780596007126",
    "9780132350884", "9781449331818", "9780321125217", "9780321146533", "9780134685991",
]  # fmt: skip
LANDS = ["Germany", "France", "Peru", "Norway", "Chad", "USA", "Türkiye"] * 3

# The kind, dirty values, how many of them are wrong, and clean values that are much like them.
ONE_COLUMN: dict[str, tuple[Sequence[Cell], int, Sequence[Cell]]] = {
    "outer_space": ([*STATES, " Ohio", "Texas\t", "Ohio "], 3, [*STATES, "New York"]),
    "inner_space": ([*STATES, "New  York"], 1, [*STATES, "New York", "two\n\nparagraphs"]),
    "non_breaking_space": ([*STATES, "New\u00a0York"], 1, [*STATES, "New York"]),
    "control_character": ([*STATES, "Ohi\u200bo", "Te\x07xas"], 2, [*STATES, "two\nlines", "a\ttab"]),
    "mojibake": (
        ["CafÃ©", "don\u00e2\u20ac\u2122t", "na\ufffdve", "5 â\u201a¬", "SÃ£o"],
        5,
        ["Café", "don\u2019t", "AÇÃO", "5 €", "Âge", "São"],
    ),
    "html_entity": (["Salt &amp; Co", "a &lt; b", "caf&#233;"], 3, ["Salt & Co", "R&D; more", "a & b;"]),
    "smart_quotes": (["Devil's", "Joe\u2019s", "\u201cx\u201d"], 2, ["Devil\u2019s", "Joe\u2019s"]),
    "null_token": (["12", "15", "N/A", "n/a", "-", "unknown"], 4, ["none", "unknown", "peanuts", "nuts"]),
    "unit_suffix": (["12.5 oz", "12 oz.", "16 ounces", "8"], 3, ["1st", "2nd", "3rd", "4th"]),
    "currency_symbol": (["$12.50", "13.75", "EUR 7.25", "8.10 €"], 3, ["12.50", "13.75", "7.25"]),
    "thousands_separator": (["1,250", "980", "1,000,000.50"], 2, ["1250", "980", "1,5 or so", "2"]),
    "percent_sign": (["5%", "0.06", "7.5 %"], 2, ["0.05", "0.06"]),
    "accounting_negative": (["(12.50)", "13.75", "$7.25"], 1, ["-12.50", "13.75"]),
    "decimal_comma": (["12,5", "13.5", "1.234,56"], 2, ["12.5", "13.5"]),
    "scientific": (["1.5e6", "1200", "3"], 1, ["1500000", "1200"]),
    "trailing_zeros": (["12.0", "12.5", "13.50", "7"], 2, ["12.00", "12.50", "7.25", "10.10"]),
    "mixed_number_shapes": (["$5", "$7", "12", "13", "8"], 2, ["5", "7.25", "1200"]),
    "mixed_dates": ([*DATES, "03/14/2024", "March 5, 2024"], 2, DATES),
    "mixed_times": (["07:10", "18:45", "09:00", "7:10 pm"], 1, ["07:10", "18:45"]),
    "mixed_case": ([*STATES, "OREGON", "ohio"], 2, [*STATES, "Maine"]),
    "rare_misspelling": ([*STATES, "Oregno"], 1, [*STATES, "Oregon 2", "Utah", "Kansas"]),
    "boolean_spellings": (["yes", "no", "Y", "yes", "no", "TRUE"], 2, ["yes", "no"] * 6),
    "lost_leading_zeros": ([*ZIPS, "1907", "601"], 2, [str(n) for n in range(900, 1100)]),
    "two_digit_year": (
        ["3/14/2024", "3/15/2024", "4/20/24", "11/30/23"],
        2,
        ["3/14/24", "3/15/24", "4/20/24"],
    ),
    "ambiguous_dates": (
        ["03/14/2024", "25/12/2023", "03/04/2024"],
        1,
        ["03/14/2024", "12/25/2023", "03/04/2024"],
    ),
    "phone_formats": ([*PHONES, "(555) 013-2030", "5550132030", "555-019-2030 x7"], 2, PHONES),
    "email_case": ([*MAILS, "Eve@Example.ORG"], 1, [*MAILS, "Eve7@example.org"]),
    "email_forms": ([*MAILS, "mailto:eve@example.org", "Eve <eve@example.org>"], 2, MAILS),
    "email_invalid": ([*MAILS, "eve@example", "eve.example.org"], 2, MAILS),
    "url_forms": (
        [
            *SITES,
            "example.org/f",
            "https://Example.org/g",
            "https://example.org/a/",
            "https://example.org/h?gclid=1",
        ],
        4,
        [*SITES, "https://example.org/f/", "http://example.com"],
    ),
    "postcode_forms": (
        ["SW1A 1AA", "EC1A 1BB", "M1 1AE", "b338th", "CR26XH"],
        2,
        ["SW1A 1AA", "EC1A 1BB", "M1 1AE"],
    ),
    "state_spellings": ([*STATES, "Utah", "OR", "Calif."], 1, ["OR", "OH", "TX", "DE", "CA", "IN"]),
    "country_spellings": ([*LANDS, "DE", "U.S.A.", "Turkey"], 3, LANDS),
    "check_digit": ([*BOOKS, "9780306406158"], 1, BOOKS),
    "identifier_forms": ([*BOOKS, "978-0-321-35668-0"], 1, BOOKS),
    "rare_pattern": ([*CODES, "AB/77"], 1, CODES),
}


@cache
def find_dirty(kind: str) -> tuple[Finding, ...]:
    return find({"x": ONE_COLUMN[kind][0]})


@pytest.mark.parametrize("kind", ONE_COLUMN)
def test_a_column_that_has_a_problem_is_found_and_counted(kind: str) -> None:
    _, count, _ = ONE_COLUMN[kind]
    (found,) = [finding for finding in find_dirty(kind) if finding.kind == kind]
    assert (found.column, found.count) == ("x", count)


@pytest.mark.parametrize("kind", ONE_COLUMN)
def test_a_column_that_is_clean_has_no_finding(kind: str) -> None:
    assert find({"x": ONE_COLUMN[kind][2]}) == ()


@pytest.mark.parametrize("kind", ONE_COLUMN)
def test_facts_hold_no_values_of_the_data(kind: str) -> None:
    dirty, _, _ = ONE_COLUMN[kind]
    for finding in find_dirty(kind):
        told = set(re.findall(r"[\w.%$]+", finding.fact)) - {"x"}
        assert not told & {value for value in dirty if value and not value.isdecimal()}


CLEAN: dict[str, list[Cell]] = {
    "order_id": [str(1000 + i) for i in range(400)],
    "sku": [f"SKU-{i % 37:03}-{'ABC'[i % 3]}" for i in range(400)],
    "price": [f"{(i * 37 % 9000) / 100:.2f}" for i in range(400)],
    "quantity": [str(i % 14 + 1) for i in range(400)],
    "ordered": [f"2023-{i % 12 + 1:02}-{i % 28 + 1:02}" for i in range(400)],
    "country": [["DE", "FR", "NA", "US", "IT"][i % 5] for i in range(400)],
    "name": [f"{['Anna', 'Bob', 'Zoë'][i % 3]} {['Smith', 'Meyer', 'Núñez'][i % 7 % 3]}" for i in range(400)],
    "note": [None if i % 3 else f"call back after {i} days, please" for i in range(400)],
    "active": [["true", "false"][i % 2] for i in range(400)],
    "rating": [["4.0", "3.5", "5.0", "2.5"][i % 4] for i in range(400)],
    "size": [["S", "M", "L", "XL"][i % 4] for i in range(400)],
}


def test_a_clean_table_has_no_findings() -> None:
    assert find(CLEAN) == ()


def test_swapped_days_and_months_are_told() -> None:
    dates = ["03/14/2024", "25/12/2023", "03/04/2024", "12/31/2023", "11/30/2023"]
    mixed, unsure = find({"x": dates})
    assert (mixed.kind, mixed.count) == ("mixed_dates", 1)
    assert "day and month in either order" in mixed.fact
    assert [(value.value, value.count) for value in unsure.values] == [("03/04/2024", 1)]
    assert find({"x": ["03/14/2024", "03/04/2024", "12/31/2023"]}) == ()


MIXED_TIMES: dict[str, list[str]] = {
    "a date beside it": ["12/02/2011 7:10 a.m.", "7:10aDec 1", "11/30 11:08 p.m.", "10:34A 12-01-11"],
    "a mark behind it": ["10:30 p.m.*", "7:05 a.m. (delayed)"],
    "another half of the day": ["7:05 AM", "7:05am", "7:05"],
    "no minutes, or a point before them": ["7pm", "noon", "7.10 p.m."],
    "zeros before it": ["07:05 a.m."],
}


@pytest.mark.parametrize("case", MIXED_TIMES)
def test_times_of_day_are_told_from_what_stands_beside_them(case: str) -> None:
    odd = MIXED_TIMES[case]
    found = {finding.kind: finding for finding in find({"x": [*TIMES, *odd]})}
    assert sorted(value.value or "" for value in found["mixed_times"].values) == sorted(odd)
    assert find({"x": TIMES}) == ()


CLEAN_OF_A_KIND: dict[str, Sequence[Cell]] = {
    "timestamps": [f"2024-03-{day:02} 07:{day:02}:00" for day in range(1, 29)],
    "international phones": [f"+44 20 7946 00{n}" for n in range(10, 30)]
    + [f"+49 30 1234{n}" for n in range(10, 30)],
    "phones of one kind": [f"(555) 01{n}-2030" for n in range(10, 40)],
    "zip": [f"{n:05}" for n in range(10_000, 99_999, 4_000)],
    "zip codes of nine digits": [f"{n:05}-{n % 10_000:04}" for n in range(10_000, 99_999, 4_000)],
    "numbers of eight digits": [str(n) for n in range(40_063_813, 40_063_913)],
    "sizes": ["S", "M", "L", "XL"] * 9,
    "names and USA": [*["USA"] * 40, "Palau", "Thailand", "Fiji"],
    "alpha-2": ["DE", "FR", "NA", "US", "GB", "PE"] * 4,
    "alpha-3": ["DEU", "FRA", "USA", "GBR"] * 4,
    "first names": ["Georgia", "Virginia", "Jordan", "Ada", "Bob", "Eve", "Carla", "Dan", "Emma", "Finn"],
    "languages": ["de", "fr", "it", "es", "no", "en"] * 4,
    "durations": ["1:30", "2:45", "0:50", "3:05"] * 5,
    "handles": ["@ada", "@bob", "@eve"] * 4,
    "versions": ["1.2.3", "1.10.0", "2.0.1"] * 4,
    "addresses of hosts": ["10.0.0.1", "10.0.0.2", "192.168.1.1"] * 4,
}


@pytest.mark.parametrize("name", CLEAN_OF_A_KIND)
def test_a_column_of_one_form_has_no_finding(name: str) -> None:
    assert find({name: CLEAN_OF_A_KIND[name]}) == ()


def test_a_misspelling_shows_what_it_is_near_to() -> None:
    (found,) = find({"x": [*STATES, "Oregno"]})
    assert [(entry.value, entry.count) for entry in found.values] == [("Oregno", 1), ("Oregon", 12)]


NO_MISSPELLINGS: dict[str, Sequence[Cell]] = {
    "digits differ": ["Route 66"] * 20 + ["Route 67"],
    "a word of its own": ["Pale Ales"] * 20 + ["Pale Alex"] + ["Alex Jones"] * 20,
    "two targets": ["marina"] * 20 + ["marine"] * 20 + ["marins"],
    "no categories": [f"Name{chr(65 + i % 26)}{chr(65 + i // 26)}" for i in range(300)]
    + ["Anderson"] * 9
    + ["Andersen"],
    "not rare": ["Anderson"] * 20 + ["Andersen"] * 15,
}


@pytest.mark.parametrize("case", NO_MISSPELLINGS)
def test_what_may_be_another_value_is_no_misspelling(case: str) -> None:
    assert "rare_misspelling" not in {finding.kind for finding in find({"x": NO_MISSPELLINGS[case]})}


def test_a_field_merged_into_another_is_found() -> None:
    city: list[Cell] = [*["Bend", "Gary", "Portland"] * 30, *["Bend OR", "Gary, IN"] * 3]
    state: list[Cell] = [*["OR", "IN", "OR"] * 30, *[None] * 6]
    found = {finding.kind: finding for finding in find({"city": city, "state": state})}
    assert (found["merged_field"].column, found["merged_field"].count) == ("city", 6)
    whole = [*state[:90], *["OR", "IN"] * 3]
    assert "merged_field" not in {finding.kind for finding in find({"city": city, "state": whole})}


def test_repeated_rows_and_keys_are_found() -> None:
    ids = [str(i) for i in range(100)]
    names = [f"name {chr(97 + i % 26)}{chr(97 + i // 26)}" for i in range(100)]
    found = {f.kind: f for f in find({"id": [*ids, "7", "8"], "name": [*names, names[7], "someone else"]})}
    assert (found["duplicate_rows"].count, found["duplicate_rows"].column) == (1, None)
    assert (found["duplicate_key"].count, found["duplicate_key"].column) == (2, "id")
    assert find({"id": ids, "name": names}) == ()


def test_rows_of_categories_may_repeat() -> None:
    assert find({"size": ["S", "M"] * 50, "colour": ["red", "red", "blue", "blue"] * 25}) == ()


def test_a_broken_dependency_is_found() -> None:
    zips = [str(20000 + i % 20) for i in range(400)]
    cities: list[Cell] = [f"city {chr(97 + i % 10)}" for i in range(400)]
    assert find({"zip": zips, "city": cities}) == ()
    broken = [*cities[:-3], "city q", "city r", "city s"]
    (found,) = [
        finding for finding in find({"zip": zips, "city": broken}) if finding.kind == "dependency_violation"
    ]
    assert (found.column, found.count) == ("city", 3)


def test_findings_are_the_same_each_time() -> None:
    columns = {kind: [*dirty, *[None] * (60 - len(dirty))][:60] for kind, (dirty, _, _) in ONE_COLUMN.items()}
    assert find(columns) == find(columns)


def test_an_empty_profile_has_no_findings() -> None:
    assert find_problems(TableProfile(source="s", rows=0, columns=()), {}) == ()
    assert find({"a": []}) == ()
    assert find({"a": [None, "", None]}) == ()
