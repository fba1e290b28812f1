"""Propose row functions: columns joined after a template, merged fields split, parts taken out; nothing is computed."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from rdc import recipes
from rdc.artifacts.candidate import Author, Candidate
from rdc.artifacts.plan import label_column
from rdc.generation.cutter import write_cuts
from rdc.generation.naming import name_variable
from rdc.generation.observer import shape_regex
from rdc.generation.program import write_literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rdc.artifacts.plan import Cell, Row, Sample, Task

AGREEMENT = 0.8
LEARNT_ROWS = 500
KNOWN_TIMES = 2
MARKS = {
    "underscore": "_", "hyphen": "-", "dash": "-", "space": " ", "comma": ",", "slash": "/", "colon": ":",
    "dot": ".", "point": ".", "period": ".", "semicolon": ";", "pipe": "|", "at sign": "@",
}  # fmt: skip
CASES = {"": "", "lower": "lower_case", "upper": "upper_case"}
JOINED = re.compile(
    r"(joined|separated|connected|combined|concatenated)\b.*?\b(by|with|using)\b(.*)", re.IGNORECASE
)

Part = tuple[str, str]
"""A literal as `("", text)`, or a column as `(column, recipe)` with the recipe that it goes through, or none."""


def synthesize_row(task: Task, sample: Sample) -> tuple[Candidate, ...]:
    """Propose row functions.

    Args:
        task: of kind `row`.
        sample: rows that hold the columns that are read and, where they are there already, those written.

    Returns:
        Candidates, best first.
    """
    rows = [
        {name: cells[index] for name, cells in sample.columns.items() if name in (*task.reads, *task.writes)}
        for index in range(sample.rows)
    ]
    sources = [
        *_write_joins(task, rows),
        *_write_splits(task, rows),
        *_write_endings(task),
        *write_cuts(task, rows),
    ]
    goal = " ".join(task.goals) or f"{task.column} is made of {', '.join(task.reads)}."
    author = Author(kind="synthesis")
    return tuple(
        Candidate("row", task.name, reads, writes, author, goal, source) for reads, writes, source in sources
    )


def _write_joins(task: Task, rows: Sequence[Row]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], str]]:
    target = task.writes[0]
    reads = tuple(name for name in task.reads if name != target)
    if len(task.writes) > 1 or not reads:
        return
    pairs = [(example.given, example.expect.get(target)) for example in task.row_examples]
    learnt = [(row, row.get(target)) for row in rows if row.get(target)]
    templates = dict.fromkeys(
        [
            *filter(None, (read_template(goal, reads) for goal in task.goals)),
            *learn_templates(pairs or learnt[:LEARNT_ROWS], reads),
        ]
    )
    for template in templates:
        used = tuple(dict.fromkeys(name for name, _ in template if name))
        exact = all(fill_template(template, row) == expected for row, expected in pairs)
        agreeing = sum(fill_template(template, row) == value for row, value in learnt)
        if used and exact and (pairs or not learnt or agreeing >= AGREEMENT * len(learnt)):
            new = bool(rows) and target not in rows[0]
            # What is not set keeps what it held, which has to be read.
            yield (
                used if new else (*used, target),
                (target,),
                write_join(task.name, target, template, new=new),
            )


def fill_template(template: Sequence[Part], row: Mapping[str, Cell]) -> Cell:
    """The text that a template makes of a row, or None where a column that it needs is null.

    >>> fill_template([("state", "lower_case"), ("", "_"), ("code", "")], {"state": "AL", "code": "ami-1"})
    'al_ami-1'
    """
    text = ""
    for name, part in template:
        cell: Cell = part if not name else row.get(name)
        if name and part:
            cell = getattr(recipes, part)(cell)
        if cell is None:
            return None
        text += cell
    return text


def read_template(goal: str, reads: Sequence[str]) -> tuple[Part, ...] | None:
    """The template that a sentence names: columns, marks by name or in quotes, in order.

    >>> read_template("state, an underscore, measure_code", ["state", "measure_code"])
    (('state', ''), ('', '_'), ('measure_code', ''))
    >>> read_template("first and last, separated by a space", ["first", "last"])
    (('first', ''), ('', ' '), ('last', ''))
    """
    joined = JOINED.search(goal)
    names = "|".join(map(re.escape, sorted(reads, key=len, reverse=True)))
    token = re.compile(rf"(?<!\w)({names})(?!\w)|[\"“`']([^\"”`']+)[\"”`']|\b({'|'.join(MARKS)})\b")
    parts = [
        (name, "") if name else ("", quoted or MARKS[mark])
        for name, quoted, mark in token.findall(goal[: joined.start()] if joined else goal)
    ]
    if joined:
        marks = "".join(quoted or MARKS.get(mark, "") for _, quoted, mark in token.findall(joined.group(3)))
        columns = [part for part in parts if part[0]]
        parts = [part for column in columns for part in (("", marks), column)][1:]
    found = {name for name, _ in parts if name}
    return tuple(parts) if len(parts) > 1 and found == set(reads) else None


def learn_templates(
    pairs: Sequence[tuple[Mapping[str, Cell], Cell]], reads: Sequence[str]
) -> list[tuple[Part, ...]]:
    """The templates that rows with a known result follow, most frequent first.

    >>> learn_templates([({"a": "x", "b": "Y"}, "x-y")], ["a", "b"])
    [(('a', ''), ('', '-'), ('b', 'lower_case'))]
    """
    found: Counter[tuple[Part, ...]] = Counter()
    for row, result in pairs:
        if result and (template := _explain(result, row, reads)):
            found[template] += 1
    return [template for template, _ in found.most_common(3)]


def _explain(result: str, row: Mapping[str, Cell], reads: Sequence[str]) -> tuple[Part, ...]:
    """A result as columns and literals; the longest column that fits is taken at each place."""
    forms = [
        (getattr(recipes, recipe)(cell) if recipe else cell, (name, recipe))
        for name in reads
        if (cell := row.get(name))
        for recipe in CASES.values()
    ]
    forms.sort(key=lambda form: -len(form[0]))
    parts: list[Part] = []
    place = 0
    while place < len(result):
        match = next((form for form in forms if form[0] and result.startswith(form[0], place)), None)
        if match is not None:
            parts.append(match[1])
        elif parts and not parts[-1][0]:
            parts[-1] = ("", parts[-1][1] + result[place])
        else:
            parts.append(("", result[place]))
        place += len(match[0]) if match is not None else 1
    return tuple(parts) if any(name for name, _ in parts) else ()


def write_join(name: str, target: str, template: Sequence[Part], *, new: bool) -> str:
    """A template as a row function, which sets nothing, or null in a new column, where one that it needs is null."""
    columns = list(dict.fromkeys(column for column, _ in template if column))
    variables = {column: name_variable(label_column(column, columns)) for column in columns}
    text = ""
    for column, part in template:
        if not column:
            text += part.replace("\\", "\\\\").replace('"', '\\"').replace("{", "{{").replace("}", "}}")
        else:
            text += f"{{{part}({variables[column]})}}" if part else f"{{{variables[column]}}}"
    unknown = " or ".join(f"{variable} is None" for variable in variables.values())
    return "\n".join(
        [
            f"def {name}(row: dict[str, str | None]) -> dict[str, str | None]:",
            *(f"    {variable} = row[{write_literal(column)}]" for column, variable in variables.items()),
            f"    if {unknown}:",
            f"        return {{{write_literal(target)}: None}}" if new else "        return {}",
            f'    return {{{write_literal(target)}: f"{text}"}}',
            "",
        ]
    )


def _write_splits(task: Task, rows: Sequence[Row]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], str]]:
    """Row functions that move a column's value out of the end, or the start, of another's."""
    present = [name for name in task.writes if rows and name in rows[0]]
    for moved in present:
        known = Counter(cell for row in rows if (cell := row[moved]))
        common = {cell for cell, count in known.items() if count >= KNOWN_TIMES and " " not in cell}
        regex = shape_regex(common)
        if regex is None:
            continue
        for merged in present:
            for pattern, order in (
                (f"(.*[^ ,;]) *[ ,;] *({regex})", (1, 2)),
                (f"({regex}) *[ ,;] *([^ ,;].*)", (2, 1)),
            ):
                cells = [row[merged] for row in rows if not row[moved]]
                if merged != moved and _is_merged(cells, re.compile(pattern), order[1], common):
                    columns = (merged, moved)
                    yield columns, columns, _write_split(task.name, merged, moved, pattern, order)


def _write_endings(task: Task) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], str]]:
    """A row function that drops from a column what stands at its end and in another column."""
    target = task.writes[0]
    if len(task.writes) > 1 or target not in task.reads:
        return
    for other in task.reads:
        if other == target:
            continue
        said = any(_drops_ending(goal, target, other) for goal in task.goals)
        pairs = [(e.given.get(target), e.given.get(other), e.expect.get(target)) for e in task.row_examples]
        shown = any(given != expected for given, _, expected in pairs)
        held = all(recipes.strip_ending(given, ending) == expected for given, ending, expected in pairs)
        if held and (shown or (said and not pairs)):
            source = "\n".join(
                [
                    f"def {task.name}(row: dict[str, str | None]) -> dict[str, str | None]:",
                    f"    {name_variable(target)} = strip_ending(row[{write_literal(target)}], row[{write_literal(other)}])",
                    f"    return {{{write_literal(target)}: {name_variable(target)}}}",
                    "",
                ]
            )
            yield (target, other), (target,), source


def _drops_ending(goal: str, target: str, other: str) -> bool:
    """Whether a sentence asks for a column without another at its end.

    >>> _drops_ending("city without the state at its end", "city", "state")
    True
    """
    words = rf"(?<!\w){re.escape(target)}\b.*\b(without|less|minus)\b.*\b{re.escape(other)}(?!\w).*\bend\b"
    return re.search(words, goal) is not None


def _is_merged(cells: Sequence[Cell], pattern: re.Pattern[str], group: int, common: set[str]) -> bool:
    """Whether the values that would be moved are nearly all values of the column that they go to."""
    tokens = [match.group(group) for cell in cells if cell and (match := pattern.fullmatch(cell))]
    return bool(tokens) and sum(token in common for token in tokens) >= AGREEMENT * len(tokens)


def _write_split(name: str, merged: str, moved: str, pattern: str, order: tuple[int, int]) -> str:
    whole, part = (name_variable(label_column(column, [merged, moved])) for column in (merged, moved))
    first, second = (
        f"{write_literal(column)}: match.group({group})"
        for column, group in zip((merged, moved), order, strict=True)
    )
    return "\n".join(
        [
            f"def {name}(row: dict[str, str | None]) -> dict[str, str | None]:",
            f"    {whole} = row[{write_literal(merged)}]",
            f"    {part} = row[{write_literal(moved)}]",
            f"    match = re.fullmatch({write_literal(pattern)}, {whole}) if {whole} and not {part} else None",
            "    if match is None:",
            "        return {}",
            f"    return {{{first}, {second}}}",
            "",
        ]
    )
