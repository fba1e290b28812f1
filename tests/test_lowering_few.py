"""Lists that are gone through item by item give what Python gives, or leave long ones to it."""

from __future__ import annotations

import pytest

from rdc.lowering.refusal import NotLowerableError
from tests.lowered import compare_with_python

HEADER = """import re, math
from decimal import Decimal
OUTSIDE = ["o"]
def add(items):
    items.append("k")
    return items
def put(text, separator="-"):
    return text + separator
"""
VALUES = (
    *(
        None,
        "",
        " ",
        ",",
        ",,",
        "a",
        "b",
        "k",
        "z",
        "a,b",
        "b,c,d",
        "b,a,b",
        "1",
        "0",
        "-1",
        "1,2",
        "12,7,3",
        "3,x",
        "4,,5",
    ),
    *(
        "10,20,30,40,50,60,70,80",
        "1,2,3,4,5,6,7,8,9",
        "x1y22",
        "a b a b",
        "aa",
        "aab",
        "ab-cd_ef",
        "é,ü",
        "٣,4",
        "a\nb,c\n",
    ),
    *(
        "Hello World foo",
        "abcdefghijklmnop",
        "a" * 17,
        "1.5,2.5",
        "0.1,0.2,0.3",
        "1.5",
        "-0.0",
        "nan,1.0",
        "99999999999999999999,1",
    ),
    *(
        "4111111111111111",
        "4111111111111112",
        "1h 30m",
        "90m",
        "2h",
        "H2O",
        "C6H12O6",
        "k=v;x=y",
        "MCMXC",
        "XIV",
        "yes,no",
        "12:30:05",
    ),
)
BODIES = (
    "p = [int(q) for q in x.split(',')]\nreturn str(sum(p))",
    "p = [int(q) for q in x.split(',')]\nreturn len(p)",
    "p = [int(q) for q in x.split(',') if q.isdigit()]\nreturn str(p[0]) + '|' + str(p[-1])",
    "p = [int(q) for q in x.split(',') if q.isdigit()]\nreturn str(p[1]) if len(p) > 1 else 'n'",
    "p = [int(q) for q in x.split(',') if q.isdigit()]\nreturn str(max(p) - min(p))",
    "p = [float(q) for q in x.split(',')]\nreturn str(sum(p) / len(p))",
    "p = [int(w) for w in x.split(',')][:2]\nreturn str(p[-1])",
    "p = [int(w) for w in x.split(',')]\nif len(p) < 2:\n    return None\na, b = p[:2]\nreturn f'{b}/{a}'",
    "a, b = [w.strip() for w in x.split(',')]\nreturn b + a",
    "out = []\nfor w in x.split(','):\n    if w not in out:\n        out.append(w)\nreturn '-'.join(out)",
    "seen = set()\nout = []\nfor w in x.split():\n    if w in seen:\n        continue\n    seen.add(w)\n    out.append(w)\nreturn ' '.join(out)",
    "n = 0\nfor c in x:\n    if c == 'a':\n        n += 1\n    elif n > 2:\n        break\nreturn str(n)",
    "n = 0\nfor c in x:\n    if c == 'a':\n        break\n    n += 1\nelse:\n    n = -n\nreturn str(n)",
    "return ' '.join(w.upper() if i == 0 else w for i, w in enumerate(x.split()))",
    "r = ''\nfor i, w in enumerate(x.split()):\n    if i > 0:\n        r += '_'\n    r += w.lower()\nreturn r",
    "w = x.split()\nr = []\nfor i, one in enumerate(w):\n    if i == 0 or one != w[i - 1]:\n        r.append(one)\nreturn ' '.join(r)",
    "return str(sum(1 for q in x.split(',') if q.isdigit()))",
    "return str(sum(q.isdigit() for q in x.split(',')))",
    "return str(any(int(q) > 5 for q in x.split(',')))",
    "return str(all([int(q) > 0 for q in x.split(',')]))",
    "p = x.split(',')\np.append('z')\np.reverse()\nreturn '|'.join(p)",
    "p = x.split(',')\np.sort()\np.pop()\nreturn '|'.join(p)",
    "p = x.split(',')\nif len(p) > 2:\n    p.pop(0)\nelse:\n    p.insert(0, 'k')\nreturn '|'.join(p)",
    "p = x.split(',')\nwhile len(p) < 3:\n    p.append('0')\nreturn '.'.join(p[:3])",
    "p = []\nif 'a' in x:\n    p.append('A')\nif 'b' in x:\n    p.append('B')\nreturn '/'.join(p) if p else None",
    "p = [1]\nif 'a' in x:\n    p.append(2)\np.append(len(x))\nreturn str(len(p)) + str(p[-1]) + str(p[1])",
    "try:\n    return str([int(q) for q in x.split(',')][1])\nexcept (ValueError, IndexError):\n    return 'bad'",
    "total = 0\nfor q in x.split(','):\n    try:\n        total += int(q)\n    except ValueError:\n        continue\nreturn str(total)",
    "try:\n    float(x)\n    return 'number'\nexcept ValueError:\n    return 'text'",
    "for a, b in zip(x.split(','), 'xyz'):\n    if a == b:\n        return a\nreturn None",
    "last = None\nfor w in x.split(','):\n    last = w\nreturn last",
    "w = ''\nfor w in x.split(','):\n    if len(w) > 1:\n        return w\nreturn w + '!'",
    "return ','.join([str(n + 1) for n in map(int, x.split(','))])",
    "a = ''\nfor c in x:\n    if a and a[-1] == c:\n        continue\n    a += c\nreturn a",
    (
        "total = 0\nprevious = 0\nfor c in reversed(x):\n    n = {'I': 1, 'V': 5, 'X': 10, 'C': 100, 'M': 1000}.get(c, 0)\n"
        "    total = total - n if n < previous else total + n\n    previous = n\nreturn str(total)"
    ),
    "d = [int(c) for c in x if c.isdigit()]\nreturn str(sum(d)) + str(len(d))",
    "if 'a' in x:\n    return ','.join([[1][2] for q in ['a', 'b'] if q == x])\nreturn 'zzz'",
    "return ','.join([[1][2] for part in x.split() if part == 'a'])",
    "p = [('a', 1), ('b', 2)]\nreturn ''.join(k for k, n in p if n > len(x))",
    "def longer(text):\n    return len(text) > 1\nreturn ' '.join(filter(longer, x.split(',')))",
    "f = lambda text: text.upper() + ';'\nreturn f(x) + put(x)",
    "separator = 'q'\nreturn put(x) + separator",
    "d = filter(str.isdigit, x)\nreturn ''.join(d)",
    "return next((w for w in x.split(',') if w.isdigit()), 'none')",
    "return next((w for w in ['a', 'b'] if w in x), None)",
    "return next(w for w in x.split(',') if w.isdigit())",
    "return ' '.join(x[i:i + 4] for i in range(0, len(x), 4))",
    "r = ''\nfor i in range(len(x)):\n    if i == 0 or x[i] != x[i - 1]:\n        r += x[i]\nreturn r",
    "return [a + b for a, b in re.findall(r'(\\d)(,)?', x)][0]",
    "return '|'.join(re.findall(r'\\d(,)?', x))",
    "t = 0\nfor a, b in re.findall(r'(\\d+)([a-z,])?', x):\n    t += int(a) * (2 if b == ',' else 1)\nreturn str(t)",
    "return str(sum(int(n) if n else 1 for _, n in re.findall(r'([A-Z][a-z]?)(\\d*)', x)))",
    "return ';'.join(m.group(1) + '-' + (m.group(2) or '') for m in re.finditer(r'(\\d)(\\D)?', x))",
    "for m in re.finditer(r'[a-z]+', x):\n    if len(m.group()) > 1:\n        return m.group()\nreturn None",
    "return str(len(re.findall(r'^([a-z])(,)', x)))",
    "return x.translate(str.maketrans('abc', 'xyz'))",
    "return x.translate(str.maketrans('', '', ',.-'))",
    "return x.swapcase()",
    "return ','.join(sorted(x.split(','), reverse=True))",
    "return ''.join(reversed(x))",
    "n = int(x)\nreturn str((n - 5) // 3) + '|' + str((n - 5) % 3) + '|' + str(-n // 7)",
    "a, b = divmod(int(x), 60)\nreturn f'{a}:{b:02d}'",
    (
        "digits = [int(c) for c in x if c.isdigit()]\nif len(digits) != 16:\n    return None\ntotal = 0\n"
        "for i, d in enumerate(digits):\n    if i % 2 == 0:\n        d *= 2\n        if d > 9:\n            d -= 9\n    total += d\n"
        "return 'valid' if total % 10 == 0 else 'invalid'"
    ),
    "s = set(x.split(','))\nreturn str(len(s)) + ','.join(sorted(s))",
    "f = {'a': Decimal('1'), '1': Decimal('0.5')}.get(x)\nreturn str(f * 2) if f is not None else None",
    "return str({'a': 1, 'b': 2.5, 'k': None}.get(x, 'z'))",
    "return str(['a', 'b', 'a', '1'].index(x))",
    "return '%+03d|%+d|%-5d|%05d' % (int(x), int(x), int(x), int(x))",
    "return f'{int(x):+d}|{float(x):+.2f}|{int(x):+06d}'",
    "try:\n    return x.is_digit()\nexcept AttributeError:\n    return 'no'",
    "if x == 'a':\n    return x.remove('b')\nreturn x + 'k'",
    "return str(Decimal(x).quantize(Decimal('0.01'), rounding=Decimal.ROUND_HALF_UP)) if x == '1' else x",
)
REFUSED = {
    "return list(set(x.split(',')))[0]": "order of a set",
    "for w in set(x.split(',')):\n    return w": "order of a set",
    "return ' '.join(w.upper() for w in set(x.split()))": "order of a set",
    "return ','.join(list(set(x.split(',')))[:2])": "order of a set",
    "d = filter(str.isdigit, x)\nif d:\n    return ''.join(d)\nreturn 'none'": "an iterator that a name holds",
    "g = (w for w in x.split(','))\nreturn next(g) + next(g)": "an iterator that a name holds",
    "p = x.split(',')\nq = p\np.append('z')\nreturn '|'.join(q)": "others see",
    "p = [x]\nq = add(p)\nreturn ','.join(p)": "others see",
    "p = OUTSIDE\np.append(x)\nreturn ','.join(p)": "others see",
    "p = [x]\nq = p\np[0] = 'z'\nreturn q[0]": "a part of",
    "y = '1'\nf = lambda text: text + y\ny = 'k'\nreturn f(x)": "sees `y`",
    "w = ''\nr = []\nfor w in x.split(','):\n    r.append(w)\nreturn w": "not set on every way",
    "any((m := w) for w in x.split(','))\nreturn m": "not set on every way",
    "return str(len({x, 'a'}))": "order of a set",
    "p = {x}\nfor q in p:\n    return q": "order of a set",
}


@pytest.mark.parametrize("body", BODIES)
def test_lists_of_few_items_give_what_python_gives(body: str) -> None:
    compared = compare_with_python(HEADER, f"if x is None:\n    return None\n{body}", VALUES)
    assert compared.differing == []
    assert len(compared.outside) < len(VALUES) - 2


@pytest.mark.parametrize("body", REFUSED)
def test_what_others_may_see_is_refused(body: str) -> None:
    with pytest.raises(NotLowerableError, match=REFUSED[body]):
        compare_with_python(HEADER, f"if x is None:\n    return None\n{body}", VALUES)
