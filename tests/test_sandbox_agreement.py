r"""What the allow-list admits gives the same in the sandbox's interpreter as in CPython, on hostile values.

The interpreter knows a later Unicode than some versions of Python, so characters that were unassigned in the
oldest are left out. Where `RDC_BENCH_DATA` names a folder with functions that a model wrote, they join.
"""

from __future__ import annotations

import datetime as dt
import decimal
import json
import math
import os
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rdc.artifacts.outcome import Outcome
from rdc.harness.allowlist import check_source
from rdc.harness.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

VALUES: list[str | None] = [
    None, "", " ", "  a  b ", "\t", "\n", "a\n", "a\nb", "\r\n", "a\r\nb\n", "\x0b", "\x0c", "\x1c", "a\x1cb", "\x1d",
    "\x1ea", "a\x1f", "\x85", "\x00", "\x07", "\x7f", "\xa0", "a\u2003b", "\u2028", "\u3000x\u3000", "\ufeffa", "\u200b",
    "12", "12.0 oz", "12.50", "007", "0", "-0", "+5", "-3.10", "1e3", "1E-7", "1e400", "inf", "nan", "NaN", "Infinity",
    "1,234.50", "$1,200", "1.234,5", "(123.45)", "50-", "5 %", "7,5%", "1_000", "0x1f", "1 2", "--5", ".5", "5.", ".",
    "123456789012345678901234567890", "0.1", "0.30000000000000004", "2.675", "1.005", "0.5", "1.5", "2.5", "1e16", "1e15",
    "123456789.987654321", "\u0663", "\u0661\u0662", "\uff11\uff12", "\u0967.5", "1\u00b2", "\u00bd", "\u2167", "\u2460",
    "\u0130", "\u0131", "\u00df", "stra\u00dfe", "\u1e9e", "\ufb01", "\u01c5", "\u03a3", "\u039f\u03a3", "\u00c9t\u00e9",
    "e\u0301", "\u00e9", "\u0041\u030a", "\u212b", "\u4eac", "\u0e01", "\u0645", "\U0001f600", "\U0001d7d9", "a\u0300b",
    "o'neil", "O\u2019NEIL", "mcdonald-smith", "NEW YORK", "new york", "St. Louis", "a/b", "a.b.c", "a, b; c", ",", ",,a,",
    "N/A", "null", "-", "yes", "TRUE", "x" * 5_000, "ab " * 500, "2024-01-31", "31/01/2024", "Jan 5, 2018", "13/45/2020",
    "13:05", "1:05 PM", "+1 (555) 010-2030", "555.010.2030", "a@b.com", "<b>x</b>", "&amp;", "{0}", "{}", "%s", "\\", "\\1",
    "$1", "\\g<0>", "[", "]", "(", "[a-z]", "a|b", "#Tag #tag2", '["Red","Blue"]', '{"a": 1}', "'q'", '"q"', "\u201cq\u201d",
    "aaa", "aXbXc", "abcabc", "key=1", "A1B2", "Caf\u00c3\u00a9", "None", "0012.0", "1 234", "1\xa0234",
]  # fmt: skip

# Bodies of `def f(value)`; a first line that starts with an upper-case name is a constant of the module.
BODIES = r"""
return value.strip()
return value.strip(" .-").lstrip("0").rstrip("abc")
return value.lower()
return value.upper()
return value.title()
return value.capitalize()
return value.casefold()
return value.replace(",", "").replace("a", "b", 1)
return "|".join(value.split())
return "|".join(value.split(","))
return "|".join(value.split(" ", 1)) + "|".join(value.rsplit("-", 1))
return "|".join(value.splitlines())
return "|".join(value.partition(" ")) + "|".join(value.rpartition("."))
return str(value.startswith(("a", "1")) and value.endswith("c"))
return str(value.find("a")) + str(value.rfind("b")) + str(value.count("a"))
return value.zfill(5) + value.ljust(4, "*") + value.rjust(4) + value.center(6, "-")
return str(value.isdigit()) + str(value.isdecimal()) + str(value.isalpha()) + str(value.isalnum())
return str(value.isspace()) + str(value.isupper()) + str(value.isascii())
return value.removeprefix("a").removesuffix("c")
return value[0] + value[-1]
return value[:2] + value[2:] + value[-2:] + value[::-1] + value[1:-1]
return value[5]
return str(len(value))
return value if value else None
return None if value is None or not value.strip() else value
return re.sub(r"\s+", " ", value)
return re.sub(r"[^\d.]", "", value)
return re.sub(r"[^0-9a-zA-Z\s]", "", value)
return re.sub("(a)(b)?", r"\2-\1", value)
return re.sub(r"(?P<n>[0-9]+)", r"<\1>", value, count=1)
return re.sub("a", "$1", value)
return re.sub("b$", "!", value)
return re.sub("^a|b$", "!", value)
return re.sub(r"[$]a|[^$]$", "!", value)
return "|".join(re.split("[a-z]$", value)) + "|".join(re.findall("[0-9 ]+$", value))
m = re.search(r"\s+$", value); return str(m.span())
return re.sub(r"\.0+$", "", value)
return re.sub("(?<=a)b|c(?=a)", "_", value)
return re.sub("[-_./ ]", "", value)
return re.sub("\\d", "9", value)
return re.sub(r"[\]\[]", "", value)
return re.sub(r"\D", "", value)
return re.sub(r"\S", "s", value)
return re.sub(r"[\x00-\x1f\x7f\u2000-\u200b]", "?", value) + re.sub(r"[^\x20-\x7e\xe9]", "", value)
return str(bool(re.match(r"\d+$", value)))
return str(bool(re.fullmatch(r"[a-z]+", value)))
return str(bool(re.search(r"^\d{1,2}/\d{1,2}/\d{4}\Z", value)))
return str(bool(re.fullmatch(r".*", value)))
return str(bool(re.search(r"[^a]", value)))
return "|".join(re.findall(r"[0-9]+(?:\.[0-9]+)?", value))
return "|".join([a + b for a, b in re.findall("([a-z])([0-9])?", value)])
return "|".join(re.split(r"[,;]\s*", value))
return "|".join([part or "-" for part in re.split("(,)|;", value)])
return "|".join([m.group() for m in re.finditer("[ab]+?", value)])
return re.escape(value)
m = re.search(r"(\d+)(?:\.(\d+))?", value); return m.group(1) + str(m.group(2)) if m else None
m = re.match("(?P<a>[a-z]+)(x)?", value); return str(m.start()) + str(m.end()) + str(m.groups()) + m.group("a")
m = re.search("a|ab|abc", value); return m.group(0)
m = re.search("(a|b)*c", value); return str(m.group(1)) + str(m.span(1))
m = re.search("a{2,}?|b{1}", value); return str(m.groupdict()) + m.group()
P = re.compile(r"\s*([0-9]+)"); m = P.match(value); return m.group(1) if m else value
P = re.compile("[aeiou]"); return P.sub("*", value) + str(len(P.findall(value)))
return unicodedata.normalize("NFKD", value)
return unicodedata.normalize("NFC", value) + unicodedata.normalize("NFKC", value)
return "".join([c for c in unicodedata.normalize("NFD", value) if unicodedata.category(c) != "Mn"])
return "".join(c for c in value if not unicodedata.combining(c))
return str(int(value))
return str(int(value) + 1)
return str(int(float(value)))
return str(float(value))
return f"{float(value):.2f}"
return "{:.1f}".format(float(value))
return "{0}-{1}".format(value, len(value))
return "{a:>5}|{b:<3}".format(a=value[:3], b=len(value))
return f"{value}!{len(value):03d}{len(value):,}"
return f"{value:>10}|{value:*^7}|{value[:2]:<4}"
return f"{float(value):,.2f}|{float(value):.0f}|{float(value):.1%}"
return str(Decimal(value))
return str(Decimal(value).quantize(Decimal("0.01")))
return str(Decimal(value).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))
return str(Decimal(value) / 100) + str(Decimal(value) * 2) + str(Decimal(value) + 1)
return str(-Decimal(value)) + str(abs(Decimal(value))) + str(Decimal(value) > 5)
return f"{Decimal(value):.2f}" + f"{Decimal(value):f}"
return format_number(value)
return str(Decimal(value).is_finite()) + str(int(Decimal(value)))
return str(math.floor(float(value))) + str(math.ceil(float(value)))
return str(math.isnan(float(value))) + str(math.trunc(float(value)))
return str(json.loads(value))
return datetime.date(2024, len(value), 1).isoformat()
return value + 1
return value * 2 + "-" * 3
return str(len(value) // 3) + str(len(value) % 3) + str(len(value) / 4) + str(-len(value))
return str(value < "b") + str("a" <= value) + str(value == "a") + str(value != "b") + str("a" in value)
return value if value in {"a", "b", "12"} else "other"
return value if value not in ("a", "b", "12") else "other"
M = {"yes": "true", "no": "false", "-": None}; return M.get(value, value)
M = {"yes": "true"}; return M[value]
M = {"a": "b"}; return "|".join([k + v for k, v in M.items()]) + "|".join(M.keys()) + "|".join(M.values())
x = [c for c in value if c.isdigit()]; x.reverse(); return "".join(x)
x = value.split(); x.sort(); x.append("z"); x.insert(0, "y"); x.extend(["w"]); return x.pop() + "|".join(x)
x = {}; x[value] = 1; x.setdefault("k", 2); x.update({"z": 3}); return str(x)
return "".join(sorted(value)) + "".join(reversed(value))
return "".join(sorted(set(value))) + str(len(set(value)))
return "|".join(sorted(value.split(), key=lambda w: (len(w), w))) + max(value.split(), key=len)
return str(min(value)) + str(max(value)) + str(sum([len(w) for w in value.split()]))
return str(any(c.isdigit() for c in value)) + str(all([c.isalpha() for c in value]))
return "".join([str(i) + c for i, c in enumerate(value[:5])]) + "".join([a + b for a, b in zip(value, value[1:])])
return str(list(range(len(value[:3])))) + str(tuple(value[:2])) + str(list(value[:2]))
a, *b = value.split(); return a + str(len(b))
a, b = value.split("-"); return b + a
return str({c: 1 for c in value[:3]}) + str(bool(value)) + str(isinstance(value, str))
return (n := len(value)) and str(n)
for c in value:\n        if c == "b": break\n        if c == "a": continue\n        value = value.replace(c, "")\n    return value
for c in value[:3]:\n        pass\n    else:\n        value += "!"\n    return value
try:\n        return str(int(value))\n    except ValueError:\n        return value
try:\n        return str(Decimal(value))\n    except (InvalidOperation, TypeError) as error:\n        return None
try:\n        x = float(value)\n    except Exception:\n        x = 0\n    else:\n        x += 1\n    finally:\n        pass\n    return str(x)
if value is None:\n        raise ValueError("none")\n    return value if len(value) > 1 and (value[0] == "a" or not value[1:]) else "x" if value else None
"""
HELPERS = '''
def format_number(text):
    """Write a number."""
    return text.replace(",", "")
'''


def write(body: str) -> str:
    """A line of `BODIES` as a source."""
    body = body.replace("\\n", "\n")
    constant, separator, rest = body.partition("; ")
    if separator and re.match("[A-Z] = ", constant):
        return f"{HELPERS}\n{constant}\n\ndef f(value):\n    {rest}\n"
    return f"{HELPERS}\n\ndef f(value):\n    {body}\n"


SOURCES = [(line, write(line), "f", False) for line in BODIES.strip().splitlines()]


def read_bench() -> Iterator[tuple[str, str, str, bool]]:
    """The functions that a model wrote, less their imports."""
    folder = os.environ.get("RDC_BENCH_DATA")
    for path in sorted((Path(folder) / "functions").glob("*.py")) if folder else ():
        source = re.sub(r"(?m)^(import|from) .*$", "", path.read_text(encoding="utf-8"))
        match = re.search(r"def (clean_\w+)", source)
        if match:
            yield path.stem, source, match[1], True


def run_in_python(source: str, name: str) -> list[Outcome]:
    """What CPython makes of each value."""
    names: dict[str, Any] = {
        **vars(decimal), "datetime": dt, "decimal": decimal, "json": json, "math": math, "re": re,
        "unicodedata": unicodedata,
    }  # fmt: skip
    exec(compile(source, name, "exec"), names)  # noqa: S102 - the sources are this test's own
    outcomes = []
    for value in VALUES:
        try:
            result = names[name](value)
        except Exception as error:  # noqa: BLE001 - whatever it raises is compared
            outcomes.append(Outcome(None, type(error).__name__))
        else:
            wrong = None if result is None or isinstance(result, str) else "TypeError"
            outcomes.append(Outcome(None if wrong else result, wrong))
    return outcomes


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(recipes="") as sandbox:
        yield sandbox


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::SyntaxWarning")
@pytest.mark.parametrize(
    ("source", "name", "bench"),
    [pytest.param(*case[1:], id=case[0]) for case in (*SOURCES, *read_bench())],
)
def test_an_allowed_function_gives_the_same_in_both_interpreters(
    sandbox: Sandbox, source: str, name: str, *, bench: bool
) -> None:
    problems = check_source(source, name, "column")
    if bench and problems:
        return
    assert problems == ()
    different = []
    for value, ours, theirs in zip(
        VALUES, sandbox.map_column(source, name, VALUES), run_in_python(source, name), strict=True
    ):
        if ours.value != theirs.value or (ours.error is None) != (theirs.error is None):
            different.append((value, ours, theirs))
    assert different == []
