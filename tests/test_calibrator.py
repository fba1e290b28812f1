"""Compiled functions are lowered, checked and locked; a run uses their SQL where the lock, or a check of its own, allows it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from rdc.artifacts.candidate import Author
from rdc.artifacts.lockfile import LockedSql
from rdc.artifacts.outcome import Outcome
from rdc.artifacts.plan import Sample
from rdc.artifacts.profile import ColumnProfile, TableProfile
from rdc.artifacts.transform import MapEntry, Transform
from rdc.compiler import compile_project
from rdc.engines.duckdb import DuckDBEngine
from rdc.execution.approver import Approver
from rdc.execution.transformer import load_cleaner
from rdc.harness.sandbox import Sandbox
from rdc.lowering.equivalence import read_version
from rdc.lowering.lowerer import digest_sql, lower_column, show_function
from rdc.solving.calibrator import calibrate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from rdc.artifacts.plan import Cell
    from rdc.artifacts.project import Manifest

    MakeProject = Callable[..., Manifest]

UPPER = "def clean_a(value: str | None) -> str | None:\n    return None if value is None else value.upper()\n"
AHEAD = (
    'def clean_b(value):\n    if value is None:\n        return None\n    return re.sub("(?=a)", "", value)\n'
)
SAMPLE = Sample({"a": ["x", "y", None], "b": ["1", "2", "3"]})


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    engine = DuckDBEngine(threads=1)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


def transform(name: str, source: str, kind: Any = "column", **more: Any) -> Transform:
    column = name.removeprefix("clean_")[:1]
    author = Author(kind="human", name="f.py")
    return Transform(
        kind=kind, name=name, reads=(column,), writes=(column,), author=author, goal="", source=source, **more
    )


def test_what_is_checked_of_a_function_is_its_sql_the_engine_and_how_many_values(
    engine: DuckDBEngine, sandbox: Sandbox
) -> None:
    found = calibrate([transform("clean_a", UPPER), transform("clean_b", AHEAD)], [SAMPLE], engine, sandbox)
    made = digest_sql(lower_column(UPPER, "clean_a"))
    checked = found["clean_a"]
    assert (checked.digest, checked.engine, checked.version) == (made, "duckdb", read_version(engine))
    assert (checked.values or 0) > 1_000
    assert found["clean_b"] == LockedSql(refused="a look-around in the regular expression", line=4)


class Liar:
    """Runs no Python: it returns one text for each value, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Sequence[Cell]] = []

    def map_column(self, source: str, name: str, values: Sequence[Cell]) -> list[Outcome]:  # noqa: ARG002 - as the sandbox
        """One text for each."""
        self.asked.append(values)
        return [Outcome("made")] * len(values)

    def map_rows(self, source: str, name: str, rows: Any) -> Any:
        """Nobody asks."""
        raise NotImplementedError


def test_functions_are_tried_on_what_the_functions_and_maps_before_them_make(engine: DuckDBEngine) -> None:
    evaluator = Liar()
    entries = (MapEntry(value="x", becomes="mapped", evidence=""),)
    steps = [
        transform("clean_a", UPPER),
        transform("a_values", "", "map", entries=entries),
        transform("clean_a_2", UPPER.replace("clean_a", "clean_a_2")),
    ]
    calibrate(steps, [SAMPLE], engine, evaluator)
    assert evaluator.asked[:2] == [["x", "y", None], ["x", "y", None, "made", "mapped"]]


@pytest.mark.parametrize(
    ("quoting", "told"), [(True, "differs on 'x': Python 'made', SQL 'X'"), (False, "differs on a value")]
)
def test_a_function_whose_results_differ_is_refused_and_a_value_is_quoted_where_it_may_be(
    engine: DuckDBEngine, *, quoting: bool, told: str
) -> None:
    found = calibrate([transform("clean_a", UPPER)], [SAMPLE], engine, Liar(), quoting=quoting)
    assert found == {"clean_a": LockedSql(refused=told)}


def test_sql_over_a_column_is_shown_with_what_it_is_exact_for() -> None:
    step = transform("clean_a", UPPER).model_copy(update={"reads": ("the name",), "writes": ("the name",)})
    shown = show_function(step)
    assert shown is not None
    assert 'UPPER("the name")' in shown.sql
    assert shown.domain == ("text of ASCII characters alone, and None",)
    assert show_function(transform("clean_b", AHEAD)) is None


PROFILE = TableProfile(
    source="s",
    rows=0,
    columns=(ColumnProfile(name="a", rows=0, distinct=0, missing=0, empty=0, classes={}),),
)


class Counting(Sandbox):
    """A sandbox that counts its calls."""

    calls = 0

    def map_column(self, source: str, name: str, values: Sequence[Cell]) -> list[Outcome]:
        """As it is, counted."""
        self.calls += 1
        return super().map_column(source, name, values)


def test_sql_that_was_checked_on_this_version_is_used_and_on_another_it_is_checked_once(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    lowered, step = lower_column(UPPER, "clean_a"), transform("clean_a", UPPER)
    known = LockedSql(digest=digest_sql(lowered), engine="duckdb", version=read_version(engine), values=9)
    other, refused = known.model_copy(update={"version": "0.1"}), LockedSql(refused="so")
    memory = tmp_path / "target" / "sql.json"

    def ask(entry: LockedSql | None, evaluator: Any) -> bool:
        locked = {} if entry is None else {"clean_a": entry}
        return Approver(engine, evaluator, locked, PROFILE, memory).may_use(step, UPPER, lowered)

    with Counting() as sandbox:
        assert [ask(entry, sandbox) for entry in (known, refused, None)] == [True, False, False]
        assert (sandbox.calls, memory.exists()) == (0, False)
        assert [ask(other, sandbox), ask(other, sandbox)] == [True, True]
        assert sandbox.calls == 1
    assert list(json.loads(memory.read_text()).values()) == [True]
    memory.write_text("[broken")
    assert ask(other, Liar()) is False


def test_the_lock_says_what_a_compilation_checked_and_a_run_reads_it(make_project: MakeProject) -> None:
    cleaner = "\n  - {name: a, source: a, columns: [{name: size, goals: [A number without its unit.], type: integer}]}\n"
    manifest = make_project(cleaner, {"a": "size\n12 oz\n7 oz\n3\n"})
    compile_project(manifest, ["cleaner.a"])
    loaded = load_cleaner(manifest, "a")
    [step] = [each for each in loaded.record.transforms if each.kind == "column"]
    lowered = lower_column(loaded.functions[step.name], step.name)
    assert loaded.sql[step.name].digest == digest_sql(lowered)
    lock = manifest.generated / "rdc.lock"
    text = lock.read_text(encoding="utf-8")
    assert compile_project(manifest, ["cleaner.a"]).results[-1].status == "unchanged"
    assert lock.read_text(encoding="utf-8") == text
    data = json.loads(text)
    del data["cleaners"]["a"]["sql"]
    lock.write_text(json.dumps(data), encoding="utf-8")
    compile_project(manifest, ["cleaner.a"])
    assert load_cleaner(manifest, "a").sql.keys() == {step.name}
