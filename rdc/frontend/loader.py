"""A YAML 1.2 file -> plain data and the place of each key and item; what YAML leaves open is refused."""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from rdc.artifacts.diagnostic import Diagnostic, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from ruamel.yaml.nodes import Node

KeyPath = tuple[str | int, ...]

MAX_VALUES = 200_000
"""Aliases may expand to more than memory holds."""

_TAG = "tag:yaml.org,2002:"
_TRUE = frozenset({"true", "yes", "on", "y"})

# What the YAML library says -> what a person does about it. The first that occurs in the message counts.
_HINTS = {
    "found character '\\t'": "Indent with spaces, not with tabs.",
    "that cannot start any token": "Quote text that begins with this character.",
    "mapping values are not allowed": 'Quote text that holds ": ", and indent keys of one block alike.',
    "unknown escape character": "Write regular expressions in single quotes, where \\ stands for itself.",
    "expected <block end>": "Indent keys and items of one block alike.",
    "sequence entries are not allowed": "Begin a list on a line of its own.",
    "end of stream": "Close the quote or the bracket.",
    "stream end": "Close the quote or the bracket.",
    "expected ',' or": "Close the quote or the bracket, and put commas between entries.",
    "another document": "Write one document a file, without a second '---'.",
    "alias": "Quote text that begins with '*' or '&'.",
    "anchor": "Quote text that begins with '*' or '&'.",
}


@dataclass(frozen=True, slots=True)
class Document:
    """What one YAML file holds.

    Attributes:
        path: relative to the project, with `/`.
        data: dictionaries, lists, text, numbers, booleans and None.
        places: of each key and each item, by the path to it; `()` is the beginning.
        raw: numbers, booleans and nulls as they were written, by the path to them.
        problems: everything that is wrong with the YAML itself; `data` is None where it cannot be read.
    """

    path: str
    data: Any = None
    places: Mapping[KeyPath, Place] = field(default_factory=dict)
    raw: Mapping[KeyPath, str] = field(default_factory=dict)
    problems: tuple[Diagnostic, ...] = ()

    def place(self, path: KeyPath) -> Place:
        """Where a key or an item stands, or the nearest one around it."""
        while path:
            if path in self.places:
                return self.places[path]
            path = path[:-1]
        return self.places.get((), Place(self.path))


def load_yaml(path: Path, root: Path) -> Document:
    """Read one file; problems are returned, not raised.

    Args:
        path: the file.
        root: the folder that places are relative to.
    """
    shown = os.path.relpath(path, root).replace(os.sep, "/")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = Place(shown, error.object[: error.start].count(b"\n") + 1)
        return _refused(shown, "the file is not UTF-8 text", "Save it as UTF-8.", place)
    except OSError as error:
        return _refused(shown, f"cannot be read: {error.strerror}", "Check the file's permissions.")
    return parse_yaml(text, shown)


def parse_yaml(text: str, path: str) -> Document:
    """Read YAML text that stands in the file `path`."""
    try:
        with warnings.catch_warnings():
            # An anchor may be named twice: YAML says that the later one counts.
            warnings.simplefilter("ignore")
            node = YAML(typ="safe", pure=True).compose(text)
        if node is None:
            return Document(path)
        return _Reader(path).read(node)
    except MarkedYAMLError as error:
        problem = " ".join(str(error.problem or error.context).split())
        # What is never closed is shown where it opens.
        unclosed = "end of stream" in problem or "stream end" in problem
        mark = (unclosed and error.context_mark) or error.problem_mark or error.context_mark
        place = Place(path, mark.line + 1, mark.column + 1) if mark else Place(path)
        hint = next((hint for part, hint in _HINTS.items() if part in problem), "")
        return _refused(path, f"YAML syntax: {problem}", hint, place)
    except YAMLError as error:
        problem = str(error).splitlines()[0]
        offset = getattr(error, "position", 0)
        return _refused(
            path,
            f"YAML syntax: {problem}",
            "Take the control character out.",
            Place(path, text[:offset].count("\n") + 1),
        )
    except RecursionError:
        return _refused(path, "the YAML is nested too deeply", "Check its brackets.")


def _refused(path: str, fact: str, hint: str, place: Place | None = None) -> Document:
    return Document(path, problems=(Diagnostic("RDC102", fact, hint, place or Place(path)),))


class _Reader:
    """Turns the nodes of one file into plain data, and notes places on the way."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.places: dict[KeyPath, Place] = {}
        self.raw: dict[KeyPath, str] = {}
        self.problems: list[Diagnostic] = []

    def read(self, node: Node) -> Document:
        """The document whose root is this node."""
        data = self.value(node, (), self.place(node))
        return Document(self.path, data, self.places, self.raw, tuple(dict.fromkeys(self.problems)))

    def place(self, node: Node) -> Place:
        """Where a node begins."""
        return Place(self.path, node.start_mark.line + 1, node.start_mark.column + 1)

    def refuse(self, code: str, fact: str, hint: str, node: Node) -> None:
        """Note a problem."""
        self.problems.append(Diagnostic(code, fact, hint, self.place(node)))

    def value(self, node: Node, path: KeyPath, place: Place) -> Any:
        """The data of a node that is reached by `path`."""
        if len(self.places) >= MAX_VALUES:
            raise RecursionError
        self.places[path] = place
        if isinstance(node, MappingNode):
            return {
                key: self.value(child, (*path, key), self.place(name))
                for key, (name, child) in self.entries(node).items()
            }
        if isinstance(node, SequenceNode):
            return [
                self.value(child, (*path, position), self.place(child))
                for position, child in enumerate(node.value)
            ]
        assert isinstance(node, ScalarNode)
        return self.scalar(node, path)

    def entries(self, node: MappingNode) -> dict[str, tuple[Node, Node]]:
        """Key -> nodes of key and value; keys merged in by `<<` give way to the mapping's own."""
        own: dict[str, tuple[Node, Node]] = {}
        merged: dict[str, tuple[Node, Node]] = {}
        for name, child in node.value:
            if not isinstance(name, ScalarNode):
                self.refuse(
                    "RDC102",
                    "a key is a list or a mapping",
                    "Quote text that begins with '{' or '[': \"{{ … }}\".",
                    name,
                )
            elif name.tag == f"{_TAG}merge":
                for parent in child.value if isinstance(child, SequenceNode) else [child]:
                    if isinstance(parent, MappingNode):
                        merged = {**self.entries(parent), **merged}
                    else:
                        self.refuse(
                            "RDC102", "'<<' merges mappings only", "Name an anchor of a mapping.", name
                        )
            elif name.value in own:
                first = self.place(own[name.value][0])
                self.refuse(
                    "RDC103",
                    f"duplicate key '{name.value}'",
                    f"It stands in line {first.line} already.",
                    name,
                )
            else:
                own[name.value] = (name, child)
        return {**merged, **own}

    def scalar(self, node: ScalarNode, path: KeyPath) -> Any:
        """The data of a scalar. Dates stay text: YAML 1.2 knows none."""
        text: str = node.value
        tag = str(node.tag).removeprefix(_TAG)
        if tag in {"str", "timestamp", "value"}:
            return text
        self.raw[path] = text
        if tag not in _SCALARS:
            self.refuse(
                "RDC102", f"unknown tag '!{tag.removeprefix('!')}'", "Quote text that begins with '!'.", node
            )
            return text
        try:
            return _SCALARS[tag](text)
        except ValueError:
            self.refuse("RDC102", f"'{text}' is no {tag}", f"Quote it: '{text}'.", node)
            return text


def _whole_number(text: str) -> int:
    """An integer of YAML: decimal with leading zeros, or of base 2, 8 or 16 by its prefix."""
    digits = text.replace("_", "").lower()
    return int(digits, 0) if digits.lstrip("+-")[:2] in {"0x", "0o", "0b"} else int(digits)


def _number(text: str) -> float:
    """A float of YAML, such as `1e3` or `-.inf`."""
    return float(text.replace("_", "").lower().replace(".inf", "inf").replace(".nan", "nan"))


_SCALARS: Mapping[str, Callable[[str], Any]] = {
    "null": lambda _: None,
    "bool": lambda text: text.lower() in _TRUE,
    "int": _whole_number,
    "float": _number,
}
