"""Columns of phone numbers, addresses, codes or times -> findings where their forms are mixed or a check fails."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from rdc import recipes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from rdc.artifacts.plan import Cell
    from rdc.artifacts.profile import Finding
    from rdc.frontend.view import ColumnView

MOST = 0.8
"""The share of a column's values from which it is one of a kind."""
NEARLY_ALL = 0.9
PHONE = re.compile(
    r"[+(]?\d[\d() ./+-]{6,22}\d(?: ?[,;]? ?(?:x|ext\.?|extension) ?\d{1,6})?", re.ASCII | re.IGNORECASE
)
SURE_PHONE = re.compile(
    r"\(\d{3}\) ?\d{3}[-. ]?\d{4}|\+\d[\d() .-]+|(?:1[-. ])?\d{3}([-. ])\d{3}\1\d{4}", re.ASCII
)
PHONE_DIGITS = range(7, 16)
PHONE_NAME = re.compile(r"phone|mobile|fax|\btel\b|^tel_|_tel$|telephone", re.IGNORECASE)
WEB = re.compile(r"(?:https?://|www\.)\S+\.\S+|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/\S*", re.IGNORECASE)
SCHEME = re.compile(r"https?://", re.IGNORECASE)
POSTCODES: dict[str, tuple[re.Pattern[str], re.Pattern[str]]] = {
    "US": (re.compile(r"\d{5}(?:-?\d{4})?", re.ASCII), re.compile(r"\d{5}-\d{4}", re.ASCII)),
    "GB": (
        re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", re.IGNORECASE | re.ASCII),
        re.compile(r"[A-Z]{2}\d{1,2}[A-Z]? ?\d[A-Z]{2}", re.IGNORECASE | re.ASCII),
    ),
    "CA": (re.compile(r"[A-Z]\d[A-Z][ -]?\d[A-Z]\d", re.IGNORECASE | re.ASCII),) * 2,
}
"""By country what every postcode must look like, and what none but a postcode does."""
PLACES: dict[str, tuple[str, Callable[[Cell], Cell]]] = {
    "state_spellings": ("States", recipes.us_state_code),
    "province_spellings": ("Provinces", lambda value: recipes.state_code(value, "CA")),
    "country_spellings": ("Countries", recipes.country_code),
}
MAX_PLACES = 1_000
FEW_PLACES = 3
IDENTIFIERS: dict[str, tuple[re.Pattern[str], Callable[[Cell], Cell]]] = {
    "ISBNs": (
        re.compile(r"(?:ISBN[ :-]*)?(?:97[89][ -]?)?(?:\d[ -]?){9}[\dX]", re.ASCII | re.IGNORECASE),
        recipes.to_isbn13,
    ),
    "ISSNs": (re.compile(r"\d{4}-?\d{3}[\dX]", re.ASCII | re.IGNORECASE), recipes.format_issn),
    "IBANs": (
        re.compile(r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8}", re.ASCII | re.IGNORECASE),
        recipes.format_iban,
    ),
    "EANs": (re.compile(r"\d[\d -]{6,16}\d", re.ASCII), recipes.format_ean),
}
MIN_IDENTIFIERS = 10
NAMES = frozenset({"US", "USA", "UK", "UAE"})
"""Codes that people write for names."""
FEW_TIMES = 200
GLUED = re.compile(" ?[apAP](?=[A-Z][a-z])")
"""A half of the day with the name of a month behind it."""
HALF = re.compile(r" ?[ap](?:\.?m)?\.?(?![a-z])", re.IGNORECASE)
CLOCK = re.compile(r"(?<![\d:])(\d{1,2})[:h](\d{2})(?::\d{2})?(?![\d:])", re.ASCII)


def check_phones(view: ColumnView) -> Iterable[Finding]:
    """Phone numbers with different signs between their digits."""
    named = PHONE_NAME.search(view.profile.name)
    if not (named or any(SURE_PHONE.fullmatch(value.strip()) for value, _ in view.written[:50])):
        return
    share = 0.1 if named else 0.3
    if view.are_mostly(_is_phone, MOST) and view.are_mostly(lambda v: SURE_PHONE.match(v.strip()), share):
        fact = "Phone numbers are written in {ways} forms; other than most"
        yield from _tell_forms(view, "phone_formats", fact, view.written, _form_phone)


def _is_phone(value: str) -> bool:
    text = value.strip()
    return PHONE.fullmatch(text) is not None and sum(c.isdigit() for c in text[:20]) in PHONE_DIGITS


def _form_phone(value: str) -> str:
    """The signs between its digits, each once, without those of an extension."""
    number = re.split("[xe,;]", value.strip().lower(), maxsplit=1)[0]
    return "".join(sorted(set(re.sub("[0-9]", "", number.strip()))))


def check_emails(view: ColumnView) -> Iterable[Finding]:
    """E-mail addresses that are written with more than an address, or that are none."""
    if not view.are_mostly(lambda value: "@" in value, MOST):
        return
    plain = [(value, recipes.normalize_email(value) or "", count) for value, count in view.written]
    wrong = [(value, count) for value, _, count in plain if not _is_known(value, recipes.normalize_email)]
    odd = [(v, n) for v, clean, n in plain if v.strip().lower() != clean.lower()]
    capital = [(v, n) for v, clean, n in plain if v != clean and v.lower() == clean.lower()]
    if len(wrong) <= (1 - MOST) * len(plain):
        if wrong:
            yield view.finding("email_invalid", "What is no e-mail address, among addresses", wrong)
        if odd:
            yield view.finding(
                "email_forms", "E-mail addresses with blanks, a name or signs around them", odd
            )
        if capital and len(capital) <= len(plain) / 2:
            yield view.finding("email_case", "E-mail addresses with capitals in their domain", capital)


def _is_known(value: str, recipe: Callable[[Cell], Cell]) -> bool:
    """Whether a recipe understands it: then it drops a blank before it."""
    return recipe(f" {value}") != f" {value}"


def _match(regex: re.Pattern[str]) -> Callable[[str], object]:
    return lambda value: regex.fullmatch(value.strip())


def check_addresses(view: ColumnView) -> Iterable[Finding]:
    """Web addresses without the scheme that most have, with capitals in the host, or with tracking."""
    if not view.are_mostly(_match(WEB), MOST):
        return
    with_scheme = sum(1 for value, _ in view.written if SCHEME.match(value.strip()))
    bare = with_scheme < len(view.written) / 2
    seen: defaultdict[Cell, list[tuple[str, int]]] = defaultdict(list)
    odd = {}
    for value, count in view.written:
        clean = recipes.normalize_url(value)
        seen[clean].append((value, count))
        slash = value.strip().rstrip("/?#") == clean
        if (
            (clean not in (value, None) and not slash)
            or recipes.strip_tracking(value) != value
            or bool(SCHEME.match(value.strip())) == bare
        ):
            odd[value] = count
    for group in seen.values():
        odd.update(sorted(group, key=lambda item: (-item[1], item[0]))[1:])
    if odd:
        yield view.finding("url_forms", "Web addresses that are not written as most are", odd.items())


def check_postcodes(view: ColumnView) -> Iterable[Finding]:
    """Postcodes in more than one form."""
    named = re.search(r"zip|postal|post_?code", view.profile.name, re.IGNORECASE)
    for all_match, one_matches in POSTCODES.values():
        if not view.are_mostly(_match(all_match), NEARLY_ALL):
            continue
        whole = [item for item in view.written if all_match.fullmatch(item[0].strip())]
        sure = sum(1 for value, _ in whole if one_matches.fullmatch(value.strip()))
        if named or sure >= (1 - NEARLY_ALL) * len(whole):
            fact = "Postcodes are written in {ways} forms; other than most"
            yield from _tell_forms(view, "postcode_forms", fact, whole, _form_postcode)
        return


def _form_postcode(value: str) -> str:
    """Its case, and what stands between its parts; of digits alone how many there are."""
    signs = re.sub("[0-9A-Za-z]", "", value.strip())
    if not re.search("[A-Za-z]", value):
        return signs + str(len(value.strip()))
    return signs + ("a" if value != value.upper() else "A")


def check_places(view: ColumnView) -> Iterable[Finding]:
    """States or countries by code and by name, or by several names."""
    if view.is_numeric or len(view.values) > MAX_PLACES:
        return
    for kind, (what, code) in PLACES.items():
        if not view.are_mostly(_names_one(code), MOST):
            continue
        found = [(value, code(value.lower()), n) for value, n in view.written if _names_one(code)(value)]
        forms: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
        for value, _, count in found:
            forms[_form_place(value)].append((value, count))
        for form in [form for form, items in forms.items() if form and all(map(_is_name, items))]:
            forms[0] += forms.pop(form)
        main = max(forms, key=lambda form: (sum(n for _, n in forms[form]), form))
        odd = {value: count for form, items in forms.items() if form != main for value, count in items}
        odd.update(_find_synonyms(found))
        if odd and len({place for _, place, _ in found}) >= FEW_PLACES:
            yield view.finding(kind, f"{what} by name and by code, or by several names", odd.items())
        return


def _names_one(code: Callable[[Cell], Cell]) -> Callable[[str], bool]:
    """Whether a recipe knows it; what is known in small letters is not left in them."""
    return lambda value: code(value.lower()) != value.lower()


def _is_name(item: tuple[str, int]) -> bool:
    return item[0].replace(".", "").strip().upper() in NAMES


def _form_place(value: str) -> int:
    """The length of a code, or 0 for a name or an abbreviation of one."""
    letters = re.sub("[. ]", "", value)
    return len(letters) if len(letters) <= len("USA") and value.strip()[-1:] != "." else 0


def _find_synonyms(found: Sequence[tuple[str, Cell, int]]) -> Iterable[tuple[str, int]]:
    """The rarer of several names of one place; case and spaces alone make no other name."""
    names: defaultdict[Cell, Counter[str]] = defaultdict(Counter)
    for value, place, count in found:
        names[place][" ".join(value.lower().split())] += count
    usual = {place: counts.most_common(1)[0][0] for place, counts in names.items()}
    return [(v, n) for v, place, n in found if " ".join(v.lower().split()) != usual[place]]


def check_identifiers(view: ColumnView) -> Iterable[Finding]:
    """Identifiers of which nearly all have a right check digit: those that have not, and other forms."""
    if len(view.values) < MIN_IDENTIFIERS:
        return
    for name, (shape, normalize) in IDENTIFIERS.items():
        if not view.are_mostly(_passes(shape, normalize), MOST):
            continue
        whole = [item for item in view.written if shape.fullmatch(item[0].strip())]
        right = [item for item in whole if _is_known(item[0], normalize)]
        wrong = [item for item in whole if not _is_known(item[0], normalize)]
        if wrong:
            yield view.finding("check_digit", f"{name} whose check digit is wrong", wrong)
        fact = f"{name} in {{ways}} forms; other than most"
        yield from _tell_forms(view, "identifier_forms", fact, right, _form_identifier)
        return


def _passes(shape: re.Pattern[str], normalize: Callable[[Cell], Cell]) -> Callable[[str], object]:
    return lambda value: shape.fullmatch(value.strip()) and _is_known(value, normalize)


def _form_identifier(value: str) -> str:
    """The signs in it, its case, and the label before it."""
    text = value.strip()
    signs = "".join(sorted(set(re.sub("[0-9A-Za-z]", "", text))))
    label = re.match("isbn|issn|iban|ean|upc", text.lower())
    return signs + ("a" if text != text.upper() else "A") + (label.group() if label else "")


def check_times(view: ColumnView) -> Iterable[Finding]:
    """Times of day in several forms, with a date or a mark beside some of them."""
    few = view.written[:FEW_TIMES]
    if sum(1 for value, _ in few if _is_clock(value)) * 2 < len(few) or not view.are_mostly(_is_time, MOST):
        return
    times = [item for item in view.written if _is_time(item[0])]
    padded = [item for item in times if re.match(r"\s*0[1-9]", item[0])]
    single = [item for item in times if re.match(r"\s*[1-9][:h]", item[0])]
    rarer = {value for value, _ in min(padded, single, key=lambda items: sum(n for _, n in items))}
    fact = "Times of day are written in {ways} forms; other than in most"
    yield from _tell_forms(view, "mixed_times", fact, times, lambda v: _form_time(v) + "0" * (v in rarer))


def _is_clock(value: str) -> bool:
    """Whether it is a time of day by itself, with its half of the day or without."""
    return CLOCK.sub("", HALF.sub("", value)).strip() == ""


def _is_time(value: str) -> bool:
    """Whether it holds one time of day, and no more than a date or a mark beside it."""
    return len(CLOCK.findall(value)) <= 1 and _is_known(value, _take_time)


def _take_time(value: Cell) -> Cell:
    return recipes.time_of_day(value, "HH:mm:ss")


def _form_time(value: str) -> str:
    """How its half of the day and its seconds are written, and whether something stands beside it."""
    clock = CLOCK.search(value)
    after = value[clock.end() :] if clock else ""
    half = HALF.match(after) or GLUED.match(after)
    shown = half.group() if half else ""
    beside = bool((value[: clock.start()] if clock else value).strip() or after[len(shown) :].strip())
    marks = re.sub("[pP]", lambda match: "a" if match[0] == "p" else "A", shown)
    return f"{marks}{clock.group().count(':') if clock else 0}{beside}"


def _tell_forms(
    view: ColumnView,
    kind: str,
    fact: str,
    values: Sequence[tuple[str, int]],
    form: Callable[[str], str],
) -> Iterable[Finding]:
    """A finding of the values that are not written as most are, where there are several forms."""
    forms: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for value, count in values:
        forms[form(value)].append((value, count))
    main = max(forms, key=lambda name: (sum(n for _, n in forms[name]), name), default="")
    rest = [item for name, items in forms.items() if name != main for item in items]
    if rest:
        yield view.finding(kind, fact.format(ways=len(forms)), rest)
