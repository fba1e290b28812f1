"""Findings of a profile -> lines: by column with their fact and examples, or all of them in one sentence."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from rdc.cli.layout import cut, number, pad, show_cell, wrap

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

EXAMPLES, KINDS, PLACES = 3, 7, 3
INDENT = "  "


def describe_findings(findings: Sequence[Mapping[str, Any]], width: int) -> list[str]:
    """Each finding with its count, its fact and some values, by column."""
    kind = max((len(finding["kind"]) for finding in findings), default=0)
    count = max((len(f"{finding['count']:,}") for finding in findings), default=0)
    rest = INDENT * 2 + " " * (kind + count + 4)
    lines = []
    for column, found in _by_column(findings).items():
        lines.append(f"{INDENT}{column or '(whole rows)'}")
        for finding in sorted(found, key=lambda each: -int(each["count"])):
            head = f"{INDENT * 2}{pad(finding['kind'], kind)}  {finding['count']:>{count},}  "
            lines += wrap(finding["fact"], width, head, rest)
            lines += _show_values(finding, width, rest)
    return lines


def sum_findings(findings: Sequence[Mapping[str, Any]]) -> str:
    """The kinds that most cells have, and in which columns."""
    if not findings:
        return "nothing suspicious"
    kinds: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for finding in findings:
        kinds[finding["kind"]].append(finding)
    ranked = sorted(kinds.items(), key=lambda pair: -sum(int(each["count"]) for each in pair[1]))
    told = [f"{kind} ({_list_places(found)})" for kind, found in ranked[:KINDS]]
    text = f"{number(len(findings), 'suspected problem')}: {', '.join(told)}"
    more = len(ranked) - KINDS
    return f"{text}, and {number(more, 'more kind')}" if more > 0 else text


def _list_places(findings: Sequence[Mapping[str, Any]]) -> str:
    """Where a kind was found, and in how many cells, most first."""
    ranked = sorted(findings, key=lambda finding: -int(finding["count"]))
    places = [f"{finding['column'] or 'rows'} {finding['count']:,}" for finding in ranked[:PLACES]]
    more = len(ranked) - PLACES
    return ", ".join([*places, number(more, "more column")] if more > 0 else places)


def _by_column(findings: Sequence[Mapping[str, Any]]) -> dict[str | None, list[Mapping[str, Any]]]:
    """Findings by their column, as the columns stand in the table; those of whole rows last."""
    columns: dict[str | None, list[Mapping[str, Any]]] = defaultdict(list)
    for finding in findings:
        columns[finding["column"]].append(finding)
    return dict(sorted(columns.items(), key=lambda pair: pair[0] is None))


def _show_values(finding: Mapping[str, Any], width: int, indent: str) -> list[str]:
    """Some values that have a finding, on one line."""
    values = [f"{show_cell(each['value'])} x{each['count']:,}" for each in finding["values"][:EXAMPLES]]
    return [cut(indent + "  ".join(values), width)] if values else []
