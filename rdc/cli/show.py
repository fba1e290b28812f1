"""`rdc show`: a cleaner's record -> text: transforms, who wrote them, on what evidence, and what was refused."""

from __future__ import annotations

import textwrap
from collections import Counter
from typing import TYPE_CHECKING

import click

from rdc.artifacts.diagnostic import Diagnostic
from rdc.artifacts.display import show_text
from rdc.artifacts.module import Record
from rdc.artifacts.transform import Refusal
from rdc.cli.options import Command
from rdc.cli.session import open_session
from rdc.errors import ProjectError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdc.artifacts.candidate import Author
    from rdc.artifacts.expectation import Expectation
    from rdc.artifacts.project import Manifest
    from rdc.artifacts.transform import Transform, Verdict

EXAMPLES, PAIRS, WIDTH = 5, 12, 110
# What makes two refusals alike.
SEEN = {"name", "column", "author", "gate", "reason"}


@click.command("show", cls=Command)
@click.argument("cleaner")
@click.option("--sql", is_flag=True, help="Only the SQL.")
@click.option("--code", is_flag=True, help="The code of refused candidates too.")
@click.pass_context
def command(context: click.Context, cleaner: str, *, sql: bool, code: bool) -> int:
    """Show what CLEANER compiled to: transforms, evidence, refusals, expectations, SQL."""
    with open_session(context) as session:
        manifest = session.manifest()
        record = read_record(manifest, cleaner.removeprefix("cleaner."))
        path = manifest.generated / record.cleaner / "clean.sql"
        query = path.read_text(encoding="utf-8").rstrip() if path.is_file() else ""
        terminal = session.terminal
        if terminal.as_json:
            terminal.line(record.cleaner, kind="record", record=record.model_dump(mode="json"), sql=query)
            return 0
        for text in [query] if sql else describe_record(record, query, code=code):
            terminal.line(text)
    return 0


def read_record(manifest: Manifest, name: str) -> Record:
    """The record of a compiled cleaner.

    Raises:
        ProjectError: there is no such cleaner, it is not compiled, or its record cannot be read.
    """
    from pydantic import ValidationError  # noqa: PLC0415 - the record has loaded it

    from rdc.frontend.suggester import suggest_or_list  # noqa: PLC0415 - needed for a failure alone

    if name not in manifest.cleaners:
        hint = suggest_or_list(name, manifest.cleaners, "Known cleaners")
        raise ProjectError(Diagnostic("RDC192", f"there is no cleaner {name!r}", hint))
    path = manifest.generated / name / "evidence.json"
    if not path.is_file():
        hint = f"Run `rdc compile --select {name}`."
        raise ProjectError(Diagnostic("RDC193", f"cleaner {name!r} is not compiled yet", hint))
    try:
        return Record.model_validate_json(path.read_text(encoding="utf-8"))
    except (ValidationError, UnicodeDecodeError):
        hint = f"Take it from git, or make it anew: `rdc compile --force -s {name}`."
        raise ProjectError(
            Diagnostic("RDC194", f"{path.name} of {name!r} is not what rdc wrote", hint)
        ) from None


def describe_record(record: Record, query: str, *, code: bool) -> Iterator[str]:
    """A record as lines."""
    yield f"{record.cleaner}: {record.description}".rstrip(": ")
    for number, transform in enumerate(record.transforms, 1):
        yield ""
        yield from _describe_transform(number, transform)
    if record.refusals:
        yield from ("", "Refused")
        # One candidate of several samples is told once.
        alike = Counter(
            refusal.model_dump_json(include=SEEN | {"source"} if code else SEEN)
            for refusal in record.refusals
        )
        for text, count in alike.items():
            yield from _describe_refusal(Refusal.model_validate_json(text), count)
    if record.unsolved:
        yield from ("", "Unsolved", *(f"  {goal}" for goal in record.unsolved))
    if record.expectations:
        yield from ("", "Expectations", *map(_describe_expectation, record.expectations))
    if query:
        yield from ("", "SQL", *_indent(query))


def _describe_transform(number: int, transform: Transform) -> Iterator[str]:
    evidence = transform.evidence
    yield f"{number}. {transform.name}  [{transform.kind}, by {author_text(transform.author)}]"
    if transform.goal:
        yield f"  goal      {transform.goal}"
    yield f"  columns   {', '.join(transform.reads)} -> {', '.join(transform.writes)}"
    yield (
        f"  changed   {evidence.cells_changed:,} cells, {evidence.values_changed:,} values of {evidence.rows:,} rows; "
        f"passing {evidence.passing_before:.1%} -> {evidence.passing_after:.1%}"
    )
    for change in evidence.changes[:EXAMPLES]:
        yield f"    {_cell(change.before)} -> {_cell(change.after)}  x{change.count:,}"
    passed = [_verdict(verdict) for verdict in evidence.verdicts if verdict.passed]
    if passed:
        yield from textwrap.wrap(
            "; ".join(passed), WIDTH, initial_indent="  passed    ", subsequent_indent=" " * 12
        )
    for verdict in evidence.verdicts:
        if not verdict.passed:
            yield f"  FAILED    {_verdict(verdict)}"
    for entry in transform.entries[:PAIRS]:
        yield f"    {_cell(entry.value)} -> {_cell(entry.becomes)}  ({entry.evidence})"
    if len(transform.entries) > PAIRS:
        yield f"    and {len(transform.entries) - PAIRS:,} more"
    yield from _indent(transform.source)


def _describe_refusal(refusal: Refusal, count: int) -> Iterator[str]:
    times = f"  x{count}" if count > 1 else ""
    yield f"  {refusal.name} for {refusal.column}, by {author_text(refusal.author)}{times}"
    yield f"    {refusal.gate}: {show_text(refusal.reason)}"
    yield from _indent(refusal.source)


def _verdict(verdict: Verdict) -> str:
    return f"{verdict.gate} ({show_text(verdict.detail)})" if verdict.detail else verdict.gate


def _describe_expectation(expectation: Expectation) -> str:
    arguments = ", ".join(f"{name}={value!r}" for name, value in expectation.kwargs.items())
    origin = f"  ({expectation.origin})" if expectation.origin else ""
    return f"  {expectation.severity:6}{expectation.type}({arguments}){origin}"


def author_text(author: Author) -> str:
    """Who wrote something, in a few words.

    >>> from rdc.artifacts.candidate import Author
    >>> author_text(Author(kind="model", name="Qwen2.5", completion="0f3a9c12", sample=2))
    'model Qwen2.5, completion 0f3a9c12, sample 2'
    """
    named = f"{author.kind} {author.name}".rstrip()
    return (
        f"{named}, completion {author.completion[:12]}, sample {author.sample}"
        if author.completion
        else named
    )


def _cell(value: str | None) -> str:
    return "null" if value is None else f"'{show_text(value)}'"


def _indent(text: str) -> Iterator[str]:
    """Code, set in; an invisible character in it is shown."""
    for line in text.rstrip().splitlines():
        yield f"    {show_text(line)}".rstrip()
