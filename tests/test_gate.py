from __future__ import annotations

import json
import signal
import subprocess
import sys
import textwrap
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rdc.artifacts.agreement import AGREE
from rdc.artifacts.expectation import Expectation
from rdc.engines.duckdb import DuckDBEngine
from rdc.errors import RunError, ServiceError
from rdc.runtime.gate import GateProcess, build_suite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdc.artifacts.plan import Cell
    from rdc.runtime.report import CheckResult, GateReport

C = "expect_column_"
COLUMNS: dict[str, list[Cell]] = {
    "size": ["12", "16", None, "12 oz", "9.5", ""],
    "abv": ["0.05", "0.1", "", "0.07", None, "0.5"],
    "state": ["OR", "CA", "or", None, "OR", "OR"],
    "day": ["2020-01-05", "2020-02-30", None, "2021-07-01", "2020-03-01", "soon"],
    "born": ["2020-01-05", "", None, "2021-07-01", "2020-03-01", "2020-03-02"],
    "seen": ["2020-01-05 10:00:00", "2020-01-06", None, "", "2021-01-01 00:00:00", "2020-01-07"],
    "id": ["1", "2", "2", "4", "5", "6"],
    "note": [None, None, None, None, None, None],
    "line": ["a\n", "ab", "(x", "é", "", "a"],
}
TYPES = {"abv": "double", "born": "date", "seen": "timestamp", "id": "integer"}
# Type, arguments, rows that fail; None where all pass; () where the whole column fails.
CASES: list[tuple[str, dict[str, Any], tuple[int, ...] | None]] = [
    (C + "values_to_match_regex", {"column": "size", "regex": r"^\d+(\.\d+)?$"}, (3, 5)),
    (C + "values_to_match_regex", {"column": "line", "regex": r"^a\Z"}, (0, 1, 2, 3, 4)),
    (C + "values_to_match_regex", {"column": "line", "regex": r"^(?!\()"}, (2,)),
    (C + "values_to_not_match_regex", {"column": "line", "regex": r"^\w$"}, (0, 3, 5)),
    (C + "value_lengths_to_be_between", {"column": "line", "min_value": 1, "max_value": 1}, (0, 1, 2, 4)),
    (C + "values_to_be_in_set", {"column": "state", "value_set": ["OR", "CA"]}, (2,)),
    (C + "values_to_be_in_set", {"column": "id", "value_set": [1, 2, 4]}, (4, 5)),
    (C + "values_to_be_in_set", {"column": "size", "value_set": [12, 16, 9.5]}, (3, 5)),
    (C + "values_to_not_be_null", {"column": "state"}, (3,)),
    (C + "values_to_be_unique", {"column": "id"}, (1, 2)),
    (C + "values_to_be_between", {"column": "size", "min_value": 10, "max_value": 20}, (3, 4, 5)),
    (C + "values_to_be_between", {"column": "abv", "min_value": 0, "max_value": 0.2}, (5,)),
    (C + "values_to_be_between", {"column": "abv", "max_value": 0.2, "mostly": 0.7}, None),
    (
        C + "values_to_be_between",
        {"column": "day", "min_value": "2020-01-01", "max_value": "2020-12-31"},
        (1, 3, 5),
    ),
    (C + "values_to_be_between", {"column": "born", "min_value": "2020-03-01"}, (0,)),
    (C + "values_to_be_between", {"column": "seen", "max_value": "2020-12-31"}, (4,)),
    (C + "max_to_be_between", {"column": "born", "max_value": "2020-12-31"}, ()),
    (C + "max_to_be_between", {"column": "seen", "max_value": "2021-12-31"}, None),
    (C + "mean_to_be_between", {"column": "abv", "min_value": 0.1, "max_value": 0.2}, None),
    (C + "mean_to_be_between", {"column": "size", "min_value": 0, "max_value": 100}, (3, 5)),
    (C + "values_to_be_increasing", {"column": "id"}, None),
    (C + "values_to_be_increasing", {"column": "born"}, (4,)),
    (C + "values_to_be_of_type", {"column": "id", "type_": "int64"}, None),
    (C + "values_to_match_strftime_format", {"column": "day", "strftime_format": "%Y-%m-%d"}, (1, 5)),
    ("expect_compound_columns_to_be_unique", {"column_list": ["id", "state"]}, None),
    (AGREE, {"column_list": ["id", "state"], "determinant": ["id"]}, (1, 2)),
    (AGREE, {"column_list": ["state", "size", "note"], "determinant": ["state"]}, (0, 4)),
    (AGREE, {"column_list": ["id", "state"], "determinant": ["id"], "mostly": 0.6}, None),
    (AGREE, {"column_list": ["id", "note"], "determinant": ["id"]}, None),
    ("expect_table_row_count_to_be_between", {"min_value": 7}, ()),
    ("expect_table_columns_to_match_set", {"column_set": list(COLUMNS)}, None),
]


@pytest.fixture(scope="module")
def gate() -> Iterator[GateProcess]:
    with GateProcess() as process:
        yield process


def check_rows(
    gate: GateProcess, folder: Path, expectations: list[Expectation], columns: dict[str, list[Cell]] = COLUMNS
) -> tuple[GateReport, list[tuple[int, ...]]]:
    engine = DuckDBEngine()
    engine.load("clean", columns)
    types = {name: kind for name, kind in TYPES.items() if name in columns}
    report = gate.check(
        engine, table="clean", columns=list(columns), types=types, expectations=expectations, folder=folder
    )
    rows = [failing_rows(engine, result) for result in report.results]
    engine.close()
    return report, rows


def failing_rows(engine: DuckDBEngine, result: CheckResult) -> tuple[int, ...]:
    sql = f'SELECT "row" FROM "{result.failing}" ORDER BY 1'  # noqa: S608 - our own name
    found = engine.query(sql) if result.failing else []
    assert len(found) == result.unexpected
    return tuple(row for (row,) in found)


def check(
    gate: GateProcess, folder: Path, expectations: list[Expectation], columns: dict[str, list[Cell]] = COLUMNS
) -> GateReport:
    return check_rows(gate, folder, expectations, columns)[0]


@pytest.fixture(scope="module")
def checked(
    gate: GateProcess, tmp_path_factory: pytest.TempPathFactory
) -> tuple[GateReport, list[tuple[int, ...]]]:
    folder = tmp_path_factory.mktemp("beers")
    report, rows = check_rows(
        gate, folder, [Expectation(type=type_, kwargs=kwargs) for type_, kwargs, _ in CASES]
    )
    told = json.loads((folder / "validation.json").read_text())
    assert told["statistics"]["evaluated_expectations"] > len(CASES)
    assert told["results"][0]["expectation_config"]["type"] == CASES[0][0]
    assert [path.name for path in folder.iterdir()] == ["validation.json"]
    return report, rows


@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda n: f"{n}-{CASES[n][0]}")
def test_each_expectation_names_every_row_that_fails(
    checked: tuple[GateReport, list[tuple[int, ...]]], number: int
) -> None:
    result, rows = checked[0].results[number], checked[1][number]
    failing = CASES[number][2]
    assert result.error is None
    assert result.expectation.type == CASES[number][0]
    assert (result.success, rows) == (failing is None, failing or ())


def test_a_column_without_values_is_doubted(gate: GateProcess, tmp_path: Path) -> None:
    regex = Expectation(type=C + "values_to_match_regex", kwargs={"column": "note", "regex": "x"})
    report = check(gate, tmp_path / "a", [regex])
    assert report.results[0].success
    assert report.warnings == ("column 'note' holds no value, so checks of its values say nothing",)
    empty = check(gate, tmp_path / "b", [regex], {"note": []})
    assert empty.warnings == ("the table is empty, so checks of its values say nothing",)


@pytest.mark.parametrize("begun", ["the same", "another", "unknown"])
def test_what_was_prepared_is_no_other_than_what_is_asked(
    gate: GateProcess, tmp_path: Path, begun: str
) -> None:
    unique = Expectation(type=C + "values_to_be_unique", kwargs={"column": "id"})
    prepared = {
        "the same": unique,
        "another": Expectation(type=C + "values_to_be_null", kwargs={"column": "note"}),
        "unknown": Expectation(type="expect_beers_to_be_cold", kwargs={"column": "id"}),
    }
    for number in range(2):
        folder = tmp_path / str(number)
        gate.begin(columns=list(COLUMNS), types=TYPES, expectations=[prepared[begun]], folder=folder)
        report, rows = check_rows(gate, folder, [unique])
        assert [result.expectation for result in report.failed] == [unique]
        assert rows == [(1, 2)]
        assert (folder / "validation.json").exists()


def test_of_the_engine_s_tables_only_those_that_name_failing_rows_stay(
    gate: GateProcess, tmp_path: Path
) -> None:
    unique = Expectation(type=C + "values_to_be_unique", kwargs={"column": "id"})
    filled = Expectation(type=C + "values_to_not_be_null", kwargs={"column": "state"})
    engine = DuckDBEngine()
    engine.load("clean", COLUMNS)
    report = gate.check(
        engine,
        table="clean",
        columns=list(COLUMNS),
        types=TYPES,
        expectations=[unique, filled],
        folder=tmp_path,
    )
    tables = engine.query("SELECT table_name FROM duckdb_tables() ORDER BY ALL")
    assert tables == [("clean",), *((result.failing,) for result in report.results)]
    engine.close()
    told = json.loads((tmp_path / "validation.json").read_text())["results"]
    assert [result["result"]["partial_unexpected_list"] for result in told] == [["2", "2"], [None]]


def test_without_expectations_nothing_is_claimed(gate: GateProcess, tmp_path: Path) -> None:
    report = check(gate, tmp_path, [])
    assert report.results == ()
    assert "nothing was checked" in report.warnings[0]


def test_a_check_that_cannot_be_done_is_an_error_and_no_failure(gate: GateProcess, tmp_path: Path) -> None:
    report = check(
        gate, tmp_path, [Expectation(type=C + "values_to_be_unique", kwargs={"column": "nowhere"})]
    )
    assert not report.results[0].success
    assert "nowhere" in str(report.results[0].error)


@pytest.mark.parametrize(
    "expectation",
    [
        Expectation(type="expect_beers_to_be_cold", kwargs={"column": "id"}),
        Expectation(type=C + "values_to_be_between", kwargs={"column": "id", "mim_value": 3}),
    ],
    ids=["type", "argument"],
)
def test_what_great_expectations_does_not_know_is_refused(
    gate: GateProcess, tmp_path: Path, expectation: Expectation
) -> None:
    with pytest.raises(RunError, match=expectation.type):
        check(gate, tmp_path, [expectation])


def test_severity_decides_between_failed_and_warned(gate: GateProcess, tmp_path: Path) -> None:
    kwargs = {"column": "id"}
    both = [
        Expectation(type=C + "values_to_be_unique", kwargs=kwargs, severity="warn"),
        Expectation(type=C + "values_to_be_null", kwargs=kwargs),
    ]
    report = check(gate, tmp_path, both)
    assert [result.expectation for result in report.warned] == both[:1]
    assert [result.expectation for result in report.failed] == both[1:]
    told = json.loads((tmp_path / "validation.json").read_text())
    assert [r["expectation_config"]["severity"] for r in told["results"]] == ["warning", "critical"]


def test_a_closed_gate_says_so(tmp_path: Path) -> None:
    gate = GateProcess()
    gate.close()
    gate.close()
    with pytest.raises(ServiceError, match="RDC921"):
        check(gate, tmp_path, [Expectation(type=C + "values_to_be_unique", kwargs={"column": "id"})])


def test_the_process_ends_when_its_parent_is_killed() -> None:
    code = """
        import time
        from rdc.runtime.gate import GateProcess
        print(GateProcess()._process.pid, flush=True)
        time.sleep(60)
    """
    parent = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[1],
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 60
    while _runs(child) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _runs(child)


def _runs(process: int) -> bool:
    ps = ["ps", "-o", "stat=", "-p", str(process)]
    state = subprocess.run(ps, capture_output=True, text=True, check=False).stdout
    return state.strip() not in {"", "Z"}


def test_what_few_checks_need_is_not_loaded_beforehand() -> None:
    code = "import sys; from rdc.runtime.serving import make_context; make_context(); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    loaded = set(done.stdout.split())
    assert "great_expectations" in loaded
    assert not loaded & {"scipy.stats._stats_py", "altair.vegalite"}


def test_the_suite_is_great_expectations_own() -> None:
    told = [
        {"type": C + "values_to_be_unique", "kwargs": {"column": "id"}, "severity": "warn", "origin": "ids"}
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        suite = build_suite(told, "beers")
    assert type(suite).__name__ == "ExpectationSuite"
    assert [e.expectation_type for e in suite.expectations] == [C + "values_to_be_unique"]
    with pytest.raises(RunError, match="expect_nothing"):
        build_suite([{"type": "expect_nothing"}], "beers")
