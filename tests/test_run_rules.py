"""Contracts and table rules hold in a run: columns and values that are new, dependencies, keys."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from rdc.artifacts.event import ignore_event
from rdc.compiler import compile_project
from rdc.runner import run_cleaners
from rdc.runtime.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from rdc.artifacts.project import Manifest
    from rdc.artifacts.result import NodeResult
    from rdc.execution.run import Tools

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


NEW_COLUMN = "id,amount,status,note\n1,12 EUR,paid,\n2,7 EUR,open,gift\n"


@pytest.mark.parametrize(
    ("mode", "rows", "counts"),
    [
        ("evolve", [("1", 4), ("2", 4)], (0, 0)),
        ("discard_value", [("1", 3), ("2", 3)], (0, 0)),
        ("discard_row", [("1", 3)], (0, 1)),
        ("quarantine", [("1", 3)], (1, 0)),
        ("freeze", [], (0, 0)),
    ],
)
def test_a_new_column_is_treated_as_the_contract_says(
    make_project: MakeProject,
    run: RunIt,
    mode: str,
    rows: list[tuple[str, int]],
    counts: tuple[int, int],
) -> None:
    manifest = edit(compiled(make_project(CLEANER, {"orders": ORDERS})), contract={"columns": mode})
    put(manifest, NEW_COLUMN)
    ended = run(manifest)
    if mode == "freeze":
        assert (ended.exit_code, ended.result.message[:6]) == (1, "RDC722")
        return
    assert [(row[0], len(row)) for row in ended.rows("target/orders.parquet")] == rows
    assert (ended.details["quarantined"], ended.details["discarded"]["rows"]) == counts
    assert any("RDC722" in warning for warning in ended.details["warnings"])
    assert {"new_column"} <= {drift["kind"] for drift in ended.details["drift"]}


UNCHECKED = CLEANER.replace(
    "          - {type: expect_column_values_to_match_regex, kwargs: {regex: '^[0-9]+$'}}\n",
    "          - {type: expect_column_values_to_match_regex, kwargs: {regex: '^[0-9]+$'}, severity: warn}\n",
)


@pytest.mark.parametrize(
    ("mode", "rows"),
    [
        ("evolve", [("1", "12"), ("2", "many")]),
        ("discard_value", [("1", 12), ("2", None)]),
        ("discard_row", [("1", 12)]),
        ("quarantine", [("1", 12)]),
        ("freeze", []),
    ],
)
def test_a_value_of_no_declared_type_is_treated_as_the_contract_says(
    make_project: MakeProject, run: RunIt, mode: str, rows: list[tuple[Any, ...]]
) -> None:
    manifest = edit(compiled(make_project(UNCHECKED, {"orders": ORDERS})), contract={"types": mode})
    put(manifest, "id,amount,status\n1,12 EUR,paid\n2,many,open\n")
    ended = run(manifest)
    if mode == "freeze":
        assert ended.exit_code == 1
        assert "RDC723 column 'amount': 1 cell is no integer, such as 'many'" in ended.result.message
        return
    assert [row[:2] for row in ended.rows("target/orders.parquet")] == rows
    assert any("RDC723" in warning for warning in ended.details["warnings"])


RULES = """
  - name: shops
    source: shops
    rules:
      - dependency: {{determinant: [zip], dependent: [city]}}
        {rule}
"""
SHOPS = "zip,city,src\n10,York,a\n10,York,b\n10,Leeds,owner\n20,Hull,a\n20,Hul,b\n"


@pytest.mark.parametrize(
    ("rule", "cities"),
    [
        ("repair: majority", ["York", "York", "York", "Hull", "Hul"]),
        ("min_support: 3", ["York", "York", "Leeds", "Hull", "Hul"]),
        ("min_share: 0.7", ["York", "York", "Leeds", "Hull", "Hul"]),
        ("prefer: \"src = 'owner'\"", ["Leeds", "Leeds", "Leeds", "Hull", "Hul"]),
        ("{prefer: \"src = 'a'\", otherwise: leave}", ["York", "York", "York", "Hull", "Hull"]),
    ],
)
def test_what_a_dependency_says_of_its_repair_holds_in_the_run(
    make_project: MakeProject, run: RunIt, rule: str, cities: list[str]
) -> None:
    lines = rule.strip("{}").replace(", otherwise", "\n        otherwise")
    ended = run(compiled(make_project(RULES.format(rule=lines), {"shops": SHOPS})))
    assert ended.exit_code == 0
    assert [row[1] for row in ended.rows("target/shops.parquet")] == cities


SOURCES = "shop,city,area,src\n" + "".join(
    # Three sources are always right; the four others err, all alike in the first shop, each by itself elsewhere.
    f"{shop},{city},{area},{source}\n"
    for shop in range(12)
    for source in "abcdefg"
    for city in [
        f"C{shop}" if source in "abc" else "Hull" if shop == 0 and source in "defg" else f"{source}{shop}"
    ]
    for area in [f"A{shop}"]
)


@pytest.mark.parametrize(
    ("repair", "city"), [("majority", "Hull"), ("weighted\n        source_column: src", "C0")]
)
def test_sources_that_agree_more_count_more_in_the_run(
    make_project: MakeProject, run: RunIt, repair: str, city: str
) -> None:
    rule = f"repair: {repair}"
    cleaner = RULES.format(rule=rule).replace("[zip], dependent: [city]", "[shop], dependent: [city, area]")
    ended = run(compiled(make_project(cleaner, {"shops": SOURCES})))
    assert ended.exit_code == 0, ended.result
    assert {row[1] for row in ended.rows("target/shops.parquet") if row[0] == "0"} == {city}
    sql = (ended.manifest.generated / "shops" / "clean.sql").read_text(encoding="utf-8")
    assert ("RECURSIVE" in sql) == (city == "C0")


def test_a_determinant_is_mended_in_rows_that_are_new(make_project: MakeProject, run: RunIt) -> None:
    cleaner = RULES.format(rule="min_support: 2").replace("dependent: [city]", "dependent: [city, src]")
    right = "10018,York,a\n" * 3 + "20027,Hull,b\n" * 3
    manifest = compiled(make_project(cleaner, {"shops": f"zip,city,src\n{right}"}))
    put(manifest, f"zip,city,src\n{right}1001x,York,a\n,Hull,b\n", "shops")
    ended = run(manifest)
    assert ended.exit_code == 0, ended.result
    assert [row[0] for row in ended.rows("target/shops.parquet")][6:] == ["10018", "20027"]
    assert ended.details["changes"] == [["zip_determines_city_src", "zip", 2]]


@pytest.mark.parametrize(("on_failure", "left"), [("fail", None), ("quarantine", ["York", "York"])])
def test_a_dependency_that_is_only_checked_keeps_rows_back(
    make_project: MakeProject, run: RunIt, on_failure: str, left: list[str] | None
) -> None:
    manifest = compiled(make_project(RULES.format(rule="repair: none"), {"shops": SHOPS}))
    ended = run(edit(manifest, on_failure=on_failure))
    assert ended.details["reasons"] == {"dependency zip -> city": 3}
    if left is None:
        assert "RDC743 dependency zip -> city: 3 rows failed" in ended.result.message
    else:
        assert [row[1] for row in ended.rows("target/shops.parquet")] == left


def test_a_key_that_is_only_checked_stops_the_publication(make_project: MakeProject, run: RunIt) -> None:
    cleaner = "\n  - {name: shops, source: shops, rules: [{unique: [zip, city], keep: none}]}\n"
    ended = run(compiled(make_project(cleaner, {"shops": SHOPS})))
    assert (ended.exit_code, ended.details["quarantined"]) == (1, 2)
    assert "expect_compound_columns_to_be_unique (column_list=['zip', 'city']" in ended.result.message


def test_a_condition_that_the_engine_refuses_is_a_problem_of_its_rule(make_project: MakeProject) -> None:
    manifest = make_project(RULES.format(rule='prefer: "no_such_function(src) = 1"'), {"shops": SHOPS})
    results = compile_project(manifest, ["cleaner.shops"])
    assert results.exit_code == 1
    assert results.results[0].message.startswith(
        "RDC506 the rule zip_determines_city cannot be run: DuckDB: "
    )


def test_a_condition_that_data_breaks_at_run_time_is_a_problem_of_the_run(
    make_project: MakeProject, run: RunIt
) -> None:
    manifest = compiled(
        make_project(
            RULES.format(rule='prefer: "CAST(src AS INTEGER) > 1"'),
            {"shops": "zip,city,src\n10,York,1\n10,Leeds,2\n"},
        )
    )
    put(manifest, SHOPS, "shops")
    ended = run(manifest)
    assert (ended.exit_code, ended.result.message[:6]) == (1, "RDC746")


@pytest.mark.parametrize(
    ("key", "cities"),
    [("zip", ["York", "York", "Hull", "Leeds"]), ("zip, city", ["York", "York", "Hull", "Leeds", "Bath"])],
)
def test_rows_whose_key_is_missing_stay_and_are_no_duplicates(
    make_project: MakeProject, run: RunIt, key: str, cities: list[str]
) -> None:
    cleaner = f"\n  - {{name: shops, source: shops, rules: [{{unique: [{key}]}}]}}\n"
    data = "zip,city\n,York\n,York\n,Hull\n1,Leeds\n1,Bath\n1,Leeds\n"
    ended = run(compiled(make_project(cleaner, {"shops": data})))
    assert ended.exit_code == 0, ended.result
    assert [row[1] for row in ended.rows("target/shops.parquet")] == cities
