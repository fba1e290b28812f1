# names are the tables' own
from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow.parquet as pq
import pytest

from rdc.artifacts.candidate import Author
from rdc.artifacts.cleaner import Output
from rdc.artifacts.source import Source
from rdc.artifacts.transform import Transform
from rdc.engines.duckdb import DuckDBEngine
from rdc.errors import RunError, ServiceError
from rdc.runtime.publisher import Publication, publish, untouched_types

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdc.artifacts.plan import Cell

COLUMNS: dict[str, list[Cell]] = {
    "id": ["007", "2", "3"],
    "size": ["12", "", None],
    "day": ["2020-01-05", None, "2021-01-01"],
    "say, it": [' he said "hi"\n', "é;\t", "NULL"],
}
PUBLICATION = Publication(
    "beers",
    "clean",
    tuple(COLUMNS),
    types={"size": "decimal(5,2)", "day": "date"},
    metadata={"rdc.cleaner": "beers", "rdc.version": "3", "rdc.lock": "ab'c"},
)


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    engine = DuckDBEngine()
    engine.load("clean", COLUMNS)
    yield engine
    engine.close()


def place(
    engine: DuckDBEngine, publication: Publication, output: Output, root: Path, database: str = ":memory:"
) -> str:
    return publish(engine, publication, output, root=root, folder=root / "target", database=database)


def test_parquet_holds_declared_types_the_tables_order_and_who_made_it(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    assert place(engine, PUBLICATION, Output(), tmp_path) == "target/beers.parquet"
    path = tmp_path / "target" / "beers.parquet"
    schema = pq.read_schema(path)
    assert {name: str(schema.field(name).type) for name in schema.names} == {
        "id": "string",
        "size": "decimal128(5, 2)",
        "day": "date32[day]",
        "say, it": "string",
    }
    assert pq.read_table(path)["id"].to_pylist() == COLUMNS["id"]
    assert pq.read_table(path)["size"].is_null().to_pylist() == [False, True, True]
    metadata = pq.read_metadata(path).metadata
    assert metadata[b"rdc.lock"] == b"ab'c"
    assert metadata[b"rdc.version"] == b"3"


def test_jsonl_holds_typed_values(engine: DuckDBEngine, tmp_path: Path) -> None:
    assert place(engine, PUBLICATION, Output(format="jsonl", path="out/b.jsonl"), tmp_path) == "out/b.jsonl"
    lines = (tmp_path / "out" / "b.jsonl").read_text().splitlines()
    assert json.loads(lines[0]) == {
        "id": "007",
        "size": 12,
        "day": "2020-01-05",
        "say, it": ' he said "hi"\n',
    }
    assert json.loads(lines[1])["size"] is None


@pytest.mark.parametrize(
    "text",
    [
        "id,size\n007,12 oz\n,N/A\n 1 ,\n",
        'id,"a,b"\n"x, ""y""\nz",1\né,NULL\n',
        'only\nx\n""\ny\n',
    ],
    ids=["plain", "quoted", "one column"],
)
def test_csv_of_an_untouched_table_is_what_was_read(engine: DuckDBEngine, tmp_path: Path, text: str) -> None:
    (tmp_path / "in.csv").write_text(text, encoding="utf-8", newline="")
    staged = engine.stage(Source(name="s", format="csv", path="in.csv"), tmp_path, "source")
    place(engine, Publication("s", "source", staged.columns), Output(format="csv", path="out.csv"), tmp_path)
    assert (tmp_path / "out.csv").read_bytes() == text.encode()


def test_csv_writes_null_and_nothing_as_an_empty_field(engine: DuckDBEngine, tmp_path: Path) -> None:
    place(engine, PUBLICATION, Output(format="csv", path="out.csv"), tmp_path)
    text = (tmp_path / "out.csv").read_bytes().decode()
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows == [
        ["id", "size", "day", "say, it"],
        ["007", "12.00", "2020-01-05", ' he said "hi"\n'],
        ["2", "", "", "é;\t"],
        ["3", "", "2021-01-01", "NULL"],
    ]
    assert '""' not in text.replace('""hi""', "")


def test_columns_that_nobody_wrote_keep_the_type_of_their_source(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    engine.execute(
        f"COPY (SELECT 1::TINYINT AS n, 2.5::DOUBLE AS x, [1, 2] AS l) TO '{tmp_path}/in.parquet' (FORMAT parquet)"
    )
    staged = engine.stage(Source(name="s", format="parquet", path="in.parquet"), tmp_path, "source")
    written = Transform(
        kind="column", name="f", reads=("x",), writes=("x",), author=Author(kind="human"), goal=""
    )
    types = untouched_types(staged.types, [written])
    place(engine, Publication("s", "source", staged.columns, source_types=types), Output(), tmp_path)
    schema = pq.read_schema(tmp_path / "target" / "s.parquet")
    assert [str(schema.field(name).type) for name in ("n", "x")] == ["int8", "string"]
    assert pq.read_table(tmp_path / "target" / "s.parquet")["l"].to_pylist() == [[1, 2]]


@pytest.mark.parametrize("format_", ["parquet", "csv", "jsonl"])
def test_a_failure_leaves_the_last_good_file_and_nothing_else(
    engine: DuckDBEngine, tmp_path: Path, format_: str
) -> None:
    output = Output.model_validate({"format": format_})
    place(engine, PUBLICATION, output, tmp_path)
    path = tmp_path / "target" / f"beers.{format_}"
    good = path.read_bytes()
    broken = Publication("beers", "clean", ("id", "nowhere"))
    with pytest.raises(RunError, match="RDC731 cannot write target/beers"):
        place(engine, broken, output, tmp_path)
    assert path.read_bytes() == good
    assert list(path.parent.iterdir()) == [path]


def test_a_place_that_cannot_be_written_is_an_error(engine: DuckDBEngine, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="RDC731"):
        place(engine, PUBLICATION, Output(path="file/beers.parquet"), tmp_path)


KILLED = """
    import os, signal, sys
    from pathlib import Path
    from rdc.artifacts.cleaner import Output
    from rdc.engines.duckdb import DuckDBEngine
    from rdc.runtime import publisher

    def die(path):
        assert path.stat().st_size > 0
        os.kill(os.getpid(), signal.SIGKILL)

    publisher._sync = die
    engine = DuckDBEngine()
    engine.load("clean", {"id": ["new"] * 1000})
    root = Path(sys.argv[1])
    publisher.publish(
        engine, publisher.Publication("beers", "clean", ("id",)), Output(), root=root, folder=root / "target"
    )
"""


def test_a_killed_run_leaves_the_last_good_file_and_the_next_one_tidies_up(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    place(engine, PUBLICATION, Output(), tmp_path)
    path = tmp_path / "target" / "beers.parquet"
    good = path.read_bytes()
    code = [sys.executable, "-c", textwrap.dedent(KILLED), str(tmp_path)]
    assert subprocess.run(code, cwd=Path(__file__).parents[1], check=False).returncode == -9
    assert path.read_bytes() == good
    assert len(list(path.parent.iterdir())) == 2
    place(engine, PUBLICATION, Output(), tmp_path)
    assert list(path.parent.iterdir()) == [path]


def read(database: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_a_table_is_replaced_in_the_targets_database(engine: DuckDBEngine, tmp_path: Path) -> None:
    output = Output(format="table", table="shop.beers")
    for _ in range(2):
        assert place(engine, PUBLICATION, output, tmp_path, "db/t.duckdb") == "table shop.beers"
    database = tmp_path / "db" / "t.duckdb"
    assert read(database, "SELECT id, size FROM shop.beers") == [("007", 12), ("2", None), ("3", None)]
    with pytest.raises(RunError, match="RDC733 cannot publish table"):
        place(engine, Publication("beers", "clean", ("nowhere",)), output, tmp_path, "db/t.duckdb")
    assert read(database, "SELECT count(*) FROM shop.beers") == [(3,)]
    assert read(database, "SELECT table_name FROM information_schema.tables") == [("beers",)]


def test_a_table_is_replaced_in_the_database_that_the_engine_has_open(tmp_path: Path) -> None:
    engine = DuckDBEngine(str(tmp_path / "t.duckdb"))
    engine.load("clean", COLUMNS)
    place(engine, PUBLICATION, Output(format="table"), tmp_path, "t.duckdb")
    assert engine.query("SELECT count(*) FROM beers") == [(3,)]
    engine.close()


def test_a_database_that_another_process_holds_is_a_missing_service(
    engine: DuckDBEngine, tmp_path: Path
) -> None:
    database = tmp_path / "t.duckdb"
    code = f"import duckdb; c = duckdb.connect({str(database)!r}); print('open', flush=True); input()"
    holder = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"open\n"
    with pytest.raises(ServiceError, match="Is it open in another program"):
        place(engine, PUBLICATION, Output(format="table"), tmp_path, "t.duckdb")
    holder.communicate(b"\n")


def test_a_table_in_memory_is_refused(engine: DuckDBEngine, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="RDC732"):
        place(engine, PUBLICATION, Output(format="table"), tmp_path)
