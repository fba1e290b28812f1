"""A value -> YAML on one line: JSON, but for words that need no quotes."""

from __future__ import annotations

import json
import re
from typing import Any

PLAIN = re.compile(r"[A-Za-z_]\w*", re.ASCII)
RESERVED = frozenset({"true", "false", "yes", "no", "on", "off", "y", "n", "null"})
"""Words that YAML, or one of its older versions, reads as something else than text."""


def quote(value: Any) -> str:
    """Write a value; names and other plain words stand without quotes.

    >>> quote({"type": "unique", "values": ["yes", "a b"]})
    '{type: unique, values: ["yes", "a b"]}'
    """
    if isinstance(value, dict):
        return "{" + ", ".join(f"{quote(key)}: {quote(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(quote, value)) + "]"
    if isinstance(value, str) and PLAIN.fullmatch(value) and value.lower() not in RESERVED:
        return value
    return json.dumps(value, ensure_ascii=False)
