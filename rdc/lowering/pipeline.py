"""A record's transforms -> stages of SQL; two of one name are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from rdc.artifacts.diagnostic import Diagnostic
from rdc.artifacts.stage import INPUT, Stage, map_table
from rdc.engines.engine import ROW
from rdc.errors import LoweringError
from rdc.lowering.names import DIALECT, column, join_left, name_unknown, table
from rdc.lowering.rules import print_stage, select_rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rdc.artifacts.module import Record
    from rdc.artifacts.transform import Transform


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


def group_transforms(transforms: Sequence[Transform]) -> list[tuple[Transform, ...]]:
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
    for transforms in group_transforms(record.transforms):
        yield transforms, select_stage(transforms, columns, dialect)
        columns = add_columns(columns, transforms)


def select_stage(transforms: Sequence[Transform], columns: Sequence[str], dialect: str) -> exp.Select:
    """Build one stage over `input`: a table rule, or a join to the map table of each function."""
    if transforms[0].kind == "rule":
        return select_rule(transforms[0], columns, dialect)
    check_reads(transforms, columns)
    query = exp.select(column(ROW)).from_(table(INPUT))
    written: dict[str, exp.Expr] = {}
    for transform in transforms:
        join_map(query, transform)
        for name, after in list_made(transform).items():
            written[name] = exp.alias_(after, name, quoted=True)
    return query.select(*(written.get(name, column(name)) for name in add_columns(columns, transforms)))


def join_map(query: exp.Select, transform: Transform) -> None:
    """Put the map table of a function beside `input`, in place."""
    name = map_table(transform.name)
    befores, _ = _name_map_columns(transform)
    same = [
        exp.NullSafeEQ(this=exp.column(before, name), expression=column(read))
        for before, read in zip(befores, transform.reads, strict=True)
    ]
    join_left(query, table(name), same)


def list_made(transform: Transform) -> dict[str, exp.Expr]:
    """What the map table of a function says of each column that it writes."""
    _, afters = _name_map_columns(transform)
    return {
        name: exp.column(after, map_table(transform.name))
        for after, name in zip(afters, transform.writes, strict=True)
    }


def _name_map_columns(transform: Transform) -> tuple[list[str], list[str]]:
    """Name the columns of a map table that hold what is read and what is written."""
    if transform.kind != "row":
        return ["before"], ["after"]
    befores = [f"in_{number}" for number in range(len(transform.reads))]
    return befores, [f"out_{number}" for number in range(len(transform.writes))]


def add_columns(columns: Sequence[str], transforms: Sequence[Transform]) -> tuple[str, ...]:
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


def check_reads(transforms: Sequence[Transform], columns: Sequence[str]) -> None:
    """Refuse transforms of columns that there are not."""
    problems = [
        name_unknown(name, columns, transform.name)
        for transform in transforms
        for name in transform.reads
        if name not in columns
    ]
    if problems:
        raise LoweringError(*problems)
