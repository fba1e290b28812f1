"""Every recipe's SQL gives on DuckDB what the recipe gives in Python."""

from __future__ import annotations

import ast
import inspect
from doctest import DocTestParser
from random import Random

import pytest

from rdc import recipes
from rdc.lowering.functions.compiler import lower_function
from rdc.lowering.refusal import NotLowerableError
from tests.lowered import compare_with_python

CALLS = (
    "accounting_negative(value)",
    "add_full_stop(value)",
    "add_prefix(value, 'INV-')",
    "add_suffix(value, ' cm')",
    "collapse_spaces(value)",
    "complete_range(value)",
    "convert_unit(value, {'lb': '16', 'oz': '1'})",
    "country_code(value)",
    "country_code3(value)",
    "country_name(value)",
    "decimal_comma(value)",
    "digits_for_letters(value)",
    "drop_parentheses(value)",
    "drop_trailing_zeros(value)",
    "drop_unreadable(value)",
    "empty_to_null(value)",
    "epoch_to_timestamp(value)",
    "excel_date(value)",
    "expand_fraction(value)",
    "expand_magnitude(value)",
    "expand_scientific(value)",
    "expand_year(value)",
    "extract_number(value)",
    "feet_to_inches(value)",
    "fix_mojibake(value)",
    "format_date(value, '%d/%m/%Y')",
    "format_date(value, '%b %-d, %Y')",
    "format_digits(value, '999-99-9999')",
    "format_ean(value)",
    "format_ean(value, 13)",
    "format_iban(value)",
    "format_iban(value, ' ')",
    "format_isbn(value)",
    "format_issn(value)",
    "format_phone(value, '999-999-9999', '1')",
    "format_phone(value, '999-999-9999', extension=' x')",
    "format_phone(value, '999-999-9999')",
    "format_postcode(value)",
    "format_postcode(value, 'GB')",
    "format_postcode(value, 'NL')",
    "group_thousands(value)",
    "group_thousands(value, ' ')",
    "join_parts(value, 'TX')",
    "keep_digits(value)",
    "language_code(value)",
    "language_code3(value)",
    "language_name(value)",
    "lower_case(value)",
    "map_values(value, {'m': 'male', 'f': 'female'})",
    "map_values(value, {'m': 'male'}, 'other')",
    "map_words(value, {'st': 'Street'})",
    "normalize_email(value)",
    "normalize_number(value)",
    "normalize_unicode(value)",
    "normalize_url(value)",
    "null_containing(value, 'not available')",
    "null_filler(value)",
    "null_if(value, 'n/a', '-')",
    "null_marks(value)",
    "null_tokens(value)",
    "null_unless(value, 'number')",
    "null_unless(value, 'time')",
    "pad_left(value, 5)",
    "pad_number(value, 3)",
    "pad_right(value, 5)",
    "percent_to_number(value)",
    "rejoin_parts(value, ';|')",
    "rejoin_parts(value, ';|,')",
    "remove_symbols(value, '-')",
    "remove_thousands(value)",
    "remove_thousands(value, decimal=',')",
    "repair_text(value)",
    "replace_symbol(value, '_', ' ')",
    "replace_text(value, ' - ', '-')",
    "round_number(value, 2)",
    "round_number(value, 0)",
    "sentence_case(value)",
    "sort_parts(value)",
    "split_part(value, ',', 1)",
    "state_code(value)",
    "state_code(value, 'CA')",
    "state_name(value)",
    "state_name(value, 'CA')",
    "straighten_dashes(value)",
    "straighten_quotes(value)",
    "strip_accents(value)",
    "strip_control(value)",
    "strip_currency(value)",
    "strip_ending(value, 'tx')",
    "strip_leading_zeros(value)",
    "strip_percent(value)",
    "strip_prefix(value, 'Dr.', 'Mr.')",
    "strip_quotes(value)",
    "strip_spaces(value)",
    "strip_suffix(value, 'Inc.', 'Ltd')",
    "strip_symbol(value, '*#')",
    "strip_tracking(value)",
    "strip_unit(value, 'oz', 'ounces')",
    "strip_unit(value)",
    "swap_each(value)",
    "swap_parts(value)",
    "take_between(value)",
    "take_date(value)",
    "time_of_day(value)",
    "time_of_day(value, 'h:mm a.m.')",
    "title_case(value)",
    'title_case(value, "\'")',
    "to_boolean(value)",
    "to_date(value)",
    "to_date(value, order='dmy')",
    "to_date(value, '%d.%m.%Y')",
    "to_e164(value)",
    "to_e164(value, '44')",
    "to_isbn13(value)",
    "to_minutes(value)",
    "to_minutes(value, clock='h:mm')",
    "to_month(value)",
    "to_time(value)",
    "to_timestamp(value)",
    "to_year(value)",
    "unescape_html(value)",
    "upper_case(value)",
    "url_host(value)",
    "us_state_code(value)",
    "us_state_name(value)",
    "write_sizes(value, 'cm', {'mm': '0.1'})",
    "write_unit(value, 'oz', 'ounce', 'ounces')",
    "zip_five(value)",
)
"""Each recipe with each kind of argument that makes other SQL of it."""
REFUSED = {
    "format_dates(value, '%-d %B %Y')": "a look-around in the regular expression",
}
LEFT_TO_PYTHON = {
    "unescape_html(value)": {"Fish &amp;amp; Chips&#39;"},
}
"""Examples of ASCII text that a recipe's SQL is not for."""
UNUSUAL = (
    None, "", " ", "\n", "\t", "a\n", "12\n", "12\x1f", "\x1c12\x1d", "12\x00", "\x00", "a\x00b", "\x7f", "\x1b[0m", "\x85",
    "\r\n", "\x0b1\x0c", "\u0130", "\u0130stanbul", "\xdf", "Stra\xdfe", "\u0149", "\u01c6", "\ufb01", "\u0661\u0662\u0663",
    "\uff11\uff12", "x\xa012", "\xa0 12\u2003", "\u200b12", "12\u0301", "e\u0301", "\xe9", "\u2167", "\xbd", "2\xbc", "\xb2",
    "\u017f", "\u212a", "\u2028a", "\ue000", "a\ue000b\ue001", "\ufeffa", "\U0001f600", "\u03a3\u0391\u03a3", "x\u0345",
    "\xc3\xa9", "\xe2\u20ac\u2122", "\xef\xbb\xbfa", "'", '"', "''", '""', "\\", "%", "\\1", "$", "{0}", "a" * 300, "9" * 40,
    "0" * 30, "-", "--", "+", ".", "..", ",", ",,", "-.", "+.5", "-0", "-0.0", "1e5", "1E-4", "inf", "nan", "1_000", " 1 ",
    "1,234,567", "1.234.567,89", "(1,2)", "(5)", "[a](b)", "a;b;;c", ",,a,,", "a, b, c", "a,b", " , ", "100%", "null", "N/A",
    "none\n", "TRUE", "a  b", "a/b-c", "o'neil", "&amp;amp;", "&#65;", "2020-02-30", "31/12/1999", "1/2/03", "0000-01-01",
    "9999-12-31", "Feb 29, 1900", "Feb 29 2000", "24:00", "23:59:60", "12 am", "12:60", "\u0661/\u0662/\u0662\u0660\u0662\u0660",
)  # fmt: skip
INSERTED = " \t\n\x00\x1f\x85\xa0\u0130\xdf\u0663'\"\\.,-+/:;()&%$#_059aAzZxX"
MUTATIONS = 150


def name_of(call: str) -> str:
    return call.partition("(")[0]


def read_examples(name: str) -> list[str]:
    """What a recipe is called with in its examples."""
    found = []
    for example in DocTestParser().get_examples(getattr(recipes, name).__doc__ or ""):
        for node in ast.walk(ast.parse(example.source)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                told = eval(compile(ast.Expression(node.args[0]), "example", "eval"))  # noqa: S307 - of rdc's own
                found += [told] if isinstance(told, str) else []
    return found


def mutate(random: Random, text: str) -> str:
    """A text with one character more, less, or another one, or in another case."""
    at = random.randrange(len(text) + 1)
    how = random.randrange(5)
    if how < 2:
        return text[:at] + random.choice(INSERTED) + text[at + how :]
    return (text[:at] + text[at + 1 :], text.upper(), text + text[-2:])[how - 2]


def choose_values(name: str) -> list[str | None]:
    """The examples of a recipe, their neighbours, and what is unusual."""
    examples, random = read_examples(name) or ["a b"], Random(name)  # noqa: S311 - the same values each time
    near = [mutate(random, mutate(random, random.choice(examples))) for _ in range(MUTATIONS)]
    return list(dict.fromkeys([*examples, *near, *UNUSUAL]))


def test_every_recipe_is_named() -> None:
    named = {name_of(call) for call in (*CALLS, *REFUSED)}
    assert named == {name for name in recipes.__all__ if inspect.isfunction(getattr(recipes, name))}


@pytest.mark.parametrize("call", CALLS)
def test_sql_gives_what_the_recipe_gives(call: str) -> None:
    name = name_of(call)
    header = f"from rdc.recipes import {name}"
    compared = compare_with_python(header, f"return {call.replace('(value', '(x', 1)}", choose_values(name))
    assert not compared.differing
    outside = {text for text in read_examples(name) if text.isascii() and text in compared.outside}
    assert outside == LEFT_TO_PYTHON.get(call, set())


@pytest.mark.parametrize("call", REFUSED)
def test_what_has_no_sql_says_why(call: str) -> None:
    source = f"from rdc.recipes import {name_of(call)}\ndef clean(value):\n    return {call}\n"
    with pytest.raises(NotLowerableError) as refused:
        lower_function(source, "clean")
    assert refused.value.reason == REFUSED[call]
