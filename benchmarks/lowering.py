"""Python functions -> how many of them become SQL that gives the same, and why the others don't.

    python benchmarks/lowering.py [FOLDER…]

Each folder holds files of one function each, or is one that `rdc compile` wrote. Without any, the functions of a
language model in `functions` of RDC_BENCH_DATA are taken, and what project_example compiles to. Every function is
lowered and checked on DuckDB as `rdc lower` and `rdc compile` do it, with values made to tell SQL from Python.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from rdc.engines.duckdb import DuckDBEngine
from rdc.errors import LoweringError
from rdc.lowering.inspection import inspect_function

REPOSITORY = Path(__file__).parents[1]
SHOWN = 3
"""Names that stand beside a reason."""


@dataclass
class Measured:
    """What became of the functions of one folder.

    Attributes:
        values: how many were tried, of functions that are SQL.
        residual: how many of them took the Python path.
        reasons: why a function stays Python, and which do.
    """

    lowered: int = 0
    values: int = 0
    residual: int = 0
    reasons: dict[str, list[str]] = field(default_factory=dict)

    @property
    def functions(self) -> int:
        """How many there are."""
        return self.lowered + sum(map(len, self.reasons.values()))


def measure_files(folder: Path) -> Measured:
    """Lower the function of each file."""
    measured, engine = Measured(), DuckDBEngine()
    try:
        for path in sorted(folder.glob("*.py")):
            functions = [
                node.name for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)
            ]
            try:
                found = inspect_function(path, functions[-1], engine)
            except LoweringError as error:
                reason = error.problems[0].fact.partition("has no SQL: ")[2]
                measured.reasons.setdefault(reason, []).append(path.stem)
            else:
                measured.lowered += 1
                measured.values += found.checked.values
                measured.residual += found.checked.residual
    finally:
        engine.close()
    return measured


def measure_lock(folder: Path) -> Measured:
    """Read what was checked when a project was compiled."""
    measured = Measured()
    lock = json.loads((folder / "rdc.lock").read_text(encoding="utf-8"))
    for cleaner, locked in lock["cleaners"].items():
        for name, checked in locked.get("sql", {}).items():
            if "digest" in checked:
                measured.lowered += 1
                measured.values += checked["values"]
            else:
                measured.reasons.setdefault(checked["refused"], []).append(f"{cleaner}.{name}")
    return measured


def describe(name: str, measured: Measured) -> str:
    """One folder's tables."""
    share = measured.lowered / measured.functions if measured.functions else 0
    counted = f"{measured.lowered} of {measured.functions} functions are SQL with equal results ({share:.0%})"
    tried = f"checked on {measured.values:,} values"
    if measured.residual:
        tried += f", of which {measured.residual:,} took the Python path"
    lines = [
        f"{name}: {counted}, {tried}.",
        "",
        "| functions | stay Python because of | such as |",
        "|---|---|---|",
    ]
    counts = Counter({reason: len(names) for reason, names in measured.reasons.items()})
    for reason, count in counts.most_common():
        lines.append(f"| {count} | {reason} | {', '.join(measured.reasons[reason][:SHOWN])} |")
    return "\n".join([*lines, ""])


def main() -> None:
    """Measure, and print a table for each folder."""
    parser = argparse.ArgumentParser(description="Measure how many functions become SQL.")
    parser.add_argument("folders", nargs="*", type=Path)
    folders = parser.parse_args().folders
    if not folders:
        data = Path(os.environ.get("RDC_BENCH_DATA", REPOSITORY.parent / "shared" / "bench"))
        folders = [data / "functions", REPOSITORY / "generated"]
    for folder in folders:
        started = time.perf_counter()
        measured = measure_lock(folder) if (folder / "rdc.lock").exists() else measure_files(folder)
        print(describe(folder.name, measured))
        print(f"It took {time.perf_counter() - started:.0f} s.\n")


if __name__ == "__main__":
    main()
