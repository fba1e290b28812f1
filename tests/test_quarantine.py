from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from rdc.engines.duckdb import DuckDBEngine
from rdc.runtime.quarantine import Quarantine

if TYPE_CHECKING:
    from pathlib import Path


def test_rows_are_kept_back_whole_with_all_their_reasons(tmp_path: Path) -> None:
    engine = DuckDBEngine()
    staged = engine.load("source", {"id": ["1", "2", "3"], "size": ["12 oz", None, ""]})
    engine.load("clean", {"id": ["1", "2", "3"]})
    quarantine = Quarantine(engine)
    quarantine.add_rows([2, 0], "it's odd")
    quarantine.add_rows([0], "again")
    quarantine.add_rows([0], "again")
    quarantine.add_rows([], "never")
    quarantine.add("SELECT __rdc_row, 'late' FROM source WHERE id = '3'")
    quarantine.take_out("clean")
    assert engine.query("SELECT id FROM clean") == [("2",)]
    assert quarantine.reasons() == {"it's odd": 2, "again": 1, "late": 1}
    path = tmp_path / "beers" / "quarantine.parquet"
    assert quarantine.write(staged, path) == 2
    assert pq.read_table(path).to_pylist() == [
        {"id": "1", "size": "12 oz", "__rdc_row": 0, "__rdc_reasons": ["again", "it's odd"]},
        {"id": "3", "size": "", "__rdc_row": 2, "__rdc_reasons": ["it's odd", "late"]},
    ]
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    assert Quarantine(engine).write(staged, path) == 0
    assert not path.exists()
    engine.close()
