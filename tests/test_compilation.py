"""A source becomes a module, and what was recorded is read again or refused by the file's name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from rdc.artifacts.event import ignore_event
from rdc.compiler import compile_project
from rdc.errors import ProjectError, RenderingError, SourceError
from rdc.solving.compilation import Compilation, measure_source, read_recorded
from rdc.templating import environment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rdc.artifacts.module import Module
    from rdc.artifacts.project import Manifest

    MakeProject = Callable[..., Manifest]

CLEANER = """
  - name: a
    source: a
    description: All of a.
    key: [id]
    columns: [{name: size, goals: [A number without its unit.], type: integer}]
    rules: [{derive: {column: both, from: [id, size]}, goals: ["id, an underscore, size"]}]
"""
DATA = "id,size\n1,12 oz\n2,7 oz\n3,3\n"


def compile_one(manifest: Manifest, **changes: Any) -> Module:
    cleaner = manifest.cleaners["a"].model_copy(update=changes)
    return Compilation(manifest, cleaner, None, None, environment([]), ignore_event).compile()


def test_a_module_holds_what_a_run_needs(make_project: MakeProject) -> None:
    module = compile_one(make_project(CLEANER, {"a": DATA}))
    record = module.record
    assert (record.cleaner, record.description, record.key) == ("a", "All of a.", ("id",))
    assert record.columns == ("id", "size", "both")
    assert record.types == {"size": "integer"}
    assert [t.name for t in record.transforms] == ["clean_size", "derive_both"]
    assert [column.name for column in module.profile.columns] == ["id", "size"]
    assert module.completions == ()


def test_columns_that_the_source_has_not_are_all_told(make_project: MakeProject) -> None:
    manifest = make_project(
        CLEANER.replace("name: size", "name: sise").replace("key: [id]", "key: [ident]"), {"a": DATA}
    )
    with pytest.raises(ProjectError) as caught:
        compile_one(manifest)
    assert [problem.code for problem in caught.value.problems] == ["RDC104", "RDC104"]


def test_a_source_that_cannot_be_read_is_told(make_project: MakeProject) -> None:
    manifest = make_project(CLEANER, {"a": DATA})
    (manifest.root / "data/a.csv").unlink()
    for attempt in (compile_one, lambda manifest: measure_source(manifest, manifest.cleaners["a"])):
        with pytest.raises(SourceError, match="RDC202"):
            attempt(manifest)


@pytest.mark.parametrize(("mode", "shown"), [("full", "12 oz"), ("masked", "99 aa"), ("none", None)])
def test_a_profile_shows_what_it_may(make_project: MakeProject, mode: str, shown: str | None) -> None:
    manifest = make_project(CLEANER, {"a": DATA}, f"compile: {{profile_values: {mode}}}\n")
    values = {
        entry.value for entry in measure_source(manifest, manifest.cleaners["a"]).column("size").frequent
    }
    assert (shown in values) if shown else (values == set())


@pytest.mark.parametrize("broken", ["evidence.json", "profile.json"])
def test_a_record_is_read_whole_or_refused(make_project: MakeProject, broken: str) -> None:
    manifest = make_project(CLEANER, {"a": DATA})
    folder: Path = manifest.generated / "a"
    assert read_recorded(folder) is None
    compile_project(manifest, ["cleaner.a"])
    recorded = read_recorded(folder)
    assert recorded
    assert recorded.record.cleaner == "a"
    (folder / broken).write_text("{}", encoding="utf-8")
    with pytest.raises(RenderingError, match="RDC620 generated/a cannot be read"):
        read_recorded(folder)
