"""Several sandboxes answer as one does, in the order of the values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rdc.harness import workers
from rdc.harness.sandbox import Sandbox
from rdc.harness.workers import Workers

if TYPE_CHECKING:
    from rdc.artifacts.plan import Cell, Row

COLUMN = "def shout(value):\n    if value == '7':\n        raise ValueError(value)\n    return value and value + '!'\n"
ROW = "def pick(row):\n    return {'b': row['a']}\n"


@pytest.mark.parametrize("count", [1, 3])
def test_values_are_shared_and_come_back_in_order(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(workers, "LEAST", 4)
    values: list[Cell] = [None, *map(str, range(16))]
    rows: list[Row] = [{"a": value} for value in values]
    with Sandbox() as alone, Workers(alone, count) as shared:
        assert shared.map_column(COLUMN, "shout", values) == alone.map_column(COLUMN, "shout", values)
        assert shared.map_rows(ROW, "pick", rows) == alone.map_rows(ROW, "pick", rows)
        assert [outcome.value for outcome in shared.map_column(COLUMN, "shout", ["a"])] == ["a!"]
