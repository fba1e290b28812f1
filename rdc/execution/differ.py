"""A transformed source -> what a run would change: cells by transform, and rows against what is published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rdc.engines.engine import quote_name, quote_text
from rdc.runtime.publisher import open_published, select_output

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rdc.artifacts.cleaner import Cleaner
    from rdc.artifacts.module import Record
    from rdc.artifacts.transform import Evidence
    from rdc.engines.engine import Engine
    from rdc.execution.transformer import Transformed
    from rdc.runtime.publisher import Publication

SHOWN = 3
"""Changes that are shown of each transform and column."""


def list_changes(engine: Engine, transformed: Transformed, record: Record) -> list[dict[str, Any]]:
    """The cells that each transform alters in each column, with the most frequent changes.

    How many of them have no finding is what the transform's evidence has for as many cells of the sample.

    Returns:
        By transform in the order of the steps: `transform`, `column`, `cells`, `cells_without_finding`, and
        `examples`, a list of before, after and how many cells that is.
    """
    table = quote_name(transformed.applied.changes)
    shares = {transform.name: _share_unexplained(transform.evidence) for transform in record.transforms}
    found = []
    for (transform, column), cells in transformed.changes.items():
        where = f'transform = {quote_text(transform)} AND "column" = {quote_text(column)}'
        examples = engine.query(
            f"SELECT before, after, count(*) AS n FROM {table} WHERE {where} "  # noqa: S608 - quoted
            f"GROUP BY ALL ORDER BY n DESC, before, after LIMIT {SHOWN}"
        )
        found.append(
            {
                "transform": transform,
                "column": column,
                "cells": cells,
                "cells_without_finding": round(cells * shares.get(transform, 1.0)),
                "examples": [list(example) for example in examples],
            }
        )
    return found


def _share_unexplained(evidence: Evidence) -> float:
    """What share of changed cells has no finding; all of them where the sample shows none."""
    return evidence.cells_without_finding / evidence.cells_changed if evidence.cells_changed else 1.0


def compare_published(
    engine: Engine, cleaner: Cleaner, publication: Publication, path: Path
) -> dict[str, int] | None:
    """Count the rows that a run would add, remove or change, by the cleaner's key.

    Args:
        engine: where the cleaned table is.
        cleaner: for its key and output; without a key a row is known by its position.
        publication: what would be published.
        path: of the published file, or of the database that holds the table.

    Returns:
        `added`, `removed`, `changed` and `same` rows, or None where nothing is published yet, or its key
        has other columns.
    """
    output = cleaner.output.model_copy(update={"table": cleaner.output.table or cleaner.name})
    with open_published(engine, output, path) as relation:
        if relation is None:
            return None
        described = engine.query(f"DESCRIBE SELECT * FROM {relation}")  # noqa: S608 - quoted
        known = {str(row[0]) for row in described}
        columns = [name for name in publication.columns if name in known]
        if not {*cleaner.key} <= {*columns}:
            return None
        _number_rows(engine, "rdc_published", relation, cleaner.key, columns)
    _number_rows(engine, "rdc_cleaned", f"({select_output(publication)})", cleaner.key, columns)
    both = "c.k IS NOT NULL AND p.k IS NOT NULL"
    (counts,) = engine.query(
        f"SELECT count(*) FILTER (p.k IS NULL), count(*) FILTER (c.k IS NULL), "  # noqa: S608 - our own names
        f"count(*) FILTER ({both} AND c.v != p.v), count(*) FILTER ({both} AND c.v = p.v) "
        "FROM rdc_cleaned c FULL JOIN rdc_published p ON c.k = p.k"
    )
    return dict(zip(("added", "removed", "changed", "same"), map(int, counts), strict=True))


def _number_rows(
    engine: Engine, table: str, relation: str, key: Sequence[str], columns: Sequence[str]
) -> None:
    """Make a table of each row's key, told apart where it is repeated, and of its cells, as text."""
    # Csv has no null: there both are an empty field.
    cells = ", ".join(f"coalesce(CAST({quote_name(name)} AS VARCHAR), '')" for name in columns)
    names = ", ".join(f"coalesce(CAST({quote_name(name)} AS VARCHAR), '')" for name in key)
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT [{', '.join(filter(None, [names, 'n']))}] AS k, v FROM ("  # noqa: S608
        f"SELECT *, CAST(row_number() OVER ({f'PARTITION BY {names}' if names else ''}) AS VARCHAR) AS n, "
        f"[{cells}] AS v FROM {relation})"
    )
