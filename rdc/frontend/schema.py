"""A kind of file -> its JSON Schema, for editors; keys are named as in the YAML."""

from __future__ import annotations

import ast
import inspect
import textwrap
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, get_args

from rdc.artifacts.cleaner import CleanerFile
from rdc.artifacts.project import Project
from rdc.artifacts.source import SourceFile
from rdc.artifacts.strict import Strict

if TYPE_CHECKING:
    from collections.abc import Mapping

SchemaKind = Literal["project", "source", "cleaner"]
KINDS: tuple[SchemaKind, ...] = get_args(SchemaKind)

_MODELS: Mapping[SchemaKind, type[Strict]] = {
    "project": Project,
    "source": SourceFile,
    "cleaner": CleanerFile,
}


def json_schema(kind: SchemaKind) -> dict[str, Any]:
    """The JSON Schema of `rdc_project.yml`, or of a file of sources or cleaners."""
    schema = _MODELS[kind].model_json_schema(by_alias=True)
    models = {model.__name__: model for model in Strict.__subclasses__()}
    for name, part in {_MODELS[kind].__name__: schema, **schema.get("$defs", {})}.items():
        for key, description in _describe_keys(models[name]).items():
            part["properties"][key].setdefault("description", description)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _describe_keys(model: type[Strict]) -> dict[str, str]:
    """The docstring under each field, by the key that the field has in the YAML.

    pydantic could read them as well, but would do so whenever rdc starts.
    """
    [definition] = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    assert isinstance(definition, ast.ClassDef)
    described: dict[str, str] = {}
    for field, text in pairwise(definition.body):
        match field, text:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(docstring))):
                described[model.model_fields[name].alias or name] = inspect.cleandoc(docstring)
    return described
