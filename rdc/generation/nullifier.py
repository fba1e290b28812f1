"""What a column, its goals and its examples show to stand for nothing -> steps that make it null; no guess beyond."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rdc import recipes
from rdc.artifacts.absence import read_named_nulls, read_untold_kinds
from rdc.generation.program import Step

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdc.generation.observer import Observed

MOST_TOKENS = 4
WORDED = re.compile("[a-z]{4,}( [a-z]+)*|[a-z]+( [a-z]+)+")
"""A token that is no part of anything else, as `na` and `-` are."""


def find_nulls(observed: Observed) -> Iterator[Step]:
    """The most general readings first.

    Args:
        observed: what a goal quotes or an example makes null is a token as those of the column are.
    """
    yield from (Step("null_unless", (kind,)) for kind in read_untold_kinds([observed.goal]))
    literals, phrases = _read_literals(observed), _read_phrases(observed)
    yield from (Step("null_containing", phrases),) if phrases else ()
    if any(value is not None and not value.strip(recipes.SPACES) for value in observed.counts):
        yield Step("empty_to_null")
        blank = [""]
    else:
        blank = []
    tokens = [token for token in observed.tokens if token]
    if len(tokens) > MOST_TOKENS:
        yield Step("null_tokens")
    elif tokens:
        yield Step("null_if", (*blank, *tokens, *literals))
        yield from (Step("null_if", (*blank, *tokens)),) if literals else ()
        yield from (Step("null_if", (token,)) for token in tokens if len(tokens) > 1)
    if literals:
        yield Step("null_if", tuple(literals))


def _read_literals(observed: Observed) -> list[str]:
    """Texts that goals quote or examples make null, and that no recipe takes for nothing."""
    nulls = [given for given, expected in observed.examples if given and expected is None]
    found = [recipes.collapse_spaces(text) or "" for text in (*read_named_nulls([observed.goal]), *nulls)]
    held = {(value or "").strip().lower() for value in observed.counts}
    tokens = (text for text in found if recipes.null_tokens(text) and text.lower() in held)
    return list({text.lower(): text for text in tokens}.values())


def _read_phrases(observed: Observed) -> tuple[str, ...]:
    """Phrases that stand for nothing and that an example which becomes null holds beside other words."""
    nulls = [given for given, expected in observed.examples if given and expected is None]
    known = [*nulls, *(token for token in recipes.NULL_TOKENS if WORDED.fullmatch(token))]
    return tuple(
        dict.fromkeys(
            phrase
            for text in nulls
            for phrase in known
            if recipes.null_if(text, phrase) is not None and recipes.null_containing(text, phrase) is None
        )
    )
