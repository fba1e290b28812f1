"""A Python regular expression -> SQL that finds it in a text, and SQL of the texts for which Python must be asked.

Whether something is found is all that a check asks. What RE2 reads otherwise is left to Python.
"""

from __future__ import annotations

from dataclasses import dataclass

from rdc.engines.engine import quote_text
from rdc.engines.re2.regex import render_regex
from rdc.engines.re2.unlike import UnlikeError


@dataclass(frozen=True, slots=True)
class Search:
    """A search for a regular expression.

    Attributes:
        finds: the condition that it is found.
        doubtful: the condition of the texts in which Python may find it or not, whatever the engine does; '' for
            none.
        narrow: in those too, Python finds it where the engine does.
    """

    finds: str
    doubtful: str
    narrow: bool


def write_search(regex: str, text: str) -> Search | None:
    r"""Write what `re.search` does as SQL; None where the engine reads the regular expression otherwise.

    >>> write_search(r"\d", "v")
    Search(finds="regexp_matches(v, '[0-9]')", doubtful='strlen(v) <> length(v)', narrow=True)
    >>> write_search("(?!a)b", "v") is None
    True
    """
    try:
        found = render_regex(regex)
    except UnlikeError:
        return None
    finds = f"regexp_matches({text}, {quote_text(found.text)})"
    doubts = []
    if found.needs_ascii:
        doubts.append(f"strlen({text}) <> length({text})")
    if found.no_final_newline:
        # Python's `$` holds before a last newline too: it finds what the engine finds, and may find more.
        doubts.append(f"CASE WHEN suffix({text}, chr(10)) THEN NOT {finds} ELSE FALSE END")
    return Search(finds, " OR ".join(doubts), found.narrow)
