"""Loops that gather, and lists that differ by the way taken, give what Python gives, or are left to it."""

from __future__ import annotations

import pytest

from rdc.lowering.refusal import NotLowerableError
from tests.lowered import compare_with_python

HEADER = "import re\nSMALL = {'of', 'and'}\nSHORT = {'st': 'Street', 'n': 'North'}\n"
VALUES = (
    *(None, "", " ", ",", "a", "b", "ab", "a,b", "b,,a", "1", "1,2", "3,x", "x,3", "12,7,3", ",1", "n/a"),
    *("war of the worlds", "12 n main st", "o'neil-smith ann", "Uryyb", "abc XYZ", "aAbB12", "a1b22c333"),
    *("é,ü", "İ ß ŉ", "e\u0301 of", "٣,4", "a\nb,c\n", "\u2003a\u2003b", "\x1fa\x1cb", "a\x00b", "a\tb  c"),
    *("a " * 30, "abcdefghijklmnopqrstuvwxyz" * 3, "1,2,3,4,5,6,7,8,9,10", "99999999999999999999,1"),
)
BODIES = (
    "out = []\nfor w in x.split():\n    if w in SMALL:\n        out.append(w)\n    elif w.isdigit():\n        out.append('#' + w)\n    else:\n        out.append(w.capitalize())\nreturn ' '.join(out)",
    "out = []\nfor w in x.split():\n    k = w.lower()\n    if k in SHORT:\n        out.append(SHORT[k])\n    else:\n        out.append(w)\nreturn ' '.join(out) if out else None",
    "out = []\nfor w in x.split(' '):\n    if not w:\n        continue\n    if '-' in w:\n        out.append('-'.join(p.capitalize() for p in w.split('-')))\n    else:\n        out.append(w.upper())\nreturn '|'.join(out)",
    "r = ''\nfor c in x:\n    if 'a' <= c <= 'z':\n        r += chr((ord(c) - 97 + 13) % 26 + 97)\n    elif c.isupper():\n        r += c.lower()\n    else:\n        r += c\nreturn r",
    "a = ''\nd = ''\nfor c in x:\n    if c.isalpha():\n        a += c.upper()\n    elif c.isdigit():\n        d += c\nreturn f'{a}-{d}'",
    "r = 'k'\nfor w in x.split(','):\n    if w:\n        r = r + ';' + w\n        r += '!'\nreturn r",
    "r = x[:1]\nfor w in x.split(','):\n    r += w[:1]\nreturn r",
    "out = []\nfor w in x.split(','):\n    try:\n        n = int(w)\n    except ValueError:\n        continue\n    if n > 2:\n        out.append(str(n))\nreturn ','.join(out)",
    "out = ''\ntry:\n    for w in x.split(','):\n        out += str(int(w)) + ';'\nexcept ValueError:\n    return 'bad'\nreturn out",
    "w = 'k'\ntry:\n    return ','.join([str(int(w)) for w in x.split(',')])\nexcept ValueError:\n    return w",
    "p = x.split(',')\nout = ['s']\nif len(p) > 1:\n    out.append(p[0])\nelse:\n    out.append('one')\nout.append('e')\nreturn '/'.join(out)",
    "if 'a' in x:\n    p = ['a', x]\nelse:\n    p = ['n']\nreturn '-'.join(p)",
    "s = re.sub(r'[^0-9]', '', x)\ng = []\nwhile len(s) > 3:\n    g.insert(0, s[-3:])\n    s = s[:-3]\ng.insert(0, s)\nreturn ','.join(g)",
    "try:\n    return '|'.join(sorted(w for w in re.split(r'[,;]', x) if w.strip()))\nexcept ValueError:\n    return None",
    "p = ''\nout = []\nfor w in x.split(','):\n    if w == p:\n        continue\n    p = w\n    out.append(w)\nreturn '-'.join(out)",
    "labels = ['f', 'm', 'l']\np = x.split()\nif len(p) == 2:\n    labels = ['f', 'l']\nif not p or len(p) > 3:\n    return None\nreturn '; '.join(f'{a}: {b}' for a, b in zip(labels, p))",
)
REFUSED = {
    "a = b = []\nfor w in x.split(','):\n    a.append(w)\nreturn '-'.join(b)": "others see",
    "out = ''\ntry:\n    for w in x.split(','):\n        out += str(int(w)) + ';'\nexcept ValueError:\n    return out\nreturn out": "earlier turn",
    "p = [x]\nq = ['a']\nif 'b' in x:\n    q = p\nq.append('z')\nreturn ''.join(p)": "others see",
    "p = [x]\nq = ['a']\nif 'b' in x:\n    q = p\np.append('z')\nreturn ''.join(q)": "others see",
}


@pytest.mark.parametrize("body", BODIES)
def test_loops_gather_what_they_do_in_python(body: str) -> None:
    compared = compare_with_python(HEADER, f"if x is None:\n    return None\n{body}", VALUES)
    assert compared.differing == []
    assert len(compared.outside) < len(VALUES) - 8


@pytest.mark.parametrize("body", REFUSED)
def test_what_depends_on_the_turns_before_is_refused(body: str) -> None:
    with pytest.raises(NotLowerableError, match=REFUSED[body]):
        compare_with_python(HEADER, f"if x is None:\n    return None\n{body}", VALUES)


def test_what_raises_for_an_item_that_may_be_absent_does_not_raise_for_all() -> None:
    """A sum of numbers as text: each of them makes Python raise, an empty list does not."""
    body = "if x is None:\n    return None\ntry:\n    return ' '.join([len(w) for w in x.split(',') if w == 'k'])\nexcept ValueError:\n    return 'v'"
    with pytest.raises(NotLowerableError, match="one of several ways"):
        compare_with_python(HEADER, body, VALUES)
