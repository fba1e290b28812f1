"""What `rdc diff` found -> lines: cells before and after, the riskiest first, and rows against what is published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rdc.cli.layout import align, cut, measure, number, pad, show_cell, wrap

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

INDENT, BELOW = "  ", " " * 10
HEAD = ("cells", "share", "without finding", "column", "transform")
BEFORE, TRANSFORM, TIMES = 34, 26, 12
# How much room examples need beside the rest of their line; with less they stand below it.
BESIDE = 40


def describe_changes(
    details: Mapping[str, Any], width: int, examples: int, top: int | None = None
) -> list[str]:
    """The changes of one cleaner.

    Args:
        details: of its result.
        width: of a line.
        examples: how many are shown of each transform and column.
        top: how many changes are shown, the riskiest; all of them if None.
    """
    found = sorted(details["transforms"], key=_rank_risk)
    if not found:
        return []
    left_out = found[top:] if top else []
    found = found[:top]
    heads = [HEAD, *(_describe_change(change, int(details["rows"])) for change in found)]
    aligned = [cut(line, width) for line in align(heads, right=(0, 1, 2), indent=INDENT)]
    edge = max(map(measure, aligned)) + 2
    shown = [[tuple(example) for example in change["examples"][:examples]] for change in found]
    longest = max((measure(show_cell(value)) for each in shown for value, _, _ in each), default=0)
    beside = width - edge >= BESIDE
    left = edge if beside else len(BELOW)
    before = min(longest, BEFORE, (width - left - TIMES) // 2)
    told = "before → after, most cells first"
    lines = [cut(pad(aligned[0], edge) + told, width)] if beside else [aligned[0]]
    for head, each in zip(aligned[1:], shown, strict=True):
        changes = [_describe_example(example, before, width - left) for example in each]
        if beside:
            firsts = [head, *[""] * (len(changes) - 1)]
            pairs = zip(firsts, changes or [""], strict=True)
            lines += [(pad(text, edge) + change).rstrip() for text, change in pairs]
        else:
            lines += [head, *(BELOW + change for change in changes)]
    return lines + _count_left_out(left_out)


def describe_rows(counts: Mapping[str, int] | None, width: int) -> list[str]:
    """How the rows compare with those that are published."""
    told = "nothing to compare with is published yet"
    if counts is not None:
        told = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    return wrap(f"rows against the published output: {told}", width, INDENT, INDENT)


def count_cells(details: Mapping[str, Any]) -> str:
    """All changes in a few words."""
    changes = details["transforms"]
    cells = sum(change["cells"] for change in changes)
    if not cells:
        return f"nothing would be changed in {number(details['rows'], 'row')}"
    columns = len({change["column"] for change in changes})
    return f"{number(cells, 'cell')} in {number(columns, 'column')} of {number(details['rows'], 'row')} would be changed"


def _count_left_out(changes: Sequence[Mapping[str, Any]]) -> list[str]:
    cells = sum(change["cells"] for change in changes)
    return [f"{INDENT}and {number(cells, 'cell')} in {len(changes)} more"] if changes else []


def _rank_risk(change: Mapping[str, Any]) -> tuple[float, int, str]:
    """A sort key: the largest share without a finding first, then most cells."""
    return -change["cells_without_finding"] / change["cells"], -change["cells"], change["column"]


def _describe_change(change: Mapping[str, Any], rows: int) -> tuple[str, ...]:
    """What a transform does to a column, as a row of the table."""
    cells, untold = change["cells"], change["cells_without_finding"]
    counts = (f"{cells:,}", f"{cells / rows:.1%}", f"{untold:,}")
    return *counts, change["column"], cut(change["transform"], TRANSFORM)


def _describe_example(example: tuple[str | None, str | None, int], before: int, width: int) -> str:
    """One value before and after, and how often."""
    times = f"  x{example[2]:,}" if example[2] > 1 else ""
    left = pad(cut(show_cell(example[0]), before), before)
    room = max(width - before - len(times) - 3, 8)
    return f"{left} → {cut(show_cell(example[1]), room)}{times}"
