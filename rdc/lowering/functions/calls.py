"""Which functions and methods of Python have a rule, and which of them Python itself is asked."""

from __future__ import annotations

import datetime as dt
import decimal
import math
import re
import string
import unicodedata
from typing import TYPE_CHECKING, Any

from rdc.lowering.functions import (
    arithmetic,
    characters,
    comprehensions,
    conversions,
    counting,
    decimals,
    durations,
    formats,
    lists,
    moment_texts,
    moments,
    patterns,
    roundings,
    spans,
    texts,
)
from rdc.lowering.functions.values import Known, Symbol, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rdc.lowering.functions.trace import Trace


def normalize(trace: Trace, form: Value, unistr: Value) -> Value:
    """`unicodedata.normalize`: ASCII text is normal in every form."""
    trace.constant(form, "a normal form")
    text = trace.text(unistr)
    trace.insist_ascii(text)
    return Symbol(text)


MODULES: Mapping[Any, frozenset[str]] = {
    re: frozenset({
        "sub", "search", "match", "fullmatch", "findall", "finditer", "split", "compile", "escape", "IGNORECASE", "I",
        "DOTALL", "S", "MULTILINE", "M", "VERBOSE", "X", "ASCII", "A", "UNICODE", "U",
    }),
    math: frozenset({"ceil", "floor", "trunc", "pi", "e", "inf", "nan"}),
    decimal: frozenset({name for name in dir(decimal) if name.startswith("ROUND_")} | {"Decimal", "InvalidOperation"}),
    dt: frozenset({"datetime", "date", "timedelta"}),
    unicodedata: frozenset({"normalize", "category", "combining", "name"}),
    string: frozenset(name for name in dir(string) if name.islower() and isinstance(getattr(string, name), str)),
    dt.datetime: frozenset({"strptime", "fromisoformat"}),
    dt.date: frozenset({"fromisoformat"}),
    str: frozenset({"lower", "upper", "strip", "lstrip", "rstrip", "title", "capitalize", "isdigit", "isalpha",
                    "isalnum", "isspace", "isupper", "islower", "join", "casefold", "maketrans", "isdecimal", "isnumeric"}),
}  # fmt: skip
"""Modules and classes, and the names of them that may be used."""

CALLS: Mapping[Any, Callable[..., Value]] = {
    re.search: patterns.find_match,
    re.match: patterns.find_prefix,
    re.fullmatch: patterns.find_whole,
    re.findall: patterns.find_all,
    re.finditer: patterns.iterate,
    re.split: patterns.split_at,
    str: formats.to_text,
    format: lambda trace, value, format_spec=Known(""): formats.format_value(
        trace, value, trace.constant(format_spec, "a format")
    ),
    hex: formats.to_hexadecimal,
    int: conversions.to_int,
    float: conversions.to_floating,
    bool: conversions.to_bool,
    decimal.Decimal: decimals.parse_decimal,
    len: conversions.size,
    abs: conversions.absolute,
    divmod: arithmetic.divide_with_rest,
    round: conversions.round_to,
    min: conversions.least,
    max: conversions.greatest,
    sum: comprehensions.total,
    any: comprehensions.any_of,
    all: comprehensions.all_of,
    sorted: lists.sort,
    reversed: lists.turn_round,
    list: lists.to_list,
    tuple: lists.to_tuple,
    set: lists.deduplicate,
    dict: lists.copy_record,
    zip: lists.pair_up,
    range: counting.count_to,
    next: counting.take_next,
    enumerate: lists.number_items,
    isinstance: conversions.is_instance,
    math.ceil: conversions.round_up,
    math.floor: conversions.round_down,
    math.trunc: conversions.truncate,
    unicodedata.normalize: normalize,
    dt.timedelta: durations.count_days,
    dt.datetime.strptime: moments.strptime,
    dt.datetime.fromisoformat: moments.fromisoformat,
    dt.date.fromisoformat: moments.date_fromisoformat,
}
"""By function: a rule, which takes the trace and then what the function takes, by the same names."""

WRAPPED: Mapping[Any, Callable[..., Value]] = {
    map: comprehensions.apply_map,
    filter: comprehensions.apply_filter,
    re.sub: patterns.substitute,
    patterns.substitute: patterns.substitute,
}
"""Those whose rules call functions themselves: they take all of the expressions' evaluator."""

PURE: frozenset[Any] = frozenset({
    str, int, float, bool, len, abs, divmod, round, min, max, sum, any, all, sorted, list, tuple, set, frozenset, dict, zip,
    enumerate, range, ord, chr, hex, format, re.compile, re.escape, decimal.Decimal, dt.date, dt.datetime, dt.timedelta, unicodedata.normalize,
    unicodedata.category, unicodedata.combining, unicodedata.name, math.ceil, math.floor, math.trunc, reversed,
    re.sub, re.search, re.match, re.fullmatch, re.findall, re.split, str.lower, str.upper, str.strip, str.isdigit,
    str.isalpha, str.isalnum, str.isspace, str.isupper, str.islower, str.maketrans,
})  # fmt: skip
"""Functions that Python itself is asked where every argument is known."""

METHODS: Mapping[str, Mapping[str, Callable[..., Value]]] = {
    "text": {
        **texts.TEXT_METHODS,
        **lists.SPLIT_METHODS,
        "format": formats.format_method,
        "translate": characters.translate,
        "swapcase": characters.swap_case,
        "encode": texts.same_in_ascii,
        "decode": texts.same_in_ascii,
    },
    "list": lists.LIST_METHODS,
    "dict": lists.DICT_METHODS,
    "record": lists.RECORD_METHODS,
    "match": {**patterns.MATCH_METHODS, **spans.SPAN_METHODS},
    "pattern": {**patterns.PATTERN_METHODS, "sub": patterns.substitute},
    "number": roundings.NUMBER_METHODS,
    "moment": moment_texts.MOMENT_METHODS,
    "float": {"is_integer": conversions.is_whole},
}
"""By kind of value and name: a rule, which takes the trace, the value, and what the method takes."""

FOLDED: Mapping[type, frozenset[str]] = {
    str: texts.KNOWN_METHODS,
    dict: frozenset({"get", "items", "keys", "values", "copy"}),
    list: frozenset({"index", "count", "copy"}),
    tuple: frozenset({"index", "count"}),
    re.Pattern: frozenset({"search", "match", "fullmatch", "findall", "split", "sub"}),
    decimal.Decimal: frozenset({"quantize", "normalize", "is_finite", "is_nan", "is_zero", "scaleb"}),
    re.Match: frozenset({"group", "groups"}),
}
"""Methods of known values that Python itself is asked."""
