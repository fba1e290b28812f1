"""Paces."""

import re

NUMBER = re.compile(r"[0-9]{1,6}([.][0-9]{1,6})?")


def derive_pace(row: dict[str, str | None]) -> dict[str, str | None]:
    """Divide, where both are numbers and the way is not nothing."""
    km, minutes = row["km"] or "", row["minutes"] or ""
    if not NUMBER.fullmatch(km) or not NUMBER.fullmatch(minutes) or float(km) == 0:
        return {"pace": None}
    return {"pace": f"{float(minutes) / float(km):.2f}"}
