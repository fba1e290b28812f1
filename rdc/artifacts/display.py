"""Any text -> text that a person can trust to look like what it is."""

from __future__ import annotations


def show_text(text: str) -> str:
    r"""Escape what is invisible or moves what stands around it: controls, bidi marks, lone surrogates.

    >>> print(show_text("it is\na\u202etrap"))
    it is\na\u202etrap
    """
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )
