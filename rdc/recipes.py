"""Cleaning functions, text -> text, that a transform may call; what one doesn't understand it returns unchanged.

None gives None, every recipe is idempotent, and only the null recipes empty a value.
"""

# This file runs in the sandbox's interpreter too: no str.translate, no callable in re.sub, no `\s`, `\d`
# or bare strip(), whose characters differ there.
from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

__all__ = [
    "accounting_negative", "collapse_spaces", "decimal_comma", "drop_trailing_zeros", "empty_to_null",
    "expand_scientific", "fix_mojibake", "format_digits", "format_phone", "keep_digits", "lower_case",
    "normalize_number", "normalize_unicode", "null_if", "null_tokens", "pad_left", "percent_to_number",
    "remove_symbols", "remove_thousands", "replace_symbol", "round_number", "sentence_case", "split_part",
    "straighten_quotes", "strip_control", "strip_currency", "strip_ending", "strip_leading_zeros",
    "strip_percent", "strip_prefix", "strip_spaces", "strip_suffix", "strip_symbol", "strip_unit", "title_case", "to_boolean",
    "to_date", "to_time", "to_timestamp", "unescape_html", "upper_case", "us_state_code",
]  # fmt: skip

SPACES = (
    " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
NULL_TOKENS = (
    "n/a", "na", "n.a.", "n.a", "#n/a", "nan", "null", "<null>", "(null)", "\\n", "none", "nil", "-", "--",
    "---", "\u2013", "\u2014", ".", "..", "?", "??", "unknown", "missing", "not available",
    "not applicable", "undefined", "tbd", "(blank)", "blank", "empty", "#ref!", "#value!",
)  # fmt: skip
TRUE_WORDS = ("true", "t", "yes", "y", "1", "on")
FALSE_WORDS = ("false", "f", "no", "n", "0", "off")
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
# Decimal keeps 28 digits, everywhere.
MAX_DIGITS = 25
FEBRUARY = 2
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# HTML's names of the characters from 0xc0 to 0xff.
LATIN = (
    "Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH "
    "Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave "
    "aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde "
    "ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml"
)
ENTITIES = (
    ("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&nbsp;", " "), ("&ndash;", "\u2013"),
    ("&mdash;", "\u2014"), ("&lsquo;", "\u2018"), ("&rsquo;", "\u2019"), ("&ldquo;", "\u201c"),
    ("&rdquo;", "\u201d"), ("&hellip;", "\u2026"), ("&copy;", "\xa9"), ("&reg;", "\xae"),
    ("&trade;", "\u2122"), ("&deg;", "\xb0"), ("&pound;", "\xa3"), ("&euro;", "\u20ac"),
    *((f"&{name};", chr(0xC0 + number)) for number, name in enumerate(LATIN.split(" "))), ("&amp;", "&"),
)  # fmt: skip
QUOTES = (
    ("\u2018", "'"), ("\u2019", "'"), ("\u201a", "'"), ("\u201b", "'"), ("\u201c", '"'), ("\u201d", '"'),
    ("\u201e", '"'), ("\u201f", '"'),
)  # fmt: skip
# What Windows-1252 shows for the bytes 0x80 to 0x9f; a blank where it has no character.
WINDOWS = (
    "\u20ac \u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152 \u017d "
    " \u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153 \u017e\u0178"
)
STATES = (
    "AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|DE Delaware|"
    "DC District of Columbia|FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|"
    "KS Kansas|KY Kentucky|LA Louisiana|ME Maine|MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota|"
    "MS Mississippi|MO Missouri|MT Montana|NE Nebraska|NV Nevada|NH New Hampshire|NJ New Jersey|"
    "NM New Mexico|NY New York|NC North Carolina|ND North Dakota|OH Ohio|OK Oklahoma|OR Oregon|"
    "PA Pennsylvania|RI Rhode Island|SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|UT Utah|"
    "VT Vermont|VA Virginia|WA Washington|WV West Virginia|WI Wisconsin|WY Wyoming|PR Puerto Rico|GU Guam"
)
STATE_CODES = {entry[3:].lower(): entry[:2] for entry in STATES.split("|")}

_SPACE_RUN = re.compile(f"[{SPACES}]+")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u2060\ufeff]")
_ISO_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PLAIN = re.compile("[+-]?(?:[0-9]+(?:[.][0-9]*)?|[.][0-9]+)")
_GROUPED = re.compile(
    "[0-9]{1,3}(?:[,' \xa0\u202f\u2019][0-9]{2,3})*[,' \xa0\u202f\u2019][0-9]{3}(?:[.][0-9]*)?"
)
_NUMBER = "[+-]?(?:[0-9]+(?:[.,' ][0-9]+)*[.]?|[.][0-9]+)"
_MONEY = (
    "(?:(?:us|ca|c|au|a|nz|hk|mx|r|s)?[$]|[€£¥₹₩₽₺₪₫₴₦฿]|rs[.]?|kr[.]?|zł|usd|eur|gbp|jpy|chf|cad|aud|nzd|inr|"
    "cny|sek|nok|dkk|pln|czk|huf|brl|mxn|zar|sgd|hkd)"
)
_PRICE = re.compile(f"([(+-]*) ?({_MONEY}?) ?([(+-]*(?:[0-9][0-9.,' ]*|[.][0-9]+)) ?({_MONEY}?)([)]?)")
_CLOCK = re.compile("([0-9]{1,2})(?::([0-9]{2}))?(?::([0-9]{2}))?(?: ?([ap])[.]?m[.]?)?")
_INSTANT = re.compile(
    "(.*?[0-9a-z])(?:,? |t)([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?: ?[ap][.]?m[.]?)?)([.][0-9]+)? ?"
    "(z|utc|[+-][0-9]{2}:?[0-9]{2})?"
)
_ENTITY = re.compile("&#([0-9]{2,5});")
_WEEKDAY = re.compile("^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?[.,]* ")
_MIDNIGHT = re.compile("[t ]00:00(?::00(?:[.]0+)?)?z?$")
_TRAIL = f"[\x80-\xbf{WINDOWS.replace(' ', '')}]"
_MOJIBAKE = re.compile(f"([\xc2-\xc5]{_TRAIL}|\xe2{_TRAIL}{{2}})")
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


def _tidy(value: str) -> str:
    return _SPACE_RUN.sub(" ", value).strip(" ")


def collapse_spaces(value: str | None) -> str | None:
    """Make every run of white space one space, and drop it at the ends.

    >>> collapse_spaces("  New   York ")
    'New York'
    """
    return None if value is None else _tidy(value)


def strip_spaces(value: str | None) -> str | None:
    """Drop white space at the ends.

    >>> strip_spaces(" a  b ")
    'a  b'
    """
    return None if value is None else value.strip(SPACES)


def lower_case(value: str | None) -> str | None:
    """Make all letters small."""
    return None if value is None else value.lower()


def upper_case(value: str | None) -> str | None:
    """Make all letters capital."""
    return None if value is None else value.upper()


def _capitalize(word: str) -> str:
    # The capital of some letters is two characters, of which the next call would lower one.
    first = word[:1].upper()
    return (first if len(first) == 1 else word[:1]) + word[1:].lower()


def sentence_case(value: str | None) -> str | None:
    """Make the first letter capital and the others small.

    >>> sentence_case("HELLO World")
    'Hello world'
    """
    return None if value is None else _capitalize(value)


def title_case(value: str | None, marks: str = "") -> str | None:
    """Make each word's first letter capital and the others small; words end at spaces, hyphens, slashes and marks.

    >>> title_case("o'NEIL-smith street"), title_case("o'NEIL", "'")
    ("O'neil-Smith Street", "O'Neil")
    """
    ends = f"([ /{re.escape(marks)}-])"
    return None if value is None else "".join([_capitalize(part) for part in re.split(ends, value)])


def empty_to_null(value: str | None) -> str | None:
    """Make the empty string, and white space alone, null."""
    return None if value is None or not value.strip(SPACES) else value


def null_if(value: str | None, *tokens: str) -> str | None:
    """Make a value null that is one of the tokens, whatever its case and outer spaces.

    >>> null_if(" N/A ", "n/a", "-") is None
    True
    """
    text = "" if value is None else value.strip(SPACES).lower()
    return None if text in [token.strip(SPACES).lower() for token in tokens] else value


def null_tokens(value: str | None) -> str | None:
    """Make a value null that is blank or one of `NULL_TOKENS`, such as `N/A`, `null`, `-`, `unknown`.

    >>> null_tokens("None") is null_tokens("") is None
    True
    """
    return null_if(value, "", *NULL_TOKENS)


def strip_unit(value: str | None, *units: str) -> str | None:
    """Drop what follows a number: one of the units, or any text without digits where none is given.

    >>> strip_unit("12.0 oz", "oz", "ounces"), strip_unit("12.0 oz. Can"), strip_unit("12 lb", "oz")
    ('12.0', '12.0', '12 lb')
    """
    match = None if value is None else re.fullmatch(f"({_NUMBER}) ?-?([^0-9., ()+-][^0-9]*)", _tidy(value))
    if match is None:
        return value
    unit = match.group(2).rstrip(".").lower()
    return match.group(1) if not units or unit in [name.rstrip(".").lower() for name in units] else value


def strip_currency(value: str | None) -> str | None:
    """Drop a currency's symbol or code beside a number.

    >>> strip_currency("US$ 1,200.50"), strip_currency("-5 EUR"), strip_currency("$ab")
    ('1,200.50', '-5', '$ab')
    """
    match = None if value is None else _PRICE.fullmatch(_tidy(value).lower())
    if match is None or not (match.group(2) or match.group(4)):
        return value
    return match.group(1) + match.group(3).rstrip(" ") + match.group(5)


def strip_percent(value: str | None) -> str | None:
    """Drop the percent sign after a number.

    >>> strip_percent("5.5 %")
    '5.5'
    """
    return strip_unit(value, "%", "percent", "pct")


def percent_to_number(value: str | None) -> str | None:
    """Make a percentage the number that it stands for.

    >>> percent_to_number("5.5%"), percent_to_number("5.5")
    ('0.055', '5.5')
    """
    number = strip_percent(value)
    if number is None or number == value or _PLAIN.fullmatch(number) is None or len(number) > MAX_DIGITS:
        return value
    return format(Decimal(number) / 100, "f")


def accounting_negative(value: str | None) -> str | None:
    """Write a number in parentheses, or with its minus behind it, with a minus before it.

    >>> accounting_negative("(1,250.00)"), accounting_negative("5-")
    ('-1,250.00', '-5')
    """
    match = (
        None if value is None else re.fullmatch("[(] ?([0-9][0-9.,]*) ?[)]|([0-9][0-9.,]*) ?-", _tidy(value))
    )
    return value if match is None else "-" + (match.group(1) or match.group(2))


def remove_thousands(value: str | None, decimal: str = ".") -> str | None:
    """Drop the separators between groups of digits; with `decimal=","` those are points.

    >>> remove_thousands("-1,234,567.80"), remove_thousands("1.234.567,8", decimal=",")
    ('-1234567.80', '1234567,8')
    """
    if value is None:
        return None
    text = _tidy(value)
    sign, body = (text[:1], text[1:]) if text[:1] in ("+", "-") else ("", text)
    if decimal == ",":
        european = re.fullmatch("[1-9][0-9]{0,2}(?:[.][0-9]{3})+(?:,[0-9]*)?", body)
        return value if european is None else sign + body.replace(".", "")
    if _GROUPED.fullmatch(body) is None:
        return value
    return sign + re.sub("[^0-9.]", "", body)


def decimal_comma(value: str | None) -> str | None:
    """Write a number with a decimal comma with a point, without separators; what has no comma is left.

    >>> decimal_comma("1.234,50"), decimal_comma("12,5"), decimal_comma("1.234")
    ('1234.50', '12.5', '1.234')
    """
    text = "" if value is None else _tidy(value)
    if re.fullmatch("[+-]?(?:[0-9]+|[0-9]{1,3}(?:[. ][0-9]{3})+),[0-9]+", text) is None:
        return value
    return re.sub("[. ]", "", text).replace(",", ".")


def drop_trailing_zeros(value: str | None) -> str | None:
    """Drop the zeros at the end of a number's decimals, and the point where none is left.

    >>> drop_trailing_zeros("12.50"), drop_trailing_zeros("12.0"), drop_trailing_zeros("120")
    ('12.5', '12', '120')
    """
    if value is None or re.fullmatch("[+-]?[0-9]*[.][0-9]*", value) is None or len(value.strip("+-.")) == 0:
        return value
    return value.rstrip("0").rstrip(".") if value.strip("+-.0") else "0"


def strip_leading_zeros(value: str | None) -> str | None:
    """Drop the zeros before a number's first digit.

    >>> strip_leading_zeros("0042"), strip_leading_zeros("0.5"), strip_leading_zeros("000")
    ('42', '0.5', '0')
    """
    match = None if value is None else re.fullmatch("([+-]?)0+([0-9](?:[0-9.]*))", value)
    return value if match is None else match.group(1) + match.group(2)


def round_number(value: str | None, digits: int) -> str | None:
    """Round a plain number to so many decimals, halves away from zero.

    >>> round_number("2.345", 2), round_number("2.5", 0), round_number("7", 2)
    ('2.35', '3', '7.00')
    """
    if value is None or _PLAIN.fullmatch(value) is None or len(value) + digits > MAX_DIGITS:
        return value
    return format(Decimal(value).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP), "f")


def expand_scientific(value: str | None) -> str | None:
    """Write a number in scientific notation in full.

    >>> expand_scientific("1.5e3"), expand_scientific("2E-4")
    ('1500', '0.0002')
    """
    match = (
        None
        if value is None
        else re.fullmatch("([+-]?[0-9]{1,15}(?:[.][0-9]{1,15})?)[eE]([+-]?[0-9]{1,2})", value)
    )
    if match is None or abs(int(match.group(2))) > MAX_DIGITS:
        return value
    return format(Decimal(match.group(1)).scaleb(int(match.group(2))), "f")


def normalize_number(value: str | None) -> str | None:
    """Write a number plainly: without currency, separators, plus sign or parentheses, with a decimal point.

    >>> normalize_number("($1,234.50)"), normalize_number("1.234,5"), normalize_number("+.5")
    ('-1234.50', '1234.5', '0.5')
    """
    if value is None:
        return None
    text = _tidy(value).replace("\u2212", "-")
    text = accounting_negative(strip_currency(accounting_negative(text))) or ""
    comma = text.rfind(",") > text.rfind(".") and _GROUPED.fullmatch(text.lstrip("+-")) is None
    text = remove_thousands(text, "," if comma or text.count(".") > 1 else ".") or ""
    text = (text.replace(",", ".") if comma and text.count(",") == 1 else text).removeprefix("+")
    if _PLAIN.fullmatch(text) is None:
        return value
    sign, digits = ("-", text[1:]) if text[:1] == "-" else ("", text)
    return sign + ("0" + digits if digits[:1] == "." else digits).removesuffix(".")


def _iso(year: str, month: str, day: str, pivot: int) -> str | None:
    """The date, its month given by number or by the start of its name; None where there is no such day."""
    y, d = int(year), int(day)
    m = int(month) if month[0] <= "9" else 0
    for number, name in enumerate(MONTHS):
        m = number + 1 if name.startswith(month) else m
    if len(year) < len("yyyy"):
        y += 2000 if y < pivot else 1900
    leap = m == FEBRUARY and y % 4 == 0 and (y % 100 != 0 or y % 400 == 0)
    possible = y > 0 and m in range(1, 13) and 1 <= d <= DAYS[m - 1] + leap
    return f"{y:04d}-{m:02d}-{d:02d}" if possible else None


def _compile_format(pattern: str) -> tuple[str, re.Pattern[str]]:
    """A strptime format as the letters of its fields and a regex; directives other than YymdbB are no fields."""
    letters, regex, escaped = "", "", False
    for char in pattern:
        directive = DIRECTIVES.get(char, "") if escaped else ""
        letters += char.lower() if directive else ""
        regex += directive or ("" if char == "%" and not escaped else re.escape(char.lower()))
        escaped = char == "%" and not escaped
    return letters.replace("b", "m"), re.compile(regex)


def to_date(value: str | None, *formats: str, order: str = "mdy", pivot: int = 69) -> str | None:
    """Write a date as ISO 8601; `order` (mdy or dmy) reads `03/04/2020`, unless only one order is possible.

    Two-digit years below `pivot` are of this century. With formats (of `%Y %y %m %d %b %B`) nothing else is read.

    >>> to_date("3/4/20"), to_date("3/4/2020", order="dmy"), to_date("Mar 4th, 2020"), to_date("30 Feb 2020")
    ('2020-03-04', '2020-04-03', '2020-03-04', '30 Feb 2020')
    >>> to_date("04.03.2020", "%d.%m.%Y"), to_date("04/03/2020", "%d.%m.%Y")
    ('2020-03-04', '04/03/2020')
    """
    if value is None:
        return None
    text = _WEEKDAY.sub("", _tidy(value).lower())
    text = _MIDNIGHT.sub("", text)
    for letters, shape in [_compile_format(pattern) for pattern in formats] or DATE_SHAPES:
        match = shape.fullmatch(text)
        if match is None or (formats and _ISO_DATE.fullmatch(text)):
            continue
        for reading in (letters,) if letters else (order, "dmy", "mdy"):
            fields = dict(zip(reading, match.groups(), strict=True))
            date = _iso(fields.get("y", ""), fields.get("m", ""), fields.get("d", ""), pivot)
            if date is not None:
                return date
    return value


def to_time(value: str | None) -> str | None:
    """Write a time of day by the 24-hour clock, with the seconds that it has.

    >>> to_time("1:05 p.m."), to_time("9:05:30"), to_time("12am"), to_time("25:00")
    ('13:05', '09:05:30', '00:00', '25:00')
    """
    match = None if value is None else _CLOCK.fullmatch(_tidy(value).lower())
    if match is None or not (match.group(4) or match.group(2)):
        return value
    hour, half = int(match.group(1)), match.group(4)
    if hour not in range(1, 13) if half else hour not in range(24):
        return value
    if (match.group(2) or "0") > "59" or (match.group(3) or "0") > "59":
        return value
    hour = hour if half is None else hour % 12 + (12 if half == "p" else 0)
    return f"{hour:02d}:{match.group(2) or '00'}" + (f":{match.group(3)}" if match.group(3) else "")


def to_timestamp(value: str | None, order: str = "mdy", separator: str = " ") -> str | None:
    """Write a date with a time as ISO 8601, with seconds; its fraction and its zone stay.

    >>> to_timestamp("3/4/2020 1:05 PM"), to_timestamp("2020-03-04T13:05:00Z")
    ('2020-03-04 13:05:00', '2020-03-04 13:05:00Z')
    """
    match = None if value is None else _INSTANT.fullmatch(_tidy(value).lower())
    if match is None:
        return value
    date, time = to_date(match.group(1), order=order) or "", to_time(match.group(2)) or ""
    if re.fullmatch("[0-9-]{10}", date) is None or re.fullmatch("[0-9:]{5,8}", time) is None:
        return value
    seconds = "" if time.count(":") > 1 else ":00"
    return date + separator + time + seconds + (match.group(3) or "") + (match.group(4) or "").upper()


def to_boolean(value: str | None, true: str = "true", false: str = "false") -> str | None:
    """Write yes, y, t, 1, on and no, n, f, 0, off as two words.

    >>> to_boolean("Y"), to_boolean(" no ", "1", "0"), to_boolean("maybe")
    ('true', '0', 'maybe')
    """
    if value is None or value in (true, false):
        return value
    word = value.strip(SPACES).lower()
    return true if word in TRUE_WORDS else false if word in FALSE_WORDS else value


def _decode(sequence: str) -> str:
    """The character of two or three bytes of UTF-8 that were read as a character each."""
    lead, *rest = [0x80 + WINDOWS.index(char) if char in WINDOWS else ord(char) for char in sequence]
    code = lead & (0x0F if len(rest) > 1 else 0x1F)
    for byte in rest:
        code = (code << 6) | (byte & 0x3F)
    return chr(code)


def fix_mojibake(value: str | None) -> str | None:
    """Restore letters and signs of UTF-8 text that was read as Latin-1 or Windows-1252.

    >>> fix_mojibake("CafÃ© ZÃ¼rich")
    'Café Zürich'
    """
    if value is None:
        return None
    parts = _MOJIBAKE.split(value.removeprefix("\xef\xbb\xbf"))
    # Text may have been misread more than once; each pass shortens it.
    while len(parts) > 1:
        for index in range(1, len(parts), 2):
            parts[index] = _decode(parts[index])
        parts = _MOJIBAKE.split("".join(parts))
    return parts[0]


def normalize_unicode(value: str | None) -> str | None:
    """Write characters in Unicode's compatible composed form (NFKC).

    >>> normalize_unicode("\uff21\ufb01")
    'Afi'
    """
    return None if value is None else unicodedata.normalize("NFKC", value)


def straighten_quotes(value: str | None) -> str | None:
    """Write curly quotation marks and apostrophes as straight ones."""
    for curly, straight in QUOTES:
        value = None if value is None else value.replace(curly, straight)
    return value


def unescape_html(value: str | None) -> str | None:
    """Write HTML's entities as the characters that they stand for.

    >>> unescape_html("Fish &amp;amp; Chips&#39;")
    "Fish & Chips'"
    """
    before, text = None, value
    while text is not None and text != before:
        before = text
        for entity, char in ENTITIES:
            text = text.replace(entity, char)
        parts = _ENTITY.split(text)
        for index in range(1, len(parts), 2):
            code = int(parts[index])
            parts[index] = chr(code) if code in range(32, 0xD800) else f"&#{parts[index]};"
        text = "".join(parts)
    return text


def strip_control(value: str | None) -> str | None:
    """Drop control characters and invisible marks; tabs and line ends stay.

    >>> strip_control("a" + chr(0) + "b")
    'ab'
    """
    return None if value is None else _CONTROL.sub("", value)


def keep_digits(value: str | None) -> str | None:
    """Drop all but digits, where there are any.

    >>> keep_digits("(555) 010-2030"), keep_digits("none")
    ('5550102030', 'none')
    """
    return None if value is None else re.sub("[^0-9]", "", value) or value


def format_digits(value: str | None, pattern: str) -> str | None:
    """Write digits in a pattern, whose every 9 takes one; values with letters or another count stay.

    >>> format_digits("123456789", "999-99-9999"), format_digits("12345", "999-99-9999")
    ('123-45-6789', '12345')
    """
    digits = keep_digits(value) or ""
    if value is None or re.search("[A-Za-z]", value) or len(digits) != pattern.count("9"):
        return value
    slots = pattern.split("9")
    return slots[0] + "".join([digit + after for digit, after in zip(digits, slots[1:], strict=True)])


def format_phone(value: str | None, pattern: str, country: str = "") -> str | None:
    """Write a phone number in a pattern, without the country's code where it has one.

    >>> format_phone("555.010.2030", "(999) 999-9999"), format_phone("+1 555 010 2030", "999-999-9999", "1")
    ('(555) 010-2030', '555-010-2030')
    """
    digits = keep_digits(value) or ""
    if value is None or re.search("[A-Za-z]", value):
        return value
    national = digits.removeprefix(country) if len(digits) == pattern.count("9") + len(country) else value
    return value if (done := format_digits(national, pattern)) == national else done


def pad_left(value: str | None, width: int, fill: str = "0") -> str | None:
    """Fill a code of ASCII letters and digits up to a width; with zeros, of digits alone.

    >>> pad_left("501", 5), pad_left("N/A", 5)
    ('00501', 'N/A')
    """
    code = "[0-9]+" if fill == "0" else "[0-9A-Za-z]+"
    return value if value is None or re.fullmatch(code, value) is None else value.rjust(width, fill)


def split_part(value: str | None, separator: str, index: int) -> str | None:
    """Take one part of a separated value, from 0 or from the end; where it is missing or blank all stays.

    >>> split_part("Austin, TX", ",", 1), split_part("Austin", ",", 1)
    ('TX', 'Austin')
    """
    parts = [] if value is None or not separator else value.split(separator)
    return (parts[index].strip(SPACES) or value) if -len(parts) <= index < len(parts) else value


def strip_prefix(value: str | None, *prefixes: str) -> str | None:
    """Drop these beginnings, as often as they stand there, and spaces after them.

    >>> strip_prefix("Dr. Ada", "Dr.", "Mr.")
    'Ada'
    """
    before = None
    while value is not None and value != before:
        before = value
        for prefix in prefixes:
            rest = value[len(prefix) :].lstrip(SPACES) if value.startswith(prefix) else ""
            value = rest or value
    return value


def strip_suffix(value: str | None, *suffixes: str) -> str | None:
    """Drop these ends, as often as they stand there, and spaces before them.

    >>> strip_suffix("Acme Inc.", "Inc.", "Ltd")
    'Acme'
    """
    before = None
    while value is not None and value != before:
        before = value
        for suffix in suffixes:
            rest = value.removesuffix(suffix).rstrip(SPACES) if value.endswith(suffix) else ""
            value = rest or value
    return value


def strip_ending(value: str | None, ending: str | None) -> str | None:
    """Drop another text at the end, whatever its case, and the spaces, commas and semicolons before it.

    >>> strip_ending("Austin, TX", "tx"), strip_ending("Portland", "nd"), strip_ending("TX", "TX")
    ('Austin', 'Portland', 'TX')
    """
    before, end = None, (ending or "").strip(SPACES).lower()
    while value is not None and end and value != before:
        before = value
        text = value.rstrip(SPACES)
        head = text[: max(0, len(text) - len(end))]
        rest = head.rstrip(SPACES + ",;")
        if text[len(head) :].lower() == end and rest and rest != head:
            value = rest
    return value


def strip_symbol(value: str | None, symbols: str) -> str | None:
    """Drop any of these characters, and spaces, at the ends.

    >>> strip_symbol("*Total* ", "*#")
    'Total'
    """
    return None if value is None else value.strip(symbols + SPACES) or value


def remove_symbols(value: str | None, symbols: str) -> str | None:
    """Drop any of these characters anywhere.

    >>> remove_symbols("12-3456-7", "-")
    '1234567'
    """
    return None if value is None else "".join([c for c in value if c not in symbols]) or value


def replace_symbol(value: str | None, symbol: str, replacement: str) -> str | None:
    """Write one character as another text, which does not hold it.

    >>> replace_symbol("in_stock", "_", " ")
    'in stock'
    """
    return value if value is None or symbol in replacement else value.replace(symbol[:1], replacement)


def us_state_code(value: str | None) -> str | None:
    """Write a US state's name, or its code in small letters, as the two-letter code.

    >>> us_state_code("new  york"), us_state_code("tx"), us_state_code("Ontario")
    ('NY', 'TX', 'Ontario')
    """
    text = "" if value is None else _tidy(value).rstrip(".").lower()
    return STATE_CODES.get(text, text.upper() if text.upper() in STATE_CODES.values() else value)
