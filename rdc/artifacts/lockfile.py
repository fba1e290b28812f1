"""`generated/rdc.lock`: for each cleaner, hashes of what went in and what came out, and who wrote it."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal

from rdc.artifacts.strict import Strict


def digest(value: Any) -> str:
    """The SHA-256 of text, of bytes, or of JSON data with sorted keys, in hex."""
    if isinstance(value, str):
        value = value.encode()
    if not isinstance(value, bytes):
        value = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    return hashlib.sha256(value).hexdigest()


class LockedCleaner(Strict):
    """One cleaner's entry."""

    version: int
    """Counts up by one whenever the output changes."""
    inputs: dict[str, str]
    """What went in, by name (`cleaner`, `source`, `model`, `profile`, `functions/x.py`): a digest each."""
    outputs: dict[str, str]
    """What came out, by path inside the cleaner's folder: a digest each."""
    authors: dict[str, str]
    """Who wrote each transform: `model <name>`, `synthesis` or `human <file>`."""


class Lockfile(Strict):
    """The whole lock."""

    version: Literal[1] = 1
    cleaners: dict[str, LockedCleaner]

    def text(self) -> str:
        """The file's contents: sorted, indented JSON."""
        return json.dumps(self.model_dump(mode="json"), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
