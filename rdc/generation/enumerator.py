"""Turn what a column shows into the recipe calls that may serve it, in the order in which pipelines make them."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from rdc import recipes
from rdc.artifacts.measures import UNITS
from rdc.generation.converter import convert_numbers, write_durations, write_measures
from rdc.generation.families import (
    PROVINCES,
    align_steps,
    drop_points,
    is_scale,
    learn_steps,
    rejoin_lists,
    reorder_names,
    show_languages,
    sign_hemispheres,
    strip_residues,
    take_initials,
    unify_steps,
    write_codes,
    write_dates,
    write_isbns,
    write_language_codes,
    write_languages,
    write_times,
    write_urls,
    write_words,
)
from rdc.generation.goals import (
    CASES,
    COUNT,
    DROPPED,
    read_count,
    read_pattern,
)
from rdc.generation.nullifier import find_nulls
from rdc.generation.observer import MAGNITUDES, POINT_DECIMAL, UNIT
from rdc.generation.program import Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rdc.generation.observer import Observed

MOST_UNITS = 4
MAGNITUDE = re.compile("[0-9] ?([KkM]|[Bb]n|[Mm]n|[Tt]housand|[Mm]illion|[Bb]illion)$")
PHONES = (
    "999-999-9999",
    "(999) 999-9999",
    "9999999999",
    "+19999999999",
    "+1 999-999-9999",
    "+1-999-999-9999",
    "999.999.9999",
)
QUOTED = re.compile(r"[\"`]([^\"`]{1,20})[\"`]|(?<!\w)'([^']{1,20})'(?!\w)")
SYMBOLS = {
    "hash": "#", "asterisk": "*", "quot": "\"'", "bracket": "[]", "parenthes": "()", "punctuation": ".,;:!?",
    "period": ".", "full stop": ".", "hyphen": "-", "dash": "-", "underscore": "_", "slash": "/",
}  # fmt: skip
REPLACEMENTS = (("hyphen", "-"), ("dash", "-"), ("underscore", "_"), ("colon", ":"), ("space", " "))
WORD_PAIRS = (
    (r"\byes\b", "yes", "no"), (r"\bYes\b", "Yes", "No"), (r"\bY\b|\by\b", "Y", "N"), (r"\b1\b", "1", "0"),
    (r"\bTrue\b", "True", "False"), (r"\bTRUE\b", "TRUE", "FALSE"), (r"\bt\b|\bT\b", "t", "f"),
)  # fmt: skip


def enumerate_steps(observed: Observed, families: Iterable[str]) -> tuple[Step, ...]:
    """The steps of some families that change any value, each once.

    Args:
        observed: what the column shows.
        families: names out of `FAMILIES`.
    """
    wanted = frozenset(families)
    steps = dict.fromkeys(
        step for names, build in FAMILIES if wanted & set(names.split(" ")) for step in build(observed)
    )
    return tuple(steps)


def _fixed(*names: str) -> Callable[[Observed], Iterator[Step]]:
    """A family without parameters."""

    def build(_: Observed) -> Iterator[Step]:
        return (Step(name) for name in names)

    return build


def _units(observed: Observed) -> Iterator[Step]:
    units = [unit for unit in observed.units if unit not in ("%", "percent", "pct")]
    for count in range(1, min(len(units), MOST_UNITS) + 1):
        yield Step("strip_unit", tuple(units[:count]))
    seen = {match.group(1).lower() for value in observed.counts if value and (match := UNIT.fullmatch(value))}
    # Without names it drops whatever follows: only where nothing that follows changes the number.
    if len(seen) > MOST_UNITS and not seen & MAGNITUDES and seen <= set(observed.units):
        yield Step("strip_unit")


def _percent(observed: Observed) -> Iterator[Step]:
    if set(observed.units) & UNITS["%"]:
        yield Step("strip_percent")


def _separators(observed: Observed) -> Iterator[Step]:
    yield Step("decimal_comma" if observed.comma else "remove_thousands")
    yield from (Step("normalize_number"),) if not observed.comma or observed.holds(",") else ()


def _magnitudes(observed: Observed) -> Iterator[Step]:
    if any(MAGNITUDE.search(value) for value in observed.counts if value):
        yield Step("expand_magnitude")


def _rounding(observed: Observed) -> Iterator[Step]:
    text = observed.goal.lower()
    for match in re.finditer(rf"{COUNT} decimal", text):
        yield Step("round_number", (read_count(match.group(1)),))
    if re.search(r"\bcents?\b", text):
        yield Step("round_number", (2,))
    if re.search(r"whole number|nearest (whole|integer|unit)|no decimals|without decimals", text):
        yield Step("round_number", (0,))


def _dates(observed: Observed) -> Iterator[Step]:
    for order in observed.orders:
        yield Step("to_date", options=() if order == "mdy" else (("order", order),))


def _timestamps(observed: Observed) -> Iterator[Step]:
    for separator in (" ", "T"):
        for order in observed.orders:
            options = (("order", order), ("separator", separator))
            default = {("order", "mdy"), ("separator", " ")}
            yield Step("to_timestamp", options=tuple(option for option in options if option not in default))


def _booleans(observed: Observed) -> Iterator[Step]:
    for words, true, false in WORD_PAIRS:
        if re.search(words, observed.goal):
            yield Step("to_boolean", (true, false))
    yield Step("to_boolean")


def _between(observed: Observed) -> Iterator[Step]:
    for start, end in (("(", ")"), ("[", "]"), ("<", ">"), ('"', '"')):
        if observed.holds(start) and observed.holds(end):
            yield Step("take_between", (start, end))
    if observed.holds("("):
        yield Step("drop_parentheses")


def _digits(observed: Observed) -> Iterator[Step]:
    # Without its point, 12.5 would be another number.
    if not any(POINT_DECIMAL.fullmatch(value) for value in observed.counts if value):
        yield Step("keep_digits")


def _phones(observed: Observed) -> Iterator[Step]:
    shapes = [pattern] if (pattern := read_pattern(observed.goal)) else []
    if re.search(r"social security|\bssn", observed.goal.lower()):
        shapes.append("999-99-9999")
    for pattern in dict.fromkeys([*shapes, *PHONES]):
        yield (
            Step("format_phone", (pattern, "1")) if "+1" not in pattern else Step("format_digits", (pattern,))
        )
        yield Step("format_digits", (pattern,))


def _padding(observed: Observed) -> Iterator[Step]:
    named = [read_count(match.group(1)) for match in re.finditer(rf"{COUNT}[- ]digit", observed.goal.lower())]
    for width in dict.fromkeys([*named, *observed.widths]):
        yield Step("pad_left", (width,))


def _unspaced(observed: Observed) -> Iterator[Step]:
    yield Step("remove_symbols", (" ",))
    named = "".join(
        mark for word, mark in REPLACEMENTS if word in observed.goal.lower() and observed.holds(mark)
    )
    marks = "".join(sorted({" ", *named}))
    yield from (Step("remove_symbols", (marks,)),) if len(marks) > 1 else ()


def _titles(observed: Observed) -> Iterator[Step]:
    yield Step("title_case")
    marks = "".join(mark for mark in "'\u2019." if observed.holds(mark))
    yield from (Step("title_case", (mark,)) for mark in dict.fromkeys([marks, *marks]) if mark)


def _affixes(observed: Observed) -> Iterator[Step]:
    quoted = [first or second for first, second in QUOTED.findall(observed.goal)]
    for text in quoted:
        yield Step("strip_prefix", (text,))
        yield Step("strip_suffix", (text,))
    yield from (Step("strip_prefix", (text,)) for text in observed.prefixes)
    yield from (Step("strip_suffix", (text,)) for text in observed.suffixes if not is_scale(text, observed))


def _symbols(observed: Observed) -> Iterator[Step]:
    text = observed.goal.lower()
    named = "".join(symbols for word, symbols in SYMBOLS.items() if word in text)
    quoted = "".join(first or second for first, second in QUOTED.findall(observed.goal))
    dropped = "".join(DROPPED.findall(observed.goal))
    for symbols in dict.fromkeys(
        [named, dropped, quoted if len(quoted) <= MOST_UNITS else "", "*#\"'", ".,;:"]
    ):
        if symbols and observed.holds(symbols):
            yield Step("strip_symbol", (symbols,))


def _replacements(observed: Observed) -> Iterator[Step]:
    wanted = re.sub(r"\b(no|not|without|instead of)( an?| the)? \w+", "", observed.goal.lower())
    named = [mark for word, mark in REPLACEMENTS if word in wanted]
    for symbol in "_-/.":
        for replacement in dict.fromkeys([*named, " ", "-", "_"]):
            if symbol != replacement and observed.holds(symbol) and _is_shown(replacement, named, observed):
                yield Step("replace_symbol", (symbol, replacement))
    if observed.holds("-"):
        yield Step("remove_symbols", ("-",))


def _is_shown(mark: str, named: Iterable[str], observed: Observed) -> bool:
    """Whether a goal names a mark, or an example puts it in, where there are any."""
    pairs = [(given or "", made) for given, made in observed.examples if made]
    return mark in named or not pairs or any(made.count(mark) > given.count(mark) for given, made in pairs)


def _parts(observed: Observed) -> Iterator[Step]:
    for separator in (",", "@", "-", "/", "|", ";", ":", " ", "("):
        if observed.holds(separator):
            yield from (Step("split_part", (separator, index)) for index in (0, -1))


FAMILIES: tuple[tuple[str, Callable[[Observed], Iterator[Step]]], ...] = (
    ("html", _fixed("unescape_html")),
    ("mojibake", _fixed("fix_mojibake")),
    ("unicode", _fixed("normalize_unicode")),
    ("control", _fixed("strip_control")),
    ("quotes", _fixed("straighten_quotes")),
    ("spaces", _fixed("collapse_spaces", "strip_spaces")),
    ("remove_spaces", _unspaced),
    ("nulls", find_nulls),
    ("unquoted", _fixed("strip_quotes")),
    ("between parentheses", _between),
    ("split", _parts),
    ("symbols", _symbols),
    ("affixes", _affixes),
    ("residues", strip_residues),
    ("replace", _replacements),
    ("fraction", _fixed("percent_to_number")),
    ("percent", _percent),
    ("number fraction percent", _fixed("strip_currency", "accounting_negative")),
    ("number magnitude", _magnitudes),
    ("hemisphere", sign_hemispheres),
    ("number measures", convert_numbers),
    ("number", _units),
    ("number fraction percent", _separators),
    ("number", _fixed("expand_scientific")),
    ("round", _rounding),
    ("zeros", _fixed("drop_trailing_zeros")),
    ("date", _dates),
    ("timestamp", _timestamps),
    ("date_style", write_dates),
    ("time", write_times),
    ("minutes", write_durations),
    ("measures", write_measures),
    ("year", _fixed("to_year")),
    ("boolean", _booleans),
    ("state", write_codes("state_code", PROVINCES)),
    ("state", _fixed("us_state_code")),
    ("state_name", _fixed("us_state_name")),
    ("country", _fixed("country_code")),
    ("country3", _fixed("country_code3")),
    ("country_name", _fixed("country_name")),
    ("language", _fixed("language_code")),
    ("language3", write_language_codes),
    ("language_name", _fixed("language_name")),
    ("languages", write_languages),
    ("email", _fixed("normalize_email")),
    ("url", write_urls),
    ("host", _fixed("url_host")),
    ("isbn", write_isbns),
    ("issn", _fixed("format_issn")),
    ("iban", _fixed("format_iban")),
    ("ean", _fixed("format_ean")),
    ("zip", _fixed("zip_five", "format_postcode")),
    ("swap", _fixed("swap_parts")),
    ("reorder", reorder_names),
    ("listed", rejoin_lists),
    ("ranges", _fixed("complete_range")),
    ("stop", _fixed("add_full_stop")),
    ("points", drop_points),
    ("initials", take_initials),
    ("digits", _digits),
    ("phone", _phones),
    ("words", write_words),
    ("learnt", learn_steps),
    ("aligned", align_steps),
    ("separators", unify_steps),
    ("pad", _padding),
    ("leading_zeros", _fixed("strip_leading_zeros")),
    ("accents", _fixed("strip_accents")),
    ("lower", _fixed("lower_case")),
    ("upper", _fixed("upper_case")),
    ("title", _titles),
    ("sentence", _fixed("sentence_case")),
)  # fmt: skip
"""Names of families and what builds their steps; a pipeline takes its steps in this order."""

ON_DEMAND = frozenset({
    "round", "fraction", "residues", "learnt", "aligned", "separators", "initials", "accents", "country",
    "country3", "country_name", "state_name", "reorder", "swap", "year", "minutes", "measures", "hemisphere", "listed",
    "language", "language3", "language_name", "languages", "date_style", "host", "zip", "isbn", "issn", "iban", "ean", "email", "url", "time", "ranges", "stop",
    "points",
})  # fmt: skip
EVERY_FAMILY = frozenset(name for names, _ in FAMILIES for name in names.split(" ")) - ON_DEMAND
"""What may be tried where goals don't suffice; rounding and dividing are done on demand alone."""
PART_FAMILIES = frozenset({"split", "digits", "between", "parentheses"})
MARK_FAMILIES = frozenset({"replace", "remove_spaces", "digits"})
HARMLESS_FAMILIES = EVERY_FAMILY - PART_FAMILIES - MARK_FAMILIES
"""What may be tried unless an example shows more: nothing that drops or changes parts at a guess."""


def shown_families(examples: Iterable[tuple[str | None, str | None]]) -> frozenset[str]:
    """The families that may be tried where goals don't suffice, with what examples show to be dropped.

    >>> shown_families([("Caf&eacute; &amp; Bar", "Café & Bar")]) == HARMLESS_FAMILIES - CASES - {"affixes", "pad"}
    True
    >>> sorted(shown_families([("4.5/5", "4.5"), ("n/a", None)]) - HARMLESS_FAMILIES)
    ['between', 'digits', 'parentheses', 'remove_spaces', 'replace', 'split']
    """
    examples = list(examples)
    families = {*HARMLESS_FAMILIES, *show_languages(examples)}
    if not any((expected or "").startswith("0") for _, expected in examples) and examples:
        # Nothing is filled up that was not seen to be.
        families.discard("pad")
    if examples and not any(_changes_case(given, expected) for given, expected in examples):
        families -= CASES
    if examples and not any(_loses_letters(given, expected) for given, expected in examples):
        families.discard("affixes")
    for given, expected in examples:
        before, after = recipes.fix_mojibake(recipes.unescape_html(given)), expected
        if before is None or after is None:
            continue
        if _loses_letters(given, expected):
            families |= PART_FAMILIES
        if set(filter(_is_mark, recipes.collapse_spaces(before) or "")) != set(filter(_is_mark, after)):
            families |= MARK_FAMILIES
    return frozenset(families)


def _loses_letters(given: str | None, expected: str | None) -> bool:
    """Whether letters or digits are dropped of which some are left."""
    before = recipes.fix_mojibake(recipes.unescape_html(given))
    return before is not None and expected is not None and bool(_letters(before) - _letters(expected))


def _changes_case(given: str | None, expected: str | None) -> bool:
    """Whether a word is written in another case, wherever it stands."""
    words, made = (set(re.findall(r"[^\W\d_]+", text or "")) for text in (given, expected))
    return any(word not in words and word.casefold() in {old.casefold() for old in words} for word in made)


def _letters(text: str) -> Counter[str]:
    """Letters and digits, whatever their case."""
    return Counter(char for char in text.casefold() if char.isalnum())


def _is_mark(char: str) -> bool:
    return not char.isalnum()
