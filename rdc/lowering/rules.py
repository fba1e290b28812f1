"""Table rules -> SELECTs over `input`; a condition that is not about one row's own columns is refused."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from rdc.artifacts.cleaner import UniqueRule
from rdc.artifacts.diagnostic import Diagnostic
from rdc.artifacts.stage import INPUT
from rdc.engines.engine import ROW
from rdc.errors import LoweringError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rdc.artifacts.cleaner import DependencyRule
    from rdc.artifacts.transform import Transform

DIALECT = "duckdb"
VOTES, PLACE, TOTAL = "__rdc_votes", "__rdc_place", "__rdc_total"

# What a condition may not hold: it is asked of one row at a time, without parameters.
REFUSED_NODES: tuple[tuple[type[exp.Expr], str], ...] = (
    (exp.Query, "a subquery"),
    (exp.AggFunc, "an aggregate"),
    (exp.Window, "a window function"),
    (exp.Placeholder, "a parameter"),
    (exp.Parameter, "a parameter"),
    (exp.Star, "a star"),
)


def lower_rule(transform: Transform, columns: Sequence[str], dialect: str = DIALECT) -> str:
    """Print the SELECT over `input` that applies a table rule.

    Args:
        transform: of kind `rule`.
        columns: of the table, in order.
        dialect: a name that sqlglot knows.

    Raises:
        LoweringError: the rule names an unknown column, or its condition cannot be asked of a row.
    """
    return print_stage(select_rule(transform, columns, table(INPUT)), dialect)


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
        sharing = exp.Window(this=exp.Count(this=exp.Star()), partition_by=_columns(rule.unique))
        shared = exp.GT(this=sharing, expression=exp.Literal.number(1))
        query = query.where(_present(rule.unique)).qualify(shared)
        return query.order_by(column(ROW)).sql(dialect, pretty=True)
    # What is only checked needs no support to be an opinion.
    checked = rule.model_copy(update={"min_support": 1, "min_share": 0.0})
    differing = []
    for election in _hold_elections(checked, columns):
        query = election.join(query, relation)
        differs = exp.or_(election.winner.is_(exp.null()), column(election.dependent).neq(election.winner))
        differing.append(exp.and_(election.held, _present([election.dependent]), differs))
    query = query.where(exp.or_(*differing) if differing else exp.false())
    rows = exp.select(exp.column(ROW)).from_(query.subquery("disagreeing"))
    return rows.order_by(exp.column(ROW)).sql(dialect, pretty=True)


def select_rule(transform: Transform, columns: Sequence[str], relation: exp.Table) -> exp.Select:
    """Build the SELECT that applies a table rule to a relation that is called `input`."""
    rule = transform.rule
    if rule is None:
        raise LoweringError(Diagnostic("RDC501", f"{transform.name} is no table rule"))
    _check_columns(rule, columns)
    if isinstance(rule, UniqueRule):
        return _select_unique(rule, columns, relation)
    return _select_dependency(rule, columns, relation)


def print_stage(query: exp.Select, dialect: str) -> str:
    """Print a query so that it begins with SELECT: whoever runs it puts `WITH input AS (…)` before it."""
    if query.ctes:
        query = exp.select("*").from_(query.subquery("stage"))
    return query.sql(dialect, pretty=True)


def column(name: str, table: str = INPUT) -> exp.Column:
    """Build the name of a column, quoted unless it is rdc's own."""
    return exp.column(exp.to_identifier(name, quoted=not name.startswith("__rdc_")), exp.to_identifier(table))


def table(name: str, alias: str | None = None) -> exp.Table:
    """Build the name of a relation of rdc's own, under another name where one is given."""
    named = exp.TableAlias(this=exp.to_identifier(alias)) if alias else None
    return exp.Table(this=exp.to_identifier(name), alias=named)


def name_unknown(name: str, columns: Sequence[str], what: str) -> Diagnostic:
    """Say that a column is unknown, and which may be meant."""
    close = get_close_matches(name, columns, n=1)
    hint = f"Did you mean {close[0]!r}?" if close else f"There are {', '.join(map(repr, columns))}."
    return Diagnostic("RDC504", f"{what} names the unknown column {name!r}", hint)


def parse_condition(text: str, columns: Sequence[str]) -> exp.Expr:
    """Read a SQL condition that is asked of one row, its columns made those of `input`.

    Raises:
        LoweringError: it doesn't parse, names an unknown column, or looks beyond the row.
    """
    hint = "`prefer` is a SQL condition on the columns of one row, such as src = 'owner'."
    try:
        condition = sqlglot.parse_one(text, into=exp.Condition, dialect=DIALECT)
    except (SqlglotError, RecursionError):
        raise LoweringError(Diagnostic("RDC502", f"no SQL condition: {text!r}", hint)) from None
    problems = [
        Diagnostic("RDC503", f"the condition {text!r} holds {name}", hint)
        for kind, name in REFUSED_NODES
        if condition.find(kind)
    ]
    known = {name.lower(): name for name in columns}
    for node in condition.find_all(exp.Column):
        name = node.sql(DIALECT) if node.table else node.name
        if name.lower() not in known:
            problems.append(name_unknown(name, columns, f"the condition {text!r}"))
    if problems:
        raise LoweringError(*problems)
    for part in condition.walk():
        part.pop_comments()
    return condition.transform(
        lambda node: column(known[node.name.lower()]) if isinstance(node, exp.Column) else node
    )


@dataclass(frozen=True, slots=True)
class _Election:
    """How the value of one dependent column is decided for each group of rows.

    Attributes:
        rule: says what makes the group, and what a value needs to win.
        dependent: the column.
        ballots: who votes, as a prefix for the names of relations and the condition that voters hold; a
            group where the first ballot has no vote is decided by the second, if there is one.
    """

    rule: DependencyRule
    dependent: str
    ballots: tuple[tuple[str, exp.Expr | None], ...]

    @property
    def held(self) -> exp.Condition:
        """Build the condition that any vote was cast in the row's group."""
        return exp.or_(*(self._has_votes(prefix) for prefix, _ in self.ballots))

    @property
    def winner(self) -> exp.Expr:
        """Build the value that won in the row's group, null where none did."""
        winners = [column(self.dependent, self._named(f"{prefix}winner")) for prefix, _ in self.ballots]
        if len(winners) == 1:
            return winners[0]
        return exp.case().when(self._has_votes(self.ballots[0][0]), winners[0]).else_(winners[1])

    def join(self, query: exp.Select, relation: exp.Table) -> exp.Select:
        """Add the counts and the winners to a query over `input`."""
        for prefix, condition in self.ballots:
            votes, winner = self._named(f"{prefix}votes"), self._named(f"{prefix}winner")
            query = query.with_(exp.to_identifier(votes), self._count(relation, condition))
            query = query.with_(exp.to_identifier(winner), self._decide(votes, condition))
            same = (column(name, winner).eq(column(name)) for name in self._group)
            query = query.join(table(winner), on=exp.and_(*same), join_type="left")
        return query

    @property
    def _group(self) -> tuple[str, ...]:
        return self.rule.dependency.determinant

    def _named(self, role: str) -> str:
        return f"{role}_{self.dependent}"

    def _has_votes(self, prefix: str) -> exp.Expr:
        return column(self._group[0], self._named(f"{prefix}winner")).is_(exp.null()).not_()

    def _count(self, relation: exp.Table, condition: exp.Expr | None) -> exp.Select:
        """Build each group's values with their votes, their places and the group's votes."""
        group, values = _columns(self._group), _columns([*self._group, self.dependent])
        votes = exp.Count(this=exp.Star())
        most_first = exp.Order(expressions=[exp.Ordered(this=votes.copy(), desc=True)])
        place = exp.Window(this=exp.Anonymous(this="RANK"), partition_by=group, order=most_first)
        total = exp.Window(this=exp.Sum(this=votes.copy()), partition_by=[name.copy() for name in group])
        return (
            exp.select(*values, exp.alias_(votes, VOTES), exp.alias_(place, PLACE))
            .select(exp.alias_(exp.cast(total, "BIGINT"), TOTAL))
            .from_(relation)
            .where(_present([*self._group, self.dependent]), condition)
            .group_by(*values)
        )

    def _decide(self, votes: str, condition: exp.Expr | None) -> exp.Select:
        """Build each group's winner: the only value in the first place, with all that it needs."""
        won: list[exp.Expr] = [exp.Count(this=exp.Star()).eq(1)]
        if condition is None:
            most, total = (exp.Max(this=column(name, votes)) for name in (VOTES, TOTAL))
            # A decimal literal, so that the share is compared exactly.
            share = exp.Literal.number(f"{self.rule.min_share:.12f}".rstrip("0").rstrip("."))
            won.append(most >= self.rule.min_support)
            won.append(most.copy() > exp.Mul(this=share, expression=total))
        group = [column(name, votes) for name in self._group]
        value = exp.case().when(exp.and_(*won), exp.Max(this=column(self.dependent, votes)))
        return (
            exp.select(*group, exp.alias_(value, self.dependent, quoted=True))
            .from_(table(votes))
            .where(column(PLACE, votes).eq(1))
            .group_by(*group)
        )


def _hold_elections(rule: DependencyRule, columns: Sequence[str]) -> list[_Election]:
    """Say how each dependent column is decided; rows that are preferred need no support."""
    ballots: list[tuple[str, exp.Expr | None]] = [("", None)]
    if rule.prefer is not None:
        ballots = ballots if rule.otherwise == "majority" else []
        ballots = [("preferred_", parse_condition(rule.prefer, columns)), *ballots]
    dependents = dict.fromkeys(rule.dependency.dependent)
    return [
        _Election(rule, name, tuple(ballots))
        for name in dependents
        if name not in rule.dependency.determinant
    ]


def _select_dependency(rule: DependencyRule, columns: Sequence[str], relation: exp.Table) -> exp.Select:
    """Build the SELECT that puts each group's winner into all of the group's rows."""
    query = exp.select(column(ROW)).from_(relation)
    repaired = {}
    for election in _hold_elections(rule, columns) if rule.repair == "majority" else ():
        query = election.join(query, relation)
        repaired[election.dependent] = exp.alias_(
            exp.func("COALESCE", election.winner, column(election.dependent)),
            election.dependent,
            quoted=True,
        )
    return query.select(*(repaired.get(name, column(name)) for name in columns))


def _select_unique(rule: UniqueRule, columns: Sequence[str], relation: exp.Table) -> exp.Select:
    """Build the SELECT that keeps one row of each key, and every row whose key is not whole."""
    query = exp.select(column(ROW), *_columns(columns)).from_(relation)
    if rule.keep == "none":
        return query
    order = [exp.Ordered(this=column(ROW), desc=rule.keep == "last")]
    if rule.keep == "most_complete":
        filled = [exp.case().when(_present([name]), 1).else_(0) for name in columns]
        total: exp.Expr = filled[0]
        for cell in filled[1:]:
            total = exp.Add(this=total, expression=cell)
        order.insert(0, exp.Ordered(this=total, desc=True))
    place = exp.Window(
        this=exp.RowNumber(), partition_by=_columns(rule.unique), order=exp.Order(expressions=order)
    )
    return query.qualify(exp.or_(place.eq(1), *(_missing(name) for name in rule.unique)))


def _columns(names: Iterable[str]) -> list[exp.Column]:
    return [column(name) for name in names]


def _present(names: Iterable[str]) -> exp.Condition:
    """Build the condition that no cell is null or empty."""
    return exp.and_(*(column(name).neq(exp.Literal.string("")) for name in names))


def _missing(name: str) -> exp.Condition:
    return exp.or_(column(name).is_(exp.null()), column(name).eq(exp.Literal.string("")))


def _check_columns(rule: DependencyRule | UniqueRule, columns: Sequence[str]) -> None:
    """Refuse a rule on columns that the table doesn't have."""
    if isinstance(rule, UniqueRule):
        named, what = rule.unique, "a unique rule"
    else:
        named = (*rule.dependency.determinant, *rule.dependency.dependent)
        what = "a dependency rule"
    problems = [name_unknown(name, columns, what) for name in named if name not in columns]
    if problems:
        raise LoweringError(*problems)
