"""A table rule and a sample -> the sample after it, and the transform with its evidence. Rules run as their SQL."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rdc.artifacts.cleaner import DependencyRule
from rdc.artifacts.diagnostic import Diagnostic
from rdc.artifacts.plan import Sample, identifier
from rdc.artifacts.transform import Change, Evidence, Transform
from rdc.engines.engine import ROW
from rdc.errors import LoweringError, SourceError
from rdc.lowering.rules import lower_rule

if TYPE_CHECKING:
    from rdc.artifacts.candidate import Author
    from rdc.artifacts.cleaner import UniqueRule
    from rdc.engines.engine import Engine

SHOWN = 10
"""How many changes are kept as evidence."""


def state_rule(rule: DependencyRule | UniqueRule, author: Author) -> Transform | None:
    """A rule as a transform without evidence, or None where it is only checked.

    Args:
        rule: as declared.
        author: whoever declared it, or what mined it.
    """
    if (rule.repair if isinstance(rule, DependencyRule) else rule.keep) == "none":
        return None
    if isinstance(rule, DependencyRule):
        determinant, dependent = rule.dependency.determinant, rule.dependency.dependent
        name = f"{'_'.join(map(identifier, determinant))}_determines_{'_'.join(map(identifier, dependent))}"
        goal = f"{_listed(determinant)} {'determine' if len(determinant) > 1 else 'determines'} {_listed(dependent)}."
        return Transform(
            kind="rule",
            name=name,
            reads=(*determinant, *dependent),
            writes=dependent,
            author=author,
            goal=goal,
            rule=rule,
        )
    name = f"unique_{'_'.join(map(identifier, rule.unique))}"
    goal = f"No two rows share {_listed(rule.unique)}; the {rule.keep.replace('_', ' ')} stays."
    return Transform(
        kind="rule", name=name, reads=rule.unique, writes=(), author=author, goal=goal, rule=rule
    )


def apply_rule(engine: Engine, transform: Transform, sample: Sample) -> tuple[Sample, Transform]:
    """Run a rule on a sample.

    Args:
        engine: where the rule's SQL runs; a table `rule_input` is replaced there.
        transform: of kind `rule`, with its rule.
        sample: the rows before.

    Returns:
        The rows after, and the transform with its evidence.

    Raises:
        LoweringError: the rule has no SQL, or the engine refuses it.
    """
    columns = tuple(sample.columns)
    engine.load("rule_input", sample.columns)
    sql = lower_rule(transform, columns)
    query = f'WITH "input" AS (SELECT * FROM "rule_input") SELECT * FROM ({sql}) ORDER BY "{ROW}"'  # noqa: S608 - rdc's own SQL
    try:
        rows = engine.query(query)
    except SourceError as error:
        fact, hint = (
            f"the rule {transform.name} cannot be run: {error.problems[0].fact}",
            "Look at its `prefer`.",
        )
        raise LoweringError(Diagnostic("RDC506", fact, hint)) from error
    cells = list(zip(*rows, strict=True)) or [()] * (len(columns) + 1)
    after = Sample(dict(zip(columns, map(list, cells[1:]), strict=True)))
    return after, transform.model_copy(update={"evidence": _weigh(transform, sample, after, cells[0])})


def _weigh(transform: Transform, before: Sample, after: Sample, rows: tuple[int, ...]) -> Evidence:
    """What a rule changed: cells of the columns that it writes, or rows that it removed."""
    changes = Counter(
        (before.columns[name][row], after.columns[name][position])
        for name in transform.writes
        for position, row in enumerate(rows)
        if before.columns[name][row] != after.columns[name][position]
    )
    removed = before.rows - after.rows
    ordered = sorted(changes.items(), key=lambda item: (-item[1], str(item[0])))
    return Evidence(
        rows=before.rows,
        cells_changed=changes.total(),
        values_changed=len(changes),
        cells_with_finding=changes.total(),
        rows_removed=removed,
        changes=tuple(Change(before=old, after=new, count=count) for (old, new), count in ordered[:SHOWN]),
    )


def _listed(names: tuple[str, ...]) -> str:
    """Names as a phrase: `a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
