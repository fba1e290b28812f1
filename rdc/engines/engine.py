"""What an engine does: source -> staged table of text -> rows. A value that is no text is cast, never guessed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from rdc.artifacts.plan import Cell, Sample
    from rdc.artifacts.source import Source

ROW = "__rdc_row"
"""The column that every staged table has beside the source's: the row's position in the file, from 0."""


@dataclass(frozen=True, slots=True)
class StagedTable:
    """A source in the engine, every column as text.

    Attributes:
        table: its name in the engine, not quoted.
        columns: of the source, in its order; the table has `ROW` besides.
        types: the engine's type of each column that was no text in the source, such as `DECIMAL(5,2)`.
            The text casts back to it without loss.
        rows: how many there are.
    """

    table: str
    columns: tuple[str, ...]
    types: Mapping[str, str] = field(default_factory=dict)
    rows: int = 0


class Engine(Protocol):
    """Reads sources, and runs SQL over them."""

    def stage(self, source: Source, root: Path, table: str) -> StagedTable:
        """Read a source into a table, replacing one of that name.

        Args:
            source: what to read.
            root: the folder that its path is relative to.
            table: the name of the table to make.

        Raises:
            SourceError: the source is missing, or is not what it is declared to be.
            ServiceError: a package that reads this format is not installed.
        """
        ...

    def load(self, table: str, columns: Mapping[str, Sequence[Cell]]) -> StagedTable:
        """Make a table, or replace it, of columns held in Python; all have the same length."""
        ...

    def append(self, table: str, columns: Mapping[str, Sequence[Cell]]) -> None:
        """Add rows held in Python to a table that `load` made."""
        ...

    def batches(self, sql: str, size: int) -> Iterator[list[tuple[Any, ...]]]:
        """Run one SELECT and return its rows, so many at a time."""
        ...

    def sample(self, staged: StagedTable, rows: int) -> Sample:
        """Take all rows where there are no more than `rows`, else always the same ones, in their order."""
        ...

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows."""
        ...

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Run statements for their effect."""
        ...

    def make(self, table: str, query: str) -> None:
        """Keep what a SELECT returns, in its order; it may read what had that name, which is gone afterwards."""
        ...

    def define(self, table: str, query: str) -> None:
        """Let a name stand for a SELECT, which must not read what had that name."""
        ...

    def drop(self, table: str) -> None:
        """Let go of what has a name, if anything has."""
        ...

    def answer(self, name: str, answers: Mapping[tuple[Cell, ...], Cell]) -> None:
        """Make a function of SQL that looks a list of texts up, null where there is nothing.

        It costs a call of Python for each row, and leaves the rows in their order, which a join does not.

        Args:
            name: of the function, not quoted.
            answers: by the texts that it is called with.
        """
        ...

    def columns(self, table: str) -> tuple[str, ...]:
        """The names of a table's columns in their order, `ROW` included."""
        ...

    def close(self) -> None:
        """Let the engine go. It may be closed twice."""
        ...


def quote_name(name: str) -> str:
    """A name as a SQL identifier.

    >>> quote_name('a "b" c')
    '"a ""b"" c"'
    """
    return '"' + name.replace('"', '""') + '"'


def quote_text(text: str) -> str:
    """A text as a SQL literal.

    >>> quote_text("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"
