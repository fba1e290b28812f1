"""Each folder of `golden/` is a compile, and every byte that comes out of it.

`project/` is compiled with the command of `command.txt` (`compile` where there is none). What is then in
`generated/` is in `expected/`; what was told, and the exit code in brackets where it is not 0, is in
`stderr.txt`. Files in `then/` are laid over the project after a first compile. `answers.yml` is what a model
answers; the answers are recorded when the expectations are written, and replayed ever after.

    pytest tests/test_golden.py --update-golden     writes what comes out as what is expected
"""

from __future__ import annotations

import csv
import difflib
import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

from rdc.cli import main
from rdc.compiler import Settings, compile_project
from rdc.frontend.parser import parse_project
from rdc.generation.model import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rdc.generation.model import Prompt

    Rdc = Callable[..., tuple[int, str]]

GOLDEN = Path(__file__).parent / "golden"
ENGINE = re.compile(r'"version": "[0-9.]+"')
CASES = sorted(folder.name for folder in GOLDEN.iterdir() if (folder / "project").is_dir())
WITHHELD = [
    case for case in CASES if "profile_values" in (GOLDEN / case / "project/rdc_project.yml").read_text()
]
SHORTEST = 4
"""Shorter values, such as `12`, stand in any file by chance."""


class ScriptedModel:
    """Answers by a phrase of the question."""

    name = "scripted"
    revision = None

    def __init__(self, answers: Mapping[str, list[str]]) -> None:
        self._answers = answers

    def complete(self, prompt: Prompt, count: int) -> Answer:
        """Give the texts of the first phrase that the question holds."""
        question = prompt.messages[-1].content
        texts = next(texts for phrase, texts in self._answers.items() if phrase in question)
        return Answer(tuple(texts[:count]), 0, 0)


@pytest.fixture
def rdc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Rdc:
    """Run a command in the project: its exit code, and what it told."""
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")

    def run(*arguments: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as stop:
            main([*arguments, "--quiet", "--log-format", "json"])
        assert isinstance(stop.value.code, int)
        told = "".join(map(_told, capsys.readouterr().err.splitlines()))
        assert str(tmp_path) not in told
        return stop.value.code, told

    return run


@pytest.mark.parametrize("case", CASES)
def test_case(case: str, tmp_path: Path, rdc: Rdc, request: pytest.FixtureRequest) -> None:
    folder, project = GOLDEN / case, tmp_path / "project"
    update = request.config.getoption("--update-golden")
    _copy(folder / "project", project)
    if (folder / "answers.yml").is_file():
        recorded = _record(folder, tmp_path / "recording") if update else folder / "expected"
        _copy_completions(recorded, project / "generated")
    if (folder / "then").is_dir():
        assert rdc("compile") == (0, "")
        _copy(folder / "then", project)
    before = _read(project / "generated")

    command = folder / "command.txt"
    code, told = rdc(*(command.read_text().split() if command.is_file() else ["compile"]))

    after = _read(project / "generated")
    outcome = _outcome(told, code)
    if update:
        _write(folder, after if code == 0 else {}, outcome)
    assert _read(folder / "stderr.txt").get(".", "") == outcome
    if code:
        assert after == before
        return
    _assert_same(_read(folder / "expected"), after)
    assert rdc("compile") == (0, told)
    assert _read(project / "generated") == after
    shutil.rmtree(project / "data")
    assert rdc("compile", "--check") == (0, "")


@pytest.mark.parametrize("case", WITHHELD)
def test_values_that_may_not_be_shown_stand_in_no_generated_file(case: str) -> None:
    """A value map is made of values, and declared on purpose by whoever commits it."""
    generated = _read(GOLDEN / case / "expected")
    values = {
        value
        for path in (GOLDEN / case / "project/data").glob("*.csv")
        for row in csv.reader(path.read_text(encoding="utf-8").splitlines()[1:])
        for value in row
        if len(value) >= SHORTEST
    }
    mapped = {
        value
        for path, text in generated.items()
        if path.endswith("evidence.json")
        for transform in json.loads(text)["transforms"]
        for entry in transform["entries"]
        for value in (entry["value"], entry["becomes"])
    }
    assert len(values - mapped) > 100
    shown = {(path, value) for path, text in generated.items() for value in values - mapped if value in text}
    assert shown == set()


def test_there_are_enough_cases_of_both_kinds() -> None:
    failures = [case for case in CASES if not (GOLDEN / case / "expected").exists()]
    assert len(failures) >= 8
    assert len(CASES) - len(failures) >= 15


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, dirs_exist_ok=True)


def _copy_completions(generated: Path, target: Path) -> None:
    for path in generated.glob("*/completions/*.json"):
        place = target / path.relative_to(generated)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)


def _record(folder: Path, root: Path) -> Path:
    """Compile a copy of the project with the scripted model; the generated folder that holds its answers."""
    _copy(folder / "project", root)
    answers: dict[str, Any] = YAML(typ="safe").load(folder / "answers.yml")
    manifest = parse_project(root, environ={})
    compile_project(
        manifest, [f"cleaner.{name}" for name in manifest.cleaners], Settings(model=ScriptedModel(answers))
    )
    return root / "generated"


def _read(path: Path) -> dict[str, str]:
    """The text of each file of a folder by its path, or of one file as `.`; nothing where there is none."""
    if path.is_file():
        return {".": path.read_bytes().decode()}
    return {
        # Whichever engine is installed is the one that the SQL was checked on.
        file.relative_to(path).as_posix(): ENGINE.sub('"version": "any"', file.read_bytes().decode())
        for file in sorted(path.rglob("*"))
        if file.is_file() and "__pycache__" not in file.parts
    }


def _write(folder: Path, generated: Mapping[str, str], outcome: str) -> None:
    """Make what came out the expectation."""
    shutil.rmtree(folder / "expected", ignore_errors=True)
    (folder / "stderr.txt").unlink(missing_ok=True)
    for path, text in generated.items():
        (folder / "expected" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "expected" / path).write_bytes(text.encode())
    if outcome:
        (folder / "stderr.txt").write_bytes(outcome.encode())


def _told(line: str) -> str:
    """A problem as one line, behind the node that has it."""
    event = json.loads(line)
    return f"{event['node']}: {event['text']}\n" if event.get("node") else f"{event['text']}\n"


def _outcome(told: str, code: int) -> str:
    return told + (f"[{code}]\n" if code else "")


def _assert_same(expected: Mapping[str, str], generated: Mapping[str, str]) -> None:
    """Fail with the diff of every file that differs."""
    lines = [
        line
        for path in sorted({*expected, *generated})
        for line in difflib.unified_diff(
            expected.get(path, "").splitlines(),
            generated.get(path, "").splitlines(),
            f"{path} (expected)",
            f"{path} (generated)",
            lineterm="",
        )
    ]
    assert not lines, "\n".join(["generated files differ; --update-golden takes them in", *lines])
    assert expected == generated
