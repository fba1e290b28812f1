"""Part codes."""

import re

from rdc.recipes import upper_case

CODE = re.compile(r"([A-Z]{2})[ -]*([0-9]{1,4})")


def clean_code(value: str | None) -> str | None:
    """Put the hyphen and the lost zeros back."""
    match = CODE.fullmatch((upper_case(value) or "").strip())
    return f"{match.group(1)}-{match.group(2).zfill(4)}" if match else value


def unused(value: str | None) -> str | None:
    return value
