"""Transforms -> what the templates of a module print: code, comments and docstrings as finished text."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from rdc.rendering.formatter import (
    INDENT,
    WIDTH,
    format_block,
    format_call,
    format_comment,
    format_string,
    format_value,
)
from rdc.rendering.weaver import defined_names, document_function, parse_code, separate_names, tidy_code

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdc.artifacts.candidate import Author
    from rdc.artifacts.transform import Evidence, MapEntry, Transform

SHOWN_CHANGES = 5
SHOWN_CHARACTERS = 40
SHOWN_HASH = 12


@dataclass(frozen=True, slots=True)
class TransformView:
    """One transform as it is printed.

    Attributes:
        code: for transforms.py.
        step: for `TRANSFORMS`, a call.
    """

    name: str
    code: str
    step: str


def view_transforms(
    transforms: Sequence[Transform], rule_sql: Mapping[str, str]
) -> tuple[TransformView, ...]:
    """Lay out all transforms of a module, so that no name stands for two things.

    Args:
        transforms: in the order that they are applied.
        rule_sql: of each table rule, by the transform's name.

    Raises:
        RenderingError: a function's code cannot be rendered.
    """
    taken = {symbol_of(transform) for transform in transforms}
    views = []
    for transform in transforms:
        if transform.kind == "map":
            code = _write_map(transform)
        elif transform.kind == "rule":
            code = _write_rule(transform, rule_sql[transform.name])
        else:
            source = separate_names(tidy_code(transform.source), transform.name, taken)
            taken.update(defined_names(parse_code(source, transform.name)))
            code = document_function(source, transform.name, describe(transform)).rstrip("\n")
        views.append(TransformView(transform.name, code, _write_step(transform)))
    return tuple(views)


def symbol_of(transform: Transform) -> str:
    """Name what transforms.py calls a transform: a function by its name, data in capitals."""
    return transform.name if transform.kind in {"column", "row"} else transform.name.upper()


def describe(transform: Transform) -> str:
    """Say what a transform is for, what it changed, what it was checked for and who wrote it."""
    evidence = transform.evidence
    parts = [one_line(transform.goal) or transform.name, _describe_effect(evidence)]
    changes = [
        (f"{_show_cell(change.before)} → {_show_cell(change.after)}", change.count)
        for change in evidence.changes[:SHOWN_CHANGES]
    ]
    width = max((len(pair) for pair, _ in changes), default=0)
    parts.append("\n".join(f"    {pair:{width}}  {_count(count, 'cell')}" for pair, count in changes))
    passed = ", ".join(one_line(verdict.gate) for verdict in evidence.verdicts if verdict.passed)
    closing = [f"Passed: {passed}."] if passed else []
    parts.append("\n".join([*closing, _describe_author(transform)]))
    return "\n\n".join(part for part in parts if part)


def one_line(text: str) -> str:
    """Put a text on one line, so that it can't pass for several statements."""
    return " ".join(text.split())


def _describe_effect(evidence: Evidence) -> str:
    if not evidence.rows:
        return ""
    rows = _count(evidence.rows, "row")
    if evidence.rows_removed:
        return f"Removed {evidence.rows_removed:,} of {rows}."
    text = f"Changed {_count(evidence.cells_changed, 'cell')} in {rows}{_describe_explained(evidence)}"
    # Of a rule, and where nothing can be checked, there is no share to tell.
    if evidence.passing_before != evidence.passing_after:
        before, after = _share(evidence.passing_before), _share(evidence.passing_after)
        text += f"; {before} → {after} of cells meet the expectations"
    return f"{text}."


def _describe_explained(evidence: Evidence) -> str:
    """Say how many of the changed cells have a finding."""
    changed, untold = evidence.cells_changed, evidence.cells_without_finding
    if not changed:
        return ""
    if not untold:
        return ", each with a finding" if changed > 1 else ", which has a finding"
    return f", {evidence.cells_with_finding:,} with a finding and {untold:,} without"


def _describe_author(transform: Transform) -> str:
    author = transform.author
    if transform.kind == "rule":
        return f"Declared in {one_line(author.name)}." if author.name else "Declared."
    if author.kind == "synthesis":
        return "Written by synthesis, without a model."
    if author.kind == "human":
        return f"Written by a person, {one_line(author.name)}." if author.name else "Written by a person."
    completion = f", completion {author.completion[:SHOWN_HASH]}" if author.completion else ""
    reduced = "; steps that changed nothing were taken out" if author.reduced else ""
    return f"Written by {model_name(author)}{completion}, sample {author.sample}{reduced}."


def model_name(author: Author) -> str:
    """A hub id as it is; of a local folder its name, since the rest differs from machine to machine."""
    for path in (PurePosixPath(author.name), PureWindowsPath(author.name)):
        if path.is_absolute():
            return path.name
    return one_line(author.name) or "a model"


def _write_map(transform: Transform) -> str:
    """Write a value map as a literal, its pairs under what they become."""
    lines = []
    for becomes, entries in groupby(transform.entries, key=lambda entry: entry.becomes):
        lines.append(f"{INDENT}# → {_show_cell(becomes)}")
        for entry in entries:
            lines += _write_entry(entry)
    name = symbol_of(transform)
    body = "\n".join(lines)
    return f"{format_comment(describe(transform))}\n{name}: dict[str, str | None] = {{\n{body}\n}}"


def _write_entry(entry: MapEntry) -> list[str]:
    """Write a pair with its evidence behind it, or before it where the line would be too long."""
    pair = f"{INDENT}{format_value(entry.value)}: {format_value(entry.becomes)},"
    if not entry.evidence.strip():
        return [pair]
    comment = format_comment(one_line(entry.evidence), INDENT)
    behind = f"{pair}  {comment.lstrip()}"
    return [behind] if "\n" not in comment and len(behind) <= WIDTH else [comment, pair]


def _write_rule(transform: Transform, sql: str) -> str:
    """Write a table rule as the SQL that applies it."""
    return f"{format_comment(describe(transform))}\n{symbol_of(transform)} = {format_block(sql.rstrip() + chr(10))}"


def _write_step(transform: Transform) -> str:
    keyword = {"map": "mapping", "rule": "sql"}.get(transform.kind, "function")
    names = [format_string(transform.name), format_string(transform.kind)]
    columns = [format_value(transform.reads, INDENT * 2), format_value(transform.writes, INDENT * 2)]
    return format_call("Step", [*names, *columns, f"{keyword}=transforms.{symbol_of(transform)}"], INDENT)


def _show_cell(cell: str | None) -> str:
    if cell is None:
        return "None"
    short = cell if len(cell) <= SHOWN_CHARACTERS else f"{cell[: SHOWN_CHARACTERS - 1]}…"
    return format_string(short)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _share(share: float) -> str:
    """A share in percent that is rounded neither up to all nor down to none."""
    permille = min(max(round(share * 1000), int(share > 0)), 1000 if share == 1 else 999)
    return f"{permille / 10:.1f}%"
