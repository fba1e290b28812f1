"""What should be in `generated/` and what is there -> every difference, without a model and without data."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rdc.artifacts.diagnostic import Diagnostic
from rdc.artifacts.display import show_text
from rdc.artifacts.lockfile import digest
from rdc.errors import RdcError
from rdc.rendering.writer import LOCK, read_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from rdc.artifacts.lockfile import LockedCleaner, Lockfile
    from rdc.artifacts.module import Module
    from rdc.artifacts.plan import FunctionKind
    from rdc.artifacts.transform import Transform

COMPILE = "Run `rdc compile`."
EDITED = (
    "`function:` in the cleaner's YAML takes code of your own; `rdc compile --force` throws the edit away."
)

INPUTS: dict[str, str] = {
    "cleaner": "the cleaner's declaration",
    "source": "the source's declaration",
    "model": "the model's configuration",
    "compile": "the project's `compile` block",
    "profile": "the profile",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which `generated/` is not what it should be.

    Attributes:
        problem: for a person.
        diff: from the file as it is to the file as it is rendered, where there are both.
    """

    problem: Diagnostic
    diff: str = ""

    def __str__(self) -> str:
        return f"{self.problem}\n{self.diff}".rstrip("\n")


@dataclass(frozen=True, slots=True)
class Expected:
    """What a cleaner's part of `generated/` should be.

    Attributes:
        module: as it was read from the recorded files.
        files: rendered from it with the locked version.
        inputs: digests of what goes in now, by the names that the lock has for them.
        labels: what to call an input for a person, such as the YAML file of `cleaner`.
    """

    module: Module
    files: Mapping[str, str]
    inputs: Mapping[str, str]
    labels: Mapping[str, str] = field(default_factory=dict)


def check_generated(
    folder: Path,
    expected: Mapping[str, Expected],
    lock: Lockfile,
    extract: Callable[[str, str, FunctionKind], Collection[str]],
    declared: Iterable[str] | None = None,
) -> tuple[Difference, ...]:
    """Compare a generated folder with what it should be.

    Args:
        folder: `generated/`.
        expected: by cleaner, those that are to be checked.
        lock: as it was read.
        extract: all that may be made of an answer's function of a name and kind; raises RdcError where there is none.
        declared: all cleaners of the project, to find those that are in the lock alone; not asked if None.

    Returns:
        All differences, by cleaner, inputs first; nothing where all is as it should be.
    """
    found: list[Difference] = []
    for name in sorted(expected):
        entry = lock.cleaners.get(name)
        if entry is None:
            found.append(_differ("RDC611", f"the cleaner {name} was not compiled yet", COMPILE))
            continue
        found += _compare_inputs(name, expected[name], entry)
        found += _compare_files(folder, name, expected[name].files, entry)
        found += _compare_completions(folder, name, expected[name].module, extract)
    if declared is not None:
        for name in sorted(set(lock.cleaners) - set(declared)):
            fact = f"{folder.name}/{name}/ is of a cleaner that is not declared any more"
            found.append(_differ("RDC612", fact, COMPILE))
    return tuple(found)


def _compare_inputs(name: str, expected: Expected, entry: LockedCleaner) -> Iterator[Difference]:
    """Find inputs that are not what the cleaner was compiled from."""
    for key in sorted({*expected.inputs, *entry.inputs}):
        before, now = entry.inputs.get(key), expected.inputs.get(key)
        if before != now:
            change = "is new" if before is None else "is gone" if now is None else "changed"
            label = expected.labels.get(key, INPUTS.get(key, key))
            yield _differ("RDC613", f"{label} {change} since {name} was compiled", COMPILE)


def _compare_files(
    folder: Path, name: str, files: Mapping[str, str], entry: LockedCleaner
) -> Iterator[Difference]:
    """Find files that are missing, too many, or not what is rendered and locked."""
    for path, text in sorted(files.items()):
        shown, content = f"{folder.name}/{name}/{path}", read_bytes(folder / name / path)
        if content is None:
            yield _differ("RDC614", f"{shown} is missing", COMPILE)
        elif content != text.encode():
            yield _differ("RDC615", f"{shown} is not what is rendered", EDITED, _diff(content, text, shown))
        elif path not in entry.outputs:
            yield _differ("RDC616", f"{shown} is not in {LOCK}", "Remove it, or run `rdc compile`.")
        elif digest(content) != entry.outputs[path]:
            yield _differ("RDC617", f"{shown} is not what {LOCK} says", EDITED)
    for path in sorted({*entry.outputs, *_list_completions(folder / name)} - set(files)):
        if path in entry.outputs or (folder / name / path).exists():
            fact = f"{folder.name}/{name}/{path} is not rendered any more"
            yield _differ("RDC616", fact, "Remove it, or run `rdc compile`.")


def _list_completions(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in folder.glob("completions/*")]


def _compare_completions(
    folder: Path, name: str, module: Module, extract: Callable[[str, str, FunctionKind], Collection[str]]
) -> Iterator[Difference]:
    """Find transforms whose code is not in the answer that they are said to be from."""
    answers = {completion.prompt: completion.texts for completion in module.completions}
    for transform in module.record.transforms:
        if transform.author.kind == "model" and transform.source:
            why = _doubt(transform, answers, extract)
            if why:
                fact = f"{transform.name} of {folder.name}/{name}/ {why}"
                yield _differ("RDC618", fact, "Run `rdc compile --force`.")


def _doubt(
    transform: Transform,
    answers: Mapping[str, tuple[str, ...]],
    extract: Callable[[str, str, FunctionKind], Collection[str]],
) -> str:
    """Say why a recorded answer doesn't give a transform's code; empty where it does."""
    author = transform.author
    texts = answers.get(author.completion or "")
    if texts is None or author.sample >= len(texts):
        return "names an answer that is not recorded"
    try:
        kind: FunctionKind = "row" if transform.kind == "row" else "column"
        sources = extract(texts[author.sample], transform.name, kind)
    except RdcError:
        return "is from an answer that holds no such function"
    told = {source.strip() for source in sources}
    return "" if transform.source.strip() in told else "is not what its recorded answer says"


def _diff(content: bytes, text: str, path: str) -> str:
    """Write a unified diff whose lines can't be mistaken for anything else on a terminal."""
    before = content.decode(errors="backslashreplace")
    lines = difflib.unified_diff(
        before.split("\n"), text.split("\n"), f"{path} (as it is)", f"{path} (as rendered)", lineterm=""
    )
    return "\n".join(show_text(line) for line in lines)


def _differ(code: str, fact: str, hint: str, diff: str = "") -> Difference:
    return Difference(Diagnostic(code, fact, hint), diff)
