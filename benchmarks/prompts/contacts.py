"""A made table of people and shops: its column goals, and its clean rows."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import TYPE_CHECKING

from goals import WHOLE, Goal, accounted, clocked, swapped, written

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 20
ROWS = 400
FIRST = (
    "Ida",
    "Omar",
    "Lena",
    "Priya",
    "Tom",
    "Yuki",
    "Sara",
    "Ben",
    "Noor",
    "Paul",
    "Mia",
    "Ivan",
    "Ruth",
    "Karl",
)
LAST = (
    "Moreno",
    "Becker",
    "Okafor",
    "Lindqvist",
    "Chen",
    "Dubois",
    "Haddad",
    "Novak",
    "Silva",
    "Kim",
    "Walsh",
)
WORDS = (
    "café",
    "naïve",
    "Zürich",
    "señor",
    "crème",
    "Malmö",
    "piñata",
    "façade",
    "über",
    "Besançon",
    "table",
    "river",
)
TAGS = ("red", "blue", "old", "new", "sale", "gift", "slow")
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


def make_contacts() -> Iterator[dict[str, str]]:
    """Clean rows of people who could be customers."""
    chance = random.Random(SEED)  # noqa: S311 - made data, no secret
    for _ in range(ROWS):
        first, last = chance.choice(FIRST), chance.choice(LAST)
        day = f"20{chance.randrange(18, 25)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
        yield {
            "phone": f"{chance.randrange(201, 989)}-{chance.randrange(200, 999)}-{chance.randrange(10000):04}",
            "email": f"{first}.{last}@{chance.choice(('post', 'mail', 'home'))}.net".lower(),
            "website": f"{last}{chance.choice(('shop', 'works', 'and'))}{first}.{chance.choice(('com', 'org'))}".lower(),
            "isbn": f"978{chance.randrange(10**10):010}",
            "full_name": f"{first} {last}",
            "newsletter": chance.choice(("true", "false")),
            "balance": f"{chance.randrange(-900000, 2000000) / 100:.2f}",
            "share": f"0.{chance.randrange(1, 999):03}".rstrip("0"),
            "note": " ".join(chance.sample(WORDS, 3)),
            "duration": str(chance.randrange(20, 300)),
            "colour": f"#{chance.randrange(16**6):06x}",
            "joined": f"{day} {chance.randrange(24):02}:{chance.randrange(60):02}:{chance.randrange(60):02}",
            "opens": f"{chance.randrange(6, 20):02}:{chance.choice(('00', '15', '30', '45'))}",
            "version": f"{chance.randrange(4)}.{chance.randrange(12)}.{chance.randrange(30)}",
            "tags": ", ".join(chance.sample(TAGS, chance.randrange(1, 4))),
            "joined_by": chance.choice(("phone", "shop", "web")),
        }
