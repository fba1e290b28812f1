"""A record and what was checked of its functions -> a cleaner as one query that people read; nothing is lowered here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from rdc.artifacts.display import show_text
from rdc.artifacts.stage import INPUT
from rdc.engines.engine import ROW
from rdc.errors import LoweringError
from rdc.lowering.names import DIALECT, column, name_unknown, put_before, table
from rdc.lowering.pipeline import add_columns, check_reads, group_transforms, join_map, list_made
from rdc.lowering.rules import print_stage, select_rule

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdc.artifacts.lockfile import LockedSql
    from rdc.artifacts.module import Record
    from rdc.artifacts.transform import Transform, WrittenSql

PAIRS = 60
"""Pairs of a value map that are written down; a longer one is a table."""
SQL_TYPES = {
    "integer": "BIGINT",
    "double": "DOUBLE",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "boolean": "BOOLEAN",
}
"""Of declared types; a decimal's is its own name, and text needs none."""

HEADER = """\
What `rdc run` does, as one query over `source`, the source as it is read: every column as text, and
__rdc_row, the row's position from 0. It holds no checks, and keeps no rows back: a value that is not
of its type ends it."""
PARTS = """\
A column <name>_<number> is a part of what the function <name> of transforms.py makes that is needed
more than once."""
MAPS = """\
A table map_<name> holds what the function or value map <name> makes of each distinct value: `before`
and `after`, or `in_0`, ... and `out_0`, ... of a function of rows. After ELSE it is asked only about
values for which SQL is not known to be exact, and need hold no others. To run the query by yourself,
fill these tables with the functions of transforms.py; `rdc run` does without them."""
"""What is said at the top of a query, as far as it holds such things."""


@dataclass(frozen=True, slots=True)
class Script:
    """A cleaner as SQL that people read.

    Attributes:
        query: all of it over `source`, commented, which ends in the declared types.
        rules: the SELECT over `input` that applies each table rule, by the transform's name.
    """

    query: str
    rules: Mapping[str, str]


def compose_script(
    record: Record,
    columns: Sequence[str],
    locked: Mapping[str, LockedSql] | None = None,
    dialect: str = DIALECT,
) -> Script:
    """Print a cleaner as one query, and its table rules by themselves.

    Args:
        record: of the cleaner, with the SQL of its functions.
        columns: of the staged source, in order.
        locked: what was checked of each function, by name.
        dialect: a name that sqlglot knows.

    Raises:
        LoweringError: a transform reads an unknown column, or a rule cannot be lowered.
    """
    last, rules = "staged", {}
    staged = exp.select(*(column(name, "source") for name in (ROW, *columns))).from_(table("source"))
    steps: list[tuple[str, exp.Query]] = [(last, staged)]
    known = columns
    for number, transforms in enumerate(group_transforms(record.transforms), 1):
        if transforms[0].kind == "rule":
            rule = select_rule(transforms[0], known, dialect)
            rules[transforms[0].name] = print_stage(rule, dialect)
            stage: list[exp.Select] = [rule]
        else:
            stage = _select_functions(transforms, known, record.functions)
        stage[0].add_comments([_write_comment(transform, record, locked or {}) for transform in transforms])
        for part, query in enumerate(stage, 1):
            _read_from(query, last)
            last = f"step_{number}" if part == len(stage) else f"step_{number}_part_{part}"
            steps.append((last, query))
        known = add_columns(known, transforms)
    output = _select_output(record, known, last)
    put_before(output, steps)
    header = "".join(f"-- {line}\n" for line in _write_header(record, steps))
    return Script(f"{header}\n{output.sql(dialect, copy=False, pretty=True)};\n", rules)


def _write_header(record: Record, steps: Sequence[tuple[str, exp.Query]]) -> list[str]:
    """What is to be known of a query, in lines."""
    told = [HEADER]
    told += [PARTS] if any(written.levels for written in record.functions.values()) else []
    joined = any(
        join
        for _, query in steps
        for join in query.args.get("joins") or ()
        if join.this.name.startswith("map_")
    )
    told += [MAPS] if joined else []
    return "\n".join(told).splitlines()


def _select_functions(
    transforms: Sequence[Transform], columns: Sequence[str], written: Mapping[str, WrittenSql]
) -> list[exp.Select]:
    """Build the SELECTs over `input` of one stage, each over the one before: shared parts, and at last the columns."""
    check_reads(transforms, columns)
    selects: list[exp.Select] = []
    functions = [written[transform.name] for transform in transforms if transform.name in written]
    for number in range(max((len(function.levels) for function in functions), default=0)):
        parts = {
            name: text
            for function in functions
            for name, text in (function.levels[number] if number < len(function.levels) else {}).items()
        }
        made = [exp.alias_(exp.Var(this=text), name) for name, text in parts.items()]
        selects.append(exp.select("*", *made).from_(table(INPUT)))
    query = exp.select(column(ROW)).from_(table(INPUT))
    values: dict[str, exp.Expr] = {}
    for transform in transforms:
        made_columns = _write_values(query, transform, written.get(transform.name))
        values |= {name: exp.alias_(value, name, quoted=True) for name, value in made_columns.items()}
    query = query.select(*(values.get(name, column(name)) for name in add_columns(columns, transforms)))
    return [*selects, query]


def _write_values(query: exp.Select, transform: Transform, written: WrittenSql | None) -> dict[str, exp.Expr]:
    """What a transform makes of each column; its map table is put beside the query where it is asked."""
    if transform.kind == "map" and 0 < len(transform.entries) <= PAIRS:
        return {transform.writes[0]: _choose_pairs(transform)}
    if written is None:
        join_map(query, transform)
        return list_made(transform)
    made: dict[str, exp.Expr] = {
        name: exp.Var(this=text) for name, text in zip(transform.writes, written.values, strict=True)
    }
    if written.domain is None:
        return made
    join_map(query, transform)
    domain = exp.Var(this=written.domain)
    return {
        name: exp.Case(ifs=[exp.If(this=domain.copy(), true=made[name])], default=asked)
        for name, asked in list_made(transform).items()
    }


def _choose_pairs(transform: Transform) -> exp.Case:
    """A value map, pair by pair; a value without one stays."""
    [name] = transform.reads
    pairs = [
        exp.If(
            this=exp.Literal.string(value),
            true=exp.null() if becomes is None else exp.Literal.string(becomes),
        )
        for value, becomes in transform.mapping.items()
    ]
    return exp.Case(this=column(name), ifs=pairs, default=column(name))


def _read_from(query: exp.Select, name: str) -> None:
    """Make a relation the `input` of a stage, in place."""
    for relation in query.find_all(exp.Table):
        if relation.name == INPUT and not relation.alias:
            relation.replace(table(name, INPUT))


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


def _write_comment(transform: Transform, record: Record, locked: Mapping[str, LockedSql]) -> str:
    """Say what a transform is for, in words that neither end the comment nor begin one inside it."""
    why = _explain(transform, record, locked.get(transform.name))
    text = show_text(" ".join(f"{transform.name}: {transform.goal}{why}".split()))
    return f" {text.replace('*/', '* /').replace('/*', '/ *')} "


def _explain(transform: Transform, record: Record, locked: LockedSql | None) -> str:
    """Why a function is a table here, where that is known."""
    if locked is None or transform.name in record.functions:
        return ""
    if locked.refused is None:
        return f" [its SQL is long: `rdc show {record.cleaner}` prints it]"
    return f" [no SQL: {locked.refused}{f', line {locked.line}' * bool(locked.line)}]"
