"""What a candidate may consist of: tables of what the sandbox's interpreter and CPython agree on."""

from __future__ import annotations

import re

PARAMETERS = {"column": "value", "row": "row"}
IMPORTS = frozenset({"re", "unicodedata", "math", "decimal", "datetime", "json", "rdc.recipes", "__future__"})
NODES = frozenset({
    "Module", "FunctionDef", "arguments", "arg", "Return", "Assign", "AnnAssign", "AugAssign", "If", "For",
    "Break", "Continue", "Pass", "Try", "ExceptHandler", "Raise", "Expr", "BoolOp", "And", "Or", "BinOp",
    "Add", "Sub", "Mult", "Div", "FloorDiv", "Mod", "BitOr", "UnaryOp", "Not", "USub", "UAdd", "IfExp",
    "Compare", "Eq", "NotEq", "Lt", "LtE", "Gt", "GtE", "Is", "IsNot", "In", "NotIn", "Call", "keyword",
    "Constant", "Name", "Load", "Store", "Attribute", "Subscript", "Slice", "List", "Tuple", "Dict", "Set",
    "ListComp", "DictComp", "GeneratorExp", "comprehension", "JoinedStr", "FormattedValue", "Starred",
    "NamedExpr", "Lambda", "Import", "ImportFrom", "alias",
})  # fmt: skip
BUILTINS = frozenset({
    "abs", "all", "any", "bool", "dict", "enumerate", "float", "int", "isinstance", "len", "list", "max",
    "min", "range", "reversed", "set", "sorted", "str", "sum", "tuple", "zip", "ArithmeticError",
    "AttributeError", "Exception", "IndexError", "KeyError", "TypeError", "ValueError",
    "ZeroDivisionError",
})  # fmt: skip
DECIMAL = frozenset({
    "Decimal", "InvalidOperation", "ROUND_CEILING", "ROUND_DOWN", "ROUND_FLOOR", "ROUND_HALF_DOWN",
    "ROUND_HALF_EVEN", "ROUND_HALF_UP", "ROUND_UP",
})  # fmt: skip
MODULES: dict[str, frozenset[str]] = {
    "re": frozenset(
        {"compile", "escape", "findall", "finditer", "fullmatch", "match", "search", "split", "sub"}
    ),
    "unicodedata": frozenset({"normalize", "category", "combining"}),
    "math": frozenset({"ceil", "floor", "isfinite", "isinf", "isnan", "trunc"}),
    "decimal": DECIMAL,
    "datetime": frozenset({"date"}),
    "json": frozenset({"loads"}),
}
METHODS = frozenset({
    "capitalize", "casefold", "center", "count", "endswith", "find", "format", "isalnum", "isalpha",
    "isascii", "isdecimal", "isdigit", "isspace", "isupper", "join", "ljust", "lower", "lstrip",
    "partition", "removeprefix", "removesuffix", "replace", "rfind", "rjust", "rpartition", "rsplit",
    "rstrip", "split", "splitlines", "startswith", "strip", "title", "upper", "zfill", "append", "extend",
    "get", "index", "insert", "items", "keys", "pop", "reverse", "setdefault", "sort", "update", "values",
    "end", "findall", "finditer", "fullmatch", "group", "groupdict", "groups", "match", "search", "span",
    "start", "sub", "as_tuple", "is_finite", "is_nan", "is_zero", "isoformat", "quantize",
})  # fmt: skip
HINTS = {
    "strptime": "Read dates with the recipe to_date, to_time or to_timestamp.",
    "strftime": "Read dates with the recipe to_date, to_time or to_timestamp.",
    "round": "Use the recipe round_number, or Decimal's quantize.",
    "While": "Loop over something finite with `for`.",
    "translate": "Use replace, or the recipe remove_symbols.",
    "swapcase": "Use lower or upper.",
    "Lambda": "A lambda may only be the `key` of sorted, max or min.",
}
FORMAT_SPEC = re.compile(r"([^{}]?[<>^])?[-+]?0?\d{0,3},?(\.\d{1,2})?[fds%]?")
FIELD = re.compile(r"\{\{|\}\}|\{(\w*)(?::([^{}]*))?\}")
REGEX_CALLS = frozenset({"compile", "findall", "finditer", "fullmatch", "match", "search", "split", "sub"})
REPEATED = frozenset({"compile", "findall", "finditer", "split", "sub"})
"""What may match more than once; `compile` since nobody knows what its pattern is used for."""
