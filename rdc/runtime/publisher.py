# ruff: noqa: S608  # names and texts are quoted by quote_name and quote_text
"""A checked table -> the output, whole or not at all; the one before stays until the new one stands."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rdc.artifacts.diagnostic import Diagnostic
from rdc.engines.engine import quote_name, quote_text
from rdc.errors import RdcError, RunError, ServiceError
from rdc.runtime.casts import cast_column

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from rdc.artifacts.cleaner import Output
    from rdc.artifacts.transform import Transform
    from rdc.engines.engine import Engine

ROW_GROUP = 122_880
"""Rows of a parquet group; a file of one group keeps its reader on one thread."""
ATTACHED = "rdc_target"
READERS = {
    "parquet": "read_parquet({})",
    "csv": "read_csv({}, all_varchar = true, header = true)",
    "jsonl": "read_json({}, format = 'newline_delimited')",
}
MEMORY = ":memory:"


@dataclass(frozen=True, slots=True)
class Publication:
    """What is to be published.

    Attributes:
        table: of the engine, every column as text, the rows in the source's order.
        columns: of the output, in order.
        types: declared types, of columns that are not text. Every value is of its type by now.
        source_types: the engine's types of columns that no transform wrote, of a source that has types.
        metadata: what a parquet file carries: `rdc.cleaner`, `rdc.version`, `rdc.lock`.
    """

    cleaner: str
    table: str
    columns: tuple[str, ...]
    types: Mapping[str, str] = field(default_factory=dict)
    source_types: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, str] = field(default_factory=dict)


def untouched_types(types: Mapping[str, str], transforms: Iterable[Transform]) -> dict[str, str]:
    """The source's own types of the columns that no transform writes."""
    written = {column for transform in transforms for column in transform.writes}
    return {column: type_ for column, type_ in types.items() if column not in written}


def publish(
    engine: Engine,
    publication: Publication,
    output: Output,
    *,
    root: Path,
    folder: Path,
    database: str = MEMORY,
) -> str:
    """Publish a table in the source's order of rows.

    Args:
        engine: where the table is.
        publication: what is published.
        output: the format and, where it is declared, the place.
        root: the project; a path is relative to it.
        folder: where a file goes whose path is not declared.
        database: the target's database file, for `format: table`.

    Returns:
        Where it is now: a path as declared, or `table <name>`.

    Raises:
        RunError: the output cannot be written there.
        ServiceError: the target's database is in use elsewhere.
    """
    if output.format == "table":
        return _publish_table(engine, publication, output.table or publication.cleaner, root, database)
    if output.path is None:
        path = folder / f"{publication.cleaner}.{output.format}"
        shown = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
    else:
        path, shown = root / output.path, output.path
    try:
        _replace_file(path, lambda partial: engine.execute(_copy(publication, output.format, partial)))
    except (OSError, RdcError) as error:
        raise RunError(Diagnostic("RDC731", f"cannot write {shown}: {error}")) from error
    return shown


@contextlib.contextmanager
def open_published(engine: Engine, output: Output, path: Path) -> Iterator[str | None]:
    """A relation of what is published now, or None where nothing is.

    Args:
        engine: where it is read.
        output: the format and, for a table, its name.
        path: of the file, or of the database that holds the table.
    """
    if not path.is_file():
        yield None
    elif output.format != "table":
        yield READERS[output.format].format(quote_text(str(path)))
    else:
        with _attached(engine, path) as catalog:
            schema, _, name = (output.table or "").rpartition(".")
            place = [catalog, schema or "main", name]
            there = engine.query(
                "SELECT 1 FROM duckdb_tables() WHERE (database_name, schema_name, table_name) = (?, ?, ?)",
                place,
            )
            yield ".".join(map(quote_name, place)) if there else None


def write_table(engine: Engine, query: str, path: Path, options: str = "", *, ordered: bool = True) -> None:
    """Write what a SELECT returns into a parquet file, whole or not at all.

    Args:
        engine: runs the SELECT.
        query: the SELECT.
        path: of the file.
        options: of COPY, beside those of every file.
        ordered: whether the rows keep their order; where they need not, none of them waits for others in memory.
    """
    written = ", ".join(
        filter(None, ("FORMAT parquet", f"ROW_GROUP_SIZE {ROW_GROUP}", "USE_TMP_FILE false", options))
    )
    engine.execute(f"SET preserve_insertion_order = {ordered}")
    try:
        _replace_file(
            path, lambda partial: engine.execute(f"COPY ({query}) TO {quote_text(str(partial))} ({written})")
        )
    finally:
        engine.execute("RESET preserve_insertion_order")


def _copy(publication: Publication, format_: str, path: Path) -> str:
    """The COPY statement of one file."""
    metadata = ", ".join(f"{quote_text(k)}: {quote_text(v)}" for k, v in publication.metadata.items())
    options = {
        "parquet": f"FORMAT parquet, ROW_GROUP_SIZE {ROW_GROUP}"
        + f", KV_METADATA {{{metadata}}}" * bool(metadata),
        "csv": "FORMAT csv, HEADER true",
        "jsonl": "FORMAT json",
    }
    query = select_output(publication, _csv_cell(publication) if format_ == "csv" else "{0}")
    return f"COPY ({query}) TO {quote_text(str(path))} ({options[format_]}, USE_TMP_FILE false)"


def _csv_cell(publication: Publication) -> str:
    """How a cell is written to csv, where null and the empty string are both an empty field."""
    # A row of one empty field would be an empty line, which readers skip: there it is written as "".
    alone = len(publication.columns) == 1
    return "coalesce(CAST({0} AS VARCHAR), '')" if alone else "nullif(CAST({0} AS VARCHAR), '')"


def select_output(publication: Publication, cell: str = "{0}") -> str:
    """The SELECT of the output's columns, cast, in the source's order of rows."""
    items = []
    for column in publication.columns:
        name = quote_name(column)
        if column in publication.types:
            value = cast_column(column, publication.types[column])
        elif column in publication.source_types:
            value = f"CAST({name} AS {publication.source_types[column]})"
        else:
            value = name
        items.append(f"{cell.replace('{0}', value)} AS {name}")
    return f"SELECT {', '.join(items)} FROM {quote_name(publication.table)}"


def _replace_file(path: Path, write: Callable[[Path], None]) -> None:
    """Write a file beside the one that it replaces, and put it in its place once it is on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # What a killed run left behind.
    for stale in path.parent.glob(f".{path.name}.*.partial"):
        stale.unlink(missing_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        write(partial)
        _sync(partial)
        partial.replace(path)
        _sync(path.parent)
    finally:
        partial.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """Have the disk hold what was written."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _publish_table(engine: Engine, publication: Publication, table: str, root: Path, database: str) -> str:
    """Replace a table of the target's database in one transaction."""
    if database == MEMORY:
        raise RunError(
            Diagnostic("RDC732", f"table '{table}' would be gone after the run", "Give the target a `path`.")
        )
    with _attached(engine, root / database) as catalog:
        schema, _, name = table.rpartition(".")
        place = f"{quote_name(catalog)}.{quote_name(schema or 'main')}"
        fresh = quote_name(f"__rdc_{name}")
        engine.execute("BEGIN")
        try:
            engine.execute(f"CREATE SCHEMA IF NOT EXISTS {place}")
            engine.execute(f"CREATE OR REPLACE TABLE {place}.{fresh} AS {select_output(publication)}")
            engine.execute(f"DROP TABLE IF EXISTS {place}.{quote_name(name)}")
            engine.execute(f"ALTER TABLE {place}.{fresh} RENAME TO {quote_name(name)}")
            engine.execute("COMMIT")
        except BaseException as error:
            # A failed COMMIT has ended the transaction already.
            with contextlib.suppress(RdcError):
                engine.execute("ROLLBACK")
            if isinstance(error, RdcError):
                raise RunError(Diagnostic("RDC733", f"cannot publish table '{table}': {error}")) from error
            raise
    return f"table {table}"


@contextlib.contextmanager
def _attached(engine: Engine, path: Path) -> Iterator[str]:
    """The name of a database in the engine, attached for as long as it is needed."""
    known = engine.query("SELECT database_name, path FROM duckdb_databases() WHERE path IS NOT NULL")
    for name, place in known:
        if Path(place).resolve() == path.resolve():
            yield name
            return
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        engine.execute(f"ATTACH {quote_text(str(path))} AS {ATTACHED}")
    except RdcError as error:
        hint = "Is it open in another program, or no DuckDB file?"
        raise ServiceError(Diagnostic("RDC922", f"cannot open the database {path}: {error}", hint)) from error
    try:
        yield ATTACHED
    finally:
        engine.execute(f"DETACH {ATTACHED}")
