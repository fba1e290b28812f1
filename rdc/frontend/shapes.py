"""What a value may look like: classes of characters, doubtful texts for nothing, forms of numbers and dates."""

from __future__ import annotations

import re

DOUBTFUL_NULLS = frozenset({"unknown", "undefined", "none", "blank", "."})
"""Texts for nothing that are an answer in some columns, such as the allergies of a person."""
CLASSES = {
    "upper": (r"\p{Lu}", "contains(p, 'A')"),
    "lower": (r"\p{Ll}", "contains(p, 'a')"),
    "digit": (r"\p{Nd}", "contains(p, '9')"),
    "space": (r"[\s\p{Z}]", r"regexp_matches(p, '[\s\p{Z}]')"),
    "punctuation": (
        r"[\p{P}\p{S}]",
        r"regexp_matches(replace(p, '+', ''), '[\p{P}\p{S}]') OR contains(v, '+')",
    ),
    "control": (r"\p{Cc}", r"regexp_matches(p, '\p{Cc}')"),
    "non_ascii": (r"[^\x00-\x7F]", "strlen(v) <> length(v)"),
}
"""Of each class of characters a regular expression, and a condition on the value `v` or its pattern `p`."""
_NUMBER = r"(\d+|\d{1,3}(,\d{3})+)(\.\d+)?"
NUMBER_SHAPES = {
    "integer": r"[-+]?\d+",
    "decimal": r"[-+]?\d*\.\d+|[-+]?\d+\.",
    "thousands": r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?",
    "decimal_comma": r"[-+]?\d+,\d+|[-+]?\d{1,3}(\.\d{3})+,\d+",
    "percent": rf"[-+]?{_NUMBER} ?%",
    "accounting": rf"\([$€£¥₹]? ?{_NUMBER}\)",
    "currency": rf"[-+]?([$€£¥₹]|[A-Z]{{2}}\$|USD|EUR|GBP|JPY|CHF|CAD|AUD|INR|CNY|Rs\.?) ?[-+]?{_NUMBER}"
    rf"|[-+]?{_NUMBER} ?([$€£¥₹]|USD|EUR|GBP|JPY|CHF|CAD|AUD|INR|CNY)",
    "scientific": r"[-+]?\d+(\.\d+)?[eE][-+]?\d+",
    "unit": rf"[-+]?{_NUMBER} ?[\p{{L}}°µ'\"][\p{{L}}]*[²³]?(/\p{{L}}+)?\.?",
}
"""What a whole value must match; the first that it matches is its shape."""
DATE_FORMATS = (
    *(
        "%Y-%m-%d",
        "%Y/%m/%d",
        "%Y.%m.%d",
        "%Y%m%d",
        "%m/%d/%Y",
        "%d/%m/%Y",
        "%m-%d-%Y",
        "%d-%m-%Y",
        "%d.%m.%Y",
    ),
    *(
        "%m/%d/%y",
        "%d/%m/%y",
        "%d.%m.%y",
        "%m-%d-%y",
        "%d-%m-%y",
        "%b %d, %Y",
        "%B %d, %Y",
        "%b %d %Y",
        "%B %d %Y",
    ),
    *(
        "%d %b %Y",
        "%d %B %Y",
        "%d-%b-%Y",
        "%d-%b-%y",
        "%b %Y",
        "%B %Y",
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%dT%H:%M:%SZ",
    ),
    *(
        "%Y-%m-%dT%H:%M:%S.%f",
        "%Y-%m-%dT%H:%M:%S.%fZ",
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%d %H:%M",
        "%Y-%m-%d %H:%M:%S.%f",
    ),
    *("%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M", "%m/%d/%Y %I:%M %p", "%H:%M", "%H:%M:%S", "%I:%M %p"),
)


def date_skeleton(form: str) -> str:
    """The pattern of what a strptime format writes, runs as one character and letters as `a`.

    >>> date_skeleton("%b %d, %YT%H")
    'a 9, 9a9'
    """
    text = re.sub(r"%[bBp]", "a", form)
    return re.sub(r"9+", "9", re.sub(r"[A-Za-z]+", "a", re.sub(r"%[YymdHIMSf]", "9", text)))


def number_shape(value: str) -> str | None:
    """The name of the shape that a number has, or None for what is none.

    >>> [number_shape(text) for text in ("12", "1,200.50", "12.0 oz.", "(5)", "beer 12")]
    ['integer', 'thousands', 'unit', 'accounting', None]
    """
    text = value.strip()
    return next((name for name, regex in _COMPILED.items() if regex.fullmatch(text)), None)


# Python's re knows no \p{L}; what is a word character but neither digit nor underscore is a letter.
_COMPILED = {
    name: re.compile(
        regex.replace(r"[\p{L}°µ'\"]", r"(?:[^\W\d_]|[°µ'\"])")
        .replace(r"[\p{L}]", r"[^\W\d_]")
        .replace(r"\p{L}", r"[^\W\d_]"),
        re.ASCII if name != "unit" else 0,
    )
    for name, regex in NUMBER_SHAPES.items()
}
