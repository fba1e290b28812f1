"""A right value and random numbers -> a wrong value, as feeds have it; only values that can be made out again.

Only `Random.random` is drawn from: its numbers are the same in every version of Python.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

SEED = "spring harvest trading"
Row: TypeAlias = dict[str, str | None]
Spoiler: TypeAlias = "Callable[[Random, str], str | None]"
Item = TypeVar("Item")
NOTHING = ("N/A", "-", "null", "n/a", "none")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def below(rng: Random, limit: int) -> int:
    """A whole number from 0 to `limit` - 1."""
    return int(rng.random() * limit)


def likely(rng: Random, share: float) -> bool:
    """Whether something happens that happens in this share of all cases."""
    return rng.random() < share


def pick(rng: Random, items: Sequence[Item]) -> Item:
    """One of the items."""
    return items[below(rng, len(items))]


# How single values go wrong. Each takes the random numbers and the right value.


def pad(rng: Random, value: str) -> str:
    """Spaces around a value, or doubled inside it."""
    inner = value.replace(" ", "  ", 1)
    return pick(rng, (f" {value}", f"{value} ", f"  {value} ", inner, inner))


def shout(rng: Random, value: str) -> str:
    """Another case."""
    return pick(rng, (value.upper(), value.lower()))


def capitalise(rng: Random, value: str) -> str:
    """Another case of what is lower case."""
    return pick(rng, (value.title(), value.upper()))


def garble(_rng: Random, value: str) -> str:
    """UTF-8 that was read as Windows-1252; ASCII stays what it is."""
    return value.encode().decode("cp1252")


def escape(_rng: Random, value: str) -> str:
    """Entities of HTML."""
    return (
        value.replace("&", "&amp;").replace("è", "&egrave;").replace("é", "&eacute;").replace("ê", "&ecirc;")
    )


def misspell(rng: Random, value: str) -> str:
    """One letter left out, doubled, swapped or replaced, after the first."""
    at = 1 + below(rng, len(value) - 2)
    return pick(
        rng,
        (
            value[:at] + value[at + 1 :],
            value[:at] + value[at] + value[at:],
            value[:at] + value[at + 1] + value[at] + value[at + 2 :],
            value[:at] + "x" + value[at + 1 :],
        ),
    )


def shorten(_rng: Random, value: str) -> str:
    """A code without its leading zeros, as a spreadsheet leaves it."""
    return value.lstrip("0")


def forget(rng: Random, _value: str) -> str:
    """A word for nothing."""
    return pick(rng, NOTHING)


def spell_date(rng: Random, value: str) -> str:
    """An American way to write a date."""
    year, month, day = value.split("-")
    named = f"{MONTHS[int(month) - 1]} {int(day)}, {year}"
    return pick(rng, (f"{month}/{day}/{year}", f"{month}/{day}/{year}", named))


def spell_day_first(rng: Random, value: str) -> str:
    """A European way to write a date."""
    year, month, day = value.split("-")
    return pick(
        rng, (f"{day}/{month}/{year}", f"{day}.{month}.{year}", f"{int(day)} {MONTHS[int(month) - 1]} {year}")
    )


def dial(rng: Random, value: str) -> str:
    """Another way to write a telephone number."""
    area, office, line = value.split("-")
    forms = (
        f"({area}) {office}-{line}",
        f"{area}.{office}.{line}",
        f"+1 {area} {office} {line}",
        area + office + line,
    )
    return pick(rng, forms)


def mail(rng: Random, value: str) -> str:
    """An address with capitals or spaces."""
    user, host = value.split("@")
    return pick(rng, (value.upper(), f"{user.title()}@{host}", f" {value}", f"{value} ", f"{user} @{host}"))


def count(rng: Random, value: str) -> str:
    """A number of pieces with its unit."""
    return pick(
        rng, (f"{value} pcs", f"{value} pcs", f"{value}pcs", f"{value} pc", f"{value}.0", f"{value} PCS")
    )


def dollars(rng: Random, value: str) -> str:
    """A price with its currency, thousands separators or other decimals."""
    grouped = f"{float(value):,.2f}"
    return pick(rng, (f"${value}", f"${grouped}", grouped, f"{grouped} USD", f"$ {grouped}", f"{value}00"))


def euros(rng: Random, value: str) -> str:
    """A price with its currency or a decimal comma."""
    comma = value.replace(".", ",")
    return pick(rng, (f"€{value}", f"{value} EUR", f"{comma} €", comma, f"€ {comma}"))


def weigh(rng: Random, value: str) -> str:
    """A weight with its unit."""
    return pick(
        rng, (f"{value} kg", f"{float(value):g}kg", f"{value} KG", f"{value}kg", f"{float(value):g} kg")
    )


def measure(rng: Random, value: str) -> str:
    """A length with its unit."""
    return pick(rng, (f"{value} cm", f"{value}cm", f"{value}.0 cm", f"{value} CM", f"{value}.0"))


def percent(rng: Random, value: str) -> str:
    """A percentage with its sign."""
    return pick(rng, (f"{value}%", f"{value} %", f"{value}.0%", f"{value} percent"))


def stars(rng: Random, value: str) -> str:
    """A rating with its scale."""
    return pick(rng, (f"{value}/5", f"{value} / 5", f"{value} stars"))


def group_digits(rng: Random, value: str) -> str:
    """An article number as it is printed under the bars."""
    return pick(rng, (f"{value[0]} {value[1:7]} {value[7:]}", f"{value[0]}-{value[1:7]}-{value[7:]}"))


TRUTHS = {"true": ("yes", "Y", "TRUE", "1"), "false": ("no", "N", "FALSE", "0")}
FLAGS = {"yes": ("Y", "YES", "true", "x", "1"), "no": ("N", "NO", "false", "0")}
STATUS_FORMS = {"cancelled": ("canceled", "Cancelled", "CANCELED")}
COLOUR_FORMS = {"grey": ("gray", "Gray", "GREY"), "natural": ("nat.", "Natural")}


def spell(forms: Mapping[str, Sequence[str]]) -> Spoiler:
    """Other spellings from a table, or another case."""
    return lambda rng, value: pick(rng, forms[value]) if value in forms else capitalise(rng, value)


# By column: how often (a share of the cells), and in which way.
ORDER_DIRT: dict[str, tuple[tuple[float, Spoiler], ...]] = {
    "order_date": ((0.12, spell_date),),
    "customer_name": ((0.05, pad), (0.04, shout), (0.12, garble)),
    "email": ((0.09, mail),),
    "phone": ((0.14, dial),),
    "product_code": ((0.2, shorten),),
    "category": ((0.025, misspell), (0.02, shout), (0.01, pad)),
    "quantity": ((0.1, count),),
    "unit_price": ((0.13, dollars),),
    "weight_kg": ((0.11, weigh),),
    "city": ((0.02, shout), (0.02, pad)),
    "state": ((0.02, lambda _rng, value: value.lower()),),
    "postal_code": ((0.2, shorten),),
    "status": ((0.07, spell(STATUS_FORMS)), (0.015, pad)),
    "gift_wrap": ((0.09, spell(TRUTHS)),),
    "note": ((0.4, garble), (0.03, pad)),
}
PRODUCT_DIRT: dict[str, tuple[tuple[float, Spoiler], ...]] = {
    "name": ((0.25, escape), (0.1, garble), (0.04, pad)),
    "brand": ((0.045, misspell), (0.02, shout)),
    "category": ((0.03, misspell), (0.02, pad)),
    "list_price": ((0.12, euros),),
    "discount": ((0.13, percent),),
    "length_cm": ((0.14, measure),),
    "colour": ((0.09, spell(COLOUR_FORMS)), (0.03, pad)),
    "in_stock": ((0.11, spell(FLAGS)),),
    "listed_on": ((0.14, spell_day_first),),
    "ean": ((0.08, group_digits),),
    "rating": ((0.09, stars),),
    "supplier": ((0.02, pad),),
}
# By column: how often a word stands where there is nothing.
ORDER_NOTHING = {"status": 0.5, "note": 0.09, "phone": 0.5}
PRODUCT_NOTHING = {"rating": 0.4, "colour": 0.4}


def spoil(
    rows: Sequence[Row], dirt: dict[str, tuple[tuple[float, Spoiler], ...]], nothing: dict[str, float]
) -> list[Row]:
    """The same rows with wrong values, each column by random numbers of its own."""
    spoilt = [dict(row) for row in rows]
    for column, spoilers in dirt.items():
        rng = Random(f"{SEED}: {column}")
        for row in spoilt:
            value = row[column]
            if value is None:
                row[column] = forget(rng, "") if likely(rng, nothing.get(column, 0)) else None
                continue
            for share, spoiler in spoilers:
                if likely(rng, share) and row[column] == value:
                    row[column] = spoiler(rng, value)
    return spoilt
