"""`match`, starred targets and their like give what Python gives, or are left to it."""

from __future__ import annotations

import pytest

from rdc.lowering.refusal import NotLowerableError
from tests.lowered import compare_with_python

HEADER = "YES = {'y', 'yes'}\n"
VALUES = (
    *(
        None,
        "",
        " ",
        "a",
        "y",
        "Yes",
        "no",
        "n ",
        "a b",
        "a b c",
        "a,b",
        ",",
        "a,b,c,d",
        "en-us",
        "en",
        "-",
        "1",
    ),
    *(
        "12",
        "x\n",
        "é",
        "İ ß ŉ",
        "e\u0301",
        "٣",
        "\u2003",
        "\x1f",
        "a\x00b",
        "y" * 60,
        "a b " * 12,
        "a," * 12,
    ),
)
BODIES = (
    "match x.strip().lower():\n    case '':\n        return None\n    case 'y' | 'yes':\n        return 'true'\n    case 'n' | 'no':\n        return 'false'\n    case _:\n        return 'other'",
    "match x:\n    case t if t in YES:\n        return t + '!'\n    case 'n ' as u:\n        return u + '?'\n    case t if len(t) > 3:\n        r = 'long'\n    case _:\n        r = 'short'\nreturn r + t[:1]",
    "match len(x):\n    case 0:\n        return None\n    case 1 | 2:\n        y = 'few'\n    case 3:\n        pass\n    case other:\n        return str(other)\nreturn x",
    "a, *b = x.split()\nreturn a + '|' + '-'.join(b)",
    "*a, b = x.split(',')\nreturn b + '|' + '-'.join(a)",
    "a, *b, c = x.split(',')\nreturn c + a + ''.join(b)",
    "a, *b = x.split('-', 2)\nreturn a if not b else a + b[0].upper()",
    "try:\n    a, b, *c = x.split(',')\nexcept ValueError:\n    return 'few'\nreturn a + b + str(len(c))",
)


@pytest.mark.parametrize("body", BODIES)
def test_values_are_taken_apart_as_in_python(body: str) -> None:
    compared = compare_with_python(HEADER, f"if x is None:\n    return None\n{body}", VALUES)
    assert compared.differing == []
    assert len(compared.outside) < len(VALUES) - 3


@pytest.mark.parametrize("pattern", ["[a, b]", "{'k': v}", "str()"])
def test_patterns_that_look_into_a_value_are_refused(pattern: str) -> None:
    with pytest.raises(NotLowerableError, match="of a `case`"):
        compare_with_python(HEADER, f"match x:\n    case {pattern}:\n        return 'a'\nreturn x", VALUES)
