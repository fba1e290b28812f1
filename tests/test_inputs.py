"""What a cleaner is compiled from: each input has a digest of its own, and the project's functions are read whole."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from rdc.errors import ProjectError
from rdc.solving.inputs import digest_inputs, find_functions, load_functions

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdc.artifacts.project import Manifest

CLEANER = """
  - name: a
    source: a
    columns: [{name: x, function: functions/own.py::tidy}]
    rules: [{unique: [x], function: functions/own.py::tidy_row}]
"""
CODE = "MARK = '!'\n\ndef tidy(value):\n    return value and value.strip(MARK)\n\ndef tidy_row(row):\n    return row\n"


@pytest.fixture
def manifest(make_project: Callable[..., Manifest]) -> Manifest:
    root = make_project("\n  - {name: a, source: a}\n", {"a": "x\n1\n"}).root
    (root / "functions").mkdir()
    (root / "functions/own.py").write_text(CODE)
    return make_project(CLEANER, {"a": "x\n1\n"})


def test_functions_are_found_once_each_and_come_with_what_they_need(manifest: Manifest) -> None:
    assert find_functions(manifest.cleaners["a"]) == ("functions/own.py::tidy", "functions/own.py::tidy_row")
    found = load_functions(manifest, manifest.cleaners["a"])
    assert found["functions/own.py::tidy"].startswith("MARK = '!'\n")
    assert "MARK" not in found["functions/own.py::tidy_row"]


def test_a_function_that_is_gone_is_a_problem_of_the_project(manifest: Manifest) -> None:
    (manifest.root / "functions/own.py").write_text("def other(value):\n    return value\n")
    with pytest.raises(ProjectError, match="RDC126"):
        load_functions(manifest, manifest.cleaners["a"])


@pytest.mark.parametrize(
    ("changes", "changed"),
    [
        ({}, set()),
        ({"key": ("x",)}, {"cleaner"}),
        ({"on_failure": "quarantine", "tags": ("nightly",)}, set()),
        ({"max_changed": 0.5, "accept": ("clean_x",)}, {"cleaner"}),
    ],
)
def test_what_is_said_of_runs_is_no_input(
    manifest: Manifest, changes: dict[str, Any], changed: set[str]
) -> None:
    cleaner = manifest.cleaners["a"]
    before, after = (
        digest_inputs(manifest, cleaner),
        digest_inputs(manifest, cleaner.model_copy(update=changes)),
    )
    assert [*before] == ["cleaner", "source", "model", "compile", "functions/own.py"]
    assert {name for name in before if before[name] != after[name]} == changed


@pytest.mark.parametrize(
    ("block", "changes", "changed"),
    [
        ("model", {"name": "another"}, {"model"}),
        ("model", {"base_url": "http://elsewhere", "batch_size": 9}, set()),
        ("compile", {"max_rounds": 9}, {"compile"}),
    ],
)
def test_what_decides_on_answers_is_an_input(
    manifest: Manifest, block: str, changes: dict[str, Any], changed: set[str]
) -> None:
    cleaner, project = manifest.cleaners["a"], manifest.project
    edited = project.model_copy(update={block: getattr(project, block).model_copy(update=changes)})
    before, after = (
        digest_inputs(manifest, cleaner),
        digest_inputs(replace(manifest, project=edited), cleaner),
    )
    assert {name for name in before if before[name] != after[name]} == changed


@pytest.mark.parametrize(
    ("written", "is_input"), [("data/b.csv", True), ("{{ env_var('FOLDER') }}/a.csv", False)]
)
def test_a_path_is_an_input_as_it_is_written(manifest: Manifest, written: str, is_input: bool) -> None:  # noqa: FBT001
    """A variable in it makes it another path on every machine, and the same source."""
    rendered = [
        manifest.sources["a"].model_copy(update={"path": path}) for path in ("one/a.csv", "two/a.csv")
    ]
    digests = [
        digest_inputs(
            replace(manifest, sources={"a": source}, written_paths={} if is_input else {"a": written}),
            manifest.cleaners["a"],
        )["source"]
        for source in rendered
    ]
    assert (digests[0] != digests[1]) == is_input


def test_an_edit_of_a_functions_file_is_an_input(manifest: Manifest) -> None:
    before = digest_inputs(manifest, manifest.cleaners["a"])
    (manifest.root / "functions/own.py").write_text(CODE + "# edited\n")
    after = digest_inputs(manifest, manifest.cleaners["a"])
    assert {name for name in before if before[name] != after[name]} == {"functions/own.py"}
