"""Row functions of a cleaner are lowered, checked on rows, locked and shown like any other function."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rdc.artifacts.candidate import Author
from rdc.artifacts.lockfile import LockedSql
from rdc.artifacts.plan import Sample
from rdc.artifacts.profile import ColumnProfile, TableProfile, ValueCount
from rdc.artifacts.transform import MapEntry, Transform
from rdc.cli.show import describe_sql
from rdc.engines.duckdb import DuckDBEngine
from rdc.engines.engine import quote_name
from rdc.execution.approver import Approver
from rdc.execution.lowerer import lower_functions
from rdc.harness.sandbox import Sandbox
from rdc.lowering.equivalence import read_version
from rdc.lowering.lowerer import digest_sql, lower_transform
from rdc.solving.calibrator import calibrate
from rdc.solving.follower import Follower

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdc.artifacts.lowered import LoweredFunction
    from rdc.artifacts.plan import Cell

FILL = """\
def fill_state(row):
    city = (row["city"] or "").strip()
    if not row["state"] and city[-3:-2] == " ":
        return {"city": city[:-3].rstrip(","), "state": city[-2:].upper()}
    return {}
"""
AHEAD = """\
def fill_state(row):
    return {"city": row["city"], "state": re.sub("(?=a)", "", row["state"] or "")}
"""
LABEL = """\
def derive_label(row):
    return {"label": (row["state"] or "-") + "/" + (row["city"] or "-").lower()}
"""
UPPER = "def clean_state(value):\n    return value.upper() if value else value\n"
ROWS: list[tuple[Cell, ...]] = [
    ("Austin, TX", None), ("Austin, tx", ""), ("Reno", "nv"), (None, None), ("Ürgüp TR", None), ("İzmir", "x"), (" a b ", "q"),
]  # fmt: skip
SAMPLE = Sample({"city": [city for city, _ in ROWS], "state": [state for _, state in ROWS]})


def make(kind: str, name: str, reads: str, writes: str, source: str) -> Transform:
    pairs = source.split() if kind == "map" else []
    entries = [MapEntry(value=pair[0], becomes=pair[1:], evidence="") for pair in pairs]
    return Transform.model_validate({
        "kind": kind, "name": name, "reads": reads.split(), "writes": writes.split(), "source": source,
        "author": Author(kind="human", name="f.py"), "goal": "", "entries": entries,
    })  # fmt: skip


FILL_STATE = make("row", "fill_state", "city state", "city state", FILL)
DERIVE = make("row", "derive_label", "state city", "label", LABEL)


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    engine = DuckDBEngine(threads=1)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


def test_what_is_checked_of_a_row_function_is_its_sql_the_engine_and_how_many_rows(
    engine: DuckDBEngine, sandbox: Sandbox
) -> None:
    found = calibrate([FILL_STATE, DERIVE], [SAMPLE], engine, sandbox)
    for transform in (FILL_STATE, DERIVE):
        checked = found[transform.name]
        made = digest_sql(lower_transform(transform, transform.source))
        assert (checked.digest, checked.engine, checked.version) == (made, "duckdb", read_version(engine))
        assert (checked.values or 0) > 3_000
    [shown, *_] = describe_sql(DERIVE, found["derive_label"], 100)
    assert shown.endswith(f"with {found['derive_label'].values:,} rows")


def test_a_row_function_that_has_no_sql_is_refused_with_the_reason_and_the_line(
    engine: DuckDBEngine, sandbox: Sandbox
) -> None:
    refused = FILL_STATE.model_copy(update={"source": AHEAD})
    found = calibrate([refused], [SAMPLE], engine, sandbox)
    assert found == {"fill_state": LockedSql(refused="a look-around in the regular expression", line=2)}
    assert "it runs as Python: a look-around" in "".join(describe_sql(refused, found["fill_state"], 100))


def test_functions_meet_what_the_functions_and_maps_before_them_make(sandbox: Sandbox) -> None:
    transforms = [
        FILL_STATE,
        make("column", "clean_state", "state", "state", UPPER),
        make("map", "states", "state", "state", "XX!"),
        DERIVE,
    ]
    seen = Follower(sandbox, [SAMPLE]).follow(transforms)
    assert seen["fill_state"] == ROWS
    assert {("TX",), ("nv",), (None,)} <= {*seen["clean_state"]}
    assert seen["derive_label"] == [
        ("TX", "Austin"), ("NV", "Reno"), (None, None), ("TR", "Ürgüp"), ("X!", "İzmir"), ("Q", " a b "),
    ]  # fmt: skip


def run_texts(engine: DuckDBEngine, transform: Transform, lowered: LoweredFunction) -> list[tuple[Cell, ...]]:
    """What a function's texts make of the rows above; the rows themselves where they are not exact."""
    engine.load("rows", SAMPLE.columns)
    inputs = dict(zip(lowered.columns, map(quote_name, transform.reads), strict=True))
    relation = "rows"
    for level in (inputs, *lowered.levels):
        made = ", ".join(f"{sql} AS {quote_name(name)}" for name, sql in level.items())
        relation = f"(SELECT *, {made} FROM {relation})"  # noqa: S608 - a test's own
    query = f"SELECT {lowered.domain}, {', '.join(lowered.values)} FROM {relation} ORDER BY __rdc_row"  # noqa: S608 - as above
    return [values if exact else () for exact, *values in map(tuple, engine.query(query))]  # type: ignore[misc]


@pytest.mark.parametrize("transform", [FILL_STATE, DERIVE], ids=lambda transform: transform.name)
def test_texts_over_several_columns_make_several_values(
    transform: Transform, engine: DuckDBEngine, sandbox: Sandbox
) -> None:
    lowered = lower_functions([transform], {transform.name: transform.source})[transform.name]
    rows = [dict(zip(("city", "state"), cells, strict=True)) for cells in ROWS]
    answers = sandbox.map_rows(transform.source, transform.name, rows)
    expected = [
        [{**row, **answer.values}[name] for name in transform.writes]
        for row, answer in zip(rows, answers, strict=True)
    ]
    found = run_texts(engine, transform, lowered)
    assert [cells or wanted for cells, wanted in zip(found, expected, strict=True)] == expected
    assert sum(map(bool, found)) >= 5


def test_a_row_function_is_checked_anew_on_another_version(engine: DuckDBEngine, sandbox: Sandbox) -> None:
    counts = tuple(ValueCount(value=city, count=1) for city, _ in ROWS if city)
    column = ColumnProfile(name="city", rows=0, distinct=0, missing=0, empty=0, classes={}, frequent=counts)
    profile = TableProfile(source="s", rows=0, columns=(column,))
    lowered = lower_transform(FILL_STATE, FILL)
    entry = LockedSql(digest=digest_sql(lowered), engine="duckdb", version="0.1", values=9)
    approver = Approver(engine, sandbox, {"fill_state": entry}, profile)
    assert approver.may_use(FILL_STATE, FILL, lowered)
    other = FILL.replace(".upper()", "")
    assert not approver.may_use(FILL_STATE, other, lowered)
