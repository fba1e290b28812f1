"""Table rules -> SELECTs over `input`; a rule on unknown columns, or that a dialect cannot say, is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from rdc.artifacts.cleaner import UniqueRule
from rdc.artifacts.diagnostic import Diagnostic
from rdc.artifacts.stage import INPUT
from rdc.engines.engine import ROW
from rdc.errors import LoweringError
from rdc.lowering.conditions import parse_condition
from rdc.lowering.determinants import mend_determinants, mends_determinants
from rdc.lowering.elections import hold_elections
from rdc.lowering.names import DIALECT, column, columns_of, missing, name_unknown, present, put_before, table
from rdc.lowering.weighing import weigh_sources

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdc.artifacts.cleaner import DependencyRule
    from rdc.artifacts.transform import Transform


def lower_rule(transform: Transform, columns: Sequence[str], dialect: str = DIALECT) -> str:
    """Print the SELECT over `input` that applies a table rule.

    Args:
        transform: of kind `rule`.
        columns: of the table, in order.
        dialect: a name that sqlglot knows.

    Raises:
        LoweringError: the rule names an unknown column, or its condition cannot be asked of a row.
    """
    return print_stage(select_rule(transform, columns, dialect), dialect)


def violations_query(
    rule: DependencyRule | UniqueRule, columns: Sequence[str], dialect: str = DIALECT
) -> str:
    """Print the SELECT over `input` that returns `__rdc_row` of the rows that disagree with a rule.

    A row disagrees with a dependency where it holds another value than the one that decides for its
    group, or where a tie leaves its group without one. It disagrees with a key where another row has the
    same. Missing values, null or empty, disagree with nothing.

    Raises:
        LoweringError: as `lower_rule`.
    """
    _check_columns(rule, columns)
    relation = table(INPUT)
    query = exp.select(column(ROW)).from_(relation)
    if isinstance(rule, UniqueRule):
        sharing = exp.Window(this=exp.Count(this=exp.Star()), partition_by=columns_of(rule.unique))
        shared = exp.GT(this=sharing, expression=exp.Literal.number(1))
        query = query.where(present(rule.unique)).qualify(shared)
        return query.order_by(column(ROW)).sql(dialect, pretty=True)
    # What is only checked needs no support to be an opinion.
    checked = rule.model_copy(update={"repair": "majority", "min_support": 1, "min_share": 0.0})
    differing = []
    for election in hold_elections(checked, columns):
        election.join(query, relation)
        differs = exp.or_(election.winner.is_(exp.null()), column(election.dependent).neq(election.winner))
        differing.append(exp.and_(election.held, present([election.dependent]), differs))
    query = query.where(exp.or_(*differing) if differing else exp.false())
    rows = exp.select(exp.column(ROW)).from_(query.subquery("disagreeing"))
    return rows.order_by(exp.column(ROW)).sql(dialect, pretty=True)


def preferred_query(rule: DependencyRule, columns: Sequence[str], dialect: str = DIALECT) -> str | None:
    """Print the SELECT over `input` that returns `__rdc_row` of the rows that a rule prefers, None without any.

    Raises:
        LoweringError: the condition cannot be asked of a row.
    """
    if rule.prefer is None:
        return None
    condition = parse_condition(rule.prefer, columns)
    return exp.select(column(ROW)).from_(table(INPUT)).where(condition).sql(dialect, pretty=True)


def select_rule(transform: Transform, columns: Sequence[str], dialect: str = DIALECT) -> exp.Select:
    """Build the SELECT over `input` that applies a table rule.

    Raises:
        LoweringError: as `lower_rule`.
    """
    rule = transform.rule
    if rule is None:
        raise LoweringError(Diagnostic("RDC501", f"{transform.name} is no table rule"))
    _check_columns(rule, columns)
    if isinstance(rule, UniqueRule):
        return _select_unique(rule, columns)
    _check_dialect(rule, dialect)
    return _select_dependency(rule, columns)


def print_stage(query: exp.Select, dialect: str) -> str:
    """Print a query so that it begins with SELECT: whoever runs it puts `WITH input AS (…)` before it."""
    if query.ctes:
        query = exp.select(exp.Star()).from_(query.subquery("stage", copy=False))
    return query.sql(dialect, pretty=True)


def _select_dependency(rule: DependencyRule, columns: Sequence[str]) -> exp.Select:
    """Build the SELECT that puts each group's winner into all of the group's rows."""
    relation = table(INPUT)
    relations: list[tuple[str, exp.Query]] = []
    if mends_determinants(rule):
        relations += mend_determinants(rule, columns, relation)
        relation = table(relations[-1][0], INPUT)
    elections = hold_elections(rule, columns) if rule.repair != "none" else []
    weighted = any(ballot.weighted for election in elections for ballot in election.ballots)
    if weighted:
        relations += weigh_sources(rule, elections, relation)
    query = exp.select(column(ROW)).from_(relation.copy())
    put_before(query, relations)
    repaired = {}
    for election in elections:
        election.join(query, relation)
        value = exp.func("COALESCE", election.winner, column(election.dependent))
        repaired[election.dependent] = exp.alias_(value, election.dependent, quoted=True)
    if weighted:
        # The weights go round.
        query.args["with_"].set("recursive", value=True)
    return query.select(*(repaired.get(name, column(name)) for name in columns), copy=False)


def _select_unique(rule: UniqueRule, columns: Sequence[str]) -> exp.Select:
    """Build the SELECT that keeps one row of each key, and every row whose key is not whole."""
    query = exp.select(column(ROW), *columns_of(columns)).from_(table(INPUT))
    if rule.keep == "none":
        return query
    order = [exp.Ordered(this=column(ROW), desc=rule.keep == "last")]
    if rule.keep == "most_complete":
        filled = [exp.case().when(present([name]), 1).else_(0) for name in columns]
        total: exp.Expr = filled[0]
        for cell in filled[1:]:
            total = exp.Add(this=total, expression=cell)
        order.insert(0, exp.Ordered(this=total, desc=True))
    place = exp.Window(
        this=exp.RowNumber(), partition_by=columns_of(rule.unique), order=exp.Order(expressions=order)
    )
    return query.qualify(exp.or_(place.eq(1), *(missing(name) for name in rule.unique)))


def _check_columns(rule: DependencyRule | UniqueRule, columns: Sequence[str]) -> None:
    """Refuse a rule on columns that the table doesn't have."""
    if isinstance(rule, UniqueRule):
        named, what = rule.unique, "a unique rule"
    else:
        named = (*rule.dependency.determinant, *rule.dependency.dependent)
        named = (*named, rule.source_column) if rule.source_column is not None else named
        what = "a dependency rule"
    problems = [name_unknown(name, columns, what) for name in named if name not in columns]
    if problems:
        raise LoweringError(*problems)


def _check_dialect(rule: DependencyRule, dialect: str) -> None:
    """Refuse what another dialect has no function for, and sources that no column names."""
    problems = []
    if rule.repair == "weighted" and rule.source_column is None:
        hint = "Name the column that says where a row comes from."
        problems.append(Diagnostic("RDC508", "`repair: weighted` needs a `source_column`", hint))
    needs = {"repair: weighted": rule.repair == "weighted", "repair_determinant": mends_determinants(rule)}
    if dialect != DIALECT:
        problems += [
            Diagnostic("RDC507", f"`{key}` cannot be said in {dialect}", f"It runs on {DIALECT}.")
            for key, needed in needs.items()
            if needed
        ]
    if problems:
        raise LoweringError(*problems)
