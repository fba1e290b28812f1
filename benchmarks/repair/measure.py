"""Compile and run each entry of the benchmark over its dirty file, and score what comes out against the clean one.

    python benchmarks/repair/measure.py [--only NAME…] [--per-column] [--record]

The data is not part of the repository: `RDC_BENCH_DATA` names a folder with `<name>/dirty.csv` and
`<name>/clean.csv`, the same rows in the same order. Two kinds of help are measured. `goals`: the project in
`goals/`, with sentences, expectations, declared dependencies and at most five examples a column, all taken from the
dirty file. `nothing`: `rdc init --from dirty.csv --accept-dependencies` and what it drafts.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from attempts import (
    ACCEPTED,
    PROPOSERS,
    CommandError,
    attempt,
    find_data,
    list_entries,
    record_completions,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from attempts import Attempt, Entry, Proposers
    from cells import Score

HEAD = (
    "| data | help | proposers | P | R | F1 | damaged cells | of the wrong | compile, s | run, s | tokens in, out "
    "| transforms by | functions in SQL |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|"
)


def describe(entry: Entry, proposers: Proposers, made: Attempt) -> str:
    """One row of the table."""
    score = made.score
    tokens = f"{made.prompt_tokens}, {made.completion_tokens}" if made.prompt_tokens else "none"
    authors = ", ".join(f"{count} {kind}" for kind, count in sorted(made.authors.items())) or "nobody"
    functions = f"{made.lowered[True]} of {sum(made.lowered.values())}"
    return (
        f"| {entry.name} | {entry.help} | {proposers} | {_figures(score)} | {score.damaged} | {score.damage:.1%} "
        f"| {made.compiling:.1f} | {made.running:.1f} | {tokens} | {authors} | {functions} |"
    )


def describe_columns(made: Attempt) -> Iterator[str]:
    """A row for each column that has something wrong, or that was changed."""
    yield "\n| column | wrong | changed | exact | damaged | P | R | F1 |\n|---|---|---|---|---|---|---|---|"
    for name, score in made.columns.items():
        if score.wrong or score.changed:
            counts = f"{score.wrong} | {score.changed} | {score.exact} | {score.damaged}"
            yield f"| {name} | {counts} | {_figures(score)} |"
    yield ""


def _figures(score: Score) -> str:
    return f"{score.precision:.3f} | {score.recall:.3f} | {score.f1:.3f}"


def read_options() -> argparse.Namespace:
    """What is asked for on the command line."""
    parser = argparse.ArgumentParser(description="Measure repairs.")
    parser.add_argument("--only", nargs="*", default=[], help="entries, by name")
    parser.add_argument("--help-kind", choices=("goals", "nothing"), help="entries with this help alone")
    parser.add_argument("--proposers", choices=PROPOSERS, nargs="*", default=PROPOSERS)
    parser.add_argument("--per-column", action="store_true")
    parser.add_argument(
        "--record", action="store_true", help="ask the model, keep its answers, score nothing"
    )
    parser.add_argument("--accept-dependencies", type=float, default=ACCEPTED, metavar="STRENGTH")
    return parser.parse_args()


def measure(entry: Entry, proposers: Proposers, data: Path, options: argparse.Namespace) -> Iterator[str]:
    """The lines of one entry: its row, and its columns where they are asked for; or what went wrong."""
    try:
        made = attempt(entry, proposers, data, accepted=options.accept_dependencies)
    except CommandError as error:
        yield f"| {entry.name} | {entry.help} | {proposers} | {' '.join(str(error).split())[:300]} |"
        return
    yield describe(entry, proposers, made)
    if options.per_column:
        yield from describe_columns(made)


def main() -> None:
    """Print the table."""
    options, data = read_options(), find_data()
    entries = [
        entry
        for entry in list_entries()
        if (not options.only or entry.name in options.only) and options.help_kind in {None, entry.help}
    ]
    if options.record:
        for entry in entries:
            count = record_completions(entry, data, options.accept_dependencies)
            print(f"{entry.name}, {entry.help}: {count} completions", flush=True)
        return
    print(HEAD)
    for entry in entries:
        for proposers in options.proposers:
            if proposers == "synthesis" or entry.completions.is_dir():
                for line in measure(entry, proposers, data, options):
                    print(line, flush=True)


if __name__ == "__main__":
    main()
