"""What is rewritten so that it costs less gives what Python gives, on text made to tell the two apart."""

from __future__ import annotations

from itertools import product

import pytest
from sqlglot import exp

from rdc.lowering.functions.compiler import lower_function
from rdc.lowering.functions.hoister import hoist
from tests.lowered import compare_with_python

ENDS = (
    "", " ", "  ", "\t", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x1f", "\x00", "\x08", "\x1b", "\x7f", "\x85", "\xa0",
    "\u1680", "\u2003", "\u2028", "\u3000", "\u200b", "\ufeff", "!", "~", "~~", "~~~", "é", "e\u0301", "\U0001f600",
    ".", "..", "$", "_", "-", "0", "a", "Z",
)  # fmt: skip
INNERS = (
    "", " ", "  ", "\t", " \t", "\t ", "\n\n", "\x1d", "\xa0", " \xa0", "\u2003\u2003", "a b", "a  b", "a\tb", "$1,234.50",
    "o'neil mc-donald", "3rd of may", "x_y", "ÀB", "a\ue000b", ".", "...", "12", "1_000", "1e5", "nan", "-0", "+7",
)  # fmt: skip
TEXTS = [None, *dict.fromkeys(f"{one}{inner}{other}" for one, inner, other in product(ENDS, INNERS, ENDS))]
DATES = [
    None, "", "1/2/2020", "01/02/2020", "01/02/2020\n", "13/13/2020", "2020-01-02", "2020-1-2", "\u0660\u0661/\u0660\u0662/\u0662\u0660\u0662\u0660", "1/2/20201",
    " 1/2/2020", "a1/2/2020", "1/2/2020b", "//", "1//2020", "ab", "a-b", "a-", "-b", "-", "a-b-c", "A1", "A1B22", "A",
    "é-b", "a-é", "a-b\n", "\n", "a\nb", "x" * 500, "12-" * 100,
]  # fmt: skip
ON_TEXTS = {
    "strip": "return x.strip()",
    "strip on the left": "return x.lstrip()",
    "strip on the right": "return x.rstrip()",
    "strip of one character": "return x.strip('.')",
    "strip of a few": "return x.rstrip('.~')",
    "strip of many": "return x.strip('.,;:!$ ')",
    "strip of ASCII text": "return x.strip().lower()",
    "strip twice": "return x.strip().strip('_').strip()",
    "white space as one space": r"return re.sub(r'\s+', ' ', x)",
    "white space as one space in ASCII text": r"return re.sub(r'\s+', ' ', x).upper()",
    "white space and marks as one mark": r"return re.sub(r'[\s_-]+', '-', x)",
    "spaces as one space": "return re.sub(r' +', ' ', x)",
    "white space as another mark": r"return re.sub(r'\s+', '_', x)",
    "characters left out": "return re.sub(r'[$,]', '', x)",
    "characters and a word left out": r"return re.sub(r'[ $(),]|USD', '', x)",
    "words left out": r"return re.sub(r'ab|cd|1\.', '', x)",
    "words that share characters left out": r"return re.sub(r'[ab]|ba|c', '', x)",
    "a run or a word left out": r"return re.sub(r'[ $]+|mac', '', x)",
    "six characters left out": r"return re.sub(r'[-_.,~ ]', '', x)",
    "runs of characters left out": "return re.sub(r'[$,.]+', '', x)",
    "characters written as another": "return re.sub(r'[$,]', '.', x)",
    "characters written as one of them": "return re.sub(r'[$,]', '$', x)",
    "a class left out": "return re.sub(r'[^0-9]', '', x)",
    "a class with brackets left out": r"return re.sub(r'[\]\[^a-z]', '', x)",
    "all but word characters left out": r"return re.sub(r'[^\w\s]', '', x)",
    "title": "return x.title()",
    "title of stripped text": r"return re.sub(r'\s+', ' ', x.strip()).title()",
    "stripped to be a word": "return 'yes' if x.strip() in ('', 'a', '12', ' b', '_', '$1,234.50') else x",
    "stripped to be a small word": "return None if x.strip().lower() in ('', 'az', 'x_y', 'A', '...z') else x",
    "stripped of marks to be nothing": "return 'none' if x.strip('.$_-') == '' else x",
    "stripped of marks to be a small word": "return 'none' if x.strip('.$_-^]').lower() == '0a' else x",
    "stripped to be a word and no more": "return x.strip() if x.strip() == 'a b' else x",
    "parts stripped to be words": "return '-'.join(p for p in x.split('.') if p.strip().lower() in ('a', '', 'z'))",
    "filled with zeros": "return x.zfill(0) + x.zfill(1) + x.zfill(3) + x.zfill(39) + x.zfill(41)",
    "filled on the left": "return x.rjust(4, 'é') + x.strip().rjust(2) + x.rjust(40, '.')",
    "filled on the right": "return x.ljust(4, '.') + x.strip().ljust(2) + x.ljust(45, '-')",
    "parts that are filled": "return '-'.join(part.zfill(2).ljust(3, '.') for part in x.split(' '))",
    "titles of words": "return ' '.join(word.strip('.').title() for word in x.split(' '))",
    "a float or the text": "try:\n    return str(float(x.replace(',', '')) + 0.5)\nexcept ValueError:\n    return x",
    "an integer or the text": "try:\n    return str(int(x) + 1)\nexcept ValueError:\n    return x.strip()",
    "integers of parts": "return ','.join(str(int(part)) for part in x.split(' '))",
}
ON_DATES = {
    "one group": r"m = re.match(r'([a-z]+)-', x)" "\nreturn m.group(1) if m else None",
    "one group that may be empty": r"m = re.match(r'([a-z]*)-', x)" "\nreturn m.group(1) if m else 'none'",
    "one group that may be missing": r"m = re.match(r'([A-Z])([0-9]+)?$', x)"
    "\nreturn (m.group(2) or '?') if m else x",
    "a group in another": r"m = re.search(r'((?:a|b)+)-', x)" "\nreturn m.group(1) if m else 'none'",
    "one of two ways": r"m = re.fullmatch(r'(a)|(b)-?', x)" "\nreturn m.group(1) if m else 'none'",
    "several groups": r"m = re.match(r'^(\d{1,2})/(\d{1,2})/(\d{4})$', x)"
    "\nif m:\n    return f'{m.group(3)}-{int(m.group(1)):02d}-{int(m.group(2)):02d}'\nreturn x.strip()",
    "groups and the match": r"m = re.search(r'([a-z])-([a-z])', x)"
    "\nreturn m.group(0) + m.group(2) + m.group(1) if m else None",
    "several patterns": r"m = re.match(r'(\d+)/(\d+)', x)"
    "\nif m:\n    return m.group(2) + m.group(1)\n"
    r"m = re.match(r'([a-z]+)-([a-z]+)', x)"
    "\nif m and m.group(2) != 'b':\n    return m.group(2) + m.group(1)\nreturn None",
}


@pytest.mark.parametrize("body", ON_TEXTS.values(), ids=ON_TEXTS)
def test_what_seldom_changes_a_text_is_still_done_where_it_does(body: str) -> None:
    compared = compare_with_python("import re", f"if x is None:\n    return None\n{body}", TEXTS)
    assert compared.differing == []
    assert len(compared.outside) < len(TEXTS)


@pytest.mark.parametrize("body", ON_DATES.values(), ids=ON_DATES)
def test_groups_that_are_taken_out_at_once_are_what_python_takes_out(body: str) -> None:
    compared = compare_with_python("import re", f"if x is None:\n    return None\n{body}", DATES)
    assert compared.differing == []
    assert len(compared.outside) < len(DATES) / 2


def test_titles_are_told_from_what_is_to_become_one() -> None:
    words = [None, *map("".join, product("aBz9' \n", repeat=5))]
    compared = compare_with_python("", "return None if x is None else x.title()", words)
    assert compared.differing == []
    assert compared.outside == []


SPACES = (
    "", " ", "\t\n", "\x0b\x0c\r", "\x1c\x1d\x1e\x1f", "\x85", "\xa0", "\u2028\u3000", "\u200b", "\x1b", "\x00",
)  # fmt: skip
WORDS = (
    "", "n/a", "N/A", "N/a", "n/A", "n /a", "na", "-", "[x]", "[X]", "\u212a", "k", "K", "\u017f", "s", "ﬁ", "fi",
    "n/an/a",
)  # fmt: skip


def test_words_are_found_in_all_cases_with_all_that_is_stripped_around_them() -> None:
    values = [None, *(f"{one}{word}{other}" for one, word, other in product(SPACES, WORDS, SPACES))]
    missing = "('', 'n/a', '-', '[x]', 'k', 's', 'fi', 'N/A')"
    for method in ("strip().lower()", "strip()"):
        body = f"return None if x is None or x.{method} in {missing} else 'there'"
        compared = compare_with_python("", body, values)
        assert compared.differing == []
        assert all(not value.isascii() for value in compared.outside)


def test_words_and_characters_are_left_out_as_they_stood_at_first() -> None:
    texts = [
        None,
        *map("".join, product("USD $", repeat=6)),
        "USUSDD",
        "U SD",
        "UUSDSD",
        "usd",
        "USDé",
        "\x00USD",
    ]
    for pattern in (
        "[ $]|USD",
        "USD|[ $]",
        " |USD",
        "US|D",
        "USD| |D",
        "[ $U]|SD",
        "(?:USD| )",
        "[^D]|USD",
        "US|D[$]",
        "US|[$]D",
    ):
        body = f"return None if x is None else re.sub(r'{pattern}', '', x)"
        compared = compare_with_python("import re", body, texts)
        assert compared.differing == []
        assert compared.outside == []


def _print(body: str) -> str:
    lowered = lower_function(f"import re\ndef clean(x):\n{body}", "clean")
    hoisted = hoist(
        {"value": lowered.outputs["value"], "domain": lowered.domain}, {"value": exp.column("cell")}
    )
    results = [exp.alias_(made, name) for name, made in hoisted.results.items()]
    return hoisted.select(exp.select(*results), exp.to_table("cells")).sql("duckdb")


def test_several_groups_of_a_match_are_one_search() -> None:
    query = _print(
        "    m = re.match(r'([a-z]+)-([a-z]+)-([a-z]+)', x or '')\n"
        "    return m.group(1) + m.group(3) + m.group(2) if m else None\n"
    )
    assert query.count("REGEXP_EXTRACT") == 1


def test_the_group_of_a_match_tells_whether_there_is_one() -> None:
    query = _print("    m = re.match(r'([a-z]+)-', x or '')\n    return m.group(1) if m else None\n")
    assert query.count("REGEXP_") == 1


def test_what_is_stripped_only_to_be_one_of_a_few_words_is_looked_at_once() -> None:
    query = _print("    return None if x is None or x.strip().lower() in ('', 'n/a') else x\n")
    assert query.count("REGEXP_MATCHES") == 1
    assert "TRIM" not in query


def test_what_few_rows_take_is_not_made_for_all_of_them() -> None:
    query = _print(
        "    if x is None:\n        return None\n"
        "    if re.search(r'[0-9]', x):\n"
        "        rest = re.sub(r'[^a-z]', '', x)\n        return rest + rest + rest\n    return x\n"
    )
    made = query[: query.index("REGEXP_REPLACE")]
    assert query.count("REGEXP_REPLACE") == 1
    assert made.rindex("CASE WHEN _1 THEN") > made.rindex("FROM")


def test_what_follows_where_nothing_was_found_is_made_there_alone() -> None:
    table = {f"k{number}": str(number) for number in range(9)}
    body = (
        f"    table = {table}\n"
        "    if x in table:\n        return table[x]\n"
        "    word = re.sub(r'[^a-z0-9]', '', x or '')\n"
        "    return table[word] if word in table else word\n"
    )
    made = _print(body)
    made = made[: made.index("REGEXP_REPLACE")]
    assert made.endswith(" IS NULL THEN ")
    compared = compare_with_python(
        "import re", body.replace("\n    ", "\n"), ["k1", "k-1", "k", "", "k_8", "\t"]
    )
    assert compared.differing == []
    assert compared.outside == []


def test_white_space_of_all_kinds_is_stripped_as_python_does() -> None:
    spaces = [chr(code) for code in range(0x3001) if chr(code).isspace() or not chr(code).isprintable()]
    values = [None, *(f"{one}{inner}{one}" for one in spaces for inner in ("", "a", "a b", " a ", "é"))]
    for method in ("strip", "lstrip", "rstrip"):
        compared = compare_with_python("", f"return None if x is None else x.{method}()", values)
        assert compared.differing == []
        assert compared.outside == []


def test_what_is_about_items_of_lists_is_not_written_over_and_over() -> None:
    body = "re.sub(r'[0-9]+', 'x', part)" + ".strip().strip('.')" * 6
    query = _print(f"    return ','.join({body} for part in (x or '').split(';'))\n")
    assert query.count("REGEXP_REPLACE") == 1


def test_divisions_that_few_rows_ask_for_fail_for_none() -> None:
    body = (
        r"m = re.fullmatch(r'(\d{1,3})/(\d{1,3})', x or '')"
        "\nif m and int(m.group(2)) != 0:\n    whole = int(m.group(1)) // int(m.group(2))\n"
        "    return f'{whole} {whole * 2} {int(m.group(1)) % int(m.group(2))}'\nreturn x"
    )
    compared = compare_with_python("import re", body, [None, "3/0", "0/0", "7/2", "7/", "x", "12/5"])
    assert compared.differing == []
    assert compared.outside == []
