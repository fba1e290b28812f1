"""A source becomes a module, and what was recorded is read again or refused by the file's name."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from rdc.artifacts.event import ignore_event
from rdc.compiler import compile_project
from rdc.errors import ProjectError, RenderingError, SourceError
from rdc.frontend.parser import parse_project
from rdc.solving.compilation import Compilation, measure_source
from rdc.solving.rendition import read_recorded
from rdc.templating import environment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rdc.artifacts.module import Module
    from rdc.artifacts.project import Manifest

    MakeProject = Callable[..., Manifest]

CLEANER = """
  - name: a
    source: a
    description: All of a.
    key: [id]
    columns: [{name: size, goals: [A number without its unit.], type: integer}]
    rules: [{derive: {column: both, from: [id, size]}, goals: ["id, an underscore, size"]}]
"""
DATA = "id,size\n1,12 oz\n2,7 oz\n3,3\n"


def compile_one(manifest: Manifest, **changes: Any) -> Module:
    cleaner = manifest.cleaners["a"].model_copy(update=changes)
    return Compilation(manifest, cleaner, None, None, environment([]), ignore_event).compile()


def test_a_module_holds_what_a_run_needs(make_project: MakeProject) -> None:
    module = compile_one(make_project(CLEANER, {"a": DATA}))
    record = module.record
    assert (record.cleaner, record.description, record.key) == ("a", "All of a.", ("id",))
    assert record.columns == ("id", "size", "both")
    assert record.types == {"size": "integer"}
    assert [t.name for t in record.transforms] == ["clean_size", "derive_both"]
    assert [column.name for column in module.profile.columns] == ["id", "size"]
    assert module.completions == ()


def test_columns_that_the_source_has_not_are_all_told(make_project: MakeProject) -> None:
    manifest = make_project(
        CLEANER.replace("name: size", "name: sise").replace("key: [id]", "key: [ident]"), {"a": DATA}
    )
    with pytest.raises(ProjectError) as caught:
        compile_one(manifest)
    assert [problem.code for problem in caught.value.problems] == ["RDC104", "RDC104"]


def test_a_source_that_cannot_be_read_is_told(make_project: MakeProject) -> None:
    manifest = make_project(CLEANER, {"a": DATA})
    (manifest.root / "data/a.csv").unlink()
    for attempt in (compile_one, lambda manifest: measure_source(manifest, manifest.cleaners["a"])):
        with pytest.raises(SourceError, match="RDC202"):
            attempt(manifest)


@pytest.mark.parametrize(("mode", "shown"), [("full", "12 oz"), ("masked", "99 aa"), ("none", None)])
def test_a_profile_shows_what_it_may(make_project: MakeProject, mode: str, shown: str | None) -> None:
    manifest = make_project(CLEANER, {"a": DATA}, f"compile: {{profile_values: {mode}}}\n")
    values = {
        entry.value for entry in measure_source(manifest, manifest.cleaners["a"]).column("size").frequent
    }
    assert (shown in values) if shown else (values == set())


@pytest.mark.parametrize("broken", ["evidence.json", "profile.json"])
def test_a_record_is_read_whole_or_refused(make_project: MakeProject, broken: str) -> None:
    manifest = make_project(CLEANER, {"a": DATA})
    folder: Path = manifest.generated / "a"
    assert read_recorded(folder) is None
    compile_project(manifest, ["cleaner.a"])
    recorded = read_recorded(folder)
    assert recorded
    assert recorded.record.cleaner == "a"
    (folder / broken).write_text("{}", encoding="utf-8")
    with pytest.raises(RenderingError, match="RDC620 generated/a cannot be read"):
        read_recorded(folder)


BEERS = """
  - name: beers
    source: beers
    columns:
      - name: ounces
        goals: [The size without its unit.]
        expectations: [{type: expect_column_values_to_match_regex, kwargs: {regex: '^[0-9]+$'}}]
"""
ANSWER = "```python\ndef clean_ounces(value):\n    return strip_unit(value)\n```"


def test_a_server_is_asked_where_and_how_the_project_says(make_project: MakeProject) -> None:
    asked: list[tuple[str, dict[str, Any]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Answer as a chat completion."""
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append((self.path, body))
            told = json.dumps({"choices": [{"message": {"content": ANSWER}}]}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/v1"
        model = f"model: {{provider: openai, name: coder, base_url: '{url}', candidates: 1, max_tokens: 77, seed: 5}}\n"
        results = compile_project(
            make_project(BEERS, {"beers": "id,ounces\n1,12 oz\n2,3\n"}, model), ["cleaner.beers"]
        )
        server.shutdown()

    assert results.exit_code == 0
    assert {path for path, _ in asked} == {"/v1/chat/completions"}
    assert {(body["model"], body["max_tokens"], body["seed"]) for _, body in asked} == {("coder", 77, 5)}


def test_several_databases_are_no_source(make_project: MakeProject) -> None:
    root = make_project(BEERS, {"beers": "id\n"}).root
    for name in ("a", "b"):
        with duckdb.connect(str(root / f"data/{name}.duckdb")) as connection:
            connection.execute("CREATE TABLE beers AS SELECT '1' AS id, '2 oz' AS ounces")
    sources = "version: 1\nsources:\n  - {name: beers, format: duckdb, path: 'data/*.duckdb', table: beers}\n"
    (root / "sources/all.yml").write_text(sources, encoding="utf-8")
    results = compile_project(parse_project(root, environ={}), ["cleaner.beers"])
    assert results.exit_code == 1
    assert "RDC206 source 'beers': data/*.duckdb names 2 databases" in results.results[0].message
