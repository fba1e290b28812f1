"""Pinned packages -> dirty tables, with what is true of each column. The packages are fetched when they are first needed."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import shutil
import subprocess
import tarfile
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import packaged
from contacts import CONTACTS, make_contacts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from goals import Cell, Goal

FETCHED = Path(__file__).parent / "target"
PACKAGE = "vega-datasets@3.2.1"
ARCHIVE = "vega-datasets-3.2.1.tgz"
MOST_ROWS = 600
SEED = 20
MISSING = 15
# A table's name, its file in the package, and its goals.
TABLES: tuple[tuple[str, str, tuple[Goal, ...]], ...] = (
    ("movies", "movies.json", packaged.MOVIES),
    ("strikes", "birdstrikes.csv", packaged.STRIKES),
    ("cars", "cars.json", packaged.CARS),
    ("airports", "airports.csv", packaged.AIRPORTS),
    ("zipcodes", "zipcodes.csv", packaged.ZIPCODES),
    ("weather", "weather.csv", packaged.WEATHER),
    ("budget", "budget.json", packaged.BUDGET),
    ("contributions", "political-contributions.json", packaged.CONTRIBUTIONS),
    ("victims", "la-riots.csv", packaged.VICTIMS),
    ("contacts", "", CONTACTS),
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a dirty table.

    Attributes:
        cells: as they are read.
        truth: what each distinct value should become.
    """

    table: str
    goal: Goal
    cells: Sequence[Cell]
    truth: Mapping[Cell, Cell]

    @property
    def name(self) -> str:
        """The goal's name in the study's files."""
        return f"{self.table}.{self.goal.column}"


def build_tables() -> dict[str, tuple[Column, ...]]:
    """All tables, by name; the same ones on every machine."""
    return {
        name: tuple(build_column(name, goal, _read_rows(file)) for goal in wanted)
        for name, file, wanted in TABLES
    }


def build_column(table: str, goal: Goal, rows: Sequence[Mapping[str, Any]]) -> Column:
    """A column of one table, each distinct value of which has one truth."""
    # Text seeds are the same on every machine.
    chance = random.Random(f"{SEED} {table} {goal.column}")  # noqa: S311 - seeded dirt, no secret
    raw = [_text(row.get(goal.source or goal.column)) for row in rows]
    kept = [cell for cell in raw if cell is None or re.search(goal.keep, cell)]
    pairs = [_soil(goal, cell, chance) for cell in _choose(goal, kept, chance)]
    truths: dict[Cell, Counter[Cell]] = {}
    for dirty, true in pairs:
        truths.setdefault(dirty, Counter())[true] += 1
    truth = {dirty: found.most_common(1)[0][0] for dirty, found in truths.items()}
    # A spelling that two true values share says nothing; its rows of the rarer one are left out.
    return Column(table, goal, [dirty for dirty, true in pairs if truth[dirty] == true], truth)


def _choose(goal: Goal, cells: Sequence[Cell], chance: random.Random) -> list[Cell]:
    """Some of the rows, rare dirt among them."""
    if len(cells) <= MOST_ROWS:
        return list(cells)
    dirty = (
        [] if goal.spellings else [cell for cell in cells if cell is not None and _clean(goal, cell) != cell]
    )
    first = chance.sample(dirty, min(len(dirty), MOST_ROWS // 10))
    return [*first, *chance.sample(cells, MOST_ROWS - len(first))]


def _clean(goal: Goal, raw: str) -> Cell:
    return goal.clean(raw) if goal.clean else raw


def _soil(goal: Goal, raw: Cell, chance: random.Random) -> tuple[Cell, Cell]:
    """A dirty cell and the true one."""
    true = None if raw is None else _clean(goal, raw)
    if goal.nothing and (raw is None or true is None or chance.randrange(MISSING) == 0):
        return chance.choice(goal.nothing), None
    if true is None or not goal.spellings:
        return raw, true
    first, *others = goal.spellings
    spelling = chance.choice([first] * len(others) + others)
    return (spelling.format(true) if isinstance(spelling, str) else spelling(true)), true


@cache
def _read_rows(file: str) -> Sequence[Mapping[str, Any]]:
    """The rows of one file of the package; without a file, made ones."""
    if not file:
        return list(make_contacts())
    with tarfile.open(fetch_package()) as archive:
        member = archive.extractfile(f"package/data/{file}")
        assert member is not None
        text = member.read().decode()
    rows: list[dict[str, Any]] = (
        json.loads(text) if file.endswith("json") else [*csv.DictReader(io.StringIO(text))]
    )
    return rows


def fetch_package() -> Path:
    """The package's archive, fetched by npm where it is not here yet."""
    archive = FETCHED / ARCHIVE
    if not archive.is_file():
        FETCHED.mkdir(parents=True, exist_ok=True)
        npm = shutil.which("npm")
        if npm is None:
            raise SystemExit(f"npm is needed to fetch {PACKAGE}; or put {ARCHIVE} into {FETCHED}")
        subprocess.run([npm, "pack", "--silent", PACKAGE], cwd=FETCHED, check=True, stdout=subprocess.DEVNULL)
    return archive


def _text(value: object) -> Cell:
    """A value of JSON or csv as the text of a cell."""
    return None if value is None else str(value)
