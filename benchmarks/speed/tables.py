# ruff: noqa: S608  # every text is this file's own
"""A number of rows and columns -> a dirty table in a file, the same each time, made by DuckDB from arithmetic alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdc.recipes.places import CODES, REGIONS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SEED = 20_231
KINDS = ("name", "email", "phone", "amount", "date", "state", "flag", "code")
ROW_GROUP = 122_880
PRIME = 2_147_483_647
# A number below n for a row and a column's salt: congruences whose products fit 64 bits, so no engine's hash.
DRAW = f"""CREATE MACRO draw(i, k, n) AS
(((((i * 1103515245 + k::BIGINT * 40014 + {SEED}) % {PRIME}) * ((i * 1103515245 + k::BIGINT * 40014 + {SEED}) % {PRIME}) % {PRIME}
+ i + k::BIGINT * 104729) % {PRIME}) * 48271 % {PRIME}) % n"""
PICK = "CREATE MACRO pick(list, i, k) AS list[1 + draw(i, k, len(list))]"

FIRST = (
    "Ann", "Boris", "Carla", "Dev", "Eva", "Finn", "Gil", "Hana", "Ivan", "June", "Karl", "Lena", "Mary-Ann", "Nora",
    "Omar", "Petra", "Quinn", "Rosa", "Sven", "Tara", "Uma", "Viktor", "Wanda", "Yusuf", "Zita", "Amir", "Bela",
    "Chloe", "Dana", "Emil", "Greta", "Hugo",
)  # fmt: skip
ACCENTED = ("José", "Zoë", "Renée", "Jürgen", "Søren", "Łukasz")
HEADS = (
    "Al",
    "Bar",
    "Cas",
    "Dor",
    "El",
    "Far",
    "Gor",
    "Hal",
    "Iv",
    "Jan",
    "Kel",
    "Lor",
    "Mar",
    "Nor",
    "Os",
    "Per",
)
MIDDLES = ("a", "e", "i", "o", "ber", "den", "gar", "lin", "man", "ner", "ri", "sto", "ta", "ven", "wi", "zo")
TAILS = ("son", "sen", "ez", "ski", "ton", "ley", "man", "berg", "ard", "ini", "ova", "well", "wood", "dale")
HOSTS = ("example.com", "Example.org", "mail.example.net", "EXAMPLE.COM", "post.example.co.uk", "example.edu")
STATES = (
    *REGIONS["US"].values(),
    *REGIONS["US"],
    *(code.lower() for code in REGIONS["US"]),
    "Calif.",
    "new  york",
)
FLAGS = ("yes", "no", "Y", "N", "1", "0", "true", "Yes", "No", "unknown")
# {k} is the column's salt, {name} its name, which stands before those of its parts.
SQL = {
    "name": """CASE draw(i, {k}, 12) WHEN 0 THEN upper({name}_n) WHEN 1 THEN lower({name}_n) WHEN 2 THEN '  ' || {name}_n
        WHEN 3 THEN replace({name}_n, ' ', '  ') WHEN 4 THEN {name}_n || ' ' ELSE {name}_n END""",
    "email": """CASE draw(i, {k}, 12) WHEN 0 THEN upper({name}_n) WHEN 1 THEN ' ' || {name}_n WHEN 2 THEN {name}_n || '  '
        WHEN 3 THEN replace({name}_n, '@', ' @') ELSE {name}_n END""",
    "phone": """CASE draw(i, {k}, 9) WHEN 0 THEN format('({{}}) {{}}-{{}}', {name}_a, {name}_b, {name}_c) WHEN 1 THEN {name}_a || {name}_b || {name}_c
        WHEN 2 THEN format('{{}}.{{}}.{{}}', {name}_a, {name}_b, {name}_c) WHEN 3 THEN format('+1 {{}} {{}} {{}}', {name}_a, {name}_b, {name}_c)
        WHEN 4 THEN format('1-{{}}-{{}}-{{}}', {name}_a, {name}_b, {name}_c) ELSE format('{{}}-{{}}-{{}}', {name}_a, {name}_b, {name}_c) END""",
    "amount": """CASE draw(i, {k}, 8) WHEN 0 THEN '(' || {name}_n || ')' WHEN 1 THEN {name}_n || ' USD' WHEN 2 THEN {name}_n
        WHEN 3 THEN replace({name}_n, ',', '') WHEN 4 THEN ' $' || {name}_n WHEN 5 THEN split_part({name}_n, '.', 1) ELSE '$' || {name}_n END""",
    "date": """CASE draw(i, {k}, 5) WHEN 0 THEN strftime({name}_d, '%-m/%-d/%Y') WHEN 1 THEN strftime({name}_d, '%m/%d/%Y')
        WHEN 2 THEN ' ' || strftime({name}_d, '%m/%d/%Y') ELSE strftime({name}_d, '%Y-%m-%d') END""",
    "state": "CASE draw(i, {k}, 20) WHEN 0 THEN {name}_n || ' ' WHEN 1 THEN ' ' || upper({name}_n) ELSE {name}_n END",
    "flag": "CASE draw(i, {k}, 20) WHEN 0 THEN {name}_n || ' ' WHEN 1 THEN upper({name}_n) ELSE {name}_n END",
    "code": """CASE draw(i, {k}, 6) WHEN 0 THEN 'SKU-' || {name}_n WHEN 1 THEN 'sku ' || {name}_n WHEN 2 THEN CAST({name}_n AS VARCHAR)
        WHEN 3 THEN 'SKU' || {name}_n || ' ' ELSE 'SKU-' || lpad(CAST({name}_n AS VARCHAR), 6, '0') END""",
}
# What a kind is before its dirt, and what few of its values hold that is not ASCII.
PARTS = {
    "name": {
        "n": f"CASE WHEN draw(i, {{k}} + 1, 160) = 0 THEN pick({[*ACCENTED]}, i, {{k}} + 2) "
        f"ELSE pick({[*FIRST]}, i, {{k}} + 2) END || CASE WHEN draw(i, {{k}} + 3, 2) = 0 "
        "THEN ' ' || chr((65 + draw(i, {k} + 4, 26))::INTEGER) || '. ' ELSE ' ' END || "
        "CASE WHEN draw(i, {k} + 5, 50) = 0 THEN 'O''' ELSE '' END || "
        f"pick({[*HEADS]}, i, {{k}} + 6) || pick({[*MIDDLES]}, i, {{k}} + 7) || pick({[*TAILS]}, i, {{k}} + 8)"
    },
    "email": {
        "n": f"lower(pick({[*FIRST]}, i, {{k}} + 1)) || '.' || lower(pick({[*HEADS]}, i, {{k}} + 2)) || "
        f"pick({[*TAILS]}, i, {{k}} + 3) || draw(i, {{k}} + 4, 10000) || '@' || pick({[*HOSTS]}, i, {{k}} + 5)"
    },
    "phone": {
        "a": "200 + draw(i, {k} + 1, 800)",
        "b": "200 + draw(i, {k} + 2, 800)",
        "c": "lpad(CAST(draw(i, {k} + 3, 10000) AS VARCHAR), 4, '0')",
    },
    "amount": {
        "n": "format('{{:,}}', draw(i, {k} + 1, 10) * draw(i, {k} + 2, 10) * draw(i, {k} + 3, 1000) + 1) || '.' || "
        "lpad(CAST(draw(i, {k} + 4, 100) AS VARCHAR), 2, '0')"
    },
    "date": {"d": "DATE '2004-01-01' + CAST(draw(i, {k} + 1, 7300) AS INTEGER)"},
    "state": {"n": f"pick({[*STATES]}, i, {{k}} + 1)"},
    "flag": {"n": f"pick({[*FLAGS]}, i, {{k}} + 1)"},
    "code": {"n": "draw(i, {k} + 1, 250000)"},
}
FOREIGN = {
    "phone": "replace({v}, '-', chr(8211))",
    "amount": "{v} || chr(160)",
    "state": "{v} || chr(160)",
    "code": "{v} || chr(160)",
}
MISSING = {"phone": "'N/A'", "amount": "'N/A'", "code": "'n/a'"}
READERS = {"parquet": "read_parquet('{}')", "csv": "read_csv('{}', all_varchar = true, header = true)"}
WRITERS = {"parquet": f"FORMAT parquet, ROW_GROUP_SIZE {ROW_GROUP}", "csv": "FORMAT csv, HEADER true"}
STATE_CODES = CODES["US"]


def name_columns(count: int) -> dict[str, str]:
    """The names of so many columns, and the kind of each.

    >>> name_columns(10)["email_2"]
    'email'
    """
    repeated = (
        (kind, number // len(KINDS)) for number in range(count) for kind in [KINDS[number % len(KINDS)]]
    )
    return {f"{kind}_{copy + 1}" if copy else kind: kind for kind, copy in repeated}


def make_table(path: Path, rows: int, columns: int) -> None:
    """Write a table; the ending of its name is its format."""
    import duckdb  # noqa: PLC0415 - whoever only names the columns needs none

    with duckdb.connect() as connection:
        connection.execute(DRAW)
        connection.execute(PICK)
        query = _select_dirty(name_columns(columns), rows)
        connection.execute(f"COPY ({query}) TO '{path}' ({WRITERS[path.suffix[1:]]})")


def count_differences(expected: Path, found: Path) -> dict[str, int]:
    """How many cells of two tables differ, by column; in csv nothing and the empty string are the same.

    Raises:
        ValueError: they have other columns or numbers of rows.
    """
    import duckdb  # noqa: PLC0415 - the same

    relations = [READERS[path.suffix[1:]].format(path) for path in (expected, found)]
    with duckdb.connect() as connection:
        shapes = [
            ([row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()],
             connection.execute(f"SELECT count(*) FROM {relation}").fetchone())
            for relation in relations
        ]  # fmt: skip
        if shapes[0] != shapes[1]:
            raise ValueError(f"{found.name} is {shapes[1]}, expected {shapes[0]}")
        names = shapes[0][0]
        side = "coalesce({}.{}, '')" if expected.suffix == ".csv" else "{}.{}"
        counts = ", ".join(
            f"count_if({side.format('a', n)} IS DISTINCT FROM {side.format('b', n)})" for n in names
        )
        sql = f"SELECT {counts} FROM {relations[0]} a POSITIONAL JOIN {relations[1]} b"
        found_counts = connection.execute(sql).fetchone() or ()
    return {name: count for name, count in zip(names, found_counts, strict=True) if count}


def _select_dirty(kinds: Mapping[str, str], rows: int) -> str:
    """The SELECT of a table: parts, dirt around them, and the few values that are missing or not ASCII."""
    salts = {name: 1_000 * at for at, name in enumerate(kinds)}
    parts = [
        f"{sql.format(k=salts[name])} AS {name}_{part}"
        for name, kind in kinds.items()
        for part, sql in PARTS[kind].items()
    ]
    dirty = [f"{SQL[kind].format(k=salts[name], name=name)} AS {name}" for name, kind in kinds.items()]
    done = [_finish(name, kind, salts[name]) for name, kind in kinds.items()]
    return (
        f"SELECT {', '.join(done)} FROM (SELECT i, {', '.join(dirty)} FROM "
        f"(SELECT i, {', '.join(parts)} FROM range({rows}) AS r(i)))"
    )


def _finish(name: str, kind: str, salt: int) -> str:
    """The SELECT item of a column that is dirty already."""
    few = (
        f"WHEN draw(i, {salt} + 21, 400) = 0 THEN {FOREIGN[kind].format(v=name)} " if kind in FOREIGN else ""
    )
    few += f"WHEN draw(i, {salt} + 22, 200) = 0 THEN {MISSING[kind]} " if kind in MISSING else ""
    return f"CASE WHEN draw(i, {salt} + 20, 100) = 0 THEN NULL {few}ELSE {name} END AS {name}"
