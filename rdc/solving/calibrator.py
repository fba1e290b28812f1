"""Accepted column functions -> what is known of their SQL on an engine: checked on the sample and on more, or refused."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from rdc.artifacts.lockfile import LockedSql
from rdc.lowering.adversary import Subject, gather_values
from rdc.lowering.equivalence import check, refuse_difference
from rdc.lowering.lowerer import digest_sql, lower_column
from rdc.lowering.refusal import NotLowerableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rdc.artifacts.outcome import Evaluator
    from rdc.artifacts.plan import Cell, Sample
    from rdc.artifacts.transform import Transform
    from rdc.engines.engine import Engine
    from rdc.lowering.equivalence import Checked
    from rdc.lowering.functions.compiler import Lowered


def calibrate(
    transforms: Sequence[Transform],
    samples: Iterable[Sample],
    engine: Engine,
    evaluator: Evaluator,
    *,
    quoting: bool = True,
) -> dict[str, LockedSql]:
    """Lower every column function, and check it on an engine.

    Args:
        transforms: as accepted.
        samples: rows before and after all transforms; what a function makes of a value is tried on the next, too.
        engine: to run the SQL on.
        evaluator: to run Python with.
        quoting: whether a reason may quote a value.
    """
    found: dict[str, LockedSql] = {}
    lowered: dict[str, tuple[Transform, Lowered]] = {}
    for transform in transforms:
        if transform.kind == "column":
            try:
                lowered[transform.name] = transform, lower_column(transform.source, transform.name)
            except NotLowerableError as error:
                found[transform.name] = LockedSql(refused=error.reason, line=error.line)
    seen = _follow_values(transforms, samples, evaluator)
    subjects = [Subject(transform.source, seen[transform.name]) for transform, _ in lowered.values()]
    for (transform, function), values in zip(lowered.values(), gather_values(subjects), strict=True):
        evaluate = partial(evaluator.map_column, transform.source, transform.name)
        checked = check(function, values, engine, evaluate)
        found[transform.name] = _lock(function, checked, quoting=quoting)
    return dict(sorted(found.items()))


def _lock(lowered: Lowered, checked: Checked, *, quoting: bool) -> LockedSql:
    """What the lock says of a function that was checked."""
    try:
        refuse_difference(checked)
    except NotLowerableError as error:
        told = quoting or checked.difference is None
        return LockedSql(refused=error.reason if told else "differs on a value")
    return LockedSql(
        digest=digest_sql(lowered), engine=checked.engine, version=checked.version, values=checked.values
    )


def _follow_values(
    transforms: Sequence[Transform], samples: Iterable[Sample], evaluator: Evaluator
) -> dict[str, list[Cell]]:
    """The values that each function meets in its column, the most frequent first."""
    counts: dict[str, Counter[Cell]] = {}
    for sample in samples:
        for column, cells in sample.columns.items():
            counts.setdefault(column, Counter()).update(cells)
    columns = {column: [value for value, _ in counted.most_common()] for column, counted in counts.items()}
    seen: dict[str, list[Cell]] = {}
    for transform in transforms:
        values = columns.setdefault(transform.writes[0], []) if transform.writes else []
        if transform.kind == "column":
            seen[transform.name] = values
            made = evaluator.map_column(transform.source, transform.name, values)
            columns[transform.writes[0]] = list(dict.fromkeys([*values, *(each.value for each in made)]))
        elif transform.kind == "map":
            columns[transform.writes[0]] = list(dict.fromkeys([*values, *transform.mapping.values()]))
    return seen
