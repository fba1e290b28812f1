# names and texts are quoted by quote_name and quote_text
"""Names -> what they stand for in DuckDB: tables, views, files that are read as tables, and functions that look up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rdc.engines.engine import quote_name, quote_text
from rdc.engines.scratch import copy_to

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from rdc.artifacts.plan import Cell
    from rdc.engines.scratch import Scratch

FRESH = "__rdc_fresh"
"""A table that is being made."""


class Relations:
    """What one connection has by name.

    Args:
        connection: DuckDB's own.
        execute: runs a statement on it, and says what is wrong in our words.
        scratch: where relations are kept; they are tables of the database without one.
    """

    def __init__(self, connection: Any, execute: Callable[[str], None], scratch: Scratch | None) -> None:
        self._connection = connection
        self._execute = execute
        self._scratch = scratch
        self._views: set[str] = set()
        self._files: dict[str, Path] = {}
        self._functions: set[str] = set()

    def make(self, table: str, query: str) -> None:
        """Keep what a SELECT returns, in its order; it may read what had that name, which is gone afterwards."""
        if self._scratch is None:
            self._execute(f"CREATE OR REPLACE TABLE {FRESH} AS {query}")
            self.take_place(table)
            return
        path = self._scratch.name_file(table)
        self._execute(copy_to(path, query))
        self.define(table, f"FROM read_parquet({quote_text(str(path))})")
        self._files[table] = path

    def take_place(self, table: str) -> None:
        """Put the table that was being made in the place of what had a name."""
        self.drop(table)
        self._execute(f"ALTER TABLE {FRESH} RENAME TO {quote_name(table)}")

    def define(self, table: str, query: str) -> None:
        """Let a name stand for a SELECT, which must not read what had that name."""
        self.drop(table)
        self._execute(f"CREATE VIEW {quote_name(table)} AS {query}")
        self._views.add(table)

    def drop(self, table: str) -> None:
        """Let go of what has a name, if anything has."""
        self._execute(f"DROP {'VIEW' if table in self._views else 'TABLE'} IF EXISTS {quote_name(table)}")
        self._views.discard(table)
        if (path := self._files.pop(table, None)) is not None:
            path.unlink(missing_ok=True)

    def answer(self, name: str, answers: Mapping[tuple[Cell, ...], Cell]) -> None:
        """Make a function that looks a list of texts up."""
        if name in self._functions:
            self._connection.remove_function(name)
        self._functions.add(name)
        self._connection.create_function(
            name, lambda texts: answers.get(tuple(texts)), ["VARCHAR[]"], "VARCHAR", null_handling="special"
        )

    def remove_functions(self) -> None:
        """Let go of all functions: DuckDB complains of those that outlive the connection."""
        for name in self._functions:
            self._connection.remove_function(name)
        self._functions.clear()
