"""A table rule and a sample -> the sample after it, and the transform with its evidence. Rules run as their SQL."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from rdc.artifacts.cleaner import DependencyRule
from rdc.artifacts.diagnostic import Diagnostic
from rdc.artifacts.plan import Sample, identifier
from rdc.artifacts.transform import Change, Evidence, Transform, Verdict
from rdc.engines.engine import ROW
from rdc.errors import LoweringError, SourceError
from rdc.lowering.determinants import mends_determinants
from rdc.lowering.rules import lower_rule, preferred_query

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdc.artifacts.candidate import Author
    from rdc.artifacts.cleaner import UniqueRule
    from rdc.artifacts.plan import Cell
    from rdc.engines.engine import Engine

SHOWN = 10
"""How many changes are kept as evidence."""
CLEAR_SUPPORT, CLEAR_SHARE = 3, 0.75
"""A changed cell counts as explained where so many rows of its group, and such a share, held what it became."""


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
        source = (rule.source_column,) if rule.repair == "weighted" and rule.source_column else ()
        return Transform(
            kind="rule",
            name=name,
            reads=tuple(dict.fromkeys((*determinant, *dependent, *source))),
            writes=(*dependent, *determinant) if mends_determinants(rule) else dependent,
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
    try:
        rows = _query(engine, f'SELECT * FROM ({sql}) ORDER BY "{ROW}"')  # noqa: S608 - rdc's own SQL
        preferred = _find_preferred(engine, transform, columns)
    except SourceError as error:
        fact, hint = (
            f"the rule {transform.name} cannot be run: {error.problems[0].fact}",
            "Look at its `prefer`.",
        )
        raise LoweringError(Diagnostic("RDC506", fact, hint)) from error
    cells = list(zip(*rows, strict=True)) or [()] * (len(columns) + 1)
    after = Sample(dict(zip(columns, map(list, cells[1:]), strict=True)))
    if isinstance(transform.rule, DependencyRule):
        evidence = _weigh_changes(transform.rule, transform.writes, sample, after, preferred)
    else:
        evidence = Evidence(rows=sample.rows, rows_removed=sample.rows - after.rows)
    return after, transform.model_copy(update={"evidence": evidence})


def _query(engine: Engine, query: str) -> list[tuple[Any, ...]]:
    """Run a query over what a rule is given."""
    return engine.query(f'WITH "input" AS (SELECT * FROM "rule_input") {query}')  # noqa: S608 - rdc's own SQL


def _find_preferred(engine: Engine, transform: Transform, columns: Sequence[str]) -> frozenset[int]:
    """The rows that a rule prefers."""
    if not isinstance(transform.rule, DependencyRule):
        return frozenset()
    query = preferred_query(transform.rule, columns)
    return frozenset(row for (row,) in _query(engine, query)) if query else frozenset()


def _weigh_changes(
    rule: DependencyRule, writes: Sequence[str], before: Sample, after: Sample, preferred: frozenset[int]
) -> Evidence:
    """Count the cells that a dependency changed, and those of them that a clear majority or a preferred row explains."""
    changed = {
        name: [
            row
            for row, (old, new) in enumerate(zip(before.columns[name], after.columns[name], strict=True))
            if old != new
        ]
        for name in dict.fromkeys(writes)
    }
    keys = list(zip(*(after.columns[name] for name in rule.dependency.determinant), strict=True))
    pairs: Counter[tuple[Cell, Cell]] = Counter()
    explained = 0
    for name, rows in changed.items():
        pairs.update((before.columns[name][row], after.columns[name][row]) for row in rows)
        if name in rule.dependency.determinant:
            explained += len(rows)
        elif rows:
            clear = _find_clear(keys, before.columns[name], preferred)
            explained += sum(after.columns[name][row] in clear.get(keys[row], ()) for row in rows)
    filled = sum(count for (old, _), count in pairs.items() if not old)
    ordered = sorted(pairs.items(), key=lambda item: (-item[1], str(item[0])))
    return Evidence(
        rows=before.rows,
        cells_changed=pairs.total(),
        values_changed=len(pairs),
        cells_with_finding=explained,
        cells_by_column={name: len(rows) for name, rows in changed.items()},
        changes=tuple(Change(before=old, after=new, count=count) for (old, new), count in ordered[:SHOWN]),
        verdicts=(
            Verdict(gate="groups", passed=True, detail=f"{filled} filled, {pairs.total() - filled} replaced"),
        ),
    )


def _find_clear(
    keys: Sequence[tuple[Cell, ...]], cells: Sequence[Cell], preferred: frozenset[int]
) -> dict[tuple[Cell, ...], set[Cell]]:
    """The values of each group that need no further reason: of a clear majority, or of a preferred row."""
    votes: defaultdict[tuple[Cell, ...], Counter[Cell]] = defaultdict(Counter)
    clear: defaultdict[tuple[Cell, ...], set[Cell]] = defaultdict(set)
    for row, (key, cell) in enumerate(zip(keys, cells, strict=True)):
        if cell:
            votes[key][cell] += 1
            if row in preferred:
                clear[key].add(cell)
    for key, counted in votes.items():
        value, most = counted.most_common(1)[0]
        if most >= CLEAR_SUPPORT and most >= CLEAR_SHARE * counted.total():
            clear[key].add(value)
    return clear


def _listed(names: tuple[str, ...]) -> str:
    """Names as a phrase: `a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
