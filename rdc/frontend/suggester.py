"""A word nobody knows -> the known one that was probably meant, as a hint; nothing where none is near."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def suggest(word: str, known: Iterable[str]) -> str:
    """The hint that names the nearest of the known words.

    >>> suggest("emial", ["email", "name"])
    "Did you mean 'email'?"
    >>> suggest("zip", ["email", "name"])
    ''
    """
    words = {name.casefold(): name for name in sorted(known)}
    nearest = get_close_matches(word.casefold(), words, n=1, cutoff=0.6)
    return f"Did you mean '{words[nearest[0]]}'?" if nearest else ""


def suggest_or_list(word: str, known: Iterable[str], introduction: str) -> str:
    """The nearest of the known words or, where none is near, all of them.

    >>> suggest_or_list("zip", ["name", "email"], "Known columns")
    'Known columns: name, email.'
    """
    names = list(known)
    return suggest(word, names) or f"{introduction}: {', '.join(names) or 'none'}."
