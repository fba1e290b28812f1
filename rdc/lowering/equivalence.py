"""A lowered function, values and an engine -> whether SQL gave what Python gave; one difference refuses the function."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from sqlglot import exp

from rdc.artifacts.display import show_text
from rdc.engines.engine import ROW
from rdc.errors import SourceError
from rdc.lowering.adversary import HUGE
from rdc.lowering.lowerer import select_function
from rdc.lowering.names import DIALECT
from rdc.lowering.refusal import NotLowerableError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rdc.artifacts.plan import Cell
    from rdc.engines.engine import Engine
    from rdc.lowering.functions.compiler import Lowered

TABLE, VALUE, DOMAIN = "rdc_checked", "value", "domain"
SHOWN = 60


class Answer(Protocol):
    """What Python made of one value."""

    @property
    def value(self) -> Any:
        """What it returned."""
        ...

    @property
    def error(self) -> str | None:
        """What it raised."""
        ...


@dataclass(frozen=True, slots=True)
class Difference:
    """A value of which SQL does not make what Python makes."""

    value: Cell
    python: str
    sql: str

    def __str__(self) -> str:
        return f"differs on {_show(self.value)}: Python {self.python}, SQL {self.sql}"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check has found.

    Attributes:
        engine: that the SQL was run on, and its `version`.
        values: how many were tried.
        residual: for how many of them SQL says itself that it may be wrong; Python runs for those.
        difference: the first value that SQL is wrong on.
    """

    engine: str
    version: str
    values: int
    residual: int
    difference: Difference | None


def check(
    lowered: Lowered,
    values: Sequence[Cell],
    engine: Engine,
    evaluate: Callable[[Sequence[Cell]], Sequence[Answer]],
) -> Checked:
    """Compare SQL with Python.

    Values are tried twice: all at once, and the plain ones by themselves, since engines have other
    ways for text that they know to be ASCII.

    Args:
        lowered: a function of one value.
        values: to try, all different.
        engine: to try them on; a table of its own is made there and dropped.
        evaluate: runs the Python function once with each of some values.
    """
    answers = dict(zip(values, evaluate(values), strict=True))
    values = [value for value in values if not _is_unanswered(value, answers[value])]
    residual, difference = _compare(lowered, values, engine, answers)
    plain = [value for value in values if value is not None and value.isascii()]
    if difference is None and len(plain) < len(values):
        difference = _compare(lowered, plain, engine, answers)[1]
    return Checked(DIALECT, read_version(engine), len(values), residual, difference)


def refuse_difference(checked: Checked) -> None:
    """Refuse a function of which SQL and Python differ, or whose SQL is never used.

    Raises:
        NotLowerableError: it is one.
    """
    if checked.difference is not None:
        raise NotLowerableError(str(checked.difference))
    if checked.residual == checked.values:
        raise NotLowerableError(f"not one of {checked.values:,} values is known to be exact in SQL")


def read_version(engine: Engine) -> str:
    """The version of an engine."""
    return str(engine.query("SELECT version()")[0][0]).removeprefix("v")


def _compare(
    lowered: Lowered, values: Sequence[Cell], engine: Engine, answers: Mapping[Cell, Answer]
) -> tuple[int, Difference | None]:
    """How many values are not decided on by SQL, and the first that it is wrong on."""
    try:
        found = _run(lowered, values, engine)
    except SourceError as error:
        if len(values) == 1:
            message = error.problems[0].fact
            return 0, Difference(values[0], _tell(answers[values[0]]), f"fails ({message})")
        # SQL is to fail nowhere, in or out of what it is exact for: find where it does.
        half = len(values) // 2
        parts = (_compare(lowered, part, engine, answers) for part in (values[:half], values[half:]))
        return next((part for part in parts if part[1] is not None), (0, _fail_together(error)))
    residual, difference = 0, None
    for value, (result, exact) in zip(values, found, strict=True):
        if exact is not True:
            residual += 1
        elif difference is None and not _is_same(answers[value], result):
            difference = Difference(value, _tell(answers[value]), _show(result))
    return residual, difference


def _run(lowered: Lowered, values: Sequence[Cell], engine: Engine) -> list[tuple[Any, ...]]:
    """What SQL makes of values, and for which of them it says that it is exact."""
    nodes = {VALUE: lowered.outputs[VALUE], DOMAIN: lowered.domain}
    query = select_function(nodes, {lowered.reads[0]: VALUE}, TABLE)
    engine.load(TABLE, {VALUE: values})
    try:
        return engine.query(query.order_by(exp.column(ROW)).sql(DIALECT))
    finally:
        engine.execute(f"DROP TABLE {TABLE}")


def _fail_together(error: SourceError) -> Difference:
    return Difference(None, "returns", f"fails ({error.problems[0].fact}) on many values at once")


def _is_unanswered(value: Cell, answer: Answer) -> bool:
    """Whether Python takes so long for a huge value that there is nothing to compare with."""
    return len(value or "") > HUGE and (answer.error or "").startswith("TimeLimit")


def _is_same(answer: Answer, result: Any) -> bool:
    """Whether SQL gave what Python gave: of the same type, a float to the last bit."""
    if answer.error is not None or type(answer.value) is not type(result):
        return False
    if isinstance(result, float):
        both_nan = math.isnan(answer.value) and math.isnan(result)
        return both_nan or answer.value.hex() == result.hex()
    return bool(answer.value == result)


def _tell(answer: Answer) -> str:
    return f"raises {show_text(answer.error)}" if answer.error is not None else _show(answer.value)


def _show(value: Any) -> str:
    """A value for a reason that people read, as long as it may be in a line."""
    text = repr(value)
    return show_text(text if len(text) <= SHOWN else f"{text[:SHOWN]}… ({len(text):,} characters)")
