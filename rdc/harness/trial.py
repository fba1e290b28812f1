"""A candidate and a sample -> what it made of each distinct value, for the gates to judge."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from rdc import recipes
from rdc.artifacts.check import parse_number, value_check
from rdc.harness.emptying import read_emptying
from rdc.harness.meaning import find_constant_cuts, read_cuts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from rdc.artifacts.candidate import Candidate
    from rdc.artifacts.outcome import Evaluator
    from rdc.artifacts.plan import Cell, Row, Sample, Task
    from rdc.harness.emptying import Emptying
    from rdc.harness.meaning import Cut

Key = tuple["Cell", ...]
"""The cells of a row that matter: those that are read, then those that are written and not read."""

LETTER_RUN, DIGIT_RUN = re.compile("[^\\W\\d_]+"), re.compile(r"\d+")
WHOLE = re.compile(r"[^0-9.]*[.]?[^0-9.]*(0*)([1-9][0-9]*)([.]0+)?[^0-9.]*")
ISO_DATE = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
TYPES: dict[str, Callable[[str], bool]] = {
    "integer": lambda text: parse_number(text) is not None,
    "double": lambda text: parse_number(text) is not None,
    "decimal": lambda text: parse_number(text) is not None,
    "date": lambda text: re.fullmatch(ISO_DATE, text, re.ASCII) is not None,
    "timestamp": lambda text: re.match(ISO_DATE + r"([T ]|\Z)", text, re.ASCII) is not None,
    "boolean": lambda text: text.lower() in {"true", "false", "t", "f", "1", "0", "yes", "no"},
}
"""Whether a text can be cast to a declared type."""


GOALS: tuple[tuple[re.Pattern[str], str, Callable[[str], bool]], ...] = (
    (
        re.compile(r"\b(no|without|drop|remove|strip)\b[^.]*\btrailing zeros"),
        "no trailing zeros",
        lambda text: re.fullmatch(r"[-+]?\d*[.](\d*0)?", text, re.ASCII) is None,
    ),
    (
        re.compile(
            r"\b(no|without|drop|remove|strip|trim)\b[^.]*\b(leading|trailing|outer)\b[^.]*\bspaces?\b"
        ),
        "no outer spaces",
        lambda text: text == text.strip(),
    ),
    (
        re.compile(r"\b(no|without|collapse|remove)\b[^.]*\b(doubled?|repeated|extra)\b[^.]*\bspaces?\b"),
        "no doubled spaces",
        lambda text: "  " not in text,
    ),
    (
        re.compile(
            r"^(?!.*\b(no|not|never|without|drop\w*|remov\w*|strip\w*)\b[^.]*\b(full stop|period)\b)"
            r".*\b(ends?|ending|finish(es)?|clos(es?|ing)) (with|in) (a|one) (full stop|period)\b"
        ),
        "a full stop at the end",
        lambda text: recipes.add_full_stop(text) == text,
    ),
    (
        re.compile(r"^(?!.*\bhours\b).*\b(in|as|to) (whole )?minutes\b"),
        "in minutes",
        lambda text: text.startswith(recipes.to_minutes(text) or text),
    ),
)
"""What a goal says plainly: how it speaks, and what a value must be then."""


@dataclass(frozen=True, slots=True)
class Check:
    """What a cell of a column is asked for."""

    label: str
    column: str
    holds: Callable[[Cell], bool]
    source: Literal["expectation", "type", "goal"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a candidate made of one key: a cell for each column that it writes, or an error."""

    cells: tuple[Cell, ...]
    error: str = ""


@dataclass(frozen=True)
class Trial:
    """One candidate, run over a sample.

    Attributes:
        columns: what a key consists of.
        counts: how many rows hold each key, most first.
        answers: for every key of the sample, of the examples and of the hostile values.
        checks: of the written columns.
    """

    candidate: Candidate
    task: Task
    sample: Sample
    evaluator: Evaluator
    columns: tuple[str, ...]
    counts: Mapping[Key, int]
    answers: Mapping[Key, Answer]
    checks: tuple[Check, ...]

    @cached_property
    def _written(self) -> dict[Key, tuple[tuple[Cell, ...], tuple[Cell, ...]]]:
        """The written cells of every key, before and after."""
        positions = [
            self.columns.index(name) if name in self.columns else None for name in self.candidate.writes
        ]
        written = {}
        for key, answer in self.answers.items():
            before = tuple(None if position is None else key[position] for position in positions)
            written[key] = (before, before if answer.error else answer.cells)
        return written

    @cached_property
    def _failed(self) -> dict[tuple[Cell, ...], tuple[Check, ...]]:
        """The checks that written cells do not meet, as far as they were asked for."""
        return {}

    def before(self, key: Key) -> tuple[Cell, ...]:
        """The written cells as they were; null in a column that is new."""
        return self._written[key][0]

    def after(self, key: Key) -> tuple[Cell, ...]:
        """The written cells as they are; unchanged where the candidate failed."""
        return self._written[key][1]

    def with_written(self, key: Key) -> Key:
        """A key as it is after the candidate."""
        written = dict(zip(self.candidate.writes, self.after(key), strict=True))
        return tuple(written.get(column, cell) for column, cell in zip(self.columns, key, strict=True))

    @cached_property
    def changed(self) -> list[Key]:
        """The sample's keys that are changed, most frequent first."""
        written = self._written
        return [key for key in self.counts if written[key][0] != written[key][1]]

    @cached_property
    def ranked(self) -> list[Key]:
        """The sample's keys, the most frequent of every shape first: some of them stand for all."""
        seen: Counter[tuple[str, ...]] = Counter()
        places = []
        for place, key in enumerate(self.counts):
            shape = tuple(DIGIT_RUN.sub("9", LETTER_RUN.sub("a", cell or "")) for cell in key)
            seen[shape] += 1
            places.append((seen[shape], place, key))
        return [key for _, _, key in sorted(places, key=lambda item: item[:2])]

    @cached_property
    def cuts(self) -> frozenset[Cut]:
        """The digits that may go from an end: a goal or an example names them, or all lose the same."""
        changes = (
            change for key in self.changed for change in zip(self.before(key), self.after(key), strict=True)
        )
        return read_cuts(self.task) | find_constant_cuts(changes)

    @cached_property
    def emptying(self) -> Emptying:
        """Which values may become null."""
        return read_emptying(self.task)

    def pairs(self) -> list[tuple[Cell, Cell, int]]:
        """Every distinct change of a cell, and how many cells it is, most first."""
        found: Counter[tuple[Cell, Cell]] = Counter()
        for key in self.changed:
            for before, after in zip(self.before(key), self.after(key), strict=True):
                if before != after:
                    found[before, after] += self.counts[key]
        return [
            (*pair, count)
            for pair, count in sorted(found.items(), key=lambda item: (-item[1], _order(item[0])))
        ]

    def failed_checks(self, cells: tuple[Cell, ...]) -> tuple[Check, ...]:
        """The checks that written cells do not meet."""
        failed = self._failed.get(cells)
        if failed is None:
            values = dict(zip(self.candidate.writes, cells, strict=True))
            failed = tuple(check for check in self.checks if not check.holds(values[check.column]))
            self._failed[cells] = failed
        return failed

    def has_needless_zeros(self, before: Cell, after: Cell) -> bool:
        """Whether a whole number lost nothing but zeros, and expectations admit none that has such zeros."""
        match = WHOLE.fullmatch(before or "")
        if match is None or after is None or match.group(2) != after:
            return False
        zeros = (f"0{after}", f"0{after[1:]}") if match.group(1) else ()
        decimals = (after + match.group(3),) if match.group(3) else ()
        asked = [check for check in self.checks if check.source == "expectation"]
        admitted = [all(check.holds(text) for check in asked) for text in (after, *zeros, *decimals)]
        return admitted[0] and not any(admitted[1:])

    def run(self, keys: Sequence[Key], source: str | None = None) -> list[Answer]:
        """Call the candidate, or a variant of its source, on keys."""
        return run_candidate(self.candidate, self.columns, self.evaluator, keys, source)

    def show(self, cells: Sequence[Cell]) -> str:
        """Cells as a person reads them."""
        return ", ".join(repr(cell) for cell in cells)


def start_trial(
    candidate: Candidate, task: Task, sample: Sample, evaluator: Evaluator, hostile: Iterable[Cell]
) -> Trial:
    """Run a candidate over the distinct keys of a sample, over the examples and over hostile values."""
    extra = tuple(name for name in candidate.writes if name in sample.columns and name not in candidate.reads)
    columns = (*candidate.reads, *extra)
    rows = zip(*(sample.columns[name] for name in columns), strict=True)
    counts = Counter(rows)
    ordered = dict(sorted(counts.items(), key=lambda item: (-item[1], _order(item[0]))))
    keys = dict.fromkeys((*ordered, *example_keys(task, columns), *hostile_keys(columns, hostile)))
    answers = run_candidate(candidate, columns, evaluator, list(keys))
    return Trial(
        candidate,
        task,
        sample,
        evaluator,
        columns,
        ordered,
        dict(zip(keys, answers, strict=True)),
        find_checks(candidate, task),
    )


def run_candidate(
    candidate: Candidate,
    columns: tuple[str, ...],
    evaluator: Evaluator,
    keys: Sequence[Key],
    source: str | None = None,
) -> list[Answer]:
    """Call a candidate on keys: a map by looking up, a function in the sandbox."""
    source = candidate.source if source is None else source
    if candidate.kind == "map":
        return [
            Answer((candidate.mapping.get(key[0], key[0]) if key[0] is not None else None,)) for key in keys
        ]
    if candidate.kind == "column":
        outcomes = evaluator.map_column(source, candidate.name, [key[0] for key in keys])
        return [Answer((outcome.value,), outcome.error or "") for outcome in outcomes]
    rows = [dict(zip(columns, key, strict=True)) for key in keys]
    reads = [{name: row[name] for name in candidate.reads} for row in rows]
    return [
        _answer_row(candidate, row, outcome.values, outcome.error or "")
        for row, outcome in zip(rows, evaluator.map_rows(source, candidate.name, reads), strict=True)
    ]


def _answer_row(candidate: Candidate, row: Row, values: Row, error: str) -> Answer:
    """The written columns, unchanged where the function left one out."""
    for name in values:
        if name not in candidate.writes and not error and values[name] != row.get(name):
            error = f"KeyError: it sets {name!r}, which it is not asked for"
    return Answer(tuple(values.get(name, row.get(name)) for name in candidate.writes), error)


def example_keys(task: Task, columns: tuple[str, ...]) -> list[Key]:
    """What the examples give, with null where a row example names no cell."""
    if task.kind == "row":
        return [tuple(example.given.get(name) for name in columns) for example in task.row_examples]
    return [(example.given,) for example in task.examples]


def expected_cells(task: Task, writes: tuple[str, ...]) -> list[tuple[dict[str, Cell], dict[str, Cell]]]:
    """The examples as pairs of what is given and what is expected, by column."""
    if task.kind == "row":
        return [(example.given, example.expect) for example in task.row_examples]
    return [({writes[0]: example.given}, {writes[0]: example.expect}) for example in task.examples]


def hostile_keys(columns: tuple[str, ...], hostile: Iterable[Cell]) -> list[Key]:
    """Keys that hold a hostile value in every column."""
    return [(value,) * len(columns) for value in hostile]


def find_checks(candidate: Candidate, task: Task) -> tuple[Check, ...]:
    """The checks of written columns that one cell can show, those of the declared type and of plain goals."""
    checks = []
    for expectation in task.expectations:
        column = expectation.column or task.column
        holds = value_check(expectation)
        if holds is not None and column in candidate.writes:
            name = expectation.type.removeprefix("expect_column_")
            label = f"{name} {_arguments(expectation.kwargs)}".strip()
            checks.append(Check(label, column, holds, "expectation"))
    if task.column in candidate.writes:
        base = task.type.split("(")[0]
        if base in TYPES:
            checks.append(Check(f"the type {task.type}", task.column, _or_null(TYPES[base]), "type"))
        goals = " ".join(task.goals).lower()
        checks += [
            Check(label, task.column, _or_null(holds), "goal")
            for words, label, holds in GOALS
            if words.search(goals)
        ]
    return tuple(checks)


def _or_null(holds: Callable[[str], bool]) -> Callable[[Cell], bool]:
    return lambda cell: cell is None or holds(cell)


def _arguments(kwargs: Mapping[str, object]) -> str:
    return ", ".join(f"{value}" for name, value in kwargs.items() if name != "column")


def _order(cells: Sequence[Cell]) -> list[tuple[bool, str]]:
    """A sort key of cells, null first."""
    return [(cell is not None, cell or "") for cell in cells]
