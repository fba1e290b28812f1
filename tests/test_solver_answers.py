"""What a model answers round by round is solved with, names of transforms are distinct, own functions are held to the gates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from rdc.artifacts.cleaner import Cleaner
from rdc.artifacts.event import ignore_event
from rdc.artifacts.plan import Sample
from rdc.artifacts.project import CompileConfig, ModelConfig
from rdc.engines.duckdb import DuckDBEngine
from rdc.errors import VerificationError
from rdc.frontend.profiler import profile_table
from rdc.generation.model import Answer
from rdc.generation.recorded import RecordedModel
from rdc.harness.sandbox import Sandbox
from rdc.solving.proposer import Proposer
from rdc.solving.solver import Solver
from rdc.templating import environment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from rdc.artifacts.plan import Cell
    from rdc.generation.model import Prompt
    from rdc.solving.progress import Solution

DIGITS = {"type": "expect_column_values_to_match_regex", "kwargs": {"regex": "^[0-9]+$"}}


class Scripted:
    """Has one answer after the other for each function that it is asked for."""

    name, revision = "scripted", None

    def __init__(self, answers: Mapping[str, Sequence[str]]) -> None:
        self._answers = {name: iter(texts) for name, texts in answers.items()}
        self.questions: list[str] = []

    def complete(self, prompt: Prompt, count: int) -> Answer:
        """Answer once, or say nothing of use."""
        question = prompt.messages[-1].content
        self.questions.append(question)
        found = (next(texts, "") for name, texts in self._answers.items() if f"`{name}`" in question)
        return Answer((f"```python\n{next(found, '')}\n```",) * count, 0, 0)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def solve(sandbox: Sandbox, tmp_path: Path) -> Any:
    """Solve a cleaner on some rows."""

    def do(
        columns: Mapping[str, Sequence[Cell]],
        declared: Mapping[str, Any],
        model: Scripted | None = None,
        functions: Mapping[str, str] | None = None,
        **config: Any,
    ) -> Solution:
        settings, engine = CompileConfig.model_validate(config), DuckDBEngine()
        recorded = None
        if model:
            named = ModelConfig.model_validate({"provider": "openai", "name": "coder"})
            recorded = RecordedModel(named, tmp_path / "recorded", tmp_path / "journal", lambda: model)
        try:
            solver = Solver(
                Cleaner.model_validate({"name": "c", "source": "s", **declared}),
                "cleaners/c.yml",
                functions or {},
                config=settings,
                proposer=Proposer(settings, recorded, 1, environment([])),
                evaluator=sandbox,
                engine=engine,
                report=ignore_event,
            )
            return solver.solve(Sample(columns), profile_table(engine, engine.load("s", columns), "s"))
        finally:
            engine.close()

    return do


def function(name: str, body: str) -> str:
    return f"def {name}(value):\n    return {body}"


def test_columns_whose_names_look_alike_have_functions_of_their_own(solve: Any) -> None:
    names = ["prix €", "prix (€)", "名前", "住所"]
    declared = {"columns": [{"name": name, "goals": ["Lower case."]} for name in names]}
    solution = solve({name: ["A", "b", "C"] for name in names}, declared)
    assert [t.name for t in solution.transforms] == [
        "clean_prix",
        "clean_prix_c2",
        "clean_column",
        "clean_column_c4",
    ]
    assert solution.cleaned.columns == {name: ["a", "b", "c"] for name in names}


def test_in_a_later_round_examples_are_what_earlier_functions_made_of_them(solve: Any) -> None:
    model = Scripted({
        "clean_size": [function("clean_size", "strip_unit(value)")],
        "clean_size_2": [function("clean_size_2", "remove_thousands(value)")],
    })  # fmt: skip
    column = {
        "name": "size",
        "goals": ["A plain number, no unit, no thousands separators."],
        "examples": [{"given": "7 oz", "expect": "7"}],
        "expectations": [DIGITS],
    }
    values = ["1,200 oz", "7 oz", "12", "3,400", "1,250 oz"]
    solution = solve({"size": values}, {"columns": [column]}, model, synthesis="off")
    assert [t.name for t in solution.transforms] == ["clean_size", "clean_size_2"]
    assert solution.cleaned.columns["size"] == ["1200", "7", "12", "3400", "1250"]
    assert solution.unsolved == ()
    assert "7 oz" in model.questions[0]
    assert "7 oz" not in model.questions[1]


def test_a_refused_answer_is_asked_for_once_more_with_what_it_got_wrong(solve: Any) -> None:
    model = Scripted(
        {"clean_size": [function("clean_size", "None"), function("clean_size", "strip_unit(value)")]}
    )
    declared = {"columns": [{"name": "size", "goals": ["No unit."], "expectations": [DIGITS]}]}
    solution = solve({"size": ["12 oz", "7 oz", "3"]}, declared, model, synthesis="off", max_rounds=1)
    assert len(model.questions) == 2
    assert [t.author.name for t in solution.transforms] == ["coder"]
    assert {(r.author.kind, r.column) for r in solution.refusals} == {("model", "size")}


def test_first_asks_the_model_only_for_what_synthesis_left(solve: Any) -> None:
    model = Scripted({})
    columns = [
        {"name": "size", "goals": ["A number without its unit."], "expectations": [DIGITS]},
        {"name": "code", "goals": ["As in the ledger."], "expectations": [DIGITS]},
    ]
    data = {"size": ["12 oz", "7 oz", "3"], "code": ["x?1", "?", "77"]}
    solution = solve(data, {"columns": columns}, model, synthesis="first", max_rounds=1)
    assert [t.author.kind for t in solution.transforms if t.writes == ("size",)] == ["synthesis"]
    assert any("clean_code" in question for question in model.questions)
    assert not any("clean_size" in question for question in model.questions)
    assert solution.unsolved == ("code: As in the ledger.",)


OWN = {"f.py::tidy": function("tidy", "lower_case(value)")}


def test_a_function_of_the_projects_own_may_serve_several_columns(solve: Any) -> None:
    declared = {"columns": [{"name": name, "function": "f.py::tidy"} for name in ("a", "b")]}
    solution = solve({"a": ["X", "y"], "b": ["Z", "z"]}, declared, functions=OWN)
    assert [(t.name, t.author.kind, t.author.name) for t in solution.transforms] == [
        ("tidy", "human", "f.py"),
        ("tidy_for_b", "human", "f.py"),
    ]
    assert "def tidy_for_b(" in solution.transforms[1].source
    assert solution.cleaned.columns == {"a": ["x", "y"], "b": ["z", "z"]}


def test_an_own_function_never_takes_the_name_of_another_columns(solve: Any) -> None:
    declared = {
        "columns": [{"name": "a", "function": "f.py::clean_b"}, {"name": "b", "goals": ["Lower case."]}],
    }
    own = {"f.py::clean_b": function("clean_b", "upper_case(value)")}
    solution = solve({"a": ["x", "y"], "b": ["Z", "z"]}, declared, functions=own)
    assert [t.name for t in solution.transforms] == ["clean_b_for_a", "clean_b"]
    assert solution.cleaned.columns == {"a": ["X", "Y"], "b": ["z", "z"]}


def test_an_own_function_that_fails_a_gate_is_refused_with_the_gate(solve: Any) -> None:
    declared = {
        "columns": [{"name": "a", "function": "f.py::tidy", "examples": [{"given": "X", "expect": "y"}]}]
    }
    with pytest.raises(
        VerificationError, match=r"RDC450 f.py::tidy fails the gate examples: 'X' should become 'y'"
    ):
        solve({"a": ["X"]}, declared, functions=OWN)


def test_rules_on_the_same_columns_are_told_apart(solve: Any) -> None:
    rule = {"dependency": {"determinant": ["zip"], "dependent": ["city"]}}
    declared = {"rules": [{**rule, "prefer": "zip = 'x'", "otherwise": "leave"}, rule]}
    solution = solve({"zip": ["1", "1", "1"], "city": ["a", "a", "b"]}, declared)
    assert [t.name for t in solution.transforms] == ["zip_determines_city", "zip_determines_city_2"]
    assert solution.cleaned.columns["city"] == ["a", "a", "a"]


def test_a_derived_column_that_nothing_makes_is_unsolved(solve: Any) -> None:
    declared = {
        "rules": [{"derive": {"column": "both", "from": ["a", "b"]}, "goals": ["as the ledger has it"]}]
    }
    assert solve({"a": ["1"], "b": ["2"]}, declared).unsolved == ("both: as the ledger has it",)


def test_what_an_example_says_is_wrong_and_stays_is_unsolved(solve: Any) -> None:
    column = {"name": "a", "goals": ["As it was told."], "examples": [{"given": "k-9", "expect": "twelve"}]}
    assert solve({"a": ["k-9", "k-8"]}, {"columns": [column]}).unsolved == ("a: As it was told.",)
    assert solve({"a": ["k-7", "k-8"]}, {"columns": [column]}).unsolved == ()
