"""Compile and run each project of this folder over its dirty file, and score what comes out against the clean one.

    python benchmarks/repair/measure.py [NAME…]

The data is not part of the repository: `RDC_BENCH_DATA` names a folder with `<name>/dirty.csv` and
`<name>/clean.csv`, the same rows in the same order. Cells are compared as text (the convention of the Raha
and Baran papers): precision is exact repairs / changed cells, recall is exact repairs / wrong cells, and a
damaged cell was right before.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
DEFAULT_DATA = HERE.parents[2] / "shared" / "bench"
PROPOSERS = {"synthesis": "synthesis alone", "mlx": "synthesis and model"}


@dataclass(frozen=True)
class Score:
    """How the cells of a table fared."""

    wrong: int
    changed: int
    exact: int
    damaged: int

    @property
    def precision(self) -> float:
        """Exact repairs / changed cells."""
        return self.exact / self.changed if self.changed else 0.0

    @property
    def recall(self) -> float:
        """Exact repairs / wrong cells."""
        return self.exact / self.wrong if self.wrong else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def read_cells(path: Path) -> list[str]:
    """All cells of a csv file, row by row, without the header."""
    with path.open(newline="", encoding="utf-8") as file:
        _, *rows = csv.reader(file)
    return [cell for row in rows for cell in row]


def score_cells(dirty: list[str], clean: list[str], repaired: list[str]) -> Score:
    """Compare three tables of the same shape."""
    cells = list(zip(dirty, clean, repaired, strict=True))
    return Score(
        wrong=sum(before != truth for before, truth, _ in cells),
        changed=sum(before != after for before, _, after in cells),
        exact=sum(before != truth and after == truth for before, truth, after in cells),
        damaged=sum(before == truth and after != truth for before, truth, after in cells),
    )


def run_rdc(folder: Path, *arguments: str) -> float:
    """Run a command, and return its wall time in seconds."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "rdc", *arguments, "--project-dir", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"rdc {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
    return time.perf_counter() - start


def measure(name: str, provider: str, data: Path) -> str:
    """One row of the table."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / name
        shutil.copytree(HERE / name, folder)
        (folder / "data").mkdir()
        shutil.copy(data / name / "dirty.csv", folder / "data" / "dirty.csv")
        if provider == "synthesis":
            settings = folder / "rdc_project.yml"
            settings.write_text(settings.read_text().replace("provider: mlx", "provider: synthesis"))
            shutil.rmtree(folder / "generated", ignore_errors=True)
        compiling = run_rdc(folder, "compile", "--locked")
        running = run_rdc(folder, "run")
        dirty, clean = (read_cells(data / name / f"{kind}.csv") for kind in ("dirty", "clean"))
        score = score_cells(dirty, clean, read_cells(folder / "target" / f"{name}.csv"))
        record = json.loads((folder / "generated" / name / "evidence.json").read_text())
    authors = [transform["author"]["kind"] for transform in record["transforms"]]
    counts = ", ".join(f"{authors.count(kind)} {kind}" for kind in sorted(set(authors)))
    return (
        f"| {name} | {PROPOSERS[provider]} | {counts} | {score.precision:.3f} | {score.recall:.3f} | "
        f"{score.f1:.3f} | {score.damaged} of {score.wrong} wrong | {compiling:.1f} | {running:.1f} |"
    )


def main() -> None:
    """Print the table."""
    data = Path(os.environ.get("RDC_BENCH_DATA", DEFAULT_DATA))
    if not data.is_dir():
        raise SystemExit(f"there is no {data}; name the folder of the data with RDC_BENCH_DATA")
    names = sys.argv[1:] or sorted(
        path.name for path in HERE.iterdir() if (path / "rdc_project.yml").is_file()
    )
    print("| data | proposers | transforms by | P | R | F1 | damaged cells | compile, s | run, s |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name in names:
        for provider in PROPOSERS:
            print(measure(name, provider, data), flush=True)


if __name__ == "__main__":
    main()
