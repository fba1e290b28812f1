"""Regular expressions that are printed for DuckDB find, capture and replace there what they do in CPython."""

# ruff: noqa: RUF001, S311  # look-alikes are what is tested, tables hold flags, chance is seeded

from __future__ import annotations

import re
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from sqlglot import exp

from rdc.engines.duckdb import DuckDBEngine
from rdc.engines.re2.regex import Regex, full, prefix, render_regex
from rdc.engines.re2.replacement import LAST_GROUP, render_replacement
from rdc.engines.re2.unlike import UnlikeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

I, M, S, X, A = re.IGNORECASE, re.MULTILINE, re.DOTALL, re.VERBOSE, re.ASCII  # noqa: E741 - as in `re`

# fmt: off
# What a cleaner may meet, and what it hopes not to.
PLAIN = (
    *("", " ", "a", "b", "ab", "aab", "abc", "A", "0", "7", "42", "-3.5", "+1", "1,234.50", "$1,234", "€ 9"),
    *("1st", "2nd", "23rd", "4th of", "10.1.2.3", "256.1.1.999", "2021-03-04", "3/14/2021", "Mar 4, 2021"),
    *("a@b.co", "x.y@z.example.org", "http://www.example.org/a/b?c=d", "HTTPS://Example.ORG", "www.x.y",
      "doi:10.1/x"),
    *("(555) 123-4567", "555-123-4567", "+44 20 7946 0958", "#fff", "#FF00aa", "#tag #two#3", "ab12cd3"),
    *("5'11\"", "5 ft 11 in", "170cm", "3.5 KB", "3.5kb", "10-12", "10–12", "N 12.5, W 3", "12.5N"),
    *("CUST-0042", "cust-42", "[a, b]", "['x', \"y\"]", "a;b,c|d", "a--b", "a__b", "foo_bar", "foo bar"),
    *("The Quick", "the the", "kg", "KG", "Kg", "Straße", "STRASSE", "N/A", "n/a", "null", "None", "true",
      "0.0"),
    *("12.0", "1.0.0", ".5", "5.", "1e5", "1_000", "0x1F", "---", "...", "a.b", "a+b", "a*b", "a?b", "a|b",
      "a^b", "a$b"),
    *("a\\b", "\\1", "\\d", "{2}", "a{2}", "}{", "][", "()", "(a)", "((a))", "<b>x</b>", "&amp;", "'", '"',
      "`", "~"),
)
NASTY = (
    *("\n", "a\n", "\na", "a\nb", "a\n\n", "a\r\n", "\r", "a\rb", "1\n", "42\n", "\n\n", "ab\nab\n", "a \n",
      " \n "),
    *("\t", "a\tb", "\x0b", "\x0c", "\x00", "a\x00b", "\x1c", "\x1d1", "\x1e", "a\x1fb", "\x7f", "\x80",
      "\x85", "a\x85"),
    *("\xa0", "a\xa0b", "\u1680", "\u180e", "\u2003x", "\u2028", "a\u2029", "\u202f", "\u3000", "\u200b",
      "\ufeffa"),
    *("İ", "ı", "i̇", "ſ", "\u212a", "K\u212ak", "ß", "ẞ", "ŉ", "ﬁ", "é", "É", "e\u0301", "a\u0301b",
      "naïve", "Ünïcödé"),
    *("٣", "१२३", "１２", "²", "½", "Ⅷ", "①", "12٣4", "𝟘", "日本語", "日本 語", "Ж", "жЖ", "Σσς", "µμ", "Å\u212b",
      "中文123"),
    *("😀", "a😀b", "👩‍👩‍👧", "\U0010ffff", "\U0001d11e", "\ud7ff", "\ue000", "\ufffd", "°", "12.5°", "£5",
      "¿", "x" * 300),
    *("ab" * 90, "1" * 40, "a b " * 30, "," * 20, " " * 50, "\n" * 9, "a,b," * 20, "ſS", "sſ",
      "KELVIN \u212a", "ii İ ı"),
)
# fmt: on


def invent(seed: int, alphabet: str, count: int, longest: int) -> list[str]:
    random = Random(seed)
    return ["".join(random.choices(alphabet, k=random.randint(1, longest))) for _ in range(count)]


TEXTS = tuple(
    dict.fromkeys(
        (*PLAIN, *NASTY, *invent(1, "ab1 \n.", 30, 6), *invent(2, "aAbB01,.- \té\xa0ıſ\n_#$", 40, 12))
    )
)

# fmt: off
# Pattern, or pattern and flags.
PATTERNS: tuple[str | tuple[str, int], ...] = (
    # Literals, and what must be escaped.
    *("", "a", "ab", "abc", r"\.", r"\$", "€", "日本", r"\\", r"\|", r"a\+b", r"\{2\}", "{", "}", "a{", "]", "-", "#", "'", '"'),
    *(r"\x00", r"\t", r"\n", r"\x85", "\x7f", "😀", "é", "\u0301", r"\u00e9", r"\N{EURO SIGN}", r"\/", r"\-", r"\ ", "\u212a", "ß"),
    # Classes.
    *(".", "[a]", "[abc]", "[^a]", "[^abc]", "[a-c]", "[^a-c]", "[a-zA-Z]", "[^a-zA-Z0-9]", r"[\]\[]", r"[\\^-]", "[-a]", "[a-]", "[.]"),
    *(r"\d", r"\D", r"\s", r"\S", r"\w", r"\W", r"[\d.]", r"[^\d.]", r"[^\d\s]", r"[\w.-]", r"[^\w\s]", r"[\s\S]", r"[\d\D]", r"[^\s]"),
    *(r"[\W_]", r"[^\W\d]", r"[\x00-\x1f\x7f]", r"[\x80-\xff]", r"[^\x00-\x7f]", "[€$£]", r"[\[\]\s]", "[St|Ave]", r"[\u0300-\u036f]"),
    *("[😀-😂]", r"[\ud7ff-\ue000]", "[^^]", "[+-.]", "[ -~]", "[^ -~]", "[é-ÿ]"),
    # Repeats.
    *("a*", "a+", "a?", "a*?", "a+?", "a??", "a{2}", "a{2,}", "a{,2}", "a{1,2}", "a{1,2}?", "a{1}", "a{1}?", "(?:ab)+", "(?:ab)*c"),
    *(r"\s+", r"\s*", r"\d+", r"\d{1,3}", r"\d{4}", "(?:a|b)+", "(?:a|ab)+", "(?:ab|a)*b", "x{300}", "a{0,1000}", r"(?:\d{1,3}\.){3}\d{1,3}"),
    *("(?:a?b)+", "(?:a?)?", "(?:a*)?b", "(?:a|)?b", "a*b*", "a?b?c?", "(?:ab)?a*"),
    # Alternatives.
    *("a|b", "a|ab", "ab|a", "a|", "|a", "a||b", "(?:a|)b", "st|nd|rd|th", "a|b|1", r"\$|,", "oz|ounce(s)", "abc|abd|a", r"^\s+|\s+$", "^a|b$"),
    *(r"\d+|[a-z]+", r"^\s*|\s*$", "(?:|a)b", '"[^"]+?"|[^\\[\\]]+|,'),
    # Places.
    *("^", "$", r"\A", r"\Z", r"\b", "^a", "a$", "^a$", "^$", r"\Aa\Z", r"a\Z", r"\ba", r"a\b", r"\bab\b", r"\b\w+\b", "a$\n", "$a", "a^"),
    *(r"^\d+$", r"^[a-z]+$", "^(a|b)$", r"\n$", "a*$", "^a*", r"(?:^|,)a", "a(?:,|$)", r"\.0$", "%$", r".*$", r".+", r".*"),
    *(("^a", M), ("a$", M), ("^", M), ("$", M), ("^$", M), (r"^\s*$", M), (r"\Aa\Z", M), (r"^.*$", M | S), ("(?m)^b", 0)),
    # Flags.
    *(("k", I), ("s", I), ("i", I), ("x", I), ("kg", I), ("[a-z]+", I), ("[^a-z]", I), ("[A-Z]$", I), ("é", I), ("ß", I), ("[à-ÿ]", I)),
    *(("\u212a", I), ("ſ", I), ("İ", I), ("ı", I), ("[^k]", I), ("[^\u212a]", I), ("[€$]", I), ("https?://", I), (r"\bthe\b", I), ("日", I)),
    *(("[a-z]", I | A), ("k", I | A), (r"\w+", A), (r"\d", A), (r"\s", A), (r"\bab\b", A), (r"[^\W]", A), (r"\S", A), ("é", I | A)),
    *((".", S), (".*", S), ("a.b", S), ("(?s)a.b", 0), ("(?i)kb", 0), ("a(?i:b)c", 0), ("(?i:a)B", 0), ("(?-i:a)b", I), ("(?s:.).", 0)),
    *(("a b # c", X), (r"a\ b", X), ("[ ]a", X), ("(?x) a + ", 0), (r"(?u:\s)", 0), (r"(?a:\s)", A), ("a.*b", S), ("^a.b$", S), ("^a.*", S), ("^a_b", 0), ("_", 0), ("a%", S), ("^%.*_$", S), ("(?i:)", 0), ("(?:|)", 0), ("^(?:)$", 0), ("(?i:[k-m])+", 0), ("(?s-i:.a)", I)),
    # Groups.
    *("(a)", "(a)(b)", "((a)b)", "(a)|(b)", "(a)?b", "(a)?(b)?", "(a*)", "(a*)b", "(a|b)+", "(ab)*", "(a)*b", "(?P<x>a)(?P<y>b)?", "()a"),
    *(r"(\d+)(st|nd|rd|th)", r"(\d+)[-–](\d+)", r"(\d{4})-(\d{2})-(\d{2})", r"([-+]?\d+\.\d+)(N|S)?", r"^\((\d{3})\) (\d{3})-(\d{4})$"),
    *(r"(\w+)@(\w+)\.(\w+)", r"^https?://(?:www\.)?([^/]+)(?:/.*)?$", r"(\d+(?:\.\d+)?)\s*([KMG]B)?", r"(?:(a)b)?", "(?:(a)b|a)", "(a?)(b?)"),
    *(r"(\d)'\s*(\d+)", r"([a-fA-F0-9]{2})" * 3, r"^(\w)(\w*)$", r"(?:(\d+),)+", "(a+?)(a*)", "(.*?),(.*)", "(a|(b))", "(a{1,2}){2}", "(?:(a)|b)"),
    *(r"(?P<d>\d+)\s*(?P<u>oz|in|ft)\b", "((((a))))", "(a)(b)(c)?" + "()" * 9, r"(\s*)$", r"^(\s*)", "(?:(a)(b)?)?"),
)
# fmt: on

TEMPLATES = ("", "-", r"<\g<0>>", r"\\", "a\nb", r"\1", r"[\1|\g<1>]", r"\2\1", r"\g<y>")


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    engine = DuckDBEngine()
    engine.load("texts", {"t": list(TEXTS)})
    yield engine
    engine.close()


def quote(text: str) -> str:
    return exp.Literal.string(text).sql("duckdb")


def render_templates(regex: Regex, *, once: bool) -> dict[str, str]:
    """Those of the templates that can be rendered."""
    rendered = {}
    for template in TEMPLATES:
        try:
            rendered[template] = render_replacement(template, regex, once=once)
        except UnlikeError as error:
            assert "can be empty" in error.reason or "invalid" in error.reason  # noqa: PT017 - others are none
    return rendered


def write_query(regex: Regex) -> str:
    ways = [quote(text) for text in (regex.text, prefix(regex), full(regex))]
    groups = range(min(regex.groups, LAST_GROUP) + 1)
    columns = [f"regexp_matches(t, {way})" for way in ways]
    columns += [f"regexp_extract(t, {way}, {group})" for way in ways for group in groups]
    if regex.settled:
        columns += [f"regexp_extract_all(t, {ways[0]}, {group})" for group in groups]
    for once, flags in ((True, ""), (False, ", 'g'")):
        rewrites = render_templates(regex, once=once).values()
        columns += [f"regexp_replace(t, {ways[0]}, {quote(rewrite)}{flags})" for rewrite in rewrites]
    if regex.groups == 0 and regex.min_width > 0:
        columns.append(f"string_split_regex(t, {ways[0]})")
    return f"SELECT {', '.join(columns)} FROM texts ORDER BY __rdc_row"  # noqa: S608 - our own


def expect(
    compiled: re.Pattern[str], regex: Regex, templates: Sequence[tuple[bool, str]], text: str
) -> Iterator[Any]:
    matches = [compiled.search(text), compiled.match(text), compiled.fullmatch(text)]
    groups = range(min(regex.groups, LAST_GROUP) + 1)
    yield from (match is not None for match in matches)
    yield from ((match[group] or "") if match else "" for match in matches for group in groups)
    if regex.settled:
        found = list(compiled.finditer(text))
        yield from ([match[group] for match in found] for group in groups)
    yield from (compiled.sub(template, text, count=once) for once, template in templates)
    if regex.groups == 0 and regex.min_width > 0:
        yield compiled.split(text)


def in_domain(regex: Regex, text: str) -> bool:
    return not (regex.needs_ascii and not text.isascii()) and not (
        regex.no_final_newline and text.endswith("\n")
    )


def compare(engine: DuckDBEngine, pattern: str, flags: int, longest: int = 400) -> Regex:
    """Ask the engine and CPython the same of all texts in the domain, and check what is said of the matches."""
    regex = render_regex(pattern, flags)
    compiled = re.compile(pattern, flags)
    templates = [
        (once, template) for once in (True, False) for template in render_templates(regex, once=once)
    ]
    rows = engine.query(write_query(regex))
    for text, row in zip(TEXTS, rows, strict=True):
        if in_domain(regex, text) and len(text) <= longest:
            assert list(row) == list(expect(compiled, regex, templates, text)), (pattern, text, regex.text)
    check_claims(compiled, regex, longest)
    return regex


def check_claims(compiled: re.Pattern[str], regex: Regex, longest: int) -> None:
    for text in filter(lambda text: in_domain(regex, text) and len(text) <= longest, TEXTS):
        for match in compiled.finditer(text):
            assert regex.min_width <= len(match[0]) <= (regex.max_width or len(match[0]))
            assert match.start() == 0 or not regex.anchored_start
            assert match.end() == len(text) or not regex.anchored_end
            assert regex.literal in (None, match[0])
            for group in range(regex.groups + 1):
                assert match[group] is not None or regex.group_may_be_missing[group]
                assert match[group] != "" or regex.group_can_be_empty[group]
        if regex.characters:
            members, run = regex.characters.members, regex.characters
            fits = all(any(low <= ord(one) <= high for low, high in members.ranges) for one in text)
            fits = fits and run.least <= len(text) <= (len(text) if run.most is None else run.most)
            assert fits == bool(compiled.fullmatch(text))


def with_flags(patterns: Iterable[str | tuple[str, int]]) -> list[tuple[str, int]]:
    return [(pattern, 0) if isinstance(pattern, str) else pattern for pattern in patterns]


@pytest.mark.parametrize(("pattern", "flags"), with_flags(PATTERNS))
def test_a_pattern_finds_on_duckdb_what_it_finds_in_python(
    pattern: str, flags: int, engine: DuckDBEngine
) -> None:
    compare(engine, pattern, flags)


def invent_pattern(random: Random, depth: int) -> str:
    """Write a pattern of parts that go wrong together: empty ones, lazy ones, groups and places."""
    if depth == 0:
        return random.choice(["a", "b", "1", "[ab]", "[^a]", ".", r"\s", "^", "$", r"\b", r"\d", "", "ab"])
    inner = [invent_pattern(random, depth - 1) for _ in range(random.randint(1, 3))]
    match random.randint(0, 4):
        case 0:
            return "|".join(inner)
        case 1:
            return f"({'|'.join(inner)})"
        case 2:
            return (
                f"(?:{''.join(inner)}){random.choice(['*', '+', '?', '{2}', '{1,2}', '*?', '+?', '??', ''])}"
            )
        case 3:
            return f"({''.join(inner)}){random.choice(['+', '?', '??', '{2}', '{1,2}', '*', ''])}"
        case _:
            return "".join(inner)


def test_invented_patterns_find_on_duckdb_what_they_find_in_python(engine: DuckDBEngine) -> None:
    random = Random(5)
    patterns = [invent_pattern(random, random.randint(1, 3)) for _ in range(150)]
    compared = 0
    for pattern in patterns:
        try:
            compare(engine, pattern, random.choice([0, 0, I, M, S]), longest=12)
        except UnlikeError as error:
            assert "the regular expression" in error.reason  # noqa: PT017 - others are compared
        else:
            compared += 1
    assert compared > 90


def test_repeats_up_to_what_duckdb_takes_are_rendered(engine: DuckDBEngine) -> None:
    for pattern in ("a{1000}", "(?:a{100}){10}", "(?:a{500}){2,}", "(?:a{1000})+", r"(?:\s\S\w[^\d]){1000}"):
        compare(engine, pattern, 0)
