"""What a user reads agrees with what there is: commands, options, schemas, codes."""

from __future__ import annotations

import ast
import json
import re
from collections import defaultdict
from pathlib import Path

import click
import jsonschema  # type: ignore[import-untyped]  # it ships no types
import pytest
from ruamel.yaml import YAML

from rdc.cli.group import COMMANDS, LazyGroup
from rdc.cli.options import global_options
from rdc.frontend.schema import KINDS, SchemaKind, json_schema

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "project_example"
FILES: dict[SchemaKind, str] = {
    "project": "rdc_project.yml",
    "source": "sources/*.yml",
    "cleaner": "cleaners/*.yml",
}
# The phases' ranges, by folder; what is missing on a machine is 9xx everywhere.
RANGES = {
    "cli": "1",
    "frontend": "12",
    "engines": "2",
    "generation": "3",
    "harness": "4",
    "lowering": "5",
    "rendering": "6",
    "runtime": "7",
    "execution": "7",
    "solving": "14567",
    "runner.py": "7",
    "compiler.py": "6",
}
# The same problem, found where a project is read and where its data are.
SHARED = {"RDC126": {"frontend", "solving"}, "RDC202": {"engines", "frontend"}}


def _command(name: str) -> click.Command:
    command = LazyGroup("rdc").get_command(click.Context(click.Command("rdc")), name)
    assert command is not None
    return command


def _codes() -> dict[str, set[str]]:
    """The folders (or files) of the package that a code stands in, but for docstrings that show one."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in (ROOT / "rdc").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and re.fullmatch(r"RDC[0-9]+", str(node.value)):
                found[str(node.value)].add(path.relative_to(ROOT / "rdc").parts[0])
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_and_their_options_have_help(name: str) -> None:
    command = _command(name)
    assert (command.help or "").endswith(".")
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert (parameter.help or "").endswith("."), (name, parameter.name)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_in_a_sentence_what_each_does(name: str) -> None:
    _, text = COMMANDS[name]
    assert re.fullmatch(r"[A-Za-z].{10,70}\.", text)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_readme_names_every_command(name: str) -> None:
    assert re.search(rf"`rdc {name}\b", (ROOT / "README.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "option", [option for p in global_options() for option in p.opts if option.startswith("--")]
)
def test_the_readme_names_every_global_option(option: str) -> None:
    assert re.search(rf"`[^`]*{option}\b", (ROOT / "README.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", KINDS)
def test_files_of_the_example_are_valid_under_the_schemas(kind: SchemaKind) -> None:
    validator = jsonschema.Draft202012Validator(json_schema(kind))
    validator.check_schema(validator.schema)
    files = sorted(EXAMPLE.glob(FILES[kind]))
    assert files
    for path in files:
        data = YAML(typ="safe").load(path)
        assert [error.message for error in validator.iter_errors(json.loads(json.dumps(data)))] == []


@pytest.mark.parametrize("kind", KINDS)
def test_schemas_refuse_keys_that_rdc_refuses(kind: SchemaKind) -> None:
    [path, *_] = sorted(EXAMPLE.glob(FILES[kind]))
    data = {**YAML(typ="safe").load(path), "surprise": 1}
    messages = [
        error.message for error in jsonschema.Draft202012Validator(json_schema(kind)).iter_errors(data)
    ]
    assert messages == ["Additional properties are not allowed ('surprise' was unexpected)"]


def test_codes_are_of_the_phase_that_finds_the_problem() -> None:
    wrong = {
        (code, place)
        for code, places in _codes().items()
        for place in places
        if code[3] not in RANGES.get(place, "") + "9"
    }
    assert wrong == set()


def test_a_code_means_one_thing() -> None:
    """A code that two phases use would need one meaning in both."""
    assert {code: places for code, places in _codes().items() if len(places) > 1} == SHARED
