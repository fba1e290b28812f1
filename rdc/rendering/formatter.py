"""Values and sentences -> Python text that is laid out the same everywhere; nothing in them can end a literal."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Any

from rdc.artifacts.display import show_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WIDTH = 100
INDENT = "    "


def format_string(text: str) -> str:
    r"""Write a text as a literal, in the quotes that need fewer escapes.

    >>> print(format_string('12" pipe'), format_string("it's"), format_string("a\tb"))
    '12" pipe' "it's" "a\tb"
    """
    quote = "'" if text.count('"') > text.count("'") else '"'
    return quote + _escape(text).replace(quote, "\\" + quote) + quote


def format_value(value: Any, indent: str = "", used: int = 0) -> str:
    """Write JSON-like data as a literal: on one line where it fits, else an item a line.

    Args:
        value: None, booleans, numbers, texts, and lists, tuples and dictionaries of them.
        indent: of the line that it stands on.
        used: columns of that line that are taken, before and after it.

    >>> print(format_value({"type": "regex", "kwargs": {"column": "ounces"}}))
    {"type": "regex", "kwargs": {"column": "ounces"}}
    """
    if isinstance(value, str):
        return format_string(value)
    if isinstance(value, float):
        # `inf` and `nan` are no literals.
        return repr(value) if value - value == 0 else f'float("{value}")'
    if not isinstance(value, dict | list | tuple):
        return repr(value)
    opening, closing = {dict: ("{", "}"), list: ("[", "]")}.get(type(value), ("(", ")"))
    single = f"{opening}{', '.join(_format_items(value))}{closing}"
    if isinstance(value, tuple) and len(value) == 1:
        single = f"{single[:-1]},)"
    if not value or ("\n" not in single and len(indent) + used + len(single) <= WIDTH):
        return single
    inner = indent + INDENT
    return layout_items(opening, _format_items(value, inner), closing, indent)


def layout_items(opening: str, items: Iterable[str], closing: str, indent: str = "") -> str:
    """Write items one a line, each followed by a comma."""
    lines = "".join(f"{indent}{INDENT}{item},\n" for item in items)
    return f"{opening}\n{lines}{indent}{closing}"


def format_call(name: str, arguments: Sequence[str], indent: str = "") -> str:
    """Write a call: on one line where it fits with a comma after it, else an argument a line."""
    single = f"{name}({', '.join(arguments)})"
    if "\n" not in single and len(indent) + len(single) < WIDTH:
        return single
    return layout_items(f"{name}(", arguments, ")", indent)


def format_comment(text: str, indent: str = "") -> str:
    """Write sentences as comment lines, each line of the text wrapped by itself; no newline at the end."""
    lines = []
    for line in text.split("\n"):
        lines += wrap_text(line, WIDTH - len(indent) - 2) or [""]
    return "\n".join(f"{indent}# {line}".rstrip() for line in lines)


def format_docstring(text: str, indent: str = "") -> str:
    """Write a text as a docstring, its lines wrapped; the first line's indent is left to the caller.

    Lines that begin with spaces are kept as they are.
    """
    lines: list[str] = []
    for line in text.split("\n"):
        lines += wrap_text(line, WIDTH - len(indent) - 3 * (not lines)) or [""]
    raw = any("\\" in line for line in lines) and not any('"""' in line for line in lines)
    if not raw:
        lines = [line.replace("\\", "\\\\").replace('"""', '\\"\\"\\"') for line in lines]
    opening = 'r"""' if raw else '"""'
    # A quote or backslash at the end would join the closing quotes.
    if len(lines) == 1 and lines[0] and lines[0][-1] not in '"\\' and len(indent + lines[0]) <= WIDTH - 7:
        return f'{opening}{lines[0]}"""'
    body = "\n".join((indent + line).rstrip() if at else line for at, line in enumerate(lines))
    return f'{opening}{body}\n{indent}"""'


def format_block(text: str) -> str:
    """Write a text of several lines as a literal in triple quotes that keeps its lines."""
    escaped = "\n".join(_escape(line).replace('"""', '\\"\\"\\"') for line in text.split("\n"))
    return f'"""\\\n{escaped}"""' if text.endswith("\n") else f'"""\\\n{escaped}\\\n"""'


def wrap_text(line: str, width: int) -> list[str]:
    """Wrap one line between words; what is indented goes on at the same indent, a list's item under its text."""
    shown = show_text(line.replace("\t", " "))
    if len(shown) <= width:
        return [shown] if shown else []
    margin = " " * (len(shown) - len(shown.lstrip()))
    return textwrap.wrap(
        shown,
        width,
        initial_indent=margin,
        subsequent_indent=margin + "  " * shown.lstrip().startswith("- "),
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    )


def _format_items(value: Any, indent: str = "") -> list[str]:
    """Write the items of a dictionary, list or tuple, a comma allowed for after each."""
    if not isinstance(value, dict):
        return [format_value(item, indent, 1) for item in value]
    keys = {key: format_value(key) for key in value}
    return [f"{keys[key]}: {format_value(item, indent, len(keys[key]) + 3)}" for key, item in value.items()]


def _escape(text: str) -> str:
    """Escape backslashes and what is invisible; newlines, tabs and returns by their letters."""
    return re.sub(r"[^\\]+", lambda run: show_text(run[0]), text.replace("\\", "\\\\"))
