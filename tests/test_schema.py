from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it ships no types

from rdc.frontend.loader import parse_yaml
from rdc.frontend.schema import KINDS, SchemaKind, json_schema

VALID: dict[SchemaKind, str] = {
    "project": """
name: brewery
version: "1.0"
config-version: 1
source-paths: [sources]
vars: {country: US}
model: {provider: mlx, model_config: {}, repetition_penalty: null, logit_bias: {"5": -1.5}}
compile: {synthesis: beside, max_rounds: 3}
targets:
  dev: {engine: duckdb, path: target/brewery.duckdb, threads: 4}
  wh: {engine: postgres, dsn: x, schema: clean}
target: dev
""",
    "source": """
version: 1
sources:
  - name: beers
    format: csv
    path: data/beers.csv
    table: null
    options: {delimiter: ",", encoding: utf-8, header: true, null_values: []}
    tags: [nightly]
""",
    "cleaner": """
version: 1
cleaners:
  - name: beers
    source: beers
    key: [id]
    columns:
      - name: ounces
        type: decimal(5,2)
        examples: [{given: "12.0 oz", expect: "12"}, {given: "", expect: null}]
        function: null
        expectations: [{type: expect_column_values_to_match_regex, kwargs: {regex: x}, severity: error}]
    rules:
      - dependency: {determinant: [a], dependent: [b]}
        prefer: null
      - unique: [id]
      - derive: {column: c, from: [a, b]}
    tests: [{name: t, given: [{id: "1"}], expect: [{id: null}]}]
    output: {format: parquet, path: target/beers.parquet}
""",
}
INVALID: list[tuple[SchemaKind, str]] = [
    ("project", "{name: a, config_version: 1}"),
    ("project", "{name: a, config-version: 1, version: 1.0}"),
    ("project", "{name: a, config-version: 1, targets: {dev: {engine: duckdb, schema: x}}}"),
    ("source", "{version: 2, sources: []}"),
    ("source", "{version: 1, sources: [{name: a, format: cvs}]}"),
    ("cleaner", "{version: 1, cleaners: [{name: a, source: a, rules: [{uniqe: [a]}]}]}"),
    ("cleaner", "{version: 1, cleaners: [{name: a, source: a, columns: [{name: a, type: dec}]}]}"),
]


def _errors(kind: SchemaKind, text: str) -> list[Any]:
    return list(Draft202012Validator(json_schema(kind)).iter_errors(parse_yaml(text, "x.yml").data))


@pytest.mark.parametrize("kind", KINDS)
def test_schemas_are_valid_and_take_what_the_format_allows(kind: SchemaKind) -> None:
    Draft202012Validator.check_schema(json_schema(kind))
    assert _errors(kind, VALID[kind]) == []


@pytest.mark.parametrize(("kind", "text"), INVALID)
def test_schemas_refuse_what_the_format_refuses(kind: SchemaKind, text: str) -> None:
    assert _errors(kind, text)


def test_keys_are_named_as_in_yaml_and_described_by_the_models() -> None:
    project = json_schema("project")
    assert "source-paths" in project["properties"]
    assert project["properties"]["model"]["description"] == "Without this block no model is asked."
    assert "model_config" in project["$defs"]["ModelConfig"]["properties"]
    derivation = json_schema("cleaner")["$defs"]["Derivation"]
    assert list(derivation["properties"]) == ["column", "from"]
    assert json_schema("source")["$defs"]["Source"]["description"] == "A file or table to read."
