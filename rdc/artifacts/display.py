"""Any text -> text that a person can trust to look like what it is."""

from __future__ import annotations

import re

DECEPTIVE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Controls, and marks that make text read in another order than it runs."""


def show_text(text: str) -> str:
    r"""Escape what is invisible or moves what stands around it: controls, bidi marks, lone surrogates.

    >>> print(show_text("it is\na\u202etrap"))
    it is\na\u202etrap
    """
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )
