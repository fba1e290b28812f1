"""Half an answer -> whether it is whole; a model that goes on after its code, or in circles, is refused more."""

from __future__ import annotations

FENCE = "```"
REPEATS = 4


def is_finished(text: str) -> bool:
    r"""Whether an answer needs no more tokens: its code is closed, or it repeats itself.

    >>> is_finished("```python\nreturn value\n"), is_finished("```python\nreturn value\n```")
    (False, True)
    >>> is_finished("The same line.\nThe same line.\n")
    True
    """
    lines = [line.strip() for line in text.split("\n")]
    if sum(line.startswith(FENCE) for line in lines) > 1:
        return True
    # The last line is still being written.
    *whole, _ = lines
    if not whole or not whole[-1]:
        return False
    return whole[-1:] == whole[-2:-1] or whole.count(whole[-1]) >= REPEATS
