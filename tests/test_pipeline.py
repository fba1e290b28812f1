from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from rdc.artifacts.candidate import Author
from rdc.artifacts.cleaner import Dependency, DependencyRule, UniqueRule
from rdc.artifacts.module import Record
from rdc.artifacts.stage import map_table
from rdc.artifacts.transform import Transform
from rdc.engines.engine import quote_name
from rdc.errors import LoweringError
from rdc.lowering.pipeline import lower_record
from rdc.lowering.script import compose_script

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

COLUMNS = ("beer-name", "Unit Price (€)", "order", 'the "best"', "line\nbreak")


@pytest.fixture
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def transform(
    kind: str, name: str, reads: Sequence[str], writes: Sequence[str] = (), **more: Any
) -> Transform:
    return Transform.model_validate(
        {
            "kind": kind,
            "name": name,
            "reads": reads,
            "writes": writes or reads,
            "author": Author(kind="synthesis"),
            "goal": f"{name} does its work.",
            **more,
        }
    )


def record(*transforms: Transform, columns: Sequence[str] = COLUMNS, **more: Any) -> Record:
    return Record(cleaner="c", columns=tuple(columns), transforms=transforms, expectations=(), **more)


def make_table(
    database: duckdb.DuckDBPyConnection, name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    typed = ", ".join(f"{quote_name(column)} VARCHAR" for column in columns)
    database.execute(f"CREATE TABLE {name} ({typed})")
    for row in rows:
        database.execute(f"INSERT INTO {name} VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608 - a test's own


def stage_source(
    database: duckdb.DuckDBPyConnection, rows: Sequence[Sequence[Any]], columns: Sequence[str] = COLUMNS
) -> None:
    make_table(database, "rows", columns, rows)
    database.execute("CREATE TABLE source AS SELECT rowid::BIGINT AS __rdc_row, * FROM rows")


def apply_stages(database: duckdb.DuckDBPyConnection, made: Record) -> list[tuple[Any, ...]]:
    """What the run does: a table a stage."""
    database.execute("CREATE TABLE step_0 AS SELECT * FROM source")
    stages = lower_record(made, COLUMNS)
    for number, stage in enumerate(stages):
        database.execute(
            f"CREATE TABLE step_{number + 1} AS WITH input AS (SELECT * FROM step_{number}) {stage.sql}"  # noqa: S608 - a test's own
        )
    return database.execute(f"SELECT * FROM step_{len(stages)} ORDER BY __rdc_row").fetchall()  # noqa: S608 - a test's own


ROWS: list[list[Any]] = [
    [" Pale ", "1 €", "x", None, "1"],
    ["IPA", "2 €", None, "b", "2"],
    ["IPA", "2 €", None, "c", "2"],
    ["IPA", "3 €", "", "b", "3"],
]
MAPS: dict[str, list[list[Any]]] = {
    "map_strip": [["before", "after"], [" Pale ", "Pale"], ["IPA", "IPA"]],
    "map_upper": [["before", "after"], ["Pale", "PALE"], ["IPA", "IPA"]],
    "map_price": [["before", "after"], ["1 €", "1"], ["2 €", "2"], ["3 €", None]],
    "map_label": [
        ["in_0", "in_1", "out_0", "out_1"],
        ["PALE", "x", "PALE x", "y"],
        ["IPA", None, "IPA -", "n"],
        ["IPA", "", "IPA ''", "n"],
    ],
}
OWNER_DECIDES = DependencyRule(
    dependency=Dependency(determinant=("Unit Price (€)",), dependent=('the "best"',)),
    prefer='"line\nbreak" = \'2\' AND "the ""best""" <> \'c\'',
)


def test_functions_maps_and_rules_are_applied_in_order_to_columns_of_any_name(
    database: duckdb.DuckDBPyConnection,
) -> None:
    stage_source(database, ROWS)
    for name, (header, *pairs) in MAPS.items():
        make_table(database, name, header, pairs)
    made = record(
        transform("column", "strip", ["beer-name"]),
        transform("map", "price", ["Unit Price (€)"]),
        transform("column", "upper", ["beer-name"]),
        transform("row", "label", ["beer-name", "order"], ["label", "order"]),
        transform("rule", "best", ["Unit Price (€)"], ['the "best"'], rule=OWNER_DECIDES),
        transform("rule", "once", ["line\nbreak"], rule=UniqueRule(unique=("line\nbreak",))),
        columns=(*COLUMNS, "label"),
    )
    expected = [
        (0, "PALE", "1", "y", None, "1", "PALE x"),
        (1, "IPA", "2", "n", "b", "2", "IPA -"),
        (3, "IPA", None, "n", "b", "3", "IPA ''"),
    ]
    assert apply_stages(database, made) == expected
    assert database.execute(compose_script(made, COLUMNS).query).fetchall() == [row[1:] for row in expected]


@pytest.mark.parametrize(
    ("kinds", "stages"),
    [
        ("a a a", "a|a|a"),
        ("a b c", "a b c"),
        ("a b a c b", "a b|a c b"),
        ("ab>c a", "ab>c a"),
        ("a ab>c", "a|ab>c"),
        ("ab>c c", "ab>c|c"),
        ("a !b c", "a|!b|c"),
        ("!a !b", "!a|!b"),
    ],
)
def test_neighbours_share_a_stage_unless_one_needs_what_another_writes(kinds: str, stages: str) -> None:
    def build(number: int, text: str) -> Transform:
        name, goal = f"t{number}", text
        if text.startswith("!"):
            rule = UniqueRule(unique=(text[1],))
            return transform("rule", name, [text[1]], rule=rule).model_copy(update={"goal": goal})
        reads, _, writes = text.partition(">")
        kind = "row" if writes else "column"
        return transform(kind, name, list(reads), list(writes)).model_copy(update={"goal": goal})

    made = record(*(build(number, text) for number, text in enumerate(kinds.split())))
    found = lower_record(made, ["a", "b", "c"])
    assert "|".join(" ".join(applied.goal for applied in stage.transforms) for stage in found) == stages


def test_twelve_functions_on_one_column_are_twelve_stages(database: duckdb.DuckDBPyConnection) -> None:
    stage_source(database, [["0"]], ["a"])
    names = [f"add_{number}" for number in range(12)]
    for number, name in enumerate(names):
        make_table(database, map_table(name), ("before", "after"), [[str(number), str(number + 1)]])
    made = record(*(transform("column", name, ["a"]) for name in names), columns=["a"])
    assert len(lower_record(made, ["a"])) == 12
    assert database.execute(compose_script(made, ["a"]).query).fetchall() == [("12",)]


@pytest.mark.parametrize("goal", ["*/", "/*", "/*/", "**//", "*/*/ DROP TABLE source; --", "$$ ' \" \\ ;"])
def test_no_goal_gets_out_of_its_comment(database: duckdb.DuckDBPyConnection, goal: str) -> None:
    stage_source(database, [["x"]], ["a"])
    make_table(database, "map_t", ("before", "after"), [["x", "y"]])
    query = compose_script(record(transform("column", "t", ["a"], goal=goal), columns=["a"]), ["a"]).query
    assert database.execute(query).fetchall() == [("y",)]


def test_the_query_ends_in_the_declared_types(database: duckdb.DuckDBPyConnection) -> None:
    columns = ["n", "d", "day", "at", "x", "yes", "t"]
    stage_source(
        database, [["1", "2.50", "2015-01-02", "2015-01-02 03:04:05", "0.5", "true", "007"]], columns
    )
    types = {
        "n": "integer",
        "d": "decimal(5,2)",
        "day": "date",
        "at": "timestamp",
        "x": "double",
        "yes": "boolean",
    }
    query = compose_script(record(columns=columns, types=types), columns).query
    [row] = database.execute(query).fetchall()
    assert row[:3] == (1, Decimal("2.50"), date(2015, 1, 2))
    assert row[4:] == (0.5, True, "007")


def test_the_query_of_a_small_cleaner_reads_well() -> None:
    made = record(
        transform("column", "clean_ounces", ["ounces"], goal="The size; no /* unit.\n*/ DROP"),
        columns=["ounces"],
        types={"ounces": "decimal(5,2)"},
    )
    _, query = compose_script(made, ["ounces"]).query.split("\n\n")
    assert query == (
        """\
WITH staged AS (
  SELECT
    source.__rdc_row,
    source."ounces"
  FROM source
), step_1 AS (
  /* clean_ounces: The size; no / * unit. * / DROP */
  SELECT
    input.__rdc_row,
    map_clean_ounces.after AS "ounces"
  FROM staged AS input
  LEFT JOIN map_clean_ounces
    ON map_clean_ounces.before IS NOT DISTINCT FROM input."ounces"
)
SELECT
  CAST(step_1."ounces" AS DECIMAL(5, 2)) AS "ounces"
FROM step_1
ORDER BY
  step_1.__rdc_row;
"""
    )


def test_what_cannot_be_lowered_is_refused_with_all_problems() -> None:
    with pytest.raises(LoweringError, match="RDC504 clean_a names the unknown column 'aa'"):
        lower_record(record(transform("column", "clean_a", ["aa"])), ["a"])
    with pytest.raises(LoweringError, match="RDC505 two transforms are named 'clean_a'"):
        lower_record(
            record(transform("column", "clean_a", ["a"]), transform("column", "clean_A", ["b"])), ["a", "b"]
        )
    with pytest.raises(LoweringError, match="RDC504 the output names the unknown column 'z'"):
        compose_script(record(columns=["z"]), ["a"])
