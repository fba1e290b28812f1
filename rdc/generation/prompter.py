"""Task -> Prompt, through the templates; no value of the data gets in that `profile_values` doesn't let see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from rdc.generation.model import Message, Prompt
from rdc.generation.vocabulary import RecipeLine, choose_recipes, describe_recipes
from rdc.generation.wording import (
    CountedValue,
    ShownValues,
    ValueMode,
    describe_expectation,
    hide,
    show_value,
    sort_values,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jinja2 import Environment

    from rdc.artifacts.plan import Cell, Row, Task

MOST_FAILING = 8
MOST_PATTERNS = 6
EXAMPLES = "prompts/examples.yml"


@dataclass(frozen=True, slots=True)
class Question:
    """What a template prints of one task.

    Attributes:
        name: of the function.
        reads, writes: columns.
        goals: sentences, and what is already solved of them.
        values: with their counts.
        patterns: shown where values may not be.
        failing: values that the last attempt got wrong, and what it made of them.
        refused: the gates that refused it.
        examples: pairs that must hold.
        expectations: what must be true of every result.
        columns: of a row function, each read column with some of its values.
    """

    name: str
    column: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    goals: tuple[str, ...]
    values: ShownValues
    patterns: tuple[CountedValue, ...] = ()
    failing: tuple[tuple[str, str], ...] = ()
    refused: tuple[str, ...] = ()
    examples: tuple[tuple[str, str], ...] = ()
    expectations: tuple[str, ...] = ()
    solved: tuple[str, ...] = ()
    recipes: tuple[RecipeLine, ...] = ()
    columns: tuple[tuple[str, tuple[CountedValue, ...]], ...] = ()


def build_prompt(task: Task, environment: Environment, profile_values: ValueMode = "full") -> Prompt:
    """Ask for the function of a task.

    Args:
        task: with its profile and findings as far as they may be shown.
        environment: of the templates.
        profile_values: whether values, their masks or neither may be shown.
    """
    return _converse(
        task.kind if task.kind == "row" else "column", _question(task, profile_values), environment
    )


def build_expectation_prompt(
    task: Task, environment: Environment, profile_values: ValueMode = "full"
) -> Prompt:
    """Ask for one check of a task's column."""
    return _converse("expectation", _question(task, profile_values), environment)


def _converse(kind: str, question: Question, environment: Environment) -> Prompt:
    """The system's turn, the examples as turns of their own, and the question."""
    template = environment.get_template(f"prompts/{kind}.jinja")
    messages = [Message("system", environment.get_template("prompts/system.jinja").render(kind=kind).strip())]
    for example in _load_examples(environment)[kind]:
        messages.append(Message("user", template.render(task=_example_question(example)).strip()))
        messages.append(Message("assistant", str(example["answer"]).strip()))
    return Prompt((*messages, Message("user", template.render(task=question).strip())))


def _question(task: Task, mode: ValueMode) -> Question:
    """A task as a template shows it."""
    failing = () if mode == "none" else task.failing[:MOST_FAILING]
    return Question(
        name=task.name,
        column=task.column,
        reads=task.reads,
        writes=task.writes,
        goals=task.goals,
        values=sort_values(task.profile, task.findings, task.expectations, mode),
        patterns=tuple(CountedValue(p.pattern, p.count) for p in task.profile.patterns[:MOST_PATTERNS])
        if mode == "none"
        else (),
        failing=tuple(
            (show_value(hide(given, mode)), show_value(hide(made, mode))) for given, made in failing
        ),
        refused=tuple(gate.replace("_", " ") for gate in task.refused),
        examples=_pairs(task),
        expectations=tuple(describe_expectation(expectation) for expectation in task.expectations),
        solved=task.solved,
        recipes=choose_recipes(task),
        columns=tuple(
            (name, sort_values(profile, (), (), mode).unsorted) for name, profile in task.profiles.items()
        )
        if task.kind == "row"
        else (),
    )


def _pairs(task: Task) -> tuple[tuple[str, str], ...]:
    """The examples that were declared, of values or of rows."""
    pairs = [(show_value(example.given), show_value(example.expect)) for example in task.examples]
    pairs += [(_show_row(example.given), _show_row(example.expect)) for example in task.row_examples]
    return tuple(pairs)


def _show_row(row: Row) -> str:
    return "{" + ", ".join(f"{show_value(name)}: {show_value(value)}" for name, value in row.items()) + "}"


def _load_examples(environment: Environment) -> Mapping[str, list[dict[str, Any]]]:
    """The example tasks, by kind of prompt."""
    assert environment.loader is not None
    text, _, _ = environment.loader.get_source(environment, EXAMPLES)
    examples: Mapping[str, list[dict[str, Any]]] = YAML(typ="safe", pure=True).load(text)
    return examples


def _example_question(example: Mapping[str, Any]) -> Question:
    """An example task as a template shows it."""
    columns = example.get("columns", {})
    return Question(
        name=example["name"],
        column=example["column"],
        reads=tuple(columns) or (example["column"],),
        writes=tuple(example.get("writes", ())) or (example["column"],),
        goals=tuple(example["goals"]),
        examples=tuple((_show(given), _show(made)) for given, made in example.get("examples", ())),
        expectations=tuple(example.get("expectations", ())),
        recipes=describe_recipes(example.get("recipes", ())),
        columns=tuple((name, _count(values)) for name, values in columns.items()),
        values=ShownValues(_count(example.get("fine", ())), _count(example.get("to_fix", ()))),
    )


def _count(values: Iterable[tuple[str, int]]) -> tuple[CountedValue, ...]:
    return tuple(CountedValue(show_value(value), count) for value, count in values)


def _show(example: Cell | Row) -> str:
    return _show_row(example) if isinstance(example, dict) else show_value(example)
