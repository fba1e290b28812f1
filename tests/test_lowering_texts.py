"""Formats, parts of texts and numbers in other bases come out as in Python, or are left to it."""

from __future__ import annotations

import pytest

from tests.lowered import compare_with_python

HEADER = "import re\n"
VALUES = (
    *(
        None,
        "",
        " ",
        "a",
        "ab",
        "abc",
        "abcdefgh",
        "abcdefghij",
        "abcdefghijkl",
        "a.b",
        "a.b.c",
        "a.b.c.d",
        ".",
    ),
    *(
        "..",
        "a b",
        " a  b ",
        "a b c d",
        "\ta\x1fb\u2003c \n",
        "0",
        "7",
        "-7",
        "255",
        "256",
        "4095",
        "99999999999",
    ),
    *(
        "0.5",
        "1.25",
        "2.675",
        "1e5",
        "100000",
        "999999.4",
        "999999.5",
        "999999",
        "1000000",
        "0.0001",
        "0.00001",
    ),
    *(
        "123456.789",
        "-0.0",
        "0.1",
        "1234567.5",
        "-12.50",
        "nan",
        "inf",
        "9223372036854775808",
        "-1",
        "3",
        "12",
    ),
    *(
        "ff",
        "FF",
        "0xff",
        "0XfF",
        "-0x1f",
        "+ff",
        "f_f",
        "f__f",
        "0x_f",
        " ff\n",
        "0b11",
        "101",
        "0o17",
        "zz",
        "0x",
    ),
    *(
        "7fffffffffffffff",
        "ffffffffffffffffffff",
        "é",
        "e\u0301x",
        "İ ß ŉ",
        "٣",
        "\u2003",
        "x\n",
        "a\x00b",
        "١٢",
    ),
    *("www.a.b", "k=v", "v=", "=v", "a" * 60, "a.b." * 12),
)
BODIES = (
    "return f'[{x[:8]:^10}]{x:*^7}|{x:^4}'",
    "return f'[{x:^3}]' + x.center(9, '-') + x.center(8)",
    "return f'{int(x):^8}|{int(x):02x}|{int(x):X}|{int(x):>6x}'",
    "return hex(int(x))",
    "return '%g' % float(x)",
    "return f'{float(x):g}|{float(x):>12g}'",
    "return '%02x%X' % (int(x), int(x))",
    "p = x.rfind('.')\nif p != -1:\n    return x[:p]\nreturn None",
    "return x[:x.find('.')] + '|' + x[x.find('b'):]",
    "p = x.find('.')\nreturn x[p - 2:p]",
    "n = len(x) - 4\nreturn x[n:] + '|' + x[:n]",
    "return x[-len(x) + 2:]",
    "return x[::-1]",
    "p = x.split('.', 2)\nreturn '|'.join(p) + str(len(p))",
    "try:\n    a, b, c = x.split('.', maxsplit=2)\nexcept ValueError:\n    return 'n'\nreturn c + b + a",
    "p = x.split(None, 1)\nreturn '|'.join(p) + str(len(p))",
    "p = x.split(maxsplit=2)\nif len(p) == 3:\n    return p[2] + '/' + p[0]\nreturn p[-1] if p else 'none'",
    "p = x.rsplit(None, 1)\nreturn '|'.join(p) + str(len(p))",
    "p = x.rsplit(maxsplit=1)\nif len(p) < 2:\n    return None\nfirst, last = p\nreturn last + ', ' + first",
)


@pytest.mark.parametrize("body", BODIES)
def test_parts_and_formats_are_what_they_are_in_python(body: str) -> None:
    compared = compare_with_python(HEADER, f"if x is None:\n    return None\n{body}", VALUES)
    assert compared.differing == []
    assert len(compared.outside) < len(VALUES) - 8
