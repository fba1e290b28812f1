"""Columns -> the names of variables in functions; no name that means something else there is given."""

from __future__ import annotations

import builtins
import keyword

from rdc import recipes
from rdc.artifacts.plan import identifier

TAKEN = {
    *keyword.kwlist,
    *dir(builtins),
    *recipes.__all__,
    "datetime",
    "decimal",
    "json",
    "match",
    "math",
    "re",
    "row",
}
"""What a variable may not be called: it means something else in a function."""


def name_variable(column: str) -> str:
    """A column's name as a variable.

    >>> name_variable("Class"), name_variable("id"), name_variable("2nd line")
    ('class_', 'id_', 'column_2nd_line')
    """
    name = identifier(column)
    name = f"column_{name}" if name[0].isdigit() else name
    return f"{name}_" if name in TAKEN else name
