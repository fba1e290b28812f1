"""Answer -> the code of one function, or checks; an answer that holds neither is refused with the reason."""

from __future__ import annotations

import ast
import json
import re
import textwrap
import warnings
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, JsonValue, TypeAdapter, ValidationError

from rdc.artifacts.diagnostic import Diagnostic
from rdc.artifacts.expectation import Expectation
from rdc.artifacts.strict import Strict
from rdc.errors import GenerationError
from rdc.generation.guarder import guard_null
from rdc.generation.trimmer import find_function, trim_function

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdc.artifacts.plan import FunctionKind

FENCED = re.compile(r"^[ \t]*(?:```|~~~)[^\n]*\n(.*?)(?=^[ \t]*(?:```|~~~)|\Z)", re.MULTILINE | re.DOTALL)
# Where code can begin in an answer without a fence.
BEGINNING = re.compile(r"^[ \t]*(?:def |import |from |@|[A-Za-z_]\w* *(?::[^=\n]+)?=(?!=))", re.MULTILINE)


class ExtractionError(GenerationError):
    """An answer holds nothing that can be used (RDC320)."""


def extract_function(text: str, name: str, kind: FunctionKind = "column") -> str:
    r"""Take the function out of an answer, with the functions and constants that it needs.

    The model's own formatting is kept where nothing but the head changes. Imports are dropped, since
    recipes and the allowed modules are there anyway; so is what isn't needed, such as a call that prints.
    A function of another name is renamed where it is the only one of the right shape; None is let through
    where a column's function takes every value for text.

    Raises:
        ExtractionError: there is no such function (RDC320).

    >>> print(extract_function("Sure:\n```python\ndef clean_a(value):\n    return value\n```", "clean_a"))
    def clean_a(value: str | None) -> str | None:
        return value
    <BLANKLINE>
    """
    reason = "it holds no code"
    for code in _find_code(text.replace("\r\n", "\n")):
        tree, whole = _parse(code)
        function = find_function(tree, name)
        if function is not None:
            trimmed = trim_function(whole, tree, function, name, kind)
            return guard_null(trimmed, name) if kind == "column" else trimmed
        reason = f"it has no whole function {name} of one argument"
    raise ExtractionError(Diagnostic("RDC320", f"the answer for {name} is of no use: {reason}"))


def _find_code(text: str) -> Iterator[str]:
    """What may be code: each fenced block, then whatever begins like code."""
    fenced = [textwrap.dedent(match.group(1)) for match in FENCED.finditer(text)]
    yield from (block for block in fenced if block.strip())
    if any("def " in block for block in fenced):
        return
    for match in BEGINNING.finditer(text):
        yield textwrap.dedent(text[match.start() :])
        if match.group().strip() == "def":
            return


def _parse(code: str) -> tuple[ast.Module, str]:
    """Parse as many whole statements from the beginning as there are, and give their text too.

    What follows may be prose, or a statement that ended with the answer; half a function is none.
    """
    lines = code.split("\n")
    for end in range(len(lines), 0, -1):
        tree = _try_parse("\n".join(lines[:end]))
        if tree is None:
            continue
        rest = [line for line in lines[end:] if line.strip()]
        if rest and rest[0][0].isspace() and tree.body:
            # The cut went through the last statement.
            del tree.body[-1]
        return tree, "\n".join(lines[:end])
    return ast.Module([], []), ""


def _try_parse(code: str) -> ast.Module | None:
    with warnings.catch_warnings():
        # A model's "\d" in plain quotes is for the allow-list to judge.
        warnings.simplefilter("ignore")
        try:
            return ast.parse(code)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


class _MatchRegex(Strict):
    type: Literal["expect_column_values_to_match_regex", "expect_column_values_to_not_match_regex"]
    regex: Annotated[str, Field(min_length=1)]


class _BeInSet(Strict):
    type: Literal["expect_column_values_to_be_in_set", "expect_column_values_to_not_be_in_set"]
    value_set: Annotated[list[str], Field(min_length=1)]


class _BeBetween(Strict):
    type: Literal["expect_column_values_to_be_between"]
    min_value: float | None = None
    max_value: float | None = None


class _LengthsBeBetween(Strict):
    type: Literal["expect_column_value_lengths_to_be_between"]
    min_value: int | None = None
    max_value: int | None = None


class _LengthsEqual(Strict):
    type: Literal["expect_column_value_lengths_to_equal"]
    value: int


class _NotBeNull(Strict):
    type: Literal["expect_column_values_to_not_be_null"]


CHECKS: TypeAdapter[Any] = TypeAdapter(
    Annotated[
        _MatchRegex | _BeInSet | _BeBetween | _LengthsBeBetween | _LengthsEqual | _NotBeNull,
        Field(discriminator="type"),
    ]
)
"""What a model may propose."""
BARE_REGEX = re.compile(r"\^[^\n`]*\$")


def extract_expectations(text: str, column: str) -> tuple[Expectation, ...]:
    r"""Take the checks out of an answer: JSON objects of type and kwargs, or else a bare regex.

    Raises:
        ExtractionError: there is none that is allowed and valid (RDC321).

    >>> extract_expectations(r"I would use ^\d+$ here.", "size")[0].kwargs
    {'column': 'size', 'regex': '^\\d+$'}
    """
    proposals = list(_find_objects(text))
    found = [check for proposed in proposals if (check := _read_check(proposed, column))]
    if not proposals and (bare := BARE_REGEX.search(text)):
        found = [_regex(bare.group(), column)] if _is_regex(bare.group()) else []
    if not found:
        raise ExtractionError(Diagnostic("RDC321", f"the answer for a check of '{column}' is of no use"))
    return tuple(check for index, check in enumerate(found) if check not in found[:index])


def _find_objects(text: str) -> Iterator[dict[str, JsonValue]]:
    """Every JSON object in a text that is not inside another."""
    # A small model writes "\d" where JSON wants "\\d".
    text = re.sub(r'\\(?:\\|(?!["/nrtu]))', r"\\\\", text)
    decoder = json.JSONDecoder()
    start = text.find("{")
    while start >= 0:
        try:
            value, end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            end = start + 1
        else:
            yield value
        start = text.find("{", end)


def _read_check(proposed: dict[str, JsonValue], column: str) -> Expectation | None:
    """A proposed object as an expectation, where it is an allowed one."""
    kwargs = proposed.get("kwargs", {})
    if not isinstance(kwargs, dict) or not isinstance(proposed.get("type"), str):
        return None
    given = {name: value for name, value in kwargs.items() if name not in {"column", "mostly"}}
    try:
        check = CHECKS.validate_python({"type": proposed["type"], **given})
    except ValidationError:
        return None
    values = check.model_dump(exclude={"type"}, exclude_none=True)
    if not _is_regex(values.get("regex", "")):
        return None
    return Expectation(type=check.type, kwargs={"column": column, **values})


def _regex(regex: str, column: str) -> Expectation:
    return Expectation(type="expect_column_values_to_match_regex", kwargs={"column": column, "regex": regex})


def _is_regex(text: str) -> bool:
    try:
        re.compile(text)
    except (re.error, RecursionError, OverflowError):
        return False
    return True
