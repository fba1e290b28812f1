"""Commands of a project -> the CPU time that each takes, beside what its interpreter and libraries take alone.

A command that fails is not measured. Every one runs once before it counts, so that its bytecode is there.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).parents[1] / "project_example"
RUNS = 9
COMMANDS = {
    "python -c pass": ("-c", "pass"),
    "import pydantic, click": ("-c", "import pydantic, click; pydantic.BaseModel"),
    "rdc ls": ("-m", "rdc", "ls"),
    "rdc compile --check": ("-m", "rdc", "compile", "--check"),
}
FLOOR, LIBRARIES = "python -c pass", "import pydantic, click"
# Seconds that a command may take, and modules that it may not load.
LIMITS = {"rdc ls": 0.4, "rdc compile --check": 1.2}
HEAVY = ("duckdb", "pyarrow", "rich", "httpx", "pandas", "numpy", "mlx", "great_expectations")


def run(arguments: tuple[str, ...], folder: Path) -> float:
    """Run Python once; the seconds of CPU that it took."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(arguments: tuple[str, ...], folder: Path, runs: int) -> float:
    """The median of many runs, after one that does not count."""
    run(arguments, folder)
    return statistics.median(run(arguments, folder) for _ in range(runs))


def find_heavy(arguments: tuple[str, ...], folder: Path) -> list[str]:
    """Which of the heavy libraries a command imports."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    return [name for name in HEAVY if name in loaded]


def main() -> int:
    """Print the table; 1 where a command is over its limit."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--project", type=Path, default=EXAMPLE)
    parser.add_argument("--runs", type=int, default=RUNS)
    given = parser.parse_args()
    seconds = {name: measure(command, given.project, given.runs) for name, command in COMMANDS.items()}
    print(f"Median CPU seconds of {given.runs} runs, with bytecode, Python {sys.version.split()[0]}.\n")
    print("| command | CPU s | limit | times Python | times pydantic and click | heavy imports |")
    print("|---|---:|---:|---:|---:|---|")
    over = 0
    for name, value in seconds.items():
        limit = LIMITS.get(name)
        heavy = ", ".join(find_heavy(COMMANDS[name], given.project)) or "none"
        print(
            f"| `{name}` | {value:.3f} | {limit or ''} | {value / seconds[FLOOR]:.1f} "
            f"| {value / seconds[LIBRARIES]:.1f} | {heavy} |"
        )
        over += limit is not None and value > limit
    return int(bool(over))


if __name__ == "__main__":
    sys.exit(main())
