from __future__ import annotations

from textwrap import dedent, indent
from typing import TYPE_CHECKING

import pytest

from rdc.errors import ProjectError
from rdc.frontend.lineage import output_path
from rdc.frontend.parser import parse_project
from rdc.frontend.validator import validate_columns, validate_manifest

if TYPE_CHECKING:
    from pathlib import Path

PROJECT = 'name: shop\nversion: "1.0"\nconfig-version: 1\n'
RAW = "{name: raw, format: csv, path: raw.csv}"
SECOND = "  & {"  # begins a second cleaner
PLAIN = "{name: orders, source: raw}"


def _write(root: Path, *, settings: str = "", source: str = RAW, cleaner: str = PLAIN) -> Path:
    """A project with these sources and cleaners, each a YAML list's first item and what follows it."""
    for name, text in {
        "rdc_project.yml": PROJECT + settings,
        "sources/a.yml": f"version: 1\nsources:\n- {indent(dedent(source).strip(), '  ').strip()}\n",
        "cleaners/a.yml": f"version: 1\ncleaners:\n- {indent(dedent(cleaner).strip(), '  ').strip().replace(SECOND, '- {')}\n",
        "functions/sizes.py": "import re\n\n\ndef clean_size(value):\n    return re.sub('\\d', '', value)\n",
        "functions/broken.py": "def clean(:\n    pass\n",
    }.items():
        path = root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def _problems(root: Path, **parts: str) -> list[str]:
    with pytest.raises(ProjectError) as caught:
        parse_project(_write(root, **parts), environ={})
    return [
        line.replace("cleaners/a.yml:", "").replace("sources/a.yml:", "")
        for line in str(caught.value).splitlines()
    ]


SETTINGS = [
    (
        "target: prod\ntargets: {dev: {engine: duckdb}, prd: {engine: duckdb}}\n",
        "4:1: RDC122 unknown target 'prod'. Did you mean 'prd'?",
    ),
    (
        "targets:\n  dev: {engine: spark}\n",
        "5:9: RDC123 target 'dev' runs on spark, which rdc cannot do yet. Use a target with engine: duckdb.",
    ),
    (
        "generated-path: ..\n",
        "4:1: RDC109 'generated-path' holds the project, and rdc replaces that folder. Give it a folder of its own.",
    ),
    (
        "target-path: sources\n",
        "4:1: RDC109 'target-path' holds 'sources', and rdc replaces that folder. Give it a folder of its own.",
    ),
    (
        "generated-path: target/code\n",
        (
            "4:1: RDC109 'generated-path' and 'target-path' lie in one another. "
            "Give each a folder of its own: one is for git, the other is not."
        ),
    ),
]


@pytest.mark.parametrize(("settings", "message"), SETTINGS)
def test_settings_that_do_not_fit_are_refused(tmp_path: Path, settings: str, message: str) -> None:
    assert _problems(tmp_path, settings=settings) == [f"rdc_project.yml:{message}"]


SOURCES = [
    ("{name: raw, format: csv}", "3:3: RDC124 source 'raw' has no path. Give the file: 'path: …'."),
    (
        "{name: raw, format: sqlite, table: t}",
        "3:3: RDC124 source 'raw' has no path. Give the database file: 'path: …'.",
    ),
    (
        "{name: raw, format: duckdb, path: x.duckdb}",
        "3:3: RDC124 source 'raw' has no table. Give the table in the database: 'table: …'.",
    ),
    (
        "{name: raw, format: csv, path: x, table: t}",
        "3:37: RDC124 a csv file has no table. Take 'table' out.",
    ),
    (
        "{name: raw, format: postgres, table: t}",
        (
            "3:15: RDC123 source 'raw' is read from postgres, which rdc cannot do yet. "
            "Formats that can be read: csv, jsonl, json, parquet, excel, duckdb, sqlite."
        ),
    ),
    (
        "{name: raw, format: csv, path: x, options: {delimiter: '||'}}",
        "3:47: RDC125 the delimiter must be one character, but is '||'. A tab is \"\\t\" in double quotes.",
    ),
    (
        "{name: raw, format: csv, path: x, options: {encoding: utf8x}}",
        "3:47: RDC125 unknown encoding 'utf8x'. Did you mean 'utf-8'?",
    ),
    (
        "{name: raw, format: csv, path: x, options: {encoding: base64}}",
        (
            "3:47: RDC125 unknown encoding 'base64'. "
            "Some that are known: utf-8, utf-8-sig, utf-16, latin-1, cp1252, ascii."
        ),
    ),
]


@pytest.mark.parametrize(("source", "message"), SOURCES)
def test_sources_that_cannot_be_read_are_refused(tmp_path: Path, source: str, message: str) -> None:
    assert _problems(tmp_path, source=source) == [message]


CLEANERS = [
    ("{name: orders, source: rwa}", ["3:18: RDC121 unknown source 'rwa'. Did you mean 'raw'?"]),
    (
        "{name: orders, source: raw, key: [a, a]}",
        ["3:40: RDC140 column 'a' is named twice in 'key'. Name it once."],
    ),
    (
        "{name: orders, source: raw, columns: [{name: a}, {name: a}]}",
        ["3:53: RDC140 duplicate column 'a'. Merge the two entries."],
    ),
    (
        "{name: orders, source: raw, columns: [{name: a, type: 'decimal(2,5)'}]}",
        [
            (
                "3:51: RDC113 'decimal(2,5)' is no decimal that can be stored. "
                "decimal(p,s) has p digits, 1 to 38, and s of them after the point."
            )
        ],
    ),
    (
        """
        name: orders
        source: raw
        columns:
        - name: a
          examples:
          - {given: "1", expect: "2"}
          - {given: null, expect: null}
          - {given: "1", expect: null}
          - {given: "1", expect: "2"}
        """,
        ["10:7: RDC142 examples disagree: '1' becomes null here, '2' before. The other one stands at 8:7."],
    ),
    (
        "{name: orders, source: raw, rules: [{dependency: {determinant: [a, b], dependent: [c, b]}}]}",
        ["3:89: RDC141 column 'b' cannot both determine and depend. Take it out of one of the two lists."],
    ),
    (
        "{name: orders, source: raw, tests: [{name: t, given: [{a: '1'}], expect: [{}, {}]}]}",
        [
            (
                "3:68: RDC143 test 't' gives 1 row and expects 2 rows. "
                "Only a 'unique' rule takes rows out, and nothing adds any."
            )
        ],
    ),
    (
        "{name: orders, source: raw, tests: [{name: t, given: [], expect: []}, {name: t, given: [{}], expect: [{}]}]}",
        [
            "3:49: RDC143 test 't' has no rows. Give at least one.",
            "3:74: RDC143 duplicate test 't'. Give each test a name of its own.",
        ],
    ),
    (
        "{name: orders, source: raw, columns: [{name: a, function: 'functions/none.py::f'}]}",
        ["3:51: RDC126 there is no file 'functions/none.py'. Paths are relative to rdc_project.yml."],
    ),
    (
        "{name: orders, source: raw, columns: [{name: a, function: 'functions/sizes.py::clean_sizes'}]}",
        ["3:51: RDC126 'functions/sizes.py' defines no function 'clean_sizes'. Did you mean 'clean_size'?"],
    ),
    (
        "{name: orders, source: raw, columns: [{name: a, function: '../sizes.py::f'}]}",
        ["3:51: RDC126 '../sizes.py' is outside the project. Move it into the project."],
    ),
    (
        "{name: orders, source: raw, rules: [{derive: {column: a, from: [b]}, function: 'functions/broken.py::clean'}]}",
        ["functions/broken.py:1:11: RDC126 Python syntax: invalid syntax. It is referred to at 3:72."],
    ),
    (
        "{name: orders, source: raw, output: {format: table}}",
        ["3:31: RDC127 an output of format table needs 'table'. Add 'table: …'."],
    ),
    (
        "{name: orders, source: raw, output: {format: table, table: t, path: x}}",
        ["3:65: RDC127 an output of format table has no path. Take 'path' out."],
    ),
    (
        "{name: orders, source: raw, output: {table: t}}",
        ["3:40: RDC127 an output of format parquet has no table. Take it out, or write 'format: table'."],
    ),
    (
        "{name: orders, source: raw}\n& {name: b, source: raw, output: {path: ./target/orders.parquet}}",
        ["4:26: RDC128 cleaners 'orders' and 'b' write the same file. Give each an output of its own."],
    ),
    (
        (
            "{name: a, source: raw, output: {format: table, table: T}}\n"
            "& {name: b, source: raw, output: {format: table, table: main.t}}"
        ),
        ["4:26: RDC128 cleaners 'a' and 'b' write the same table. Give each an output of its own."],
    ),
    (
        "{name: orders, source: raw, output: {format: csv, path: ./raw.csv}}",
        [
            (
                "3:31: RDC129 a cleaner reads what it makes: source.raw -> cleaner.orders -> source.raw. "
                "Write to another path."
            )
        ],
    ),
]


@pytest.mark.parametrize(("cleaner", "messages"), CLEANERS)
def test_cleaners_that_contradict_themselves_are_refused(
    tmp_path: Path, cleaner: str, messages: list[str]
) -> None:
    parent = tmp_path / "project"
    parent.mkdir()
    assert _problems(parent, cleaner=cleaner) == messages


REGEX = "expect_column_values_to_match_regex"
EXPECTATIONS: list[tuple[str, str]] = [
    (
        "type: expect_column_values_to_match_regx",
        "RDC130 unknown expectation 'expect_column_values_to_match_regx'. Did you mean '" + REGEX + "'?",
    ),
    (
        "type: expect_magic",
        "RDC130 unknown expectation 'expect_magic'. Use a type of Great Expectations' core.",
    ),
    (
        "type: expect_column_values_to_match_like_pattern, kwargs: {like_pattern: '%'}",
        (
            "RDC133 'expect_column_values_to_match_like_pattern' needs a query, "
            "and rdc checks rows before they are in a database. Use a regular expression."
        ),
    ),
    (
        "type: unexpected_rows_expectation, kwargs: {unexpected_rows_query: q}",
        (
            "RDC133 'unexpected_rows_expectation' needs a query, "
            "and rdc checks rows before they are in a database. Say it with expectations of columns."
        ),
    ),
    (
        "type: expect_table_row_count_to_equal, kwargs: {value: 1}",
        (
            "RDC131 'expect_table_row_count_to_equal' is not about one column. "
            "Move it to the cleaner's own 'expectations'."
        ),
    ),
    (
        "type: expect_column_values_to_be_in_set",
        "RDC131 'expect_column_values_to_be_in_set' lacks 'value_set'. Add 'value_set:' under kwargs.",
    ),
    (
        "type: expect_column_values_to_be_null, kwargs: {mostl: 1}",
        "RDC131 unknown argument 'mostl'. Did you mean 'mostly'?",
    ),
    (
        "type: expect_column_values_to_be_null, kwargs: {column: b}",
        "RDC131 the expectation names column 'b', but stands under 'a'. Take 'column' out.",
    ),
    (
        "type: expect_column_values_to_be_between",
        "RDC131 'expect_column_values_to_be_between' has no bounds. Give min_value, max_value or both.",
    ),
    (
        "type: expect_column_values_to_be_between, kwargs: {min_value: 3, max_value: 1}",
        "RDC132 min_value 3 is above max_value 1. Swap them.",
    ),
    (
        "type: expect_column_values_to_be_null, kwargs: {mostly: 95}",
        "RDC132 'mostly' must be a share from 0 to 1, but is 95. 95 % is 0.95.",
    ),
    (
        f"type: {REGEX}, kwargs: {{regex: '('}}",
        (
            "RDC132 '(' is no regular expression: missing ), unterminated subpattern at position 0. "
            "Check its brackets and escapes."
        ),
    ),
    (
        f"type: {REGEX}_list, kwargs: {{regex_list: x}}",
        "RDC132 'regex_list' must be a list of regular expressions. Write [first, second].",
    ),
    (
        "type: expect_column_values_to_be_in_set, kwargs: {value_set: x}",
        "RDC132 'value_set' must be a list of values. Write [first, second].",
    ),
    (
        "type: expect_column_values_to_be_null, kwargs: {row_condition: 'b == 1'}",
        (
            "RDC132 'row_condition' must be a condition of Great Expectations. "
            "Such as {type: comparison, column: {name: country}, operator: '==', parameter: US}."
        ),
    ),
]


@pytest.mark.parametrize(("expectation", "message"), EXPECTATIONS)
def test_expectations_that_the_library_would_refuse_or_ignore_are_refused(
    tmp_path: Path, expectation: str, message: str
) -> None:
    cleaner = f"{{name: orders, source: raw, columns: [{{name: a, expectations: [{{{expectation}}}]}}]}}"
    [problem] = _problems(tmp_path, cleaner=cleaner)
    assert problem.partition(": ")[2] == message


CONDITION = "{type: comparison, column: {name: b}, operator: '==', parameter: US}"
GOOD: list[str] = [
    f"type: {REGEX}, kwargs: {{regex: '^\\d+$', column: a, mostly: 0.95}}",
    "type: expect_column_values_to_be_between, kwargs: {min_value: 1, strict_min: true}",
    f"type: expect_column_values_to_be_null, kwargs: {{row_condition: {CONDITION}}}",
    "type: expect_column_values_to_be_null, kwargs: {row_condition: {type: nullity, column: {name: b}, is_null: true}}",
    f"type: expect_column_values_to_be_null, kwargs: {{row_condition: {{type: and, conditions: [{CONDITION}]}}}}",
]


@pytest.mark.parametrize("expectation", GOOD)
def test_expectations_that_the_library_takes_are_taken(tmp_path: Path, expectation: str) -> None:
    cleaner = f"{{name: orders, source: raw, columns: [{{name: a, expectations: [{{{expectation}}}]}}]}}"
    manifest = parse_project(_write(tmp_path, cleaner=cleaner), environ={})
    assert validate_manifest(manifest) == ()


def test_rows_may_go_where_a_rule_takes_duplicates_out(tmp_path: Path) -> None:
    cleaner = (
        "{name: a, source: raw, rules: [{unique: [a]}], tests: [{name: t, given: [{}, {}], expect: [{}]}]}"
    )
    assert parse_project(_write(tmp_path, cleaner=cleaner), environ={}).cleaners["a"].tests


def test_an_output_without_a_path_is_named_after_its_cleaner(tmp_path: Path) -> None:
    cleaner = "{name: a, source: raw, output: {format: csv}}"
    manifest = parse_project(_write(tmp_path, settings="target-path: out\n", cleaner=cleaner), environ={})
    assert output_path(manifest, manifest.cleaners["a"]) == tmp_path / "out" / "a.csv"


COLUMNS = """
name: orders
source: raw
key: [id, idd]
columns:
- {name: emial, expectations: [{type: expect_column_values_to_be_null, kwargs: {column: emial}}]}
- name: made
  expectations:
  - type: expect_column_values_to_be_null
    kwargs: {row_condition: {type: nullity, column: {name: gone}, is_null: true}}
rules:
- dependency: {determinant: [id], dependent: [nme]}
- unique: [key]
- derive: {column: made, from: [name, mail]}
- {dependency: {determinant: [id], dependent: [name]}, repair: weighted, source_column: emai}
expectations:
- {type: expect_column_values_to_not_be_null, kwargs: {column: ide}}
- {type: expect_column_pair_values_to_be_equal, kwargs: {column_A: id, column_B: maid}}
- {type: expect_compound_columns_to_be_unique, kwargs: {column_list: [id, names]}}
- {type: expect_column_to_exist, kwargs: {column: future}}
tests:
- {name: t, given: [{id: "1", nam: x}], expect: [{made: "1"}]}
"""


def test_columns_that_the_source_does_not_have_are_told_with_their_places(tmp_path: Path) -> None:
    manifest = parse_project(_write(tmp_path, cleaner=COLUMNS), environ={})
    problems = validate_columns(manifest, manifest.cleaners["orders"], ["id", "name", "email"])
    assert [str(problem).removeprefix("cleaners/a.yml:") for problem in problems] == [
        "7:6: RDC104 unknown column 'emial'. Did you mean 'email'?",
        "5:13: RDC104 unknown column 'idd'. Did you mean 'id'?",
        "13:49: RDC104 unknown column 'nme'. Did you mean 'name'?",
        "14:14: RDC104 unknown column 'key'. Columns of 'raw': id, name, email, made.",
        "15:41: RDC104 unknown column 'mail'. Did you mean 'email'?",
        "16:76: RDC104 unknown column 'emai'. Did you mean 'email'?",
        "11:16: RDC104 unknown column 'gone'. Columns of 'raw': id, name, email, made.",
        "18:58: RDC104 unknown column 'ide'. Did you mean 'id'?",
        "19:74: RDC104 unknown column 'maid'. Did you mean 'made'?",
        "20:59: RDC104 unknown column 'names'. Did you mean 'name'?",
        "23:33: RDC104 unknown column 'nam'. Did you mean 'name'?",
    ]
