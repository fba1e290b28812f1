"""A benchmark project and its data -> what rdc made of it: scores, seconds, tokens, and who wrote what."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from cells import Score, read_table, score_columns

from rdc.frontend.lineage import output_path
from rdc.frontend.parser import parse_project

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HERE = Path(__file__).parent
DEFAULT_DATA = HERE.parents[2] / "shared" / "bench"
ACCEPTED = 0.3
"""The strength from which mined dependencies are accepted, where nothing is declared."""
SYNTHESIS = "provider: synthesis"
MODEL = """provider: mlx
  name: Qwen/Qwen2.5-Coder-1.5B-Instruct
  max_tokens: 120
  candidates: 3
  temperature: 0.7"""
Help = Literal["goals", "nothing"]
Proposers = Literal["synthesis", "synthesis + model"]
PROPOSERS: tuple[Proposers, ...] = ("synthesis", "synthesis + model")


class Invoke(Protocol):
    """Runs one command of rdc on a project."""

    def __call__(self, folder: Path, *arguments: str) -> float:
        """Run it, and return its wall time in seconds."""
        ...


class CommandError(Exception):
    """A command of rdc failed; the message is what it said."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the benchmark: a data set and the help that is given.

    Attributes:
        name: of the project's folder; with nothing declared, of the data.
        data: the folder of `dirty.csv` and `clean.csv`.
        folder: of what is committed: the whole project, or the recorded completions alone.
    """

    name: str
    help: Help
    data: str
    folder: Path

    @property
    def completions(self) -> Path:
        """The folder of the recorded completions."""
        return self.folder / "generated" / self.data / "completions"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one entry."""

    columns: Mapping[str, Score]
    compiling: float
    running: float
    authors: Mapping[str, int]
    prompt_tokens: int
    completion_tokens: int
    lowered: Mapping[bool, int]
    """Column functions whose SQL was checked equal, and those that stay Python."""

    @property
    def score(self) -> Score:
        """Of all cells."""
        return sum(self.columns.values(), Score())


def list_entries() -> list[Entry]:
    """All of them, those with goals first; a data set is named by its source's file."""
    projects = sorted(path.parent for path in (HERE / "goals").glob("*/rdc_project.yml"))
    entries = [Entry(path.name, "goals", _name_data(path), path) for path in projects]
    names = sorted({entry.data for entry in entries})
    return entries + [Entry(name, "nothing", name, HERE / "nothing" / name) for name in names]


def _name_data(project: Path) -> str:
    (source,) = (project / "sources").glob("*.yml")
    return source.stem


def find_data() -> Path:
    """The folder of the data sets.

    Raises:
        SystemExit: there is none.
    """
    data = Path(os.environ.get("RDC_BENCH_DATA", DEFAULT_DATA))
    if not data.is_dir():
        raise SystemExit(f"there is no {data}; name the folder of the data with RDC_BENCH_DATA")
    return data


def run_command(folder: Path, *arguments: str) -> float:
    """Run a command in a process of its own.

    Raises:
        CommandError: it failed.
    """
    start = time.perf_counter()
    command = [sys.executable, "-m", "rdc", *arguments, "--project-dir", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CommandError(f"rdc {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
    return time.perf_counter() - start


def attempt(
    entry: Entry, proposers: Proposers, data: Path, invoke: Invoke = run_command, accepted: float = ACCEPTED
) -> Attempt:
    """Compile and run an entry, and score what comes out.

    Raises:
        CommandError: a command failed, or a completion is not recorded.
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / entry.name
        prepare_project(entry, proposers, data, folder, accepted)
        compiling = invoke(folder, "compile", "--locked")
        running = invoke(folder, "run")
        dirty, clean = (read_table(data / entry.data / f"{kind}.csv") for kind in ("dirty", "clean"))
        columns = score_columns(dirty, clean, read_table(_find_output(folder)))
        generated = folder / "generated" / entry.data
        lock = json.loads((folder / "generated" / "rdc.lock").read_text(encoding="utf-8"))
        record = json.loads((generated / "evidence.json").read_text(encoding="utf-8"))
        asked = [
            json.loads(path.read_text(encoding="utf-8"))
            for path in (generated / "completions").glob("*.json")
        ]
    return Attempt(
        columns,
        compiling,
        running,
        Counter(transform["author"]["kind"] for transform in record["transforms"]),
        _total(asked, "prompt_tokens"),
        _total(asked, "completion_tokens"),
        Counter("digest" in checked for checked in lock["cleaners"][entry.data].get("sql", {}).values()),
    )


def prepare_project(
    entry: Entry, proposers: Proposers, data: Path, folder: Path, accepted: float = ACCEPTED
) -> None:
    """Lay a project out in a folder, with its data and the completions that are recorded."""
    if entry.help == "goals":
        shutil.copytree(entry.folder, folder, ignore=shutil.ignore_patterns("target"))
        target = folder / "data" / "dirty.csv"
    else:
        target = folder / "data" / f"{entry.data}.csv"
    target.parent.mkdir(parents=True)
    shutil.copy(data / entry.data / "dirty.csv", target)
    settings = folder / "rdc_project.yml"
    if entry.help == "nothing":
        run_command(folder, "init", "--from", str(target), "--accept-dependencies", str(accepted))
        if proposers != "synthesis":
            settings.write_text(
                settings.read_text(encoding="utf-8").replace(SYNTHESIS, MODEL), encoding="utf-8"
            )
            if entry.completions.is_dir():
                shutil.copytree(entry.completions, folder / "generated" / entry.data / "completions")
    elif proposers == "synthesis":
        settings.write_text(
            settings.read_text(encoding="utf-8").replace("provider: mlx", SYNTHESIS), encoding="utf-8"
        )
        shutil.rmtree(folder / "generated", ignore_errors=True)


def record_completions(entry: Entry, data: Path, accepted: float = ACCEPTED) -> int:
    """Compile an entry with its model, and keep what the model answered; how many completions that is."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / entry.name
        prepare_project(entry, "synthesis + model", data, folder, accepted)
        run_command(folder, "compile")
        made = folder / "generated" / entry.data / "completions"
        shutil.rmtree(entry.completions, ignore_errors=True)
        shutil.copytree(made, entry.completions)
    return len(list(entry.completions.iterdir()))


def _find_output(folder: Path) -> Path:
    """The file that the project's one cleaner publishes."""
    manifest = parse_project(folder, environ=os.environ)
    (cleaner,) = manifest.cleaners.values()
    path = output_path(manifest, cleaner)
    assert path is not None
    return path


def _total(completions: Iterable[Mapping[str, int]], name: str) -> int:
    return sum(completion[name] for completion in completions)
