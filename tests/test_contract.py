# ruff: noqa: FBT001, PLR0917, S608  # a table of cases has many columns; names are the tables'
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from rdc.engines.duckdb import DuckDBEngine
from rdc.errors import RunError
from rdc.runtime.casts import cast_column
from rdc.runtime.contract import hold_columns, hold_types
from rdc.runtime.quarantine import Quarantine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdc.artifacts.cleaner import ContractMode
    from rdc.artifacts.plan import Cell

SOURCE: dict[str, list[Cell]] = {"id": ["1", "2", "3"], "size": ["12", "", None], "extra": ["x", "", None]}
TYPED: dict[str, list[Cell]] = {
    "id": ["1", "2.5", "", None, "two"],
    "day": ["2020-01-01", "", "soon", None, "never"],
}
TYPES = {"id": "integer", "day": "date"}

# A type, a text, and whether the text is of it.
CASTS = [
    ("integer", "12", True),
    ("integer", "+7", True),
    ("integer", "12.0", True),
    ("integer", "12.7", False),
    ("integer", "1e3", False),
    ("integer", "0x1F", False),
    ("integer", "1_000", False),
    ("integer", " 12", False),
    ("integer", "99999999999999999999", False),
    ("decimal(5,2)", "12.34", True),
    ("decimal(5,2)", "12.3400", True),
    ("decimal(5,2)", ".5", True),
    ("decimal(5,2)", "12.345", False),
    ("decimal(5,2)", "1234.5", False),
    ("decimal(5,2)", ".", False),
    ("double", "1.5e3", True),
    ("double", "nan", False),
    ("double", "inf", False),
    ("double", "1,5", False),
    ("date", "2020-02-29", True),
    ("date", "2021-02-29", False),
    ("date", "2020-01-05 10:00:00", False),
    ("date", "01/02/2020", False),
    ("date", "infinity", False),
    ("timestamp", "2020-01-05T10:00:00.5", True),
    ("timestamp", "2020-01-05", True),
    ("timestamp", "2020-01-05T10:00:00+02:00", False),
    ("timestamp", "2020-01-05 25:00:00", False),
    ("boolean", "true", True),
    ("boolean", "No", True),
    ("boolean", "2", False),
]


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    engine = DuckDBEngine()
    yield engine
    engine.close()


@pytest.mark.parametrize(("type_", "text", "expected"), CASTS)
def test_a_cast_loses_nothing_and_invents_nothing(
    engine: DuckDBEngine, type_: str, text: str, expected: bool
) -> None:
    engine.load("t", {"x": [text]})
    assert engine.query(f"SELECT {cast_column('x', type_)} IS NOT NULL FROM t") == [(expected,)]


@pytest.mark.parametrize(
    ("mode", "columns", "rows", "kept_back", "discarded"),
    [
        ("evolve", ("id", "size", "extra"), [0, 1, 2], {}, 0),
        ("discard_value", ("id", "size"), [0, 1, 2], {}, 0),
        ("discard_row", ("id", "size"), [1, 2], {}, 1),
        ("quarantine", ("id", "size"), [1, 2], {"extra: the column is new": 1}, 0),
    ],
)
def test_new_columns_follow_the_contract(
    engine: DuckDBEngine,
    mode: ContractMode,
    columns: tuple[str, ...],
    rows: list[int],
    kept_back: dict[str, int],
    discarded: int,
) -> None:
    staged, quarantine = engine.load("source", SOURCE), Quarantine(engine)
    held = hold_columns(engine, staged, known=("id", "size"), needed=(), mode=mode, quarantine=quarantine)
    assert held.staged.columns == columns
    assert engine.columns(held.staged.table) == ("__rdc_row", *columns)
    assert engine.query(f"SELECT __rdc_row FROM {held.staged.table} ORDER BY 1") == [(row,) for row in rows]
    assert held.staged.rows == len(rows)
    assert quarantine.reasons() == kept_back
    assert held.discarded_rows == discarded
    assert [w.code for w in held.warnings] == ["RDC722"]
    assert engine.query("SELECT count(*) FROM source") == [(3,)]


def test_frozen_columns_name_all_that_is_new_or_missing(engine: DuckDBEngine) -> None:
    staged = engine.load("source", SOURCE)
    with pytest.raises(RunError) as caught:
        hold_columns(
            engine,
            staged,
            known=("id", "gone"),
            needed=(),
            mode="freeze",
            quarantine=Quarantine(engine),
        )
    assert [problem.fact for problem in caught.value.problems] == [
        "column 'gone' is missing from the source",
        "column 'size' is new in the source",
        "column 'extra' is new in the source",
    ]


def test_a_missing_column_is_an_error_only_where_it_is_needed(engine: DuckDBEngine) -> None:
    staged, known = engine.load("source", SOURCE), (*SOURCE, "gone")
    rest: dict[str, Any] = {"known": known, "mode": "evolve", "quarantine": Quarantine(engine)}
    assert [w.code for w in hold_columns(engine, staged, needed={"id"}, **rest).warnings] == ["RDC721"]
    with pytest.raises(RunError, match="RDC721 column 'gone'"):
        hold_columns(engine, staged, needed={"gone"}, **rest)


def test_frozen_types_give_counts_and_examples(engine: DuckDBEngine) -> None:
    engine.load("clean", TYPED)
    with pytest.raises(RunError) as caught:
        hold_types(engine, "clean", TYPES, "freeze", Quarantine(engine))
    assert [problem.fact for problem in caught.value.problems] == [
        "column 'id': 2 cells are no integer, such as '2.5', 'two'",
        "column 'day': 2 cells are no date, such as 'never', 'soon'",
    ]


@pytest.mark.parametrize(
    ("mode", "types", "rows", "values", "discarded", "kept_back"),
    [
        ("evolve", {}, [0, 1, 2, 3, 4], 0, 0, {}),
        ("discard_value", TYPES, [0, 1, 2, 3, 4], 4, 0, {}),
        ("discard_row", TYPES, [0, 3], 0, 3, {}),
        ("quarantine", TYPES, [0, 3], 0, 0, {"day: no date": 2, "id: no integer": 2}),
    ],
)
def test_values_of_another_type_follow_the_contract(
    engine: DuckDBEngine,
    mode: ContractMode,
    types: dict[str, str],
    rows: list[int],
    values: int,
    discarded: int,
    kept_back: dict[str, int],
) -> None:
    engine.load("clean", TYPED)
    quarantine = Quarantine(engine)
    held = hold_types(engine, "clean", TYPES, mode, quarantine)
    assert (held.types, held.discarded_values, held.discarded_rows) == (types, values, discarded)
    assert engine.query("SELECT __rdc_row FROM clean ORDER BY 1") == [(row,) for row in rows]
    assert quarantine.reasons() == kept_back
    assert [w.code for w in held.warnings] == ["RDC723", "RDC723"]


def test_values_of_their_type_pass_in_silence(engine: DuckDBEngine) -> None:
    engine.load("clean", {"id": ["1", "", None]})
    held = hold_types(engine, "clean", {"id": "integer"}, "freeze", Quarantine(engine))
    assert (dict(held.types), held.warnings) == ({"id": "integer"}, ())
