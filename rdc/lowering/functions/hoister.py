"""Expressions -> levels of named ones, so that what is used twice is made once, and only where it is needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from rdc.lowering.functions.optimizer import optimize
from rdc.lowering.functions.sharing import make_plan
from rdc.lowering.functions.translator import Translator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdc.lowering.functions.ir import Node


@dataclass(frozen=True, slots=True)
class Hoisted:
    """Expressions in the order that they have to be made.

    Attributes:
        levels: names and what they stand for, made of the input and of earlier levels.
        results: what was asked for, made of the input and of all levels.
    """

    levels: tuple[Mapping[str, exp.Expr], ...]
    results: Mapping[str, exp.Expr]

    def select(self, query: exp.Select, relation: exp.Query | exp.Table) -> exp.Select:
        """Put the levels between a query, which names the results, and what it selects from."""
        source: exp.Query | exp.Table = relation
        for number, level in enumerate(self.levels, start=1):
            made = [exp.alias_(made, name, quoted=False) for name, made in level.items()]
            below = (
                source
                if isinstance(source, exp.Table)
                else source.subquery(f"level_{number - 1}", copy=False)
            )
            source = exp.select("*", *made, copy=False).from_(below, copy=False)
        return query.from_(
            source
            if isinstance(source, exp.Table)
            else source.subquery(f"level_{len(self.levels)}", copy=False)
        )


def hoist(nodes: Mapping[str, Node], columns: Mapping[str, exp.Expr], prefix: str = "_") -> Hoisted:
    """Give what is used more than once a name, after everything was put as it costs least.

    Args:
        nodes: what is asked for, by name; one called `domain` says where the others have to be exact.
        columns: the SQL of each input, by name.
        prefix: of the names that are given.
    """
    roots = optimize(nodes)
    plan = make_plan(tuple(roots.values()))
    shared = {node: f"{prefix}{number}" for number, node in enumerate(plan.levels, start=1)}
    translator = Translator(columns, {node: exp.column(name) for node, name in shared.items()})
    levels: list[dict[str, exp.Expr]] = [{} for _ in range(max(plan.levels.values(), default=0))]
    for node, name in shared.items():
        made = translator.translate(node, inside=True)
        tests = [
            translator.translate(condition)
            if holds
            else exp.not_(translator.translate(condition), copy=False)
            for condition, holds in plan.guards.get(node, ())
        ]
        if tests:
            made = exp.Case(ifs=[exp.If(this=exp.and_(*tests, copy=False), true=made)])
        levels[plan.levels[node] - 1][name] = made
    return Hoisted(tuple(levels), {name: translator.translate(node) for name, node in roots.items()})
