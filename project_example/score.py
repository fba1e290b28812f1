"""Published outputs and their truth -> precision, recall, F1 and damaged cells, on exact text.

Rows are aligned by their key, since duplicates are removed. Precision is exact repairs over changed
cells, recall exact repairs over wrong cells; damaged are cells that were right and are not any more.
A null is an empty field, as in csv. A row that was not published repairs nothing.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FOLDER = Path(__file__).parent
# A cleaner, its key, what it reads, what is true, what it publishes.
CLEANERS = (
    ("orders", "order_id", "data/orders.csv", "truth/orders.csv", "target/orders.parquet"),
    ("products", "product_code", "data/products.jsonl", "truth/products.csv", "target/products.csv"),
)
READERS = {
    ".parquet": "SELECT COLUMNS(*)::VARCHAR FROM read_parquet(?)",
    ".csv": "SELECT * FROM read_csv(?, all_varchar = true, header = true)",
}
Table = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Score:
    """What became of the cells of a column or a table."""

    wrong: int
    changed: int
    exact: int
    damaged: int

    @property
    def precision(self) -> float:
        """Exact repairs over changed cells."""
        return self.exact / self.changed if self.changed else 0.0

    @property
    def recall(self) -> float:
        """Exact repairs over wrong cells."""
        return self.exact / self.wrong if self.wrong else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def by_key(rows: Iterable[Mapping[str, str | None]], key: str) -> Table:
    """Rows by their key, the first of each; a null becomes the empty text."""
    table: Table = {}
    for row in rows:
        table.setdefault(str(row[key]), {name: value or "" for name, value in row.items()})
    return table


def read_feed(path: Path, key: str) -> Table:
    """A csv or jsonl file, as text."""
    with path.open(encoding="utf-8", newline="") as file:
        return by_key(csv.DictReader(file) if path.suffix == ".csv" else map(json.loads, file), key)


def read_output(path: Path, key: str) -> tuple[Table, int]:
    """What was published, every cell cast to text, and how many rows repeat a key."""
    relation = duckdb.connect().execute(READERS[path.suffix], [str(path)])
    names = [column[0] for column in relation.description]
    rows = [dict(zip(names, row, strict=True)) for row in relation.fetchall()]
    table = by_key(rows, key)
    return table, len(rows) - len(table)


def score_columns(dirty: Table, truth: Table, output: Table) -> dict[str, Score]:
    """The scores of each column of the truth, over the rows that have one."""
    counts: dict[str, Counter[str]] = {column: Counter() for column in next(iter(truth.values()))}
    for key, row in truth.items():
        for column, right in row.items():
            before = dirty[key].get(column, "")
            after = output.get(key, dirty[key]).get(column, "")
            counts[column].update(
                wrong=before != right,
                changed=before != after,
                exact=before != right == after,
                damaged=before == right != after,
            )
    return {
        column: Score(count["wrong"], count["changed"], count["exact"], count["damaged"])
        for column, count in counts.items()
    }


def total(scores: Iterable[Score]) -> Score:
    """The score of many columns together."""
    each = list(scores)
    return Score(
        sum(s.wrong for s in each),
        sum(s.changed for s in each),
        sum(s.exact for s in each),
        sum(s.damaged for s in each),
    )


def line(name: str, score: Score) -> str:
    """One line of the table."""
    return (
        f"{name:24}{score.wrong:8,}{score.changed:9,}{score.exact:8,}"
        f"{score.precision:8.3f}{score.recall:8.3f}{score.f1:8.3f}{score.damaged:9,}"
    )


def tell_cleaner(name: str, key: str, paths: Iterable[str], *, per_column: bool) -> str:
    """Print the lines of one cleaner; a note on its rows."""
    feed, right, published = (FOLDER / path for path in paths)
    if not published.is_file():
        print(f"{name:24}not published")
        return f"{name}: {published.relative_to(FOLDER)} is not there; `rdc build` says why"
    truth, (output, repeated) = read_feed(right, key), read_output(published, key)
    columns = score_columns(read_feed(feed, key), truth, output)
    print(line(name, total(columns.values())))
    if per_column:
        print("\n".join(line(f"  {column}", score) for column, score in columns.items()))
    absent, unknown = len(truth.keys() - output.keys()), len(output.keys() - truth.keys())
    return (
        f"{name}: {len(output):,} rows published; {absent} held back that have a truth, "
        f"{unknown} published that have none, {repeated} repeated keys"
    )


def main() -> None:
    """Print the table, and what became of the rows below it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--per-column", action="store_true")
    per_column = parser.parse_args().per_column
    print(f"{'cleaner':24}{'wrong':>8}{'changed':>9}{'exact':>8}{'P':>8}{'R':>8}{'F1':>8}{'damaged':>9}")
    notes = [tell_cleaner(name, key, paths, per_column=per_column) for name, key, *paths in CLEANERS]
    print("\n".join(["", *notes]))


if __name__ == "__main__":
    main()
