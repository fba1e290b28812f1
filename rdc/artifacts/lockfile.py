"""`generated/rdc.lock`: for each cleaner, hashes of what went in and what came out, and who wrote it."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal

from pydantic import Field

from rdc.artifacts.strict import Strict


def digest(value: Any) -> str:
    """The SHA-256 of text, of bytes, or of JSON data with sorted keys, in hex."""
    if isinstance(value, str):
        value = value.encode()
    if not isinstance(value, bytes):
        value = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    return hashlib.sha256(value).hexdigest()


class LockedSql(Strict):
    """What was checked of one function's SQL, or why it has none."""

    digest: str | None = None
    """Of the SQL; None where it is refused."""
    engine: str | None = None
    """On which it gave what Python gave."""
    version: str | None = None
    """Of the engine; on another one it is checked anew."""
    values: int | None = None
    """How many were tried; of a row function, how many rows."""
    refused: str | None = None
    """Why the function is run as Python alone."""
    line: int | None = None
    """Of its code, where that is known."""


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
    sql: dict[str, LockedSql] = Field(default_factory=dict)
    """What was checked of each column or row function, by name."""


class Lockfile(Strict):
    """The whole lock."""

    version: Literal[1] = 1
    cleaners: dict[str, LockedCleaner]

    def text(self) -> str:
        """The file's contents: sorted, indented JSON."""
        data = self.model_dump(mode="json", exclude_none=True)
        return json.dumps(data, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
