"""Dirty tables of several sizes -> what `rdc run` and other ways to clean them take: seconds, CPU and memory.

Every run is a process of its own, the contenders take turns, and what comes out is compared with what plain Python makes.
recursive-cleaner is measured where RDC_BENCH_PEER names the Python of an environment that has it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from speed.measuring import Usage, measure
from speed.project import Project, environment
from speed.reporting import describe_machine, print_report
from speed.tables import count_differences, make_table

if TYPE_CHECKING:
    from collections.abc import Sequence

TABLES = ((100_000, 8), (1_000_000, 8), (10_000_000, 8), (1_000_000, 60))
FORMATS = ("parquet", "csv")
CONTENDERS = ("copy", "rdc", "polars", "duckdb", "python", "pandas", "recursive-cleaner")
REFERENCES = ("import", "checks", "guard")
"""What rdc's time is compared with: Great Expectations loaded as its gate does, its checks as one aggregate by hand, and
the SQL of its functions with and without their guards."""
TELLING = ("checks", "guard")
"""Those that write figures of their own."""
LOAD = "from rdc.runtime.serving import make_context; make_context()"
RUNS, LARGE = 3, 20_000_000
"""Runs of a table, and cells from which there is one only."""
PEER = "RDC_BENCH_PEER"
SECONDS, SHARE = 3600.0, 0.7
"""That one run may take, of the clock and of the machine's memory."""


@dataclass(slots=True)
class Result:
    """What the runs of one contender on one table took.

    Attributes:
        runs: those that ended well, or the one that did not.
        phases: seconds of each phase of rdc, or what else a run tells, by run.
        differences: cells by column that are not what plain Python makes; None where nothing was compared.
    """

    rows: int
    columns: int
    format: str
    contender: str
    runs: list[Usage] = field(default_factory=list)
    phases: list[dict[str, float]] = field(default_factory=list)
    differences: dict[str, int] | None = None

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        own = {name: getattr(self, name) for name in self.__slots__}
        return {**own, "runs": [usage.as_data() for usage in self.runs]}


class Round:
    """The measurements of one table.

    Args:
        folder: for the table, the project and what is made; emptied by whoever made it.
        shape: rows, columns and format of the table.
        names: of the contenders.
        memory: bytes that a run may take.
    """

    def __init__(self, folder: Path, shape: tuple[int, int, str], names: Sequence[str], memory: int) -> None:
        rows, columns, format_ = shape
        self._folder, self._memory = folder, memory
        self._table = folder / f"dirty.{format_}"
        self._expected = folder / f"expected.{format_}"
        make_table(self._table, rows, columns)
        wanted = [*names, *REFERENCES] if "rdc" in names else [*names]
        self.results = {name: Result(rows, columns, format_, name) for name in wanted}
        self._project = Project(folder / "project", format_, columns) if "rdc" in names else None

    def run(self, times: int) -> list[Result]:
        """Measure every contender so often, in turns; one that fails has no second turn."""
        expected = self._measure("python", self._expected)
        if expected.failure:
            raise SystemExit(f"plain Python fails on the table: {expected.failure}")
        for _ in range(times):
            for name, result in self.results.items():
                if not any(usage.failure for usage in result.runs):
                    self._take_turn(name, result)
        return [*self.results.values()]

    def _take_turn(self, name: str, result: Result) -> None:
        """Measure one contender once, and look at what it made the first time."""
        output = (
            self._project.output
            if self._project and name == "rdc"
            else self._folder / f"{name}.{result.format}"
        )
        usage = self._measure(name, output)
        result.runs = [usage] if usage.failure else [*result.runs, usage]
        print(
            f"{result.rows:,} x {result.columns} {result.format} {name}: {usage}", file=sys.stderr, flush=True
        )
        if not usage.failure:
            if name in TELLING:
                result.phases.append(json.loads(output.read_text(encoding="utf-8")))
            elif name == "rdc" and self._project:
                result.phases.append(self._project.read_phases())
            if name not in ("copy", *REFERENCES) and result.differences is None:
                result.differences = count_differences(self._expected, output)
        output.unlink(missing_ok=True)

    def _measure(self, name: str, output: Path) -> Usage:
        """Run one contender once."""
        if name == "rdc" and self._project:
            command = self._project.command(self._table)
        elif name == "guard" and self._project:
            command = [sys.executable, "-m", "speed.guarding", str(self._project.folder), str(output)]
        elif name == "import":
            # What the gate's process does before it has a request, and no more, so that the least is subtracted.
            command = [sys.executable, "-P", "-W", "ignore", "-c", LOAD]
        else:
            python = os.environ[PEER] if name == "recursive-cleaner" else sys.executable
            table = self._expected if name == "checks" else self._table
            command = [python, "-m", "speed.contenders", name, str(table), str(output)]
        return measure(command, environment(), self._folder, seconds=SECONDS, memory=self._memory)


def choose_contenders(names: Sequence[str]) -> list[str]:
    """The contenders that can be measured here; says which are not."""
    chosen = [name for name in CONTENDERS if name in names]
    if "recursive-cleaner" in chosen and not Path(os.environ.get(PEER, "/nowhere")).is_file():
        chosen.remove("recursive-cleaner")
        print(f"recursive-cleaner is left out: {PEER} names no Python that has it\n")
    return chosen


def parse_arguments() -> argparse.Namespace:
    """What is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--rows", type=int, nargs="+", help="with --columns; without both, the four usual tables"
    )
    parser.add_argument("--columns", type=int, nargs="+")
    parser.add_argument("--format", choices=FORMATS, nargs="+", default=FORMATS)
    parser.add_argument("--contender", choices=CONTENDERS, nargs="+", default=CONTENDERS)
    parser.add_argument(
        "--runs", type=int, help=f"{RUNS} if not given, 1 for tables of {LARGE:,} cells and more"
    )
    parser.add_argument("--json", type=Path, help="where all figures go")
    return parser.parse_args()


def main() -> int:
    """Print the tables; 1 where rdc fails, or a contender makes something else than plain Python does."""
    given = parse_arguments()
    sizes = [(rows, columns) for rows in given.rows or [1_000_000] for columns in given.columns or [8]]
    sizes = sizes if given.rows or given.columns else [*TABLES]
    names = choose_contenders(given.contender)
    memory = int(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * SHARE)
    results: list[Result] = []
    for rows, columns in sizes:
        for format_ in given.format:
            with tempfile.TemporaryDirectory(prefix="rdc-speed-") as scratch:
                table = Round(Path(scratch), (rows, columns, format_), names, memory)
                results += table.run(given.runs or (RUNS if rows * columns < LARGE else 1))
    machine = describe_machine(os.environ.get(PEER))
    data = [result.as_data() for result in results]
    print_report(machine, data)
    if given.json:
        given.json.write_text(
            json.dumps({"machine": machine, "results": data}, indent=2) + "\n", encoding="utf-8"
        )
    failed = any(result.contender == "rdc" and result.runs[-1].failure for result in results)
    return int(failed or any(result.differences for result in results))


if __name__ == "__main__":
    sys.exit(main())
