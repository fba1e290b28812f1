"""`re.sub` by a function: what it writes for each match is what Python writes, or it is refused."""

from __future__ import annotations

import pytest

from rdc.lowering.refusal import NotLowerableError
from tests.lowered import compare_with_python

HEADER = "import re\nNAMES = {'one': 1, 'two': 2}"
VALUES = (
    *(
        None,
        "",
        " ",
        "a",
        "A",
        "one two",
        "One Two three",
        "3 am",
        "3am 12 PM",
        "10pm,11am",
        "o'neil mc-donald",
        "a_b",
    ),
    *(
        "1st 22nd 3rd",
        "1\n2\n",
        "\n",
        "aa  bb",
        "x1y22z333",
        "camelCaseName",
        "HTTPServer",
        "50%",
        "\\1 \\g<0>",
        "$1",
    ),
    *(
        "\x01",
        "a\x02b 3am",
        "one\x03",
        "é one",
        "İstanbul",
        "٣ am",
        "ﬁ",
        "a" * 300,
        "one " * 100,
        "ab12cd",
        "99 bottles",
    ),
)
REWRITTEN = (
    r"return re.sub(r'\b[a-z]', lambda m: m.group().upper(), x)",
    r"return re.sub(r'(\d+)\s*(am|pm)', lambda m: m.group(1) + ' ' + m.group(2).upper(), x)",
    r"return re.sub(r'[a-z]+', lambda m: str(NAMES.get(m.group(), m.group())), x)",
    r"return re.sub(r'(\d+)(st|nd|rd|th)', lambda m: str(int(m.group(1)) + 1), x)",
    r"return re.sub(r'\d+', lambda m: m.group().zfill(4), x)",
    r"return re.sub(r'\d+', lambda m: f'{int(m[0]):03d}', x)",
    r"return re.sub(r'^\w+', lambda m: m.group(0).capitalize(), x)",
    r"return re.sub(r'\w+', lambda m: m.group(0).capitalize(), x, count=1)",
    r"return re.sub(r'(?P<word>[a-z]+)', lambda m: m.group('word')[::-1], x)",
    r"return re.sub(r'(\d)(\D)?', lambda m: (m.group(2) or '-') + m.group(1), x)",
    r"return re.sub(r'(\d)(\D)?', lambda m: 'none' if m.group(2) is None else m.group(2), x)",
    r"return re.sub(r'([a-z])([A-Z])', lambda m: ' '.join(m.groups()).lower(), x)",
    r"return re.sub(r'\w+', lambda m: m.group() if len(m.group()) > 2 else '', x)",
    (
        "def change(match):\n    word = match.group()\n    if word in NAMES:\n        return str(NAMES[word])\n    return word\n"
        r"return re.sub(r'\w+', change, x)"
    ),
)
RAISING = (
    r"return re.sub(r'[a-z]+', lambda m: str(NAMES[m.group()]), x)",
    r"return re.sub(r'\w+', lambda m: str(int(m.group())), x)",
    "try:\n    return re.sub(r'\\w+', lambda m: str(int(m.group())), x)\nexcept ValueError:\n    return 'no'",
)
REFUSED = (
    (r"return re.sub(r'\d*', lambda m: m.group().upper(), x)", "can be empty"),
    (r"return re.sub(r'(\d*)?x', lambda m: m.group(1).upper(), x)", "not told apart"),
)


@pytest.mark.parametrize("body", REWRITTEN)
def test_matches_are_rewritten_as_python_does(body: str) -> None:
    compared = compare_with_python(HEADER, f"if x is None:\n    return None\n{body}", VALUES)
    assert compared.differing == []
    assert set(compared.outside) <= {value for value in VALUES if value and not _is_plain(value)}


@pytest.mark.parametrize("body", RAISING)
def test_values_on_which_the_function_raises_are_left_to_python(body: str) -> None:
    compared = compare_with_python(HEADER, f"if x is None:\n    return None\n{body}", VALUES)
    assert compared.differing == []
    assert None not in compared.outside


@pytest.mark.parametrize(("body", "reason"), REFUSED)
def test_what_cannot_be_exact_is_refused(body: str, reason: str) -> None:
    with pytest.raises(NotLowerableError, match=reason):
        compare_with_python(HEADER, f"if x is None:\n    return None\n{body}", VALUES)


def _is_plain(value: str) -> bool:
    return value.isascii() and not {"\x01", "\x02", "\x03"} & set(value) and not value.endswith("\n")
