"""Task -> prompts, one for each variant of asking, and answers -> functions. All variants tell the same of a column."""

from __future__ import annotations

import ast
import re
import tempfile
import textwrap
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from unittest.mock import patch

from ruamel.yaml import YAML

from rdc import recipes
from rdc.generation.extractor import ExtractionError, extract_function
from rdc.generation.prompter import EXAMPLES, build_prompt
from rdc.generation.vocabulary import describe_recipes
from rdc.generation.wording import shape_of
from rdc.templating import environment, template_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager

    from jinja2 import Environment

    from rdc.artifacts.plan import Task
    from rdc.generation.model import Prompt

TEMPLATES = Path(__file__).parent / "templates"
FENCE = re.compile(r"^```[^\n]*\n(.*?)(?:^```|\Z)", re.MULTILINE | re.DOTALL)
OFFERED = "rdc.generation.prompter.choose_recipes"


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to ask.

    Attributes:
        values: in one list; as already fine and to fix; or the same with their shapes.
        counts: whether it is said how often a value occurs.
        recipes: which are offered: none, those that the task calls for, or every one.
        shots: how many example tasks stand before the question.
        answer: what is asked for: a function, the same with its steps told first, its lines, or one expression.
        own: whether rdc's templates are used as they are.
    """

    name: str
    values: Literal["one list", "two lists", "shapes"] = "two lists"
    counts: bool = True
    recipes: Literal["none", "called", "all"] = "called"
    shots: int = 4
    answer: Literal["function", "plan", "steps", "expression"] = "function"
    own: bool = False


VARIANTS = (
    Variant("rows", "one list", counts=False, recipes="none", shots=0),
    Variant("counts", "one list", recipes="none", shots=0),
    Variant("shots", "one list", recipes="none", shots=2),
    Variant("recipes", "one list", shots=2),
    Variant("present", own=True),
    Variant("all recipes", recipes="all"),
    Variant("shapes", "shapes"),
    Variant("plan", answer="plan"),
    Variant("steps", answer="steps"),
    Variant("expression", answer="expression"),
)


def build_prompts(variant: Variant, tasks: Mapping[str, Task]) -> Iterator[tuple[str, Prompt]]:
    """A prompt for each task, by the task's name."""
    with tempfile.TemporaryDirectory() as folder, _offer(variant):
        templates = _open_templates(variant, Path(folder))
        for name, task in tasks.items():
            yield name, build_prompt(task, templates)


def read_answer(variant: Variant, text: str, name: str) -> str | None:
    """The code of the function that an answer holds, or None where it holds none."""
    if variant.answer in {"steps", "expression"}:
        text = _complete(variant.answer, text, name)
    try:
        return extract_function(text, name)
    except ExtractionError:
        return None


def _offer(variant: Variant) -> AbstractContextManager[Any]:
    """The prompter with every recipe on offer, where the variant wants that."""
    if variant.recipes != "all":
        return nullcontext()
    every = tuple(replace(line, example="") for line in describe_recipes(recipes.__all__))
    return patch(OFFERED, lambda _: every)


def _open_templates(variant: Variant, folder: Path) -> Environment:
    """The templates of rdc, or this study's with the variant in them."""
    if variant.own:
        return environment()
    examples = YAML(typ="safe", pure=True).load((template_folder() / EXAMPLES).read_text(encoding="utf-8"))
    examples["column"] = [_restate(variant, example) for example in examples["column"][: variant.shots]]
    (folder / "prompts").mkdir()
    with (folder / EXAMPLES).open("w", encoding="utf-8") as file:
        YAML(typ="safe", pure=True).dump(examples, file)
    templates = environment([folder, TEMPLATES])
    templates.globals["variant"] = variant
    templates.filters["shape"] = lambda shown: shape_of(shown.strip('"'))
    return templates


def _restate(variant: Variant, example: Mapping[str, Any]) -> dict[str, Any]:
    """An example task with its answer as the variant asks for it."""
    if variant.answer == "function":
        return {**example}
    code = textwrap.dedent(_fenced(example["answer"]))
    function = ast.parse(code).body[0]
    assert isinstance(function, ast.FunctionDef)
    returned = function.body[-1]
    assert isinstance(returned, ast.Return)
    assert returned.value
    calls = list(_unroll(returned.value))
    if variant.answer == "expression":
        code = ast.unparse(returned.value)
    elif variant.answer == "steps":
        code = "\n".join(f"value = {ast.unparse(call)}" for call in calls)
    else:
        meanings = [line.meaning for call in calls for line in describe_recipes([ast.unparse(call.func)])]
        steps = "\n".join(f"    # {number}. {meaning}" for number, meaning in enumerate(meanings, 1))
        head, _, rest = code.partition("\n")
        code = f"{head}\n{steps}\n{rest}"
    return {**example, "answer": f"```python\n{code.rstrip()}\n```"}


def _unroll(expression: ast.expr) -> Iterator[ast.Call]:
    """The calls of nested calls, the inner ones first, each of `value`."""
    if isinstance(expression, ast.Call):
        first, *others = expression.args
        yield from _unroll(first)
        yield ast.Call(expression.func, [ast.Name("value"), *others], expression.keywords)


def _fenced(text: str) -> str:
    """What stands between fences, or the whole text."""
    found = FENCE.search(textwrap.dedent(text))
    return found.group(1) if found else text


def _complete(answer: str, text: str, name: str) -> str:
    """A function around lines or an expression; a text that holds a function is left as it is."""
    code = _fenced(text).strip("\n")
    if "def " in code:
        return text
    body = (
        f"return {code.strip().removeprefix('return ')}"
        if answer == "expression"
        else f"{code}\nreturn value"
    )
    return f"```python\ndef {name}(value: str | None) -> str | None:\n{textwrap.indent(body, '    ')}\n```"
