"""Findings and goals -> the recipes that a prompt names; a recipe that nothing calls for is left out."""

from __future__ import annotations

import ast
import doctest
import inspect
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdc import recipes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdc.artifacts.plan import Task

MOST = 6
CASES = frozenset({"lower_case", "upper_case", "title_case", "sentence_case"})

# By the name of a finding, of a number's shape, or of a column's type.
CUES: dict[str, tuple[str, ...]] = {
    "unit_suffix": ("strip_unit",),
    "unit": ("strip_unit",),
    "currency": ("normalize_number",),
    "currency_symbol": ("normalize_number",),
    "mixed_number_shapes": ("normalize_number",),
    "thousands": ("normalize_number",),
    "thousands_separator": ("normalize_number",),
    "decimal_comma": ("normalize_number",),
    "percent": ("strip_percent", "percent_to_number"),
    "percent_sign": ("strip_percent", "percent_to_number"),
    "accounting": ("accounting_negative",),
    "accounting_negative": ("accounting_negative",),
    "scientific": ("expand_scientific",),
    "trailing_zeros": ("drop_trailing_zeros",),
    "leading_zeros": ("strip_leading_zeros", "pad_left"),
    "lost_leading_zeros": ("pad_left",),
    "mixed_dates": ("to_date",),
    "date": ("to_date",),
    "timestamp": ("to_timestamp",),
    "mixed_times": ("to_time",),
    "boolean_spellings": ("to_boolean",),
    "boolean": ("to_boolean",),
    "mixed_case": ("lower_case", "upper_case", "title_case", "sentence_case"),
    "outer_space": ("collapse_spaces",),
    "inner_space": ("collapse_spaces",),
    "non_breaking_space": ("collapse_spaces",),
    "null_token": ("null_tokens",),
    "empty": ("empty_to_null",),
    "mojibake": ("fix_mojibake",),
    "html_entity": ("unescape_html",),
    "smart_quotes": ("straighten_quotes",),
    "control_character": ("strip_control",),
    "mixed_phones": ("format_phone",),
    "symbol": ("strip_symbol", "remove_symbols"),
}

# By the words of a goal.
WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"\bunits?\b", ("strip_unit",)),
    (r"currenc|dollar|euro|price|amount", ("normalize_number",)),
    (r"thousand|comma|separator", ("normalize_number",)),
    (r"plain number|numeric", ("normalize_number",)),
    (r"trailing zero", ("drop_trailing_zeros",)),
    (r"percent", ("strip_percent", "percent_to_number")),
    (r"round|decimals?\b", ("round_number",)),
    (r"leading zero|\bdigits? long|\b\w+ digits\b", ("pad_left", "keep_digits")),
    (r"\bdates?\b|iso 8601|yyyy", ("to_date",)),
    (r"\btime of day|clock|hh:mm", ("to_time",)),
    (r"timestamp|date and time", ("to_timestamp",)),
    (r"\byes\b|true|false|boolean", ("to_boolean",)),
    (r"\bstate names?|full state|states?\b.*(in full|full name|written out)", ("us_state_name",)),
    (r"\bstates?\b", ("us_state_code", "upper_case")),
    (r"\bcountr.*(alpha-?3|three)", ("country_code3",)),
    (r"\bcountr.*\bname", ("country_name",)),
    (r"\bcountr", ("country_code",)),
    (r"\blanguages?\b.*(three|639-[23]|marc)", ("language_code3",)),
    (r"\blanguages?\b.*\bname", ("language_name",)),
    (r"\blanguages?\b.*\bcode", ("language_code",)),
    (r"phone", ("format_phone", "keep_digits")),
    (r"e\.?164", ("to_e164",)),
    (r"e-?mail", ("normalize_email",)),
    (r"\burl|web ?site|web address|https?:", ("normalize_url",)),
    (r"\bdomain|\bhost", ("url_host", "split_part")),
    (r"\bzip\b", ("zip_five",)),
    (r"postal|postcode", ("format_postcode",)),
    (r"\bisbn", ("to_isbn13", "format_isbn")),
    (r"\bissn", ("format_issn",)),
    (r"\biban", ("format_iban",)),
    (r"\b(ean|gtin|upc|barcode)\b", ("format_ean",)),
    (r"a\.m\.|am/pm|12-hour|h:mm", ("time_of_day",)),
    (r"\bmm/dd|\bdd[/.]mm|month name", ("format_date", "format_dates")),
    (r"\byears?\b", ("to_year",)),
    (r"in minutes|as minutes", ("to_minutes",)),
    (r"centimet(re|er)|millimet(re|er)|\bcm\b|\binches\b", ("write_sizes",)),
    (r"million|billion|thousands? as", ("expand_magnitude",)),
    (r"first.{1,12}last|last.{1,3}first|surname", ("swap_parts",)),
    (r"(separated|delimited|joined|divided) by|apart with", ("rejoin_parts",)),
    (r"initials? (before|first|then)|authors?\b.*\b(given|first)", ("swap_each",)),
    (r"\b(pages?|ranges?)\b.*in full|in full.*\b(pages?|ranges?)\b", ("complete_range",)),
    (r"(end|finish|clos)\w* (with|in) a (full stop|period)", ("add_full_stop",)),
    (r"parenthes|bracket", ("drop_parentheses", "take_between")),
    (r"accents?\b", ("fix_mojibake", "strip_accents")),
    (r"lower[- ]?case|small letters", ("lower_case",)),
    (r"upper[- ]?case|capitals\b|capital letters", ("upper_case",)),
    (r"title case|each word|capitali[sz]ed|proper case", ("title_case", "sentence_case")),
    (r"spaces?\b|whitespace|white space", ("collapse_spaces",)),
    (r"\bnull\b|missing|unknown|n/a", ("null_tokens",)),
    (r"quotes?\b|apostrophe", ("straighten_quotes",)),
    (r"encod|mojibake|garbled", ("fix_mojibake", "unescape_html")),
    (r"prefix|begin", ("strip_prefix",)),
    (r"suffix|\bend(s|ing)?\b", ("strip_suffix",)),
    (r"first part|second part|last part|split", ("split_part",)),
)


@dataclass(frozen=True, slots=True)
class RecipeLine:
    """A recipe as a prompt shows it.

    Attributes:
        call: `strip_unit(value, *units)`.
        meaning: one sentence.
        example: `strip_unit("12.0 oz") -> '12.0'`, or empty.
    """

    call: str
    meaning: str
    example: str


def choose_recipes(task: Task) -> tuple[RecipeLine, ...]:
    """The recipes that a task calls for, what its goals ask for first."""
    cues = [finding.kind for finding in task.findings]
    cues += [shape.value or "" for shape in task.profile.number_shapes]
    cues += ["date"] if task.profile.date_shapes else []
    cues += ["null_token"] if task.profile.null_like else []
    cues += [task.type]
    # A column's name often says what its goal takes for granted.
    told = " ".join([task.column.replace("_", " "), *task.goals])
    names = [name for words, called in WORDS if re.search(words, told, re.IGNORECASE) for name in called]
    cased = bool(CASES & set(names))
    # A small model uses what it is shown, so a goal that names one case is not shown the others.
    names += [name for cue in cues for name in CUES.get(cue, ()) if not (cased and name in CASES)]
    return describe_recipes(list(dict.fromkeys(names))[:MOST])


def describe_recipes(names: Iterable[str]) -> tuple[RecipeLine, ...]:
    """Recipes as a prompt shows them; names that are no recipe are passed over."""
    lines = []
    for name in names:
        recipe = getattr(recipes, name, None)
        if recipe is None:
            continue
        documentation = inspect.getdoc(recipe) or ""
        parameters = [
            str(parameter.replace(annotation=parameter.empty))
            for parameter in inspect.signature(recipe).parameters.values()
        ]
        sentence = documentation.partition("\n")[0]
        lines.append(RecipeLine(f"{name}({', '.join(parameters)})", sentence, _first_example(documentation)))
    return tuple(lines)


def _first_example(documentation: str) -> str:
    """The first call of a docstring's first doctest, with its result."""
    for example in doctest.DocTestParser().get_examples(documentation):
        call = ast.parse(example.source.strip(), mode="eval").body
        result = ast.parse(example.want.strip(), mode="eval").body
        if isinstance(call, ast.Tuple) and isinstance(result, ast.Tuple):
            call, result = call.elts[0], result.elts[0]
        if isinstance(call, ast.Call):
            return f"{ast.unparse(call)} -> {ast.unparse(result)}"
    return ""
