"""A record's transforms -> stages of SQL, and all of them as one query; two of one name are refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from rdc.artifacts.diagnostic import Diagnostic
from rdc.artifacts.display import show_text
from rdc.artifacts.stage import INPUT, Stage, map_table
from rdc.engines.engine import ROW
from rdc.errors import LoweringError
from rdc.lowering.names import DIALECT, column, join_left, name_unknown, put_before, table
from rdc.lowering.rules import print_stage, select_rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rdc.artifacts.module import Record
    from rdc.artifacts.transform import Transform

SQL_TYPES = {
    "integer": "BIGINT",
    "double": "DOUBLE",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "boolean": "BOOLEAN",
}
"""Of declared types; a decimal's is its own name, and text needs none."""

HEADER = """\
`source` is the source as it is read: every column as text, and __rdc_row, the row's position from 0.
Each step is what `rdc run` does, in order. A table map_<name> holds what the function <name> of
transforms.py made of each distinct value that it read: `before` and `after`, or `in_0`, ... and
`out_0`, ... where it reads or writes several columns. `rdc run` fills them; nothing else is needed."""


@dataclass(frozen=True, slots=True)
class Script:
    """A cleaner as SQL that people read.

    Attributes:
        query: all of it over `source`, commented, which ends in the declared types.
        rules: the SELECT over `input` that applies each table rule, by the transform's name.
    """

    query: str
    rules: Mapping[str, str]


def lower_record(record: Record, columns: Sequence[str], dialect: str = DIALECT) -> tuple[Stage, ...]:
    """Print the stages of a cleaner, in the order that they are applied.

    Args:
        record: of the cleaner.
        columns: of the staged source, in order.
        dialect: a name that sqlglot knows.

    Raises:
        LoweringError: a transform reads an unknown column, or a rule cannot be lowered.
    """
    stages = _select_stages(record, columns, dialect)
    return tuple(Stage(print_stage(query, dialect), transforms) for transforms, query in stages)


def compose_script(record: Record, columns: Sequence[str], dialect: str = DIALECT) -> Script:
    """Print a cleaner as one query, and its table rules by themselves.

    Args and errors are those of `lower_record`.
    """
    last, rules = "staged", {}
    staged = exp.select(*(column(name, "source") for name in (ROW, *columns))).from_(table("source"))
    steps: list[tuple[str, exp.Query]] = [(last, staged)]
    for transforms, query in _select_stages(record, columns, dialect):
        if transforms[0].kind == "rule":
            rules[transforms[0].name] = print_stage(query, dialect)
        _read_from(query, last)
        query.add_comments([_write_comment(transform) for transform in transforms])
        last = f"step_{len(steps)}"
        steps.append((last, query))
    output = _select_output(record, _add_columns(columns, record.transforms), last)
    put_before(output, steps)
    header = "".join(f"-- {line}\n" for line in HEADER.splitlines())
    return Script(f"{header}\n{output.sql(dialect, copy=False, pretty=True)};\n", rules)


def _group_transforms(transforms: Sequence[Transform]) -> list[tuple[Transform, ...]]:
    """Put neighbours into one stage unless one needs or overwrites what another writes."""
    _check_names(transforms)
    groups: list[list[Transform]] = []
    for transform in transforms:
        before = groups[-1] if groups else []
        written = {name for other in before for name in other.writes}
        alone = "rule" in {other.kind for other in (*before[:1], transform)}
        if not before or alone or written & {*transform.reads, *transform.writes}:
            groups.append([transform])
        else:
            before.append(transform)
    return [tuple(group) for group in groups]


def _select_stages(
    record: Record, columns: Sequence[str], dialect: str
) -> Iterator[tuple[tuple[Transform, ...], exp.Select]]:
    """Build the stages over `input`, each from the columns that the stages before it leave."""
    for transforms in _group_transforms(record.transforms):
        yield transforms, _select_stage(transforms, columns, dialect)
        columns = _add_columns(columns, transforms)


def _read_from(query: exp.Select, name: str) -> None:
    """Make a relation the `input` of a stage, in place."""
    for relation in query.find_all(exp.Table):
        if relation.name == INPUT and not relation.alias:
            relation.replace(table(name, INPUT))


def _select_stage(transforms: Sequence[Transform], columns: Sequence[str], dialect: str) -> exp.Select:
    """Build one stage over `input`: a table rule, or a join to the map table of each function."""
    if transforms[0].kind == "rule":
        return select_rule(transforms[0], columns, dialect)
    _check_reads(transforms, columns)
    query = exp.select(column(ROW)).from_(table(INPUT))
    written: dict[str, exp.Expr] = {}
    for transform in transforms:
        map_name = map_table(transform.name)
        befores, afters = _name_map_columns(transform)
        same = [
            exp.NullSafeEQ(this=exp.column(before, map_name), expression=column(name))
            for before, name in zip(befores, transform.reads, strict=True)
        ]
        join_left(query, table(map_name), same)
        for after, name in zip(afters, transform.writes, strict=True):
            written[name] = exp.alias_(exp.column(after, map_name), name, quoted=True)
    return query.select(*(written.get(name, column(name)) for name in _add_columns(columns, transforms)))


def _select_output(record: Record, columns: Sequence[str], last: str) -> exp.Select:
    """Build the SELECT that ends the query: the output's columns in their types, in the source's order."""
    outputs = record.columns or tuple(columns)
    problems = [name_unknown(name, columns, "the output") for name in outputs if name not in columns]
    if problems:
        raise LoweringError(*problems)
    query = exp.select().from_(table(last)).order_by(column(ROW, last))
    for name in outputs:
        declared = record.types.get(name, "text")
        value = column(name, last)
        if declared == "text":
            query = query.select(value)
        else:
            cast = exp.cast(value, SQL_TYPES.get(declared, declared))
            query = query.select(exp.alias_(cast, name, quoted=True))
    return query


def _write_comment(transform: Transform) -> str:
    """Say what a transform is for, in words that neither end the comment nor begin one inside it."""
    text = show_text(" ".join(f"{transform.name}: {transform.goal}".split()))
    return f" {text.replace('*/', '* /').replace('/*', '/ *')} "


def _name_map_columns(transform: Transform) -> tuple[list[str], list[str]]:
    """Name the columns of a map table that hold what is read and what is written."""
    if transform.kind != "row":
        return ["before"], ["after"]
    befores = [f"in_{number}" for number in range(len(transform.reads))]
    return befores, [f"out_{number}" for number in range(len(transform.writes))]


def _add_columns(columns: Sequence[str], transforms: Sequence[Transform]) -> tuple[str, ...]:
    """Put columns that are made here at the end."""
    return tuple(dict.fromkeys([*columns, *(name for made in transforms for name in made.writes)]))


def _check_names(transforms: Sequence[Transform]) -> None:
    """Refuse two transforms whose map tables would be one; SQL doesn't tell upper from lower case."""
    names = [transform.name.lower() for transform in transforms]
    problems = [
        Diagnostic("RDC505", f"two transforms are named {name!r}", "Give one of them another name.")
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    if problems:
        raise LoweringError(*problems)


def _check_reads(transforms: Sequence[Transform], columns: Sequence[str]) -> None:
    problems = [
        name_unknown(name, columns, transform.name)
        for transform in transforms
        for name in transform.reads
        if name not in columns
    ]
    if problems:
        raise LoweringError(*problems)
