"""Text -> the characters that were meant: wrong decoding, entities, quotes, invisible marks; nothing is guessed."""

from __future__ import annotations

import re
import unicodedata

from rdc.recipes.text import squeeze_text

# HTML's names of the characters from 0xc0 to 0xff.
LATIN = (
    "Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH "
    "Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave "
    "aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde "
    "ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml"
)
ENTITIES = (
    ("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&nbsp;", " "), ("&ndash;", "\u2013"),
    ("&mdash;", "\u2014"), ("&lsquo;", "\u2018"), ("&rsquo;", "\u2019"), ("&ldquo;", "\u201c"),
    ("&rdquo;", "\u201d"), ("&hellip;", "\u2026"), ("&copy;", "\xa9"), ("&reg;", "\xae"),
    ("&trade;", "\u2122"), ("&deg;", "\xb0"), ("&pound;", "\xa3"), ("&euro;", "\u20ac"),
    *((f"&{name};", chr(0xC0 + number)) for number, name in enumerate(LATIN.split(" "))), ("&amp;", "&"),
)  # fmt: skip
QUOTES = (
    ("\u2018", "'"), ("\u2019", "'"), ("\u201a", "'"), ("\u201b", "'"), ("\u201c", '"'), ("\u201d", '"'),
    ("\u201e", '"'), ("\u201f", '"'),
)  # fmt: skip
# What Windows-1252 shows for the bytes 0x80 to 0x9f; a blank where it has no character.
WINDOWS = (
    "\u20ac \u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152 \u017d "
    " \u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153 \u017e\u0178"
)
DASHES = ("\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2015", "\u2212", "\ufe63", "\uff0d")
# Letters that Unicode does not take for another with a mark.
FOLDED = (
    ("\xc6", "AE"), ("\xe6", "ae"), ("\xd8", "O"), ("\xf8", "o"), ("\xdf", "ss"), ("\u0152", "OE"), ("\u0153", "oe"),
    ("\u0110", "D"), ("\u0111", "d"), ("\u0141", "L"), ("\u0142", "l"), ("\u0131", "i"),
)  # fmt: skip
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u2060\ufeff]")
_ENTITY = re.compile("&#([0-9]{2,5});")
_ENTITY_LIKE = re.compile("&(?:#[0-9]{2,5}|[A-Za-z]+);")
_TRAIL = f"[\x80-\xbf{WINDOWS.replace(' ', '')}]"
_MOJIBAKE = re.compile(f"([\xc2-\xc5]{_TRAIL}|\xe2{_TRAIL}{{2}})")


def _decode(sequence: str) -> str:
    """The character of two or three bytes of UTF-8 that were read as a character each."""
    lead, *rest = [0x80 + WINDOWS.index(char) if char in WINDOWS else ord(char) for char in sequence]
    code = lead & (0x0F if len(rest) > 1 else 0x1F)
    for byte in rest:
        code = (code << 6) | (byte & 0x3F)
    return chr(code)


def fix_mojibake(value: str | None) -> str | None:
    """Restore letters and signs of UTF-8 text that was read as Latin-1 or Windows-1252.

    >>> fix_mojibake("CafÃ© ZÃ¼rich")
    'Café Zürich'
    """
    text = None if value is None else value.removeprefix("\xef\xbb\xbf")
    return text if text is None or _MOJIBAKE.search(text) is None else _decode_all(text)


def _decode_all(text: str) -> str:
    parts = _MOJIBAKE.split(text)
    # Text may have been misread more than once; each pass shortens it.
    while len(parts) > 1:
        for index in range(1, len(parts), 2):
            parts[index] = _decode(parts[index])
        parts = _MOJIBAKE.split("".join(parts))
    return parts[0]


def normalize_unicode(value: str | None) -> str | None:
    """Write characters in Unicode's compatible composed form (NFKC).

    >>> normalize_unicode("\uff21\ufb01")
    'Afi'
    """
    return None if value is None else unicodedata.normalize("NFKC", value)


def straighten_quotes(value: str | None) -> str | None:
    """Write curly quotation marks and apostrophes as straight ones.

    >>> straighten_quotes("Joe\u2019s"), straighten_quotes("\u201cbar\u201d")
    ("Joe's", '"bar"')
    """
    for curly, straight in QUOTES:
        value = None if value is None else value.replace(curly, straight)
    return value


def unescape_html(value: str | None) -> str | None:
    """Write HTML's entities as the characters that they stand for.

    >>> unescape_html("Fish &amp;amp; Chips&#39;")
    "Fish & Chips'"
    """
    return value if value is None or _ENTITY_LIKE.search(value) is None else _unescape_all(value)


def _unescape_all(text: str) -> str:
    before = ""
    while text != before:
        before = text
        for entity, char in ENTITIES:
            text = text.replace(entity, char)
        parts = _ENTITY.split(text)
        for index in range(1, len(parts), 2):
            code = int(parts[index])
            parts[index] = chr(code) if code in range(32, 0xD800) else f"&#{parts[index]};"
        text = "".join(parts)
    return text


def strip_control(value: str | None) -> str | None:
    """Drop control characters and invisible marks; tabs and line ends stay.

    >>> strip_control("a" + chr(0) + "b")
    'ab'
    """
    return None if value is None else _CONTROL.sub("", value)


def straighten_dashes(value: str | None) -> str | None:
    """Write en and em dashes, minus signs and unusual hyphens as the plain hyphen.

    >>> straighten_dashes("10\u201312"), straighten_dashes("\u22125"), straighten_dashes("a-b")
    ('10-12', '-5', 'a-b')
    """
    for dash in DASHES:
        value = None if value is None else value.replace(dash, "-")
    return value


def strip_accents(value: str | None) -> str | None:
    """Write letters without their accents.

    >>> strip_accents("Málaga, Łódź"), strip_accents("Straße"), strip_accents("Malaga")
    ('Malaga, Lodz', 'Strasse', 'Malaga')
    """
    if value is None:
        return None
    letters = [char for char in unicodedata.normalize("NFD", value) if not unicodedata.combining(char)]
    text = "".join(letters)
    for letter, plain in FOLDED:
        text = text.replace(letter, plain)
    return unicodedata.normalize("NFC", text) or value


def drop_unreadable(value: str | None) -> str | None:
    """Drop the sign that stands for characters that could not be read (U+FFFD); what they were is lost.

    >>> drop_unreadable("5 \ufffdC"), drop_unreadable("5 C"), drop_unreadable("\ufffd")
    ('5 C', '5 C', '\ufffd')
    """
    return None if value is None else value.replace("\ufffd", "") or value


def repair_text(value: str | None) -> str | None:
    r"""Repair wrong decoding, HTML entities, control characters and runs of white space, all at once.

    It knows UTF-8 that was read as Latin-1 or Windows-1252; ftfy knows more encodings.

    >>> repair_text("CafÃ©  &amp; Bar\x00 "), repair_text("Café & Bar")
    ('Café & Bar', 'Café & Bar')
    """
    before = None
    while value is not None and value != before:
        before = value
        value = squeeze_text(strip_control(fix_mojibake(unescape_html(value))) or "") or value
    return value
