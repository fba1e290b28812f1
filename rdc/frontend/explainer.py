"""What pydantic says of one document -> diagnostics that tell a person what to write instead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from rdc.artifacts.cleaner import DependencyRule, DeriveRule, UniqueRule
from rdc.artifacts.diagnostic import Diagnostic
from rdc.artifacts.project import DuckDBTarget, PostgresTarget, SparkTarget
from rdc.frontend.suggester import suggest, suggest_or_list

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from rdc.frontend.loader import Document, KeyPath

# Unions whose member is told by a key: pydantic puts the member's name into the path of an error.
_MEMBERS: Mapping[str, Mapping[str, type[BaseModel]]] = {
    "rules": {"dependency": DependencyRule, "unique": UniqueRule, "derive": DeriveRule},
    "targets": {"duckdb": DuckDBTarget, "postgres": PostgresTarget, "spark": SparkTarget},
}
_COLUMN_TYPES = ("text", "integer", "decimal(p,s)", "double", "date", "timestamp", "boolean")
# Keys of one kind of file that people write into another.
_ELSEWHERE = {
    "sources": "Sources stand in files under source-paths.",
    "cleaners": "Cleaners stand in files under cleaner-paths.",
}
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class _Fault:
    """One error of pydantic, with what is needed to explain it."""

    document: Document
    model: type[BaseModel]
    path: KeyPath
    error: ErrorDetails

    @property
    def subject(self) -> str:
        """The key that is wrong."""
        names = [step for step in self.path if isinstance(step, str)]
        if not names:
            return "the file"
        inside = isinstance(self.path[-1], int)
        return f"an entry of '{names[-1]}'" if inside else f"'{names[-1]}'"

    @property
    def found(self) -> str:
        """What stands there."""
        value = self.error["input"]
        if isinstance(value, str):
            return f"the text '{_shorten(value)}'" if value else "empty text"
        if value is None:
            return "empty"
        if isinstance(value, list | dict):
            return "a list" if isinstance(value, list) else "a mapping"
        written = self.document.raw.get(self.path, str(value))
        return written if isinstance(value, bool) else f"the number {written}"

    @property
    def context(self) -> dict[str, Any]:
        """What pydantic expected."""
        return self.error.get("ctx", {})


Explained = tuple[str, str, str]


def explain(error: ValidationError, document: Document, model: type[BaseModel]) -> tuple[Diagnostic, ...]:
    """One diagnostic a problem, each at the key or item that has it."""
    faults = [
        _Fault(document, model, _strip(detail["loc"]), detail) for detail in error.errors(include_url=False)
    ]
    diagnostics = []
    for fault in faults:
        if not _is_echo(fault, faults):
            code, fact, hint = _EXPLAIN.get(fault.error["type"], _explain_other)(fault)
            diagnostics.append(Diagnostic(code, fact, hint, document.place(fault.path)))
    # The keys of another version are not this version's to judge.
    return tuple([problem for problem in diagnostics if problem.code == "RDC106"] or diagnostics)


def _strip(location: Sequence[str | int]) -> KeyPath:
    """The path into the data: without the names of union members and pydantic's mark of keys."""
    path: list[str | int] = []
    for position, step in enumerate(location):
        is_member = position > 1 and location[position - 2] in _MEMBERS and position - 2 in (0, 2)
        if not is_member and step != "[key]":
            path.append(step)
    return tuple(path)


def _is_echo(fault: _Fault, faults: Sequence[_Fault]) -> bool:
    """Whether a key is missing only because it is misspelt beside."""
    if fault.error["type"] != "missing":
        return False
    key = str(fault.path[-1])
    misspelt = [
        str(other.path[-1])
        for other in faults
        if other.error["type"] == "extra_forbidden" and other.path[:-1] == fault.path[:-1]
    ]
    return any(suggest(name, [key]) or {name, key} <= set(_ELSEWHERE) for name in misspelt)


def _fields(fault: _Fault) -> list[str]:
    """The keys that are allowed where a fault is, as YAML writes them."""
    annotation: Any = fault.model
    for position, step in enumerate(fault.path[:-1]):
        above = fault.path[position - 1] if position else ""
        data = _reach(fault.document.data, fault.path[: position + 1])
        annotation = _member(above, data) or _descend(annotation, step)
    if not isinstance(annotation, type) or not issubclass(annotation, BaseModel):
        return []
    return [field.alias or name for name, field in annotation.model_fields.items()]


def _member(union: str | int, data: Any) -> type[BaseModel] | None:
    """The model of one rule or one target."""
    members = _MEMBERS.get(str(union), {})
    if not isinstance(data, dict):
        return None
    return next((model for key, model in members.items() if key in data or data.get("engine") == key), None)


def _descend(annotation: Any, step: str | int) -> Any:
    """The type of what stands under one step of a path."""
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in {Union, UnionType}:
        annotation = next(member for member in get_args(annotation) if member is not type(None))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = annotation.model_fields
        return next(
            (field.annotation for name, field in fields.items() if (field.alias or name) == step), None
        )
    arguments = get_args(annotation)
    return arguments[0 if isinstance(step, int) else -1] if arguments else None


def _reach(data: Any, path: KeyPath) -> Any:
    for step in path:
        data = data[step]
    return data


def _shorten(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _explain_unknown_key(fault: _Fault) -> Explained:
    key = str(fault.path[-1])
    hint = _ELSEWHERE.get(key) if len(fault.path) == 1 else None
    return "RDC110", f"unknown key '{key}'", hint or suggest_or_list(key, _fields(fault), "Known here")


def _explain_missing(fault: _Fault) -> Explained:
    key = fault.path[-1]
    return "RDC111", f"missing key '{key}'", f"Add '{key}:' here."


def _explain_text(fault: _Fault) -> Explained:
    value = fault.error["input"]
    hint = "Give a value, or leave the key out."
    if isinstance(value, dict):
        hint = 'Quote text that holds ": " or begins with a bracket.'
    elif isinstance(value, list):
        hint = "Give one text, not a list of them."
    elif value is not None:
        hint = f'Quote it: "{fault.document.raw.get(fault.path, value)}".'
    return "RDC112", f"{fault.subject} must be text, but is {fault.found}", hint


def _explain_list(fault: _Fault) -> Explained:
    value = fault.error["input"]
    hint = 'Begin each entry with "- ".'
    if isinstance(value, str):
        hint = f"Write [{_shorten(value)}]." if re.fullmatch(r"[\w.-]+", value) else hint
    elif value is None:
        hint = "Give a list, or leave the key out."
    return "RDC112", f"{fault.subject} must be a list, but is {fault.found}", hint


def _explain_mapping(fault: _Fault) -> Explained:
    hint = "Write 'key: value' under it."
    return "RDC112", f"{fault.subject} must be a mapping, but is {fault.found}", hint


def _explain_type(expected: str) -> Callable[[_Fault], Explained]:
    def explain_type(fault: _Fault) -> Explained:
        hint = "Give a value, or leave the key out." if fault.error["input"] is None else ""
        return "RDC112", f"{fault.subject} must be {expected}, but is {fault.found}", hint

    return explain_type


def _explain_choice(fault: _Fault) -> Explained:
    value, key = fault.error["input"], fault.path[-1]
    if key in {"version", "config-version"}:
        if str(value) == "1":
            return "RDC106", f"{fault.subject} must be the number 1", f"Write it without quotes: {key}: 1."
        return "RDC106", f"{key} {_shorten(str(value))} is not supported", f"This rdc reads '{key}: 1'."
    choices = re.findall(r"'([^']*)'", fault.context["expected"])
    nearest = suggest(value, choices) if isinstance(value, str) else ""
    return (
        "RDC113",
        f"{fault.subject} is {fault.found.removeprefix('the text ')}, but must be one of {', '.join(choices)}",
        nearest,
    )


def _explain_pattern(fault: _Fault) -> Explained:
    value = _shorten(str(fault.error["input"]))
    if fault.path[-1] == "type":
        return "RDC113", f"unknown type '{value}'", f"Allowed: {', '.join(_COLUMN_TYPES)}."
    if fault.path[-1] == "function":
        hint = "Write the file and the function in it: functions/sizes.py::clean_ounces."
        return "RDC114", f"'{value}' does not name a function", hint
    hint = "A name has unaccented letters, digits and _, and does not begin with a digit."
    return "RDC114", f"{fault.subject} cannot be '{value}'", hint


def _explain_bound(sign: str, key: str) -> Callable[[_Fault], Explained]:
    def explain_bound(fault: _Fault) -> Explained:
        return "RDC115", f"{fault.subject} must be {sign} {fault.context[key]:g}, but is {fault.found}", ""

    return explain_bound


def _explain_empty(fault: _Fault) -> Explained:
    return "RDC115", f"{fault.subject} is an empty list", "Name at least one."


def _explain_rule(fault: _Fault) -> Explained:
    return _explain_union(fault, "rule", "a rule needs one of the keys dependency, unique, derive")


def _explain_target(fault: _Fault) -> Explained:
    value = fault.error["input"]
    if isinstance(value, dict) and "engine" in value:
        fact = f"unknown engine '{_shorten(str(value['engine']))}'"
        return "RDC113", fact, suggest_or_list(str(value["engine"]), _MEMBERS["targets"], "Engines")
    return _explain_union(fault, "target", "missing key 'engine'")


def _explain_union(fault: _Fault, noun: str, fact: str) -> Explained:
    value = fault.error["input"]
    if not isinstance(value, dict):
        return "RDC112", f"a {noun} must be a mapping, but is {fault.found}", "Write 'key: value' under it."
    known = ("engine",) if noun == "target" else _MEMBERS["rules"]
    for key in value:
        nearest = suggest(str(key), known)
        if nearest:
            return "RDC110", f"unknown key '{key}'", nearest
    return "RDC111", fact, f"Known engines: {', '.join(_MEMBERS['targets'])}." if noun == "target" else ""


def _explain_other(fault: _Fault) -> Explained:
    return "RDC119", f"{fault.subject}: {fault.error['msg'][:1].lower()}{fault.error['msg'][1:]}", ""


_INTEGER = _explain_type("a whole number")
_NUMBER = _explain_type("a number")
_BOOLEAN = _explain_type("true or false")

_EXPLAIN: Mapping[str, Callable[[_Fault], Explained]] = {
    "extra_forbidden": _explain_unknown_key,
    "missing": _explain_missing,
    "string_type": _explain_text,
    "tuple_type": _explain_list,
    "dict_type": _explain_mapping,
    "model_type": _explain_mapping,
    "model_attributes_type": _explain_mapping,
    "int_type": _INTEGER,
    "int_parsing": _INTEGER,
    "int_from_float": _INTEGER,
    "finite_number": _INTEGER,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "bool_type": _BOOLEAN,
    "bool_parsing": _BOOLEAN,
    "literal_error": _explain_choice,
    "string_pattern_mismatch": _explain_pattern,
    "greater_than_equal": _explain_bound("at least", "ge"),
    "less_than_equal": _explain_bound("at most", "le"),
    "greater_than": _explain_bound("more than", "gt"),
    "too_short": _explain_empty,
    "rule_kind": _explain_rule,
    "target_engine": _explain_target,
}
