from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rdc.artifacts.candidate import Author
from rdc.artifacts.diagnostic import Diagnostic
from rdc.artifacts.lockfile import LockedCleaner, Lockfile
from rdc.artifacts.module import Completion, Module, Record, Sampling
from rdc.artifacts.profile import TableProfile
from rdc.artifacts.transform import Transform
from rdc.errors import GenerationError
from rdc.rendering.checker import EDITED, Expected, check_generated
from rdc.rendering.writer import digest_files, write_generated

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILES = {"transforms.py": "one\ntwo\n", "completions/1.json": "{}\n"}
INPUTS = {"cleaner": "1", "source": "2", "functions/x.py": "3"}
LABELS = {"cleaner": "cleaners/beers.yml"}
SOURCE = "def clean_a(value):\n    return value\n"


def make_module(text: str = f"```python\n{SOURCE}```", *, sample: int = 0, prompt: str = "p") -> Module:
    author = Author(kind="model", name="m", completion="p", sample=sample)
    made = Transform(
        kind="column", name="clean_a", reads=("a",), writes=("a",), author=author, goal="", source=SOURCE
    )
    sampling = Sampling(temperature=0, top_p=1, top_k=0, min_p=0, max_tokens=9, seed=0)
    answer = Completion(
        prompt=prompt, model="m", sampling=sampling, texts=(text,), prompt_tokens=1, completion_tokens=1
    )
    record = Record(cleaner="beers", columns=("a",), types={}, transforms=(made,), expectations=())
    return Module(
        record=record, profile=TableProfile(source="beers", rows=0, columns=()), completions=(answer,)
    )


def extract(text: str, name: str, _kind: str) -> tuple[str, ...]:
    if f"def {name}" not in text:
        raise GenerationError(Diagnostic("RDC300", "none"))
    return (text.removeprefix("```python\n").removesuffix("```"),)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "generated"
    write_generated(made, {"beers": FILES}, LOCK)
    return made


LOCK = Lockfile(
    cleaners={"beers": LockedCleaner(version=1, inputs=INPUTS, outputs=digest_files(FILES), authors={})}
)


def check(
    folder: Path,
    files: Mapping[str, str] = FILES,
    inputs: Mapping[str, str] = INPUTS,
    module: Module | None = None,
    lock: Lockfile = LOCK,
) -> list[str]:
    expected = {"beers": Expected(module or make_module(), files, inputs, LABELS)}
    return [str(found) for found in check_generated(folder, expected, lock, extract, ["beers"])]


def test_nothing_is_found_where_all_is_as_it_should_be(folder: Path) -> None:
    (folder / "beers" / "own.py").write_text("a person's\n")
    assert check(folder) == []


def test_a_file_that_differs_is_shown_as_a_diff_that_is_safe_to_print(folder: Path) -> None:
    (folder / "beers" / "transforms.py").write_text("one\n\x1b[31m2\n")
    assert "\n".join(check(folder)).split("\n") == [
        f"RDC615 generated/beers/transforms.py is not what is rendered. {EDITED}",
        "--- generated/beers/transforms.py (as it is)",
        "+++ generated/beers/transforms.py (as rendered)",
        "@@ -1,3 +1,3 @@",
        " one",
        "-\\x1b[31m2",
        "+two",
        " ",
    ]


def test_a_file_that_is_no_text_differs_too(folder: Path) -> None:
    (folder / "beers" / "transforms.py").write_bytes(b"\xff")
    assert "RDC615" in check(folder)[0]


def test_missing_and_stray_files_are_found(folder: Path) -> None:
    (folder / "beers" / "transforms.py").unlink()
    (folder / "beers" / "completions" / "2.json").write_text("{}\n")
    found = check(folder, {"transforms.py": "one\ntwo\n"})
    assert [line.split(". ")[0] for line in found] == [
        "RDC614 generated/beers/transforms.py is missing",
        "RDC616 generated/beers/completions/1.json is not rendered any more",
        "RDC616 generated/beers/completions/2.json is not rendered any more",
    ]


def test_what_was_changed_on_both_sides_alike_is_not_what_the_lock_says(folder: Path) -> None:
    (folder / "beers" / "transforms.py").write_text("other\n")
    (folder / "beers" / "completions" / "2.json").write_text("{}\n")
    found = check(folder, {**FILES, "transforms.py": "other\n", "completions/2.json": "{}\n"})
    assert [line.split(". ")[0] for line in found] == [
        "RDC616 generated/beers/completions/2.json is not in rdc.lock",
        "RDC617 generated/beers/transforms.py is not what rdc.lock says",
    ]


def test_inputs_that_changed_are_called_by_their_names(folder: Path) -> None:
    assert check(folder, inputs={"cleaner": "9", "source": "8", "model": "7"}) == [
        "RDC613 cleaners/beers.yml changed since beers was compiled. Run `rdc compile`.",
        "RDC613 functions/x.py is gone since beers was compiled. Run `rdc compile`.",
        "RDC613 the model's configuration is new since beers was compiled. Run `rdc compile`.",
        "RDC613 the source's declaration changed since beers was compiled. Run `rdc compile`.",
    ]


def test_cleaners_that_are_in_the_project_or_the_lock_alone_are_found(folder: Path) -> None:
    lock = Lockfile(cleaners={"wines": LOCK.cleaners["beers"]})
    assert check(folder, lock=lock) == [
        "RDC611 the cleaner beers was not compiled yet. Run `rdc compile`.",
        "RDC612 generated/wines/ is of a cleaner that is not declared any more. Run `rdc compile`.",
    ]


@pytest.mark.parametrize(
    ("module", "why"),
    [
        (make_module("def clean_a(value):\n    return None\n"), "is not what its recorded answer says"),
        (make_module("I can't."), "is from an answer that holds no such function"),
        (make_module(sample=1), "names an answer that is not recorded"),
        (make_module(prompt="other"), "names an answer that is not recorded"),
    ],
)
def test_code_that_its_recorded_answer_does_not_give_is_found(folder: Path, module: Module, why: str) -> None:
    assert check(folder, module=module) == [
        f"RDC618 clean_a of generated/beers/ {why}. Run `rdc compile --force`."
    ]
