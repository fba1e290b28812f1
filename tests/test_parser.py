from __future__ import annotations

import subprocess
import sys
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest

from rdc.artifacts.diagnostic import Place
from rdc.errors import ProjectError
from rdc.frontend.parser import parse_project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PROJECT = 'name: shop\nversion: "1.0"\nconfig-version: 1\n'
SOURCES = "version: 1\nsources:\n  - {name: raw, format: csv, path: raw.csv}\n"
CLEANERS = "version: 1\ncleaners:\n  - {name: orders, source: raw}\n"


def _write(root: Path, files: Mapping[str, str]) -> Path:
    """A valid project, with some files replaced or added."""
    valid = {"rdc_project.yml": PROJECT, "sources/a.yml": SOURCES, "cleaners/a.yml": CLEANERS}
    for name, text in {**valid, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    return root


def _problems(root: Path, files: Mapping[str, str], **settings: Any) -> list[str]:
    with pytest.raises(ProjectError) as caught:
        parse_project(_write(root, files), **{"environ": {}, **settings})
    return str(caught.value).splitlines()


def test_a_project_is_read_whole_with_places_and_files(tmp_path: Path) -> None:
    more = "version: 1\nsources:\n  - name: b\n    format: jsonl\n    path: b.jsonl\n"
    manifest = parse_project(_write(tmp_path, {"sources/deep/b.yaml": more}), environ={})
    assert list(manifest.sources) == ["raw", "b"]
    assert list(manifest.cleaners) == ["orders"]
    assert manifest.files["source.b"] == "sources/deep/b.yaml"
    assert manifest.place("source.b", "path") == Place("sources/deep/b.yaml", 5, 5)
    assert manifest.place("cleaner.orders", "columns", 3) == Place("cleaners/a.yml", 3, 5)
    assert manifest.place("project", "version") == Place("rdc_project.yml", 2, 1)
    assert manifest.project.model.provider == "synthesis"


def test_a_folder_without_a_project_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ProjectError) as caught:
        parse_project(tmp_path, environ={})
    assert str(caught.value) == (
        f"RDC101 there is no rdc_project.yml in '{tmp_path}'. "
        "Make a project with 'rdc init', or name its folder with --project-dir."
    )


WRONG_FILES = {
    "rdc_project.yml": """\
        name: my shop
        version: 1.0
        config-version: 1
        sorce-paths: [x]
        model: {provider: mlxx, top_p: 1.5, max_tokens: many, lazy: perhaps}
        targets:
          dev: {engine: duckb}
          lake: {engin: spark}
        """,
    "sources/a.yml": """\
        version: 1
        sources:
          - {name: raw, format: cvs}
          - {name: raw2, format: csv, path: a, option: {}}
          - {name: raw2, format: csv, path: b}
        """,
    "sources/empty.yml": "# nothing yet\n",
    "sources/list.yml": "- a\n",
    "sources/open.yml": "version: 1\nsources: [\n",
    "sources/other.yml": "cleaners: []\n",
    "sources/v2.yml": "version: 2\nsource: []\n",
    "sources/v3.yml": 'version: "1"\nsources: []\n',
    "cleaners/a.yml": """\
        version: 1
        cleaners:
          - name: orders
            source: rew
            key: id
            goals:
              - The size: a number
              - 12
            columns:
              - name: size
                type: dec
                function: functions/sizes.py:clean
                examples:
                  - {given: 007, expect: NO}
                  - {given: true, expect: }
            rules:
              - {dependency: {determinant: [a], dependant: [b]}, repair: most}
              - uniqe: [a]
              - unique: []
              - 3
          - nam: x
            source: raw
          - {name: fine, source: raw3}
          - {name: fine_too, source: raw}
        """,
}

TOLD = [
    "cleaners/a.yml:5:5: RDC112 'key' must be a list, but is the text 'id'. Write [id].",
    "cleaners/a.yml:7:9: RDC112 an entry of 'goals' must be text, but is a mapping. Quote text that holds \": \" or begins with a bracket.",
    "cleaners/a.yml:8:9: RDC112 an entry of 'goals' must be text, but is the number 12. Quote it: \"12\".",
    "cleaners/a.yml:11:9: RDC113 unknown type 'dec'. Allowed: text, integer, decimal(p,s), double, date, timestamp, boolean.",
    "cleaners/a.yml:12:9: RDC114 'functions/sizes.py:clean' does not name a function. Write the file and the function in it: functions/sizes.py::clean_ounces.",
    "cleaners/a.yml:14:14: RDC112 'given' must be text, but is the number 007. Quote it: \"007\".",
    "cleaners/a.yml:15:14: RDC112 'given' must be text, but is true. Quote it: \"true\".",
    "cleaners/a.yml:17:41: RDC110 unknown key 'dependant'. Did you mean 'dependent'?",
    "cleaners/a.yml:17:58: RDC113 'repair' is 'most', but must be one of majority, weighted, none.",
    "cleaners/a.yml:18:9: RDC110 unknown key 'uniqe'. Did you mean 'unique'?",
    "cleaners/a.yml:19:9: RDC115 'unique' is an empty list. Name at least one.",
    "cleaners/a.yml:20:9: RDC112 a rule must be a mapping, but is the number 3. Write 'key: value' under it.",
    "cleaners/a.yml:21:5: RDC110 unknown key 'nam'. Did you mean 'name'?",
    "cleaners/a.yml:23:18: RDC121 unknown source 'raw3'. Did you mean 'raw'?",
    "rdc_project.yml:1:1: RDC114 'name' cannot be 'my shop'. A name has unaccented letters, digits and _, and does not begin with a digit.",
    "rdc_project.yml:2:1: RDC112 'version' must be text, but is the number 1.0. Quote it: \"1.0\".",
    "rdc_project.yml:4:1: RDC110 unknown key 'sorce-paths'. Did you mean 'source-paths'?",
    "rdc_project.yml:5:9: RDC113 'provider' is 'mlxx', but must be one of mlx, openai, synthesis. Did you mean 'mlx'?",
    "rdc_project.yml:5:25: RDC115 'top_p' must be at most 1, but is the number 1.5.",
    "rdc_project.yml:5:37: RDC112 'max_tokens' must be a whole number, but is the text 'many'.",
    "rdc_project.yml:5:55: RDC112 'lazy' must be true or false, but is the text 'perhaps'.",
    "rdc_project.yml:7:3: RDC113 unknown engine 'duckb'. Did you mean 'duckdb'?",
    "rdc_project.yml:8:3: RDC110 unknown key 'engin'. Did you mean 'engine'?",
    "sources/a.yml:3:17: RDC113 'format' is 'cvs', but must be one of csv, jsonl, json, parquet, excel, duckdb, sqlite, postgres, spark. Did you mean 'csv'?",
    "sources/a.yml:4:40: RDC110 unknown key 'option'. Did you mean 'options'?",
    "sources/empty.yml: RDC105 the file is empty. Begin with 'version: 1' and 'sources:', or remove the file.",
    "sources/list.yml:1:1: RDC112 the file must hold a mapping. Begin with 'version: 1' and 'sources:', or remove the file.",
    "sources/open.yml:3:1: RDC102 YAML syntax: expected the node content, but found '<stream end>'. Close the quote or the bracket.",
    "sources/other.yml:1:1: RDC110 unknown key 'cleaners'. Cleaners stand in files under cleaner-paths.",
    "sources/other.yml:1:1: RDC111 missing key 'version'. Add 'version:' here.",
    "sources/v2.yml:1:1: RDC106 version 2 is not supported. This rdc reads 'version: 1'.",
    "sources/v3.yml:1:1: RDC106 'version' must be the number 1. Write it without quotes: version: 1.",
]


def test_everything_wrong_in_any_file_is_told_at_once_in_order_of_place(tmp_path: Path) -> None:
    assert _problems(tmp_path, WRONG_FILES) == TOLD


def test_names_are_unique_over_all_files(tmp_path: Path) -> None:
    assert _problems(tmp_path, {"sources/b.yml": SOURCES, "cleaners/b.yml": CLEANERS}) == [
        "cleaners/b.yml:3:6: RDC120 duplicate cleaner 'orders'. The first stands at cleaners/a.yml:3:6.",
        "sources/b.yml:3:6: RDC120 duplicate source 'raw'. The first stands at sources/a.yml:3:6.",
    ]


def test_values_are_rendered_in_text_and_stay_text(tmp_path: Path) -> None:
    files = {
        "rdc_project.yml": PROJECT
        + "vars: {country: US, n: 3, flag: true, home: \"{{ env_var('HOME_') }}\"}\n",
        "sources/a.yml": """\
            version: 1
            sources:
              - name: raw
                format: csv
                path: "{{ var('home') }}/{{ env_var('FILE', 'raw') }}.csv"
                description: "{{ var('country') }} {{ var('n') }} {{ var('flag') }} {% x %} {# y #}"
            """,
        "cleaners/a.yml": """\
            version: 1
            cleaners:
              - name: orders
                source: raw
                columns: [{name: a, examples: [{given: "{{ var('n') }}", expect: "{ }"}]}]
                tests: [{name: t, given: [{"{{ k }}": a}], expect: [{}]}]
            """,
    }
    manifest = parse_project(_write(tmp_path, files), environ={"HOME_": "/d"}, variables={"country": "DE"})
    assert manifest.sources["raw"].path == "/d/raw.csv"
    assert manifest.sources["raw"].description == "DE 3 true {% x %} {# y #}"
    assert manifest.cleaners["orders"].columns[0].examples[0].given == "3"
    assert manifest.cleaners["orders"].tests[0].given == ({"{{ k }}": "a"},)


RENDERING = [
    ("{{ var('contry') }}", "unknown variable 'contry'. Did you mean 'country'?"),
    ("{{ var('x') }}", "unknown variable 'x'. Declared under vars or given with --vars are: country."),
    (
        "{{ env_var('NOPE') }}",
        "environment variable 'NOPE' is not set. Set it, or give a default: {{ env_var('NOPE', 'default') }}.",
    ),
    (
        "{{ country }}",
        "cannot render '{{ country }}': 'country' is undefined. Known are env_var('NAME'), env_var('NAME', 'default') and var('name').",
    ),
    (
        "{{ var( }}",
        "cannot render '{{ var( }}': unexpected '}', expected ')'. Known are env_var('NAME'), env_var('NAME', 'default') and var('name').",
    ),
    (
        "{{ var.__globals__ }}",
        "cannot render '{{ var.__globals__ }}': access to attribute '__globals__' of 'method' object is unsafe. Known are env_var('NAME'), env_var('NAME', 'default') and var('name').",
    ),
]


@pytest.mark.parametrize(("written", "message"), RENDERING)
def test_what_cannot_be_rendered_is_told_where_it_stands(tmp_path: Path, written: str, message: str) -> None:
    files = {
        "rdc_project.yml": PROJECT + "vars: {country: US}\n",
        "sources/a.yml": SOURCES.replace("raw.csv", f'"{written}"'),
    }
    assert _problems(tmp_path, files) == [f"sources/a.yml:3:30: RDC107 {message}"]


def test_secrets_are_collected_and_never_shown(tmp_path: Path) -> None:
    secret = {"RDC_SECRET_PW": "hunter2", "OTHER": "seen"}
    path = "\"{{ env_var('RDC_SECRET_PW') }}{{ env_var('OTHER') }}\""
    files = {"sources/a.yml": SOURCES.replace("raw.csv", path)}
    manifest = parse_project(_write(tmp_path, files), environ=secret)
    assert manifest.secrets == {"hunter2"}

    files["rdc_project.yml"] = PROJECT + "compile: {max_rounds: \"{{ env_var('RDC_SECRET_PW') }}\"}\n"
    assert _problems(tmp_path, files, environ=secret) == [
        "rdc_project.yml:4:11: RDC112 'max_rounds' must be a whole number, but is the text '***'."
    ]


TARGETS = PROJECT + (
    "targets:\n"
    "  dev: {engine: duckdb, path: a.duckdb, threads: \"{{ env_var('THREADS', '4') }}\"}\n"
    "  wh: {engine: postgres, dsn: \"{{ env_var('RDC_SECRET_DSN') }}\"}\n"
)


def test_a_target_that_is_not_in_use_needs_nothing(tmp_path: Path) -> None:
    manifest = parse_project(_write(tmp_path, {"rdc_project.yml": TARGETS}), environ={})
    assert manifest.project.targets["dev"].threads == 4


def test_the_target_that_is_asked_for_is_the_one_in_use(tmp_path: Path) -> None:
    assert _problems(tmp_path, {"rdc_project.yml": TARGETS}, target="wh") == [
        "rdc_project.yml:6:8: RDC123 target 'wh' runs on postgres, which rdc cannot do yet. Use a target with engine: duckdb.",
        "rdc_project.yml:6:26: RDC107 environment variable 'RDC_SECRET_DSN' is not set. Set it, or give a default: {{ env_var('RDC_SECRET_DSN', 'default') }}.",
    ]


def test_sources_and_cleaners_may_share_a_folder(tmp_path: Path) -> None:
    files = {
        "rdc_project.yml": PROJECT + "source-paths: [all]\ncleaner-paths: [all]\n",
        "all/a.yml": SOURCES,
        "all/b.yml": CLEANERS,
    }
    assert list(parse_project(_write(tmp_path, files), environ={}).cleaners) == ["orders"]


def test_a_declared_folder_must_be_there(tmp_path: Path) -> None:
    files = {"rdc_project.yml": PROJECT + "source-paths: [sources, feeds]\n"}
    assert _problems(tmp_path, files) == [
        "rdc_project.yml:4:25: RDC108 there is no folder 'feeds'. Make it, or correct the path."
    ]


def test_a_broken_project_file_is_told_alone(tmp_path: Path) -> None:
    assert _problems(tmp_path, {"rdc_project.yml": "name: 'x\n", "sources/a.yml": "- a"}) == [
        "rdc_project.yml:1:7: RDC102 YAML syntax: found unexpected end of stream. Close the quote or the bracket."
    ]


def test_nothing_heavy_is_imported_to_parse() -> None:
    code = (
        "import sys, rdc.frontend.parser, rdc.frontend.selector;"
        "heavy = {'jinja2', 'pandas', 'duckdb', 'pyarrow', 'sqlglot', 'rich', 'great_expectations', 'mlx'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_path_of_a_source_is_kept_as_it_is_written(tmp_path: Path) -> None:
    sources = SOURCES.replace("raw.csv", "\"{{ env_var('FOLDER') }}/raw.csv\"")
    manifest = parse_project(_write(tmp_path, {"sources/a.yml": sources}), environ={"FOLDER": "here"})
    assert manifest.sources["raw"].path == "here/raw.csv"
    assert manifest.written_paths == {"raw": "{{ env_var('FOLDER') }}/raw.csv"}
