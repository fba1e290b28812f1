"""One cleaner is staged, transformed, checked and published; what keeps it from being live is told and kept."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from rdc.artifacts.event import ignore_event
from rdc.compiler import compile_project
from rdc.execution.run import Run, Tools
from rdc.execution.transformer import load_cleaner, open_engine
from rdc.frontend.parser import parse_project
from rdc.runner import run_cleaners
from rdc.runtime.ledger import Ledger
from rdc.solving.inputs import digest_inputs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from rdc.artifacts.project import Manifest
    from rdc.artifacts.result import NodeResult
    from rdc.runtime.importer import Loaded

    MakeProject = Callable[..., Manifest]
    RunIt = Callable[[Manifest], "Ended"]

CLEANER = """
  - name: orders
    source: orders
    key: [id]
    columns:
      - name: amount
        goals: [The amount as a plain number without its unit.]
        type: integer
        expectations:
          - {type: expect_column_values_to_match_regex, kwargs: {regex: '^[0-9]+$'}}
      - name: status
        expectations:
          - {type: expect_column_values_to_be_in_set, kwargs: {value_set: [paid, open]}}
"""
ORDERS = "id,amount,status\n1,12 EUR,paid\n2,7 EUR,open\n3,30,paid\n"
SPOILT = "id,amount,status\n1,12 EUR,paid\n2,7 EUR,lost\n3,30,paid\n4,9 EUR,\n"


@dataclass
class Ended:
    """What a run left behind."""

    manifest: Manifest
    result: NodeResult
    exit_code: int | None

    @property
    def details(self) -> Mapping[str, Any]:
        """What the result tells."""
        return self.result.details

    def rows(self, path: str) -> list[tuple[Any, ...]]:
        """The rows of a file of the project."""
        return select(self.manifest.root / path)


@pytest.fixture
def run(tools: Tools) -> RunIt:
    """Run the only cleaner of a project, with one gate for all tests."""

    def do(manifest: Manifest) -> Ended:
        with Ledger(manifest.target_folder, "run", ignore_event, secrets=manifest.secrets) as ledger:
            run_cleaners(ledger, tools, manifest, [f"cleaner.{name}" for name in manifest.cleaners])
        [result] = ledger.results.results
        return Ended(manifest, result, ledger.results.exit_code)

    return do


def select(path: Path) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(f"SELECT * FROM '{path}'").fetchall()  # noqa: S608 - the test's own file


def compiled(manifest: Manifest) -> Manifest:
    results = compile_project(manifest, [f"cleaner.{name}" for name in manifest.cleaners])
    assert results.exit_code == 0, results
    return manifest


def put(manifest: Manifest, text: str, name: str = "orders") -> None:
    (manifest.root / f"data/{name}.csv").write_text(text, encoding="utf-8")


def edit(manifest: Manifest, **changes: Any) -> Manifest:
    """Edit what the only cleaner says of its runs."""
    [(name, cleaner)] = manifest.cleaners.items()
    data = cleaner.model_dump(by_alias=True) | changes
    return replace(manifest, cleaners={name: type(cleaner).model_validate(data)})


def test_what_passes_is_published_and_every_change_is_told(make_project: MakeProject, run: RunIt) -> None:
    ended = run(compiled(make_project(CLEANER, {"orders": ORDERS})))
    assert (ended.exit_code, ended.result.status) == (0, "success")
    assert ended.rows("target/orders.parquet") == [("1", 12, "paid"), ("2", 7, "open"), ("3", 30, "paid")]
    assert [(row[1], *row[3:6]) for row in ended.rows("target/orders/changes.parquet")] == [
        ('{"id":"1"}', "12 EUR", "12", "clean_amount"),
        ('{"id":"2"}', "7 EUR", "7", "clean_amount"),
    ]
    assert not (ended.manifest.target_folder / "orders/quarantine.parquet").exists()
    assert (ended.manifest.target_folder / "orders/validation.json").is_file()
    assert ended.details["expectations"]["failed"] == 0
    expected = {
        "rows": 3,
        "published": 3,
        "cells_changed": 2,
        "removed": 0,
        "quarantined": 0,
        "drift": [],
        "warnings": [],
    }
    assert {name: ended.details[name] for name in expected} == expected
    assert ended.details["changes"] == [["clean_amount", "amount", 2]]
    assert "3 of 3 rows published to target/orders.parquet, 2 cells changed" in ended.result.message


def test_rows_that_fail_stop_the_publication_and_are_kept_with_the_reason(
    make_project: MakeProject, run: RunIt
) -> None:
    manifest = compiled(make_project(CLEANER, {"orders": ORDERS}))
    before = run(manifest).rows("target/orders.parquet")
    put(manifest, SPOILT)
    ended = run(manifest)
    assert (ended.exit_code, ended.result.status) == (1, "fail")
    assert ended.rows("target/orders.parquet") == before
    assert (
        "RDC743 expect_column_values_to_be_in_set status (value_set=['paid', 'open']): 2 rows failed"
        in ended.result.message
    )
    assert [row[0] for row in ended.rows("target/orders/quarantine.parquet")] == ["2", "4"]
    assert (ended.details["quarantined"], ended.details["rows"]) == (2, 4)
    assert "published" not in ended.details


def test_rows_that_fail_are_quarantined_whole_and_the_others_published(
    make_project: MakeProject, run: RunIt
) -> None:
    manifest = edit(compiled(make_project(CLEANER, {"orders": ORDERS})), on_failure="quarantine")
    put(manifest, SPOILT)
    ended = run(manifest)
    assert (ended.exit_code, ended.result.status) == (0, "warn")
    assert ended.rows("target/orders.parquet") == [("1", 12, "paid"), ("3", 30, "paid")]
    kept = ended.rows("target/orders/quarantine.parquet")
    assert [row[:4] for row in kept] == [("2", "7 EUR", "lost", 1), ("4", "9 EUR", "", 3)]
    assert ended.details["reasons"] == {
        "expect_column_values_to_be_in_set status (value_set=['paid', 'open'])": 2
    }
    assert "2 quarantined" in ended.result.message

    put(manifest, ORDERS)
    assert run(manifest).result.status == "success"
    assert not (manifest.target_folder / "orders/quarantine.parquet").exists()


def test_a_run_that_keeps_every_row_back_publishes_nothing(make_project: MakeProject, run: RunIt) -> None:
    manifest = edit(compiled(make_project(CLEANER, {"orders": ORDERS})), on_failure="quarantine")
    put(manifest, "id,amount,status\n1,12 EUR,lost\n")
    ended = run(manifest)
    assert ended.exit_code == 1
    assert "RDC745 no row is left to be published" in ended.result.message
    assert not (manifest.target_folder / "orders.parquet").exists()
    assert len(ended.rows("target/orders/quarantine.parquet")) == 1


def test_what_no_row_can_be_named_for_fails_whatever_is_said(make_project: MakeProject, run: RunIt) -> None:
    cleaner = (
        CLEANER
        + """
    on_failure: quarantine
    expectations:
      - {type: expect_table_row_count_to_be_between, kwargs: {max_value: 3}}
      - {type: expect_column_max_to_be_between, kwargs: {column: amount, max_value: 10}, severity: warn}
"""
    )
    manifest = compiled(make_project(cleaner, {"orders": ORDERS}))
    warned = run(manifest)
    assert (warned.exit_code, warned.result.status) == (0, "warn")
    assert "expect_column_max_to_be_between amount (max_value=10) does not hold" in warned.details["warnings"]
    put(manifest, ORDERS + "4,1,paid\n")
    failed = run(manifest)
    assert failed.exit_code == 1
    assert "RDC743 expect_table_row_count_to_be_between (max_value=3): observed 4" in failed.result.message


OWN = """
  - name: orders
    source: orders
    columns:
      - name: amount
        function: functions/own.py::clean_amount
      - name: fee
        function: functions/own.py::clean_amount
"""
FUNCTION = """
UNIT = " EUR"


def clean_amount(value):
    return None if value is None else value.removesuffix(UNIT)
"""
FRAGILE = """
def clean_amount(value):
    if value == "?":
        raise ValueError("no amount")
    return value.removesuffix(" EUR")
"""


def make_own(make_project: MakeProject, body: str = FUNCTION) -> Manifest:
    """A cleaner with a function of the project's own, for two columns."""
    root = make_project(CLEANER, {"orders": ORDERS}).root
    (root / "functions").mkdir()
    (root / "functions/own.py").write_text(body, encoding="utf-8")
    manifest = make_project(OWN, {"orders": "amount,fee\n12 EUR,1 EUR\n30,2 EUR\n"})
    return compiled(manifest)


def test_one_function_serves_two_columns(make_project: MakeProject, run: RunIt) -> None:
    ended = run(make_own(make_project))
    assert ended.exit_code == 0
    assert ended.rows("target/orders.parquet") == [("12", "1"), ("30", "2")]


@pytest.mark.parametrize(("on_failure", "code"), [("fail", 1), ("quarantine", 0)])
def test_a_value_that_a_function_fails_on_is_never_published(
    make_project: MakeProject,
    run: RunIt,
    monkeypatch: pytest.MonkeyPatch,
    on_failure: str,
    code: int,
) -> None:
    manifest = edit(make_own(make_project), on_failure=on_failure)

    # The verifier lets no such function through: it is put in afterwards.
    def load_fragile(manifest: Manifest, name: str) -> Loaded:
        loaded = load_cleaner(manifest, name)
        return replace(loaded, functions=loaded.functions | {"clean_amount": FRAGILE})

    monkeypatch.setattr("rdc.execution.run.load_cleaner", load_fragile)
    put(manifest, "amount,fee\n12 EUR,1 EUR\n?,2 EUR\n")
    ended = run(manifest)
    assert ended.exit_code == code
    if code:
        assert (
            "RDC740 clean_amount failed on 1 values of 1 rows: ValueError: no amount" in ended.result.message
        )
        assert not (manifest.target_folder / "orders.parquet").exists()
    else:
        assert ended.rows("target/orders.parquet") == [("12", "1")]
        assert ended.details["reasons"] == {"clean_amount: ValueError: no amount": 1}


def test_a_larger_share_than_allowed_is_not_changed(make_project: MakeProject, run: RunIt) -> None:
    manifest = edit(compiled(make_project(CLEANER, {"orders": ORDERS})), max_changed=0.5)
    ended = run(manifest)
    assert ended.exit_code == 1
    assert "RDC741 2 of 3 cells of 'amount' would be changed, 67%; max_changed is 50%" in ended.result.message
    assert len(ended.rows("target/orders/changes.parquet")) == 2
    assert run(edit(manifest, max_changed=0.67)).exit_code == 0


@pytest.mark.parametrize("format_", ["parquet", "csv", "jsonl", "table"])
def test_every_format_is_published_with_its_types(
    make_project: MakeProject, run: RunIt, format_: str
) -> None:
    project = "targets: {dev: {engine: duckdb, path: target/shop.duckdb, threads: 1}}\n"
    manifest = compiled(make_project(CLEANER, {"orders": ORDERS}, project))
    manifest = edit(
        manifest,
        output={"format": format_} | ({} if format_ == "table" else {"path": f"out/orders.{format_}"}),
    )
    ended = run(manifest)
    assert ended.exit_code == 0
    if format_ == "table":
        with duckdb.connect(str(manifest.root / "target/shop.duckdb")) as connection:
            assert connection.execute("SELECT amount FROM orders ORDER BY id").fetchall() == [
                (12,),
                (7,),
                (30,),
            ]
    else:
        assert [row[1] for row in ended.rows(f"out/orders.{format_}")] == [12, 7, 30]


def test_a_table_of_a_database_in_memory_is_refused(make_project: MakeProject, run: RunIt) -> None:
    ended = run(edit(compiled(make_project(CLEANER, {"orders": ORDERS})), output={"format": "table"}))
    assert (ended.exit_code, ended.result.message[:6]) == (1, "RDC732")


def test_columns_of_a_typed_source_that_nothing_writes_keep_their_types(
    make_project: MakeProject, run: RunIt
) -> None:
    manifest = make_project(CLEANER, {"orders": ORDERS})
    path = manifest.root / "data/orders.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT 1 AS id, '12 EUR' AS amount, 'paid' AS status, DATE '2024-01-31' AS day, 1.50::DECIMAL(5,2) AS fee) "
            f"TO '{path}' (FORMAT parquet)"
        )
    sources = manifest.root / "sources/all.yml"
    sources.write_text(
        sources.read_text().replace(
            "format: csv, path: data/orders.csv", "format: parquet, path: data/orders.parquet"
        )
    )
    ended = run(compiled(parse_project(manifest.root, environ={})))
    assert ended.exit_code == 0
    with duckdb.connect() as connection:
        types = connection.read_parquet(str(manifest.target_folder / "orders.parquet")).types
    assert [*map(str, types)] == ["INTEGER", "BIGINT", "VARCHAR", "DATE", "DECIMAL(5,2)"]


def test_what_was_edited_since_and_what_was_never_seen_are_warnings(
    make_project: MakeProject, run: RunIt
) -> None:
    manifest = compiled(make_project(CLEANER, {"orders": ORDERS}))
    manifest = edit(manifest, description="Edited.")
    put(manifest, "id,amount,status\n1,12 EUR,paid\n2,1.234.567 EUR,open\n")
    ended = run(edit(manifest, on_failure="quarantine", contract={"types": "quarantine"}))
    assert "cleaners/all.yml changed since it was compiled; run `rdc compile`" in ended.details["warnings"]
    assert {(d["kind"], d["column"]) for d in ended.details["drift"]} >= {
        ("length", "amount"),
        ("pattern", "amount"),
    }


def test_a_secret_stands_in_no_result(make_project: MakeProject, run: RunIt) -> None:
    secret = 'sësame"1'  # noqa: S105 - what must not be seen
    cleaner = CLEANER + "    output: {format: csv, path: \"{{ env_var('RDC_SECRET_OUT') }}/orders.csv\"}\n"
    manifest = compiled(make_project(cleaner, {"orders": ORDERS}, RDC_SECRET_OUT=secret))
    ended = run(manifest)
    assert ended.exit_code == 0
    assert secret in ended.result.message
    told = (manifest.target_folder / "run_results.json").read_text(encoding="utf-8")
    assert json.loads(told)["results"][0]["message"].count("published to ***/orders.csv") == 1
    assert "sësame" not in told


def test_an_interrupt_leaves_the_last_output_and_says_so(
    make_project: MakeProject, run: RunIt, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = compiled(make_project(CLEANER, {"orders": ORDERS}))
    before = run(manifest).rows("target/orders.parquet")
    put(manifest, ORDERS + "4,1,paid\n")

    def interrupt(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("rdc.execution.run.publish", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run(manifest)
    assert select(manifest.target_folder / "orders.parquet") == before
    told = json.loads((manifest.target_folder / "run_results.json").read_text(encoding="utf-8"))
    assert (told["finished"], told["exit_code"], told["message"]) == (False, 2, "interrupted")
    [result] = told["results"]
    assert (result["status"], result["details"]["rows"]) == ("error", 4)


def test_the_sample_is_held_to_the_expectations_and_nothing_is_published(
    make_project: MakeProject, tools: Tools
) -> None:
    manifest = compiled(make_project(CLEANER, {"orders": ORDERS}, "compile: {sample_rows: 2}\n"))
    cleaner = manifest.cleaners["orders"]
    with Ledger(manifest.target_folder, "test", ignore_event) as ledger:
        engine = open_engine(manifest)
        run = Run(manifest, cleaner, tools, digest_inputs(manifest, cleaner))
        assert ledger.run("test", "expectations.orders", lambda entry: run.check_sample(engine, entry))
        engine.close()
    [result] = ledger.results.results
    assert "expectations hold on the sample" in result.message
    assert result.details["published"] == 2
    assert not (manifest.target_folder / "orders.parquet").exists()
