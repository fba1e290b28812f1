"""Stages and what the engine's functions cost -> segments that one SELECT does, each with a plan for every column.

A segment is as many stages as read nothing that a row function of the same segment writes; a table rule ends one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rdc.engines.engine import ROW, quote_name
from rdc.runtime.units import Segment, Step, Unit, is_chain, left, left_out, lower_map, select_units

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rdc.artifacts.lowered import LoweredFunction
    from rdc.artifacts.stage import Stage
    from rdc.artifacts.transform import Transform
    from rdc.engines.engine import Engine
    from rdc.runtime.units import Strategy

LOOK = 20_000
"""Rows that a plan is made from."""
FEW = 1000
"""Distinct values up to which it is cheaper to look a value up than to compute it again."""
RESIDUAL = 0.25
"""The share of rows outside of the domain up to which SQL is worth its while."""


def plan_segments(
    stages: Sequence[Stage], lowered: Mapping[str, LoweredFunction]
) -> Iterator[tuple[int, Segment | Stage]]:
    """Group stages: segments, and table rules by themselves, each with the number of its last stage."""
    units: dict[str, Unit] = {}
    last = place = 0
    for number, stage in enumerate(stages, 1):
        rule = any(transform.kind == "rule" for transform in stage.transforms)
        if units and (rule or not all(_fits(transform, units) for transform in stage.transforms)):
            yield last, _close(units, lowered)
            units = {}
        last = number
        if rule:
            yield number, stage
            continue
        for transform in stage.transforms:
            _add(units, Step(transform, number, place))
            place += 1
    if units:
        yield last, _close(units, lowered)


def choose_strategies(engine: Engine, table: str, rows: int, segment: Segment) -> Segment:
    """Look at some rows, and choose how each unit of a segment is done."""
    measured = dict(zip((unit.name for unit in segment.units), _measure(engine, table, segment), strict=True))
    # Few among some rows may be many among all.
    doubtful = [unit for unit in segment.units if unit.lowered and measured[unit.name][1] <= FEW]
    counts = dict(
        zip((unit.name for unit in doubtful), _count_distinct(engine, table, doubtful), strict=True)
    )
    units = []
    for unit in segment.units:
        seen, distinct, residual = measured[unit.name]
        share, outside = distinct / max(seen, 1), residual / max(seen, 1)
        facts = {"rows": rows, "distinct_share": round(share, 4)}
        strategy: Strategy = "values"
        if unit.lowered:
            facts["residual_share"] = round(outside, 4)
            strategy = "values" if counts.get(unit.name, rows) <= FEW or outside > RESIDUAL else "sql"
        units.append(replace(unit, strategy=strategy, facts=facts))
    return Segment(tuple(units))


def _fits(transform: Transform, units: Mapping[str, Unit]) -> bool:
    """Whether a transform can be done in the same SELECT as some units before it."""
    writers = {column: unit for unit in units.values() for column in unit.writes}
    if is_chain(transform):
        return transform.writes[0] not in writers or writers[transform.writes[0]].is_chain
    return not writers.keys() & {*transform.reads, *transform.writes}


def _add(units: dict[str, Unit], step: Step) -> None:
    """Put a step behind the others of its column, or by itself."""
    transform = step.transform
    key = transform.writes[0] if is_chain(transform) else f"{ROW}.{transform.name}"
    known = units.get(key)
    if known is None:
        units[key] = Unit(f"u{len(units)}", (step,))
    else:
        units[key] = replace(known, steps=(*known.steps, step))


def _close(units: Mapping[str, Unit], lowered: Mapping[str, LoweredFunction]) -> Segment:
    """A segment of the units, each with its SQL where every step has some."""
    closed = []
    for unit in units.values():
        found = [_lower_step(step.transform, lowered) for step in unit.steps]
        texts = tuple(text for text in found if text is not None)
        closed.append(replace(unit, lowered=texts) if len(texts) == len(found) else unit)
    return Segment(tuple(closed))


def _lower_step(transform: Transform, lowered: Mapping[str, LoweredFunction]) -> LoweredFunction | None:
    """The SQL of a function that has some, or of a value map that is short enough to be written down."""
    return lower_map(transform) if transform.kind == "map" else lowered.get(transform.name)


def _measure(engine: Engine, table: str, segment: Segment) -> list[tuple[int, int, int]]:
    """For each unit: rows looked at, distinct values among them, and rows outside of the domain."""
    seen = f"(SELECT * FROM {quote_name(table)} LIMIT {LOOK})"  # noqa: S608 - quoted
    lowered = [unit for unit in segment.units if unit.lowered]
    items = ["count(*)"]
    for unit in segment.units:
        read = ", ".join(map(quote_name, unit.reads))
        items.append(f"count(DISTINCT ({read}, 0))")
        items.append(f"count_if({quote_name(left(unit))})" if left_out(unit) else "0")
    sql = f"SELECT {', '.join(items)} FROM {select_units(lowered, seen)}"  # noqa: S608 - as above
    total, *counts = (int(count or 0) for count in engine.query(sql)[0])
    return [(total, *pair) for pair in zip(counts[::2], counts[1::2], strict=True)]


def _count_distinct(engine: Engine, table: str, units: Sequence[Unit]) -> Sequence[int]:
    """How many values there are of the columns that units read."""
    items = ", ".join(f"count(DISTINCT ({', '.join(map(quote_name, unit.reads))}, 0))" for unit in units)
    return engine.query(f"SELECT {items} FROM {quote_name(table)}")[0] if items else ()  # noqa: S608 - quoted
