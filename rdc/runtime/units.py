"""What is done to the columns of one segment of a cleaner -> the SELECTs that do it where functions are lowered."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal

from rdc.artifacts.lowered import LoweredFunction
from rdc.engines.engine import quote_name, quote_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rdc.artifacts.transform import Transform

Strategy = Literal["sql", "values"]
MAP_ENTRIES = 500
"""Pairs of a value map that are written into the query."""


@dataclass(frozen=True, slots=True)
class Step:
    """One transform, the number of its stage from 1, and its place among all transforms."""

    transform: Transform
    stage: int
    place: int


@dataclass(frozen=True, slots=True)
class Unit:
    """What is done to one column by all of a segment's functions of it, or what one function does to several.

    Attributes:
        name: for the names of its columns and tables.
        steps: in order; only a chain, which reads and writes one column, has more than one.
        lowered: the SQL of each step, where all have one.
        strategy: how it is done.
        facts: that this was chosen by.
    """

    name: str
    steps: tuple[Step, ...]
    lowered: tuple[LoweredFunction, ...] = ()
    strategy: Strategy = "values"
    facts: Mapping[str, float] = field(default_factory=dict)

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns that it reads."""
        return self.steps[0].transform.reads

    @property
    def writes(self) -> tuple[str, ...]:
        """The columns that it writes."""
        return self.steps[0].transform.writes

    @property
    def is_chain(self) -> bool:
        """Whether it makes a new value of each value of one column."""
        return is_chain(self.steps[0].transform)

    def describe(self) -> dict[str, object]:
        """What is done, as data."""
        names = [step.transform.name for step in self.steps]
        return {"columns": [*self.writes], "transforms": names, "strategy": self.strategy, **self.facts}


@dataclass(frozen=True, slots=True)
class Segment:
    """Stages that one SELECT does."""

    units: tuple[Unit, ...]


def is_chain(transform: Transform) -> bool:
    """Whether a transform makes a new value of each value of one column."""
    return transform.kind in {"column", "map"} and transform.reads == transform.writes


def lower_map(transform: Transform) -> LoweredFunction | None:
    """The SQL of a value map that is short enough to be written down."""
    mapping = transform.mapping
    texts = [text for pair in mapping.items() for text in pair if text is not None]
    # A NUL ends a query.
    if not mapping or len(mapping) > MAP_ENTRIES or any("\0" in text for text in texts):
        return None
    column = f"__rdc_m:{transform.name}"
    name, keys = quote_name(column), ", ".join(map(quote_text, mapping))
    values = ", ".join("NULL" if value is None else quote_text(value) for value in mapping.values())
    value = f"CASE WHEN {name} IN ({keys}) THEN MAP([{keys}], [{values}]::VARCHAR[])[{name}] ELSE {name} END"
    return LoweredFunction((column,), (), (value,), "true")


def own_name(unit: Unit, name: str) -> str:
    """The name of a column that belongs to one unit."""
    return quote_name(f"__rdc_{unit.name}_{name}")


def left_out(unit: Unit) -> str:
    """The condition that a value is outside of the domain of a unit's SQL; empty where none is."""
    domains = [text.domain for text in unit.lowered if text.domain.upper() != "TRUE"]
    return f"NOT coalesce({' AND '.join(f'({domain})' for domain in domains)}, false)" if domains else ""


def new_values(unit: Unit) -> list[str]:
    """What becomes of the columns that a unit writes, in what `select_units` returns; not quoted."""
    return [f"__rdc_{unit.name}_new_{at}" for at in range(len(unit.writes))]


def left(unit: Unit) -> str:
    """Whether Python is to be asked, in what `select_units` returns; not quoted."""
    return f"__rdc_{unit.name}_left"


def select_units(units: Iterable[Unit], relation: str) -> str:
    """A relation with all columns of another and what each step of some units makes of them, by their SQL.

    Expressions that are used twice are levels of subqueries, shared by all units, so that each is made once.
    """
    for level in zip_longest(*map(_levels, units), fillvalue={}):
        made = ", ".join(f"{sql} AS {quote_name(name)}" for part in level for name, sql in part.items())
        relation = f"(SELECT *, {made} FROM {relation})"  # noqa: S608 - names are quoted
    return relation


def _levels(unit: Unit) -> list[Mapping[str, str]]:
    """What a unit's steps need, in the order that it is made: inputs, what is shared, and the end."""
    levels: list[Mapping[str, str]] = []
    values = [quote_name(column) for column in unit.reads]
    for text in unit.lowered:
        levels += [dict(zip(text.columns, values, strict=True)), *text.levels]
        values = list(text.values)
    last = dict(zip(new_values(unit), values, strict=True))
    condition = left_out(unit)
    return [*levels, {**last, left(unit): condition} if condition else last]
