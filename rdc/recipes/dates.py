"""Dates in many forms -> one form; a day that no calendar has stays."""

from __future__ import annotations

import datetime as dt
import re

from rdc.recipes.text import squeeze_text

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
MONTH_NUMBERS = {
    name[:size]: number for number, name in enumerate(MONTHS, 1) for size in range(3, len(name) + 1)
}
"""By three letters of its name or more."""
FEBRUARY, DECEMBER = 2, 12
SHORT_MONTHS = (4, 6, 9, 11)
CENTURY_PIVOT = 69
"""The two-digit years below it are of this century, as strptime reads them."""
_ISO_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WEEKDAY = re.compile("^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?[.,]* ")
_MIDNIGHT = re.compile("[t ]00:00(?::00(?:[.]0+)?)?z?$")
_DATE_AND_TIME = re.compile(
    "(.*?[0-9a-z])(?:,? |t)[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:[.][0-9]+)?(?: ?[ap][.]?m[.]?)? ?"
    "(?:z|utc|[+-][0-9]{2}:?[0-9]{2})?"
)
_FULL_DATE = (
    "(?:[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}"
    "|[0-9]{1,2}(?:st|nd|rd|th)?[-/. ][A-Za-z]{3,9}[-/., ]{1,2}[0-9]{4}"
    "|[A-Za-z]{3,9}[-/. ]{1,2}[0-9]{1,2}(?:st|nd|rd|th)?[-/, ]{1,2}[0-9]{4})"
)
DATE_INSIDE = re.compile(f"((?:^|[ (\\[,;:]){_FULL_DATE})(?![0-9A-Za-z/-]|[.][0-9])")
"""A text that is split at it has at every other place a date, with the mark or space before it."""
# The same without looking ahead, for the first date of a text, and what stands behind it.
_FIRST_DATE = re.compile(f"(?:|.*?[ (\\[,;:])({_FULL_DATE})(|[^0-9A-Za-z/.-].*|[.](?:[^0-9].*)?)")
MONTH_SHAPES = (
    ("ym", re.compile("([0-9]{4})[-/. ]([0-9]{1,2}|[a-z]{3,9})")),
    ("my", re.compile("([0-9]{1,2}|[a-z]{3,9})[-/., ]+([0-9]{4})")),
)
DATE_SHAPES = (
    ("ymd", re.compile("([0-9]{4})[-/. ]([0-9]{1,2})[-/. ]([0-9]{1,2})")),
    ("ymd", re.compile("([0-9]{4})([0-9]{2})([0-9]{2})")),
    ("", re.compile("([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4}|[0-9]{2})")),
    ("dmy", re.compile("([0-9]{1,2})(?:st|nd|rd|th)?[-/. ]*([a-z]{3,9})[-/., ]*([0-9]{4}|[0-9]{2})")),
    ("mdy", re.compile("([a-z]{3,9})[-/. ]*([0-9]{1,2})(?:st|nd|rd|th)?[-/, ]+([0-9]{4}|[0-9]{2})")),
    ("ymd", re.compile("([0-9]{4})[-/ ]([a-z]{3,9})[-/ ]([0-9]{1,2})")),
)
DIRECTIVES = {
    "Y": "([0-9]{4})", "y": "([0-9]{2})", "m": "([0-9]{1,2})", "d": "([0-9]{1,2})",
    "b": "([a-z]{3,9})", "B": "([a-z]{3,9})",
}  # fmt: skip
# The days that Excel numbers so are of the years 1954 to 2064.
SERIALS = range(20_000, 60_001)
SECONDS_OF_DAY = 86_400


def _iso(year: str, month: str, day: str, pivot: int) -> str | None:
    """The date, its month given by number or name; None where there is no such day."""
    y, d = int(year), int(day)
    m = int(month) if re.fullmatch("[0-9]+", month) else MONTH_NUMBERS.get(month, 0)
    if len(year) < len("yyyy"):
        y += 2000 if y < pivot else 1900
    leap = y % 4 == 0 and (y % 100 != 0 or y % 400 == 0)
    last = (29 if leap else 28) if m == FEBRUARY else 30 if m in SHORT_MONTHS else 31
    possible = y > 0 and m in range(1, 13) and 1 <= d <= last
    return f"{y:04d}-{m:02d}-{d:02d}" if possible else None


def _compile_format(pattern: str) -> tuple[str, re.Pattern[str]]:
    """A strptime format as the letters of its fields and a regex; directives other than YymdbB are no fields."""
    letters, regex, escaped = "", "", False
    for char in pattern.replace("%-", "%"):
        directive = DIRECTIVES.get(char, "") if escaped else ""
        letters += char.lower() if directive else ""
        regex += directive or ("" if char == "%" and not escaped else re.escape(char.lower()))
        escaped = char == "%" and not escaped
    return letters.replace("b", "m"), re.compile(regex)


def read_date(value: str | None, formats: tuple[str, ...], order: str, pivot: int) -> str | None:
    """A date as ISO 8601, or None for what is none; with formats, nothing else is read."""
    text = "" if value is None else _MIDNIGHT.sub("", _WEEKDAY.sub("", squeeze_text(value).lower()))
    if formats:
        return None if _ISO_DATE.fullmatch(text) else _read_formats(text, formats, pivot)
    year, month, day = _split_date(text, order)
    date = _iso(year, month, day, pivot) if year else None
    if date is None and order not in ("mdy", "dmy"):
        year, month, day = _split_date(text, "dmy")
        date = _iso(year, month, day, pivot) if year else None
    return date


def _read_formats(text: str, formats: tuple[str, ...], pivot: int) -> str | None:
    for pattern in formats:
        letters, shape = _compile_format(pattern)
        match = shape.fullmatch(text)
        if match and "y" in letters and "m" in letters and "d" in letters:
            year, month, day = [match.group(letters.rindex(letter) + 1) for letter in "ymd"]
            date = _iso(year, month, day, pivot)
            if date is not None:
                return date
    return None


def _split_date(text: str, order: str) -> tuple[str, str, str]:
    """The year, month and day of a text in one of the shapes that dates have; '' where it is in none."""
    for letters, shape in DATE_SHAPES:
        if match := shape.fullmatch(text):
            fields = match.groups()
            year, month, day = [fields[(letters or order).index(letter)] for letter in "ymd"]
            # Unless only one order is possible.
            if not letters and order in ("mdy", "dmy") and int(month) > DECEMBER:
                month, day = day, month
            return year, month, day
    return "", "", ""


def to_date(value: str | None, *formats: str, order: str = "mdy", pivot: int = CENTURY_PIVOT) -> str | None:
    """Write a date as ISO 8601; `order` (mdy or dmy) reads `03/04/2020`, unless only one order is possible.

    Two-digit years below `pivot` are of this century. With formats (of `%Y %y %m %d %b %B`) nothing else is read.

    >>> to_date("3/4/20"), to_date("3/4/2020", order="dmy"), to_date("Mar 4th, 2020"), to_date("30 Feb 2020")
    ('2020-03-04', '2020-04-03', '2020-03-04', '30 Feb 2020')
    >>> to_date("04.03.2020", "%d.%m.%Y"), to_date("04/03/2020", "%d.%m.%Y")
    ('2020-03-04', '04/03/2020')
    """
    return read_date(value, formats, order, pivot) or value


def format_date(value: str | None, style: str, order: str = "mdy", pivot: int = CENTURY_PIVOT) -> str | None:
    """Write a date in a strptime style (of `%Y %y %m %d %-m %-d %b %B`), reading it as to_date does.

    >>> format_date("2020-03-04", "%d/%m/%Y"), format_date("3/4/20", "%b %-d, %Y"), format_date("soon", "%Y")
    ('04/03/2020', 'Mar 4, 2020', 'soon')
    >>> format_date("04/03/2020", "%d/%m/%Y"), format_date("13.4.2020", "%m/%d/%Y")
    ('04/03/2020', '04/13/2020')
    """
    date = read_date(value, (style,), order, pivot) or read_date(value, (), order, pivot)
    letters, _ = _compile_format(style)
    if date is None or sorted(letters) != ["d", "m", "y"] or letters == "ydm":
        return value
    month = MONTHS[int(date[5:7]) - 1]
    fields = (
        ("%Y", date[:4]), ("%y", date[2:4]), ("%-m", date[5:7].lstrip("0")), ("%-d", date[8:].lstrip("0")),
        ("%m", date[5:7]), ("%d", date[8:]), ("%b", month[:3].capitalize()), ("%B", month.capitalize()),
    )  # fmt: skip
    for directive, text in fields:
        style = style.replace(directive, text)
    return style


def format_dates(value: str | None, style: str, order: str = "mdy") -> str | None:
    """Write the dates inside of a text in a style with `%Y`, as format_date does; what is around them stays.

    >>> format_dates("Mar 3, 1981 (Germany)", "%-d %B %Y"), format_dates("3/4/2020, 3/5/2020", "%Y-%m-%d")
    ('3 March 1981 (Germany)', '2020-03-04, 2020-03-05')
    >>> format_dates("3/4/20", "%d.%m.%Y"), format_dates("Room 3, March 1981", "%Y-%m-%d")
    ('04.03.2020', 'Room 3, March 1981')
    """
    whole = format_date(value, style, order)
    if value is None or whole != value or "%Y" not in style:
        return whole
    parts = DATE_INSIDE.split(value)
    for place in range(1, len(parts), 2):
        mark = "" if parts[place][0].isalnum() else parts[place][0]
        parts[place] = mark + (format_date(parts[place][len(mark) :], style, order) or "")
    return "".join(parts)


def take_date(value: str | None, order: str = "mdy", pivot: int = CENTURY_PIVOT) -> str | None:
    """Take the date, as ISO 8601, of a date with a time or of a text with one date inside.

    >>> take_date("3/4/2020 1:05 PM"), take_date("2020-03-04T13:05:00Z"), take_date("1:05 PM")
    ('2020-03-04', '2020-03-04', '1:05 PM')
    >>> take_date("3 March 1981 (Germany)"), take_date("3/4/2020 to 3/5/2020")
    ('1981-03-03', '3/4/2020 to 3/5/2020')
    """
    return _find_date(value, order, pivot) or value


def _find_date(value: str | None, order: str, pivot: int) -> str | None:
    text = "" if value is None else squeeze_text(value)
    match, first = _DATE_AND_TIME.fullmatch(text.lower()), _FIRST_DATE.fullmatch(text)
    part = match.group(1) if match else text
    if first and _FIRST_DATE.fullmatch("." + first.group(2)) is None:
        part = first.group(1)
    return read_date(part, (), order, pivot)


def to_month(value: str | None, order: str = "mdy", pivot: int = CENTURY_PIVOT) -> str | None:
    """Write a month, or the month of a date, as `2020-03`.

    >>> to_month("March 2020"), to_month("3/4/2020"), to_month("03/2020"), to_month("Smarch 2020")
    ('2020-03', '2020-03', '2020-03', 'Smarch 2020')
    """
    year, month = _split_month("" if value is None else squeeze_text(value).lower())
    date = _iso(year, month, "1", pivot) if year else _find_date(value, order, pivot)
    return value if date is None else date[:7]


def _split_month(text: str) -> tuple[str, str]:
    """The year and month of a text that is a month; '' where it is none."""
    for letters, shape in MONTH_SHAPES:
        if match := shape.fullmatch(text):
            return match.group(letters.index("y") + 1), match.group(letters.index("m") + 1)
    return "", ""


def to_year(value: str | None, order: str = "mdy", pivot: int = CENTURY_PIVOT) -> str | None:
    """Take the year of a date or a month.

    >>> to_year("3/4/20"), to_year("March 2020"), to_year("2020"), to_year("n.d.")
    ('2020', '2020', '2020', 'n.d.')
    """
    month = to_month(value, order, pivot) or ""
    return month[:4] if re.fullmatch("[0-9]{4}-(?:0[1-9]|1[0-2])", month) else value


def expand_year(value: str | None, pivot: int = CENTURY_PIVOT) -> str | None:
    """Write the two-digit year at a date's end with four; below `pivot` it is of this century.

    >>> expand_year("3/4/20"), expand_year("4-Mar-98"), expand_year("3/4/2020"), expand_year("13/13/20")
    ('3/4/2020', '4-Mar-1998', '3/4/2020', '13/13/20')
    """
    text = "" if value is None else squeeze_text(value)
    date = read_date(text, (), "mdy", pivot)
    two_digits = re.fullmatch(".*[^0-9][0-9]{2}", text) is not None and re.match("[0-9]{4}", text) is None
    return text[:-2] + date[:4] if two_digits and date else value


def excel_date(value: str | None) -> str | None:
    """Write the day that a spreadsheet numbers by five digits as ISO 8601.

    >>> excel_date("43894"), excel_date("43894.0"), excel_date("2020-03-04"), excel_date("99999")
    ('2020-03-04', '2020-03-04', '2020-03-04', '99999')
    """
    match = None if value is None else re.fullmatch("([0-9]{5})(?:[.]0+)?", squeeze_text(value))
    if match is None or int(match.group(1)) not in SERIALS:
        return value
    return str(dt.date(1899, 12, 30) + dt.timedelta(days=int(match.group(1))))


def epoch_to_timestamp(value: str | None) -> str | None:
    """Write seconds since 1970 (10 digits), or milliseconds (13), as a timestamp in UTC.

    >>> epoch_to_timestamp("1583327100"), epoch_to_timestamp("1583327100000"), epoch_to_timestamp("158332")
    ('2020-03-04 13:05:00', '2020-03-04 13:05:00', '158332')
    """
    match = None if value is None else re.fullmatch("([0-9]{10})(?:[0-9]{3})?", squeeze_text(value))
    if match is None:
        return value
    days, seconds = divmod(int(match.group(1)), SECONDS_OF_DAY)
    date = str(dt.date(1970, 1, 1) + dt.timedelta(days=days))
    return f"{date} {seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
