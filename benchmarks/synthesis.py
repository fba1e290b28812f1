"""A table of mixed dirty columns -> the seconds that each phase of its synthesis takes, beside one pass of the result.

The table is made from a seed. One candidate's verification is measured apart, on values that all differ.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rdc import recipes
from rdc.artifacts.cleaner import Cleaner
from rdc.artifacts.plan import Sample
from rdc.artifacts.source import Source
from rdc.engines.duckdb import DuckDBEngine
from rdc.frontend.planner import plan_columns
from rdc.frontend.profiler import profile_table
from rdc.generation.synthesizer import synthesize
from rdc.harness.sandbox import Sandbox
from rdc.harness.verifier import verify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rdc.artifacts.candidate import Candidate

ROWS, SAMPLE, RUNS = 100_000, 10_000, 3
FLOOR = "floor: one pass in Python"
LIMITS = {"rdc compile": 60.0, "one verification": 2.0}
NAMES = ("Ann Lee", "Bo Ek", "Carla Diaz", "Dev Patel", "Eva Braun", "Finn Olsen", "Gil Amar", "Hana Sato")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
STATES = ("TX", "Texas", "ny", "NY", "California", "CA", "WA", "ohio")


def _price(dice: random.Random) -> str:
    number = dice.randrange(100, 1_000_000) / 100
    return dice.choice((f"${number:,.2f}", f"{number:.2f}", f"{number:,.2f} USD"))


def _date(dice: random.Random) -> str:
    year, month, day = dice.randrange(1995, 2024), dice.randrange(1, 13), dice.randrange(1, 29)
    iso = f"{year}-{month:02}-{day:02}"
    return dice.choice((iso, f"{month}/{day}/{year}", f"{MONTHS[month - 1]} {day}, {year}"))


def _phone(dice: random.Random) -> str:
    digits = (dice.randrange(200, 1000), dice.randrange(200, 1000), dice.randrange(10_000))
    return dice.choice(("{}-{}-{:04}", "({}) {}-{:04}", "{}.{}.{:04}")).format(*digits)


def _code(dice: random.Random) -> str:
    letters, number = dice.choice(("AB", "CD", "EF")), f"{dice.randrange(100_000):05}"
    return dice.choice((f"{letters}-{number}", f"{letters}{number}", f"{letters.lower()}-{number}"))


def _name(dice: random.Random) -> str:
    name = dice.choice(NAMES)
    return dice.choice((name, name, name.upper(), f" {name}", name.replace(" ", "  ")))


def _size(dice: random.Random) -> str:
    number = dice.randrange(10, 2000) / 10
    return dice.choice((f"{number:.1f} oz", f"{number:.1f}", f"{number:.1f} ounces"))


def _share(dice: random.Random) -> str:
    number = dice.randrange(1, 1000) / 10
    return dice.choice((f"{number}%", f"{number}", f"{number} %"))


def _zip(dice: random.Random) -> str:
    number = dice.randrange(501, 99_999)
    return dice.choice((str(number), f"{number:05}"))


KINDS: tuple[tuple[str, str, str, Callable[[random.Random], str]], ...] = (
    ("price", "The price as a plain number, without currency or thousands separators.", "^[0-9]+[.][0-9]{2}$", _price),
    ("date", "ISO dates.", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", _date),
    ("phone", "Phone numbers as 555-123-4567.", "^[0-9]{3}-[0-9]{3}-[0-9]{4}$", _phone),
    ("code", "Codes like AB-01234.", "^[A-Z]{2}-[0-9]{5}$", _code),
    ("person", "Names in title case, without needless spaces.", "", _name),
    ("size", "The size in ounces as a plain number, no trailing zeros.", "", _size),
    ("share", "The percentage as a plain number.", "^[0-9]+([.][0-9])?$", _share),
    ("zip", "Five-digit ZIP codes.", "^[0-9]{5}$", _zip),
    ("state", "Two-letter state codes.", "^[A-Z]{2}$", lambda dice: dice.choice(STATES)),
    ("active", "true or false", "", lambda dice: dice.choice(("Yes", "no", "Y", "N", "true", "FALSE"))),
)  # fmt: skip
"""Name, goal, regex if one is declared, and what makes a value; each stands in the table twice."""


def write_project(folder: Path, rows: int) -> tuple[Cleaner, Source]:
    """A project with one source and one cleaner of twenty columns, all with goals."""
    dice = random.Random(7)  # noqa: S311 - the same table every time
    kinds = [(f"{name}_{copy}", goal, regex, make) for copy in "ab" for name, goal, regex, make in KINDS]
    with (folder / "table.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([name for name, *_ in kinds])
        writer.writerows([make(dice) for *_, make in kinds] for _ in range(rows))
    columns: list[dict[str, Any]] = []
    for name, goal, regex, _ in kinds:
        check = {"type": "expect_column_values_to_match_regex", "kwargs": {"regex": regex}}
        columns.append({"name": name, "goals": [goal], "expectations": [check] if regex else []})
    cleaner = {"name": "table", "source": "table", "columns": columns}
    source = {"name": "table", "format": "csv", "path": "table.csv"}
    for place, data in (
        (
            "rdc_project.yml",
            {"name": "speed", "version": "1", "config-version": 1, "model": {"provider": "synthesis"}},
        ),
        ("sources/table.yml", {"version": 1, "sources": [source]}),
        ("cleaners/table.yml", {"version": 1, "cleaners": [cleaner]}),
    ):
        (folder / place).parent.mkdir(exist_ok=True)
        (folder / place).write_text(json.dumps(data), encoding="utf-8")
    return Cleaner.model_validate_json(json.dumps(cleaner)), Source.model_validate_json(json.dumps(source))


class Clock:
    """Adds up the seconds of phases."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Count what happens inside to a phase."""
        started = time.perf_counter()
        yield
        self.seconds[name] += time.perf_counter() - started


def measure(cleaner: Cleaner, source: Source, folder: Path) -> dict[str, float]:
    """Seconds of each phase of the first round, and of one pass of what it found in plain Python."""
    clock = Clock()
    engine = DuckDBEngine(threads=2)
    with clock.phase("stage"):
        staged = engine.stage(source, folder, "source")
    with clock.phase("profile"):
        profile = profile_table(engine, staged, "table")
    with clock.phase("sample"):
        sample = engine.sample(staged, SAMPLE)
    engine.close()
    with Sandbox() as sandbox:
        for task in plan_columns(cleaner, profile, sample):
            with clock.phase("synthesize"):
                found = synthesize(task, sample)
            for candidate in found[:1]:
                with clock.phase("verify the best"):
                    verify(candidate, task, sample, sandbox)
                with clock.phase(FLOOR):
                    run_plainly(candidate, sample)
    with clock.phase("rdc compile"):
        compile_project(folder)
    clock.seconds["one verification"] = verify_distinct(cleaner)
    return clock.seconds


def run_plainly(candidate: Candidate, sample: Sample) -> None:
    """Call a function on every cell of the sample."""
    scope: dict[str, Any] = {"re": re} | {name: getattr(recipes, name) for name in recipes.__all__}
    exec(candidate.source, scope)  # noqa: S102 - made by the synthesizer, of recipes alone
    for cell in sample.columns[candidate.reads[0]]:
        scope[candidate.name](cell)


def compile_project(folder: Path) -> None:
    """Run the command, from an empty folder of results."""
    shutil.rmtree(folder / "generated", ignore_errors=True)
    command = [sys.executable, "-m", "rdc", "compile"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"rdc compile failed:\n{done.stdout}{done.stderr}")


def verify_distinct(cleaner: Cleaner) -> float:
    """Seconds of one verification on values that all differ."""
    dice = random.Random(11)  # noqa: S311 - the same values every time
    values = list(dict.fromkeys(_phone(dice) for _ in range(3 * SAMPLE)))[:SAMPLE]
    sample = Sample({"phone_a": values})
    only = Cleaner(name="one", source="table", columns=(cleaner.column("phone_a"),))
    engine = DuckDBEngine()
    profile = profile_table(engine, engine.load("one", sample.columns), "table")
    engine.close()
    (task,) = plan_columns(only, profile, sample)
    candidate, *_ = synthesize(task, sample)
    with Sandbox() as sandbox:
        started = time.perf_counter()
        verify(candidate, task, sample, sandbox)
        return time.perf_counter() - started


def main() -> int:
    """Print the table; 1 where a limit is not kept."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--runs", type=int, default=RUNS)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cleaner, source = write_project(folder, given.rows)
        runs = [measure(cleaner, source, folder) for _ in range(given.runs)]
    seconds = {phase: statistics.median(run[phase] for run in runs) for phase in runs[0]}
    print(
        f"{len(cleaner.columns)} columns x {given.rows:,} rows, a sample of {SAMPLE:,}; medians of {given.runs} runs.\n"
    )
    print("| phase | seconds | limit | times the floor |")
    print("|---|---:|---:|---:|")
    for phase, value in seconds.items():
        print(f"| {phase} | {value:.2f} | {LIMITS.get(phase, '')} | {value / seconds[FLOOR]:.1f} |")
    return int(any(seconds[phase] > limit for phase, limit in LIMITS.items()))


if __name__ == "__main__":
    sys.exit(main())
