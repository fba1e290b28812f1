"""What a name stands for while a function is lowered: known to the last bit, or an expression."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Mapping

    from rdc.engines.re2.regex import Regex
    from rdc.lowering.functions.ir import Node


@dataclass(frozen=True, slots=True)
class Known:
    """A Python object that is the same for every input."""

    value: Any


@dataclass(frozen=True, slots=True)
class Symbol:
    """An expression; `nullable` where None stands beside its kind's values."""

    node: Node
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Static:
    """A list, tuple or set of known length whose items depend on the input."""

    items: tuple[Value, ...]
    kind: type


@dataclass(frozen=True, slots=True)
class Few:
    """A list, or a set, of a few items, each of which is in it where a condition holds."""

    items: tuple[Value, ...]
    present: tuple[Node, ...]
    kind: type = list
    size: Node | None = None
    """How many there are, where those that are there come first."""


@dataclass(frozen=True, slots=True)
class Record:
    """A dict whose keys are known; that of a row, or what a row function returns."""

    items: Mapping[str, Value]
    kept: frozenset[str] = frozenset()
    """Keys that may not be set: what is there then is of the row, whose column keeps its value."""


@dataclass(frozen=True, slots=True)
class Match:
    """What `re.match`, `re.search` or `re.fullmatch` returned: None where `found` does not hold."""

    text: Node
    regex: Regex
    pattern: str
    found: Node
    given: tuple[Node, ...] | None = None
    """The groups, where they were taken out already: '' where one is missing."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The text that a number was read from.

    Attributes:
        text: its digits and the point, without a sign.
        whole: digits before the point, at most.
        unchanged: where no digit was rounded away since.
    """

    text: Node
    whole: int
    unchanged: Node


@dataclass(frozen=True, slots=True)
class Number:
    """A `Decimal`: the integer `coefficient` shifted by `scale` digits, `coefficient * 10 ** -scale`.

    `negative` holds of a zero with a sign, too.
    """

    coefficient: Node
    scale: Node
    negative: Node
    reading: Reading | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """A `datetime`: its parts as integers, by the names of its attributes."""

    parts: Mapping[str, Node]


@dataclass(frozen=True, slots=True)
class Days:
    """A `timedelta` of whole days."""

    number: Node


@dataclass(frozen=True, slots=True)
class Characters:
    """Characters of a text, each written as another text or left out, in order."""

    text: Node
    written: Mapping[str, str | int]
    """By ASCII character; what is left out is missing. Numbers and truth values are counted, not written."""


@dataclass(frozen=True, slots=True)
class Method:
    """An attribute of a value, to be called."""

    owner: Value
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function, or a lambda, with the names that it sees."""

    node: ast.FunctionDef | ast.Lambda
    scope: Mapping[str, Value]
    python: Callable[..., Any] | None = None
    """The function itself, where it is one of rdc's own: it can be asked of known values."""
    captured: Mapping[str, Value] | None = None
    """The local names that it was made among, which it sees as they are when it is called."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Values of two kinds, told apart by a condition."""

    condition: Node
    then: Value
    other: Value


@dataclass(frozen=True, slots=True)
class Unbound:
    """A name that is not set on every way here."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What an earlier turn of a loop, or what stands before it, left in a name: nobody knows which."""


Value = (
    Known
    | Symbol
    | Static
    | Few
    | Record
    | Match
    | Number
    | Moment
    | Days
    | Characters
    | Method
    | Function
    | Choice
    | Unbound
    | Carried
)
