"""Every recipe, called on hostile values, in CPython and in the sandbox's interpreter."""

from __future__ import annotations

import ast
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pydantic_monty import Monty

from rdc import recipes
from rdc.harness.sandbox import read_recipes

if TYPE_CHECKING:
    from collections.abc import Iterator

HOSTILE: list[str | None] = [
    None, "", "  ", " a  b ", "12.0 oz", "12 OZ.", "12.0 oz. can", "12.oz", "12 lb 3 oz", "3'", "5\xb0C", "$1,234.50",
    "($1,234.50)", "$(5)", "-$5", "US$ 5", "5 EUR", "kr 5", "5-", "(5)", "5 - 6", "1.234,56", "1,234", "1,125", "1.125",
    "0,125", "12,5", "1 234", "1\xa0234,5", "1,23,456", "1,000,", "'1'", "1'000", "1_000", "0x10", "5%", "5.5 %", "1e5",
    "1.5E-3", "1e99", "007", "0.50", "-0.0", "+.5", ".", "-", "--", "N/A", " n/a ", "nan", "NULL", "None", "?", "12.",
    "2020-01-02", "2020-13-02", "1/2/2020", "13/2/2020", "2/13/2020", "30/2/2020", "29.2.2000", "29.2.1900", "1/2/70",
    "Mar 4, 2020", "4th March 2020", "Mon, 4 Jan 2020", "20200304", "20201304", "2020-01-02T00:00:00Z", "5 Jan", "Jan",
    "2020-01-02 13:05", "3/4/2020 1:05 PM", "2020-03-04T13:05:00.123+02:00", "0/0/0", "00/00/0000", "0000-01-01",
    "1:05 p.m.", "12am", "12:00 a.m.", "0:05", "24:00", "9:5", "13:05:59", "7 pm", "13 pm", "yes", "No", "T", "0", "1",
    "Caf\xc3\xa9", "\xc3\x83\xc2\xa9", "\xe2\u20ac\u2122", "\xc2\xa35", "\xc3", "\xc3\x83\x83\x83", "\xef\xbb\xbfx",
    "&amp;amp;lt;", "&#39;", "&#99999;", "&#5;", "&amp;" + "amp;" * 300, "a\x00b\u200b", "\x1c a \x1d", "\ufeffx",
    "\ufb01\xbd\xb2", "\u201ca\u201d \u2018b\u2019", "(555) 010-2030", "+1 555 010 2030", "555-010-2030 x12",
    "123456789", "555.010.2030", "\u0663\u0664", "\uff11\uff12", "\xdf", "\u0130stanbul", "\u0149a", "\u01c6x", "\u0391\u03a3 \u03a3",
    "o'neil-smith", "mcDONALD", "New  York", "texas", "tx", "D.C.", "a,b", "a, ", "-a-b-", "Dr. Dr. A", "Dr.",
    "x" * 3000, "a" * 3000, "9" * 40, "1," * 20, "\n", "12\n", "a\nb", "\U0001f600", "e\u0301", "#5", "*a*", "in_stock",
    "12/02/2011 7:10 a.m.", "7:10aDec 1", "11/30 11:08 p.m.", "10:34A 12-01-11", "10:30 p.m.*", "7:10 Aug 1", "7:10aMar 1",
    "7:10 (Dec 1) *", "noon", "7h10", "19.05", "7.10 pm", "07:10", "7:10:30", "3/4/20 13:05", "March 2020", "03/2020",
    "4-Mar-98", "13/13/20", "43894", "43894.0", "1583327100", "1583327100000", "12-01-11", "2020-3-4", "3.4.2020 1:05 pm",
    "mailto:Ada@Example.ORG", "Ada <ada @x. org>;", "ada (at) x.org", "ada@x,org", "a@b", "a@@b.co", "<>", "a@b.c.d.",
    "HTTP://Example.org:80/Path/", "example.org", "http://a.b", "https://a.org/?utm_source=x&id=7#top", "a.org?gclid=1",
    "www.www.a.org/", "ftp://A.org./#", "1.2.3.4", "501", "021391234", "2139-1234", "21390.0", "sw1a1aa", "K1A 0B1", "k1a-0b1", "1234 ab",
    "Calif.", "N.Y.", "ontario", "nsw", "British Columbia", "the Netherlands", "U.S.A.", "DEU", "NA", "Côte d'Ivoire",
    "ISBN 0-306-40615-2", "978-0-306-40615-7", "0-8044-2957-X", "0378-5955", "issn 03785955", "de89 3704 0044 0532 0130 00",
    "GB82WEST12345698765432", "4006381333931", "036000291452", "36000291452", "96385074", "0000000000", "X" * 9,
    "1.5M", "$12k", "3 billion", "1 1/2", "½", "2¼", "5'11\"", "6 ft 4 in", "1h 30m", "2h15", "1:22", "PT2H15M0S", "1.5 h", "142 min.", "140 x 290 x 10 mm", "14x29cm", "3 ft by 2 ft", "1 x 2 x", "2 hrs and 5 min",
    "2 lb", "1,000 lb", "about 12.5 kg", "2 of 5", "A4", "l05", "1O5", "SO5", "1234567.5", "10\u201312", "\u22125",
    "Málaga", "Straße", "5 �C", "�", "***", "999-999", "xxx", '"New York"', "'a'", "''", "« a »",
    "Lovelace, Ada", "red;blue | green", "b, a,b", ";;", "Fargo (1996)", "Rome [3] (x)", "(none)", "((a))", "AB-7", "12 Main St.",
    "Mar 3, 1981 (Germany)", "sent 3/4/2020, read 5 March 2020.", "no. 12-11-2020-7", "German", "ger", "fran\u00e7ais", "Farsi",
    "12:00noon", "12 midnight (delayed)", "Thu 20:00", "2011-12-01T07:45", "Dec 02 Not Available", "ask (not-available)",
    "Tuesday", "mid-May", "a dozen", "11/30, later", "2 Dec 2011", "+44 (0)20 7946 0018", "0044 20 7946 0018", "555.010.2030 ext. 7", "1 (800) 555 0199", "m", "Male ", "st", "St, St.",
    "133-40", "133\u201340", "10-5", "133 -- 140", "133-29", "007-9", "Kim, A.; Ek, B.", "Kim, A.", "A., J.; B., K.", "NG, J.; LI, K.",
    "Kim, Ann; Ek, Bo Al", "J., Al | K., Bo", "Why (so?)", "A trial", 'a "b"', "and so on...",
]  # fmt: skip
GIVEN: dict[str, list[tuple[Any, ...]]] = {
    "add_prefix": [("INV-",), ("a",)],
    "add_suffix": [(" cm",), ("",)],
    "convert_unit": [({"lb": "16", "oz": "1", "kg": ".5"},)],
    "epoch_to_timestamp": [()],
    "expand_year": [(), (30,)],
    "format_dates": [("%-d %B %Y",), ("%d.%m.%Y", "dmy"), ("%b %-d, %Y",), ("%Y-%m-%d",)],
    "format_date": [("%d/%m/%Y", "dmy"), ("%b %-d, %Y",), ("%-m/%-d/%y",), ("%Y%m%d",)],
    "format_ean": [(), (13,)],
    "format_iban": [(), (" ",)],
    "format_postcode": [(), ("GB",), ("CA",), ("NL",), ("PL",), ("AU",)],
    "group_thousands": [(), (".",), (" ",)],
    "join_parts": [("TX",), ("a", ""), (" b ", " ")],
    "language_code3": [(), ("B",)],
    "map_values": [({"m": "male", "male": "man", "a": "m"},), ({"yes": "1"}, "other")],
    "map_words": [({"st": "Street", "a": "b"},), ({"york": "Yorkshire"},)],
    "normalize_url": [(), ("https",)],
    "pad_number": [(4,)],
    "pad_right": [(5,), (4, "x")],
    "rejoin_parts": [(";|",), (";,|", "/"), (" ", "a")],
    "replace_text": [(" ", ""), ("a", "bb"), ("--", "-")],
    "sort_parts": [(), (";",)],
    "state_code": [(), ("CA",), ("AU",), ("XX",)],
    "state_name": [(), ("CA",)],
    "swap_each": [(), (";", "; "), ("|", " & "), (",", "; ", " ")],
    "swap_parts": [(), ("-",)],
    "take_between": [(), ("<", ">"), ("a", "a")],
    "take_date": [(), ("dmy",)],
    "time_of_day": [(), ("h:mm a.m.",), ("hh:mm AM",), ("H:mm:ss",), ("h:mm",), ("mm:HH",)],
    "to_e164": [(), ("44",)],
    "to_month": [(), ("dmy",)],
    "to_minutes": [(), (" min",), ("", "h:mm"), (" minutes", "h:mm")],
    "write_sizes": [("cm", {"mm": "0.1"}), ("in", {"ft": "12", '"': "1"}, "x", "")],
    "write_unit": [("oz", "ounces"), ("pounds", "lb")],
    "format_digits": [("999-99-9999",), ("(999) 999-9999",)],
    "format_phone": [("999-999-9999",), ("(999) 999-9999", "1"), ("999.999.9999", "1", " x")],
    "null_containing": [("not available",), ("Ask", "jan"), ("--",)],
    "null_if": [("n/a", "-")],
    "null_unless": [("time",), ("date",), ("number",), ("colour",)],
    "pad_left": [(5,), (6, "x")],
    "remove_symbols": [("-. ",)],
    "remove_thousands": [(), (",",)],
    "replace_symbol": [("_", " "), ("", "x")],
    "round_number": [(2,), (0,)],
    "split_part": [(",", 1), (" ", -1)],
    "strip_ending": [("york",), ("pm",), ("b",)],
    "strip_prefix": [("Dr.", "a")],
    "strip_suffix": [("oz", "a", ".")],
    "strip_symbol": [("*#-",)],
    "strip_unit": [(), ("oz", "lb")],
    "title_case": [(), ("'.",), ("]^-",)],
    "to_boolean": [(), ("Y", "N"), ("1", "0")],
    "to_date": [(), ("%d.%m.%Y", "%b %d, %y")],
    "to_timestamp": [(), ("dmy", "T")],
}
EMPTYING = {"collapse_spaces", "strip_spaces", "strip_control", "fix_mojibake"}
NULLING = {
    "empty_to_null", "null_containing", "null_filler", "null_if", "null_marks", "null_tokens", "null_unless",
}  # fmt: skip
# What a parameter keeps from changing anything.
SILENT = {
    ("replace_symbol", "('', 'x')"), ("time_of_day", "('mm:HH',)"), ("add_suffix", "('',)"), ("state_code", "('XX',)"),
    ("null_containing", "('--',)"), ("null_unless", "('colour',)"),
    ("swap_each", "(',', '; ', ' ')"),
}  # fmt: skip
CALLS = [(name, given) for name in recipes.__all__ for given in GIVEN.get(name, [()])]


def make_values() -> list[str | None]:
    """The hostile values and random mixtures of the characters that recipes look for."""
    chance = random.Random(7)  # noqa: S311 - test data
    mixed = " 0123456789.,-/:$%()aAbBmpMPz'\t\xa0\x1c\xc3\xa9\xc2&;#\u0130\xdf\u2019\n_"
    dated = "0123456789/.-: ,ap%$"
    made = ["".join(chance.choices(mixed, k=chance.randint(1, 12))) for _ in range(300)]
    made += ["".join(chance.choices(dated, k=chance.randint(3, 12))) for _ in range(300)]
    return HOSTILE + made


VALUES = make_values()


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    with Monty() as pool, pool.checkout() as session:
        session.feed_run(read_recipes())
        yield session


@pytest.mark.parametrize(("name", "given"), CALLS)
def test_a_recipe_gives_the_same_in_the_sandbox(session: Any, name: str, given: tuple[Any, ...]) -> None:
    expected = [getattr(recipes, name)(value, *given) for value in VALUES]
    code = f"[{name}({', '.join(['value', *map(repr, given)])}) for value in values]"
    assert session.feed_run(code, inputs={"values": VALUES}) == expected


@pytest.mark.parametrize(("name", "given"), CALLS)
def test_a_recipe_is_idempotent_and_destroys_nothing(name: str, given: tuple[Any, ...]) -> None:
    recipe = getattr(recipes, name)
    once = [recipe(value, *given) for value in VALUES]
    assert [recipe(value, *given) for value in once] == once
    assert once[0] is None
    for before, after in zip(VALUES, once, strict=True):
        assert after or before is None or not before or name in EMPTYING | NULLING, (before, after)
        assert after is not None or before is None or name in NULLING, before


def test_the_modules_of_recipes_have_no_name_in_common() -> None:
    """In the sandbox they share one namespace."""
    names = []
    for path in sorted(Path(recipes.__file__).parent.glob("[a-z]*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            names += [node.name] if isinstance(node, ast.FunctionDef) else []
            targets = [*getattr(node, "targets", ()), getattr(node, "target", None)]
            names += [target.id for target in targets if isinstance(target, ast.Name)]
    assert len(names) == len(set(names))
    assert set(recipes.__all__) <= set(names)


def test_every_recipe_is_called_and_changes_a_value() -> None:
    """A recipe that does nothing to any of these would pass the other tests too."""
    assert list(recipes.__all__) == sorted(recipes.__all__)
    for name, given in CALLS:
        if (name, repr(given)) not in SILENT:
            assert any(getattr(recipes, name)(value, *given) != value for value in VALUES), (name, given)


@pytest.mark.parametrize(
    ("value", "order", "expected"),
    [
        ("03/04/2020", "mdy", "2020-03-04"),
        ("03/04/2020", "dmy", "2020-04-03"),
        ("13/04/2020", "mdy", "2020-04-13"),
        ("04/13/2020", "dmy", "2020-04-13"),
        ("29/02/2021", "dmy", "29/02/2021"),
        ("1/2/68", "mdy", "2068-01-02"),
        ("1/2/69", "mdy", "1969-01-02"),
        ("2020-01-02 13:05", "mdy", "2020-01-02 13:05"),
        ("Sept. 5, 2020", "mdy", "2020-09-05"),
    ],
)
def test_a_date_is_read_in_the_order_given_unless_it_is_impossible(
    value: str, order: str, expected: str
) -> None:
    assert recipes.to_date(value, order=order) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("7:10 a.m.", "7:10 a.m."),
        ("7:10aDec 1", "7:10 a.m."),
        ("7:10aMar 1", "7:10 a.m."),
        ("12/02/2011 7:10 a.m.", "7:10 a.m."),
        ("11/30 11:08 p.m.", "11:08 p.m."),
        ("10:34A 12-01-11", "10:34 a.m."),
        ("10:30 p.m.*", "10:30 p.m."),
        ("10:30 PM (estimated)", "10:30 p.m."),
        ("6:15 p.m.  Fri 02-Dec-2011", "6:15 p.m."),
        ("2020-03-04T19:05:00", "7:05 p.m."),
        ("7pm", "7:00 p.m."),
        ("midnight", "12:00 a.m."),
        ("12:00noon", "12:00 p.m."),
        ("Dec 1, 12 noon", "12:00 p.m."),
        ("12 midnight (estimated)", "12:00 a.m."),
        ("Thu  20:00", "8:00 p.m."),
        ("2020-03-04T10:05", "10:05 a.m."),
        # By a 12-hour clock these have two readings, or they hold more than one time of day.
        ("7:10", "7:10"),
        ("7:10 Aug 1", "7:10 Aug 1"),
        ("Thu  10:35", "Thu  10:35"),
        ("11:30 noon", "11:30 noon"),
        ("5 afternoon", "5 afternoon"),
        ("7:10:30 a.m.", "7:10:30 a.m."),
        ("7:10 a.m. - 8:20 a.m.", "7:10 a.m. - 8:20 a.m."),
        ("10:345.6", "10:345.6"),
        ("Dec 17:10 pm", "Dec 17:10 pm"),
        ("7.10 pm", "7:10 p.m."),
        ("7:10 a.m. EST", "7:10 a.m. EST"),
        ("13:10 p.m.", "13:10 p.m."),
    ],
)
def test_a_time_of_day_is_taken_in_the_style_that_is_asked_for(value: str, expected: str) -> None:
    assert recipes.time_of_day(value, "h:mm a.m.") == expected


@pytest.mark.parametrize(
    ("value", "kind", "told"),
    [
        ("Ask the desk", "time", False),
        ("Dec 02, ask", "time", False),
        ("11/30/2011", "time", False),
        ("Fri", "time", False),
        ("Dec 02 7", "time", True),
        ("11.30", "time", True),
        ("9-10", "time", True),
        ("half past seven", "time", True),
        ("Midnight", "time", True),
        ("unclear", "date", False),
        ("a market day", "date", False),
        ("next Tuesday", "date", True),
        ("mid-May", "date", True),
        ("'98", "date", True),
        ("none of them", "number", False),
        ("two", "number", True),
        ("\u00bd", "number", True),
        ("anything", "colour", True),
    ],
)
def test_a_value_is_null_unless_something_in_it_may_tell_what_is_asked_for(
    value: str, kind: str, *, told: bool
) -> None:
    assert recipes.null_unless(value, kind) == (value if told else None)


@pytest.mark.parametrize(
    ("recipe", "valid"),
    [
        (recipes.format_isbn, "0-306-40615-2"),
        (recipes.to_isbn13, "978-0-306-40615-7"),
        (recipes.format_issn, "0378 5955"),
        (recipes.format_iban, "de89 3704 0044 0532 0130 00"),
        (recipes.format_ean, "4006381 333931"),
    ],
)
def test_an_identifier_with_another_digit_stays(recipe: Any, valid: str) -> None:
    assert recipe(valid) != valid
    for index, char in enumerate(valid):
        for digit in set("0123456789") - {char} if char.isdigit() else ():
            wrong = valid[:index] + digit + valid[index + 1 :]
            assert recipe(wrong) == wrong


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("Congo", "CG"),
        ("Democratic Republic of Congo", "CD"),
        ("Republic of Korea", "KR"),
        ("Kingdom of the Netherlands", "NL"),
        ("Federal Republic of Nigeria", "NG"),
        ("Côte d\u2019Ivoire", "CI"),
        ("NA", "NA"),
    ],
)
def test_a_country_is_known_by_its_names(value: str, code: str) -> None:
    assert recipes.country_code(value) == code


@pytest.mark.parametrize(
    ("recipe", "value"),
    [
        (recipes.strip_unit, "12 lb 3 oz"),
        (recipes.strip_currency, "$ab"),
        (recipes.remove_thousands, "1,2"),
        (recipes.decimal_comma, "1.234"),
        (recipes.to_time, "25:00"),
        (recipes.to_boolean, "maybe"),
        (recipes.us_state_code, "Ontario"),
        (recipes.fix_mojibake, "N\xc3O"),
        (recipes.percent_to_number, "a%"),
        (recipes.round_number, "1,5"),
    ],
)
def test_what_a_recipe_does_not_understand_stays(recipe: Any, value: str) -> None:
    given = (2,) if recipe is recipes.round_number else ()
    assert recipe(value, *given) == value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("133-40", "133-140"),
        ("1233-7", "1233-1237"),
        ("98 \u2013 101", "98-101"),
        ("12--19", "12-19"),
        ("10-5", "10-15"),
        # An end that would be no greater, or more than one range, has no one meaning.
        ("40-33", "40-33"),
        ("133\u201329", "133\u201329"),
        ("133-33", "133-33"),
        ("12-9, 33-5", "12-9, 33-5"),
        ("2001-02-03", "2001-02-03"),
        ("e12-9", "e12-9"),
    ],
)
def test_the_end_of_a_range_is_completed_where_that_makes_it_greater(value: str, expected: str) -> None:
    assert recipes.complete_range(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Kim, A.; Ek, B.; Lee, C.", "A. Kim, B. Ek, C. Lee"),
        ("Kim, Ann;Ek, Bo", "Ann Kim, Bo Ek"),
        ("Kim, A. B.", "A. B. Kim"),
        # One name or two, a third part of one, or none: nothing tells.
        ("Kim, Ann", "Kim, Ann"),
        ("A. Kim, B. Ek", "A. Kim, B. Ek"),
        ("King, M., Jr.; Ek, B.", "King, M., Jr.; Ek, B."),
        ("Kim, A.; WHO", "Kim, A.; WHO"),
        ("A., J.; B., K.", "A., J.; B., K."),
    ],
)
def test_each_part_of_a_list_is_swapped_where_all_are_two_halves(value: str, expected: str) -> None:
    assert recipes.swap_each(value) == expected


@pytest.mark.parametrize(
    ("value", "ended"),
    [
        ("A trial", True),
        ("A trial (in two parts)", True),
        ("A trial.", False),
        ("Why?", False),
        ('He asked "why?"', False),
        ("To be continued\u2026", False),
        ("Part one:", False),
        ("\u4f60\u597d\u3002", False),
        ("n/a", False),
        ("--", False),
        (" ", False),
    ],
)
def test_a_full_stop_ends_what_nothing_else_ends(value: str, *, ended: bool) -> None:
    assert recipes.add_full_stop(value) == (value + "." if ended else value)
