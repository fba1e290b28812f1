"""Phone numbers, e-mail addresses and URLs -> one form; what has another shape stays."""

from __future__ import annotations

import re

from rdc.recipes.text import squeeze_text

_EXTENSION = re.compile("(.*[0-9)]) ?[,;]? ?(?:extension|ext|x)[.:]? ?([0-9]{1,6})")
# With more digits a number holds its country's code.
LONGEST_NATIONAL = 10
EMAIL_SIGNS = (
    ("(at)", "@"), ("[at]", "@"), (" at ", "@"), ("(dot)", "."), ("[dot]", "."), ("%40", "@"),
)  # fmt: skip
_EMAIL = re.compile(
    "[A-Za-z0-9_%+'&/=-]+(?:[.][A-Za-z0-9_%+'&/=-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?[.])+[a-z]{2,}"
)
_URL = re.compile(
    "(?:([Hh][Tt][Tt][Pp][Ss]?|[Ff][Tt][Pp])://)?((?:[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9])?[.])+[A-Za-z]{2,}[.]?)"
    "(:[0-9]{1,5})?((?:/[^?# ]*)?)([?][^# ]*)?(#[^ ]*)?"
)
DEFAULT_PORTS = (("http", ":80"), ("https", ":443"), ("ftp", ":21"))
_TRACKING = re.compile(
    "utm_[a-z_]+|gclid|fbclid|msclkid|dclid|yclid|igshid|mc_[ce]id|_hs(?:enc|mi)|_ga|wt[.]mc_id"
)


def keep_digits(value: str | None) -> str | None:
    """Drop all but digits, where there are any.

    >>> keep_digits("(555) 010-2030"), keep_digits("none")
    ('5550102030', 'none')
    """
    return None if value is None else re.sub("[^0-9]", "", value) or value


def format_digits(value: str | None, pattern: str) -> str | None:
    """Write digits in a pattern, whose every 9 takes one; values with letters or another count stay.

    >>> format_digits("123456789", "999-99-9999"), format_digits("12345", "999-99-9999")
    ('123-45-6789', '12345')
    """
    digits = keep_digits(value) or ""
    if value is None or re.search("[A-Za-z]", value) or len(digits) != pattern.count("9"):
        return value
    slots = pattern.split("9")
    return slots[0] + "".join([digit + after for digit, after in zip(digits, slots[1:], strict=True)])


def format_phone(value: str | None, pattern: str, country: str = "", extension: str = "") -> str | None:
    """Write a phone number in a pattern, without the country's code where it has one.

    An extension keeps it as it is, unless `extension` says what is written before one.

    >>> format_phone("555.010.2030", "(999) 999-9999"), format_phone("+1 555 010 2030", "999-999-9999", "1")
    ('(555) 010-2030', '555-010-2030')
    >>> format_phone("555.010.2030 ext. 7", "999-999-9999", extension=" x"), format_phone("010-2030", "999-999-9999")
    ('555-010-2030 x7', '010-2030')
    """
    text, tail = value or "", ""
    if extension and (match := _EXTENSION.fullmatch(squeeze_text(text).lower())):
        text, tail = match.group(1), extension + match.group(2)
    digits = keep_digits(text) or ""
    if value is None or re.search("[A-Za-z]", text):
        return value
    national = digits.removeprefix(country) if len(digits) == pattern.count("9") + len(country) else text
    done = format_digits(national, pattern) or ""
    return value if len(keep_digits(national) or "") != pattern.count("9") else done + tail


def to_e164(value: str | None, country: str = "1") -> str | None:
    """Write a phone number as `+`, the country's code and digits; `country` is that of numbers without one.

    Numbers with an extension stay. The lengths that a country's numbers have are known to phonenumbers alone.

    >>> to_e164("(555) 010-2030"), to_e164("+44 (0)20 7946 0018"), to_e164("020 7946 0018", "44"), to_e164("555-01")
    ('+15550102030', '+442079460018', '+442079460018', '555-01')
    """
    text = "" if value is None else squeeze_text(value)
    if re.fullmatch("[+]?[0-9() ./-]+", text) is None:
        return value
    digits = re.sub("[^0-9]", "", text.replace("(0)", ""))
    if text[:2] == "00":
        digits = digits[2:]
    elif text[:1] != "+":
        national = digits.removeprefix("0")
        coded = len(national) > LONGEST_NATIONAL and national.startswith(country)
        digits = national if coded else country + national
    fits = re.fullmatch("1[2-9][0-9]{9}|[2-9][0-9]{8,14}", digits)
    return value if fits is None else "+" + digits


def normalize_email(value: str | None) -> str | None:
    """Write an e-mail address plainly: its domain in small letters, no blanks, no `mailto:`, no name around it.

    >>> normalize_email("mailto:Ada@Example.ORG"), normalize_email("Ada L. <ada @example. org>;")
    ('Ada@example.org', 'ada@example.org')
    >>> normalize_email("ada (at) example.org"), normalize_email("ada@example,org"), normalize_email("ada@")
    ('ada@example.org', 'ada@example.org', 'ada@')
    """
    text = "" if value is None else squeeze_text(value).strip(";,. ")
    named = re.fullmatch("[^<>]*<([^<>]*)>", text)
    text = named.group(1) if named else text
    text = text[len("mailto:") :] if text[:7].lower() == "mailto:" else text
    for written, sign in EMAIL_SIGNS:
        text = text.replace(written, sign)
    local, _, domain = re.sub(" *@+ *", "@", text.strip(" ")).partition("@")
    domain = re.sub(" *[.,]+ *", ".", domain.lower())
    address = f"{local}@{domain}"
    return value if _EMAIL.fullmatch(address) is None else address


def normalize_url(value: str | None, scheme: str = "") -> str | None:
    """Write a web address plainly: small letters before the path, no default port, no slash at its end.

    Where it has no scheme, the given one is written.

    >>> normalize_url("HTTP://Example.org:80/Path/"), normalize_url("example.org/"), normalize_url("a b")
    ('http://example.org/Path', 'example.org', 'a b')
    >>> normalize_url("Example.org", "https"), normalize_url("https://example.org/a?b=C#d")
    ('https://example.org', 'https://example.org/a?b=C#d')
    """
    match = None if value is None else _URL.fullmatch(squeeze_text(value))
    if match is None:
        return value
    given = (match.group(1) or "").lower()
    host, port = match.group(2).lower().rstrip("."), match.group(3) or ""
    if (given, port) in DEFAULT_PORTS:
        port = ""
    tail = "".join([part for part in (match.group(5) or "", match.group(6) or "") if len(part) > 1])
    path = match.group(4) if tail else match.group(4).rstrip("/")
    shown = given or scheme
    return (f"{shown}://" if shown else "") + host + port + path + tail


def strip_tracking(value: str | None) -> str | None:
    """Drop the parameters of a web address that only say where a click came from, such as `utm_source`.

    >>> strip_tracking("https://example.org/a?id=7&utm_source=x"), strip_tracking("https://example.org/?gclid=1")
    ('https://example.org/a?id=7', 'https://example.org/')
    """
    match = None if value is None else re.fullmatch("([^?# ]+)[?]([^# ]*)(#[^ ]*)?", value)
    if match is None:
        return value
    parts = match.group(2).split("&")
    kept = [part for part in parts if _TRACKING.fullmatch(part.partition("=")[0].lower()) is None]
    if len(kept) == len(parts):
        return value
    return match.group(1) + ("?" + "&".join(kept) if kept else "") + (match.group(3) or "")


def url_host(value: str | None) -> str | None:
    """Take the host of a web address, in small letters and without `www.`.

    >>> url_host("https://www.Example.org/a?b=c"), url_host("example.org"), url_host("no host")
    ('example.org', 'example.org', 'no host')
    """
    match = None if value is None else _URL.fullmatch(squeeze_text(value))
    if match is None:
        return value
    host = match.group(2).lower().rstrip(".")
    while host.startswith("www.") and "." in host[4:]:
        host = host[4:]
    return host
