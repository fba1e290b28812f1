"""What each gate, each kind of transform and the model are worth: each is taken out in turn, and the rest measured.

    python benchmarks/repair/ablation.py [--only NAME…] [--out PART…]

Everything runs in this process, with one part of rdc replaced; rdc itself has no switch for it. Where answers of a
model are recorded, they take part, and a prompt that only comes up without the part is answered with nothing.
"""

from __future__ import annotations

import argparse
import os
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from attempts import CommandError, attempt, find_data, list_entries

from rdc.artifacts.cleaner import DeriveRule
from rdc.artifacts.transform import Refusal
from rdc.compiler import Settings, compile_project
from rdc.errors import RdcError
from rdc.frontend.parser import parse_project
from rdc.generation.model import Answer
from rdc.harness import verifier
from rdc.harness.gates import FUNCTION_GATES, MAP_GATES
from rdc.harness.verifier import verify
from rdc.runner import run_project

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from attempts import Attempt, Entry, Proposers

    from rdc.artifacts.candidate import Candidate
    from rdc.artifacts.cleaner import Cleaner
    from rdc.artifacts.plan import Task
    from rdc.artifacts.project import Manifest
    from rdc.generation.model import Prompt

GATES = tuple(dict.fromkeys(name for name, _ in (*FUNCTION_GATES, *MAP_GATES)))
KINDS = ("column", "row", "map", "rule")
PARTS = (
    "",
    *(f"gate {name}" for name in (*GATES, "pairs", "restraint")),
    *(f"kind {kind}" for kind in KINDS),
    "model",
)


class Silence:
    """A model that has nothing to say; it stands behind the recordings."""

    name = "silence"
    revision = None

    def complete(self, prompt: Prompt, count: int) -> Answer:  # noqa: ARG002 - the protocol's arguments
        """Answer with nothing."""
        return Answer(("",) * count, 0, 0)


@dataclass(frozen=True, slots=True)
class Cripple:
    """Runs commands in this process, with one part taken out."""

    part: str

    def __call__(self, folder: Path, *arguments: str) -> float:
        """Compile or run a project."""
        start = time.perf_counter()
        manifest = self._change(parse_project(folder, environ=os.environ))
        names = [f"cleaner.{name}" for name in manifest.cleaners]
        try:
            with take_out(self.part):
                if arguments[0] == "compile":
                    results = compile_project(manifest, names, Settings(model=self._model(manifest)))
                else:
                    results = run_project(manifest, names)
        except RdcError as error:
            raise CommandError(str(error)) from error
        failed = [result for result in results.results if result.failed]
        if failed:
            raise CommandError(failed[0].message)
        return time.perf_counter() - start

    def _model(self, manifest: Manifest) -> Silence | None:
        return None if manifest.project.model.provider == "synthesis" else Silence()

    def _change(self, manifest: Manifest) -> Manifest:
        """The project with expectations that only warn, and without table rules where those are taken out."""
        cleaners = {name: _warn_only(cleaner) for name, cleaner in manifest.cleaners.items()}
        if self.part != "kind rule":
            return replace(manifest, cleaners=cleaners)
        cleaners = {name: _drop_rules(cleaner) for name, cleaner in cleaners.items()}
        config = manifest.project.compile.model_copy(update={"accept_dependencies": None})
        return replace(
            manifest, cleaners=cleaners, project=manifest.project.model_copy(update={"compile": config})
        )


def _warn_only(cleaner: Cleaner) -> Cleaner:
    """A cleaner whose run is published, whatever fails."""
    columns = tuple(
        column.model_copy(
            update={
                "expectations": tuple(
                    expectation.model_copy(update={"severity": "warn"}) for expectation in column.expectations
                )
            }
        )
        for column in cleaner.columns
    )
    return cleaner.model_copy(update={"columns": columns})


def _drop_rules(cleaner: Cleaner) -> Cleaner:
    kept = tuple(rule for rule in cleaner.rules if isinstance(rule, DeriveRule))
    return cleaner.model_copy(update={"rules": kept})


@contextmanager
def take_out(part: str) -> Iterator[None]:
    """Replace a part of rdc by what lets everything through, or nothing."""
    what, _, name = part.partition(" ")
    with ExitStack() as stack:
        if name in GATES and what == "gate":
            for of in ("FUNCTION_GATES", "MAP_GATES"):
                kept = tuple(gate for gate in getattr(verifier, of) if gate[0] != name)
                stack.enter_context(patch.object(verifier, of, kept))
        elif part == "gate pairs":
            stack.enter_context(patch.object(verifier, "explain_pair", lambda *_, **__: ""))
        elif part == "gate restraint":
            stack.enter_context(patch("rdc.solving.solver.restrain", lambda *_, **__: None))
        elif what == "kind" and name != "rule":
            stack.enter_context(patch("rdc.solving.searcher.verify", _refuse_kind(name)))
        yield


def _refuse_kind(kind: str) -> Any:
    """The verifier, which lets nothing of one kind through."""

    def verify_others(candidate: Candidate, task: Task, *rest: Any) -> Any:
        if candidate.kind != kind:
            return verify(candidate, task, *rest)
        return Refusal(
            name=candidate.name, column=task.column, author=candidate.author, gate="kind", reason=kind
        )

    return verify_others


def measure_parts(entry: Entry, parts: Sequence[str], data: Path) -> Iterator[tuple[str, Attempt | str]]:
    """What an entry comes to without each part, or why that cannot be measured."""
    recorded = entry.completions.is_dir()
    for part in parts:
        if part == "model" and not recorded:
            continue
        proposers: Proposers = "synthesis + model" if recorded and part != "model" else "synthesis"
        try:
            yield part, attempt(entry, proposers, data, Cripple(part))
        except CommandError as error:
            yield part, " ".join(str(error).split())[:200]


def describe(entry: Entry, part: str, made: Attempt | str, whole: Attempt) -> str:
    """A row of the table: what is left, and what it cost."""
    head = f"| {entry.name} | {part or 'nothing'} |"
    if isinstance(made, str):
        return f"{head} {made} |"
    score, before = made.score, whole.score
    lost, harm = score.f1 - before.f1, score.damaged - before.damaged
    return f"{head} {score.f1:.3f} | {lost:+.3f} | {score.damaged} | {harm:+d} |"


def main() -> None:
    """Print the table, an entry with goals after the other."""
    parser = argparse.ArgumentParser(description="Take parts out, and measure.")
    parser.add_argument("--only", nargs="*", default=[], help="entries, by name")
    parser.add_argument(
        "--out", nargs="*", default=PARTS[1:], choices=PARTS[1:], metavar="PART", help="; ".join(PARTS[1:])
    )
    options = parser.parse_args()
    data = find_data()
    print("| data | taken out | F1 | cost | damaged | cost |\n|---|---|---|---|---|---|")
    for entry in list_entries():
        if entry.help != "goals" or (options.only and entry.name not in options.only):
            continue
        whole = dict(measure_parts(entry, [""], data))[""]
        print(
            describe(entry, "", whole, whole)
            if not isinstance(whole, str)
            else f"| {entry.name} | {whole} |",
            flush=True,
        )
        if isinstance(whole, str):
            continue
        for part, made in measure_parts(entry, options.out, data):
            print(describe(entry, part, made, whole), flush=True)


if __name__ == "__main__":
    main()
