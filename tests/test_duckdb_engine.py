from __future__ import annotations

import builtins
import csv
import datetime as dt
import io
import sqlite3
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rdc.artifacts.source import Source, SourceOptions
from rdc.engines.duckdb import INTERRUPTED, DuckDBEngine
from rdc.engines.engine import ROW, Engine, StagedTable, quote_name
from rdc.errors import RdcError, ServiceError, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdc.artifacts.source import SourceFormat

Rows = list[tuple[str | None, ...]]


@pytest.fixture(scope="module", params=["memory", "scratch"])
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DuckDBEngine]:
    scratch = tmp_path_factory.mktemp("engine") / "scratch" if request.param == "scratch" else None
    made = DuckDBEngine(scratch=scratch)
    yield made
    made.close()


def stage(
    engine: Engine, path: Path, form: SourceFormat = "csv", table: str | None = None, **options: Any
) -> StagedTable:
    source = Source(
        name="s", format=form, path=path.name, table=table, options=SourceOptions.model_validate(options)
    )
    return engine.stage(source, path.parent, "staged")


def rows_of(engine: Engine, staged: StagedTable) -> Rows:
    found = engine.query(f"SELECT * FROM {quote_name(staged.table)} ORDER BY {ROW}")  # noqa: S608  # a quoted name
    assert [row[0] for row in found] == list(range(staged.rows))
    return [tuple(row[1:]) for row in found]


def read(engine: Engine, path: Path, content: str | bytes, **options: Any) -> Rows:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    form = {".jsonl": "jsonl", ".json": "json"}.get(path.suffix, "csv")
    return rows_of(engine, stage(engine, path, form, **options))  # type: ignore[arg-type]  # one of the formats


CSV_AS_WRITTEN: dict[str, tuple[str | bytes, dict[str, Any], Rows]] = {
    "leading zeros and null-like texts": (
        "a,b\n01907,N/A\nNULL,nan\n",
        {},
        [("01907", "N/A"), ("NULL", "nan")],
    ),
    "empty fields, quoted or not": ('a,b\n,""\n"",\n', {}, [("", ""), ("", "")]),
    "declared nulls": ('a,b\n,N/A\n"",x\n', {"null_values": ["", "N/A"]}, [(None, None), (None, "x")]),
    "byte order mark": ("\ufeffa,b\n1,2\n", {}, [("1", "2")]),
    "CRLF and quoted line ends": ('a,b\r\n"x\r\ny","z\nw"\r\n', {}, [("x\r\ny", "z\nw")]),
    "doubled quotes": ('a,b\n"say ""hi""",5"\n', {}, [('say "hi"', '5"')]),
    "spaces are kept": ("a,b\n x , \n", {}, [(" x ", " ")]),
    "a space before a quote": ('a,b\n1, "q"\n', {}, [("1", ' "q"')]),
    "blanks that end a line": ('a,b\n"1",2 \n', {}, [("1", "2 ")]),
    "no line end at the end": ("a,b\n1,2", {}, [("1", "2")]),
    "blank lines hold nothing": ("a,b\n1,2\n\n3,4\n\n", {}, [("1", "2"), ("3", "4")]),
    "blank lines of one column are values": ("a\n1\n\n2\n", {}, [("1",), ("",), ("2",)]),
    "header only": ("a,b\n", {}, []),
    "no header": ("1,2\n", {"header": False}, [("1", "2")]),
    "semicolons": ("a;b\n1,5;2\n", {"delimiter": ";"}, [("1,5", "2")]),
    "tabs": ("a\tb\n1\t2\n", {"delimiter": "\t"}, [("1", "2")]),
    "a delimiter beyond ASCII": ("a¦b\n1¦2\n", {"delimiter": "¦"}, [("1", "2")]),
    "an empty last field": ("a,b\n1,\n", {}, [("1", "")]),
    "latin-1": ("a,b\né,2\n".encode("latin-1"), {"encoding": "latin-1"}, [("é", "2")]),
    "cp1252": ("a,b\n€,“x”\n".encode("cp1252"), {"encoding": "cp1252"}, [("€", "“x”")]),
    "utf-16": ("a,b\r\n€,x\r\n".encode("utf-16"), {"encoding": "utf-16"}, [("€", "x")]),
    "old Macintosh line ends": ("a,b\r1,2\r", {}, [("1", "2")]),
    "comment signs are text": ("a,b\n#1,2\n", {}, [("#1", "2")]),
}


@pytest.mark.parametrize("case", CSV_AS_WRITTEN)
def test_csv_is_read_as_it_is_written(engine: DuckDBEngine, tmp_path: Path, case: str) -> None:
    content, options, expected = CSV_AS_WRITTEN[case]
    assert read(engine, tmp_path / "f.csv", content, **options) == expected


CSV_REFUSED: dict[str, tuple[str | bytes, dict[str, Any], str]] = {
    "too few": ("a,b\n1,2\n3\n", {}, "f.csv:3: RDC213 line 3 has 1 field, the header has 2"),
    "too many": ('a,b\n"x\ny",2\n3,4,5\n', {}, "f.csv:4: RDC213 line 4 has 3 fields, the header has 2"),
    "one more empty field": ("a,b\n1,2,\n", {}, "f.csv:2: RDC213 line 2 has 3 fields, the header has 2"),
    "one more quoted empty field": ('a,b\n1,2,""', {}, "line 2 has 3 fields, the header has 2"),
    "no header, ragged": ("1,2\n3\n", {"header": False}, "line 2 has 1 field, the first line has 2"),
    "an open quote": ('a,b\n1,2\n"3,4\n', {}, "f.csv:3: RDC214"),
    "text after a quote": ('a,b\n1,2\n"3"x,4\n', {}, "f.csv:3: RDC214"),
    "blanks after a quote": ('a,b\n"1" ,2\n', {}, "f.csv:2: RDC214"),
    "wrong encoding": (
        "a,b\n1,2\né,2\n".encode("latin-1"),
        {},
        "f.csv:3: RDC215 line 3 is not utf-8: byte 0xe9",
    ),
    "wrong encoding of the header": ("é,b\n1,2\n".encode("latin-1"), {}, "f.csv:1: RDC215"),
    "utf-16 as utf-8": ("a,b\n1,2\n".encode("utf-16-le"), {}, "f.csv:1: RDC216"),
    "utf-16 cut off": ("a,b\n1,2\n".encode("utf-16")[:-1], {"encoding": "utf-16"}, "RDC215"),
    "empty": ("", {}, "f.csv: RDC212 the file is empty"),
    "only a byte order mark": ("\ufeff", {}, "RDC212"),
    "a blank header": ("\na,b\n", {}, "f.csv:1: RDC212"),
    "double names": ("a,a\n1,2\n", {}, "two columns are named 'a'"),
    "names that differ by case": ("a,A\n1,2\n", {}, "columns 'a' and 'A' differ by case alone"),
    "a nameless column": ("a,,c\n1,2,3\n", {}, "column 2 has no name"),
    "a reserved name": (f"a,{ROW}\n1,2\n", {}, f"a column is named {ROW}"),
    "unknown encoding": ("a\n1\n", {"encoding": "utf-99"}, "RDC211 the encoding 'utf-99'"),
    "a codec that is no encoding": ("a\n1\n", {"encoding": "base64"}, "RDC211"),
    "wide delimiter": ("a\n1\n", {"delimiter": "||"}, "RDC210 the delimiter '||'"),
}


@pytest.mark.parametrize("case", CSV_REFUSED)
def test_wrong_csv_is_refused_with_file_and_line(engine: DuckDBEngine, tmp_path: Path, case: str) -> None:
    content, options, message = CSV_REFUSED[case]
    with pytest.raises(SourceError) as caught:
        read(engine, tmp_path / "f.csv", content, **options)
    assert message in str(caught.value)


def test_all_ragged_lines_are_told_but_not_thousands(engine: DuckDBEngine, tmp_path: Path) -> None:
    with pytest.raises(SourceError) as few:
        read(engine, tmp_path / "f.csv", "a,b\n1\n1,2\n3\n")
    with pytest.raises(SourceError) as many:
        read(engine, tmp_path / "f.csv", "a,b\n" + "1\n" * 5000)
    assert (len(few.value.problems), len(many.value.problems)) == (2, 10)


def test_a_refused_source_leaves_the_table_of_before(engine: DuckDBEngine, tmp_path: Path) -> None:
    read(engine, tmp_path / "f.csv", "a,b\nold,2\n")
    with pytest.raises(SourceError):
        read(engine, tmp_path / "f.csv", "a,b\n" + "1,2\n" * 60_000 + "3\n")
    assert engine.query("SELECT a FROM staged") == [("old",)]


HOSTILE = st.text(st.sampled_from("ab1,\"\n\r \t;é\\'#\ufeff\u00a0\v|"), max_size=5)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(HOSTILE, min_size=2, max_size=2), max_size=5),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_what_a_csv_writer_wrote_is_what_is_read(rows: list[list[str]], end: str, everything: bool) -> None:  # noqa: FBT001  # hypothesis gives it
    if not everything:
        # The writer leaves a lone \r unquoted, which no reader can tell from a line end.
        rows = [[value.replace("\r", "") for value in row] for row in rows]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=end, quoting=csv.QUOTE_ALL if everything else csv.QUOTE_MINIMAL)
    writer.writerows([["a", "b"], *rows])
    with tempfile.TemporaryDirectory() as folder:
        assert read(SHARED, Path(folder, "f.csv"), text.getvalue()) == [tuple(row) for row in rows]


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from('a1,"\n\r \té'), max_size=16))
def test_any_text_is_read_as_the_csv_module_reads_it_or_refused(body: str) -> None:
    text = "a,b\n" + body
    try:
        records = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
        expected = [tuple(row) for row in records[1:]] if all(len(row) == 2 for row in records) else None
    except csv.Error:
        expected = None
    with tempfile.TemporaryDirectory() as folder:
        try:
            found: Rows | None = read(SHARED, Path(folder, "f.csv"), text)
        except SourceError:
            found = None
    assert found == expected


SHARED = DuckDBEngine()


def test_rows_keep_the_files_order_on_all_threads(tmp_path: Path) -> None:
    engine = DuckDBEngine(threads=4)
    count = 300_000
    lines = (f'{i},"line {i}\nof, two",{i * 7919 % 1000}' for i in range(count))
    (tmp_path / "f.csv").write_text("id,text,n\n" + "\n".join(lines) + "\n")
    staged = stage(engine, tmp_path / "f.csv")
    assert staged.rows == count
    assert engine.query(f"FROM staged SELECT count(*) WHERE {ROW} <> id::BIGINT OR length(text) < 14") == [
        (0,)
    ]


def test_files_of_a_glob_follow_each_other_by_name(engine: DuckDBEngine, tmp_path: Path) -> None:
    for name, value in (("b", "2"), ("a", "1"), ("c", ' "3"')):
        (tmp_path / f"{name}.csv").write_text(f"x,y\n{value},{name}\n")
    staged = stage(engine, tmp_path / "*.csv")
    assert rows_of(engine, staged) == [("1", "a"), ("2", "b"), (' "3"', "c")]
    (tmp_path / "b.csv").write_text("x,z\n1,2\n")
    with pytest.raises(
        SourceError, match=r"b\.csv: RDC205 the columns differ from those of a\.csv: 'z', 'y'"
    ):
        stage(engine, tmp_path / "*.csv")


def test_a_missing_file_is_refused_with_a_near_name(engine: DuckDBEngine, tmp_path: Path) -> None:
    (tmp_path / "beers.csv").write_text("a\n1\n")
    with pytest.raises(
        SourceError, match=r"RDC202 source 's': there is no file beer\.csv\. Did you mean 'beers"
    ):
        stage(engine, tmp_path / "beer.csv")
    with pytest.raises(SourceError, match="names no path"):
        engine.stage(Source(name="s", format="csv"), tmp_path, "t")
    with pytest.raises(SourceError, match="DuckDB does not read"):
        engine.stage(Source(name="s", format="spark", table="t"), tmp_path, "t")


TYPED = """
    SELECT 1.50::DECIMAL(5,2) AS price, 'x' AS name, DATE '2024-02-03' AS day, true AS ok,
           TIMESTAMPTZ '2024-01-01 10:00:00+02' AS at, 0.1::DOUBLE AS d, ['a, b', 'it''s', NULL] AS tags, NULL::INT AS n
    UNION ALL SELECT 2.00, NULL, NULL, false, NULL, 'nan'::DOUBLE, [], 7
"""


@pytest.mark.parametrize("form", ["parquet", "duckdb"])
def test_typed_values_come_back_from_their_text(tmp_path: Path, form: SourceFormat) -> None:
    path = tmp_path / f"f.{form}"
    with duckdb.connect(str(path) if form == "duckdb" else ":memory:") as made:
        made.execute(f"CREATE TABLE things AS {TYPED}")
        if form == "parquet":
            made.execute(f"COPY things TO '{path}'")
    engine = DuckDBEngine()
    staged = stage(engine, path, form, table="things")
    assert rows_of(engine, staged)[0] == (
        *(
            "1.50",
            "x",
            "2024-02-03",
            "true",
            "2024-01-01 08:00:00+00",
            "0.1",
            "['a, b', 'it\\'s', NULL]",
            None,
        ),
    )
    assert staged.types["price"] == "DECIMAL(5,2)"
    assert "name" not in staged.types
    back = ", ".join(f"CAST({quote_name(n)} AS {staged.types.get(n, 'VARCHAR')})" for n in staged.columns)
    engine.execute(f"CREATE TABLE things AS {TYPED}")
    assert engine.query(f"SELECT {back} FROM staged EXCEPT SELECT * FROM things") == []  # noqa: S608  # literals


def test_a_database_that_is_the_engines_own_is_read_in_place(tmp_path: Path) -> None:
    engine = DuckDBEngine(str(tmp_path / "new" / "f.duckdb"))
    engine.execute("CREATE TABLE things AS SELECT 1 AS a")
    assert rows_of(engine, stage(engine, tmp_path / "new" / "f.duckdb", "duckdb", table="things")) == [("1",)]
    engine.close()
    engine.close()


def test_a_missing_table_is_refused_with_those_there_are(engine: DuckDBEngine, tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "f.duckdb")) as made:
        made.execute(
            "CREATE SCHEMA raw; CREATE TABLE raw.things AS SELECT 1 AS a; CREATE TABLE t AS SELECT 2 AS a"
        )
    assert rows_of(engine, stage(engine, tmp_path / "f.duckdb", "duckdb", table="raw.things")) == [("1",)]
    with pytest.raises(SourceError, match=r"no table 'thing'\. It has t, raw\.things|It has raw\.things, t"):
        stage(engine, tmp_path / "f.duckdb", "duckdb", table="thing")
    with pytest.raises(SourceError, match="names no table"):
        stage(engine, tmp_path / "f.duckdb", "duckdb")


def test_sqlite_keeps_text_and_types_what_is_stored_alike(engine: DuckDBEngine, tmp_path: Path) -> None:
    made = sqlite3.connect(tmp_path / "f.db")
    made.execute("CREATE TABLE things (zip TEXT, n INTEGER, x REAL, mixed, b BLOB)")
    made.executemany(
        "INSERT INTO things VALUES (?, ?, ?, ?, ?)",
        [("01907", 1, 0.1, "a", b"\x00A"), ("", None, 2.0, 5, None)],
    )
    made.commit()
    made.close()
    staged = stage(engine, tmp_path / "f.db", "sqlite", table="things")
    assert rows_of(engine, staged) == [("01907", "1", "0.1", "a", "\\x00\\x41"), ("", None, "2.0", "5", None)]
    assert staged.types == {"n": "BIGINT", "x": "DOUBLE", "b": "BLOB"}
    assert engine.query("SELECT b::BLOB FROM staged LIMIT 1") == [(b"\x00A",)]
    with pytest.raises(SourceError, match=r"f\.db: RDC241 there is no table 'nope'\. It has things"):
        stage(engine, tmp_path / "f.db", "sqlite", table="nope")


@pytest.mark.parametrize("form", ["parquet", "duckdb", "sqlite", "excel"])
def test_a_file_of_another_format_is_refused(
    engine: DuckDBEngine, tmp_path: Path, form: SourceFormat
) -> None:
    (tmp_path / "f").write_text("this is no such file, however long one reads on")
    with pytest.raises(SourceError, match=r"^f: RDC2\d\d "):
        stage(engine, tmp_path / "f", form, table="t")


def test_excel_cells_are_read_as_excel_shows_them(engine: DuckDBEngine, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append(["id", "price", "day", "ok", "note", "zip"])
    sheet.append([1, 12.5, dt.date(2024, 3, 1), True, None, 1907])
    sheet.append([2.0, 0.1 + 0.2, dt.datetime(2024, 3, 1, 9, 30), False, "N/A", "01907"])  # noqa: DTZ001  # Excel has no zones
    sheet.append([])
    sheet.append([3])
    sheet["F2"].number_format = "00000"
    workbook.create_sheet("other").append(["a"])
    workbook.save(tmp_path / "f.xlsx")
    assert rows_of(engine, stage(engine, tmp_path / "f.xlsx", "excel")) == [
        ("1", "12.5", "2024-03-01", "TRUE", None, "01907"),
        ("2", "0.3", "2024-03-01 09:30:00", "FALSE", "N/A", "01907"),
        (None,) * 6,
        ("3", None, None, None, None, None),
    ]
    assert stage(engine, tmp_path / "f.xlsx", "excel", sheet="other").rows == 0
    with pytest.raises(SourceError, match=r"there is no sheet 'nope'\. It has Sheet, other"):
        stage(engine, tmp_path / "f.xlsx", "excel", sheet="nope")


def test_excel_without_openpyxl_says_how_to_get_it(
    engine: DuckDBEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def refuse(name: str, *rest: Any) -> Any:
        if name == "openpyxl":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    (tmp_path / "f.xlsx").write_bytes(b"x")
    with pytest.raises(ServiceError, match=r"pip install 'rdc-cleaner\[excel\]'"):
        stage(engine, tmp_path / "f.xlsx", "excel")


def test_loading_and_sampling(engine: DuckDBEngine) -> None:
    values = [None if i % 7 == 0 else str(i) for i in range(1000)]
    staged = engine.load("loaded", {"a b": values, 'q"': ["x"] * 1000})
    assert (staged.rows, staged.columns, staged.types) == (1000, ("a b", 'q"'), {})
    assert engine.sample(staged, 1000).columns["a b"] == values
    few = list(engine.sample(staged, 50).columns["a b"])
    assert len(few) == 50
    assert few == list(engine.sample(staged, 50).columns["a b"])
    numbers = [int(value) for value in few if value]
    assert numbers == sorted(numbers)
    assert numbers[-1] - numbers[0] > 500
    assert engine.sample(engine.load("none", {"a": []}), 5).columns == {"a": []}


def test_csv_that_duckdb_writes_reads_back_the_same(engine: DuckDBEngine, tmp_path: Path) -> None:
    values = ["", " sp ", "a,b", 'say "hi"', "l1\nl2", "x\ry", "01907", "#c", ' "q"', "NULL", "\\N"]
    engine.load("out", {"a": values, "b": ["", *values[:-1]]})
    engine.execute(
        f"COPY (FROM out SELECT a, b ORDER BY {ROW}) TO '{tmp_path / 'f.csv'}' (FORMAT csv, HEADER)"
    )
    assert rows_of(engine, stage(engine, tmp_path / "f.csv")) == list(
        zip(values, ["", *values[:-1]], strict=True)
    )


def test_a_refused_statement_is_an_error_for_people(engine: DuckDBEngine) -> None:
    with pytest.raises(RdcError, match="RDC250 DuckDB: "):
        engine.query("SELECT nothing FROM nowhere")
    assert engine.query("SELECT ?::DECIMAL(5,2)", ["1.50"]) == [(Decimal("1.50"),)]


def test_a_database_that_cannot_be_opened_is_a_service_error(tmp_path: Path) -> None:
    (tmp_path / "f.duckdb").write_text("this is no database, however long one reads on in it")
    with pytest.raises(ServiceError, match="RDC903 cannot open the database"):
        DuckDBEngine(str(tmp_path / "f.duckdb"))


class Interrupted:
    """A connection as it is when the user interrupts a query: how often DuckDB looks for that is its own affair."""

    def execute(self, *_: object) -> None:
        """Say what DuckDB says then."""
        raise RuntimeError(INTERRUPTED)


def test_an_interrupted_query_is_an_interruption(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = DuckDBEngine()
    monkeypatch.setattr(engine, "_connection", Interrupted())
    with pytest.raises(KeyboardInterrupt):
        engine.query("SELECT 1")
