"""Address fields of marketplaces that know no state -> the fields of an order."""

from __future__ import annotations


def fill_state(row: dict[str, str | None]) -> dict[str, str | None]:
    """The state of a row, from the end of its city where there is none.

    >>> fill_state({"city": "Austin, TX", "state": None})
    {'state': 'TX'}
    """
    city = (row["city"] or "").strip()
    state = row["state"]
    if not state and city[-3:-2] == " " and city[-2:].isalpha():
        return {"state": city[-2:].upper()}
    return {"state": state}
