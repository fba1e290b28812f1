from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rdc.artifacts.source import Source
from rdc.engines.duckdb import DuckDBEngine
from rdc.engines.engine import ROW
from rdc.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rdc.artifacts.source import SourceFormat

Rows = list[tuple[str | None, ...]]


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    made = DuckDBEngine()
    yield made
    made.close()


def read(engine: DuckDBEngine, path: Path, content: str | bytes) -> Rows:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    form: SourceFormat = "json" if path.suffix == ".json" else "jsonl"
    engine.stage(Source(name="s", format=form, path=path.name), path.parent, "staged")
    return [tuple(row[1:]) for row in engine.query(f'SELECT * FROM "staged" ORDER BY {ROW}')]  # noqa: S608 - a constant


JSON_LINES = (
    '{"a": 1299.90, "b": true, "s": "x\\u00e9"}\n\n'
    '{"c": [1, 2.50, {"k": null}], "a": 1e5, "b": null}\n{"a": 12345678901234567890123, "s": ""}\n'
)
JSON_ROWS: Rows = [
    ("1299.90", "true", "xé", None),
    ("1e5", None, None, '[1, 2.50, {"k": null}]'),
    ("12345678901234567890123", None, "", None),
]


@pytest.mark.parametrize("name", ["f.jsonl", "f.json"])
def test_json_lines_keep_numbers_as_written(engine: DuckDBEngine, tmp_path: Path, name: str) -> None:
    assert read(engine, tmp_path / name, "\ufeff" + JSON_LINES) == JSON_ROWS
    assert engine.columns("staged") == (ROW, "a", "b", "s", "c")


def test_a_json_array_is_read_like_lines(engine: DuckDBEngine, tmp_path: Path) -> None:
    array = "[" + ",\n".join(line for line in JSON_LINES.splitlines() if line) + "]"
    assert read(engine, tmp_path / "f.json", array) == JSON_ROWS


JSON_REFUSED = {
    "broken": ("f.jsonl", '{"a": 1}\n{"a": \n{"a": 3}\n', "f.jsonl:2:7: RDC220"),
    "broken array": ("f.json", '[{"a": 1},\n{"a" 2}]', "f.json:2:6: RDC220"),
    "no object": ("f.jsonl", '{"a": 1}\n[1]\n', "f.jsonl:2: RDC221 line 2 holds an array"),
    "a number in an array": ("f.json", "[1]", "holds a number"),
    "a key twice": ("f.jsonl", '{"a": 1, "a": 2}', "the key 'a' stands twice"),
    "NaN": ("f.jsonl", '{"a": NaN}', "NaN is no number of JSON"),
    "half a character": ("f.jsonl", '{"a": "\\ud800"}', "half of a character"),
    "empty": ("f.jsonl", "\n", "RDC212"),
    "no keys": ("f.jsonl", "{}", "there are no columns"),
}


@pytest.mark.parametrize("case", JSON_REFUSED)
def test_wrong_json_is_refused_with_file_and_line(engine: DuckDBEngine, tmp_path: Path, case: str) -> None:
    name, content, message = JSON_REFUSED[case]
    with pytest.raises(SourceError) as caught:
        read(engine, tmp_path / name, content)
    assert message in str(caught.value)
