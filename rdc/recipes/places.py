"""Postcodes, and states by name or code -> one form; what is on no list stays."""

from __future__ import annotations

import re

from rdc.recipes.text import squeeze_text

STATES = (
    "AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|DE Delaware|"
    "DC District of Columbia|FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|"
    "KS Kansas|KY Kentucky|LA Louisiana|ME Maine|MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota|"
    "MS Mississippi|MO Missouri|MT Montana|NE Nebraska|NV Nevada|NH New Hampshire|NJ New Jersey|"
    "NM New Mexico|NY New York|NC North Carolina|ND North Dakota|OH Ohio|OK Oklahoma|OR Oregon|"
    "PA Pennsylvania|RI Rhode Island|SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|UT Utah|"
    "VT Vermont|VA Virginia|WA Washington|WV West Virginia|WI Wisconsin|WY Wyoming|PR Puerto Rico|GU Guam|VI Virgin Islands|AS American Samoa|MP Northern Mariana Islands"
)
PROVINCES = (
    "AB Alberta|BC British Columbia|MB Manitoba|NB New Brunswick|NL Newfoundland and Labrador|NS Nova Scotia|"
    "NT Northwest Territories|NU Nunavut|ON Ontario|PE Prince Edward Island|QC Quebec|SK Saskatchewan|YT Yukon"
)
AUSTRALIA = (
    "ACT Australian Capital Territory|NSW New South Wales|NT Northern Territory|QLD Queensland|SA South Australia|"
    "TAS Tasmania|VIC Victoria|WA Western Australia"
)
# Older abbreviations and other names, without points and in small letters.
ALIASES = {
    "US": "ala AL|alas AK|ariz AZ|ark AR|calif CA|cal CA|colo CO|conn CT|del DE|fla FL|ill IL|ind IN|kan KS|kans KS|"
    "mass MA|mich MI|minn MN|miss MS|mont MT|neb NE|nebr NE|nev NV|n mex NM|n car NC|n dak ND|okla OK|ore OR|oreg OR|"
    "penn PA|penna PA|s car SC|s dak SD|tenn TN|tex TX|wash WA|w va WV|wis WI|wisc WI|wyo WY|washington dc DC",
    "CA": "alta AB|man MB|newfoundland NL|nfld NL|nwt NT|ont ON|pei PE|qu\xe9bec QC|que QC|sask SK|yukon territory YT",
    "AU": "tasman TAS|vict VIC",
}
REGIONS = {
    country: dict(entry.split(" ", 1) for entry in table.split("|"))
    for country, table in (("US", STATES), ("CA", PROVINCES), ("AU", AUSTRALIA))
}
CODES = {
    country: {
        **{name.lower(): code for code, name in regions.items()},
        **{code.lower(): code for code in regions},
        **{entry.rsplit(" ", 1)[0]: entry.rsplit(" ", 1)[1] for entry in ALIASES[country].split("|")},
    }
    for country, regions in REGIONS.items()
}
POSTCODE_DIGITS = {
    "US": 5, "DE": 5, "ES": 5, "FR": 5, "IT": 5, "MX": 5, "AT": 4, "AU": 4, "BE": 4, "CH": 4, "DK": 4, "NO": 4, "NZ": 4,
    "ZA": 4, "CN": 6, "IN": 6, "SG": 6,
}  # fmt: skip
# What the code is without blanks, how many characters stand behind the separator, and the separator.
POSTCODE_SHAPES = {
    "BR": ("[0-9]{8}", 3, "-"), "CA": ("[A-Z][0-9][A-Z][0-9][A-Z][0-9]", 3, " "),
    "GB": ("(?:[A-Z]{1,2}[0-9][0-9A-Z]?|GIR)[0-9][A-Z]{2}", 3, " "), "JP": ("[0-9]{7}", 4, "-"),
    "NL": ("[1-9][0-9]{3}[A-Z]{2}", 2, " "), "PL": ("[0-9]{5}", 3, "-"), "PT": ("[0-9]{7}", 3, "-"),
    "SE": ("[0-9]{5}", 2, " "),
}  # fmt: skip
LOST_ZEROS = 2


def state_code(value: str | None, country: str = "US") -> str | None:
    """Write a state's or province's name or abbreviation as its code; `country` is US, CA or AU.

    >>> state_code("Calif."), state_code("ontario", "CA"), state_code("new south wales", "AU"), state_code("Bavaria")
    ('CA', 'ON', 'NSW', 'Bavaria')
    """
    text = "" if value is None else squeeze_text(value).lower()
    codes = CODES.get(country, {})
    for key in (
        text.rstrip("."),
        squeeze_text(text.replace(".", " ")),
        text.replace(".", "").replace(" ", ""),
    ):
        if key in codes:
            return codes[key]
    return value


def state_name(value: str | None, country: str = "US") -> str | None:
    """Write a state's or province's code or abbreviation as its name; `country` is US, CA or AU.

    >>> state_name("tx"), state_name("Calif."), state_name("Texas"), state_name("QC", "CA"), state_name("XX")
    ('Texas', 'California', 'Texas', 'Quebec', 'XX')
    """
    code = state_code(value, country) or ""
    return REGIONS.get(country, {}).get(code, value)


def us_state_code(value: str | None) -> str | None:
    """Write a US state's name, an abbreviation of it, or its code in small letters, as the two-letter code.

    >>> us_state_code("new  york"), us_state_code("tx"), us_state_code("Penn."), us_state_code("Ontario")
    ('NY', 'TX', 'PA', 'Ontario')
    """
    return state_code(value)


def us_state_name(value: str | None) -> str | None:
    """Write a US state's two-letter code, or an abbreviation of its name, as its name.

    >>> us_state_name("NY"), us_state_name("D.C."), us_state_name("ohio"), us_state_name("ON")
    ('New York', 'District of Columbia', 'Ohio', 'ON')
    """
    return state_name(value)


def format_postcode(value: str | None, country: str = "US") -> str | None:
    """Write a postcode as its country (US, GB, CA, DE, FR, NL, ...) does, with the zeros that it lost in front.

    >>> format_postcode("501"), format_postcode("021391234"), format_postcode("2139-1234"), format_postcode("21390.0")
    ('00501', '02139-1234', '02139-1234', '21390')
    >>> format_postcode("sw1a1aa", "GB"), format_postcode("k1a-0b1", "CA"), format_postcode("1234ab", "NL")
    ('SW1A 1AA', 'K1A 0B1', '1234 AB')
    >>> format_postcode("12"), format_postcode("SW1A 1A", "GB")
    ('12', 'SW1A 1A')
    """
    text = "" if value is None else re.sub("[ -]", "", squeeze_text(value)).upper()
    if country in POSTCODE_SHAPES:
        shape, tail, separator = POSTCODE_SHAPES[country]
        return value if re.fullmatch(shape, text) is None else text[:-tail] + separator + text[-tail:]
    width = POSTCODE_DIGITS.get(country, 0)
    if country == "US" and (plus := re.fullmatch("([0-9]{3,5})-?([0-9]{4})", squeeze_text(value or ""))):
        whole = len(plus.group(1)) == width or "-" in (value or "")
        return plus.group(1).rjust(width, "0") + "-" + plus.group(2) if whole else value
    digits = text.removesuffix(".0")
    short = re.fullmatch("[0-9]+", digits) is None or not width - LOST_ZEROS <= len(digits) <= width
    return value if short or not width else digits.rjust(width, "0")


def zip_five(value: str | None) -> str | None:
    """Write a US ZIP code as its five digits, without the four behind them, with the zeros that it lost in front.

    >>> zip_five("12345-6789"), zip_five("501"), zip_five("12345"), zip_five("1234567")
    ('12345', '00501', '12345', '1234567')
    """
    code = format_postcode(value) or ""
    return code[:5] if re.fullmatch("[0-9]{5}(?:-[0-9]{4})?", code) else value
