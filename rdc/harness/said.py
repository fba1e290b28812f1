"""What a gate says of a candidate."""

from __future__ import annotations

from typing import NamedTuple


class Said(NamedTuple):
    """What a gate says."""

    passed: bool
    detail: str = ""
