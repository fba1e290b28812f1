"""A kind of file -> its JSON Schema, for editors; keys are named as in the YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

from rdc.artifacts.cleaner import CleanerFile
from rdc.artifacts.project import Project
from rdc.artifacts.source import SourceFile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rdc.artifacts.strict import Strict

SchemaKind = Literal["project", "source", "cleaner"]
KINDS: tuple[SchemaKind, ...] = get_args(SchemaKind)

_MODELS: Mapping[SchemaKind, type[Strict]] = {
    "project": Project,
    "source": SourceFile,
    "cleaner": CleanerFile,
}


def json_schema(kind: SchemaKind) -> dict[str, Any]:
    """The JSON Schema of `rdc_project.yml` or of a file of sources or cleaners."""
    schema = _MODELS[kind].model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
