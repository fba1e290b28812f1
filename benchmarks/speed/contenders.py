# ruff: noqa: S608  # names are the benchmark's own
"""A contender's name, a dirty table and a place -> the cleaned table there, in a process that does nothing else.

Every contender imports its own libraries alone, and those in Python call the same functions.
"""

from __future__ import annotations

import csv
import io
import json
import multiprocessing
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from speed import functions
from speed.tables import WRITERS, name_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

PROCESSES = 2
CHUNK = 1 << 23
"""Bytes of csv that one task of a process is."""
TEXT = "read_csv('{}', all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"')"
READERS = {"parquet": "read_parquet('{}')", "csv": TEXT}
NO_MACROS: Mapping[str, str] = {}
CLEANING = "from speed.contenders import clean_record as clean_data\n"
"""The file of functions that recursive-cleaner loads."""


def copy(table: Path, output: Path) -> None:
    """The floor: DuckDB reads everything, changes nothing and writes everything."""
    _query(table, output, "{name}")


def duckdb(table: Path, output: Path) -> None:
    """SQL that a person wrote."""
    from speed.hand_written import MACROS  # noqa: PLC0415 - others do without

    _query(table, output, "clean_{kind}({name}) AS {name}", MACROS)


def polars(table: Path, output: Path) -> None:
    """Expressions that a person wrote, on polars' streaming engine."""
    import polars as pl  # noqa: PLC0415 - only what is measured is loaded
    from speed.hand_written import write_polars  # noqa: PLC0415 - the same

    if table.suffix == ".csv":
        frame = pl.scan_csv(table, infer_schema=False, empty_string_is_null=False)
    else:
        frame = pl.scan_parquet(table)
    names = frame.collect_schema().names()
    cleaned = frame.select([write_polars(*pair) for pair in name_columns(len(names)).items()])
    if output.suffix == ".csv":
        cleaned.sink_csv(output)
    else:
        cleaned.sink_parquet(output, compression="snappy")


def pandas(table: Path, output: Path) -> None:
    """The functions, column by column, by `Series.map`."""
    import pandas as pd  # type: ignore[import-untyped]  # noqa: PLC0415 - it has no types; only what is measured is loaded

    parquet = table.suffix == ".parquet"
    frame = pd.read_parquet(table) if parquet else pd.read_csv(table, dtype=str, keep_default_na=False)
    for name, function in _list_functions(len(frame.columns)).items():
        frame[name] = frame[name].map(function, na_action="ignore")
    if parquet:
        frame.to_parquet(output, index=False)
    else:
        frame.to_csv(output, index=False)


def python(table: Path, output: Path) -> None:
    """The functions in two processes, each of which reads and cleans a part at a time; a third writes."""
    (_map_parquet if table.suffix == ".parquet" else _map_csv)(table, output)


def recursive_cleaner(table: Path, output: Path) -> None:
    """recursive-cleaner's own `apply`, record by record; runs in an environment that has it."""
    from recursive_cleaner.apply import apply_cleaning  # noqa: PLC0415 - only one environment has it

    own = output.with_name("cleaning_functions.py")
    own.write_text(CLEANING, encoding="utf-8")
    apply_cleaning(str(table), str(own), str(output))


def checks(table: Path, output: Path) -> None:
    """What the expectations of the project check, in one aggregate by hand; writes how long it took."""
    import duckdb as engine  # noqa: PLC0415 - only what is measured is loaded
    from speed.project import count_failing  # noqa: PLC0415 - the same

    relation = READERS[table.suffix[1:]].format(table)
    with engine.connect() as connection:
        columns = len(connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall())
        start = time.perf_counter()
        connection.execute(f"SELECT {count_failing(columns)} FROM {relation}").fetchall()
        output.write_text(json.dumps({"query": time.perf_counter() - start}), encoding="utf-8")


def clean_record(record: dict[str, str | None]) -> dict[str, str | None]:
    """Put each field through its function."""
    if not RECORD:
        RECORD.update(_list_functions(len(record)))
    return {name: RECORD[name](value) for name, value in record.items()}


RECORD: dict[str, Callable[[str | None], str | None]] = {}


def _query(table: Path, output: Path, item: str, macros: Mapping[str, str] = NO_MACROS) -> None:
    """Let DuckDB write what it makes of each column."""
    import duckdb as engine  # noqa: PLC0415 - only what is measured is loaded

    relation = READERS[table.suffix[1:]].format(table)
    with engine.connect() as connection:
        for signature, sql in macros.items():
            connection.execute(f"CREATE MACRO {signature} AS {sql}")
        known = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
        items = [item.format(name=name, kind=kind) for name, kind in name_columns(len(known)).items()]
        query = f"SELECT {', '.join(items)} FROM {relation}"
        connection.execute(f"COPY ({query}) TO '{output}' ({WRITERS[output.suffix[1:]]})")


def _list_functions(columns: int) -> dict[str, Callable[[str | None], str | None]]:
    """The function of each column."""
    return {name: getattr(functions, f"clean_{kind}") for name, kind in name_columns(columns).items()}


def _map_parquet(table: Path, output: Path) -> None:
    """Clean a parquet file, a row group at a time."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - only what is measured is loaded

    with pq.ParquetFile(table) as file:
        groups, schema = file.num_row_groups, file.schema_arrow
    tasks = [(str(table), number) for number in range(groups)]
    with pq.ParquetWriter(output, schema) as writer, multiprocessing.Pool(PROCESSES) as pool:
        for cleaned in pool.imap(_clean_group, tasks):
            writer.write_table(cleaned)


def _clean_group(task: tuple[str, int]) -> Any:
    """The cleaned rows of one row group."""
    import pyarrow as pa  # noqa: PLC0415 - only what is measured is loaded
    import pyarrow.parquet as pq  # noqa: PLC0415 - the same

    path, number = task
    with pq.ParquetFile(path) as file:
        group = file.read_row_group(number)
    known = _list_functions(group.num_columns)
    columns = [pa.array([known[n](v) for v in group[n].to_pylist()], pa.string()) for n in group.column_names]
    return pa.table(columns, schema=group.schema)


def _map_csv(table: Path, output: Path) -> None:
    """Clean a csv file without line breaks in its fields, some megabytes at a time."""
    with table.open("rb") as file:
        header = file.readline()
    columns = header.count(b",") + 1
    tasks = [(str(table), start, end, columns) for start, end in _split_bytes(table, len(header))]
    with output.open("wb") as file, multiprocessing.Pool(PROCESSES) as pool:
        file.write(header)
        for cleaned in pool.imap(_clean_bytes, tasks):
            file.write(cleaned)


def _split_bytes(table: Path, start: int) -> Iterator[tuple[int, int]]:
    """Parts of a file that end where a line does."""
    size = table.stat().st_size
    with table.open("rb") as file:
        while start < size:
            file.seek(min(start + CHUNK, size))
            file.readline()
            yield start, (start := file.tell())


def _clean_bytes(task: tuple[str, int, int, int]) -> bytes:
    """The cleaned rows of one part, as csv."""
    path, start, end, columns = task
    with Path(path).open("rb") as file:
        file.seek(start)
        text = file.read(end - start).decode()
    known = list(_list_functions(columns).values())
    made = io.StringIO(newline="")
    rows = csv.reader(io.StringIO(text, newline=""))
    csv.writer(made, lineterminator="\n").writerows(
        [function(value) for function, value in zip(known, row, strict=True)] for row in rows
    )
    return made.getvalue().encode()


CONTENDERS = {
    "copy": copy,
    "polars": polars,
    "duckdb": duckdb,
    "python": python,
    "pandas": pandas,
    "recursive-cleaner": recursive_cleaner,
    "checks": checks,
}

if __name__ == "__main__":
    multiprocessing.set_start_method("fork" if os.name == "posix" and sys.platform == "linux" else "spawn")
    CONTENDERS[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
