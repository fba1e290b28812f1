"""What a column shows -> steps made from its own forms, its examples and the styles that goals name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rdc import recipes
from rdc.artifacts.measures import UNITS
from rdc.generation.aligner import align_values, find_residues, unify_separators
from rdc.generation.exemplar import learn_substitutions, learn_words
from rdc.generation.goals import LIST_SPLIT, LISTED, WRITTEN_OUT, read_separator
from rdc.generation.lister import find_dividers, learn_lists
from rdc.generation.observer import HEMISPHERES, MAGNITUDES
from rdc.generation.program import SUBSTITUTE, Step
from rdc.generation.styles import (
    DEFAULT_CLOCK,
    find_clock_style,
    find_date_style,
    list_date_styles,
    measure_texts_with_dates,
    read_clock_style,
    read_date_style,
    show_date_style,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rdc.generation.observer import Observed

TWO = 2
PROVINCES = (("CA", "[Pp]rovince|Canad"), ("AU", "Australia"))


def sign_hemispheres(_: Observed) -> Iterator[Step]:
    """South and west as a minus, north and east as none."""
    yield Step(SUBSTITUTE, ("^([0-9.]+) *°? *[SsWw]$", r"-\1"))
    yield Step(SUBSTITUTE, ("^([0-9.]+) *°? *[NnEe]?$", r"\1"))


def write_dates(observed: Observed) -> Iterator[Step]:
    """The style of dates that a goal names or shows, examples have or, else, most clean values; alone, then inside of texts."""
    cells = {value: count for value, count in observed.counts.items() if value}
    named = read_date_style(observed.goal) or show_date_style(observed.goal, cells)
    shown = [style for _, made in observed.examples for style in list_date_styles(made or "")[:1]]
    inside = measure_texts_with_dates(cells) > 0
    for style in dict.fromkeys(filter(None, (named, *shown, find_date_style(observed.good)))):
        for order in observed.orders:
            options = () if order == "mdy" else (("order", order),)
            yield Step("format_date", (style,), options)
            if "%Y" in style and inside:
                yield Step("format_dates", (style,), options)


def write_times(observed: Observed) -> Iterator[Step]:
    """The style of times that a goal names, or else that most values have."""
    tidy = {recipes.collapse_spaces(value) or "": n for value, n in observed.counts.items() if value}
    style = read_clock_style(observed.goal) or find_clock_style(tidy) or DEFAULT_CLOCK
    if style in (DEFAULT_CLOCK, "H:mm"):
        yield Step("to_time")
    yield Step("time_of_day", (style,) if style != DEFAULT_CLOCK else ())


def write_urls(observed: Observed) -> Iterator[Step]:
    """Web addresses, with the scheme that a goal names."""
    schemes = [scheme for scheme in ("https", "http") if f"{scheme}://" in observed.goal.lower()]
    if "https" in schemes:
        yield Step(SUBSTITUTE, ("^[Hh][Tt][Tt][Pp]://", "https://"))
    yield Step("normalize_url")
    yield from (Step("normalize_url", (scheme,)) for scheme in [*schemes, "https", "http"])


def write_isbns(_: Observed) -> Iterator[Step]:
    """ISBNs, of 13 digits first."""
    yield Step("to_isbn13")
    yield Step("format_isbn")


def write_codes(recipe: str, countries: tuple[tuple[str, str], ...]) -> Callable[[Observed], Iterator[Step]]:
    """A family of one recipe: for the United States, or for the countries that a goal names."""

    def build(observed: Observed) -> Iterator[Step]:
        yield from (Step(recipe, (code,)) for code, words in countries if re.search(words, observed.goal))
        yield Step(recipe)

    return build


LANGUAGE_STEPS = (
    Step("language_code"),
    Step("language_code3"),
    Step("language_code3", ("B",)),
    Step("language_name"),
)


def write_language_codes(observed: Observed) -> Iterator[Step]:
    """Languages in three letters, of the kind that a goal or the column's own codes tell."""
    values = {value.lower() for value in observed.counts if value}
    of_libraries = re.search(r"\bMARC\b|librar|bibliograph|639-2/?B", observed.goal) is not None
    library, other = (
        {code for code in values if recipes.language_code3(code, kind) == code != recipes.language_code3(code, against)}
        for kind, against in (("B", "T"), ("T", "B"))
    )  # fmt: skip
    if of_libraries or len(library) > len(other):
        yield Step("language_code3", ("B",))
    else:
        yield Step("language_code3")
        yield from (Step("language_code3", ("B",)),) if not other else ()


def write_languages(observed: Observed) -> Iterator[Step]:
    """Languages as clean values have them, where all of these are languages and others become one of them."""
    known = [value for value in observed.good if any(step.apply(value) != value for step in LANGUAGE_STEPS)]
    if len(known) < TWO or len(known) < len(observed.good):
        return
    for step in LANGUAGE_STEPS:
        if all(step.apply(value) == value for value in known):
            yield from (step,) if any(step.apply(value) in observed.good for value in observed.bad) else ()


def show_languages(examples: Iterable[tuple[str | None, str | None]]) -> frozenset[str]:
    """The families that write a language as examples do.

    >>> sorted(show_languages([("English", "eng")])), sorted(show_languages([("Ann", "ann")]))
    (['language3'], [])
    """
    pairs = [(given, made) for given, made in examples if given and made and given.lower() != made.lower()]
    return frozenset(
        family
        for family, step in zip(("language", "language3", "language3", "language_name"), LANGUAGE_STEPS, strict=True)
        if any(step.apply(given) == made for given, made in pairs)
    )  # fmt: skip


def reorder_names(_: Observed) -> Iterator[Step]:
    """The last name, a comma, and the first."""
    yield Step(SUBSTITUTE, ("^([^ ,]+) ([^ ,]+)$", r"\2, \1"))
    yield Step(SUBSTITUTE, (" *, *", ", "))


def rejoin_lists(observed: Observed) -> Iterator[Step]:
    """Lists with the one separator that a goal names."""
    if match := LISTED.search(observed.goal.lower()):
        marks = "".join(find_dividers(observed.counts, LIST_SPLIT))
        yield from (Step("rejoin_parts", (marks, read_separator(match))),) if marks else ()


def drop_points(observed: Observed) -> Iterator[Step]:
    """Words without full stops, which may be all that parts them; what has one in a number is left."""
    if not any(re.search("[0-9][.][0-9]", value) for value in observed.counts if value):
        yield Step("strip_symbol", (".",))
        yield Step(SUBSTITUTE, (" *[.] *", " "))
        yield Step("remove_symbols", (".",))


def take_initials(observed: Observed) -> Iterator[Step]:
    """Words by their first letter, where clean values are letters and no two words that begin alike differ."""
    letters = {value for value in observed.good if len(value) == 1 and value.isalpha()}
    words = {value.lower() for value in observed.bad if len(value) > 1}
    known = all(word.isalpha() and word[0].upper() in letters for word in words)
    if letters == set(observed.good) and words and known and len({word[0] for word in words}) == len(words):
        yield Step(SUBSTITUTE, ("^([A-Za-z])[A-Za-z]+$", r"\1"))


def strip_residues(observed: Observed) -> Iterator[Step]:
    """What stands around clean values; a magnitude is part of the number, and another column's value is no residue."""
    before, after = (
        tuple(text for text in texts if text.strip(" .,;()/-").lower() not in observed.elsewhere)
        for texts in find_residues(observed.good, observed.bad, observed.is_clean)
    )
    letters = {text.strip(" .").lower() for text in after}
    signs = next((pair for pair in HEMISPHERES if pair <= letters), frozenset())
    after = tuple(
        text for text in after if text.strip(" .").lower() not in signs and not is_scale(text, observed)
    )
    yield from (Step("strip_prefix", before),) if before else ()
    yield from (Step("strip_suffix", after),) if after else ()
    yield from (Step("strip_suffix", (text,)) for text in after if len(after) > 1)


def learn_steps(observed: Observed) -> Iterator[Step]:
    """What examples show: words that are written out, lists of any length, then substitutions."""
    if words := learn_words(observed.examples):
        yield Step("map_words", (words,))
    yield from learn_lists(observed.examples, observed.counts)
    yield from learn_substitutions(observed.examples, observed.counts)


def align_steps(observed: Observed) -> Iterator[Step]:
    """Values in the form of those that are clean."""
    yield from align_values(observed.good, observed.bad)


def unify_steps(observed: Observed) -> Iterator[Step]:
    """The marks between parts as clean values have them."""
    yield from unify_separators(observed.good, observed.bad)


def write_words(observed: Observed) -> Iterator[Step]:
    """Words that a goal has written out."""
    pairs = {old.rstrip("."): new for old, new in WRITTEN_OUT.findall(observed.goal)}
    yield from (Step("map_words", (tuple(sorted(pairs.items())),)),) if pairs else ()


def is_scale(text: str, observed: Observed) -> bool:
    """Whether what stands behind a number makes it another one: a magnitude, or a unit of another scale, or what it is a rate of."""
    word = text.strip(" .").lower()
    rate = word[:1] == "/" and word[1:].isalpha()
    return word in MAGNITUDES or ((rate or word in UNITS) and word not in observed.units)
