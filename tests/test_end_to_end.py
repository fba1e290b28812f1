"""One project from compile to published tables, with real DuckDB, Monty and Great Expectations, in real processes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("end to end")

PROJECT = "name: shop\nconfig-version: 1\n"
SOURCES = "version: 1\nsources:\n  - {name: orders, format: csv, path: data/orders.csv}\n"
CLEANER = """\
  - name: {name}
    source: orders
    key: [id]
    columns:
      - name: amount
        goals: ["US dollars as a plain number with two decimals, no symbol."]
        type: decimal(10,2)
        examples:
          - {{given: "$5", expect: "5.00"}}
      - name: status
        goals: [The status in lower case.]
        expectations:
          - type: expect_column_values_to_be_in_set
            kwargs: {{value_set: [open, shipped, returned]}}
    on_failure: {on_failure}
    output: {{format: parquet, path: out/{name}.parquet}}
"""
CLEANERS = "version: 1\ncleaners:\n" + "".join(
    CLEANER.format(name=name, on_failure=on_failure)
    for name, on_failure in (("strict", "fail"), ("lenient", "quarantine"))
)
ORDERS = """\
id,amount,status
1,$5,open
2,12.50,Shipped
3,"$1,200",returned
4,7.25,open
5,$88.10,Open
6,19.99,shipped
"""
BAD_ORDERS = ORDERS + "7,$3.50,LOST\n8,4,open\n"
# A shell that puts a command in the background has it ignore the interrupt; a terminal has not.
START = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from rdc.cli import main; main()"
HALF_WAY = "cells changed"
"""Said when a source is cleaned, and nothing is checked or published yet."""


@dataclass(frozen=True)
class Ended:
    """What a command told, and left behind."""

    code: int
    told: list[str]
    results: Mapping[str, Any]
    outputs: Mapping[str, bytes]

    def result(self, name: str) -> Mapping[str, Any]:
        """What became of one cleaner."""
        [found] = [r for r in self.results["results"] if r["unique_id"] == f"cleaner.{name}"]
        assert isinstance(found, dict)
        return found


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project") / "shop"
    files = {
        "rdc_project.yml": PROJECT,
        "sources/all.yml": SOURCES,
        "cleaners/orders.yml": CLEANERS,
        "data/orders.csv": ORDERS,
    }
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    assert _rdc(root, "compile").code == 0
    return root


@pytest.fixture(scope="module")
def published(compiled: Path) -> Ended:
    return _rdc(compiled, "run")


@pytest.fixture(scope="module")
def failed(compiled: Path, published: Ended) -> Ended:
    """A second run, after orders came in of a status that nobody knows."""
    (compiled / "data/orders.csv").write_text(BAD_ORDERS, encoding="utf-8")
    return _rdc(compiled, "run")


@pytest.fixture
def copy(compiled: Path, published: Ended, tmp_path: Path) -> Path:
    """The project as it was published, to be spoilt."""
    root = tmp_path / "shop"
    shutil.copytree(compiled, root)
    (root / "data/orders.csv").write_text(ORDERS, encoding="utf-8")
    for path, content in published.outputs.items():
        (root / "out" / path).write_bytes(content)
    return root


def test_a_run_publishes_typed_and_clean_rows(compiled: Path, published: Ended) -> None:
    assert published.code == 0, published.told
    assert {name: published.result(name)["status"] for name in ("strict", "lenient")} == {
        "strict": "success",
        "lenient": "success",
    }
    assert published.results["finished"] is True
    rows = _select(
        published.outputs["strict.parquet"],
        compiled / "strict.parquet",
        "id, CAST(amount AS VARCHAR), status",
    )
    assert rows == [
        ("1", "5.00", "open"),
        ("2", "12.50", "shipped"),
        ("3", "1200.00", "returned"),
        ("4", "7.25", "open"),
        ("5", "88.10", "open"),
        ("6", "19.99", "shipped"),
    ]
    assert published.outputs["lenient.parquet"]


def test_a_failing_check_leaves_the_output_as_it_was_and_says_why(published: Ended, failed: Ended) -> None:
    assert failed.code == 1
    assert failed.outputs["strict.parquet"] == published.outputs["strict.parquet"]
    result = failed.result("strict")
    assert result["status"] == "fail"
    assert result["message"].startswith("RDC743 expect_column_values_to_be_in_set status")
    assert "1 rows failed" in result["message"]
    assert f"cleaner.strict: {result['message']}" in failed.told
    assert failed.results["exit_code"] == 1


def test_rows_that_fail_are_kept_back_whole_and_the_others_are_published(
    compiled: Path, failed: Ended, tmp_path: Path
) -> None:
    result = failed.result("lenient")
    assert result["status"] == "warn"
    assert result["details"]["quarantined"] == 1
    kept = duckdb.execute(f"FROM '{compiled}/target/lenient/quarantine.parquet'")
    names = [column[0] for column in kept.description or ()]
    [row] = [dict(zip(names, cells, strict=True)) for cells in kept.fetchall()]
    assert {name: row[name] for name in ("id", "amount", "status")} == {
        "id": "7",
        "amount": "$3.50",
        "status": "LOST",
    }
    assert "expect_column_values_to_be_in_set status" in str(row)
    ids = _select(failed.outputs["lenient.parquet"], tmp_path / "lenient.parquet", "id")
    assert [number for (number,) in ids] == ["1", "2", "3", "4", "5", "6", "8"]


def test_a_run_that_is_killed_half_way_leaves_the_last_good_output(copy: Path, published: Ended) -> None:
    (copy / "data/orders.csv").write_text(ORDERS + "9,$1,open\n", encoding="utf-8")
    ended = _stop(copy, signal.SIGKILL)
    assert ended.code == -signal.SIGKILL
    assert ended.outputs == published.outputs
    assert ended.results["finished"] is False


def test_an_interrupted_run_ends_quietly_and_keeps_the_last_good_output(copy: Path, published: Ended) -> None:
    (copy / "data/orders.csv").write_text(ORDERS + "9,$1,open\n", encoding="utf-8")
    ended = _stop(copy, signal.SIGINT)
    assert ended.code == 2
    assert ended.told[-1] == "RDC998 interrupted. Nothing unfinished was published."
    assert ended.outputs == published.outputs
    assert ended.results["finished"] is False
    assert ended.results["exit_code"] == 2
    assert [result["message"] for result in ended.results["results"]] == ["interrupted"]


def test_a_run_refuses_a_compiled_file_that_was_edited(copy: Path, published: Ended) -> None:
    _edit(copy / "generated/strict/transforms.py", "return ", "return value or ")
    ended = _rdc(copy, "run", "strict")
    assert ended.code == 1
    assert "generated/strict/transforms.py" in ended.result("strict")["message"]
    assert ended.outputs == published.outputs


def test_check_needs_no_data_and_is_silent_where_nothing_changed(copy: Path) -> None:
    shutil.rmtree(copy / "data")
    ended = _rdc(copy, "compile", "--check", "--quiet")
    assert (ended.code, ended.told) == (0, [])


def test_check_tells_all_that_changed_with_a_diff(copy: Path) -> None:
    shutil.rmtree(copy / "data")
    _edit(copy / "cleaners/orders.yml", "The status in lower case.", "The status in small letters.")
    _edit(
        copy / "generated/strict/transforms.py",
        "return lower_case(value)",
        "return lower_case(value) or value",
    )
    (copy / "generated/lenient/completions").mkdir()
    (copy / "generated/lenient/completions/stray.txt").write_text("?", encoding="utf-8")
    ended = _rdc(copy, "compile", "--check", "--quiet")
    assert ended.code == 1
    changed, edited, changed_too, stray = ended.told
    fact = "RDC613 cleaners/orders.yml changed since"
    assert changed.startswith(f"cleaner.strict: {fact} strict was compiled")
    assert edited.startswith("cleaner.strict: RDC615 generated/strict/transforms.py is not what is rendered")
    assert "\n-    return lower_case(value) or value\n+    return lower_case(value)" in edited
    assert changed_too.startswith(f"cleaner.lenient: {fact} lenient was compiled")
    assert stray.startswith("cleaner.lenient: RDC616 generated/lenient/completions/stray.txt")


def _start(root: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", START, *arguments, "--log-format", "json"]
    return subprocess.Popen(
        command,
        cwd=root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def _rdc(root: Path, *arguments: str) -> Ended:
    """Run a command to its end."""
    process = _start(root, *arguments)
    _, told = process.communicate()
    return _end(root, process, told.splitlines())


def _stop(root: Path, number: signal.Signals) -> Ended:
    """Start a run, and send a signal half-way: to the process or, as a terminal does with Ctrl-C, to its group."""
    process = _start(root, "run", "strict")
    assert process.stderr is not None
    told = []
    with process.stderr as lines:
        for line in lines:
            told.append(line)
            if HALF_WAY in line:
                (os.killpg if number == signal.SIGINT else os.kill)(process.pid, number)
    process.wait()
    return _end(root, process, told)


def _end(root: Path, process: subprocess.Popen[str], told: list[str]) -> Ended:
    results = root / "target/run_results.json"
    events = [json.loads(line) for line in told]
    return Ended(
        process.returncode,
        [f"{event['node']}: {event['text']}" if event.get("node") else event["text"] for event in events],
        json.loads(results.read_text(encoding="utf-8")) if results.is_file() else {},
        {path.name: path.read_bytes() for path in sorted((root / "out").glob("*"))},
    )


def _select(content: bytes, path: Path, items: str) -> list[tuple[Any, ...]]:
    """Some columns of a parquet file, in its order."""
    path.write_bytes(content)
    return duckdb.execute(f"SELECT {items} FROM '{path}'").fetchall()  # noqa: S608 - of the test's own


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
