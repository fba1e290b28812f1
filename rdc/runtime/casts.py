"""A declared type -> the SQL that casts text to it; what would lose or invent something becomes null.

An engine's own cast is too kind for data that nobody looks at: DuckDB takes `12.7` for the integer 13,
`0x1F` for 31, drops the zone of a timestamp and rounds to a decimal's scale.
"""

from __future__ import annotations

import re

from rdc.engines.engine import quote_name, quote_text

NUMBER = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"
INTEGER = r"[+-]?[0-9]+(\.0*)?"
BOOLEAN = r"[Tt](rue)?|TRUE|[Ff](alse)?|FALSE|[Yy](es)?|YES|[Nn]o?|NO|[01]"
YEAR = r"(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})"
"""Python has no year 0."""
DAY = rf"{YEAR}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
MOMENT = rf"{DAY}([T ][0-2][0-9]:[0-5][0-9](:[0-5][0-9](\.[0-9]{{1,6}})?)?)?"
# Of a declared type: its SQL name, and the texts that are of it.
TYPES = {
    "integer": ("BIGINT", INTEGER),
    "double": ("DOUBLE", NUMBER),
    "boolean": ("BOOLEAN", BOOLEAN),
    "date": ("DATE", DAY),
    "timestamp": ("TIMESTAMP", MOMENT),
}
DECIMAL = re.compile(r"decimal\(\s*(\d+)\s*,\s*(\d+)\s*\)")


def cast_column(name: str, type_: str) -> str:
    """The SQL of a text column as its declared type: null for null, for '' and for what is not of the type.

    >>> cast_column("id", "text")
    '"id"'
    """
    value = quote_name(name)
    if type_ == "text":
        return value
    if found := DECIMAL.fullmatch(type_):
        precision, scale = map(int, found.groups())
        sql, shape = f"DECIMAL({precision},{scale})", rf"[+-]?[0-9]*(\.[0-9]{{0,{scale}}}0*)?"
    else:
        sql, shape = TYPES[type_]
    return f"CASE WHEN regexp_full_match({value}, {quote_text(shape)}) THEN TRY_CAST({value} AS {sql}) END"


def uncastable(name: str, type_: str) -> str:
    """The SQL condition that a text is there and is not of the declared type."""
    return f"(coalesce({quote_name(name)}, '') <> '' AND {cast_column(name, type_)} IS NULL)"
