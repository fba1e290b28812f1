"""A dependency rule -> how the value of each dependent column is decided for each group of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from rdc.lowering.conditions import parse_condition
from rdc.lowering.names import column, columns_of, join_left, present, put_before, table, write_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rdc.artifacts.cleaner import DependencyRule

VOTES, PLACE, TOTAL = "__rdc_votes", "__rdc_place", "__rdc_total"


@dataclass(frozen=True, slots=True)
class Ballot:
    """Who votes, and how votes count.

    Attributes:
        prefix: of the names of its relations.
        condition: that voters hold; those that hold one need no support.
        weighted: whether the winners come from sources weighed against each other.
    """

    prefix: str = ""
    condition: exp.Expr | None = None
    weighted: bool = False

    def name_winner(self, dependent: str) -> str:
        """The relation of the values that won, one a group."""
        return f"{self.prefix}winner_{dependent}"


@dataclass(frozen=True, slots=True)
class Election:
    """How the value of one dependent column is decided for each group of rows.

    Attributes:
        rule: says what makes the group, and what a value needs to win.
        dependent: the column.
        ballots: a group where the first has no vote is decided by the second, if there is one.
    """

    rule: DependencyRule
    dependent: str
    ballots: tuple[Ballot, ...]

    @property
    def held(self) -> exp.Condition:
        """Build the condition that any vote was cast in the row's group."""
        return exp.or_(*map(self._has_votes, self.ballots))

    @property
    def winner(self) -> exp.Expr:
        """Build the value that won in the row's group, null where none did."""
        winners = [column(self.dependent, ballot.name_winner(self.dependent)) for ballot in self.ballots]
        if len(winners) == 1:
            return winners[0]
        return exp.case().when(self._has_votes(self.ballots[0]), winners[0]).else_(winners[1])

    def join(self, query: exp.Select, relation: exp.Table) -> None:
        """Add the counts and the winners to a query over `input`; those of a weighted ballot are there already."""
        for ballot in self.ballots:
            winner = ballot.name_winner(self.dependent)
            if not ballot.weighted:
                votes = f"{ballot.prefix}votes_{self.dependent}"
                counted = self._count(relation.copy(), ballot.condition)
                put_before(query, [(votes, counted), (winner, self._decide(votes, ballot.condition))])
            join_left(query, table(winner), (column(name, winner).eq(column(name)) for name in self._group))

    @property
    def _group(self) -> tuple[str, ...]:
        return self.rule.dependency.determinant

    def _has_votes(self, ballot: Ballot) -> exp.Expr:
        return column(self._group[0], ballot.name_winner(self.dependent)).is_(exp.null()).not_()

    def _count(self, relation: exp.Table, condition: exp.Expr | None) -> exp.Select:
        """Build each group's values with their votes, their places and the group's votes."""
        group, values = columns_of(self._group), columns_of([*self._group, self.dependent])
        votes = exp.Count(this=exp.Star())
        most_first = exp.Order(expressions=[exp.Ordered(this=votes.copy(), desc=True)])
        place = exp.Window(this=exp.Anonymous(this="RANK"), partition_by=group, order=most_first)
        total = exp.Window(this=exp.Sum(this=votes.copy()), partition_by=[name.copy() for name in group])
        return (
            exp.select(*values, exp.alias_(votes, VOTES), exp.alias_(place, PLACE))
            .select(exp.alias_(exp.cast(total, "BIGINT"), TOTAL))
            .from_(relation)
            .where(present([*self._group, self.dependent]), condition)
            .group_by(*values)
        )

    def _decide(self, votes: str, condition: exp.Expr | None) -> exp.Select:
        """Build each group's winner: the only value in the first place, with all that it needs."""
        won: list[exp.Expr] = [exp.Count(this=exp.Star()).eq(1)]
        if condition is None:
            most, total = (exp.Max(this=column(name, votes)) for name in (VOTES, TOTAL))
            share = exp.Literal.number(write_number(self.rule.min_share))
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


def hold_elections(rule: DependencyRule, columns: Sequence[str]) -> list[Election]:
    """Say how each dependent column is decided.

    Raises:
        LoweringError: the rule's condition cannot be asked of a row.
    """
    ballots = [Ballot("weighted_", weighted=True) if rule.repair == "weighted" else Ballot()]
    if rule.prefer is not None:
        ballots = ballots if rule.otherwise == "majority" else []
        ballots = [Ballot("preferred_", parse_condition(rule.prefer, columns)), *ballots]
    dependents = dict.fromkeys(rule.dependency.dependent)
    return [
        Election(rule, name, tuple(ballots)) for name in dependents if name not in rule.dependency.determinant
    ]
