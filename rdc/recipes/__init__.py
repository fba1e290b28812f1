"""Cleaning functions, text -> text, that a transform may call; what one doesn't understand it returns unchanged.

None gives None, every recipe is idempotent, and only the null recipes empty a value.
"""

# These files run in the sandbox's interpreter too, joined to one text: no name twice, no str.translate, no
# callable in re.sub, no `\s`, `\d` or bare strip(), whose characters differ there.
from __future__ import annotations

from rdc.recipes.absences import (
    null_containing,
    null_unless,
)
from rdc.recipes.choices import (
    FALSE_WORDS as FALSE_WORDS,
)
from rdc.recipes.choices import (
    TRUE_WORDS as TRUE_WORDS,
)
from rdc.recipes.choices import (
    map_values,
    map_words,
    to_boolean,
)
from rdc.recipes.contacts import (
    format_digits,
    format_phone,
    keep_digits,
    normalize_email,
    normalize_url,
    strip_tracking,
    to_e164,
    url_host,
)
from rdc.recipes.countries import (
    country_code,
    country_code3,
    country_name,
)
from rdc.recipes.dates import (
    epoch_to_timestamp,
    excel_date,
    expand_year,
    format_date,
    format_dates,
    take_date,
    to_date,
    to_month,
    to_year,
)
from rdc.recipes.identifiers import (
    format_ean,
    format_iban,
    format_isbn,
    format_issn,
    to_isbn13,
)
from rdc.recipes.languages import (
    language_code,
    language_code3,
    language_name,
)
from rdc.recipes.nulls import (
    NULL_TOKENS as NULL_TOKENS,
)
from rdc.recipes.nulls import (
    empty_to_null,
    null_filler,
    null_if,
    null_marks,
    null_tokens,
)
from rdc.recipes.numbers import (
    accounting_negative,
    decimal_comma,
    digits_for_letters,
    drop_trailing_zeros,
    expand_scientific,
    extract_number,
    group_thousands,
    normalize_number,
    remove_thousands,
    round_number,
    strip_currency,
    strip_leading_zeros,
)
from rdc.recipes.parts import (
    add_full_stop,
    add_prefix,
    add_suffix,
    complete_range,
    drop_parentheses,
    join_parts,
    pad_left,
    pad_number,
    pad_right,
    rejoin_parts,
    sort_parts,
    split_part,
    strip_ending,
    strip_prefix,
    strip_suffix,
    swap_each,
    swap_parts,
    take_between,
)
from rdc.recipes.places import (
    format_postcode,
    state_code,
    state_name,
    us_state_code,
    us_state_name,
    zip_five,
)
from rdc.recipes.text import (
    SPACES as SPACES,
)
from rdc.recipes.text import (
    collapse_spaces,
    lower_case,
    remove_symbols,
    replace_symbol,
    replace_text,
    sentence_case,
    strip_quotes,
    strip_spaces,
    strip_symbol,
    title_case,
    upper_case,
)
from rdc.recipes.times import (
    time_of_day,
    to_time,
    to_timestamp,
)
from rdc.recipes.unicode import (
    drop_unreadable,
    fix_mojibake,
    normalize_unicode,
    repair_text,
    straighten_dashes,
    straighten_quotes,
    strip_accents,
    strip_control,
    unescape_html,
)
from rdc.recipes.units import (
    convert_unit,
    expand_fraction,
    expand_magnitude,
    feet_to_inches,
    percent_to_number,
    strip_percent,
    strip_unit,
    to_minutes,
    write_sizes,
    write_unit,
)

__all__ = [
    "accounting_negative", "add_full_stop", "add_prefix", "add_suffix", "collapse_spaces", "complete_range",
    "convert_unit", "country_code", "country_code3", "country_name", "decimal_comma", "digits_for_letters",
    "drop_parentheses", "drop_trailing_zeros", "drop_unreadable", "empty_to_null", "epoch_to_timestamp",
    "excel_date", "expand_fraction", "expand_magnitude", "expand_scientific", "expand_year",
    "extract_number", "feet_to_inches", "fix_mojibake", "format_date", "format_dates", "format_digits", "format_ean",
    "format_iban", "format_isbn", "format_issn", "format_phone", "format_postcode", "group_thousands",
    "join_parts", "keep_digits", "language_code", "language_code3", "language_name", "lower_case", "map_values", "map_words", "normalize_email",
    "normalize_number", "normalize_unicode", "normalize_url", "null_containing", "null_filler", "null_if",
    "null_marks", "null_tokens", "null_unless", "pad_left", "pad_number", "pad_right", "percent_to_number",
    "rejoin_parts", "remove_symbols", "remove_thousands", "repair_text", "replace_symbol", "replace_text",
    "round_number", "sentence_case", "sort_parts", "split_part", "state_code", "state_name",
    "straighten_dashes", "straighten_quotes", "strip_accents", "strip_control", "strip_currency",
    "strip_ending", "strip_leading_zeros", "strip_percent", "strip_prefix", "strip_quotes", "strip_spaces",
    "strip_suffix", "strip_symbol", "strip_tracking", "strip_unit", "swap_each", "swap_parts",
    "take_between", "take_date", "time_of_day", "title_case", "to_boolean", "to_date", "to_e164",
    "to_isbn13", "to_minutes", "to_month", "to_time", "to_timestamp", "to_year", "unescape_html",
    "upper_case", "url_host", "us_state_code", "us_state_name", "write_sizes", "write_unit", "zip_five",
]  # fmt: skip
