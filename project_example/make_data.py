"""A seed -> two dirty feeds in `data/` and their truth in `truth/`; with `--check` it only compares.

Standard library only, and only `Random.random`, whose numbers are the same in every version of Python.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import io
import json
import sys
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from dirt import (
    ORDER_DIRT,
    ORDER_NOTHING,
    PRODUCT_DIRT,
    PRODUCT_NOTHING,
    SEED,
    Row,
    below,
    likely,
    pick,
    spoil,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDER = Path(__file__).parent
ORDERS, PRODUCTS = 5200, 640
REPEATED, UNREADABLE = 130, 4

# Weights: shops sell more in some places than in others.
CITIES = {
    "Austin": ("TX", ("78701", "78702", "78704", "78745", "78758")),
    "Houston": ("TX", ("77002", "77007", "77019", "77098")),
    "Dallas": ("TX", ("75201", "75204", "75214")),
    "Boston": ("MA", ("02108", "02116", "02118", "02134")),
    "Cambridge": ("MA", ("02138", "02139")),
    "Providence": ("RI", ("02903", "02906")),
    "Newark": ("NJ", ("07102", "07104")),
    "Hoboken": ("NJ", ("07030",)),
    "New York": ("NY", ("10001", "10003", "10011", "10025", "10128")),
    "Buffalo": ("NY", ("14201", "14209")),
    "Philadelphia": ("PA", ("19103", "19106", "19147")),
    "Pittsburgh": ("PA", ("15203", "15217")),
    "Atlanta": ("GA", ("30303", "30308", "30312")),
    "Savannah": ("GA", ("31401",)),
    "Miami": ("FL", ("33127", "33130", "33137")),
    "Orlando": ("FL", ("32801", "32803")),
    "Chicago": ("IL", ("60605", "60614", "60622", "60657")),
    "Springfield": ("IL", ("62701",)),
    "Columbus": ("OH", ("43201", "43215")),
    "Denver": ("CO", ("80202", "80205", "80211")),
    "Boulder": ("CO", ("80301", "80302")),
    "Santa Fe": ("NM", ("87501",)),
    "Phoenix": ("AZ", ("85003", "85016")),
    "Las Vegas": ("NV", ("89101", "89109")),
    "Los Angeles": ("CA", ("90012", "90026", "90036", "90065")),
    "San Francisco": ("CA", ("94103", "94110", "94117")),
    "San Diego": ("CA", ("92101", "92104")),
    "Portland": ("OR", ("97202", "97209", "97214")),
    "Seattle": ("WA", ("98101", "98103", "98122")),
    "Salt Lake City": ("UT", ("84101", "84105")),
}
FIRST_NAMES = (
    "Ana", "Anne-Marie", "Ben", "Carlos", "Chloé", "Daniel", "Deborah", "Elena", "Émile", "Fatima", "Grace",
    "Hannah", "Ian", "Inés", "James", "Jörg", "José", "Karen", "Liam", "Linda", "Lucía", "Maria", "Martin",
    "Mei", "Michael", "Naomi", "Noël", "Olivia", "Omar", "Patricia", "Priya", "Renée", "Robert", "Ruth",
    "Samuel", "Sofia", "Susan", "Thomas", "Victor", "Wei", "Yusuf", "Zoë",
)  # fmt: skip
LAST_NAMES = (
    "Adams", "Alvarez", "Baker", "Becker", "Brown", "Castillo", "Chen", "Clark", "D'Angelo", "Davis", "Fischer",
    "Garcia", "Green", "Hughes", "Ibrahim", "Ivanova", "Johnson", "Jones", "Kim", "Kowalski", "Lee", "Lopez",
    "Martin", "Meyer", "Miller", "Moore", "Müller", "Nguyen", "Núñez", "O'Brien", "O'Neil", "Patel", "Perez",
    "Reed", "Rossi", "Schmidt", "Silva", "Smith", "Taylor", "Torres", "Walker", "Weber", "White", "Young",
)  # fmt: skip
MAIL_HOSTS = ("example.com", "example.org", "mail.example.net", "post.example.com")
CATALOGUE = {
    "Kitchen": ("Paring Knife", "Salt & Pepper Mill", "Cafetière", "Bread Tin", "Crêpe Pan", "Mixing Bowl"),
    "Garden": ("Pruning Shears", "Watering Can", "Rake & Hoe Set", "Planter", "Garden Gloves"),
    "Electronics": ("Desk Lamp", "USB Charger", "Plug & Play Hub", "Radio", "Headphones"),
    "Stationery": ("Notebook", "Fountain Pen", "Pens & Pencils", "Sketch Block", "Découpage Kit"),
    "Toys": ("Wooden Train", "Puzzle", "Bat & Ball", "Kite", "Marble Run"),
    "Clothing": ("Rain Jacket", "Wool Scarf", "Hat & Gloves", "Beret", "Linen Shirt"),
    "Furniture": ("Side Table", "Stool", "Étagère", "Coat Rack", "Table & Bench"),
    "Bathroom": ("Soap Dish", "Towel Rail", "Brush & Comb", "Mirror", "Bath Mat"),
}
SERIES = ("Classic", "Compact", "Large", "Travel", "Studio", "Junior", "Deluxe", "Everyday")
BRANDS = (
    "Alderwood", "Brightwell", "Castellan", "Dunmore", "Eastgate", "Fernhill", "Greywater", "Hollis",
    "Kestrel", "Larkspur", "Maplecroft", "Northway", "Oakridge", "Pemberton", "Ravensdale", "Silverton",
)  # fmt: skip
COLOURS = ("black", "white", "grey", "red", "blue", "green", "yellow", "natural")
SUPPLIERS = {
    "S101": ("Baltic Supply", "Poland"),
    "S102": ("Casa Norte", "Spain"),
    "S103": ("Delta Handel", "Germany"),
    "S104": ("Fjord Trading", "Norway"),
    "S105": ("Gallo Import", "Italy"),
    "S106": ("Harbour Goods", "Ireland"),
    "S107": ("Maison Bleue", "France"),
    "S108": ("Polder Export", "Netherlands"),
    "S109": ("Sunrise Works", "Portugal"),
    "S110": ("Vltava Stores", "Czechia"),
}
STATUSES = ("delivered", "delivered", "delivered", "shipped", "shipped", "pending", "cancelled", "returned")
NOTES = (
    "Ring the bell twice", "Leave at the front desk", "Leave at the café next door", "Gift for Zoë",
    "Gift for a friend", "Call before delivery", "Entrance is behind the garage", "Ask for Señora Ruiz",
    "Deliver after 5 pm", "À remettre en main propre", "Beware of the dog", "Please don't bend",
    "Für die Küche", "Second floor, left", "Crème wrapping paper", "No plastic, please",
)  # fmt: skip


def plain(name: str) -> str:
    """A name as it stands in an address: ASCII letters, lower case."""
    folded = name.lower().translate(str.maketrans("éëíóöüúñ", "eeioouun"))
    return "".join(letter for letter in folded if letter.isalpha())


def make_products() -> list[Row]:
    """The catalogue as it should be."""
    rng = Random(f"{SEED}: products")
    names = [(c, f"{s} {n}") for c, kinds in CATALOGUE.items() for n in kinds for s in SERIES]
    rows: list[Row] = []
    for number in range(PRODUCTS):
        category, name = pick(rng, names)
        brand, supplier = pick(rng, BRANDS), pick(rng, sorted(SUPPLIERS))
        rows.append(
            {
                "product_code": f"{number * 61 + 41:05d}",
                "name": name,
                "brand": brand,
                "label": f"{brand} {name}",
                "category": category,
                "list_price": f"{(199 + below(rng, 24_800)) / 100:.2f}",
                "discount": str(5 * below(rng, 9)),
                "length_cm": str(4 + below(rng, 180)),
                "colour": pick(rng, COLOURS) if likely(rng, 0.94) else None,
                "in_stock": "yes" if likely(rng, 0.8) else "no",
                "listed_on": str(dt.date(2021, 1, 4) + dt.timedelta(days=below(rng, 1200))),
                "ean": f"40{below(rng, 10**6):06d}{below(rng, 10**5):05d}",
                "rating": f"{(20 + below(rng, 31)) / 10:.1f}" if likely(rng, 0.93) else None,
                "supplier_id": supplier,
                "supplier": SUPPLIERS[supplier][0],
                "supplier_country": SUPPLIERS[supplier][1],
            }
        )
    return rows


def make_customer(rng: Random) -> Row:
    """A person with an address."""
    first, last = pick(rng, FIRST_NAMES), pick(rng, LAST_NAMES)
    city = pick(rng, sorted(CITIES))
    state, codes = CITIES[city]
    return {
        "customer_name": f"{first} {last}",
        "email": f"{plain(first)}.{plain(last)}{below(rng, 90) + 10}@{pick(rng, MAIL_HOSTS)}",
        "phone": f"{201 + below(rng, 780)}-555-{below(rng, 10_000):04d}" if likely(rng, 0.97) else None,
        "city": city,
        "state": state,
        "postal_code": pick(rng, codes),
    }


def make_orders(products: Sequence[Row]) -> list[Row]:
    """The orders as they should be."""
    rng = Random(f"{SEED}: orders")
    customers = [make_customer(rng) for _ in range(1900)]
    rows: list[Row] = []
    for number in range(ORDERS):
        product, customer = pick(rng, products), pick(rng, customers)
        rows.append(
            {
                "order_id": f"SO-{100_000 + number}",
                "order_date": str(
                    dt.date(2023, 1, 2) + dt.timedelta(days=number * 720 // ORDERS + below(rng, 4))
                ),
                "customer_name": customer["customer_name"],
                "email": customer["email"],
                "phone": customer["phone"],
                "product_code": product["product_code"],
                "category": product["category"],
                "quantity": str(1 + below(rng, 3) * below(rng, 8)),
                "unit_price": f"{(250 + below(rng, 20_000) * (1 + 12 * (likely(rng, 0.12)))) / 100:.2f}",
                "weight_kg": f"{(5 + below(rng, 2_400)) / 100:.2f}",
                "city": customer["city"],
                "state": customer["state"],
                "postal_code": customer["postal_code"],
                "status": pick(rng, STATUSES) if likely(rng, 0.95) else None,
                "gift_wrap": "true" if likely(rng, 0.15) else "false",
                "note": pick(rng, NOTES) if likely(rng, 0.38) else None,
            }
        )
    return rows


def spoil_orders(truth: Sequence[Row]) -> list[Row]:
    """The orders as the feed has them: wrong values, contradictions, merged fields, orders sent twice."""
    again = Random(f"{SEED}: again")
    late = [truth[below(again, len(truth) - 200)] for _ in range(REPEATED)]
    rows = spoil([*truth, *late], ORDER_DIRT, ORDER_NOTHING)
    rng = Random(f"{SEED}: addresses")
    names = sorted(CITIES)
    for row in rows:
        city, other = str(row["city"]), pick(rng, names)
        if likely(rng, 0.05):
            row["city"], row["state"] = f"{city}{pick(rng, (' ', ', '))}{str(row['state']).upper()}", None
        elif likely(rng, 0.02):
            row["city"] = other
        elif likely(rng, 0.015):
            row["state"] = CITIES[other][0]
    first, rest = rows[: len(truth)], rows[len(truth) :]
    for row in rest:
        # An order that is sent again stands somewhere behind the first.
        number = int(str(row["order_id"])[3:]) - 100_000
        at = number + 1 + below(again, len(truth) - number)
        first.insert(at + REPEATED, row)
    return first


def spoil_products(truth: Sequence[Row]) -> list[Row]:
    """The catalogue as the feed has it: labels lag behind, suppliers contradict their number."""
    rows = spoil(truth, PRODUCT_DIRT, PRODUCT_NOTHING)
    rng = Random(f"{SEED}: labels")
    names = sorted(SUPPLIERS)
    for row in rows:
        other = SUPPLIERS[pick(rng, names)]
        row["label"] = (
            pick(rng, (None, row["name"])) if likely(rng, 0.06) else f"{row['brand']} {row['name']}"
        )
        if likely(rng, 0.025):
            row["supplier"] = other[0]
        elif likely(rng, 0.035):
            row["supplier_country"] = other[1]
    return rows


def write_csv(rows: Sequence[Row]) -> str:
    """Rows as csv; nothing is an empty field."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write_jsonl(rows: Sequence[Row]) -> str:
    """Rows as one object a line; a colour that is not known is left out, as the shop's export does."""
    kept = ({k: v for k, v in row.items() if v is not None or k != "colour"} for row in rows)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in kept)


def make_files() -> dict[str, str]:
    """All files, by their path in this folder."""
    products = make_products()
    orders = make_orders(products)
    fed = spoil_orders(orders)
    # Prices that nobody can know from the feed: these orders have no truth and are to be held back.
    rng = Random(f"{SEED}: unreadable")
    lost = {f"SO-{100_000 + below(rng, ORDERS)}" for _ in range(UNREADABLE)}
    for row in fed:
        if row["order_id"] in lost:
            row["unit_price"] = "TBD"
    return {
        "data/orders.csv": write_csv(fed),
        "data/products.jsonl": write_jsonl(spoil_products(products)),
        "truth/orders.csv": write_csv([row for row in orders if row["order_id"] not in lost]),
        "truth/products.csv": write_csv(products),
    }


def main() -> int:
    """Write the files, or say which differ."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; 1 where a file differs")
    check = parser.parse_args().check
    stale = 0
    for path, text in make_files().items():
        file = FOLDER / path
        if check:
            same = file.is_file() and file.read_bytes() == text.encode()
            stale += not same
            print(f"{'same' if same else 'DIFFERS'}  {path}")
        else:
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(text.encode())
            print(f"wrote {path}: {text.count(chr(10)):,} lines")
    return int(stale > 0)


if __name__ == "__main__":
    sys.exit(main())
