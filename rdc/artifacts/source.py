"""A source: a file or a table to read, as declared in `sources/*.yml`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from rdc.artifacts.strict import Strict

SourceFormat = Literal["csv", "jsonl", "json", "parquet", "excel", "duckdb", "sqlite", "postgres", "spark"]
TEXT_FORMATS: frozenset[str] = frozenset({"csv", "jsonl", "json"})
DATABASE_FORMATS: frozenset[str] = frozenset({"duckdb", "sqlite", "postgres", "spark"})


class SourceOptions(Strict):
    """How a file is read."""

    delimiter: str = ","
    """One character between the fields of a csv file."""
    encoding: str = "utf-8"
    """A Python codec name, such as `utf-8` or `latin-1`."""
    header: bool = True
    """Whether the first row holds the names; without it columns are `column0`, `column1`, …"""
    null_values: tuple[str, ...] = ()
    """Texts that are read as null."""
    sheet: str | None = None
    """The sheet of an Excel workbook; the first where none is named."""


class Source(Strict):
    """A file or table to read."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
    description: str = ""
    format: SourceFormat
    path: str | None = None
    """Relative to the project; a glob is allowed for files of one layout."""
    table: str | None = None
    """For databases: `schema.table`."""
    options: SourceOptions = SourceOptions()
    tags: tuple[str, ...] = ()


class SourceFile(Strict):
    """One file of `sources/`."""

    version: Literal[1]
    sources: tuple[Source, ...]
