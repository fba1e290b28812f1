"""Prompts: what a model is told, and what it must not see."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

from rdc import recipes
from rdc.artifacts.cleaner import Example, RowExample
from rdc.artifacts.expectation import Expectation
from rdc.artifacts.plan import Task
from rdc.artifacts.profile import ColumnProfile, Finding, PatternCount, ValueCount
from rdc.generation.extractor import extract_expectations, extract_function
from rdc.generation.prompter import build_expectation_prompt, build_prompt
from rdc.generation.vocabulary import CUES, WORDS, choose_recipes, describe_recipes
from rdc.generation.wording import describe_expectation
from rdc.templating import environment, template_folder

if TYPE_CHECKING:
    from pathlib import Path

ENVIRONMENT = environment()
EXAMPLES = YAML(typ="safe", pure=True).load((template_folder() / "prompts" / "examples.yml").read_text())


def _counts(*values: tuple[str | None, int]) -> tuple[ValueCount, ...]:
    return tuple(ValueCount(value=value, count=count) for value, count in values)


def _profile(name: str, *values: tuple[str | None, int], **more: Any) -> ColumnProfile:
    return ColumnProfile(
        name=name, rows=100, distinct=len(values), missing=0, empty=0, frequent=_counts(*values), **more
    )


PROFILE = _profile(
    "ounces",
    ("13.7 oz", 60),
    ("17.1 oz", 20),
    ("12", 9),
    (" 8 OZ", 2),
    patterns=(PatternCount(pattern="9+.9 a+", count=80, example="13.7 oz"),),
)
FINDING = Finding(
    kind="unit_suffix",
    column="ounces",
    count=82,
    fact="Numbers with a unit.",
    values=_counts(("13.7 oz", 60)),
)
TASK = Task(
    kind="column",
    cleaner="beers",
    column="ounces",
    reads=("ounces",),
    writes=("ounces",),
    goals=("The size as a plain number, no unit, no trailing zeros.",),
    type="text",
    examples=(Example(given="1 oz", expect="1"), Example(given="", expect=None)),
    row_examples=(),
    expectations=(
        Expectation(
            type="expect_column_values_to_match_regex", kwargs={"column": "ounces", "regex": "^[0-9]+$"}
        ),
    ),
    profile=PROFILE,
    findings=(FINDING,),
    profiles={"ounces": PROFILE},
)


def _question(task: Task, mode: Any = "full") -> str:
    return build_prompt(task, ENVIRONMENT, mode).messages[-1].content


def test_the_question_names_function_goal_values_and_what_must_hold() -> None:
    assert (
        _question(TASK)
        == (
            'Write `clean_ounces` for the column "ounces".\n'
            "Goal: The size as a plain number, no unit, no trailing zeros.\n"
            "Every result that is not None matches the regular expression ^[0-9]+$.\n"
            "Already fine (value, count):\n"
            '- "12" 9\n'
            "To fix (value, count):\n"
            '- "13.7 oz" 60\n- "17.1 oz" 20\n- " 8 OZ" 2\n'
            "Examples:\n"
            '- "1 oz" -> "1"\n- "" -> None\n'
            "Recipes:\n" + "".join(f"- {line}\n" for line in _recipe_lines(TASK))
        ).strip()
    )


def _recipe_lines(task: Task) -> list[str]:
    return [f"{line.call}: {line.meaning} {line.example}".strip() for line in choose_recipes(task)]


def test_examples_are_turns_of_the_conversation() -> None:
    roles = [message.role for message in build_prompt(TASK, ENVIRONMENT).messages]
    assert roles == ["system", *["user", "assistant"] * len(EXAMPLES["column"]), "user"]


def test_all_prompts_of_a_kind_begin_alike() -> None:
    other = build_prompt(replace(TASK, goals=("Something else.",)), ENVIRONMENT)
    assert other.messages[:-1] == build_prompt(TASK, ENVIRONMENT).messages[:-1]


def test_values_found_wrong_are_to_be_fixed_where_nothing_can_be_checked() -> None:
    question = _question(replace(TASK, expectations=()))
    assert 'To fix (value, count):\n- "13.7 oz" 60\n' in question
    assert '- "12" 9\n' in question.partition("To fix")[0]


def test_values_of_which_nothing_is_known_are_called_neither() -> None:
    dates = Finding(kind="mixed_dates", column="ounces", count=3, fact="Dates in 3 forms.")
    for findings in ((), (dates,), (dates, FINDING)):
        question = _question(replace(TASK, expectations=(), findings=findings))
        assert "Already fine" not in question
        assert '- "12" 9\n' in question.partition("Values (value, count):\n")[2]
        assert ("To fix" in question) == (FINDING in findings)


def test_one_value_of_each_shape_comes_before_more_of_the_frequent_ones() -> None:
    many = [(f"{n}.0 oz", 100 - n) for n in range(10, 40)]
    profile = _profile("ounces", *many, ("N/A", 1), ("?", 1))
    question = _question(replace(TASK, profile=profile, findings=()))
    assert '- "N/A" 1' in question
    assert '- "?" 1' in question
    assert question.count('.0 oz"') == 8


def test_what_is_solved_and_what_went_wrong_is_told() -> None:
    question = _question(
        replace(TASK, solved=("Spaces are gone.",), failing=(("13.7 oz", "12.0"),), refused=("lost_digits",))
    )
    assert "Already solved, not to be done again:\n- Spaces are gone.\n" in question
    assert 'Another attempt got these wrong:\n- "13.7 oz" became "12.0"\n' in question
    assert "Other attempts failed these checks: lost digits.\n" in question


@pytest.mark.parametrize("build", [build_prompt, build_expectation_prompt])
def test_no_value_gets_into_a_prompt_that_may_show_none(build: Any) -> None:
    task = replace(TASK, failing=(("17.1 oz", "17.1 oz"),))
    question = build(task, ENVIRONMENT, "none").messages[-1].content
    assert not [value for value in ("13.7 oz", "17.1 oz", "8 OZ", '"12"') if value in question]
    assert "- 9+.9 a+ 80\n" in question + "\n"


def test_failing_values_are_masked_where_values_are() -> None:
    question = _question(replace(TASK, failing=(("16.5 Fl oz", None),)), "masked")
    assert '- "99.9 Aa aa" became None' in question
    assert "16.5" not in question


def test_a_long_value_is_cut() -> None:
    question = _question(replace(TASK, profile=_profile("ounces", ("x" * 5000, 1)), findings=()))
    assert "x" * 80 + "…" in question
    assert "x" * 81 not in question


def test_a_row_function_is_told_the_columns_that_it_reads() -> None:
    task = replace(
        TASK,
        kind="row",
        column="label",
        reads=("brand", "model"),
        writes=("label",),
        examples=(),
        row_examples=(RowExample(given={"brand": "A", "model": None}, expect={"label": None}),),
        profiles={"brand": _profile("brand", ("Acme", 4)), "model": _profile("model", ("X1", 2))},
    )
    question = _question(task)
    assert question.startswith('Write `derive_label(row)`, which returns a dict with "label".\n')
    assert '- "brand": "Acme" 4\n- "model": "X1" 2\n' in question
    assert '- {"brand": "A", "model": None} -> {"label": None}' in question
    assert "Acme" not in _question(task, "none")


def test_prompts_are_the_same_every_time() -> None:
    assert build_prompt(TASK, environment()) == build_prompt(TASK, environment())


def test_a_project_may_bring_its_own_template(tmp_path: Path) -> None:
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "column.jinja").write_text("Do {{ task.name }}!")
    assert build_prompt(TASK, environment([tmp_path])).messages[-1].content == "Do clean_ounces!"


@pytest.mark.parametrize(
    ("kind", "example"),
    [(kind, example) for kind in ("column", "row") for example in EXAMPLES[kind]],
    ids=lambda item: item["name"] if isinstance(item, dict) else item,
)
def test_worked_examples_are_answers_that_are_accepted_as_they_are(
    kind: Any, example: dict[str, Any]
) -> None:
    code = extract_function(example["answer"], example["name"], kind)
    assert example["answer"] == f"```python\n{code}```\n"
    calls = [node.func for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    called = {function.id for function in calls if isinstance(function, ast.Name)}
    assert called <= set(example.get("recipes", ()))
    assert len(describe_recipes(example.get("recipes", ()))) == len(example.get("recipes", ()))


@pytest.mark.parametrize("example", EXAMPLES["column"], ids=lambda example: example["name"])
def test_worked_examples_do_what_they_say(example: dict[str, Any]) -> None:
    scope: dict[str, Any] = {"re": __import__("re"), **vars(recipes)}
    exec(extract_function(example["answer"], example["name"]), scope)  # noqa: S102 - our own template
    clean = scope[example["name"]]
    assert [clean(value) for value, _ in example["fine"]] == [value for value, _ in example["fine"]]
    changed = [clean(value) for value, _ in example["to_fix"]]
    assert all(new != old for new, (old, _) in zip(changed, example["to_fix"], strict=True))


@pytest.mark.parametrize("example", EXAMPLES["expectation"], ids=lambda example: example["name"])
def test_worked_checks_are_accepted(example: dict[str, Any]) -> None:
    assert len(extract_expectations(example["answer"], example["column"])) == 1


def test_only_recipes_that_there_are_get_named() -> None:
    named = {name for names in CUES.values() for name in names} | {
        name for _, names in WORDS for name in names
    }
    assert not [name for name in named if not hasattr(recipes, name)]
    assert describe_recipes(["no_such_recipe"]) == ()


def test_goals_and_findings_choose_the_recipes() -> None:
    assert [line.call.partition("(")[0] for line in choose_recipes(TASK)][:1] == ["strip_unit"]
    dates = replace(TASK, goals=("ISO 8601 dates.",), findings=())
    assert any(line.call.startswith("to_date(value, *formats, order='mdy'") for line in choose_recipes(dates))


@pytest.mark.parametrize(
    ("kind", "kwargs", "words"),
    [
        ("expect_column_values_to_be_in_set", {"value_set": ["a", "b"]}, 'is one of "a", "b"'),
        ("expect_column_values_to_be_between", {"min_value": 0}, "is a number between 0 and ∞"),
        ("expect_column_value_lengths_to_equal", {"value": 2, "mostly": 0.9}, "is 2 characters long"),
        ("expect_column_values_to_not_be_null", {}, "is never None"),
        ("expect_column_values_to_be_unique", {}, "be unique"),
        ("expect_column_values_to_be_of_type", {"type_": "str"}, "be of type (type_=str)"),
        ("expect_column_values_to_match_regex", {}, "match regex"),
    ],
)
def test_expectations_are_told_in_words(kind: str, kwargs: dict[str, Any], words: str) -> None:
    assert describe_expectation(Expectation(type=kind, kwargs={"column": "x", **kwargs})) == words


def test_every_recipe_can_be_shown_by_its_call() -> None:
    shown = describe_recipes(recipes.__all__)
    assert [line.call.partition("(")[0] for line in shown] == list(recipes.__all__)
    unshown = {line.call.partition("(")[0] for line in shown if " -> " not in line.example}
    # What makes null has no result that a prompt could show.
    assert all(name.startswith("null_") or name == "empty_to_null" for name in unshown)
