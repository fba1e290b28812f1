"""A lowered function, what it may be given and an engine -> whether SQL gave what Python gave; one difference refuses the function."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from rdc.artifacts.display import show_text
from rdc.engines.engine import ROW
from rdc.errors import SourceError
from rdc.lowering.adversary import HUGE
from rdc.lowering.lowerer import list_nodes, select_function
from rdc.lowering.names import DIALECT
from rdc.lowering.refusal import NotLowerableError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rdc.engines.engine import Engine
    from rdc.lowering.answers import Answer, Evaluate, Given
    from rdc.lowering.functions.compiler import Lowered

TABLE = "rdc_checked"
SHOWN = 60


@dataclass(frozen=True, slots=True)
class Difference:
    """What SQL does not make the same of as Python."""

    given: Given
    python: str
    sql: str

    def __str__(self) -> str:
        return f"differs on {_show(self.given)}: Python {self.python}, SQL {self.sql}"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check has found.

    Attributes:
        engine: that the SQL was run on, and its `version`.
        values: how many were tried; rows, where it is a row function.
        residual: for how many of them SQL says itself that it may be wrong; Python runs for those.
        difference: the first that SQL is wrong on.
    """

    engine: str
    version: str
    values: int
    residual: int
    difference: Difference | None


def check(lowered: Lowered, given: Sequence[Given], engine: Engine, evaluate: Evaluate) -> Checked:
    """Compare SQL with Python.

    All is tried twice: at once, and what is plain by itself, since engines have other ways for text that
    they know to be ASCII.

    Args:
        lowered: a function.
        given: to try, all different.
        engine: to try them on; a table of its own is made there and dropped.
        evaluate: runs the Python function.
    """
    answers = dict(zip(given, evaluate(given), strict=True))
    given = [cells for cells in given if not _is_unanswered(cells, answers[cells])]
    residual, difference = _compare(lowered, given, engine, answers)
    plain = [cells for cells in given if all(cell is not None and cell.isascii() for cell in cells)]
    if difference is None and len(plain) < len(given):
        difference = _compare(lowered, plain, engine, answers)[1]
    return Checked(DIALECT, read_version(engine), len(given), residual, difference)


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
    lowered: Lowered, given: Sequence[Given], engine: Engine, answers: Mapping[Given, Answer]
) -> tuple[int, Difference | None]:
    """How much is not decided on by SQL, and the first that it is wrong on."""
    try:
        found = _run(lowered, given, engine)
    except SourceError as error:
        if len(given) == 1:
            message = error.problems[0].fact
            return 0, Difference(given[0], _tell(answers[given[0]]), f"fails ({message})")
        # SQL is to fail nowhere, in or out of what it is exact for: find where it does.
        half = len(given) // 2
        parts = (_compare(lowered, part, engine, answers) for part in (given[:half], given[half:]))
        return next((part for part in parts if part[1] is not None), (0, _fail_together(error)))
    residual, difference = 0, None
    for cells, (*results, exact) in zip(given, found, strict=True):
        if exact is not True:
            residual += 1
        elif difference is None and not _is_same(answers[cells], results):
            difference = Difference(cells, _tell(answers[cells]), _show(tuple(results)))
    return residual, difference


def _run(lowered: Lowered, given: Sequence[Given], engine: Engine) -> list[tuple[Any, ...]]:
    """What SQL makes of all that is given, and for which of it it says that it is exact."""
    columns = [f"in_{number}" for number in range(len(lowered.reads))]
    query = select_function(list_nodes(lowered), dict(zip(lowered.reads, columns, strict=True)), TABLE)
    engine.load(TABLE, {name: [cells[at] for cells in given] for at, name in enumerate(columns)})
    try:
        return engine.query(query.order_by(exp.column(ROW)).sql(DIALECT))
    finally:
        engine.execute(f"DROP TABLE {TABLE}")


def _fail_together(error: SourceError) -> Difference:
    return Difference((None,), "returns", f"fails ({error.problems[0].fact}) on many values at once")


def _is_unanswered(cells: Given, answer: Answer) -> bool:
    """Whether Python takes so long for a huge value that there is nothing to compare with."""
    huge = any(len(cell or "") > HUGE for cell in cells)
    return huge and (answer.error or "").startswith("TimeLimit")


def _is_same(answer: Answer, results: Sequence[Any]) -> bool:
    """Whether SQL gave what Python gave."""
    return answer.error is None and all(map(_is_equal, answer.values, results))


def _is_equal(value: Any, result: Any) -> bool:
    """Whether two values are one: of the same type, a float to the last bit."""
    if type(value) is not type(result):
        return False
    if isinstance(result, float):
        both_nan = math.isnan(value) and math.isnan(result)
        return both_nan or value.hex() == result.hex()
    return bool(value == result)


def _tell(answer: Answer) -> str:
    return f"raises {show_text(answer.error)}" if answer.error is not None else _show(answer.values)


def _show(values: tuple[Any, ...]) -> str:
    """A value, or several, for a reason that people read, as long as it may be in a line."""
    text = repr(values[0] if len(values) == 1 else values)
    return show_text(text if len(text) <= SHOWN else f"{text[:SHOWN]}… ({len(text):,} characters)")
