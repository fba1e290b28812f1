"""Run untrusted functions on values in a Monty worker; whatever goes wrong there is an outcome, never an exception."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import TYPE_CHECKING, Any, Self

from rdc.artifacts.diagnostic import Diagnostic
from rdc.artifacts.outcome import Outcome, RowOutcome
from rdc.errors import ServiceError
from rdc.harness.dialect import SHIMS, adapt_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import TracebackType

    from pydantic_monty import Monty, MontySession, ResourceLimits

    from rdc.artifacts.plan import Cell, Row

IMPORTS = """
import datetime, decimal, json, math, re, unicodedata
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP
from decimal import ROUND_UP, Decimal, InvalidOperation
"""
"""What a function finds imported, beside the recipes."""
# Of the patterns of all recipes a function needs few, and compiling all takes longer than most functions run.
LAZY_PATTERN = """
class __rdc_pattern:
    def __init__(self, text):
        self.text = text
        self.known = None
    def compiled(self):
        if self.known is None:
            self.known = re.compile(self.text)
        return self.known
    def fullmatch(self, text):
        return self.compiled().fullmatch(text)
    def match(self, text):
        return self.compiled().match(text)
    def search(self, text):
        return self.compiled().search(text)
    def findall(self, text):
        return self.compiled().findall(text)
    def split(self, text):
        return self.compiled().split(text)
    def sub(self, new, text):
        return self.compiled().sub(new, text)
"""
RECIPE_IMPORT = re.compile(
    r"^from (?:__future__ import annotations|rdc\.recipes\.(\w+) import (?:[^(\n]*|\([^)]*\)))$", re.MULTILINE
)
"""An import of one module of recipes by another, or one that may only stand at the beginning."""
BATCH = 1_000
SPLIT = 8
TIME_LIMIT = "TimeLimit: it took too long"
MEMORY_LIMIT = "MemoryLimit: it took too much memory"
CRASH = "Crash: the interpreter did not survive it"

# Runs inside the sandbox, so that one crossing serves a whole batch. What a limit raises is not caught
# there by any `except`: it ends the batch.
DRIVER = """
def __rdc_column(values):
    outcomes = []
    for value in values:
        try:
            result = {name}(value)
            if result is None or isinstance(result, str):
                outcomes.append((result, None))
            else:
                outcomes.append((None, "TypeError: returned " + type(result).__name__))
        except BaseException as error:
            outcomes.append((None, type(error).__name__ + ": " + str(error)[:200]))
    return outcomes

def __rdc_row(rows):
    outcomes = []
    for row in rows:
        try:
            result = {name}(dict(row))
            wrong = None
            if not isinstance(result, dict):
                wrong = "TypeError: returned " + type(result).__name__
            else:
                for key, value in result.items():
                    if not isinstance(key, str):
                        wrong = "TypeError: returned a column named by " + type(key).__name__
                    elif not (value is None or isinstance(value, str)):
                        wrong = "TypeError: returned " + type(value).__name__ + " for " + key
            outcomes.append((dict() if wrong else result, wrong))
        except BaseException as error:
            outcomes.append((dict(), type(error).__name__ + ": " + str(error)[:200]))
    return outcomes
"""


class Sandbox:
    """A worker process that runs one function at a time, with limits on time and memory.

    The session of a function is kept for the next call with the same function and thrown away for any
    other, so that none sees what another has defined.

    Args:
        recipes: source that is run before every function; the recipes of rdc by default.
        seconds: what one call may take before the rest of its values is given up.
        memory: bytes that a function may hold.
        binary: the worker's executable, found in the environment by default.
    """

    def __init__(
        self,
        *,
        recipes: str | None = None,
        seconds: float = 5.0,
        memory: int = 512 << 20,
        binary: str | None = None,
    ) -> None:
        self._prelude = IMPORTS + SHIMS + (read_recipes() if recipes is None else recipes)
        self._seconds = seconds
        self._limits: ResourceLimits = {
            "max_memory": memory,
            "max_recursion_depth": 200,
            "max_suspensions": 10,
            "max_total_sleep_secs": 0.0,
        }
        self._pool = _start_pool(binary)
        self._session: MontySession | None = None
        self._key: tuple[str, str, float] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the worker."""
        self._drop_session()
        self._pool.__exit__(None, None, None)

    def map_column(self, source: str, name: str, values: Sequence[Cell]) -> list[Outcome]:
        """Call `name`, which `source` defines, once with each value."""
        pairs = self._map(source, name, "__rdc_column", values)
        return [Outcome(value, error) for value, error in pairs]

    def map_rows(self, source: str, name: str, rows: Sequence[Row]) -> list[RowOutcome]:
        """Call `name`, which `source` defines, once with each row."""
        pairs = self._map(source, name, "__rdc_row", [dict(row) for row in rows])
        return [RowOutcome(values or {}, error) for values, error in pairs]

    def _map(
        self, source: str, name: str, driver: str, inputs: Sequence[Any]
    ) -> list[tuple[Any, str | None]]:
        """Run all inputs that can cross into the sandbox, and put an error where one cannot."""
        crossing = [item for item in inputs if _is_unicode(item)]
        call = _Call(lambda items, seconds: self._feed(source, name, driver, items, seconds), self._seconds)
        answers: Iterator[tuple[Any, str | None]] = iter(call.run(crossing))
        refused = (None, "UnicodeError: a lone surrogate is no text")
        return [next(answers) if _is_unicode(item) else refused for item in inputs]

    def _feed(
        self, source: str, name: str, driver: str, items: Sequence[Any], seconds: float
    ) -> list[tuple[Any, str | None]] | str:
        """Run one batch.

        Returns:
            An answer for each item, or what went wrong with the batch.
        """
        from pydantic_monty import MontyError  # noqa: PLC0415 - only here is the sandbox needed

        if not name.isidentifier():
            return "NameError: the function has no valid name"
        try:
            session = self._open_session(source, name, seconds)
            answers = session.feed_run(
                f"{driver}(__rdc_items)", inputs={"__rdc_items": items}, print_callback=_ignore
            )
        except (MontyError, UnicodeError) as error:
            self._drop_session()
            return _explain(error)
        if isinstance(answers, list) and len(answers) == len(items):
            return [(value, error) for value, error in answers]
        return "TypeError: the function replaced what runs it"

    def _open_session(self, source: str, name: str, seconds: float) -> MontySession:
        """A session that has run the prelude and the source, the last one where it is the same."""
        key = (source, name, seconds)
        if self._session is not None and self._key == key:
            return self._session
        self._drop_session()
        limits: ResourceLimits = {**self._limits, "max_feed_duration_secs": seconds}
        session = self._pool.checkout(limits=limits, os_policy={"sleep": "zero"})
        self._session = session.__enter__()
        for code in (self._prelude, adapt_source(source), DRIVER.replace("{name}", name)):
            self._session.feed_run(code, print_callback=_ignore)
        self._key = key
        return self._session

    def _drop_session(self) -> None:
        session, self._session, self._key = self._session, None, None
        if session is not None:
            session.__exit__(None, None, None)


class _Call:
    """One function over many inputs: batches, and smaller ones where a batch fails, until time is up."""

    def __init__(
        self,
        feed: Callable[[Sequence[Any], float], list[tuple[Any, str | None]] | str],
        seconds: float,
    ) -> None:
        self._feed = feed
        self._seconds = seconds
        self._given_up = False

    def run(self, inputs: Sequence[Any]) -> list[tuple[Any, str | None]]:
        """An answer for every input."""
        answers: list[tuple[Any, str | None]] = []
        items = iter(inputs)
        while batch := list(islice(items, BATCH)):
            answers += self._run_batch(batch)
        return answers

    def _run_batch(self, batch: list[Any], share: float = 0.3) -> list[tuple[Any, str | None]]:
        if self._given_up:
            return [(None, TIME_LIMIT)] * len(batch)
        outcome = self._feed(batch, self._seconds * share)
        if not isinstance(outcome, str):
            return outcome
        if outcome not in (TIME_LIMIT, MEMORY_LIMIT, CRASH):
            return [(None, outcome)] * len(batch)
        if len(batch) == 1:
            # Which value it was is known now, after at most four splits. Others would cost as much again.
            self._given_up = outcome == TIME_LIMIT
            return [(None, outcome)]
        step = -(-len(batch) // SPLIT)
        parts = (batch[start : start + step] for start in range(0, len(batch), step))
        return [answer for part in parts for answer in self._run_batch(part, 0.1)]


@cache
def read_recipes() -> str:
    """The source of rdc's recipes as one text, each module before those that import from it, without importing them."""
    folder = files("rdc").joinpath("recipes")
    seen = set()

    def read(module: str) -> str:
        if module in seen:
            return ""
        seen.add(module)
        source = folder.joinpath(f"{module}.py").read_text(encoding="utf-8")
        return RECIPE_IMPORT.sub(lambda found: read(found[1]) if found[1] else "", source)

    if not folder.is_dir():
        return ""
    return LAZY_PATTERN + read("__init__").replace("re.compile(", "__rdc_pattern(")


def _start_pool(binary: str | None) -> Monty:
    """Start the worker.

    Raises:
        ServiceError: its executable is missing, or does not start.
    """
    hint = "Install it with `pip install --force-reinstall pydantic-monty`, or set MONTY_BIN to its path."
    try:
        from pydantic_monty import Monty  # noqa: PLC0415 - loaded when the sandbox is first used

        return Monty(binary_path=binary, max_processes=1).__enter__()
    except (ImportError, OSError, RuntimeError) as error:
        raise ServiceError(Diagnostic("RDC901", f"the sandbox does not start: {error}", hint)) from error


def _ignore(_stream: str, _text: str) -> None:
    """What a function prints is nobody's business."""


def _explain(error: Exception) -> str:
    """An error of the sandbox as the text of an outcome."""
    from pydantic_monty import MontyCrashedError, MontySyntaxError  # noqa: PLC0415 - only here is the sandbox needed

    if isinstance(error, MontyCrashedError):
        return TIME_LIMIT if error.timed_out else CRASH
    text = str(error)
    for start, limit in (("TimeoutError: feed time", TIME_LIMIT), ("MemoryError: memory", MEMORY_LIMIT)):
        if text.startswith(start):
            return limit
    return f"SyntaxError: {text}" if isinstance(error, MontySyntaxError) else text


def _is_unicode(item: Any) -> bool:
    """Whether text, or all text of a row, can be encoded."""
    texts = (*item, *item.values()) if isinstance(item, dict) else (item,)
    try:
        for text in texts:
            if text is not None:
                text.encode()
    except UnicodeEncodeError:
        return False
    return True
