"""Three tables of the same shape -> how their cells fared, by the convention of the Raha and Baran papers.

Rows and columns are aligned by position; every cell is text, and a null is an empty one. Precision is exact
repairs / changed cells, recall is exact repairs / wrong cells, and a damaged cell was right before.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

READ_PARQUET = "SELECT COLUMNS(*)::VARCHAR FROM read_parquet(?)"


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a file, column by column."""

    names: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]

    @property
    def shape(self) -> tuple[int, int]:
        """How many columns and rows there are."""
        return len(self.columns), len(self.columns[0]) if self.columns else 0


@dataclass(frozen=True, slots=True)
class Score:
    """How cells fared."""

    wrong: int = 0
    changed: int = 0
    exact: int = 0
    damaged: int = 0

    def __add__(self, other: Score) -> Score:
        """The cells of both."""
        return Score(
            self.wrong + other.wrong,
            self.changed + other.changed,
            self.exact + other.exact,
            self.damaged + other.damaged,
        )

    @property
    def precision(self) -> float:
        """Exact repairs / changed cells."""
        return self.exact / self.changed if self.changed else 0.0

    @property
    def recall(self) -> float:
        """Exact repairs / wrong cells."""
        return self.exact / self.wrong if self.wrong else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    @property
    def damage(self) -> float:
        """Damaged cells as a share of the wrong ones."""
        return self.damaged / self.wrong if self.wrong else 0.0


def read_table(path: Path) -> Table:
    """The cells of a csv or parquet file."""
    if path.suffix == ".parquet":
        import duckdb  # noqa: PLC0415 - csv needs none

        found = duckdb.execute(READ_PARQUET, [str(path)])
        names = tuple(column[0] for column in found.description or ())
        rows: Iterable[Sequence[str | None]] = found.fetchall()
    else:
        with path.open(newline="", encoding="utf-8") as file:
            header, *rows = csv.reader(file)
        names = tuple(header)
    columns = tuple(
        tuple("" if cell is None else cell for cell in cells) for cells in zip(*rows, strict=True)
    )
    return Table(names, columns or ((),) * len(names))


def score_columns(dirty: Table, clean: Table, repaired: Table) -> dict[str, Score]:
    """The score of each column, by its name in the dirty table.

    Raises:
        ValueError: the tables are not of one shape.
    """
    if not dirty.shape == clean.shape == repaired.shape:
        shapes = ", ".join(
            f"{columns} columns and {rows} rows"
            for columns, rows in (dirty.shape, clean.shape, repaired.shape)
        )
        raise ValueError(f"dirty, clean and repaired differ in shape: {shapes}")
    columns = zip(dirty.names, dirty.columns, clean.columns, repaired.columns, strict=True)
    return {name: score_cells(before, truth, after) for name, before, truth, after in columns}


def score_cells(dirty: Sequence[str], clean: Sequence[str], repaired: Sequence[str]) -> Score:
    """Compare the cells of one column."""
    cells = list(zip(dirty, clean, repaired, strict=True))
    return Score(
        wrong=sum(before != truth for before, truth, _ in cells),
        changed=sum(before != after for before, _, after in cells),
        exact=sum(before != truth and after == truth for before, truth, after in cells),
        damaged=sum(before == truth and after != truth for before, truth, after in cells),
    )
