"""Read goal sentences as checks and as families of recipes; a sentence that no rule knows says nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdc import recipes
from rdc.generation.program import Step
from rdc.generation.styles import (
    DEFAULT_CLOCK,
    ISO,
    clock_regex,
    date_inside_regex,
    date_regex,
    find_clock_style,
    find_date_style,
    measure_texts_with_dates,
    read_clock_style,
    read_date_style,
    show_date_style,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from rdc.artifacts.plan import Cell

INTEGER = "^-?[0-9]+$"
NUMBER = "^-?[0-9]+([.][0-9]+)?$"
ISO_DATE = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
ISO_TIMESTAMP = (
    "^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?(Z|UTC|[+-][0-9]{2}:?[0-9]{2})?$"
)
CLOCK = "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"
YEAR = "^[12][0-9]{3}$"
STATE = "^[A-Z]{2}$"
DIGITS = "^[0-9]+$"
WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
COUNT = f"(?P<count>[0-9]{{1,2}}|{'|'.join(WORDS)})"


@dataclass(frozen=True, slots=True)
class Check:
    """What a goal demands of a value: to match a regex or, without one, to be left as it is by a step."""

    goal: str
    regex: str = ""
    step: Step | None = None

    def predicate(self) -> Callable[[str], bool]:
        """Whether a value meets it."""
        if self.step is not None:
            step = self.step
            return lambda value: step.apply(value) == value
        search = re.compile(self.regex).search
        return lambda value: search(value) is not None


@dataclass(frozen=True, slots=True)
class GoalRule:
    """What a sentence means that holds certain words.

    Attributes:
        words: a regex on the sentence in small letters; `{}` of `regex` is the number that it names.
        unless: a regex that must not be in the sentence.
        families: of recipes that may serve it.
        recipe: the step that must leave a clean value alone.
    """

    words: str
    families: tuple[str, ...]
    regex: str = ""
    recipe: str = ""
    unless: str = ""

    def read(self, goal: str) -> Check | None:
        """The check that a sentence asks for, if this rule has one."""
        match = re.search(self.words, goal.lower())
        if match is None or not (self.regex or self.recipe):
            return None
        if self.recipe:
            return Check(goal, step=Step(self.recipe))
        count = read_count(match["count"]) if "count" in match.re.groupindex else 0
        return Check(goal, self.regex.replace("{}", f"{{{count}}}"))

    def speaks(self, goal: str) -> bool:
        """Whether the rule is about a sentence."""
        text = goal.lower()
        return bool(re.search(self.words, text)) and not (self.unless and re.search(self.unless, text))


NOT_A_QUANTITY = (
    r"(phone|telephone|fax|mobile|account|serial|house|card|security|tax|flight|order|invoice|part|model|page) numbers?|"
    r"number of|percent|year|duplicate"
)
TIMES = r"timestamp|date[- ]?time|date (and|with) (a )?time"
DURATION = r"\bdurations?\b|\brun(ning)? ?times?\b|\b(play|cook|bak|prep|travel|total|elapsed)\w* times?\b|\btimes? in (whole )?(minutes|hours|seconds)"
DATED = r"\bdates?\b|\biso\b|yyyy-mm-dd"
ISO_NAMED = r"\biso\b|yyyy|year first|hyphen|sort"
HALF = 0.5
ALIKE = r"\balike\b|\b(same|one|single|uniform) (form|format|style|way|notation)|\bconsistent|\buniform"
COUNTRY = r"\bcountr(y|ies)\b"
LANGUAGE = r"\blanguages?\b"
NO_LANGUAGE = r"programming|capital|upper|\blocales?\b"
THREE = r"(\bmarc\b|alpha-?3|639-[23]|\b(three|3)[- ](small |lower[- ]?case )?letters?)"
RANGES = r"\b(pages?|ranges?)\b[^.]*\bin full\b|\bin full\b[^.]*\b(pages?|ranges?)\b|\b(unabbreviated|unshortened) (pages?|ranges?)"
BLANKS = r"\b(single|one|doubled?) blanks?\b|\bblanks? (between|around)"
"""A blank that is a space; others are cells that hold nothing."""
GOAL_RULES = (
    GoalRule(r"(no|without) (inner )?spaces\b(?! around)", ("remove_spaces",), "^[^ ]*$"),
    GoalRule(BLANKS, ("spaces",), recipe="collapse_spaces"),
    GoalRule(r"\bspac(e|es|ing)\b|whitespace|\btrim", ("spaces",), recipe="collapse_spaces", unless=r"(no|without) spaces\b|(with|by|and) (a )?spaces?\b"),
    GoalRule(r"\bnulls?\b|missing|\bn/a\b|placeholder|(?<!\ba )(?<!\bsingle )(?<!\bone )(?<!\bdoubled )(?<!\bdouble )\bblanks?\b(?! (between|around))|\bempty\b", ("nulls",), recipe="null_tokens"),
    GoalRule(r"mojibake|garbled|encod|\baccents? (repair|restor)|utf-?8", ("mojibake",), recipe="fix_mojibake"),
    GoalRule(r"(no|without|strip\w*|remove|drop) (any )?(accent|diacritic)", ("accents",), recipe="strip_accents"),
    GoalRule(r"\bentit|\bhtml\b|&amp", ("html",), recipe="unescape_html"),
    GoalRule(r"curly|smart quot|typographic|straight (quot|apostroph)", ("quotes",), recipe="straighten_quotes"),
    GoalRule(r"\bcontrol|invisible|zero-width|(non|un)-?print", ("control",), recipe="strip_control"),
    GoalRule(r"unicode|full-?width|ligature", ("unicode",), recipe="normalize_unicode"),
    GoalRule(r"lower[- ]?case|small letters", ("lower",), recipe="lower_case"),
    GoalRule(r"upper[- ]?case|capital letters|all caps|in capitals", ("upper",), recipe="upper_case", unless="two capital letters"),
    GoalRule(r"title[- ]?case|proper case|(each|every) (word|part|name)|begins? with a capital|initial capital|capitali[sz]ed", ("title",), recipe="title_case", unless="acronym"),
    GoalRule(r"sentence[- ]case", ("sentence",), recipe="sentence_case"),
    GoalRule(r"\bintegers?\b|whole numbers?|without decimals|no decimals", ("number", "zeros"), INTEGER),
    GoalRule(r"\bnumbers?\b|numeric|decimal point|\bdecimal degrees|\bamounts?\b", ("number",), NUMBER, unless=NOT_A_QUANTITY),
    GoalRule(r"plain number|number of \w+( \w+)? (alone|only)", ("number",), NUMBER),
    GoalRule(r"\bunits?\b|currenc|thousand|separator|\bprices?\b|[$€£]", ("number",)),
    GoalRule(r"million|billion|magnitude|\bthousands?\b|\bK\b|\bdollars\b", ("magnitude",)),
    GoalRule(r"latitude|longitude|coordinate", ("hemisphere",)),
    GoalRule(r"(south|west)\w* (is |are |as |being )?negative", ("hemisphere",), NUMBER),
    GoalRule(r"trailing zeros?", ("zeros",), recipe="drop_trailing_zeros"),
    GoalRule(r"(no|without|drop|remove|strip)\w*\s(\w+\s){0,3}leading zeros?", ("leading_zeros",), recipe="strip_leading_zeros"),
    GoalRule(rf"{COUNT}[- ]digits?\b(?! year)", ("pad", "digits", "zeros", "zip"), "^[0-9]{}$", unless=r"(prefix|letters?|capitals?|code)[^.]*\b(and|,|then|hyphen)[^.]*digits"),
    GoalRule(r"zero[- ]padded|\bpadded|leading zeros? (re|are |is )?(stored|restored|kept|added)|restore\w* leading zero", ("pad", "zip")),
    GoalRule(rf"{COUNT} decimals?\b( (place|digit)s?)?", ("number", "round"), "^-?[0-9]+[.][0-9]{}$"),
    GoalRule(r"nearest cent|to the cent", ("number", "round"), "^-?[0-9]+[.][0-9]{2}$"),
    GoalRule(r"\brounded\b|\bnearest (whole|integer|unit)|whole number", ("round",)),
    GoalRule(r"\bfraction|between 0 and 1\b|0 to 1\b|as a ratio", ("fraction",), "^-?[01]([.][0-9]+)?$"),
    GoalRule(r"percent|%", ("percent",), NUMBER, unless=r"fraction|between 0 and 1|0 to 1|percent sign at"),
    GoalRule(r"\b(in|as|to) minutes\b|minutes as", ("minutes",), NUMBER),
    GoalRule(rf"\bminutes?\b|\bmins?\b(?!-)|{DURATION}", ("minutes",)),
    GoalRule(r"\b(centi|milli|kilo)?(met(re|er)|gram|lit(re|er))s?\b|\b[ckm]m\b|\binch(es)?\b|\bfeet\b|\b(pound|ounce)s\b|\bk?g\b|\bm?l\b|\bunits?\b", ("measures",)),
    GoalRule(r"timestamp|date[- ]?time|date and (a )?time|date with (a )?time", ("timestamp",), ISO_TIMESTAMP),
    GoalRule(DATED, ("date",), unless=rf"{TIMES}|{COUNTRY}|currency code|alpha-?[23]|part number"),
    GoalRule(r"24[- ]?h|h:mm|\btimes?\b", ("time",), unless=rf"{TIMES}|{DURATION}"),
    GoalRule(r"boolean|true (or|and) false|true/false", ("boolean",), "^(true|false)$"),
    GoalRule(r"\byes (or|and) no\b|yes/no|\by (or|and) n\b|y/n|\b1 (or|and) 0\b|\b0 (or|and) 1\b|1/0|0/1", ("boolean",)),
    GoalRule(r"\by (or|and) n\b|\by/n", ("boolean",), "^[YN]$"),
    GoalRule(r"state.*(two|2)[- ]letter|(two|2)[- ]letter.*state|state.*(abbreviation|postal|usps|\bcodes?\b)", ("state",), STATE, unless="states?' names?"),
    GoalRule(r"\bstate names?|\bstates?\b.*(in full|full name|spelled|written out)|full state", ("state_name",), recipe="us_state_name"),
    GoalRule(rf"{COUNTRY}.*\b(codes?|iso|alpha|abbreviation|(two|2)[- ]letter)|(iso|(two|2)[- ]letter).*{COUNTRY}", ("country",), STATE, unless=r"alpha-?3|three|3[- ]letter|phone"),
    GoalRule(rf"{COUNTRY}.*(alpha-?3|three|3[- ]letter)", ("country3",), "^[A-Z]{3}$"),
    GoalRule(rf"{COUNTRY} names?\b|{COUNTRY}.*(in full|spelled|written out)", ("country_name",), recipe="country_name"),
    GoalRule(rf"{LANGUAGE}.*{THREE}|{THREE}.*{LANGUAGE}", ("language3",), "^[a-z]{3}$", unless=NO_LANGUAGE),
    GoalRule(rf"{LANGUAGE}.*\b(codes?|iso|(two|2)[- ]letter)|(iso|(two|2)[- ]letter).*{LANGUAGE}", ("language",), "^[a-z]{2}$", unless=rf"{THREE}|{NO_LANGUAGE}"),
    GoalRule(rf"{LANGUAGE}('s|s')?( english)? names?\b|{LANGUAGE}.*(in full|written out|english name)", ("language_name",), recipe="language_name", unless=NO_LANGUAGE),
    GoalRule(r"phone|telephone|\bfax\b|mobile", ("phone",)),
    GoalRule(r"e\.?164", ("phone",), "^[+][1-9][0-9]{6,14}$"),
    GoalRule(r"social security|\bssn", ("phone",), "^[0-9]{3}-[0-9]{2}-[0-9]{4}$"),
    GoalRule(r"digits only|only digits|just (the )?digits|nothing but digits", ("digits",), DIGITS),
    GoalRule(r"\bzip|postal codes?|postcodes?", ("zip", "pad")),
    GoalRule(r"e-?mail", ("email", "lower", "affixes"), "^[a-z0-9._%+'-]+@[a-z0-9.-]+[.][a-z]{2,}$", unless=r"domain|host|user ?name|part of"),
    GoalRule(r"\bdomain|\bhost( ?name)?\b", ("split", "host"), "^[^@/: ]+[.][^@/: ]+$"),
    GoalRule(r"\burls?\b|web ?sites?|web address|\blinks?\b|https?://", ("url",), recipe="normalize_url", unless=r"domain|host"),
    GoalRule(r"https://", ("url",), "^https://"),
    GoalRule(r"isbn-?13|isbn with 13|13[- ]digit isbn", ("isbn",), "^97[89][0-9]{10}$"),
    GoalRule(r"\bisbns?\b", ("isbn",), recipe="format_isbn"),
    GoalRule(r"\bissns?\b", ("issn",), recipe="format_issn"),
    GoalRule(r"\bibans?\b", ("iban",), recipe="format_iban"),
    GoalRule(r"\b(ean|gtin|upc|barcode)s?\b", ("ean",), recipe="format_ean"),
    GoalRule(r"\byears?\b.*(only|alone|four[- ]digit|four digits|4 digits)|(only|just) the year|the year (of|in)\b", ("year", "residues"), YEAR),
    GoalRule(r"first (name )?(and |then |before |followed by )*(the )?last|given name first|first name, then", ("swap", "residues"), "^[^,]*$", unless=r"first (and|or) last (name )?(are|is|in|pages?|words?|parts?|letters?|digits?|days?|dates?)\b"),
    GoalRule(r"last( name)?, ?first|(surname|family name) first|last name first", ("reorder",), "^[^,]+, [^,]+$"),
    GoalRule(r"(before|without .*(behind|after)) the comma", ("split",), "^[^,]*$"),
    GoalRule(r"low-high|from-to|min-max|(low|from|min|start).{1,6}(high|to|max|end).*\brange|\brange.*(low|from|min).*(high|to|max)", ("aligned",), "^[0-9.]+-[0-9.]+$"),
    GoalRule(r"prefix|suffix|\b(no|without|drop|remove|strip)\b.*[\"'`]", ("affixes",)),
    GoalRule(r"(no|without|outside of|strip\w*|remove|drop)[^.]*\bquot(es|ation)", ("symbols", "unquoted"), recipe="strip_quotes"),
    GoalRule(r"\bhash|asterisk|\bquot|bracket|parenthes|punctuation|\bsymbol|\bmarks?\b", ("symbols",), unless="curly|smart|straight"),
    GoalRule(r"(no|without|drop|remove|strip)[^.]*parenthes", ("parentheses",), recipe="drop_parentheses"),
    GoalRule(r"underscore|hyphen|dash|\bslash", ("replace",)),
    GoalRule(r"\b(no|not|without|instead of)( an?| the)? underscores?", ("replace",), "^[^_]*$"),
    GoalRule(r"\b(no|not|without|instead of)( an?| the)? (hyphens?|dash(es)?)", ("replace",), "^[^-]*$"),
    GoalRule(r"\bwith colons\b", ("replace",), "^[^-_. ]+:[^-_. ]+$"),
    GoalRule(r"\bunderscores? between|with underscores?\b", ("replace", "separators"), "^[^ -]*$"),
    GoalRule(r"\b(first|last) (part|word|name|element)|before the|after the", ("split",)),
    GoalRule(r"\b(no|without|drop\w*|remov\w*|strip\w*)( any| all| the| its| their)? (full stops?|periods|dots)\b", ("points",), "^[^.]*$", unless=r"\b(end|ends|ending|finish\w*|last|trailing|numbers?|amounts?|e-?mails?|domains?|urls?|versions?|files?)\b"),
    GoalRule(RANGES, ("ranges",), recipe="complete_range"),
    GoalRule(r"\b(ends?|ending|finish(es)?|clos(es?|ing)) (with|in|on) (a|one) (full stop|period|dot)\b|\b(full stop|period|dot) at (the|its|their|every|each)( very)? end\b", ("stop",), recipe="add_full_stop", unless=r"\b(no|not|never|nor|without|drop\w*|remov\w*|strip\w*)\b[^.]*\b(full stop|period|dot)\b"),
)  # fmt: skip
"""Ordered as they are explained, not by importance: all that speak count."""

LISTED = re.compile(
    r"(?:separated|delimited|joined|divided|parted|(?<!more )\bapart) (?:by|with) (?:an? )?(comma|semicolon|pipe|slash|hyphen)s?"
    r"(,? (?:and|followed by|plus|then) (?:an? )?(?:single |one )?(?:space|blank))?"
    r"|(comma|semicolon|pipe)[- ]separated"
)
LIST_SPLIT = ",;|/"
LIST_MARKS = {"comma": ",", "semicolon": ";", "pipe": "|", "slash": "/", "hyphen": "-"}
WRITTEN_OUT = re.compile(
    r"[\"'`](\w+\.?)[\"'`] (?:is |are |be )?(?:(?:written|spelled|spelt)(?: out)? as|written out as|becomes?|as) [\"'`](\w+)[\"'`]"
)
COMPLETED = re.compile(r"\b([0-9]+[-\u2010-\u2015][0-9]+)(?: [a-z]+){0,3},? ([0-9]+-[0-9]+)\b")
EITHER = re.compile(r"(?<!\w)([A-Z]) or ([A-Z])(?!\w)")
DROPPED = re.compile(
    r"\b(?:no|without|drop|remove|strip)\b(?:[ \w]*) ([^\w\s.,;:()\"'`$€£%-]{1,2})(?=[\s.,;]|$)"
)

TYPES = {
    "integer": (("number", "zeros"), INTEGER),
    "double": (("number",), NUMBER),
    "decimal": (("number",), NUMBER),
    "date": (("date",), ISO_DATE),
    "timestamp": (("timestamp",), ISO_TIMESTAMP),
    "boolean": (("boolean",), "^(true|false)$"),
}


CASES = frozenset({"lower", "upper", "title", "sentence"})
TRIM = Step("strip_spaces")


@dataclass(frozen=True, slots=True)
class Intent:
    """What goals ask for: families of recipes, and checks."""

    families: frozenset[str]
    checks: tuple[Check, ...]


def read_goals(goals: Sequence[str], kind: str = "text") -> Intent:
    """What sentences, and the type that a column is cast to, ask for.

    >>> intent = read_goals(["The size in ounces as a plain number, no unit, no trailing zeros."])
    >>> sorted(intent.families), [check.regex or str(check.step) for check in intent.checks]
    (['measures', 'number', 'zeros'], ['^-?[0-9]+([.][0-9]+)?$', 'drop_trailing_zeros(value)'])
    """
    families: set[str] = set()
    checks: dict[tuple[str, Step | None], Check] = {}
    for goal in goals:
        for rule in GOAL_RULES:
            if not rule.speaks(goal):
                continue
            families.update(rule.families)
            if check := rule.read(goal):
                checks.setdefault((check.regex, check.step), check)
        for check in _read_shown(goal, families):
            checks.setdefault((check.regex, check.step), check)
    if families & {*CASES, "listed"}:
        # Outer spaces are in nobody's letters, and part of no list.
        checks["", TRIM] = Check(goals[0], step=TRIM)
    typed, regex = TYPES.get(kind.split("(", maxsplit=1)[0], ((), ""))
    if typed and not any(check.regex for check in checks.values()):
        families.update(typed)
        checks[regex, None] = Check(f"type {kind}", regex)
    return Intent(frozenset(families), tuple(checks.values()))


def read_checks(goals: Sequence[str], kind: str, counts: Mapping[Cell, int]) -> tuple[Check, ...]:
    """The checks of `read_goals`; where a goal speaks of times and names no style, by the style of most values.

    >>> [check.regex for check in read_checks(["The time."], "text", {"7:10 a.m.": 3, "noon": 1})]
    ['^([1-9]|1[0-2]):[0-5][0-9] [ap][.]m[.]$']
    """
    return tuple(_in_own_style(check, counts) for check in read_goals(goals, kind).checks)


def _in_own_style(check: Check, counts: Mapping[Cell, int]) -> Check:
    cells = {value: count for value, count in counts.items() if value}
    shown = "" if check.step else show_date_style(check.goal)
    if shown and check.regex == date_inside_regex(shown):
        return Check(check.goal, date_inside_regex(show_date_style(check.goal, cells)))
    if check.regex == ISO_DATE:
        return _in_own_date_style(check, cells)
    if check.regex != CLOCK or read_clock_style(check.goal):
        return check
    style = find_clock_style(cells)
    return Check(check.goal, clock_regex(style)) if style not in ("", DEFAULT_CLOCK, "HH:mm:ss") else check


def _in_own_date_style(check: Check, counts: Mapping[str, int]) -> Check:
    """ISO 8601, unless a sentence asks for one form alone, or what stands beside the dates would be lost."""
    inside = measure_texts_with_dates(counts) > HALF
    if not inside and (re.search(ISO_NAMED, check.goal.lower()) or not re.search(ALIKE, check.goal.lower())):
        return check
    style = ISO if re.search(ISO_NAMED, check.goal.lower()) else find_date_style(counts)
    return Check(check.goal, date_inside_regex(style)) if style and (inside or style != ISO) else check


def _read_shown(goal: str, families: set[str]) -> Iterator[Check]:
    """The checks of what a sentence shows or lists: a phone's pattern, a date's or a time's style, marks."""
    pattern = read_pattern(goal)
    if pattern and "phone" in families:
        slots = re.sub(
            "9+", lambda run: f"[0-9]{{{len(run.group(0))}}}", re.sub(r"([+().])", r"[\1]", pattern)
        )
        yield Check(goal, f"^{slots}$")
    yield from _read_dates(goal, families)
    style = read_clock_style(goal)
    if "time" in families:
        yield Check(goal, CLOCK if style in ("", DEFAULT_CLOCK) else clock_regex(style))
    if match := LISTED.search(goal.lower()):
        families.add("listed")
        yield Check(goal, step=Step("rejoin_parts", (LIST_SPLIT, read_separator(match))))
    if any(short != full == recipes.complete_range(short) for short, full in COMPLETED.findall(goal)):
        families.add("ranges")
        yield Check(goal, step=Step("complete_range"))
    if match := EITHER.search(goal):
        families.add("initials")
        yield Check(goal, f"^({match.group(1)}|{match.group(2)})$")
    if pairs := WRITTEN_OUT.findall(goal):
        families.add("words")
        words = tuple(sorted((old.rstrip("."), new) for old, new in pairs))
        yield Check(goal, step=Step("map_words", (words,)))
    for marks in DROPPED.findall(goal):
        families.update(("affixes", "symbols"))
        yield Check(goal, step=Step("strip_symbol", (marks,)))


def _read_dates(goal: str, families: set[str]) -> Iterator[Check]:
    """The check of the style of dates that a sentence names, then that it shows, else of ISO 8601."""
    style = read_date_style(goal)
    if style not in ("", ISO) and "timestamp" not in families:
        families.add("date_style")
        yield Check(goal, date_regex(style))
    elif (style := show_date_style(goal)) and "timestamp" not in families:
        families.update(("date_style", "date") if style == ISO else ("date_style",))
        yield Check(goal, date_inside_regex(style))
    elif "date" in families and re.search(DATED, goal.lower()):
        yield Check(goal, ISO_DATE)


def read_separator(match: re.Match[str]) -> str:
    """What a sentence says is to stand between the parts of a list."""
    return LIST_MARKS[match.group(1) or match.group(3)] + (" " if match.group(2) else "")


def read_pattern(goal: str) -> str:
    """The pattern of digits that a sentence shows by example, each digit as a 9, or nothing.

    >>> read_pattern("Phone numbers as (555) 123-4567."), read_pattern("NNN-NN-NNNN")
    ('(999) 999-9999', '999-99-9999')
    """
    match = re.search(r"(?<!\w)[+(]*[0-9NXx#][0-9NXx#() .+-]{5,}[0-9NXx#](?!\w)", goal)
    return re.sub("[0-9NXx#]", "9", match.group(0)) if match else ""


def read_count(text: str) -> int:
    """A small number in figures or as a word.

    >>> read_count("five"), read_count("12")
    (5, 12)
    """
    return WORDS.index(text) + 1 if text in WORDS else int(text)
