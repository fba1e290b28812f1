"""The column goals of nine tables of vega-datasets: what a user would write of them, and what is true."""

from __future__ import annotations

import re
from decimal import Decimal

from goals import ISO, NUMBER, WHOLE, Goal, grouped, read, rounded, spaced, without, written

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
        clean=lambda value: " ".join(value.lower().split()),
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
        "Whole years as a plain number; null where it is not known.",
        regex=WHOLE,
        clean=lambda value: value or None,
        spellings=("{}", "{} years", "{} yrs", "aged {}"),
    ),
)
