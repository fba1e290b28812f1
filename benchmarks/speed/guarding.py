# ruff: noqa: S608  # names are quoted, and the texts are rdc's own
"""A project and its source -> what guarding the SQL of its functions costs, in a process that does nothing else.

The same SELECT is timed twice in turns: every value a function makes and every row it leaves to Python, as a run asks
for them, and the values alone, as if the SQL were exact everywhere. The rows stand in the engine, and the functions
are those that a run leaves to it; of the others it looks the few distinct values up.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rdc.engines.engine import quote_name
from rdc.execution.lowerer import lower_functions
from rdc.execution.transformer import load_cleaner, open_engine
from rdc.frontend.parser import parse_project
from rdc.lowering.pipeline import lower_record
from rdc.runtime.planner import choose_strategies, plan_segments
from rdc.runtime.units import Segment, left, left_out, new_values, select_units

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdc.engines.engine import Engine
    from rdc.runtime.units import Unit

TABLE = "held"
CELLS = 8_000_000
"""That are looked at; of a larger table the first rows."""
TURNS = 7


def time_guard(folder: Path, turns: int = TURNS) -> dict[str, float]:
    """Medians of seconds, by the clock and of the CPU, of both ways, and the share of values that is left to Python.

    Args:
        folder: of a compiled project with one cleaner.
        turns: that each way has, after one that is not counted.
    """
    manifest = parse_project(folder, environ=os.environ)
    [(name, cleaner)] = manifest.cleaners.items()
    loaded = load_cleaner(manifest, name)
    lowered = lower_functions(loaded.record.transforms, loaded.functions)
    engine = open_engine(manifest)
    try:
        staged = engine.stage(manifest.sources[cleaner.source], manifest.root, "source")
        rows = min(staged.rows, CELLS // len(staged.columns))
        engine.execute(f"CREATE TABLE {TABLE} AS SELECT * FROM source LIMIT {rows}")
        guarded = [
            unit
            for _, segment in plan_segments(lower_record(loaded.record, staged.columns), lowered)
            if isinstance(segment, Segment)
            for unit in choose_strategies(engine, TABLE, rows, segment).units
            if unit.strategy == "sql"
        ]
        free = [
            replace(unit, lowered=tuple(replace(text, domain="TRUE") for text in unit.lowered))
            for unit in guarded
        ]
        queries = {"unguarded": write_query(free), "guarded": write_query(guarded)}
        times = _take_turns(engine, queries, turns)
        left_rows = engine.query(queries["guarded"])[0][len(guarded) :]
    finally:
        engine.close()
    shares = [count / rows for count in left_rows] or [0.0]
    return times | {
        "functions": len(guarded),
        "residual": sum(shares) / max(len(guarded), 1),
        "most residual": max(shares),
    }


def write_query(units: Sequence[Unit]) -> str:
    """How many values functions make, and how many rows each leaves to Python where it leaves any."""
    items = [f"count({quote_name(value)})" for unit in units for value in new_values(unit)]
    items += [f"count_if({quote_name(left(unit))})" for unit in units if left_out(unit)]
    return f"SELECT {', '.join(items)} FROM {select_units(units, TABLE)}"


def _take_turns(engine: Engine, queries: Mapping[str, str], turns: int) -> dict[str, float]:
    """The medians of each query; the first of two is another one each turn."""
    walls: dict[str, list[float]] = {name: [] for name in queries}
    spent: dict[str, list[float]] = {name: [] for name in queries}
    for turn in range(turns + 1):
        for name in sorted(queries, reverse=turn % 2 == 0):
            wall, cpu = time.perf_counter(), time.process_time()
            engine.query(queries[name])
            if turn:
                walls[name].append(time.perf_counter() - wall)
                spent[name].append(time.process_time() - cpu)
    return {
        figure: statistics.median(taken)
        for name in queries
        for figure, taken in ((name, walls[name]), (f"{name} CPU", spent[name]))
    }


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(time_guard(Path(sys.argv[1]))), encoding="utf-8")
