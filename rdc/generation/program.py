"""Write and run short pipelines of recipe calls; what is no recipe can't be a step."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rdc import recipes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rdc.artifacts.plan import Cell

Argument = str | int


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
        call: Callable[..., Cell] = getattr(recipes, self.recipe)
        return call(value, *self.arguments, **dict(self.options))

    def __str__(self) -> str:
        given = ["value", *map(write_literal, self.arguments)]
        given += [f"{name}={write_literal(value)}" for name, value in self.options]
        return f"{self.recipe}({', '.join(given)})"


def write_literal(value: Argument) -> str:
    """A text or number as Python source, in double quotes."""
    return json.dumps(value, ensure_ascii=False)


def write_function(name: str, steps: Sequence[Step]) -> str:
    """Steps as a column function.

    >>> print(write_function("clean_size", [Step("strip_unit", ("oz",)), Step("drop_trailing_zeros")]))
    def clean_size(value: str | None) -> str | None:
        value = strip_unit(value, "oz")
        return drop_trailing_zeros(value)
    <BLANKLINE>
    """
    *first, last = map(str, steps)
    lines = [*(f"value = {step}" for step in first), f"return {last}"]
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
