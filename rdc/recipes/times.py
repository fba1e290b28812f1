"""Times of day, with or without a date -> one form; what has two readings stays."""

from __future__ import annotations

import re

from rdc.recipes.dates import CENTURY_PIVOT, read_date
from rdc.recipes.text import squeeze_text

_CLOCK = re.compile("([0-9]{1,2})(?::([0-9]{2}))?(?::([0-9]{2}))?(?: ?([ap])[.]?m[.]?)?")
_INSTANT = re.compile(
    "(.*?[0-9a-z])(?:,? |t)([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?: ?[ap][.]?m[.]?)?)([.][0-9]+)? ?"
    "(z|utc|[+-][0-9]{2}:?[0-9]{2})?"
)
_CLOCK_FIRST = re.compile("([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?: ?[ap][.]?m[.]?)?),? (.*[0-9].*)")
NOON = 12
_NAMED_TIMES = (
    (re.compile("(?:12(?::00)? ?)?(?:noon|midday)"), "12:00 p.m."),
    (re.compile("(?:12(?::00)? ?)?midnight"), "12:00 a.m."),
)
_ISO_INSTANT = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}t[0-9]{2}:.*")
_DAY_NAME = "(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}[.,]?"
_MONTH_NAME = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}[.]?"
_DAY = (
    f"(?:(?:{_DAY_NAME} ?)?(?:[0-9]{{4}}[-/.][0-9]{{1,2}}[-/.][0-9]{{1,2}}|"
    f"[0-9]{{1,2}}[-/.][0-9]{{1,2}}(?:[-/.](?:[0-9]{{4}}|[0-9]{{2}}))?|"
    f"{_MONTH_NAME}[ -]?[0-9]{{1,2}}(?:st|nd|rd|th)?(?:,? [0-9]{{4}})?|"
    f"[0-9]{{1,2}}(?:st|nd|rd|th)?[ -]?{_MONTH_NAME}(?:[ ,-]+(?:[0-9]{{4}}|[0-9]{{2}}))?)|{_DAY_NAME})"
)
_NOTE = "(?:delayed|on time|estimated|scheduled|actual|approx[.]?)"
_CLOCK_IN_DATE = re.compile(
    f"(?:{_DAY}(?:t|,? (?:at |- )?|,))?([0-9]{{1,2}})(?:([:.h])([0-9]{{2}}))?(?::([0-9]{{2}})(?:[.]0+)?)?"
    f"(?: ?([ap])(?:[.]?m)?[.]?)?(?:(,? (?:on |- )?|,)?([(]?{_DAY}[)]?))?(?: ?[*]+| ?[(][^():]*[)]| ?{_NOTE})?"
)
_STYLE = re.compile("(HH?|hh?):mm(:ss)?( ?(?:am|AM|a[.]m[.]|A[.]M[.]))?")
_PLAIN_CLOCK = re.compile("[0-9]{2}:[0-9]{2}:[0-9]{2}")


def to_time(value: str | None) -> str | None:
    """Write a time of day by the 24-hour clock, with the seconds that it has.

    >>> to_time("1:05 p.m."), to_time("9:05:30"), to_time("12am"), to_time("25:00")
    ('13:05', '09:05:30', '00:00', '25:00')
    """
    match = None if value is None else _CLOCK.fullmatch(squeeze_text(value).lower())
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
    >>> to_timestamp("1:05 p.m., Mar 4 2020"), to_timestamp("3/4/2020")
    ('2020-03-04 13:05:00', '3/4/2020')
    """
    text = "" if value is None else squeeze_text(value).lower()
    turned = _CLOCK_FIRST.fullmatch(text)
    match = _INSTANT.fullmatch(f"{turned.group(2)} {turned.group(1)}" if turned else text)
    if match is None:
        return value
    date, time = read_date(match.group(1), (), order, CENTURY_PIVOT), to_time(match.group(2)) or ""
    if date is None or re.fullmatch("[0-9:]{5,8}", time) is None:
        return value
    seconds = "" if time.count(":") > 1 else ":00"
    return date + separator + time + seconds + (match.group(3) or "") + (match.group(4) or "").upper()


def time_of_day(value: str | None, style: str = "HH:mm") -> str | None:
    """Take the time of day in a style such as `HH:mm` or `h:mm a.m.`, and drop a date, weekday or remark beside it.

    A style is `H`, `HH` (24 hours), `h` or `hh` (12 hours), `:mm`, perhaps `:ss`, and perhaps `am`, `AM`, `a.m.` or
    `A.M.`, with a space before it or not. Seconds other than 0 are never dropped, nor is a half of the day guessed.

    >>> time_of_day("12/02/2011 7:10 a.m."), time_of_day("7:10aDec 1"), time_of_day("10:30 p.m.*")
    ('07:10', '07:10', '22:30')
    >>> time_of_day("10:34A 12-01-11", "h:mm a.m."), time_of_day("11/30 23:08", "h:mm a.m.")
    ('10:34 a.m.', '11:08 p.m.')
    >>> time_of_day("12:00noon", "h:mm a.m."), time_of_day("Thu 20:00 (delayed)"), time_of_day("Thu 7:45", "h:mm a.m.")
    ('12:00 p.m.', '20:00', 'Thu 7:45')
    >>> time_of_day("7:10 a.m.", "h:mm a.m."), time_of_day("7:10", "h:mm a.m."), time_of_day("25:00")
    ('7:10 a.m.', '7:10', '25:00')
    """
    form = _STYLE.fullmatch(style)
    text = "" if value is None else squeeze_text(value).lower()
    for name, clock in _NAMED_TIMES:
        text = name.sub(clock, text)
    match = _CLOCK_IN_DATE.fullmatch(text)
    if value is None or form is None or match is None:
        return value
    hour, sign, minute, second, half, between, day = match.groups()
    # Digits that follow digits may be anything.
    glued = between is None and half is None and "0" <= (day or "") <= ":"
    if glued or ((sign is None or sign == ".") and half is None):
        return value
    time = to_time(f"{hour}:{minute or '00'}:{second or '00'}" + (f" {half}m" if half else "")) or ""
    # By the 12-hour clock an hour from 1 to 12 without its half has two readings.
    halved = form.group(1) in ("h", "hh") and half is None and _ISO_INSTANT.fullmatch(text) is None
    unsure = halved and re.fullmatch("[1-9]|1[0-2]", hour)
    if _PLAIN_CLOCK.fullmatch(time) is None or unsure or (time[6:] != "00" and not form.group(2)):
        return value
    return _write_clock(time, form.group(1), form.group(2) or "", form.group(3) or "")


def _write_clock(clock: str, hours: str, seconds: str, half: str) -> str:
    """A time `13:05:00` with its hours as `H`, `HH`, `h` or `hh`, with seconds and a half of the day, or without."""
    hour = int(clock[:2])
    shown = hour if hours[0] == "H" else (hour + 11) % 12 + 1
    marked = half.replace("a", "p").replace("A", "P") if hour >= NOON else half
    return (
        (f"{shown:02d}" if len(hours) > 1 else str(shown))
        + clock[2:5]
        + (clock[5:] if seconds else "")
        + marked
    )
