# ruff: noqa: S608  # the tests' own names
"""clean.sql is a query that makes what a run makes: of functions as SQL, and of tables of what functions make."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rdc.artifacts.candidate import Author
from rdc.artifacts.lockfile import LockedSql
from rdc.artifacts.module import Record
from rdc.artifacts.stage import map_table
from rdc.artifacts.transform import MapEntry, Transform, WrittenSql
from rdc.engines.duckdb import DuckDBEngine
from rdc.engines.engine import quote_name
from rdc.execution.transformer import load_cleaner, open_engine, transform_source
from rdc.frontend.parser import parse_project
from rdc.harness.sandbox import Sandbox
from rdc.lowering.answers import ask_transform
from rdc.lowering.pipeline import lower_record
from rdc.lowering.script import PAIRS, compose_script
from rdc.lowering.writer import write_function, write_functions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rdc.artifacts.plan import Cell

EXAMPLE = Path(__file__).parents[1] / "project_example"
TRIM = "def trim_a(value):\n    return value.strip() or None if value else None\n"
UPPER = "def upper_b(value):\n    return value.upper() if value else value\n"
AHEAD = 'def ahead_c(value):\n    return re.sub("(?=x)", "-", value) if value else value\n'
JOIN = """\
def join_ab(row):
    if not row["a"]:
        return {"b": "none"}
    return {"n": row["a"] + "/" + (row["b"] or "").lower(), "b": row["b"]}
"""
ROWS: list[tuple[Cell, ...]] = [
    (" x ", "é", "axa", "1"), ("", "b", "b", "it's"), (None, None, None, None), ("q\n", "ß", "x", "2"), ("É", "i", "", "3"),
]  # fmt: skip


def make(kind: str, name: str, reads: str, source: str = "", entries: Sequence[MapEntry] = ()) -> Transform:
    given, _, written = reads.partition(">")
    return Transform.model_validate({
        "kind": kind, "name": name, "reads": list(given), "writes": list(written or given), "source": source,
        "author": Author(kind="synthesis"), "goal": "Clean.", "entries": list(entries),
    })  # fmt: skip


def pair(value: str, becomes: str | None) -> MapEntry:
    return MapEntry(value=value, becomes=becomes, evidence="")


STEPS = (
    make("column", "trim_a", "a", TRIM),
    make("column", "upper_b", "b", UPPER),
    make("column", "ahead_c", "c", AHEAD),
    make("map", "short_d", "d", entries=[pair("it's", "its"), pair("2", None)]),
    make("row", "join_ab", "ab>bn", JOIN.replace('{"b": "none"}', '{"b": "none", "n": None}')),
    make("map", "long_d", "d", entries=[pair(str(number), f"{number}!") for number in range(PAIRS + 1)]),
)
LOCKED = {
    "trim_a": LockedSql(digest="d", values=9),
    "upper_b": LockedSql(digest="d", values=9),
    "join_ab": LockedSql(digest="d", values=9),
    "ahead_c": LockedSql(refused="a look-around in the regular expression", line=2),
}
RECORD = Record(
    cleaner="t", columns=(*"abcdn",), types={}, transforms=STEPS, expectations=(),
    functions=write_functions(STEPS, ["trim_a", "upper_b", "join_ab"], "abcd"),
)  # fmt: skip


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


def fill_maps(engine: DuckDBEngine, record: Record, columns: Sequence[str], sandbox: Sandbox) -> str:
    """Apply stages as tables, with a map table for each function; the last stage's table."""
    engine.execute("CREATE TABLE step_0 AS FROM source")
    stages = lower_record(record, columns)
    for number, stage in enumerate(stages):
        for transform in stage.transforms:
            if transform.kind != "rule":
                _fill_map(engine, transform, f"step_{number}", sandbox)
        engine.execute(f"CREATE TABLE step_{number + 1} AS WITH input AS (FROM step_{number}) {stage.sql}")
    return f"step_{len(stages)}"


def _fill_map(engine: DuckDBEngine, transform: Transform, table: str, sandbox: Sandbox) -> None:
    reads = ", ".join(map(quote_name, transform.reads))
    given = engine.query(f"SELECT DISTINCT {reads} FROM {table} ORDER BY ALL")
    if transform.kind == "map":
        mapping = transform.mapping
        made = [(value and mapping.get(value, value),) for (value,) in given]
    else:
        made = [answer.values for answer in ask_transform(sandbox, transform, transform.source)(given)]
    names = ["before", "after"]
    if transform.kind == "row":
        names = [f"in_{at}" for at in range(len(transform.reads))]
        names += [f"out_{at}" for at in range(len(transform.writes))]
    rows = [(*cells, *values) for cells, values in zip(given, made, strict=True)]
    columns = {name: [row[at] for row in rows] for at, name in enumerate(names)}
    engine.load(map_table(transform.name), columns)


def named_maps(query: str) -> set[str]:
    return {name.removeprefix("map_") for name in re.findall(r"LEFT JOIN (\w+)", query)}


def test_functions_are_sql_and_those_that_have_none_are_tables_with_the_reason(sandbox: Sandbox) -> None:
    engine = DuckDBEngine(threads=1)
    try:
        engine.load("source", {name: [row[at] for row in ROWS] for at, name in enumerate("abcd")})
        last = fill_maps(engine, RECORD, "abcd", sandbox)
        query = compose_script(RECORD, "abcd", LOCKED).query
        assert named_maps(query) == {"upper_b", "ahead_c", "join_ab", "long_d"}
        assert "/* ahead_c: Clean. [no SQL: a look-around in the regular expression, line 2] */" in query
        assert "WHEN 'it''s' THEN 'its'" in query
        # What SQL decides on need not be in the tables.
        engine.execute("DELETE FROM map_upper_b WHERE before = 'b' OR before IS NULL")
        expected = engine.query(f"SELECT a, b, c, d, n FROM {last} ORDER BY __rdc_row")
        assert expected[0] == ("x", "É", "a-xa", "1!", "x/é")
        assert engine.query(query) == expected
    finally:
        engine.close()


def test_what_is_said_at_the_top_is_what_the_query_holds() -> None:
    step = make("column", "keep_a", "a", "def keep_a(value):\n    return value\n")
    whole = Record(cleaner="t", columns=("a",), types={}, transforms=(step,), expectations=())
    written = whole.model_copy(update={"functions": write_functions([step], ["keep_a"], "a")})
    assert "map_" not in compose_script(written, "a", {"keep_a": LockedSql(digest="d")}).query
    told = compose_script(whole, "a", {"keep_a": LockedSql(digest="d")}).query
    assert "A table map_<name> holds" in told
    assert "/* keep_a: Clean. [its SQL is long: `rdc show t` prints it] */" in told


def test_parts_are_named_unlike_any_column() -> None:
    written = write_function(STEPS[1].model_copy(update={"reads": ("upper_b_1",)}), ["UPPER_B_1"])
    assert isinstance(written, WrittenSql)
    source = "def two(value):\n    value = (value or '').strip()\n    return value[:1] + value\n"
    for columns, prefix in ((["a"], "two_"), (["a", "Two_9"], "__rdc_two_")):
        made = write_function(make("column", "two", "a", source), columns)
        assert made is not None
        names = [name for level in made.levels for name in level]
        assert names
        assert all(name.startswith(prefix) for name in names)


@pytest.mark.parametrize(
    "source",
    [
        "def f(value):\n    return country_code(value)\n",
        "def f(value):\n    return re.sub('(?=a)', '', value)\n",
    ],
)
def test_what_is_too_long_to_be_read_or_has_no_sql_is_not_written(source: str) -> None:
    assert write_function(make("column", "f", "a", source)) is None


def test_a_name_that_goes_over_lines_is_not_set_in() -> None:
    step = make("column", "upper_b", "b", UPPER).model_copy(update={"reads": ("a\nb",), "writes": ("a\nb",)})
    assert write_function(step) is None


@pytest.mark.parametrize("name", ["orders", "products"])
def test_the_query_of_the_example_makes_what_a_run_makes(name: str, sandbox: Sandbox) -> None:
    manifest = parse_project(EXAMPLE, environ={})
    loaded, engine = load_cleaner(manifest, name), open_engine(manifest)
    try:
        made = transform_source(manifest, manifest.cleaners[name], loaded, engine, sandbox)
        columns = [column.name for column in loaded.profile.columns]
        query = (manifest.generated / name / "clean.sql").read_text(encoding="utf-8")
        fill_maps(engine, loaded.record, columns, sandbox)
        functions = loaded.record.functions
        assert len(functions) > 10
        assert not named_maps(query) & {each for each, written in functions.items() if written.domain is None}
        for each in named_maps(query) & functions.keys():
            first = (
                "in_0"
                if each in {row.name for row in loaded.record.transforms if row.kind == "row"}
                else "before"
            )
            last = "out_0" if first == "in_0" else "after"
            engine.execute(
                f"UPDATE map_{each} SET {last} = 'wrong' WHERE regexp_full_match({first}, '[A-Za-z]+')"
            )
        # Rows that are not of their types are kept back by a run, and end the query where they are cast.
        steps, _, last = query.rpartition("\n)\nSELECT\n")
        names = ", ".join(map(quote_name, ("__rdc_row", *loaded.record.columns)))
        order = "ORDER BY __rdc_row"
        [step] = set(re.findall(r"^FROM (step_\d+)$", last, re.MULTILINE))
        found = engine.query(f"{steps}\n) SELECT {names} FROM {step} {order}")
        expected = engine.query(f"SELECT {names} FROM {made.applied.table} {order}")
        kept = {row for row, *_ in expected}
        assert [cells for cells in found if cells[0] in kept] == expected
        assert len(found) - len(kept) == made.quarantine.count()
    finally:
        engine.close()
