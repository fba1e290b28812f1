# ruff: noqa: S608  # names and texts are quoted by quote_name and quote_text
"""A folder that an engine has for itself -> what DuckDB keeps there, and views of the files; it is gone afterwards."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

from rdc.engines.engine import ROW, quote_name, quote_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

MEMORY, MEMORY_THREAD = 768 << 20, 384 << 20
"""Bytes that an engine holds before it spills: at least, and for each thread."""
NARROW = 12
"""Columns that this is enough for. Each thread holds a group of rows, which is as large as they are wide."""
FILE_ROW = "file_row_number"
"""DuckDB's name for a row's place in its file."""
KEPT = "FORMAT parquet, ROW_GROUP_SIZE 122880, CODEC lz4, PARQUET_VERSION V2, DICTIONARY_SIZE_LIMIT 1000"
"""How files are kept: several groups keep all threads busy, and nothing is worth a search for what compresses best."""


@dataclass(frozen=True, slots=True)
class Scratch:
    """A folder for what need not lie in memory.

    Attributes:
        folder: made empty by `open_scratch`.
        memory: bytes that the engine may hold.
        numbers: of files.
    """

    folder: Path
    memory: int
    numbers: Iterator[int] = field(default_factory=count)

    @property
    def config(self) -> dict[str, Any]:
        """Settings of DuckDB."""
        return {"temp_directory": str(self.folder / "spill"), "memory_limit": f"{self.memory >> 20}MiB"}

    def widen(self, columns: int) -> str:
        """The statement that lets an engine hold rows of so many columns."""
        return f"SET memory_limit = '{max(self.memory, self.memory * columns // NARROW) >> 20}MiB'"

    def name_file(self, table: str) -> Path:
        """A file that no other is called."""
        return self.folder / f"{next(self.numbers)}_{table}.parquet"

    def remove(self) -> None:
        """Remove the folder and all that is in it."""
        shutil.rmtree(self.folder, ignore_errors=True)


def open_scratch(folder: Path, threads: int | None, memory: int | None) -> Scratch:
    """Make a folder, or empty it; the memory is what the threads need where none is named."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return Scratch(folder, memory or max(MEMORY, MEMORY_THREAD * (threads or os.cpu_count() or 1)))


def copy_to(path: Path, query: str) -> str:
    """The statement that keeps what a SELECT returns, in its order, in a parquet file."""
    return f"COPY ({query}) TO {quote_text(str(path))} ({KEPT})"


def select_file(names: Sequence[str], path: Path, null_values: Sequence[str]) -> str:
    """The SELECT of a parquet file of nothing but text, each row with its number."""
    texts = ", ".join(map(quote_text, null_values))
    columns = map(quote_name, names)
    cells = [f"CASE WHEN {c} NOT IN ({texts}) THEN {c} END AS {c}" if texts else c for c in columns]
    return (
        f"SELECT {FILE_ROW} AS {quote_name(ROW)}, {', '.join(cells)} "
        f"FROM read_parquet({quote_text(str(path))}, {FILE_ROW} = true)"
    )
