from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rdc.engines.duckdb import DuckDBEngine
from rdc.frontend import profiler
from rdc.frontend.profiler import (
    mask,
    profile_columns,
    profile_table,
    refresh_profile,
    show_values,
)
from rdc.frontend.shapes import DATE_FORMATS, NUMBER_SHAPES, number_shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rdc.artifacts.plan import Cell
    from rdc.artifacts.profile import ColumnProfile, TableProfile, ValueCount

ENGINE = DuckDBEngine()


def profile(columns: Mapping[str, Sequence[Cell]]) -> TableProfile:
    return profile_table(ENGINE, ENGINE.load("t", columns), "s")


def profile_of(*values: Cell) -> ColumnProfile:
    return profile({"x": values}).column("x")


@cache
def profiles_of(values: tuple[str, ...]) -> Mapping[str, ColumnProfile]:
    """Each value's profile, measured at once."""
    found = profile({str(i): [value] for i, value in enumerate(values)})
    return {value: found.column(str(i)) for i, value in enumerate(values)}


def pairs(counts: Iterable[ValueCount]) -> list[tuple[Cell, int]]:
    return [(entry.value, entry.count) for entry in counts]


def test_counts_of_a_column() -> None:
    found = profile_of("Bend", "Bend", "", None, "Zoë 7!", "N/A", " n/a ")
    assert (found.rows, found.distinct, found.missing, found.empty) == (7, 5, 1, 1)
    assert (found.min_length, found.max_length) == (0, 6)
    assert pairs(found.null_like) == [(" n/a ", 1), ("N/A", 1)]
    assert pairs(found.frequent)[0] == ("Bend", 2)
    assert pairs(found.rare)[-1] == ("Bend", 2)
    assert found.classes == {
        "upper": 4,
        "lower": 4,
        "digit": 1,
        "space": 2,
        "punctuation": 3,
        "control": 0,
        "non_ascii": 1,
    }


PATTERNS = {
    "12.0 oz": "9+.9 a+",
    "Ünïq": "Aa+",
    "A1b2": "A9a9",
    "(555) 010-9999": "(9+) 9+-9+",
    "٣٤": "9+",
    "東京": "a+",
    "x" * 200 + "9": "a+",
    "l1\nl2": "a9\na9",
}


@pytest.mark.parametrize("value", PATTERNS)
def test_patterns_are_written_with_runs(value: str) -> None:
    (found,) = profiles_of(tuple(PATTERNS))[value].patterns
    assert (found.pattern, found.count, found.example) == (PATTERNS[value], 1, value)


def test_patterns_show_their_most_frequent_value() -> None:
    found = profile_of("12 oz", "16 oz", "16 oz", "9", "")
    assert [(p.pattern, p.count, p.example) for p in found.patterns] == [("9+ a+", 3, "16 oz"), ("9", 1, "9")]


NUMBERS = {
    "12": "integer",
    "-7": "integer",
    " 12 ": "integer",
    "12.50": "decimal",
    ".5": "decimal",
    "1,200": "thousands",
    "1,200.50": "thousands",
    "1.200,50": "decimal_comma",
    "12,5": "decimal_comma",
    "12 %": "percent",
    "$5": "currency",
    "5 €": "currency",
    "USD 1,200": "currency",
    "1.5e6": "scientific",
    "(12.50)": "accounting",
    "12 oz.": "unit",
    "5km/h": "unit",
    "20 °C": "unit",
    "7 m²": "unit",
    "5'": "unit",
    "12-13": None,
    "1.2.3": None,
    "twelve": None,
    "12 fl oz": None,
    "": None,
    "12 34": None,
}


@pytest.mark.parametrize("value", NUMBERS)
def test_shapes_of_numbers_are_the_same_in_sql_and_python(value: str) -> None:
    shape = NUMBERS[value]
    assert number_shape(value) == shape
    assert pairs(profiles_of(tuple(NUMBERS))[value].number_shapes) == ([(shape, 1)] if shape else [])


DATES = {
    "2024-03-01": ["%Y-%m-%d"],
    "03/14/2024": ["%m/%d/%Y"],
    "14/03/2024": ["%d/%m/%Y"],
    "03/04/2024": ["%m/%d/%Y", "%d/%m/%Y"],
    "3/4/24": ["%m/%d/%y", "%d/%m/%y"],
    "20240301": ["%Y%m%d"],
    "12345678": [],
    "Mar 5, 2024": ["%b %d, %Y"],
    "March 5, 2024": ["%B %d, %Y"],
    "5 March 2024": ["%d %B %Y"],
    "2024-03-01T10:00:00": ["%Y-%m-%dT%H:%M:%S"],
    "2024-03-01T10:00:00Z": ["%Y-%m-%dT%H:%M:%SZ"],
    "2024-03-01 10:00": ["%Y-%m-%d %H:%M"],
    "07:10": ["%H:%M"],
    "7:10 pm": ["%I:%M %p"],
    "2024-13-01": [],
    "1-2-3": [],
    "03.04.2024": ["%d.%m.%Y"],
}


@pytest.mark.parametrize("value", DATES)
def test_shapes_of_dates(value: str) -> None:
    assert [shape for shape, _ in pairs(profiles_of(tuple(DATES))[value].date_shapes)] == DATES[value]


def test_every_date_format_is_measured() -> None:
    at = dt.datetime(2024, 11, 25, 20, 31, 12, 123456)  # noqa: DTZ001  # formats without a zone
    found = profiles_of(tuple(at.strftime(form) for form in DATE_FORMATS))
    for form in DATE_FORMATS:
        assert form in {shape for shape, _ in pairs(found[at.strftime(form)].date_shapes)}


def test_keys_are_columns_that_no_two_rows_share() -> None:
    rows = [(str(i), f"g{i // 10}", str(i % 10), "same") for i in range(100)]
    named = dict(zip("abcd", map(list, zip(*rows, strict=True)), strict=True))
    assert profile(named).keys == (("a",),)
    assert profile({name: named[name] for name in "bcd"}).keys == (("b", "c"),)
    assert profile({"a": [*named["a"][:-1], None], "d": named["d"]}).keys == ()
    assert profile({"a": [*named["a"][:-1], ""], "d": named["d"]}).keys == ()


def test_three_columns_may_be_a_key_together() -> None:
    rows = [(str(i // 25), str(i // 5 % 5), str(i % 5)) for i in range(125)]
    assert profile(dict(zip("abc", map(list, zip(*rows, strict=True)), strict=True))).keys == (
        ("a", "b", "c"),
    )


def test_repeated_rows_are_counted() -> None:
    assert profile({"a": ["x", "x", "y", "x"], "b": [None, None, "", "z"]}).repeated_rows == 1


def test_near_dependencies_are_counted_as_support_and_violations() -> None:
    zips = [str(i % 20) for i in range(400)]
    cities: list[Cell] = [f"c{i % 10}" for i in range(400)]
    cities[7], cities[8], cities[9] = "wrong", None, ""
    found = profile({"zip": zips, "city": cities, "one": ["1"] * 400, "row": [str(i) for i in range(400)]})
    (near,) = found.dependencies
    assert (near.determinant, near.dependent, near.support, near.violations) == (("zip",), "city", 398, 1)


def test_a_column_that_hardly_varies_depends_on_nothing() -> None:
    rare = ["no"] * 395 + ["yes"] * 5
    assert profile({"a": [str(i % 20) for i in range(400)], "b": rare}).dependencies == ()


def test_an_empty_table_has_a_profile() -> None:
    found = profile({"a": [], "b": []})
    assert (found.rows, [column.name for column in found.columns], found.keys) == (0, ["a", "b"], ())


def test_names_of_columns_may_be_anything() -> None:
    found = profile({'say "hi"': ["x"], "c": ["y"], "v; DROP": ["z"], "n": ["1"], "value": ["2"]})
    assert [pairs(column.frequent) for column in found.columns] == [
        [(v, 1)] for v in ("x", "y", "z", "1", "2")
    ]


def test_profiling_leaves_nothing_behind_and_is_the_same_each_time() -> None:
    columns = {"a": [f"v{i * 7 % 50}" for i in range(200)], "b": [str(i) for i in range(200)]}
    first = profile(columns)
    assert profile(columns) == first
    assert ENGINE.query("SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 'rdc_profile%'") == [(0,)]


def test_of_more_values_than_are_looked_at_frequent_and_odd_ones_come_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(profiler, "VALUES", 50)
    plain = [f"v{i}" for i in range(500)]
    found = profile({"a": ["Bend"] * 9 + ["bend"] * 6 + plain + [" odd", "o\u200bdd"]})
    assert {finding.kind: [entry.value for entry in finding.values] for finding in found.findings} == {
        "outer_space": [" odd"],
        "control_character": ["o\u200bdd"],
        "mixed_case": ["bend"],
        "duplicate_rows": [],
    }


CELLS = st.lists(
    st.one_of(st.none(), st.text(st.sampled_from("aA9.,$% \n\té東-"), max_size=5)), min_size=1, max_size=12
)


@settings(max_examples=40, deadline=None)
@given(CELLS)
def test_counts_agree_with_counting_in_python(cells: list[str | None]) -> None:
    found = profile_of(*cells)
    present = [cell for cell in cells if cell is not None]
    assert (found.distinct, found.missing, found.empty) == (
        len(set(present)),
        cells.count(None),
        cells.count(""),
    )
    assert sorted(pairs(found.frequent), key=str) == sorted(Counter(present).items(), key=str)
    assert found.classes["space"] == sum(bool(re.search(r"\s", cell)) for cell in present)
    assert found.classes["punctuation"] == sum(bool(set(cell) & set(".,$%-")) for cell in present)
    shapes = Counter(
        shape
        for cell in present
        if (shape := number_shape(cell.strip(" "))) and cell.strip(" ") == cell.strip()
    )
    assert dict(pairs(found.number_shapes)) == {
        shape: n for shape, n in shapes.items() if shape in NUMBER_SHAPES
    }


def secret_profile() -> TableProfile:
    values: list[Any] = ["Smith", "Jones", "N/A", "12 oz", "Zoë", "東京", " x "]
    return profile({"name": [*values, *values]})


@pytest.mark.parametrize("mode", ["masked", "none"])
def test_hidden_values_are_nowhere_in_the_profile(mode: Literal["masked", "none"]) -> None:
    full = secret_profile()
    shown = show_values(full, mode)
    text = shown.model_dump_json()
    assert "Smith" in full.model_dump_json()
    assert not [value for value in ("Smith", "Jones", "12 oz", "Zoë", "東京") if value in text]
    assert shown.column("name").patterns[0].pattern == full.column("name").patterns[0].pattern
    assert [finding.count for finding in shown.findings] == [finding.count for finding in full.findings]
    assert bool(shown.column("name").frequent) is (mode == "masked")


def test_full_profiles_stay_and_masked_values_are_merged() -> None:
    full = secret_profile()
    assert show_values(full, "full") is full
    assert ("Aaaaa", 4) in pairs(show_values(full, "masked").column("name").frequent)
    assert mask("ab-12 É") == "aa-99 A"


def test_a_refreshed_profile_is_measured_anew_where_columns_changed() -> None:
    before: dict[str, list[Cell]] = {"a": [" x", "y", "N/A"] * 20, "b": ["1 oz", "2 oz", "3 oz"] * 20}
    after: dict[str, list[Cell]] = {**before, "a": ["x", "y", None] * 20, "c": ["z"] * 60}
    old, anew = profile(before), profile(after)
    changed = ENGINE.load("t", {name: after[name] for name in ("a", "c")})
    refreshed = refresh_profile(ENGINE, changed, old)
    assert refreshed.columns == anew.columns
    assert refreshed.rows == anew.rows
    assert [finding for finding in refreshed.findings if finding.column] == [
        finding for finding in anew.findings if finding.column
    ]
    assert {finding.kind for finding in refreshed.findings_of("a")} == set()


@pytest.mark.parametrize("name", ["c", "v", "n", "p", "x", "k", "h0", "__value"])
def test_a_column_may_have_any_name(name: str) -> None:
    found = profile({"a": ["1", "2", "2"], name: ["x", "y", None]})
    assert [(column.name, column.distinct) for column in found.columns] == [("a", 2), (name, 2)]


def test_what_columns_show_together_is_measured_again() -> None:
    towns: list[Cell] = [f"Town{'abcdefghij'[i % 10]}" for i in range(300)]
    states: list[Cell] = [("KA", "LO", "MU")[i % 10 % 3] for i in range(300)]
    for i in range(0, 300, 25):
        towns[i], states[i] = f"{towns[i]} {states[i]}", ""
    whole = profile({"town": towns, "state": states})
    assert [(f.kind, f.other, f.count) for f in whole.findings_of("town")] == [("merged_field", "state", 12)]
    again = refresh_profile(ENGINE, ENGINE.load("t", {"town": [f"{town}" for town in towns]}), whole)
    assert again.findings_of("town") == whole.findings_of("town")
    mended = refresh_profile(ENGINE, ENGINE.load("t", {"town": [f"{town}"[:5] for town in towns]}), whole)
    assert mended.findings_of("town") == ()


def test_columns_are_measured_alike_without_what_they_have_to_do_with_each_other() -> None:
    columns: dict[str, list[Cell]] = {"a": ["x", "y", None] * 20, "b": ["1", "2", ""] * 20}
    whole = profile_table(ENGINE, ENGINE.load("t", columns), "s")
    alone = profile_columns(ENGINE, ENGINE.load("t", columns), "s")
    assert whole.dependencies
    assert (alone.rows, alone.columns, alone.dependencies) == (whole.rows, whole.columns, ())
    assert profile_columns(ENGINE, ENGINE.load("t", {"a": []}), "s").rows == 0
