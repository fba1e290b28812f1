"""The column goals of the study: what a user would write, and what is true by a rule of its own.

Real dirt has a reference function from the raw value to the true one. Seeded dirt has spellings, which make
the true value dirty. No rule here knows of rdc's recipes.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

Cell = str | None
Clean = "Callable[[str], Cell]"
Spelling = "str | Callable[[str], str]"


@dataclass(frozen=True, slots=True)
class Goal:
    """One column and what clean means there.

    Attributes:
        column: its name.
        sentence: the goal.
        regex, members: what is declared of every clean value; at most one of them.
        examples: pairs that are declared.
        type: that is declared.
        source: the source's column, where it has another name.
        keep: rows whose raw value does not match are left out, since nothing says what is true of them.
        clean: from a raw value to the true one; without it the raw value is true.
        spellings: of a true value, by a pattern or a function; the first is as frequent as all others together.
        nothing: how a missing value is written, in one of fifteen rows.
    """

    column: str
    sentence: str
    regex: str = ""
    members: tuple[str, ...] = ()
    examples: tuple[tuple[str, Cell], ...] = ()
    type: str = "text"
    source: str = ""
    keep: str = ""
    clean: Callable[[str], Cell] | None = None
    spellings: tuple[str | Callable[[str], str], ...] = ()
    nothing: tuple[str, ...] = ()


def written(pattern: str) -> Callable[[str], str]:
    """An ISO date as it is written by a pattern of strftime; `%-d` is a day without a zero."""

    def spell(value: str) -> str:
        day = dt.datetime.fromisoformat(value)
        hour = str(int(day.strftime("%I")))
        return day.strftime(
            pattern.replace("%-d", str(day.day)).replace("%-m", str(day.month)).replace("%-I", hour)
        )

    return spell


def read(pattern: str) -> Callable[[str], str]:
    """A date that is written by a pattern of strptime, as an ISO date."""
    return lambda value: dt.datetime.strptime(value, pattern).date().isoformat()  # noqa: DTZ007 - no zone is told


def spaced(value: str) -> str:
    """A text with a space at its ends, and doubled ones within."""
    return f" {value.replace(' ', '  ')} "


def grouped(value: str) -> str:
    """A whole number with separators."""
    return f"{int(value):,}"


def rounded(digits: int) -> Callable[[str], str]:
    """A number rounded half up, without trailing zeros."""

    def clean(value: str) -> str:
        text = str(Decimal(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))
        return text.rstrip("0").rstrip(".") if "." in text else text

    return clean


def without(*values: str) -> Callable[[str], Cell]:
    """Some values as nothing, the others as they are."""
    return lambda value: None if value in values else value


def swapped(value: str) -> str:
    """First and last name the other way round."""
    first, _, last = value.partition(" ")
    return f"{last}, {first}"


def accounted(value: str) -> str:
    """A number as accountants write it."""
    text = f"{abs(Decimal(value)):,.2f}"
    return f"({text})" if value.startswith("-") else text


def clocked(value: str) -> str:
    """Minutes as hours and minutes."""
    return f"{int(value) // 60}h {int(value) % 60}m"


NUMBER = r"^-?\d+(\.\d+)?$"
WHOLE = r"^\d+$"
ISO = r"^\d{4}-\d{2}-\d{2}$"

MOVIES = (
    Goal("Release Date", "Dates as YYYY-MM-DD.", type="date", clean=read("%b %d %Y")),
    Goal(
        "MPAA Rating",
        "The rating; Not Rated and Open are no rating, and null.",
        members=("G", "PG", "PG-13", "R", "NC-17"),
        clean=without("Not Rated", "Open"),
    ),
    Goal(
        "Source",
        'What the story comes from, without the words "Based on" at its beginning.',
        examples=(("Based on TV", "TV"),),
        clean=lambda value: re.sub("^Based on ", "", value),
    ),
    Goal(
        "Title",
        "Plain text: straight apostrophes, no HTML entities, no doubled spaces, none at the ends.",
        keep=r"^[\w !,.'&:-]+$",
        clean=lambda value: " ".join(value.split()),
        spellings=(
            "{}",
            lambda value: value.replace("'", "’"),  # noqa: RUF001 - the dirt
            lambda value: value.replace("&", "&amp;").replace("'", "&#39;"),
            spaced,
        ),
    ),
    Goal(
        "US Gross",
        "Whole dollars as a plain number.",
        regex=WHOLE,
        spellings=("{}", lambda value: f"${grouped(value)}", grouped, "{} USD"),
    ),
    Goal(
        "Running Time min",
        "Whole minutes, without the unit.",
        regex=WHOLE,
        spellings=("{}", "{} min", "{} minutes", "{}min."),
    ),
    Goal(
        "IMDB Rating",
        "The rating as a number with a decimal point, without the ten that it is out of.",
        regex=NUMBER,
        examples=(("6,7/10", "6.7"),),
        spellings=(
            "{}",
            "{}/10",
            lambda value: value.replace(".", ",") + "/10",
            lambda value: value.replace(".", ","),
        ),
    ),
    Goal(
        "Rotten Tomatoes Rating", "A whole number, without a percent sign.", spellings=("{}", "{}%", "{} %")
    ),
)
STRIKES = (
    Goal(
        "Effect Amount of damage",
        "None, Minor, Medium or Substantial; a single letter is a code that nobody knows, and null.",
        examples=(("C", None),),
        clean=without("B", "C"),
    ),
    Goal(
        "Flight Date",
        "Dates as YYYY-MM-DD; in 03/04/1999 the day comes first.",
        regex=ISO,
        spellings=(written("%d/%m/%Y"), "{}", written("%-d.%-m.%Y"), written("%B %-d, %Y")),
    ),
    Goal(
        "Phase of flight",
        "The phase in small letters.",
        members=("approach", "climb", "descent", "landing roll", "parked", "take-off run", "taxi"),
        clean=str.lower,
        spellings=("{}", str.upper, str.title, spaced),
    ),
    Goal(
        "Wildlife Species",
        "Small letters, and single spaces between words in place of underscores.",
        clean=str.lower,
        spellings=("{}", lambda value: value.replace(" ", "_"), str.upper, spaced),
    ),
    Goal(
        "Cost Total $",
        "Whole dollars as a plain number: no sign, no separators, no cents.",
        regex=WHOLE,
        spellings=("{}", lambda value: f"$ {grouped(value)}.00", lambda value: f"{grouped(value)}.00"),
    ),
    Goal(
        "Speed IAS in knots",
        "Whole knots without the unit; an empty text is null.",
        regex=WHOLE,
        clean=lambda value: value or None,
        spellings=("{}", "{} kt", "{} KIAS", "{}kts."),
        nothing=("",),
    ),
)
CARS = (
    Goal("Year", "The year alone.", regex=r"^\d{4}$", clean=lambda value: value[:4]),
    Goal(
        "Name",
        "Small letters and single spaces.",
        clean=lambda value: " ".join(value.split()),
        spellings=("{}", str.title, str.upper, spaced),
    ),
    Goal(
        "Weight_in_lbs",
        "Pounds as a plain whole number.",
        regex=WHOLE,
        spellings=("{}", lambda value: f"{grouped(value)} lbs", "{} lb.", grouped),
    ),
    Goal(
        "Displacement",
        "Cubic inches as a plain number, without the unit.",
        examples=(("307 cu in", "307"), ("97.5 CID", "97.5")),
        spellings=("{}", "{} cu in", "{} CID"),
    ),
    Goal(
        "Acceleration",
        "Seconds as a number with a decimal point.",
        regex=NUMBER,
        spellings=("{}", lambda value: value.replace(".", ","), "{} s", "{} sec"),
    ),
    Goal(
        "Horsepower",
        "A whole number without the unit; null where it is not known.",
        regex=WHOLE,
        spellings=("{}", "{} hp", "{}HP"),
        nothing=("n/a", "?", "unknown"),
    ),
    Goal(
        "Miles_per_Gallon",
        "A plain number, without unit and trailing zeros.",
        regex=r"^\d+(\.\d*[1-9])?$",
        spellings=(
            "{}",
            "{} mpg",
            lambda value: f"{Decimal(value):.2f}",
            lambda value: f"{Decimal(value):.1f} MPG",
        ),
    ),
)
AIRPORTS = (
    Goal("name", "No doubled spaces.", clean=lambda value: " ".join(value.split())),
    Goal("city", "NA stands for a city that is not known, and is null.", clean=without("NA")),
    Goal(
        "latitude",
        "Degrees rounded to four decimals, no trailing zeros.",
        regex=r"^-?\d+(\.\d{0,3}[1-9])?$",
        clean=rounded(4),
    ),
    Goal(
        "longitude",
        "Degrees as a plain number, with a minus sign and no unit.",
        regex=NUMBER,
        clean=rounded(3),
        spellings=("{}", "{}°", "{} deg", lambda value: value.replace("-", "−")),  # noqa: RUF001 - the dirt
    ),
    Goal(
        "iata",
        "Capital letters and digits alone.",
        regex=r"^[A-Z0-9]{3,4}$",
        spellings=("{}", str.lower, " {} ", "({})"),
    ),
)
ZIPCODES = (
    Goal(
        "zip_code",
        "Five digits; leading zeros were lost.",
        regex=r"^\d{5}$",
        spellings=("{}", lambda value: str(int(value))),
    ),
    Goal(
        "postcode",
        "The first five digits alone.",
        regex=r"^\d{5}$",
        source="zip_code",
        spellings=("{}", "{}-0100", "{}-2214", "{} 7730"),
    ),
    Goal(
        "county",
        "The county's name, without the word County or Co.",
        examples=(("Orange Co.", "Orange"),),
        spellings=("{}", "{} County", "{} Co."),
    ),
    Goal(
        "city",
        "Each word begins with a capital letter, the others are small.",
        keep=r"^[A-Z][a-z]+( [A-Z][a-z]+)*$",
        spellings=("{}", str.upper, str.lower),
    ),
    Goal(
        "state",
        "The two capital letters of the state.",
        regex="^[A-Z]{2}$",
        spellings=("{}", str.lower, " {}", lambda value: ".".join(value) + "."),
    ),
)
WEATHER = (
    Goal(
        "date",
        "Dates as YYYY-MM-DD; in 03/04/2012 the month comes first.",
        type="date",
        spellings=("{}", written("%m/%d/%Y"), written("%b %-d, %Y")),
    ),
    Goal(
        "precipitation",
        "Millimetres without trailing zeros.",
        examples=(("1.0", "1"), ("0.3", "0.3")),
        clean=rounded(3),
    ),
    Goal(
        "temp_max",
        "Degrees Celsius as a plain number.",
        regex=NUMBER,
        spellings=("{}", "{} °C", "{}C", "{} deg C"),
    ),
    Goal(
        "wind",
        "Metres a second as a plain number.",
        regex=NUMBER,
        spellings=("{}", "{} m/s", "{}m/s", lambda value: value.replace(".", ",")),
    ),
    Goal(
        "weather",
        "Small letters.",
        members=("drizzle", "fog", "rain", "snow", "sun"),
        spellings=("{}", str.upper, str.title, " {} "),
    ),
)
BUDGET = (
    Goal(
        "Agency code",
        "Three digits, with leading zeros.",
        regex=r"^\d{3}$",
        clean=lambda value: value.zfill(3),
    ),
    Goal(
        "Account code",
        "Six digits, with leading zeros.",
        examples=(("10900", "010900"),),
        clean=lambda value: value.zfill(6),
    ),
    Goal("Treasury Agency code", "Two digits, with leading zeros.", clean=lambda value: value.zfill(2)),
    Goal(
        "On- or off-budget",
        "on or off, in small letters.",
        members=("on", "off"),
        clean=lambda value: value.split("-")[0].lower(),
    ),
    Goal(
        "2015",
        "A plain whole number, without separators.",
        regex=r"^-?\d+$",
        clean=lambda value: value.replace(",", ""),
    ),
)
CONTRIBUTIONS = (
    Goal("Coverage_End_Date", "Dates as YYYY-MM-DD.", type="date", clean=read("%m/%d/%Y")),
    Goal(
        "Candidate_Name",
        "Each name begins with a capital letter, the others are small.",
        keep=r"^[A-Z]+, [A-Z]+( [A-Z]+)*$",
        clean=str.title,
    ),
    Goal(
        "Candidate_District",
        "Two digits, with a leading zero.",
        regex=r"^\d{2}$",
        clean=lambda value: value.zfill(2),
    ),
    Goal("Party_Affiliation", "The party in small letters.", clean=str.lower),
    Goal(
        "Total_Receipts",
        "Dollars with exactly two decimals.",
        regex=r"^-?\d+\.\d{2}$",
        examples=(("3500", "3500.00"),),
        clean=lambda value: f"{Decimal(value):.2f}",
    ),
)
VICTIMS = (
    Goal(
        "first_name",
        "The first names alone, without the letter of a middle name at their end.",
        examples=(("Cesar A.", "Cesar"),),
        clean=lambda value: re.sub(r" [A-Z]\.$", "", value),
    ),
    Goal("gender", "M or F.", members=("M", "F"), clean=lambda value: value[0]),
    Goal(
        "death_date",
        "Dates as YYYY-MM-DD.",
        regex=ISO,
        spellings=("{}", written("%B %-d, %Y"), written("%-d %b %Y")),
    ),
    Goal(
        "age",
        "Whole years as a plain number.",
        regex=WHOLE,
        spellings=("{}", "{} years", "{} yrs", "aged {}"),
    ),
)
CONTACTS = (
    Goal(
        "phone",
        "US numbers as 555-123-4567.",
        regex=r"^\d{3}-\d{3}-\d{4}$",
        spellings=(
            "{}",
            lambda v: f"({v[:3]}) {v[4:]}",
            lambda v: v.replace("-", "."),
            lambda v: "+1 " + v.replace("-", " "),
            lambda v: v.replace("-", ""),
        ),
    ),
    Goal(
        "email",
        "Small letters, nothing before or behind the address.",
        regex=r"^[a-z.]+@[a-z.]+$",
        spellings=("{}", str.upper, "mailto:{}", " {}", "<{}>"),
    ),
    Goal(
        "website",
        "The bare domain in small letters: no scheme, no www, no slash at its end.",
        examples=(("https://www.elmwood.org/", "elmwood.org"), ("WWW.ELMWOOD.ORG", "elmwood.org")),
        spellings=("{}", "http://{}", "https://www.{}/", lambda v: "www." + v, lambda v: v.upper()),
    ),
    Goal(
        "isbn",
        "Thirteen digits.",
        regex=r"^\d{13}$",
        spellings=(
            "{}",
            lambda v: f"{v[:3]}-{v[3]}-{v[4:8]}-{v[8:12]}-{v[12]}",
            "ISBN {}",
            lambda v: f"{v[:3]} {v[3:]}",
        ),
    ),
    Goal(
        "full_name",
        "First name, a space, last name.",
        examples=(("Moreno, Ida", "Ida Moreno"),),
        spellings=("{}", swapped),
    ),
    Goal(
        "newsletter",
        "true or false.",
        type="boolean",
        members=("true", "false"),
        spellings=(
            "{}",
            lambda v: {"true": "yes", "false": "no"}[v],
            lambda v: {"true": "Y", "false": "N"}[v],
            str.upper,
            lambda v: {"true": "1", "false": "0"}[v],
        ),
    ),
    Goal(
        "balance",
        "Dollars as a plain number with two decimals; one in parentheses is negative.",
        regex=r"^-?\d+\.\d{2}$",
        spellings=(
            "{}",
            accounted,
            lambda v: accounted(v).replace("(", "($") if v[0] == "-" else "$" + accounted(v),
        ),
    ),
    Goal(
        "share",
        "A fraction of 1, no percent sign.",
        regex=r"^0(\.\d*[1-9])?$",
        examples=(("12.5%", "0.125"),),
        spellings=(
            "{}",
            lambda v: f"{(Decimal(v) * 100).normalize():f}%",
            lambda v: f"{(Decimal(v) * 100).normalize():f} %",
        ),
    ),
    Goal(
        "note",
        "Garbled letters are read in the right encoding.",
        spellings=("{}", lambda v: v.encode().decode("cp1252")),
    ),
    Goal(
        "duration",
        "Whole minutes.",
        regex=WHOLE,
        examples=(("1h 30m", "90"), ("0h 45m", "45")),
        spellings=("{}", clocked, "{} min"),
    ),
    Goal(
        "colour",
        "A number sign and six small hexadecimal digits.",
        regex="^#[0-9a-f]{6}$",
        spellings=("{}", str.upper, lambda v: v[1:], lambda v: "0x" + v[1:]),
    ),
    Goal(
        "joined",
        "Date and time as YYYY-MM-DD HH:MM:SS.",
        type="timestamp",
        regex=r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$",
        spellings=("{}", written("%Y-%m-%dT%H:%M:%SZ"), written("%m/%d/%Y %-I:%M:%S %p")),
    ),
    Goal(
        "opens",
        "The time of day as HH:MM.",
        regex=r"^\d{2}:\d{2}$",
        spellings=(
            "{}",
            lambda v: written("%-I:%M %p")(f"2024-01-01 {v}"),
            lambda v: written("%-I:%M%p")(f"2024-01-01 {v}").lower(),
            "{}:00",
        ),
    ),
    Goal(
        "version",
        "Three numbers with points between them.",
        regex=r"^\d+\.\d+\.\d+$",
        spellings=("{}", "v{}", "V{}", "version {}"),
    ),
    Goal(
        "tags",
        "Small letters, a comma and a space between tags.",
        examples=(("Red;Blue", "red, blue"),),
        spellings=(
            "{}",
            lambda v: v.replace(", ", ";"),
            lambda v: v.replace(", ", ","),
            lambda v: v.title().replace(", ", " | "),
        ),
    ),
    Goal(
        "joined_by",
        "The way in: web, phone or shop; null where nobody noted it.",
        members=("phone", "shop", "web"),
        spellings=("{}", str.upper, str.title, "via {}"),
        nothing=("-", "N/A", "none"),
    ),
)
