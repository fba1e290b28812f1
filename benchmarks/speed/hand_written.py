"""A kind of column -> what `functions` does to it, written by hand for DuckDB and for polars.

Both give what Python gives for every value of the tables here, and are no rule beyond them: in SQL a space is one of
ASCII's or a no-break space, title case goes by letters without `ß` or `ǆ`, an amount of more than two decimals is
rounded half up, and `(0.00)` is `-0.00`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from speed.functions import FLAGS
from speed.tables import STATE_CODES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import polars as pl

SPACE = r"[\s\x{A0}]"
AMOUNT = r"[0-9]{1,12}(\.[0-9]{1,4})?"
DATE = r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}"


def _literal(mapping: Mapping[str, str]) -> str:
    """A map literal."""
    return f"MAP {{{', '.join(f'{key!r}: {value!r}' for key, value in mapping.items())}}}"


MACROS = {
    "strip(v)": f"regexp_replace(v, '^{SPACE}+|{SPACE}+$', '', 'g')",
    "join_title(words)": "array_to_string(list_transform(words, lambda w: upper(w[1]) || lower(w[2:])), '')",
    "clean_name(v)": rf"join_title(regexp_extract_all(strip(regexp_replace(v, '{SPACE}+', ' ', 'g')), '\p{{L}}+|\P{{L}}+'))",
    "clean_email(v)": "lower(replace(v, ' ', ''))",
    "dash(d, v)": "CASE WHEN length(d) = 10 THEN d[:3] || '-' || d[4:6] || '-' || d[7:] "
    "WHEN length(d) = 11 AND d[1] = '1' THEN d[2:4] || '-' || d[5:7] || '-' || d[8:] ELSE v END",
    "known(v)": "CASE WHEN lower(strip(v)) NOT IN ('', 'n/a') THEN v END",
    "clean_phone(v)": "dash(regexp_replace(known(v), '[^0-9]', '', 'g'), known(v))",
    "write_amount(t, v)": f"CASE WHEN regexp_full_match(t, '{AMOUNT}') THEN CASE WHEN v[1] = '(' AND v[-1] = ')' "
    "THEN '-' ELSE '' END || CAST(CAST(t AS DECIMAL(18, 2)) AS VARCHAR) END",
    "clean_amount(v)": f"coalesce(write_amount(regexp_replace(v, '[$,()]|{SPACE}|USD', '', 'g'), strip(v)), known(v))",
    "turn_date(t, v)": f"CASE WHEN regexp_full_match(t, '{DATE}') THEN split_part(t, '/', 3) || '-' || "
    "lpad(split_part(t, '/', 1), 2, '0') || '-' || lpad(split_part(t, '/', 2), 2, '0') ELSE v END",
    "clean_date(v)": "turn_date(strip(v), v)",
    "clean_state(v)": f"coalesce({_literal(STATE_CODES)}"
    f"[rtrim(strip(regexp_replace(lower(v), '{SPACE}+', ' ', 'g')), '.')], strip(v))",
    "clean_flag(v)": f"coalesce({_literal(FLAGS)}[lower(strip(v))], nullif(lower(strip(v)), ''))",
    "clean_code(v)": f"coalesce('SKU-' || lpad(nullif(regexp_extract(v, '([0-9]+){SPACE}*$', 1), ''), 6, '0'), known(v))",
}
"""For DuckDB, to be made in this order; `clean_<kind>` is what a column is put through."""


def write_polars(name: str, kind: str) -> pl.Expr:
    """One cleaned column, for polars."""
    import polars as pl  # noqa: PLC0415 - DuckDB's contender does without

    value = pl.col(name)
    stripped = value.str.strip_chars()
    known = pl.when(~stripped.str.to_lowercase().is_in(["", "n/a"])).then(value)
    return POLARS[kind](value, stripped, known).alias(name)


def _polars_phone(value: pl.Expr, _: pl.Expr, known: pl.Expr) -> pl.Expr:
    import polars as pl  # noqa: PLC0415 - the same

    digits = value.str.replace_all("[^0-9]", "")
    digits = pl.when(digits.str.contains("^1[0-9]{10}$")).then(digits.str.slice(1)).otherwise(digits)
    parts = [digits.str.slice(0, 3), digits.str.slice(3, 3), digits.str.slice(6)]
    whole = digits.str.contains("^[0-9]{10}$")
    return pl.when(whole).then(pl.concat_str(parts, separator="-")).otherwise(known)


def _polars_amount(_: pl.Expr, stripped: pl.Expr, known: pl.Expr) -> pl.Expr:
    import polars as pl  # noqa: PLC0415 - the same

    text = stripped.str.replace_all(r"[$, ()]|USD", "")
    number = text.cast(pl.Decimal(18, 2), strict=False).cast(pl.String)
    sign = pl.when(stripped.str.contains(r"^\(.*\)$")).then(pl.lit("-")).otherwise(pl.lit(""))
    return pl.when(text.str.contains(f"^{AMOUNT}$")).then(sign + number).otherwise(known)


def _polars_date(value: pl.Expr, stripped: pl.Expr, _: pl.Expr) -> pl.Expr:
    import polars as pl  # noqa: PLC0415 - the same

    month, day, year = (stripped.str.split("/").list.get(at, null_on_oob=True) for at in range(3))
    turned = pl.concat_str([year, month.str.zfill(2), day.str.zfill(2)], separator="-")
    return pl.when(stripped.str.contains(f"^{DATE}$")).then(turned).otherwise(value)


def _polars_state(_: pl.Expr, stripped: pl.Expr, known: pl.Expr) -> pl.Expr:
    del known
    key = stripped.str.replace_all(r"\s+", " ").str.to_lowercase().str.strip_chars_end(".")
    return key.replace_strict(STATE_CODES, default=stripped)


def _polars_flag(_: pl.Expr, stripped: pl.Expr, known: pl.Expr) -> pl.Expr:
    del known
    word = stripped.str.to_lowercase()
    return word.replace_strict({**FLAGS, "": None}, default=word)


def _polars_code(value: pl.Expr, _: pl.Expr, known: pl.Expr) -> pl.Expr:
    import polars as pl  # noqa: PLC0415 - the same

    number = value.str.extract(r"([0-9]+)\s*$")
    return pl.coalesce(pl.lit("SKU-") + number.str.zfill(6), known)


POLARS: dict[str, Callable[[pl.Expr, pl.Expr, pl.Expr], pl.Expr]] = {
    "name": lambda _value, stripped, _known: stripped.str.replace_all(r"\s+", " ").str.to_titlecase(),
    "email": lambda value, _stripped, _known: value.str.replace_all(" ", "", literal=True).str.to_lowercase(),
    "phone": _polars_phone,
    "amount": _polars_amount,
    "date": _polars_date,
    "state": _polars_state,
    "flag": _polars_flag,
    "code": _polars_code,
}
"""Of the value, the value without spaces around it, and the value unless it stands for nothing."""
