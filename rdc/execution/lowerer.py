"""The functions of a compiled cleaner -> those that the engine may run itself, as texts of SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdc.artifacts.lowered import LoweredFunction

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rdc.artifacts.transform import Transform
    from rdc.lowering.functions.compiler import Lowered

    Approve = Callable[[Transform, str, Lowered], bool]


def lower_functions(
    transforms: Sequence[Transform],
    functions: Mapping[str, str],
    approve: Approve = lambda *_: True,
) -> dict[str, LoweredFunction]:
    """Lower every function that has SQL; the others are left out.

    Args:
        transforms: of a record, in order.
        functions: source by the name of the function.
        approve: whether SQL of a function may be used.
    """
    found = {}
    for number, transform in enumerate(transforms):
        if transform.kind == "row" or (transform.kind == "column" and transform.reads == transform.writes):
            lowered = _lower(transform, functions[transform.name], f"__rdc_f{number}", approve)
            if lowered is not None:
                found[transform.name] = lowered
    return found


def _lower(transform: Transform, source: str, prefix: str, approve: Approve) -> LoweredFunction | None:
    """One function as texts, or None where it has no SQL that may be used."""
    # Whoever runs no function on many rows starts without the compiler.
    from sqlglot import exp  # noqa: PLC0415

    from rdc.lowering.functions.hoister import hoist  # noqa: PLC0415
    from rdc.lowering.lowerer import list_nodes, lower_transform  # noqa: PLC0415
    from rdc.lowering.names import DIALECT  # noqa: PLC0415
    from rdc.lowering.refusal import NotLowerableError  # noqa: PLC0415

    try:
        lowered = lower_transform(transform, source)
    except NotLowerableError:
        return None
    if not approve(transform, source, lowered):
        return None
    # One input goes by the prefix alone, several are numbered.
    columns = (
        [prefix] if len(lowered.reads) == 1 else [f"{prefix}_in_{at}" for at in range(len(lowered.reads))]
    )
    nodes = list_nodes(lowered)
    reads = dict(zip(lowered.reads, map(exp.column, columns), strict=True))
    hoisted = hoist(nodes, reads, prefix=f"{prefix}_")
    levels = [{name: node.sql(DIALECT) for name, node in level.items()} for level in hoisted.levels]
    *values, domain = (hoisted.results[name].sql(DIALECT) for name in nodes)
    return LoweredFunction(tuple(columns), tuple(levels), tuple(values), domain)
