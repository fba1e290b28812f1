"""Goals and values -> how dates and times of day are to be written; a style that recipes don't know is none."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice, product
from typing import TYPE_CHECKING

from rdc import recipes
from rdc.recipes.dates import DATE_INSIDE, MONTHS

if TYPE_CHECKING:
    from collections.abc import Mapping

CLOCK_STYLE = re.compile(
    r"(?<![A-Za-z])(HH?|hh?):(?:mm|MM)(:(?:ss|SS))?( ?(?:a\.m\.|A\.M\.|am|AM))?(?![A-Za-z])"
)
HALVES = re.compile(r"12[- ]hour|\ba\.m\.|\bam ?(/|or|and) ?pm\b", re.IGNORECASE)
WHOLE_DAY = re.compile(r"24[- ]?h|military", re.IGNORECASE)
CLOCK = re.compile(r"([0-9]{1,2}):[0-9]{2}(:[0-9]{2})?( ?(?:[ap]\.m\.|[AP]\.M\.|[ap]m|[AP]M))?")
HOURS = {
    "H": "([0-9]|1[0-9]|2[0-3])",
    "HH": "([01][0-9]|2[0-3])",
    "h": "([1-9]|1[0-2])",
    "hh": "(0[1-9]|1[0-2])",
}
DEFAULT_CLOCK = "HH:mm"
COMMON = 0.3
"""The share of cells that must be written in one style before it is the column's own."""
DATE_STYLE = re.compile(
    r"(?<![a-z])(yyyy|yy|mm?|dd?)([-/. ])(yyyy|yy|mm?|dd?)\2(yyyy|yy|mm?|dd?)(?![a-z])", re.IGNORECASE
)
FIELDS = {"yyyy": "%Y", "yy": "%y", "mm": "%m", "m": "%-m", "dd": "%d", "d": "%-d"}
DIGITS = {"%Y": "[0-9]{4}", "%y": "[0-9]{2}", "%m": "(0[1-9]|1[0-2])", "%d": "(0[1-9]|[12][0-9]|3[01])"}
DIGITS |= {"%-m": "([1-9]|1[0-2])", "%-d": "([1-9]|[12][0-9]|3[01])"}
DIGITS |= {
    "%B": f"({'|'.join(name.capitalize() for name in MONTHS)})",
    "%b": f"({'|'.join(name[:3].capitalize() for name in MONTHS)})",
}
ISO = "%Y-%m-%d"
NAMED_STYLES = tuple(
    layout.replace("d", day).replace("b", month).replace("Y", "%Y")
    for layout, month, day in product(("d b Y", "b d, Y", "b d Y", "d-b-Y"), ("%B", "%b"), ("%-d", "%d"))
)
NUMBER_STYLES = tuple(
    mark.join(fields)
    for mark, fields in product(
        "-/.",
        (
            ("%Y", "%m", "%d"),
            ("%m", "%d", "%Y"),
            ("%d", "%m", "%Y"),
            ("%-m", "%-d", "%Y"),
            ("%-d", "%-m", "%Y"),
        ),
    )
)
SHOWN = re.compile(
    r"(?<!un)(?<!not )\b(?:like|as in|such as|e\.g\.|for example|(?:in|of) the form(?: of)?)[,:]? "
)
"""What a sentence says before it shows how a value is written."""
CLOCK_BEHIND = re.compile("[ T]?[0-9]{1,2}:[0-9]{2}")
LOOKED_AT = 300
"""How many dates tell the style of most."""
MAIN = 0.6
"""The share of cells in one style from which the others are strays."""


def read_clock_style(goal: str) -> str:
    """The style of a time of day that a sentence names, or nothing.

    >>> read_clock_style("Time as h:mm a.m./p.m."), read_clock_style("24-hour clock"), read_clock_style("the time")
    ('h:mm a.m.', 'HH:mm', '')
    >>> read_clock_style("HH:MM:SS"), read_clock_style("12-hour clock with AM/PM")
    ('HH:mm:ss', 'h:mm AM')
    """
    whole = WHOLE_DAY.search(goal) is not None
    match = CLOCK_STYLE.search(goal)
    if match is not None:
        hours, seconds, half = match.group(1), match.group(2), match.group(3) or ""
        hours = hours if half else hours.upper() if len(hours) > 1 or whole else hours
        # By the 12-hour clock a time needs its half of the day.
        half = half or (_half_of(goal) if hours[0] == "h" else "")
        hours = hours if half else hours.upper()
        return hours + ":mm" + (":ss" if seconds else "") + half
    if whole:
        return DEFAULT_CLOCK
    return f"h:mm{_half_of(goal)}" if HALVES.search(goal) else ""


def _half_of(goal: str) -> str:
    """How a sentence writes a half of the day."""
    return next((f" {half}" for half in ("a.m.", "A.M.", "AM") if half in goal), " am")


def find_clock_style(counts: Mapping[str, int]) -> str:
    """The style in which most times of a column are written, or nothing.

    >>> find_clock_style({"7:10 a.m.": 6, "19:05": 1, "8:00 p.m.": 3})
    'h:mm a.m.'
    """
    styles: Counter[str] = Counter()
    padded = 0
    for value, count in counts.items():
        if match := CLOCK.fullmatch(value):
            half = (match.group(3) or "").replace("p", "a").replace("P", "A")
            padded += count * match.group(1).startswith("0")
            styles[("h" if half else "H") + ":mm" + (":ss" if match.group(2) else "") + half] += count
    if not styles:
        return ""
    style, count = max(styles.items(), key=lambda item: (item[1], item[0]))
    if count < COMMON * sum(counts.values()):
        return ""
    return style[0] + style if padded else style


def clock_regex(style: str) -> str:
    """What a time of day in a style looks like.

    >>> clock_regex("h:mm a.m.")
    '^([1-9]|1[0-2]):[0-5][0-9] [ap][.]m[.]$'
    """
    hours, _, rest = style.partition(":")
    half = rest.removeprefix("mm").removeprefix(":ss")
    seconds = ":[0-5][0-9]" if ":ss" in rest else ""
    marked = half.replace(".", "[.]").replace("a", "[ap]", 1).replace("A", "[AP]", 1)
    return f"^{HOURS[hours]}:[0-5][0-9]{seconds}{marked}$"


def read_date_style(goal: str) -> str:
    """The style of a date that a sentence names, or nothing.

    >>> read_date_style("Date as MM/DD/YYYY."), read_date_style("d.m.yyyy"), read_date_style("ISO")
    ('%m/%d/%Y', '%-d.%-m.%Y', '')
    """
    match = DATE_STYLE.search(goal)
    if match is None:
        return ""
    mark = match.group(2)
    fields = [FIELDS[match.group(number).lower()] for number in (1, 3, 4)]
    return mark.join(fields) if len({field[-1].lower() for field in fields}) == len(fields) else ""


def date_regex(style: str) -> str:
    """What a date in a style looks like.

    >>> date_regex("%-d.%Y")
    '^([1-9]|[12][0-9]|3[01])[.][0-9]{4}$'
    """
    text = style.replace(".", "[.]")
    for field, digits in sorted(DIGITS.items(), key=lambda item: -len(item[0])):
        text = text.replace(field, digits)
    return f"^{text}$"


def date_inside_regex(style: str) -> str:
    """What a text looks like that holds a date in a style.

    >>> bool(re.search(date_inside_regex("%-d %B %Y"), "3 March 1981 (Germany)"))
    True
    """
    return f"(^|[ (\\[,;:]){date_regex(style)[1:-1]}([^0-9A-Za-z]|$)"


def list_date_styles(text: str) -> tuple[str, ...]:
    """The styles in which a text's first date may be written, the likelier first.

    >>> list_date_styles("13 March 1981 (Germany)"), list_date_styles("3/13/1981"), list_date_styles("3 men")
    (('%-d %B %Y', '%d %B %Y'), ('%-m/%-d/%Y',), ())
    """
    match = DATE_INSIDE.search(text)
    date = match.group(1).lstrip(" ([,;:") if match else ""
    if not date:
        return ()
    styles = NAMED_STYLES if any(map(str.isalpha, date)) else NUMBER_STYLES
    return tuple(style for style in styles if _is_written(date, style))


def _is_written(date: str, style: str) -> bool:
    return recipes.format_date(date, style) == date and re.search(date_regex(style), date) is not None


def show_date_style(goal: str, counts: Mapping[str, int] | None = None) -> str:
    """The style of the date that a sentence shows by example, or nothing where it may be of several orders.

    Where a day of two digits, or May, may be of two styles, that of most of a column's cells is meant.

    >>> show_date_style("Like 3 March 1981 (Germany)."), show_date_style("Like 3/4/1981."), show_date_style("Not 3 May 1981")
    ('%-d %B %Y', '', '')
    """
    shown = SHOWN.search(goal[:1].lower() + goal[1:])
    styles = list_date_styles(goal[shown.end() :]) if shown else ()
    main = find_date_style(counts or {})
    orders = {re.sub("%-?(.)", r"\1", style).lower() for style in styles}
    return "" if len(orders) != 1 else main if main in styles else styles[0]


def find_date_style(counts: Mapping[str, int]) -> str:
    """The style of the dates in most of a column's cells, alone or inside of texts, or nothing.

    >>> find_date_style({"3 March 1981 (UK)": 5, "13 May 1990": 3, "Mar 4, 1981 (USA)": 1})
    '%-d %B %Y'
    """
    looked_at = dict(islice(counts.items(), LOOKED_AT))
    styles: Counter[str] = Counter()
    for value, count in looked_at.items():
        styles.update(dict.fromkeys(list_date_styles(value), count))
    order = {style: place for place, style in enumerate((*NAMED_STYLES, *NUMBER_STYLES))}
    style = min(styles, key=lambda name: (-styles[name], order[name]), default="")
    return style if styles[style] >= MAIN * sum(looked_at.values()) else ""


def measure_texts_with_dates(counts: Mapping[str, int]) -> float:
    """The share of cells whose dates stand inside of longer texts, which no form of a date alone may cut.

    >>> measure_texts_with_dates({"3 March 1981 (UK)": 3, "3 March 1981": 1, "2020-03-04 13:05": 1})
    0.6
    """
    looked_at = dict(islice(counts.items(), LOOKED_AT))
    longer = sum(count for value, count in looked_at.items() if _is_longer(value))
    return longer / max(1, sum(looked_at.values()))


def _is_longer(value: str) -> bool:
    match = DATE_INSIDE.search(value)
    rest = value.replace(match.group(0), "", 1) if match else ""
    return bool(rest) and CLOCK_BEHIND.match(rest) is None
