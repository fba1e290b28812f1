"""A project becomes `generated/`: what is asked, what is replayed, what is refused, what may be seen."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from rdc.compiler import Settings, check_project, compile_project, profile_project
from rdc.errors import RenderingError
from rdc.frontend.parser import parse_project

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from rdc.artifacts.event import Event
    from rdc.artifacts.project import Manifest
    from rdc.artifacts.result import NodeResult, RunResults

    MakeProject = Callable[..., Manifest]

CLEANERS = """
  - name: beers
    source: beers
    columns:
      - name: ounces
        goals: [The size as a plain number without its unit.]
        expectations:
          - {type: expect_column_values_to_match_regex, kwargs: {regex: '^[0-9]+$'}}
"""
TWO = (
    CLEANERS
    + """
  - name: pubs
    source: pubs
    columns:
      - name: city
        goals: [Lower case.]
        expectations:
          - {type: expect_column_values_to_match_regex, kwargs: {regex: '^[a-z]+$'}}
"""
)
BEERS = "id,ounces\n1,12 oz\n2,16 oz\n3,12\n4,8 oz\n"
PUBS = "id,city\n1,YORK\n2,leeds\n3,HULL\n"
DATA = {"beers": BEERS, "pubs": PUBS}
MODEL = "model: {provider: openai, name: coder, candidates: 1, batch_size: 1}\ncompile: {synthesis: 'off', max_rounds: 1}\n"
STRIP_UNIT = "```python\ndef clean_ounces(value):\n    return strip_unit(value)\n```"
LOWER = "```python\ndef clean_city(value):\n    return lower_case(value)\n```"


class Scripted:
    """Answers by the function that is asked for, and keeps the prompts."""

    name = "scripted"

    def __init__(self, *answers: str, interrupt_at: int = 0) -> None:
        self.answers = answers
        self.interrupt_at = interrupt_at
        self.prompts: list[str] = []

    def generate(self, prompt: str) -> str:
        """Answer one prompt."""
        self.prompts.append(prompt)
        if len(self.prompts) == self.interrupt_at:
            raise KeyboardInterrupt
        question = prompt.rpartition("### Task")[2]
        return next((answer for answer in self.answers if _function_of(answer) in question), "I don't know.")


def _function_of(answer: str) -> str:
    return answer.partition("def ")[2].partition("(")[0]


def compile_all(manifest: Manifest, *names: str, **settings: Any) -> RunResults:
    nodes = [f"cleaner.{name}" for name in names or manifest.cleaners]
    return compile_project(manifest, nodes, Settings(**settings))


def only(results: RunResults) -> NodeResult:
    [result] = results.results
    return result


def read(folder: Path) -> dict[str, str]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def evidence(manifest: Manifest, name: str = "beers") -> dict[str, Any]:
    found = json.loads((manifest.generated / name / "evidence.json").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def lock(manifest: Manifest) -> dict[str, Any]:
    found = json.loads((manifest.generated / "rdc.lock").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def test_a_second_compile_asks_nobody_and_reads_no_data(make_project: MakeProject) -> None:
    manifest = make_project(CLEANERS, {"beers": BEERS}, MODEL)
    model = Scripted(STRIP_UNIT)
    assert only(compile_all(manifest, model=model)).status == "success"
    before = read(manifest.generated)
    shutil.rmtree(manifest.root / "data")
    asked = len(model.prompts)

    results = compile_all(manifest, model=model)

    assert only(results).status == "unchanged"
    assert results.exit_code == 0
    assert len(model.prompts) == asked > 0
    assert read(manifest.generated) == before


@pytest.mark.parametrize("path", ["transforms.py", "evidence.json", "profile.json", "clean.sql"])
def test_an_edited_file_is_refused_before_anyone_is_asked_and_overwritten_on_demand(
    make_project: MakeProject, path: str
) -> None:
    manifest = make_project(CLEANERS, {"beers": BEERS})
    compile_all(manifest)
    before = read(manifest.generated)
    edited = manifest.generated / "beers" / path
    edited.write_text(before[f"beers/{path}"].replace("ounces", "inches"), encoding="utf-8")

    results = compile_all(manifest)

    assert results.exit_code == 1
    assert only(results).message.startswith(f"RDC605 generated/beers/{path} was edited by hand.")
    assert "inches" in edited.read_text(encoding="utf-8")
    assert compile_all(manifest, force=True).exit_code == 0
    assert read(manifest.generated) == before


def test_a_damaged_lock_is_refused_and_overwritten_on_demand(make_project: MakeProject) -> None:
    manifest = make_project(CLEANERS, {"beers": BEERS})
    compile_all(manifest)
    (manifest.generated / "rdc.lock").write_text("<<<<<<< ours\n", encoding="utf-8")
    with pytest.raises(RenderingError, match="RDC603"):
        compile_all(manifest)
    assert compile_all(manifest, force=True).exit_code == 0
    assert [*lock(manifest)["cleaners"]] == ["beers"]


def test_two_compiles_at_once_keep_each_others_entries(make_project: MakeProject) -> None:
    """The second compile begins and ends while the first one waits for its model."""
    manifest = make_project(TWO, DATA, MODEL)

    class Slow(Scripted):
        def generate(self, prompt: str) -> str:
            if not self.prompts:
                assert compile_all(manifest, "pubs", model=Scripted(LOWER)).exit_code == 0
            return super().generate(prompt)

    assert compile_all(manifest, "beers", model=Slow(STRIP_UNIT)).exit_code == 0
    assert [*lock(manifest)["cleaners"]] == ["beers", "pubs"]
    assert check_project(manifest, ["cleaner.beers", "cleaner.pubs"]).exit_code == 0


def test_a_cleaner_that_is_not_declared_any_more_is_found_and_leaves(make_project: MakeProject) -> None:
    compile_all(make_project(TWO, DATA))
    manifest = make_project(CLEANERS, DATA)

    checked = check_project(manifest, ["cleaner.beers"])
    assert checked.exit_code == 1
    assert [result.status for result in checked.results] == ["success", "fail"]
    assert "RDC612 generated/pubs/" in checked.results[1].details["differences"][0]

    assert only(compile_all(manifest)).status == "unchanged"
    assert not (manifest.generated / "pubs").exists()
    assert [*lock(manifest)["cleaners"]] == ["beers"]
    assert check_project(manifest, ["cleaner.beers"]).exit_code == 0


def test_the_last_cleaner_leaves_too(make_project: MakeProject) -> None:
    manifest = make_project(CLEANERS, {"beers": BEERS})
    compile_all(manifest)
    assert compile_project(replace(manifest, cleaners={}), []).exit_code == 0
    assert [*read(manifest.generated)] == ["__init__.py", "rdc.lock"]


def test_what_a_killed_compile_was_answered_is_not_asked_again(make_project: MakeProject) -> None:
    manifest = make_project(TWO, DATA, MODEL)
    killed = Scripted(STRIP_UNIT, LOWER, interrupt_at=2)
    with pytest.raises(KeyboardInterrupt):
        compile_all(manifest, model=killed)
    told = json.loads((manifest.target_folder / "run_results.json").read_text(encoding="utf-8"))
    assert (told["finished"], told["exit_code"], told["message"]) == (False, 2, "interrupted")
    assert [(r["status"], r["message"]) for r in told["results"]][-1] == ("error", "interrupted")

    second = Scripted(STRIP_UNIT, LOWER)
    assert compile_all(manifest, model=second).exit_code == 0
    assert second.prompts
    assert killed.prompts[0] not in second.prompts
    assert killed.prompts[1] in second.prompts


def test_locked_says_how_many_answers_of_which_cleaner_are_missing(make_project: MakeProject) -> None:
    manifest = make_project(TWO, DATA, MODEL)
    results = compile_all(manifest, mode="locked")
    assert results.exit_code == 1
    assert [(result.unique_id, result.status) for result in results.results] == [
        ("cleaner.beers", "fail"),
        ("cleaner.pubs", "fail"),
    ]
    assert results.results[0].message == (
        "RDC310 1 prompt has no recorded completion of coder. "
        "Run `rdc compile` where the model is, and commit generated/."
    )
    assert not manifest.generated.exists()


def test_locked_replays_what_is_recorded(make_project: MakeProject) -> None:
    manifest = make_project(CLEANERS, {"beers": BEERS}, MODEL)
    compile_all(manifest, model=Scripted(STRIP_UNIT))
    shutil.rmtree(manifest.target_folder)
    before = read(manifest.generated)
    for path in ("evidence.json", "transforms.py"):
        (manifest.generated / "beers" / path).unlink()
    assert only(compile_all(manifest, mode="locked")).status == "success"
    assert read(manifest.generated) == before


def test_the_committed_profile_stays_until_a_new_one_is_asked_for(make_project: MakeProject) -> None:
    manifest = make_project(CLEANERS, {"beers": BEERS}, MODEL)
    compile_all(manifest, model=Scripted(STRIP_UNIT))
    (manifest.root / "data/beers.csv").write_text(BEERS + "5,24 oz\n6,40 oz\n", encoding="utf-8")

    def rows() -> int:
        return int(
            json.loads((manifest.generated / "beers/profile.json").read_text(encoding="utf-8"))["rows"]
        )

    compile_all(manifest, model=Scripted(STRIP_UNIT), mode="refresh")
    assert rows() == 4
    compile_all(manifest, model=Scripted(STRIP_UNIT), profile=True)
    assert rows() == 6
    edited = replace(
        manifest, cleaners={"beers": manifest.cleaners["beers"].model_copy(update={"key": ("id",)})}
    )
    (manifest.root / "data/beers.csv").write_text(BEERS, encoding="utf-8")
    compile_all(edited, model=Scripted(STRIP_UNIT))
    assert rows() == 4


def test_refresh_asks_anew(make_project: MakeProject) -> None:
    manifest = make_project(CLEANERS, {"beers": BEERS}, MODEL)
    compile_all(manifest, model=Scripted("no"))
    assert not evidence(manifest)["transforms"]
    model = Scripted(STRIP_UNIT)
    results = compile_all(manifest, model=model, mode="refresh")
    assert model.prompts
    assert only(results).status == "success"
    assert [t["name"] for t in evidence(manifest)["transforms"]] == ["clean_ounces"]
    assert lock(manifest)["cleaners"]["beers"]["version"] == 2


def test_an_object_with_generate_is_a_model_beside_the_synthesizer(make_project: MakeProject) -> None:
    """It is right about one column and talks nonsense of the other, which the synthesizer solves."""
    cleaners = TWO.replace("source: pubs", "source: beers").replace("name: city", "name: brand")
    manifest = make_project(cleaners, {"beers": "id,ounces,brand\n1,12 oz,ALE\n2,16 oz,ipa\n3,8 oz,STOUT\n"})
    nonsense = "```python\ndef clean_brand(value):\n    return open(value).read()\n```"

    results = compile_all(manifest, model=Scripted(STRIP_UNIT, nonsense))

    assert results.exit_code == 0
    [ounces] = evidence(manifest)["transforms"]
    assert ounces["author"]["kind"] == "model"
    assert ounces["author"]["name"] == "scripted"
    assert lock(manifest)["cleaners"]["beers"]["authors"] == {"clean_ounces": "model scripted"}
    [brand] = evidence(manifest, "pubs")["transforms"]
    assert brand["author"]["kind"] == "synthesis"
    refused = [r for r in evidence(manifest, "pubs")["refusals"] if r["author"]["kind"] == "model"]
    assert {r["gate"] for r in refused} >= {"allowlist"}
    assert only(compile_all(manifest, "beers")).status == "unchanged"
    assert check_project(manifest, ["cleaner.beers", "cleaner.pubs"]).exit_code == 0


def test_what_is_no_model_is_refused_before_anything_is_read(make_project: MakeProject) -> None:
    manifest = make_project(CLEANERS, {"beers": BEERS})
    results = compile_all(manifest, model=object())
    assert results.exit_code == 1
    assert "RDC301 object is no model" in only(results).message


@pytest.mark.parametrize("mode", ["masked", "none"])
def test_no_value_of_the_data_is_shown_where_none_may_be(make_project: MakeProject, mode: str) -> None:
    names = ["Zbigniew", "Wolfgang", "Ottokar", "Ludmilla"]
    cities = ["Kopenhagen", "Zwickau", "Przemysl", "kopenhagen "]
    rows = "".join(f"{names[n % 4]}  X,{cities[n % 4]},{n}77713 zloty\n" for n in range(24))
    cleaners = """
      - name: people
        source: people
        columns:
          - name: who
            goals: [No doubled spaces.]
          - name: city
            goals: [No outer spaces.]
            expectations: [{type: expect_column_values_to_match_regex, kwargs: {regex: '^[A-Z]'}}]
          - name: paid
            goals: [An amount without its currency.]
            expectations: [{type: expect_column_values_to_match_regex, kwargs: {regex: '^[0-9]+$'}}]
        rules:
          - derive: {column: both, from: [who, city]}
            goals: ["who, a comma, city"]
    """
    project = f"compile: {{profile_values: {mode}, max_rounds: 2}}\n"
    manifest = make_project(cleaners, {"people": "who,city,paid\n" + rows}, project)
    wrong = "```python\ndef clean_paid(value):\n    return None if value is None else value[:1]\n```"
    model = Scripted(wrong)
    events: list[Event] = []

    results = compile_project(manifest, ["cleaner.people"], Settings(model=model), events.append)

    assert results.exit_code == 0
    values = {*names, "Kopenhagen", "kopenhagen", "Zwickau", "Przemysl", "77713", "zloty"}
    shown = {"prompts": "\n".join(model.prompts), **read(manifest.generated)}
    assert model.prompts
    assert {(place, value) for place, text in shown.items() for value in values if value in text} == set()
    assert evidence(manifest, "people")["refusals"]


def test_a_profile_is_written_before_and_after_the_first_compile(make_project: MakeProject) -> None:
    manifest = make_project(CLEANERS, {"beers": BEERS})
    assert profile_project(manifest, ["cleaner.beers"]).exit_code == 0
    assert sorted(read(manifest.generated / "beers")) == ["profile.json"]
    assert check_project(manifest, ["cleaner.beers"]).exit_code == 1
    compile_all(manifest)
    assert lock(manifest)["cleaners"]["beers"]["version"] == 1

    (manifest.root / "data/beers.csv").write_text(BEERS + "5,24 oz\n", encoding="utf-8")
    assert profile_project(manifest, ["cleaner.beers"]).exit_code == 0
    assert check_project(manifest, ["cleaner.beers"]).exit_code == 0
    assert lock(manifest)["cleaners"]["beers"]["version"] == 2


def test_a_failure_leaves_the_others_and_fail_fast_skips_them(make_project: MakeProject) -> None:
    manifest = make_project(TWO, DATA)
    (manifest.root / "data/beers.csv").write_text("id,ounces\n1\n", encoding="utf-8")
    results = compile_all(manifest, fail_fast=True)
    assert [result.status for result in results.results] == ["fail", "skipped"]
    assert not manifest.generated.exists()
    results = compile_all(manifest)
    assert [result.status for result in results.results] == ["fail", "success"]
    assert [*lock(manifest)["cleaners"]] == ["pubs"]


def test_a_changed_template_renders_anew(make_project: MakeProject) -> None:
    manifest = make_project(CLEANERS, {"beers": BEERS})
    compile_all(manifest)
    template = manifest.root / "templates/module/clean.sql.jinja"
    template.parent.mkdir(parents=True)
    template.write_text("-- of ours, {{ version }}\n{{ sql }}\n", encoding="utf-8")
    compile_all(parse_project(manifest.root, environ={}))
    assert (manifest.generated / "beers/clean.sql").read_text(encoding="utf-8").startswith("-- of ours, 2\n")


def names_of(results: RunResults) -> Sequence[str]:
    return [result.unique_id for result in results.results]


def test_nodes_that_are_no_cleaners_are_passed_over(make_project: MakeProject) -> None:
    manifest = make_project(CLEANERS, {"beers": BEERS})
    assert names_of(compile_project(manifest, ["source.beers", "cleaner.beers"])) == ["cleaner.beers"]
