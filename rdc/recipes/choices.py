"""Words that mean the same -> one word; a word that is not listed stays, or becomes the default."""

from __future__ import annotations

from rdc.recipes.text import SPACES

TRUE_WORDS = ("true", "t", "yes", "y", "1", "on")
FALSE_WORDS = ("false", "f", "no", "n", "0", "off")


def to_boolean(value: str | None, true: str = "true", false: str = "false") -> str | None:
    """Write yes, y, t, 1, on and no, n, f, 0, off as two words.

    >>> to_boolean("Y"), to_boolean(" no ", "1", "0"), to_boolean("maybe")
    ('true', '0', 'maybe')
    """
    if value is None or value in (true, false):
        return value
    word = value.strip(SPACES).lower()
    return true if word in TRUE_WORDS else false if word in FALSE_WORDS else value


def map_values(value: str | None, mapping: dict[str, str], default: str = "") -> str | None:
    """Write each listed value as another, whatever its case and outer spaces, and the others as `default` if given.

    >>> map_values("M ", {"m": "male", "f": "female"}), map_values("male", {"m": "male"}, "other")
    ('male', 'male')
    >>> map_values("x", {"m": "male"}), map_values("x", {"m": "male"}, "other")
    ('x', 'other')
    """
    if value is None or value in mapping.values() or value == default:
        return value
    known = {key.strip(SPACES).lower(): target for key, target in mapping.items()}
    return known.get(value.strip(SPACES).lower(), default or value)


def map_words(value: str | None, mapping: dict[str, str]) -> str | None:
    """Write each listed word inside a text as another, whatever its case and a point or comma behind it.

    >>> map_words("12 Main St.", {"st": "Street"}), map_words("12 Main Street", {"st": "Street"})
    ('12 Main Street', '12 Main Street')
    """
    known = {key.strip(SPACES + ".,").lower(): target for key, target in mapping.items()}
    done = _map_each(value or "", known)
    return value if value is None or _map_each(done, known) != done else done


def _map_each(text: str, known: dict[str, str]) -> str:
    return " ".join([_map_word(word, known) for word in text.split(" ")])


def _map_word(word: str, known: dict[str, str]) -> str:
    bare = word.rstrip(".,").lower()
    return known[bare] + ("," if word.endswith(",") else "") if bare and bare in known else word
