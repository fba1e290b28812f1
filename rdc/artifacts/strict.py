"""The model that every value read from a file is built on: frozen, and without unknown keys."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """A frozen pydantic model that refuses keys it doesn't know and text that stands for another type."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, protected_namespaces=())
