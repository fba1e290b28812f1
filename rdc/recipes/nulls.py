"""Text that stands for nothing -> None; any other text stays."""

from __future__ import annotations

from rdc.recipes.text import SPACES

NULL_TOKENS = (
    "n/a", "na", "n.a.", "n.a", "#n/a", "nan", "null", "<null>", "(null)", "\\n", "none", "nil", "-", "--",
    "---", "\u2013", "\u2014", ".", "..", "?", "??", "unknown", "missing", "not available",
    "not applicable", "undefined", "tbd", "(blank)", "blank", "empty", "#ref!", "#value!",
    "#na", "<na>", "...", "???", "(none)", "(empty)", "tba", "not provided", "no data", "n / a",
)  # fmt: skip
MIN_FILLER = 3


def empty_to_null(value: str | None) -> str | None:
    """Make the empty string, and white space alone, null."""
    return None if value is None or not value.strip(SPACES) else value


def null_if(value: str | None, *tokens: str) -> str | None:
    """Make a value null that is one of the tokens, whatever its case and outer spaces.

    >>> null_if(" N/A ", "n/a", "-") is None
    True
    """
    text = "" if value is None else value.strip(SPACES).lower()
    return None if text in [token.strip(SPACES).lower() for token in tokens] else value


def null_tokens(value: str | None) -> str | None:
    """Make a value null that is blank or one of `NULL_TOKENS`, such as `N/A`, `null`, `-`, `unknown`.

    >>> null_tokens("None") is null_tokens("") is None
    True
    """
    return null_if(value, "", *NULL_TOKENS)


def null_marks(value: str | None) -> str | None:
    """Make a value null that holds no letter and no digit, such as `--`, `***`, `( )`.

    >>> null_marks("**") is null_marks(" _ ") is None, null_marks("C#"), null_marks("-5")
    (True, 'C#', '-5')
    """
    return value if value is None or any(char.isalnum() for char in value) else None


def null_filler(value: str | None) -> str | None:
    """Make a value null that is one character three times or more, such as `999`, `xxx`, `000-000`.

    >>> null_filler("999-999-9999") is null_filler("XXXX") is None, null_filler("00"), null_filler("1001")
    (True, '00', '1001')
    """
    signs = "".join([char for char in (value or "").lower() if char.isalnum()])
    return None if len(signs) >= MIN_FILLER and signs == signs[0] * len(signs) else value
