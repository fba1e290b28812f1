# ruff: noqa: S608  # names and texts are quoted by quote_name and quote_text
"""DuckDB: source -> staged table of text, and SQL over it. What its reader would bend is read by Python instead."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rdc.artifacts.diagnostic import Diagnostic, Place
from rdc.artifacts.plan import Sample
from rdc.engines.batches import SMALL, insert_lists, make_table
from rdc.engines.delimited import (
    DelimitedFile,
    check_options,
    count_delimiters,
    count_marks,
    relation_of,
    scan_bytes,
)
from rdc.engines.documents import JsonFile
from rdc.engines.engine import ROW, StagedTable, quote_name, quote_text
from rdc.engines.layout import casts_back, check_names, find_files, table_of
from rdc.engines.relations import FRESH, Relations
from rdc.engines.scratch import FILE_ROW, copy_to, open_scratch, select_file
from rdc.engines.sqlite import read_sqlite
from rdc.engines.workbook import read_sheet
from rdc.errors import ServiceError, SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from rdc.artifacts.plan import Cell
    from rdc.artifacts.source import Source

ATTACHED = "rdc_source"
INTERRUPTED = "Query interrupted"


class DuckDBEngine:
    """An engine in this process, in memory or in a database file.

    Args:
        path: of the database.
        threads: as many as there are processors where it is None.
        scratch: a folder that is made, and removed with all that is in it. With one, files are read where they
            lie as far as that loses nothing, other sources are kept there, and so is what would not fit into `memory`.
        memory: bytes that the engine may hold, with a scratch folder; as its threads need where it is None.
    """

    def __init__(
        self,
        path: str = ":memory:",
        threads: int | None = None,
        *,
        scratch: Path | None = None,
        memory: int | None = None,
    ) -> None:
        import duckdb  # noqa: PLC0415  # commands that read no data start without it

        config: dict[str, Any] = {"threads": threads} if threads else {}
        self._scratch = open_scratch(scratch, threads, memory) if scratch else None
        config |= self._scratch.config if self._scratch else {}
        if path != ":memory:":
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        self._failure = duckdb.Error
        try:
            self._connection = duckdb.connect(path, config=config)
        except duckdb.Error as error:
            hint = "Is it open in another program, or no DuckDB file?"
            raise ServiceError(
                Diagnostic("RDC903", f"cannot open the database {path}: {_first_line(error)}", hint)
            ) from None
        self._relations = Relations(self._connection, self.execute, self._scratch)
        # Text of a timestamp with a zone must not depend on where the machine stands.
        self._connection.execute("SET TimeZone = 'UTC'")
        # Lowered functions share their parts already, and looking for more takes seconds where they are long.
        self._connection.execute("SET disabled_optimizers = 'common_subexpressions'")

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows.

        Raises:
            SourceError: DuckDB refuses the statement, or a value in it.
            KeyboardInterrupt: the user interrupts it; DuckDB says so in an error of its own.
        """
        try:
            return self._connection.execute(sql, list(parameters) or None).fetchall()
        except self._failure as error:
            raise SourceError(Diagnostic("RDC250", f"DuckDB: {_first_line(error)}")) from error
        except RuntimeError as error:
            if str(error) == INTERRUPTED:
                raise KeyboardInterrupt from error
            raise

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Run statements for their effect; raises like `query`."""
        self.query(sql, parameters)

    def make(self, table: str, query: str) -> None:
        """Keep what a SELECT returns, in its order; it may read what had that name, which is gone afterwards."""
        self._relations.make(table, query)

    def define(self, table: str, query: str) -> None:
        """Let a name stand for a SELECT, which must not read what had that name."""
        self._relations.define(table, query)

    def drop(self, table: str) -> None:
        """Let go of what has a name, if anything has."""
        self._relations.drop(table)

    def answer(self, name: str, answers: Mapping[tuple[Cell, ...], Cell]) -> None:
        """Make a function of SQL that looks a list of texts up, null where there is nothing."""
        self._relations.answer(name, answers)

    def columns(self, table: str) -> tuple[str, ...]:
        """The names of a table's columns in their order, `ROW` included."""
        return tuple(row[0] for row in self.query(f"DESCRIBE {quote_name(table)}"))

    def close(self) -> None:
        """Let the database go, and what lay in the scratch folder."""
        self._relations.remove_functions()
        self._connection.close()
        if self._scratch is not None:
            self._scratch.remove()

    def sample(self, staged: StagedTable, rows: int) -> Sample:
        """Take all rows where there are no more than `rows`, else always the same ones, in their order."""
        table, row = quote_name(staged.table), quote_name(ROW)
        chosen = ""
        if staged.rows > rows:
            # A hash of DuckDB's own may change with its version; md5 never does.
            order = f"md5(CAST({row} AS VARCHAR)), {row}"
            chosen = f"WHERE {row} IN (SELECT {row} FROM {table} ORDER BY {order} LIMIT {int(rows)})"
        names = ", ".join(map(quote_name, staged.columns))
        found = self.query(f"SELECT {names} FROM {table} {chosen} ORDER BY {row}")
        values = list(zip(*found, strict=True)) or [()] * len(staged.columns)
        return Sample({name: list(column) for name, column in zip(staged.columns, values, strict=True)})

    def load(self, table: str, columns: Mapping[str, Sequence[Cell]]) -> StagedTable:
        """Make a table, or replace it, of columns held in Python; all have the same length."""
        self.drop(table)
        self._create(table, tuple(columns))
        rows = self._append(table, tuple(columns), list(columns.values()), 0)
        return StagedTable(table, tuple(columns), rows=rows)

    def append(self, table: str, columns: Mapping[str, Sequence[Cell]]) -> None:
        """Add rows held in Python to a table that `load` made."""
        rows = int(self.query(f"SELECT count(*) FROM {quote_name(table)}")[0][0])
        self._append(table, tuple(columns), list(columns.values()), rows)

    def batches(self, sql: str, size: int) -> Iterator[list[tuple[Any, ...]]]:
        """Run one SELECT and return its rows, so many at a time; raises like `query`."""
        cursor = self._connection.cursor()
        try:
            cursor.execute(sql)
            while batch := cursor.fetchmany(size):
                yield batch
        except self._failure as error:
            raise SourceError(Diagnostic("RDC250", f"DuckDB: {_first_line(error)}")) from error
        finally:
            cursor.close()

    def stage(self, source: Source, root: Path, table: str) -> StagedTable:
        """Read a source into a table, replacing one of that name.

        Raises:
            SourceError: the source is missing, or is not what it is declared to be.
            ServiceError: a package that reads this format is not installed.
        """
        readers: dict[str, Callable[[Source, list[tuple[Path, str]], str], StagedTable]] = {
            "csv": self._stage_csv,
            "parquet": self._stage_parquet,
            "duckdb": self._stage_database,
        }
        if source.format in {"postgres", "spark"}:
            fact = f"source {source.name!r} is of format {source.format}, which DuckDB does not read"
            raise SourceError(Diagnostic("RDC203", fact, "Choose a target of that engine."))
        staged = readers.get(source.format, self._stage_read)(source, find_files(source, root), table)
        if self._scratch is not None:
            self.execute(self._scratch.widen(len(staged.columns)))
        return staged

    def _stage_csv(self, source: Source, files: list[tuple[Path, str]], table: str) -> StagedTable:
        """Read csv files: DuckDB reads what it reads to the letter, Python the rest."""
        if problems := check_options(source.options, files[0][1]):
            raise SourceError(*problems)
        parts = [DelimitedFile(path, shown, source.options) for path, shown in files]
        names = check_names([(part.header(), part.shown) for part in parts])
        rows = self._read_fast(parts, names, table)
        if rows is None:
            batches = (list(zip(*batch, strict=True)) for part in parts for batch in part.batches())
            rows = self._fill(table, names, batches, source.options.null_values)
        return StagedTable(table, names, rows=rows)

    def _read_fast(self, parts: list[DelimitedFile], names: tuple[str, ...], table: str) -> int | None:
        """Read csv files with DuckDB's reader; None where it refuses them or may bend a value."""
        options = parts[0].options
        # DuckDB skips blank lines, which are values where there is one column.
        if len(names) == 1 or not parts[0].is_utf8 or not options.delimiter.isascii():
            return None
        scans = [scan_bytes(part.path, options.delimiter) for part in parts]
        if any(scan.odd for scan in scans):
            return None
        relation = relation_of(parts, names)
        kept = self._scratch.name_file(table) if self._scratch else None
        try:
            if kept is None:
                rows = self._select(table, [(name, quote_name(name)) for name in names], relation, ())
            else:
                self._connection.execute(copy_to(kept, f"FROM {relation}"))
                rows = self._show(table, names, kept, ())
        except self._failure:
            return None
        if any(scan.open_ends for scan in scans):
            # DuckDB takes a row with one more, empty, field: then not every delimiter is accounted for.
            found = int(self.query(count_marks(table, names, options.delimiter))[0][0])
            found += count_delimiters(parts, names, rows)
            if sum(scan.delimiters for scan in scans) != found:
                return None
        if kept is None:
            self._set_null(table, names, options.null_values)
        elif options.null_values:
            self._show(table, names, kept, options.null_values)
        return rows

    def _show(self, table: str, names: tuple[str, ...], path: Path, null_values: tuple[str, ...]) -> int:
        """Make a view of a parquet file of nothing but text; returns how many rows there are."""
        self.define(table, select_file(names, path, null_values))
        return int(self.query(f"SELECT count(*) FROM {quote_name(table)}")[0][0])

    def _set_null(self, table: str, names: tuple[str, ...], null_values: tuple[str, ...]) -> None:
        """Make null what stands for null."""
        texts = ", ".join(map(quote_text, null_values))
        for name in map(quote_name, names if null_values else ()):
            self.execute(f"UPDATE {quote_name(table)} SET {name} = NULL WHERE {name} IN ({texts})")

    def _stage_read(self, source: Source, files: list[tuple[Path, str]], table: str) -> StagedTable:
        """Read what Python reads: JSON, Excel and SQLite."""
        tables: list[tuple[tuple[str, ...], str, Sequence[Sequence[Cell]]]] = []
        types: dict[str, str] = {}
        for path, shown in files:
            if source.format == "excel":
                names, rows = read_sheet(path, shown, source.options)
                columns: Sequence[Sequence[Cell]] = list(zip(*rows, strict=True)) or [()] * len(names)
            elif source.format == "sqlite":
                names, rows, types = read_sqlite(path, shown, table_of(source))
                columns = list(zip(*rows, strict=True)) or [()] * len(names)
            else:
                found = JsonFile(path, shown, source.options.encoding, source.format == "jsonl").columns()
                names, columns = tuple(found), list(found.values())
            tables.append((names, shown, columns))
        names = check_names([(names, shown) for names, shown, _ in tables])
        rows_read = self._fill(
            table, names, (columns for _, _, columns in tables), source.options.null_values
        )
        return StagedTable(table, names, types if len(files) == 1 else {}, rows_read)

    def _stage_parquet(self, source: Source, files: list[tuple[Path, str]], table: str) -> StagedTable:
        """Read parquet files, values cast to text."""
        relations = [(f"read_parquet({quote_text(str(path))})", shown) for path, shown in files]
        layouts = [(self._layout(relation, shown), shown) for relation, shown in relations]
        check_names([(tuple(layout), shown) for layout, shown in layouts])
        for layout, shown in layouts[1:]:
            if changed := [name for name, kind in layout.items() if kind != layouts[0][0][name]]:
                fact = f"column {changed[0]!r} is {layout[changed[0]]}, in {files[0][1]} {layouts[0][0][changed[0]]}"
                raise SourceError(
                    Diagnostic("RDC205", fact, "Files of one source have one layout.", Place(shown))
                )
        layout, path = layouts[0][0], files[0][0]
        plain = {*layout.values()} == {"VARCHAR"} and not any(name.lower() == FILE_ROW for name in layout)
        if self._scratch is not None and len(files) == 1 and plain:
            rows = self._show(table, tuple(layout), path, source.options.null_values)
            return StagedTable(table, tuple(layout), rows=rows)
        paths = ", ".join(quote_text(str(path)) for path, _ in files)
        return self._cast(table, layouts[0][0], f"read_parquet([{paths}])", source, files[0][1])

    def _stage_database(self, source: Source, files: list[tuple[Path, str]], table: str) -> StagedTable:
        """Read a table of another DuckDB file, which stays as it is."""
        if len(files) > 1:
            fact = f"source {source.name!r}: {source.path} names {len(files)} databases"
            raise SourceError(Diagnostic("RDC206", fact, "A source is one table of one database."))
        path, shown = files[0]
        name, attached = self._attach(path, shown)
        try:
            wanted = table_of(source)
            schema, _, last = wanted.rpartition(".")
            sql = "SELECT table_schema, table_name FROM information_schema.tables WHERE table_catalog = ? ORDER BY ALL"
            found = self.query(sql, [name])
            if (schema or "main", last) not in found:
                known = [".".join(row) if row[0] != "main" else row[1] for row in found]
                hint = f"It has {', '.join(known)}." if known else "It has none."
                raise SourceError(Diagnostic("RDC241", f"there is no table {wanted!r}", hint, Place(shown)))
            relation = ".".join(map(quote_name, (name, schema or "main", last)))
            return self._cast(table, self._layout(relation, shown), relation, source, shown)
        finally:
            if attached:
                self.execute(f"DETACH {quote_name(name)}")

    def _attach(self, path: Path, shown: str) -> tuple[str, bool]:
        """The name under which a database can be read, and whether it was attached for this."""
        known = self.query("SELECT database_name, path FROM duckdb_databases() WHERE path IS NOT NULL")
        for name, place in known:
            if Path(place).resolve() == path.resolve():
                return name, False
        try:
            self._connection.execute(f"ATTACH {quote_text(str(path))} AS {ATTACHED} (READ_ONLY)")
        except self._failure as error:
            fact = f"DuckDB cannot open this database: {_first_line(error)}"
            raise SourceError(Diagnostic("RDC242", fact, "", Place(shown))) from None
        return ATTACHED, True

    def _layout(self, relation: str, shown: str) -> dict[str, str]:
        """The type of each column of a relation."""
        try:
            found = self._connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
        except self._failure as error:
            raise SourceError(
                Diagnostic("RDC242", f"DuckDB cannot read this: {_first_line(error)}", "", Place(shown))
            ) from None
        return {row[0]: row[1] for row in found}

    def _cast(
        self, table: str, layout: dict[str, str], relation: str, source: Source, shown: str
    ) -> StagedTable:
        """Copy a typed relation as text, and say of which type each column was."""
        names = check_names([(tuple(layout), shown)])
        types = {name: kind for name, kind in layout.items() if kind != "VARCHAR"}
        values = [(n, f"CAST({quote_name(n)} AS VARCHAR)" if n in types else quote_name(n)) for n in names]
        try:
            rows = self._select(table, values, relation, source.options.null_values)
        except self._failure as error:
            raise SourceError(
                Diagnostic("RDC242", f"DuckDB cannot read this: {_first_line(error)}", "", Place(shown))
            ) from None
        kept = {n: kind for n, kind in types.items() if casts_back(self.query, n, kind, relation)}
        return StagedTable(table, names, kept, rows)

    def _select(
        self, table: str, values: list[tuple[str, str]], relation: str, null_values: tuple[str, ...]
    ) -> int:
        """Make a table of a relation's rows in their order; returns how many there are."""
        shown = ", ".join(f"{value} AS {quote_name(name)}" for name, value in values)
        self._connection.execute(
            f"CREATE OR REPLACE TABLE {FRESH} AS "
            f"SELECT row_number() OVER () - 1 AS {quote_name(ROW)}, {shown} FROM {relation}"
        )
        self._relations.take_place(table)
        self._set_null(table, tuple(name for name, _ in values), null_values)
        return int(self.query(f"SELECT count(*) FROM {quote_name(table)}")[0][0])

    def _create(self, table: str, names: Iterable[str]) -> None:
        """Make an empty table of text."""
        columns = "".join(f", {quote_name(name)} VARCHAR" for name in names)
        self.execute(f"CREATE OR REPLACE TABLE {quote_name(table)} ({quote_name(ROW)} BIGINT{columns})")

    def _fill(
        self,
        table: str,
        names: tuple[str, ...],
        batches: Iterable[Sequence[Sequence[Cell]]],
        null_values: tuple[str, ...],
    ) -> int:
        """Make a table of batches of columns, all or nothing; returns how many rows there are."""
        rows = 0
        self.execute("BEGIN")
        try:
            self._create(FRESH, names)
            for batch in batches:
                rows += self._append(FRESH, names, batch, rows)
            self._set_null(FRESH, names, null_values)
            self.execute("COMMIT")
        except BaseException:
            self.execute("ROLLBACK")
            raise
        self._relations.take_place(table)
        return rows

    def _append(
        self, table: str, names: tuple[str, ...], columns: Sequence[Sequence[Cell]], first: int
    ) -> int:
        """Add rows to a table, numbered from `first`; returns how many."""
        count = len(columns[0]) if columns else 0
        if count <= SMALL:
            if count:
                self.execute(insert_lists(table, len(columns), first), columns)
            return count
        self._connection.register("rdc_batch", make_table(names, columns, first))
        try:
            self.execute(f"INSERT INTO {quote_name(table)} SELECT * FROM rdc_batch")
        finally:
            self._connection.unregister("rdc_batch")
        return count


def _first_line(error: Exception) -> str:
    """The first line of a message, which says what is wrong."""
    return str(error).partition("\n")[0].strip()
