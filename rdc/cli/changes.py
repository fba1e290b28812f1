"""What `rdc diff` found -> lines: cells before and after, most cells first, and rows against what is published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rdc.cli.layout import align, cut, measure, number, pad, show_cell, wrap

if TYPE_CHECKING:
    from collections.abc import Mapping

INDENT = "  "
HEAD = ("cells", "share", "column", "transform")
BEFORE, TRANSFORM, TIMES = 34, 26, 12


def describe_changes(details: Mapping[str, Any], width: int, examples: int) -> list[str]:
    """The changes of one cleaner.

    Args:
        details: of its result.
        width: of a line.
        examples: how many are shown of each transform and column.
    """
    rows = int(details["rows"])
    found = sorted(details["transforms"], key=lambda change: (-change["cells"], change["column"]))
    if not found:
        return []
    heads = [HEAD]
    heads += [
        (
            f"{change['cells']:,}",
            f"{change['cells'] / rows:.1%}",
            change["column"],
            cut(change["transform"], TRANSFORM),
        )
        for change in found
    ]
    aligned = align(heads, right=(0, 1), indent=INDENT)
    edge = max(map(measure, aligned)) + 2
    shown = [change["examples"][:examples] for change in found]
    longest = max((measure(show_cell(value)) for each in shown for value, _, _ in each), default=0)
    before = min(longest, BEFORE, (width - edge - TIMES) // 2)
    lines = [pad(aligned[0], edge) + "before → after, most cells first"]
    for head, each in zip(aligned[1:], shown, strict=True):
        left = [head, *[""] * (len(each) - 1)]
        lines += [
            (pad(text, edge) + _describe_example(example, before, width - edge)).rstrip()
            for text, example in zip(left, each, strict=True)
        ] or [head]
    return lines


def describe_rows(counts: Mapping[str, int] | None, width: int) -> list[str]:
    """How the rows compare with those that are published."""
    text = "rows against the published output: "
    if counts is None:
        return [f"{INDENT}{text}nothing to compare with is published yet"]
    text += ", ".join(f"{count:,} {name}" for name, count in counts.items())
    return wrap(text, width, INDENT, INDENT)


def count_cells(details: Mapping[str, Any]) -> str:
    """All changes in a few words."""
    changes = details["transforms"]
    cells = sum(change["cells"] for change in changes)
    if not cells:
        return f"nothing would be changed in {number(details['rows'], 'row')}"
    columns = len({change["column"] for change in changes})
    return f"{number(cells, 'cell')} in {number(columns, 'column')} of {number(details['rows'], 'row')} would be changed"


def _describe_example(example: tuple[str | None, str | None, int], before: int, width: int) -> str:
    """One value before and after, and how often."""
    times = f"  x{example[2]:,}" if example[2] > 1 else ""
    left = pad(cut(show_cell(example[0]), before), before)
    room = max(width - before - len(times) - 3, 8)
    return f"{left} → {cut(show_cell(example[1]), room)}{times}"
