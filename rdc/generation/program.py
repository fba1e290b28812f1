"""Write and run short pipelines of recipe calls; what is no recipe can't be a step."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rdc import recipes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rdc.artifacts.plan import Cell

Argument = str | int | tuple[tuple[str, str], ...]
"""A text, a number, or the pairs of a dictionary."""
SUBSTITUTE = "re.sub"
"""A step that is no recipe: Python's own substitution, with a pattern and what is put in."""


@dataclass(frozen=True, slots=True)
class Step:
    """One call of a recipe.

    Attributes:
        recipe: its name.
        arguments, options: what it is given beside the value, by position and by name.

    >>> str(Step("pad_left", (5,))), Step("pad_left", (5,)).apply("42")
    ('pad_left(value, 5)', '00042')
    """

    recipe: str
    arguments: tuple[Argument, ...] = ()
    options: tuple[tuple[str, Argument], ...] = ()

    def apply(self, value: Cell) -> Cell:
        """The value after this step."""
        if self.recipe == SUBSTITUTE:
            pattern, replacement = map(str, self.arguments)
            return None if value is None else re.sub(pattern, replacement, value)
        call: Callable[..., Cell] = getattr(recipes, self.recipe)
        arguments = [dict(given) if isinstance(given, tuple) else given for given in self.arguments]
        return call(value, *arguments, **dict(self.options))

    def __str__(self) -> str:
        if self.recipe == SUBSTITUTE:
            return f"re.sub({', '.join(write_pattern(str(text)) for text in self.arguments)}, value)"
        given = ["value", *map(write_literal, self.arguments)]
        given += [f"{name}={write_literal(value)}" for name, value in self.options]
        return f"{self.recipe}({', '.join(given)})"


def write_literal(value: Argument) -> str:
    """An argument as Python source, texts in double quotes."""
    return json.dumps(dict(value) if isinstance(value, tuple) else value, ensure_ascii=False)


def write_pattern(text: str) -> str:
    r"""A text that may hold backslashes as Python source, raw where it can be.

    >>> print(write_pattern(chr(92) + "1"), write_pattern("-"))
    r"\1" "-"
    """
    raw = "\\" in text and text.isprintable() and '"' not in text and not text.endswith("\\")
    return f'r"{text}"' if raw else write_literal(text)


def write_function(name: str, steps: Sequence[Step]) -> str:
    """Steps as a column function.

    >>> print(write_function("clean_size", [Step("strip_unit", ("oz",)), Step("drop_trailing_zeros")]))
    def clean_size(value: str | None) -> str | None:
        value = strip_unit(value, "oz")
        return drop_trailing_zeros(value)
    <BLANKLINE>
    """
    lines = [f"value = {step}" for step in steps[:-1]] + [f"return {steps[-1]}"]
    guarded = next((index for index, step in enumerate(steps) if step.recipe == SUBSTITUTE), None)
    if guarded is not None:
        lines[guarded:guarded] = ["if value is None:", "    return None"]
    return f"def {name}(value: str | None) -> str | None:\n" + "".join(f"    {line}\n" for line in lines)


@dataclass(slots=True)
class Interpreter:
    """Runs steps and remembers what each made of a value."""

    seen: dict[Step, dict[Cell, Cell]] = field(default_factory=dict)

    def apply(self, step: Step, values: Sequence[Cell]) -> tuple[Cell, ...]:
        """The values after one step."""
        known = self.seen.setdefault(step, {})
        for value in values:
            if value not in known:
                known[value] = step.apply(value)
        return tuple([known[value] for value in values])

    def run(self, steps: Sequence[Step], values: Sequence[Cell]) -> tuple[Cell, ...]:
        """The values after all steps."""
        result = tuple(values)
        for step in steps:
            result = self.apply(step, result)
        return result
