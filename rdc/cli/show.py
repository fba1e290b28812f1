"""`rdc show`: a cleaner's record -> text: transforms, who wrote them, on what evidence, and what was refused."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from rdc.artifacts.diagnostic import Diagnostic
from rdc.artifacts.display import show_text
from rdc.artifacts.module import Record
from rdc.cli.layout import number, read_width, show_cell, wrap
from rdc.cli.options import Command
from rdc.cli.session import open_session
from rdc.cli.summary import align_transforms, count_authors
from rdc.errors import ProjectError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rdc.artifacts.candidate import Author
    from rdc.artifacts.expectation import Expectation
    from rdc.artifacts.lockfile import LockedSql
    from rdc.artifacts.project import Manifest
    from rdc.artifacts.proposal import Proposal
    from rdc.artifacts.transform import Evidence, MapEntry, Refusal, Transform, Verdict

EXAMPLES, PAIRS, LINES = 5, 12, 200
"""Of what is shown, the most; a longer query is printed when it is asked for."""


@click.command("show", cls=Command)
@click.argument("cleaner")
@click.option("--sql", is_flag=True, help="Only the SQL.")
@click.option("--code", is_flag=True, help="The code of refused candidates too.")
@click.pass_context
def command(context: click.Context, cleaner: str, *, sql: bool, code: bool) -> int:
    """Show what CLEANER compiled to: transforms, evidence, proposals, refusals, expectations, SQL."""
    with open_session(context) as session:
        manifest = session.manifest()
        record = read_record(manifest, cleaner.removeprefix("cleaner."))
        locked = read_checked(manifest, record.cleaner)
        path = manifest.generated / record.cleaner / "clean.sql"
        query = path.read_text(encoding="utf-8").rstrip() if path.is_file() else ""
        terminal = session.terminal
        if terminal.as_json:
            functions = {
                name: entry.model_dump(mode="json", exclude_none=True) for name, entry in locked.items()
            }
            shown = record.model_dump(mode="json")
            terminal.line(record.cleaner, kind="record", record=shown, sql=query, functions=functions)
            return 0
        for text in [query] if sql else describe_record(record, query, locked, code=code):
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


def read_checked(manifest: Manifest, name: str) -> dict[str, LockedSql]:
    """What the lock says of the SQL of a cleaner's functions, by name."""
    from rdc.runtime.importer import read_lock  # noqa: PLC0415 - as above

    entry = read_lock(manifest.generated / "rdc.lock").cleaners.get(name)
    return entry.sql if entry else {}


def describe_record(
    record: Record, query: str, locked: Mapping[str, LockedSql], *, code: bool
) -> Iterator[str]:
    """A record as lines, what is most asked for first."""
    width = read_width()
    yield from wrap(f"{record.cleaner}: {record.description}".rstrip(": "), width)
    counts = [number(len(record.proposals), "proposal")] if record.proposals else []
    counts.append(number(len(record.refusals), "refusal"))
    yield from wrap(", ".join([count_authors(record), *counts]), width)
    yield from ("", *align_transforms(record, width, "  "))
    yield from _describe_open(record, width)
    for place, transform in enumerate(record.transforms, 1):
        yield ""
        yield from _describe_transform(place, transform, width)
        if transform.name in locked:
            yield from describe_sql(transform, locked[transform.name], width)
    if record.refusals:
        yield from ("", "Refused")
        yield from _describe_refusals(record.refusals, width, code=code)
    if record.expectations:
        yield from ("", "Expectations")
        for expectation in record.expectations:
            yield from wrap(_describe_expectation(expectation), width, "  ", " " * 10)
    lines = query.count("\n") + 1
    if lines > LINES:
        yield from ("", f"SQL, {lines:,} lines: `rdc show {record.cleaner} --sql` prints it")
    elif query:
        yield from ("", "SQL", *_indent(query))


def _describe_open(record: Record, width: int) -> Iterator[str]:
    """What a person is asked for."""
    if record.unsolved:
        yield from ("", "Unsolved")
        for goal in record.unsolved:
            yield from wrap(show_text(goal), width, "  ", "    ")
    if record.proposals:
        yield from ("", "Proposed, for a person to accept, the riskiest first")
        for proposal in record.proposals:
            yield from describe_proposal(proposal, width)


def _describe_transform(place: int, transform: Transform, width: int) -> Iterator[str]:
    evidence = transform.evidence
    yield f"{place}. {transform.name}  [{transform.kind}, by {author_text(transform.author)}]"
    if transform.goal:
        yield from wrap(show_text(transform.goal), width, "  goal      ", " " * 12)
    yield f"  columns   {', '.join(transform.reads)} -> {', '.join(transform.writes)}"
    yield from _describe_effect(evidence, width)
    passed = [_verdict(verdict) for verdict in evidence.verdicts if verdict.passed]
    if passed:
        yield from wrap("; ".join(passed), width, "  passed    ", " " * 12)
    for verdict in evidence.verdicts:
        if not verdict.passed:
            yield f"  FAILED    {_verdict(verdict)}"
    yield from _list_pairs(transform.entries)
    yield from _indent(transform.source)


def describe_sql(transform: Transform, locked: LockedSql, width: int) -> Iterator[str]:
    """A function's SQL and what was checked of it, or why it has none."""
    if locked.refused is not None:
        told = f"none, it runs as Python: {show_text(locked.refused)}{f' (line {locked.line})' * bool(locked.line)}"
        yield from wrap(told, width, "  SQL       ", " " * 12)
        return
    from rdc.lowering.lowerer import show_function  # noqa: PLC0415 - a record may hold no functions

    shown, tried = (
        show_function(transform),
        number(locked.values or 0, "row" if transform.kind == "row" else "value"),
    )
    told = f"checked on {locked.engine} {locked.version} with {tried}"
    if shown is None or shown.digest != locked.digest:
        told += "; this version of rdc writes another, which is not used: compile anew"
    yield from wrap(told, width, "  SQL       ", " " * 12)
    if shown is not None:
        for phrase in shown.domain:
            yield from wrap(phrase, width, "  exact for ", " " * 12)
        yield from _indent(shown.sql)


def _describe_effect(evidence: Evidence, width: int) -> Iterator[str]:
    """How many cells are changed, with a finding and without one, and the most frequent changes."""
    if evidence.rows_removed:
        yield f"  removed   {evidence.rows_removed:,} of {number(evidence.rows, 'row')}"
        return
    cells, values = number(evidence.cells_changed, "cell"), number(evidence.values_changed, "value")
    told = f"{cells}, {values} of {number(evidence.rows, 'row')}"
    told += f"; {evidence.cells_with_finding:,} with a finding, {evidence.cells_without_finding:,} without"
    if evidence.passing_before != evidence.passing_after:
        told += f"; passing {evidence.passing_before:.1%} -> {evidence.passing_after:.1%}"
    yield from wrap(told, width, "  changed   ", " " * 12)
    for change in evidence.changes[:EXAMPLES]:
        yield f"    {show_cell(change.before)} -> {show_cell(change.after)}  x{change.count:,}"


def describe_proposal(proposal: Proposal, width: int) -> Iterator[str]:
    """What a person has to decide on: why, what speaks for it, what it would change, and how to accept it."""
    yield f"  {show_text(proposal.name)}  [{proposal.kind}, by {author_text(proposal.author)}]"
    yield from wrap(show_text(proposal.reason), width, "    ", "    ")
    for fact in proposal.facts:
        yield from wrap(show_text(fact), width, "    - ", "      ")
    for change in () if proposal.entries else proposal.evidence.changes[:EXAMPLES]:
        yield f"      {show_cell(change.before)} -> {show_cell(change.after)}  x{change.count:,}"
    yield from _list_pairs(proposal.entries, "      ")
    yield from _indent(proposal.source, "      ")
    yield "    to accept it:"
    yield from _indent(proposal.declaration, "      ")


def _list_pairs(entries: Sequence[MapEntry], indent: str = "    ") -> Iterator[str]:
    """The pairs of a value map, the first of many."""
    for entry in entries[:PAIRS]:
        yield f"{indent}{show_cell(entry.value)} -> {show_cell(entry.becomes)}  ({show_text(entry.evidence)})"
    if len(entries) > PAIRS:
        yield f"{indent}and {len(entries) - PAIRS:,} more"


def _describe_refusals(refusals: Sequence[Refusal], width: int, *, code: bool) -> Iterator[str]:
    """Refusals by column; those of one gate, reason and kind of author (and code, where it is shown) are told once."""
    columns: dict[str, Counter[tuple[str, str, str, str]]] = {}
    for refusal in refusals:
        alike = (refusal.gate, refusal.reason, refusal.author.kind, refusal.source if code else "")
        columns.setdefault(refusal.column or "(the table)", Counter())[alike] += 1
    gates = max(len(refusal.gate) for refusal in refusals)
    for column, counts in columns.items():
        yield f"  {column}"
        for (gate, reason, author, source), count in counts.items():
            text = f"{show_text(reason)} ({author}{f', x{count}' if count > 1 else ''})"
            yield from wrap(text, width, f"    {gate:{gates}}  ", " " * (gates + 6))
            yield from _indent(source, " " * (gates + 6))


def _verdict(verdict: Verdict) -> str:
    return f"{verdict.gate} ({show_text(verdict.detail)})" if verdict.detail else verdict.gate


def _describe_expectation(expectation: Expectation) -> str:
    arguments = ", ".join(f"{name}={value!r}" for name, value in expectation.kwargs.items())
    origin = f"  ({expectation.origin})" if expectation.origin else ""
    return f"{expectation.severity:8}{show_text(f'{expectation.type}({arguments}){origin}')}"


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


def _indent(text: str, indent: str = "    ") -> Iterator[str]:
    """Code, set in; an invisible character in it is shown."""
    for line in text.rstrip().splitlines():
        yield f"{indent}{show_text(line)}".rstrip()
