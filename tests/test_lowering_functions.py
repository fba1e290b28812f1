from __future__ import annotations

import pytest

from rdc.lowering.functions.compiler import lower_function
from rdc.lowering.refusal import NotLowerableError
from tests.lowered import compare_with_python

VALUES = [
    None, "", " ", "a", "A", "0", "7", "-7", "+12", "007", "12.50", "-0.5", ".5", "5.", "1e5", "1_000", "nan",
    "inf", "1,234.5", "$1,200", "12%", "x" * 200, "9" * 18, "9" * 19, "9" * 40, "-" + "9" * 18, "a,b", "a,b,c",
    ",", ",,", "a, b", " a , b ", "b;a", "Smith, John", "JOHN smith", "o'neil-SMITH", "New  York", "\tTab\n",
    "line\n", "two\nlines", "\n", "a\x00b", "\x1f unit", "trailing ", " leading", "\u00a0nbsp\u00a0", "café",
    "ÇA", "İstanbul", "straße", "ŉ", "ǅ", "٣٤", "\uff11\uff12", "a\u0301", "👍 ok", "ﬁ", "2021-03-14", "03/14/2021",
    "ab12cd", "12ab", "AB-12", "yes", "No", "N/A", "null", "true", "(555) 123-4567", "a.b.c", "a..b", "...",
    "key=value", "k=v=w", "Hello, World! 123", "aXbXc", "XX", "tt", "%", "\\", "\\1", "'", '"', "{x}", "é" * 30,
]  # fmt: skip
HEADER = "import re, math, string, unicodedata\nfrom decimal import Decimal"
BODIES = {
    "strip": "return x.strip() if x is not None else None",
    "strip of characters": "return None if x is None else x.strip(' .-').lstrip('0').rstrip(',')",
    "case": "return x and x.lower() + x.upper() + x.title() + x.capitalize()",
    "replace": "return None if x is None else x.replace(',', '').replace('a', 'bb').replace('X', '', 1)",
    "slices": "return None if x is None else x[:2] + '|' + x[2:4] + '|' + x[-3:] + '|' + x[:-1] + '|' + x[1:-1] + x[::-1]",
    "a character": "return x[0] + x[-1] if x else x",
    "an index that may fail": "return None if x is None else x[1]",
    "in": "return None if x is None else ('yes' if ',' in x or x in ('a', 'b') else 'no')",
    "a set": "return 'known' if x in {'a', 'yes', 'No'} else x",
    "None in a tuple": "return 'none' if x in (None, '') else x",
    "a dict": "return {'yes': 'Y', 'No': 'N', 'true': 'Y'}.get(x, x)",
    "a dict without a default": "return {'yes': 'Y', 'a': 'b'}.get(x)",
    "a dict that may fail": "return {'yes': 'Y', 'a': 'b'}[x]",
    "numbers by text": "return str({'a': 1, 'b': 20}.get(x, 0))",
    "f-string": "return f'<{x}>' if x else f'{x!s}'",
    "f-string of None": "return f'{x}'",
    "width": "return None if x is None else f'{x:>6}|{x:<4}|{x:*>5}'",
    "%": "return None if x is None else '%s-%5s|%-4s|%%' % (x, x, x)",
    "format": "return None if x is None else '{0}/{0}/{name:>4}'.format(x, name=x)",
    "int": "return None if x is None else int(x)",
    "int in try": "try:\n    return str(int(x) + 1)\nexcept (ValueError, TypeError):\n    return 'bad'",
    "int arithmetic": "n = int(x)\nreturn n * 3 - 7 + n",
    "float": "return None if x is None else float(x)",
    "float in try": "try:\n    return f'{float(x):.2f}'\nexcept ValueError:\n    return None\nexcept TypeError:\n    return 'none'",
    "float as text": "return str(float(x) / 4)",
    "round": "return round(float(x), 1)",
    "round to a whole": "return round(float(x))",
    "thousands": "return f'{int(x):,}|{float(x):,.2f}|{int(x):06d}|{float(x):08.1f}'",
    "percent": "return f'{float(x) / 100:.1%}'",
    "floor and ceil": "return math.floor(float(x)) + math.ceil(float(x)) + int(float(x))",
    "is_integer": "f = float(x)\nreturn 'whole' if f.is_integer() else 'part'",
    "compare numbers": "n = float(x)\nreturn 'big' if n > 10 else 'small' if 0 <= n < 1 else 'mid'",
    "compare text": "return None if x is None else ('low' if x < 'a' else 'high')",
    "len": "return None if x is None else len(x)",
    "len of a branch": "return '0' * (8 - len(x)) + x if x else x",
    "zfill": "return x and x.zfill(5) + x.rjust(3, '.') + x.ljust(4, '_')",
    "isdigit": "return x if x is None else 'd' if x.isdigit() else 'a' if x.isalpha() else 'n' if x.isalnum() else 's' if x.isspace() else 'u' if x.isupper() else 'l' if x.islower() else '-'",
    "startswith": "return x is not None and (x.startswith(('a', 'A')) or x.endswith('b'))",
    "removeprefix": "return x and x.removeprefix('a').removesuffix('b').removeprefix('-')",
    "find": "return None if x is None else x.find(',') + x.rfind('a') + x.count('a')",
    "index": "return x.index(',')",
    "split": "return None if x is None else '|'.join(x.split(','))",
    "split at spaces": "return None if x is None else ' '.join(x.split())",
    "split and take": "return x.split(',')[1].strip() if x and ',' in x else x",
    "split once": "return None if x is None else x.split('=', 1)[-1] + x.rsplit('=', 1)[0]",
    "partition": "a, b, c = (x or '').partition('=')\nreturn a + '/' + b + '/' + c",
    "unpack": "if x is None:\n    return None\nparts = x.split(',')\nif len(parts) != 2:\n    return x\nlast, first = parts\nreturn f'{first.strip()} {last.strip()}'",
    "unpack that may fail": "last, first = x.split(',')\nreturn first + last",
    "parts": "p = x.split('.') if x else []\nreturn None if len(p) < 3 else p[0] + p[-1] + '.'.join(p[1:]) + '.'.join(p[:-1]) + '.'.join(p[-2:])",
    "comprehension": "return None if x is None else ','.join(p.strip().upper() for p in x.split(',') if p.strip())",
    "characters": "return None if x is None else ''.join(c for c in x if c.isdigit() or c in '.-')",
    "characters changed": "return None if x is None else ''.join('_' if c == ' ' else c.lower() for c in x)",
    "any": "return None if x is None else any(c.isdigit() for c in x) and not all(c.isalpha() for c in x)",
    "count characters": "return None if x is None else sum(c.isdigit() for c in x) + len([c for c in x if c == 'a'])",
    "filter and map": "return None if x is None else ''.join(filter(str.isdigit, x)) + ','.join(map(str.strip, x.split(',')))",
    "sorted": "return None if x is None else ','.join(sorted(set(x.split(','))))",
    "sub": r"return None if x is None else re.sub(r'[^0-9a-z]+', '-', x)",
    "sub with groups": r"return None if x is None else re.sub(r'(\d+)([a-z]+)', r'\2<\1>', x)",
    "sub with a function": r"return None if x is None else re.sub(r'(\d)(\d)', lambda m: m.group(2) + '.' + m[1], x)",
    "sub at the end": r"return None if x is None else re.sub(r'\s*$', '', re.sub(r'^\s+', '', x))",
    "match": "m = re.match(r'(\\d+)\\s*([a-z]*)', x or '')\nreturn m.group(1) + '/' + m.group(2) if m else x",
    "search": "m = re.search(r'(?P<word>[a-z]+)$', x or '')\nif not m:\n    return None\nreturn m.group('word')",
    "an optional group": "m = re.fullmatch(r'([A-Za-z]+)(-\\d+)?', x or '')\nif m is None:\n    return 'no'\nreturn m.group(1) if m.group(2) is None else m.group(2)",
    "a match that may fail": "return re.search(r'\\d+', x).group()",
    "findall": "found = re.findall(r'[a-z]+', x or '')\nreturn ' '.join(found) if found else None",
    "split by regex": "return None if x is None else '|'.join(re.split(r'[,;]\\s*', x))",
    "ignore case": "return 'null' if re.fullmatch(r'n/?a|null|none', x or '', re.IGNORECASE) else x",
    "compiled": "pattern = re.compile(r'\\s+')\nreturn pattern.sub(' ', x).strip() if x else x",
    "if chain": "if x is None:\n    return None\nx = x.strip().lower()\nif x in ('yes', 'y', 'true'):\n    return 'Y'\nelif x.startswith('n'):\n    return 'N'\nelse:\n    if x.isdigit():\n        x = x + '!'\nreturn x",
    "locals that meet": "y = None\nif x and len(x) > 2:\n    y = x[:2]\nif y is None:\n    return 'short'\nreturn y",
    "a loop over constants": "if x is None:\n    return None\nfor old, new in (('a', '1'), ('b', '2')):\n    x = x.replace(old, new)\nreturn x",
    "a loop that returns": "for word in ['yes', 'No', 'a']:\n    if x == word:\n        return word + '!'\nreturn x",
    "a loop with break": "out = ''\nfor part in ['a', 'b', 'c']:\n    if x and part in x:\n        break\n    out += part\nreturn out",
    "a loop that gathers": "if x is None:\n    return None\nout = []\nfor part in x.split(','):\n    part = part.strip()\n    if not part:\n        continue\n    out.append(part.upper())\nreturn ';'.join(out)",
    "while": "if x is None:\n    return None\nwhile '  ' in x:\n    x = x.replace('  ', ' ')\nreturn x",
    "and or": "return (x or 'empty') and (x and x.strip() or 'blank')",
    "walrus": "return m.group() if x and (m := re.search(r'\\d+', x)) else 'none'",
    "a helper": "return (lambda text, times=2: text * times)(x) if x else x",
    "isinstance": "return x.strip() if isinstance(x, str) else 'none'",
    "normal form": "return None if x is None else unicodedata.normalize('NFKD', x).encode('ascii', 'ignore').decode('ascii')",
    "decimal": "return None if x is None else str(Decimal(x).quantize(Decimal('0.01')))",
    "raise": "if not x:\n    raise ValueError('empty')\nreturn x",
    "min and max": "return max(len(x), 3) - min(len(x), 5)",
    "string constants": "return None if x is None else ''.join(c for c in x if c not in string.punctuation)",
    "list building": "parts = [x, 'z']\nparts.append('y')\nreturn '-'.join(p for p in parts if p)",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_sql_gives_what_python_gives_where_it_says_so(body: str) -> None:
    found = compare_with_python(HEADER, body, VALUES)
    assert found.differing == []
    # A rule that leaves all to Python is none.
    assert len(found.outside) < len(VALUES)


REFUSED = {
    "return open(x).read()": "a call of `open`",
    "import os\n    return os.getcwd()": "the statement Import",
    "return eval(x)": "a call of `eval`",
    "return re.sub(r'(?<!a)b', 'c', x)": "a look-around in the regular expression",
    "return re.sub(r'(a)\\1', 'c', x)": "a back-reference in the regular expression",
    "return re.search(r'(a*)?b', x).group(1)": "group 1, of which '' and None are not told apart",
    "return int(x) if x else x": "a result that is of one type here and of another there",
    "return list(x)": "a result that is a characters",
    "return ','.join(set(x.split(',')))": "the order of a set",
    "return x.split(',')": "a result that is a list",
    "return unknown(x)": "the name `unknown`",
    "return x.upper().expandtabs(9)": "the method `expandtabs` of text",
    "if x:\n        y = 1\n    return y": "`y`, which is not set on every way",
}


@pytest.mark.parametrize(("body", "reason"), REFUSED.items(), ids=REFUSED)
def test_what_has_no_rule_is_refused_with_its_reason_and_line(body: str, reason: str) -> None:
    with pytest.raises(NotLowerableError) as refused:
        lower_function(f"import re\ndef clean_x(x):\n    {body}\n", "clean_x")
    assert refused.value.reason == reason
    assert refused.value.line is not None
    assert refused.value.line >= 2
