"""Accepted column and row functions -> what is known of their SQL on an engine: checked on the sample and on more, or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdc.artifacts.lockfile import LockedSql
from rdc.lowering.adversary import RowSubject, Subject, gather_rows, gather_values
from rdc.lowering.answers import ask_transform
from rdc.lowering.equivalence import check, refuse_difference
from rdc.lowering.lowerer import digest_sql, lower_transform
from rdc.lowering.refusal import NotLowerableError
from rdc.solving.follower import FUNCTIONS, Follower

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rdc.artifacts.outcome import Evaluator
    from rdc.artifacts.plan import Sample
    from rdc.artifacts.transform import Transform
    from rdc.engines.engine import Engine
    from rdc.lowering.answers import Given
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
    """Lower every column and row function, and check it on an engine.

    Args:
        transforms: as accepted.
        samples: rows before and after all transforms; what a function makes of a value is tried on the next, too.
        engine: to run the SQL on.
        evaluator: to run Python with.
        quoting: whether a reason may quote a value.
    """
    found: dict[str, LockedSql] = {}
    lowered: list[tuple[Transform, Lowered]] = []
    for transform in transforms:
        if transform.kind in FUNCTIONS:
            try:
                lowered.append((transform, lower_transform(transform, transform.source)))
            except NotLowerableError as error:
                found[transform.name] = LockedSql(refused=error.reason, line=error.line)
    seen = Follower(evaluator, samples).follow(transforms)
    for (transform, function), given in zip(lowered, _gather(lowered, seen), strict=True):
        evaluate = ask_transform(evaluator, transform, transform.source)
        checked = check(function, given, engine, evaluate)
        found[transform.name] = _lock(function, checked, quoting=quoting)
    return dict(sorted(found.items()))


def _gather(
    lowered: Sequence[tuple[Transform, Lowered]], seen: Mapping[str, Sequence[Given]]
) -> Iterator[Sequence[Given]]:
    """What to try each function on."""
    values = iter(
        gather_values(
            [
                Subject(transform.source, [value for (value,) in seen[transform.name]])
                for transform, _ in lowered
                if transform.kind == "column"
            ]
        )
    )
    rows = iter(
        gather_rows(
            [
                RowSubject(transform.source, len(transform.reads), seen[transform.name])
                for transform, _ in lowered
                if transform.kind == "row"
            ]
        )
    )
    for transform, _ in lowered:
        yield next(rows) if transform.kind == "row" else [(value,) for value in next(values)]


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
