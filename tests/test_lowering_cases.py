"""`match`, starred targets and their like give what Python gives, or are left to it."""

from __future__ import annotations

import pytest

from rdc.lowering.refusal import NotLowerableError
from tests.lowered import compare_with_python

HEADER = "import re\nYES = {'y', 'yes'}\n"
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
        "ab12cd3",
        "İab12",
        "\na1\n",
        "x12",
        "12\n",
        "a,b,a,,b",
        "4006381333931",
        "400638133393 1",
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
    "w = x.split()\nfor i in range(len(w)):\n    if i == 0 or w[i] not in YES:\n        w[i] = w[i].upper()\nreturn ' '.join(w)",
    "w = x.split(',')\nfor i, one in enumerate(w):\n    if one == 'b':\n        w[i] = 'B'\n    elif one:\n        w[i] = one + '.'\nreturn ','.join(w) + str(len(w))",
    "w = x.split(',')\nif len(w) > 1:\n    w[1] = '!'\nreturn '|'.join(w)",
    "w = x.split(',')\ntry:\n    w[2] = 'z'\nexcept IndexError:\n    return 'short'\nreturn '|'.join(w)",
    "w = x.split(',')\nif 'a' in x:\n    w[0] = w[-1]\n    w.append('k')\nreturn '|'.join(w)",
    "m = re.search(r'[0-9]+', x)\nif not m:\n    return None\nreturn x[:m.start()] + '<' + m.group() + '>' + x[m.end():]",
    "m = re.search(r'^a|b$', x)\nreturn str(m.span()[0]) + ':' + str(m.span()[1]) if m else 'n'",
    "m = re.search('[B-C]', x, re.IGNORECASE)\nreturn str(m.start()) if m else 'n'",
    "m = re.match(r'[a-z]+', x)\nreturn x[m.end():] + str(m.start()) if m else 'n'",
    "m = re.fullmatch(r'[a-z]+([0-9]+)', x)\nreturn str(m.end()) if m else 'n'",
    "return '|'.join(dict.fromkeys(x.split(',')))",
    "return ','.join(list(dict.fromkeys(w.strip().lower() for w in x.split(',') if w)))",
    "w = list(dict.fromkeys(x.split()))\nreturn w[0] + str(len(w)) if w else None",
    "d = [int(c) for c in x if c.isdigit()]\nreturn ''.join(map(str, d[-4:])) + '|' + ''.join(map(str, d[:2]))",
    "d = [int(c) for c in x if c.isdigit()][::-1]\nif len(d) > 2:\n    return str(sum(d[1:3])) + str(d[0])\nreturn str(len(d))",
    "d = list(map(int, re.sub('[^0-9]', '', x)[:12]))\nreturn str(sum(d[0::2]) + 3 * sum(d[1::2]))",
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


@pytest.mark.parametrize(
    "body",
    [
        "w = x.split()\nv = w\nfor i in range(len(w)):\n    w[i] = 'k'\nreturn ' '.join(v)",
        "return dict.fromkeys(x.split())[0]",
        "m = re.search('a(b)', x)\nreturn str(m.start(1)) if m else None",
    ],
)
def test_what_would_be_another_thing_in_sql_is_refused(body: str) -> None:
    with pytest.raises(NotLowerableError):
        compare_with_python(HEADER, f"if x is None:\n    return None\n{body}", VALUES)
