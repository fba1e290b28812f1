"""Dates and times in SQL are read, refused and written as by Python, or left to Python."""

from __future__ import annotations

from random import Random

import pytest

from rdc.lowering.refusal import NotLowerableError
from tests.lowered import compare_with_python

HEADER = "from datetime import date, datetime"
RANDOM = Random(0)  # noqa: S311 - values of tests
DATES = (
    *(
        "2020-01-02",
        "2020-1-2",
        "2020-02-29",
        "2021-02-29",
        "1900-02-29",
        "2000-02-29",
        "0000-01-01",
        "0001-01-01",
    ),
    *(
        "9999-12-31",
        "2020-13-01",
        "2020-00-10",
        "2020-04-31",
        "2020-06-30",
        "2020-01-32",
        "20200102",
        " 2020-01-02",
    ),
    *(
        "2020-01-02\n",
        "2020-01-02 ",
        "2020/01/02",
        "01/02/2020",
        "1/2/2020",
        "29/02/2019",
        "1/2/20",
        "1/2/69",
        "1/2/68",
    ),
    *(
        "Mar 5, 2021",
        "MAR 05, 2021",
        "March 5, 2021",
        "Mar 5,  2021",
        "Mar\t5, 2021",
        "may 31, 1999",
        "Sept 5, 2021",
    ),
    *(
        "Feb 29, 2023",
        "5 Mar 2021",
        " 5 Mar 2021",
        "29 Feb 2024",
        "29 feb",
        "28 Feb",
        "Monday, March 1, 2021",
    ),
    *(
        "tue, Mar 2, 2021",
        "2024-12-31",
        "2023-12-31",
        "2024-03-01",
        "1600-02-29",
        "2020-01-02\x00",
        "abc",
        "",
        "100%",
    ),
    *("1/12020", "1/1/12020", "12/1/120", "Jan 2020", "January 2020", "20", "2020", "1-2-3", "2020-01-02 03"),
)
TIMES = (
    *(
        "2020-01-02 03:04:05",
        "2020-01-02T03:04:05",
        "2020-01-02 23:59:60",
        "2020-01-02 23:59:61",
        "2020-01-02 24:00:00",
    ),
    *(
        "2020-01-02 3:4:5",
        "2020-01-02 03:04",
        "2020-01-02 11:04 PM",
        "2020-01-02 12:04 am",
        "2020-01-02 12:04 pM",
    ),
    *(
        "2020-01-02 0:04 PM",
        "2020-01-02 13:04 PM",
        "3:04 PM",
        "3:04pm",
        "12:00AM",
        "12:00 PM",
        "9:30",
        "09:30",
        "23:59",
    ),
    *(
        "2020-01-02T03:04:05.5",
        "2020-01-02T03:04:05.123456",
        "2020-01-02T03:04:05.1234567",
        "23:59:60",
        "0:0:0",
    ),
)
MADE = (
    *(
        f"{RANDOM.randint(1, 9999):04}-{RANDOM.randint(1, 12):02}-{RANDOM.randint(1, 31):02}"
        for _ in range(80)
    ),
    *(
        f"{RANDOM.randint(0, 32)}{mark}{RANDOM.randint(0, 13)}{mark}{RANDOM.randint(0, 2100)}"
        for mark in ("/", "-", ".", "")
        for _ in range(20)
    ),
    *(
        f"{RANDOM.choice(['Jan', 'feb', 'MARCH', 'June', 'Dec'])} {RANDOM.randint(0, 32)}, {RANDOM.randint(1, 2100)}"
        for _ in range(40)
    ),
    *(f"{RANDOM.randint(0, 25)}:{RANDOM.randint(0, 61)}:{RANDOM.randint(0, 62)}" for _ in range(40)),
    *("".join(RANDOM.choices("0123456789", k=size)) for size in range(1, 9) for _ in range(30)),
)
ASCII = (*DATES, *TIMES, *MADE)
OTHER = ("\uff12020-01-02", "2020\u201101\u201102", "\u017fept 1, 2020", "\u0661/2/2020", None)


@pytest.mark.parametrize(
    "style",
    [
        *(
            "%Y-%m-%d",
            "%m/%d/%Y",
            "%d/%m/%y",
            "%d.%m.%Y",
            "%b %d, %Y",
            "%B %d, %Y",
            "%d %b %Y",
            "%A, %B %d, %Y",
        ),
        *(
            "%a, %b %d, %Y",
            "%Y-%m-%d %H:%M:%S",
            "%Y-%m-%dT%H:%M:%S.%f",
            "%Y-%m-%d %I:%M %p",
            "%I:%M%p",
            "%H:%M:%S",
        ),
        *(
            "%H%M",
            "%d%m%y",
            "%d%m%Y",
            "%m%d",
            "%Y%m%d",
            "%d%m%H%M",
            "%S%f",
            "%f",
            "%m%d5",
            "%d1%m",
            "%d%b",
            "%d %b",
        ),
        *("%Y", "%b %Y", " %Y-%m-%d", "%Y-%m-%d ", "100%%", "", ".", "(%Y)", "%I", "%p"),
    ],
)
def test_a_format_reads_and_raises_as_in_python(style: str) -> None:
    body = f"try:\n    return str(datetime.strptime(x, {style!r}))\nexcept ValueError:\n    return 'no date'"
    compared = compare_with_python(HEADER, body, [*ASCII, *OTHER])
    assert compared.differing == []
    assert compared.outside == list(OTHER)


def test_a_blank_before_an_hour_is_left_to_python_since_its_versions_differ() -> None:
    body = "try:\n    return str(datetime.strptime(x, '%H:%M'))\nexcept ValueError:\n    return 'no time'"
    compared = compare_with_python(HEADER, body, [" 9:30", "9:30", "  9:30"])
    assert compared.differing == []
    assert compared.outside == [" 9:30"]


@pytest.mark.parametrize(
    "style", ["%d/%m/%y", "%B %d, %Y", "%b %d", "%A %a", "%j", "%Y", "%I:%M %p", "%H:%M:%S.%f%%"]
)
@pytest.mark.parametrize("read", ["%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%I:%M %p"])
def test_a_format_writes_as_in_python(read: str, style: str) -> None:
    body = f"try:\n    moment = datetime.strptime(x, {read!r})\nexcept ValueError:\n    return None\n"
    compared = compare_with_python(HEADER, f"{body}return moment.strftime({style!r})", ASCII)
    assert compared.differing == []
    assert all(cell < "1000" for cell in compared.outside)


@pytest.mark.parametrize(
    "expression",
    [
        "moment.isoformat()",
        "moment.isoformat(' ')",
        "moment.date().isoformat()",
        "str(moment.date())",
        "str(moment.time())",
        "str(moment.replace(year=2023))",
        "str(moment.replace(day=31))",
        "str(moment.replace(1999, 2, 3))",
        "f'{moment.day:02d}.{moment.month}.{moment.year}'",
        "moment.weekday()",
        "moment.isoweekday()",
    ],
)
@pytest.mark.parametrize("read", ["datetime.fromisoformat(x)", "datetime.strptime(x, '%Y-%m-%d')"])
def test_methods_return_what_they_do_in_python(read: str, expression: str) -> None:
    compared = compare_with_python(HEADER, f"moment = {read}\nreturn {expression}", ASCII)
    assert compared.differing == []
    assert "2020-02-29" not in compared.outside or "replace" in expression


def test_iso_dates_are_read_and_other_iso_forms_left_to_python() -> None:
    others = ["20200102", "2020-W01", "2020-W01-1", "2020W011", "20200101xx", "20200132"]
    body = "try:\n    return date.fromisoformat(x).isoformat()\nexcept ValueError:\n    return 'no date'"
    compared = compare_with_python(
        HEADER, body, ["2020-02-29", "2021-02-29", "2020-13-01", "", "2020-1-2", *others]
    )
    assert compared.differing == []
    assert compared.outside == others


def test_several_formats_are_tried_one_after_the_other() -> None:
    body = """
for style in ("%Y-%m-%d", "%m/%d/%Y", "%b %d, %Y", "%B %d, %Y"):
    try:
        return datetime.strptime(x.strip(), style).date().isoformat()
    except ValueError:
        continue
return x
"""
    compared = compare_with_python(HEADER, body, [*ASCII, *OTHER])
    assert compared.differing == []
    assert compared.outside == list(OTHER)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("return str(datetime.strptime(x, '%d %d'))", "twice"),
        ("return str(datetime.strptime(x, '%Y %j'))", "directive %j"),
        ("return str(datetime.strptime(x, '%Y %z'))", "directive %z"),
        ("return str(datetime.strptime(x, x))", "depends on the value"),
        ("return str(datetime.strptime(x, '%Y\u2009%m'))", "other characters"),
        ("return datetime.strptime(x, '%Y').strftime('%-d')", "directive %-"),
        ("return datetime.strptime(x, '%Y').strftime('%c')", "directive %c"),
        ("return str(datetime.strptime(x, '%Y').replace(hour=24))", "raises on every value"),
        ("return str(datetime.strptime(x, '%Y').replace(year=len(x)))", "depends on the value"),
    ],
)
def test_what_is_not_the_same_everywhere_is_refused(body: str, reason: str) -> None:
    with pytest.raises(NotLowerableError, match=reason):
        compare_with_python(HEADER, body, [])
