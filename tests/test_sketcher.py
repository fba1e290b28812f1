"""Drafts ask for the form that a column has already; what may damage is a comment."""

from __future__ import annotations

import random
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from ruamel.yaml import YAML

from rdc.artifacts.cleaner import Cleaner, CleanerFile, DependencyRule, DeriveRule
from rdc.engines.duckdb import DuckDBEngine
from rdc.frontend.profiler import profile_table
from rdc.frontend.sketcher import sketch_cleaner
from rdc.frontend.starter import draft_project

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from rdc.artifacts.plan import Cell

ENGINE = DuckDBEngine()


def sketch(columns: Mapping[str, Sequence[Cell]], accept: float | None = None) -> str:
    return sketch_cleaner("t", profile_table(ENGINE, ENGINE.load("t", columns), "t"), accept)


def read(text: str) -> Cleaner:
    data = YAML(typ="safe").load(StringIO(text))
    return CleanerFile.model_validate(data).cleaners[0]


def goals_of(name: str, values: Sequence[Cell]) -> tuple[tuple[str, ...], str]:
    """The goals that are drafted of a column, and the form that is expected."""
    numbers = [str(i) for i in range(len(values))]
    column = read(sketch({"n": numbers, name: values})).column(name)
    forms = [e.kwargs["regex"] for e in column.expectations if "regex" in e.kwargs]
    return column.goals, "".join(forms)


def days(form: str, other: str, share: int = 8) -> list[Cell]:
    """Dates of which most are of one form."""
    parts = [(2010 + i % 9, i % 12 + 1, i % 27 + 1) for i in range(120)]
    return [(other if i % share == 0 else form).format(y=y, m=m, d=d) for i, (y, m, d) in enumerate(parts)]


ISO, US, EUROPE = "{y}-{m:02}-{d:02}", "{m:02}/{d:02}/{y}", "{d}.{m}.{y}"
CLOCKS: list[Cell] = [f"{i % 12 + 1}:{i % 50 + 10} {'ap'[i % 2]}.m." for i in range(120)]
PHONES: list[Cell] = [f"({200 + i}) 555-{i * 37 % 9000 + 1000}" for i in range(120)]
OWN_FORM: Mapping[str, tuple[str, list[Cell], str, str]] = {
    "ISO dates": ("day", days(ISO, US), "The date as YYYY-MM-DD.", r"^\d{4}\-\d{2}\-\d{2}$"),
    "month first": ("day", days(US, ISO), "The date as MM/DD/YYYY.", r"^\d{2}/\d{2}/\d{4}$"),
    "day first": ("day", days(EUROPE, ISO), "The date as D.M.YYYY.", r"^\d{1,2}\.\d{1,2}\.\d{4}$"),
    "12-hour clock": (
        "leaves",
        [*CLOCKS, "14:05", "2011-12-02 7:10 a.m."],
        "The time of day as h:mm a.m.",
        r"^([1-9]|1[0-2]):[0-5]\d [ap]\.m\.$",
    ),
    "phone numbers": (
        "phone",
        [*PHONES, *("212-555-0199", "212-555-0123") * 4],
        "Phone numbers in one form, (999) 999-9999.",
        r"^\(\d{3}\) \d{3}-\d{4}$",
    ),
    "letters for true and false": ("paid", [*["Y", "N"] * 50, "yes", "no"], "Y or N.", "^(Y|N)$"),
    "no form of true and false": (
        "paid",
        [*["Y", "yes", "Yes", "1", "T", "on"] * 9, *["N", "no", "No", "0", "F", "off"] * 9],
        "true or false.",
        "^(true|false)$",
    ),
}


@pytest.mark.parametrize("case", OWN_FORM)
def test_the_form_of_most_values_is_asked_for(case: str) -> None:
    name, values, goal, regex = OWN_FORM[case]
    goals, form = goals_of(name, values)
    assert goal in goals
    assert form == regex


KEPT: Mapping[str, list[Cell]] = {
    "all have the currency": [f"${i}.{i % 9}5" for i in range(90)],
    "all have the one unit": [f"{i} kg" for i in range(90)],
    "all thousands are separated": [f"{i % 90 + 1},{i:03}" if i % 2 else str(i) for i in range(90)],
    "all have two decimals": [*(f"{i}.{i * 10 % 100:02}" for i in range(90)), "7", "8"],
    "all negatives are in parentheses": [f"({i})" if i % 3 == 0 else str(i) for i in range(90)],
}


@pytest.mark.parametrize("case", KEPT)
def test_what_the_whole_column_has_is_left_alone(case: str) -> None:
    assert goals_of("amount", KEPT[case]) == ((), "")


def test_one_decimal_is_a_choice_unless_whole_numbers_go_without() -> None:
    rates: list[Cell] = [f"{i % 9 + 1}.{i % 10}" for i in range(120)]
    goal = "A plain number, without trailing zeros."
    assert goal not in goals_of("rate", [*rates, "7,3", "5,0"])[0]
    assert goal in goals_of("rate", [*rates, *map(str, range(1, 60))])[0]


def test_a_percent_beside_fractions_keeps_its_sign() -> None:
    goal = "Percent as a plain number, without the sign."
    signed: list[Cell] = [f"{i % 30 + 1}%" for i in range(60)]
    assert goal not in goals_of("share", [*signed, *(f"0.{i % 9 + 1}5" for i in range(60))])[0]
    assert goal in goals_of("share", [*signed, *(f"{i % 30 + 1}" for i in range(60))])[0]
    assert goal in goals_of("share", [f"0.0{i % 9}{'%' * (i % 8 == 0)}" for i in range(120)])[0]


def test_names_that_differ_by_case_are_left_alone_and_categories_are_not() -> None:
    names: list[Cell] = [f"Firm{'abcdefghij'[i % 10]}{'klmnopqrst'[i // 10]}" for i in range(100)]
    assert goals_of("firm", [*names, *names, "FirmAK", "FIRMBK"])[0] == ()
    kinds: list[Cell] = ["Open", "Sold"] * 50
    assert len(goals_of("kind", [*kinds, "SOLD"])[0]) == 1


def make_stations() -> dict[str, list[Cell]]:
    """Readings of 30 stations, some of whose names are misspelt, with a label that is made of two columns."""
    chance = random.Random(1)  # noqa: S311 - a seeded table is no secret
    chosen = [chance.randrange(30) for _ in range(500)]
    kinds = [chance.choice(["air", "soil", "rain"]) for _ in chosen]
    names: list[Cell] = [f"station {'abcdefghijklmno'[i // 2]}{'xy'[i % 2]}" for i in chosen]
    names[5], names[9] = "statoin", "q"
    return {
        "code": [f"s{i}" for i in chosen],
        "name": names,
        "kind": [*kinds],
        "label": [f"s{i} / {kind}" for i, kind in zip(chosen, kinds, strict=True)],
    }


def test_nothing_is_accepted_unasked() -> None:
    text = sketch(make_stations())
    assert read(text).rules == ()
    assert "#   - dependency: {determinant: [code], dependent: [name]}" in text
    assert "#   - derive: {column: label, from: [code, kind]}" in text


def test_strong_dependencies_and_derived_columns_are_accepted_on_request() -> None:
    text = sketch(make_stations(), 0.5)
    rules = read(text).rules
    sides = [
        (rule.dependency.determinant, rule.dependency.dependent)
        for rule in rules
        if isinstance(rule, DependencyRule)
    ]
    assert (("code",), ("name",)) in sides
    (derived,) = [rule for rule in rules if isinstance(rule, DeriveRule)]
    assert (derived.derive.from_, derived.goals) == (("code", "kind"), ('code, " / ", kind',))
    assert "# name: 99.60% of 500 rows agree, strength 0.99; a repair changes or fills 2 cells." in text


def test_what_is_doubted_is_never_accepted() -> None:
    columns = make_stations()
    columns["name"] = [f"{name}{i % 2}" for i, name in enumerate(columns["name"])]
    text = sketch(columns, 0.1)
    assert "dependent: [name]" not in text.partition("# These hold")[0]


def test_rows_of_sources_are_weighed() -> None:
    chance = random.Random(2)  # noqa: S311 - a seeded table is no secret
    told = [f"maker {'abcdefghijklmnopqrst'[chance.randrange(20)]}" for _ in range(60)]
    pairs = [(source, thing) for source in range(20) for thing in range(60)]
    columns: dict[str, list[Cell]] = {
        "website": [f"site {source}" for source, _ in pairs],
        "thing": [f"t{thing}" for _, thing in pairs],
        "maker": [told[thing] if chance.random() < 0.7 else chance.choice(told) for _, thing in pairs],
    }
    (rule,) = read(sketch(columns, 0.25)).rules
    assert isinstance(rule, DependencyRule)
    assert (rule.repair, rule.source_column, rule.dependency.determinant) == (
        "weighted",
        "website",
        ("thing",),
    )


def test_merged_fields_are_asked_to_be_split() -> None:
    towns: list[Cell] = [f"Town{'abcdefghij'[i % 10]}" for i in range(300)]
    states: list[Cell] = [("KA", "LO", "MU")[i % 10 % 3] for i in range(300)]
    for i in range(0, 300, 25):
        towns[i], states[i] = f"{towns[i]} {states[i]}", ""
    goals = read(sketch({"town": towns, "state": states})).column("town").goals
    assert goals == ("town alone: the state at its end belongs in state, where that is missing.",)


def test_one_way_of_writing_nothing_is_the_sources_own() -> None:
    sizes: list[Cell] = [*(f"{i} mm" for i in range(40)), *["empty"] * 8]
    names: list[Cell] = [f"part {i}" for i in range(48)]
    goal = "N/A and similar words for nothing are null."
    assert goal not in read(sketch({"part": names, "size": sizes})).goals
    assert goal in read(sketch({"part": names, "size": sizes, "note": ["", *names[1:]]})).goals
    assert goal in read(sketch({"part": names, "size": sizes, "note": ["n/a", *names[1:]]})).goals


def test_doubled_spaces_in_values_that_are_seen_often_are_meant() -> None:
    numbers: list[Cell] = [str(i) for i in range(60)]
    goal = "Text has no leading, trailing or doubled spaces."
    often: list[Cell] = ["the  right kind", "any kind", "no kind"] * 20
    once: list[Cell] = ["the  right kind", *["the right kind", "any kind", "no kind"] * 19, "no  kind", "x"]
    assert goal not in read(sketch({"n": numbers, "kind": often})).goals
    assert goal in read(sketch({"n": numbers, "kind": once})).goals


def draft(folder: Path, columns: Mapping[str, Sequence[str]]) -> Cleaner:
    """The cleaner that is drafted of a file with these columns."""
    rows = [columns, *zip(*columns.values(), strict=True)]
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)
    (folder / "t.csv").write_text(text + "\n", encoding="utf-8")
    return read(draft_project("p", folder, [folder / "t.csv"])["cleaners/t.yml"])


def test_names_of_countries_keep_their_usual_case(tmp_path: Path) -> None:
    column = draft(
        tmp_path, {"country": [*["France", "Japan", "Canada", "UK"] * 30, "FRANCE", "United Kingdom"]}
    )
    goals = column.column("country").goals
    assert goals == ("Values that differ by case alone are spelt as most of them are.",)


def test_codes_that_lost_zeros_are_no_numbers(tmp_path: Path) -> None:
    cells = [*["90210", "02108", "55401"] * 40, "2108", "2108", "90210.0"]
    column = draft(tmp_path, {"zip": cells}).column("zip")
    assert column.goals == ("5 digits, lost leading zeros are restored.",)
    assert [e.kwargs.get("regex") for e in column.expectations] == [r"^\d{5}$"]


def test_a_draft_shows_what_a_sentence_can_not(tmp_path: Path) -> None:
    titles = [*[f"The Night of {i}" for i in range(40)], *[f"Road {i}" for i in range(40)]]
    column = draft(tmp_path, {"title": [*titles, "Wild Night, The", "Last Train, The"]}).column("title")
    assert [(e.given, e.expect) for e in column.examples] == [("Last Train, The", "The Last Train")]
    assert [e.kwargs["regex"] for e in column.expectations if "regex" in e.kwargs] == [", (The|A|An)$"]


def test_a_key_that_is_to_be_mended_need_not_stay_one(tmp_path: Path) -> None:
    numbers = [f"{200 + i}-{1000 + 7 * i}" for i in range(200)]
    column = draft(tmp_path, {"phone": [*numbers, "7775555", "777 4444"]}).column("phone")
    assert column.goals == ("Phone numbers in one form, 999-9999.",)
    assert "expect_column_values_to_be_unique" not in [e.type for e in column.expectations]
