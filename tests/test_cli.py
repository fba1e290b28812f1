"""Arguments in, lines and exit codes out."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from rdc.artifacts.diagnostic import Diagnostic, Place
from rdc.artifacts.event import Event
from rdc.artifacts.module import Record
from rdc.artifacts.result import NodeResult, RunResults
from rdc.cli import main
from rdc.cli.build import passing
from rdc.cli.group import COMMANDS, LazyGroup
from rdc.cli.options import Settings, read_settings, spread_selectors
from rdc.cli.session import Session
from rdc.cli.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable

    Rdc = Callable[..., tuple[int, str, str]]

SOURCES = """\
version: 1
sources:
  - {name: beers, format: csv, path: data/beers.csv, tags: [nightly]}
  - {name: pubs, format: csv, path: data/pubs.csv}
"""
CLEANERS = """\
version: 1
cleaners:
  - name: beers
    source: beers
    columns: [{name: ounces, goals: [a plain number]}]
"""


@pytest.fixture
def rdc(capsys: pytest.CaptureFixture[str]) -> Rdc:
    """Run a command in this process: its exit code, stdout and stderr."""

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stop:
            main([str(argument) for argument in arguments])
        assert isinstance(stop.value.code, int)
        return stop.value.code, *capsys.readouterr()

    return run


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project, and the working folder in it."""
    root = tmp_path / "pub"
    files = {
        "rdc_project.yml": "name: pub\nconfig-version: 1\n",
        "sources/all.yml": SOURCES,
        "cleaners/beers.yml": CLEANERS,
        "data/beers.csv": "id,ounces\n1,12.0 oz\n",
        "data/pubs.csv": "id,name\n1,Crown\n",
    }
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    monkeypatch.chdir(root)
    return root


# The command line itself


def test_ls_prints_one_name_a_line_in_the_order_of_the_flow(rdc: Rdc, project: Path) -> None:
    assert rdc("ls") == (0, "source.beers\nsource.pubs\ncleaner.beers\n", "")


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["ls", "--select", "pubs"], "source.pubs\n"),
        (["--select", "pubs", "ls"], "source.pubs\n"),
        (["--select", "beers", "ls", "-s", "pubs"], "source.pubs\n"),
        (["ls", "-s", "tag:nightly", "pubs"], "source.beers\nsource.pubs\n"),
        (["ls", "-s", "tag:nightly pubs"], "source.beers\nsource.pubs\n"),
        (["ls", "--exclude", "beers"], "source.pubs\n"),
        (["ls", "--resource-type", "cleaner"], "cleaner.beers\n"),
        (["ls", "--output", "path", "-s", "cleaner.beers"], "cleaners/beers.yml\n"),
    ],
)
def test_global_options_work_on_both_sides_of_the_command_and_the_later_one_wins(
    rdc: Rdc, project: Path, arguments: list[str], names: str
) -> None:
    assert rdc(*arguments) == (0, names, "")


def test_the_project_is_found_from_a_folder_inside_it(
    rdc: Rdc, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project / "data")
    assert rdc("ls")[0] == 0


@pytest.mark.parametrize("option", [["--project-dir", "pub", "ls"], ["ls", "--project-dir", "pub"]])
def test_the_project_can_be_named(
    rdc: Rdc, project: Path, monkeypatch: pytest.MonkeyPatch, option: list[str]
) -> None:
    monkeypatch.chdir(project.parent)
    assert rdc(*option)[0] == 0


def test_a_selector_that_means_nothing_is_told(rdc: Rdc, project: Path) -> None:
    code, out, err = rdc("ls", "-s", "pubz")
    assert (code, out) == (0, "")
    assert err == "RDC151 'pubz' selects nothing. Did you mean 'pubs'?\n"


def test_vars_are_yaml_and_reach_the_project(rdc: Rdc, project: Path) -> None:
    (project / "rdc_project.yml").write_text("name: pub\nconfig-version: 1\ntarget: \"{{ var('where') }}\"\n")
    assert rdc("ls")[0] == 1
    assert rdc("ls", "--vars", "{where: dev}")[0] == 0
    assert rdc("ls", "--vars", '{"where": "dev"}')[0] == 0


@pytest.mark.parametrize("text", ["[1]", "where"])
def test_vars_that_are_no_mapping_are_a_usage_error(rdc: Rdc, project: Path, text: str) -> None:
    code, _, err = rdc("ls", "--vars", text)
    assert code == 2
    assert "give a mapping" in err


def test_spreading_stops_at_the_next_option() -> None:
    assert spread_selectors(["-s", "a", "b", "--target", "dev", "c"]) == [
        *("-s", "a", "-s", "b", "--target", "dev", "c"),
    ]


@pytest.mark.parametrize(
    ("arguments", "fact"),
    [
        (["ls", "--bad"], "RDC997 No such option '--bad'. See `rdc ls --help`."),
        (["brew"], "RDC997 No such command 'brew'. See `rdc --help`."),
        (["ls", "--threads", "0"], "RDC997 Invalid value for '--threads': 0 is not in the range x>=1."),
        (["compile", "--check", "--locked"], "RDC997 --check and --locked exclude each other."),
        (["show"], "RDC997 Missing argument 'CLEANER'."),
    ],
)
def test_a_wrong_command_line_ends_with_2_and_one_line(
    rdc: Rdc, project: Path, arguments: list[str], fact: str
) -> None:
    code, out, err = rdc(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith(fact)
    assert err.count("\n") == 1


def test_help_lists_every_command_without_importing_it() -> None:
    code = (
        "import sys; from rdc.cli import main\n"
        "try:\n    main(['--help'])\n"
        "except SystemExit:\n    print(sorted(m for m in sys.modules if m in ('pydantic', 'rich', 'ruamel.yaml')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    for name in COMMANDS:
        assert f"\n  {name} " in done.stdout


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in {"compile", "profile"}])
def test_every_command_has_help_and_the_global_options(rdc: Rdc, name: str) -> None:
    code, out, _ = rdc(name, "--help")
    assert code == 0
    assert "--project-dir" in out


def test_version(rdc: Rdc) -> None:
    code, out, _ = rdc("--version")
    assert code == 0
    assert out.startswith("rdc ")


# Errors


def test_there_is_no_project(rdc: Rdc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, err = rdc("ls")
    assert code == 1
    assert err.startswith("RDC190 there is no rdc_project.yml")


def test_all_problems_of_a_project_are_told_a_line_each(rdc: Rdc, project: Path) -> None:
    (project / "cleaners/beers.yml").write_text(CLEANERS.replace("goals:", "gaols:"))
    (project / "sources/all.yml").write_text(SOURCES.replace("tags:", "tasg:"))
    code, out, err = rdc("ls")
    assert (code, out) == (1, "")
    assert [line.partition(": ")[0] for line in err.splitlines()] == [
        "cleaners/beers.yml:5:30",
        "sources/all.yml:3:54",
    ]


def test_json_has_one_object_a_line(rdc: Rdc, project: Path) -> None:
    _, out, _ = rdc("ls", "--log-format", "json", "-s", "pubs")
    assert json.loads(out) == {
        "event": "node",
        "level": "info",
        "text": "source.pubs",
        "unique_id": "source.pubs",
        "path": "sources/all.yml",
    }
    (project / "cleaners/beers.yml").write_text(CLEANERS.replace("goals:", "gaols:"))
    code, out, err = rdc("ls", "--log-format", "json")
    assert (code, out) == (1, "")
    shown = json.loads(err)
    assert (shown["event"], shown["level"], shown["path"], shown["line"]) == (
        *("diagnostic", "error", "cleaners/beers.yml", 5),
    )
    assert set(shown) == {"event", "level", "code", "fact", "hint", "path", "line", "column", "text"}


def _raise(error: BaseException) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


def test_a_bug_is_one_line_and_2(rdc: Rdc, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rdc.frontend.parser.parse_project", _raise(ZeroDivisionError("no beer")))
    code, _, err = rdc("ls")
    assert code == 2
    assert err == "RDC999 ZeroDivisionError: no beer. Run with --full-errors for the traceback.\n"


def test_full_errors_shows_the_traceback(rdc: Rdc, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rdc.frontend.parser.parse_project", _raise(ZeroDivisionError("no beer")))
    code, _, err = rdc("ls", "--full-errors")
    assert code == 2
    assert err.startswith("Traceback")
    assert err.endswith("RDC999 ZeroDivisionError: no beer.\n")


def test_an_interrupt_is_2_without_a_traceback(
    rdc: Rdc, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rdc.frontend.parser.parse_project", _raise(KeyboardInterrupt()))
    code, _, err = rdc("--full-errors", "ls")
    assert code == 2
    assert "interrupted" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("option", [[], ["--full-errors"]])
def test_secrets_are_printed_nowhere(
    rdc: Rdc, project: Path, monkeypatch: pytest.MonkeyPatch, form: str, option: list[str]
) -> None:
    monkeypatch.setenv("RDC_SECRET_DSN", 'pa"ss')
    monkeypatch.setattr("rdc.frontend.parser.parse_project", _raise(ValueError('cannot reach pa"ss')))
    _, out, err = rdc("ls", "--log-format", form, *option)
    assert "***" in err
    assert 'pa"ss' not in out + err
    assert 'pa\\"ss' not in out + err


# The terminal


class _Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


EVENTS = (
    Event("start", "cleaner.beers", "compiling"),
    Event("token", "cleaner.beers", "return strip_unit", {"tokens": 12, "speed": 3.4}),
    Event("warn", "cleaner.beers", "[nothing] gained"),
    Event("done", "cleaner.beers", "2 transforms"),
)


def test_progress_is_plain_lines_where_there_is_no_terminal() -> None:
    err = io.StringIO()
    with Terminal(stderr=err) as terminal:
        for event in EVENTS:
            terminal.report(event)
    assert err.getvalue().splitlines() == [
        "cleaner.beers: compiling",
        "cleaner.beers: [nothing] gained",
        "cleaner.beers: 2 transforms",
    ]


def test_progress_is_live_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    err = _Screen()
    with Terminal(stderr=err) as terminal:
        for event in EVENTS:
            terminal.report(event)
    shown = err.getvalue()
    assert "return strip_unit (12 tokens, 3.4/s)" in shown
    assert "[nothing] gained" in shown
    assert "\x1b[" in shown


def test_no_color_leaves_colours_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    err = _Screen()
    with Terminal(stderr=err, color=False) as terminal:
        terminal.report(EVENTS[2])
    assert err.getvalue() == "cleaner.beers: [nothing] gained\n"


def test_the_environment_can_ask_for_no_color(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert read_settings(click.Context(click.Command("x"))).no_color


def test_quiet_keeps_results_warnings_and_errors() -> None:
    out, err = io.StringIO(), io.StringIO()
    with Terminal(quiet=True, stdout=out, stderr=err) as terminal:
        for event in EVENTS:
            terminal.report(event)
        terminal.note("good to know")
        terminal.line("asked for")
        terminal.diagnostics([Diagnostic("RDC104", "unknown column", place=Place("c.yml", 1, 2))])
    assert out.getvalue() == "asked for\n"
    assert err.getvalue() == "cleaner.beers: [nothing] gained\nc.yml:1:2: RDC104 unknown column.\n"


@pytest.mark.parametrize(
    ("statuses", "code"),
    [(["success", "warn"], 0), (["success", "fail"], 1), (["fail", "error"], 2), ([], 0)],
)
def test_a_failed_node_ends_the_command_with_1(statuses: list[str], code: int) -> None:
    out = io.StringIO()
    results = RunResults.model_validate(
        {
            "command": "run",
            "invocation_id": "i",
            "started_at": "t",
            "results": [{"unique_id": f"cleaner.c{n}", "status": each} for n, each in enumerate(statuses)],
        }
    )
    assert Session(Settings(), Terminal(stdout=out)).conclude(results) == code
    assert [line.split()[0].lower() for line in out.getvalue().splitlines()[:-1]] == statuses


def test_build_goes_on_with_what_nothing_failed_of() -> None:
    results = RunResults(
        command="test",
        invocation_id="i",
        started_at="t",
        results=(
            NodeResult(unique_id="test.beers.sizes lose. their unit", status="fail", details={}),
            NodeResult(unique_id="cleaner.pubs", status="success", details={}),
        ),
    )
    names = ("source.beers", "cleaner.beers", "cleaner.pubs")
    assert passing(names, results) == ("source.beers", "cleaner.pubs")


# Commands


def test_parse_writes_a_manifest_without_secrets(
    rdc: Rdc, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RDC_SECRET_WORD", "hush")
    described = "{name: pubs, description: \"{{ env_var('RDC_SECRET_WORD') }}\""
    (project / "sources/all.yml").write_text(SOURCES.replace("{name: pubs", described))
    code, out, _ = rdc("parse")
    text = (project / "target/manifest.json").read_text(encoding="utf-8")
    assert code == 0
    assert out == "pub is valid: sources 2, cleaners 1; wrote target/manifest.json\n"
    assert "hush" not in text
    assert set(json.loads(text)["nodes"]) == {"source.beers", "source.pubs", "cleaner.beers"}


def test_state_modified_selects_what_differs_from_an_earlier_manifest(rdc: Rdc, project: Path) -> None:
    rdc("parse")
    (project / "target").rename(project / "before")
    assert rdc("ls", "-s", "state:modified", "--state", "before")[1] == ""
    (project / "cleaners/beers.yml").write_text(CLEANERS.replace("a plain number", "a number"))
    assert rdc("ls", "-s", "state:modified", "--state", "before")[1] == "cleaner.beers\n"


def test_a_state_without_a_manifest_is_refused(rdc: Rdc, project: Path) -> None:
    code, _, err = rdc("ls", "-s", "state:modified", "--state", "data")
    assert code == 1
    assert "RDC152" in err


@pytest.mark.parametrize("kind", ["project", "source", "cleaner"])
def test_schema_prints_the_json_schema_of_a_kind(rdc: Rdc, kind: str) -> None:
    code, out, _ = rdc("schema", kind)
    assert code == 0
    assert json.loads(out)["type"] == "object"


def test_schema_prints_all_kinds(rdc: Rdc) -> None:
    assert set(json.loads(rdc("schema")[1])) == {"project", "source", "cleaner"}


def test_clean_removes_the_target_folder_alone(rdc: Rdc, project: Path) -> None:
    (project / "target/docs").mkdir(parents=True)
    before = sorted(path for path in project.iterdir() if path.name != "target")
    assert rdc("clean")[0] == 0
    assert sorted(project.iterdir()) == before
    assert rdc("clean")[0] == 0


@pytest.mark.parametrize(
    "path", ["..", ".", "../other", "sources", "data", "target/../..", "cleaners/../data"]
)
def test_clean_refuses_folders_that_hold_anything_else(rdc: Rdc, project: Path, path: str) -> None:
    (project.parent / "other").mkdir()
    (project / "rdc_project.yml").write_text(f"name: pub\nconfig-version: 1\ntarget-path: {path}\n")
    before = sorted(project.parent.rglob("*"))
    code, _, _ = rdc("clean")
    assert code == 1
    assert sorted(project.parent.rglob("*")) == before


def test_clean_refuses_links(rdc: Rdc, project: Path) -> None:
    (project.parent / "other/kept").mkdir(parents=True)
    (project / "target").symlink_to(project.parent / "other")
    code, _, err = rdc("clean")
    assert code == 1
    assert "RDC191" in err
    assert (project.parent / "other/kept").is_dir()


def test_debug_says_what_is_missing_and_leaves_no_database(rdc: Rdc, project: Path) -> None:
    (project / "rdc_project.yml").write_text(
        "name: pub\nconfig-version: 1\ntargets:\n  dev: {engine: duckdb, path: target/pub.duckdb}\n"
    )
    code, out, _ = rdc("debug")
    assert code == 0
    assert {line.split()[1] for line in out.splitlines()} >= {
        "great-expectations",
        "source",
        "target",
        "sandbox",
        "model",
    }
    assert not (project / "target/pub.duckdb").exists()
    (project / "data/beers.csv").unlink()
    code, out, _ = rdc("debug")
    assert code == 1
    assert "fail  sources" in out


RECORD = {
    "cleaner": "beers",
    "columns": ["id", "ounces"],
    "transforms": [
        {
            "kind": "column",
            "name": "clean_ounces",
            "reads": ["ounces"],
            "writes": ["ounces"],
            "author": {"kind": "model", "name": "Qwen2.5", "completion": "ab" * 32, "sample": 1},
            "goal": "a plain number",
            "source": "def clean_ounces(value):\n    return strip_unit(value)",
            "evidence": {
                "rows": 9,
                "cells_changed": 4,
                "values_changed": 2,
                "passing_before": 0.5,
                "passing_after": 1,
                "changes": [{"before": "12.0\u202eoz", "after": "12", "count": 3}],
                "verdicts": [{"gate": "idempotent", "passed": True, "detail": "9 values"}],
            },
        }
    ],
    "expectations": [
        {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "ounces"}, "origin": "a goal"}
    ],
    "refusals": [
        {
            "name": "clean_ounces",
            "column": "ounces",
            "author": {"kind": "synthesis"},
            "gate": "digits",
            "reason": "'12.0' lost '0'",
            "source": "def refused(): ...",
        }
    ],
    "unsolved": ["ounces: no nulls"],
}


@pytest.fixture
def compiled(project: Path) -> Path:
    folder = project / "generated/beers"
    folder.mkdir(parents=True)
    (folder / "evidence.json").write_text(json.dumps(RECORD), encoding="utf-8")
    (folder / "clean.sql").write_text("SELECT 1\n", encoding="utf-8")
    return folder


def test_show_prints_transforms_evidence_refusals_and_sql(rdc: Rdc, compiled: Path) -> None:
    code, out, _ = rdc("show", "beers")
    assert code == 0
    for part in (
        "1. clean_ounces  [column, by model Qwen2.5, completion abababababab, sample 1]",
        "4 cells, 2 values of 9 rows; passing 50.0% -> 100.0%",
        "'12.0\\u202eoz' -> '12'  x3",
        "ok        idempotent: 9 values",
        "    return strip_unit(value)",
        "digits: '12.0' lost '0'",
        "expect_column_values_to_not_be_null(column='ounces')  (a goal)",
        "ounces: no nulls",
        "SELECT 1",
    ):
        assert part in out
    assert "def refused" not in out
    assert "def refused" in rdc("show", "beers", "--code")[1]
    assert rdc("show", "beers", "--sql")[1] == "SELECT 1\n"


def test_show_gives_the_record_as_json(rdc: Rdc, compiled: Path) -> None:
    shown = json.loads(rdc("show", "beers", "--log-format", "json")[1])
    assert Record.model_validate(shown["record"]) == Record.model_validate(RECORD)
    assert shown["sql"] == "SELECT 1"


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("bers", None, "RDC192"),
        ("beers", None, "RDC193"),
        ("beers", "{}", "RDC194"),
        ("beers", "\xff", "RDC194"),
    ],
)
def test_show_says_why_it_cannot(rdc: Rdc, project: Path, name: str, text: str | None, code: str) -> None:
    if text is not None:
        (project / "generated/beers").mkdir(parents=True)
        (project / "generated/beers/evidence.json").write_bytes(text.encode("latin-1"))
    exit_code, _, err = rdc("show", name)
    assert exit_code == 1
    assert err.startswith(code)


# New projects


def test_init_makes_a_valid_project(rdc: Rdc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, _ = rdc("init", "demo")
    assert code == 0
    assert out.splitlines()[-1] == "Next: cd demo && rdc build"
    assert rdc("ls", "--project-dir", "demo") == (0, "source.customers\ncleaner.customers\n", "")


def test_init_overwrites_nothing_and_then_writes_nothing(
    rdc: Rdc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "demo/data").mkdir(parents=True)
    (tmp_path / "demo/README.md").write_text("mine")
    (tmp_path / "demo/data/customers.csv").write_text("mine")
    code, _, err = rdc("init", "demo")
    assert code == 1
    assert [line.partition(":")[0] for line in err.splitlines()] == ["README.md", "data/customers.csv"]
    assert (tmp_path / "demo/README.md").read_text() == "mine"
    assert not (tmp_path / "demo/rdc_project.yml").exists()


@pytest.mark.parametrize("name", ["1st", "---", "ß"])
def test_init_refuses_names_that_are_none(
    rdc: Rdc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, err = rdc("init", "--", name)
    assert code == 1
    assert "RDC197" in err


def test_the_group_knows_only_its_commands() -> None:
    group = LazyGroup("rdc")
    context = click.Context(group)
    assert group.list_commands(context) == list(COMMANDS)
    assert group.get_command(context, "adopt") is None


def test_python_dash_m_is_the_command(project: Path) -> None:
    root = Path(__file__).parents[1]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(
        [sys.executable, "-m", "rdc", "ls", "-s", "pubs"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "source.pubs\n")


@pytest.fixture
def feed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A dirty file, and the working folder beside it."""
    rows = ["id;city;zip;size;kind"]
    for number in range(60):
        size = f"{number}.5 oz" if number % 7 == 0 else f"{number}.5"
        city = "Bostn" if number == 33 else ("Boston", " Austin")[number % 2]
        rows.append(
            f"{number};{city};{('02134', '78701')[number % 2]};{size};{('yes', 'café')[number % 3 > 1]}"
        )
    path = tmp_path / "Feed 2024.csv"
    path.write_bytes("\n".join([*rows, ""]).encode("latin-1"))
    monkeypatch.chdir(tmp_path)
    return path


def test_init_drafts_a_valid_project_from_data(rdc: Rdc, feed: Path) -> None:
    code, out, err = rdc("init", "shop", "--from", feed.name)
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == "Next: cd shop && rdc compile"
    assert rdc("ls", "--project-dir", "shop") == (0, "source.feed_2024\ncleaner.feed_2024\n", "")
    assert not (feed.parent / "shop/data").exists()

    source = (feed.parent / "shop/sources/feed_2024.yml").read_text(encoding="utf-8")
    assert 'path: "../Feed 2024.csv"' in source
    assert 'options: {delimiter: ";", encoding: cp1252}' in source
    cleaner = (feed.parent / "shop/cleaners/feed_2024.yml").read_text(encoding="utf-8")
    for part in (
        "key: [id]",
        '"Text has no leading, trailing or doubled spaces."',
        '"A plain number, without the unit."',
        "{type: expect_column_values_to_be_unique}",
        "#   - dependency: {determinant: [zip], dependent: [city]}",
        'value_set: ["café", "yes"]',
    ):
        assert part in cleaner


def test_an_accepted_draft_is_valid(rdc: Rdc, feed: Path) -> None:
    rdc("init", "shop", "--from", feed.name)
    path = feed.parent / "shop/cleaners/feed_2024.yml"
    lines = (
        path.read_text(encoding="utf-8")
        .replace("    # rules:", "    rules:")
        .replace("    #   - ", "      - ")
    )
    path.write_text(lines, encoding="utf-8")
    assert "\n    rules:\n      - dependency:" in lines
    assert rdc("parse", "--project-dir", "shop")[0] == 0


def test_init_tells_all_files_that_it_cannot_read(rdc: Rdc, feed: Path) -> None:
    code, _, err = rdc("init", "shop", "--from", "gone.csv", "picture.png")
    assert code == 1
    assert [line.partition(" ")[2][:6] for line in err.splitlines()] == ["RDC202", "RDC196"]
    assert not (feed.parent / "shop").exists()


def test_two_files_of_one_name_get_two_names(rdc: Rdc, feed: Path) -> None:
    (feed.parent / "old").mkdir()
    (feed.parent / "old" / feed.name).write_bytes(feed.read_bytes())
    rdc("init", "shop", "--from", feed.name, f"old/{feed.name}")
    assert rdc("ls", "--project-dir", "shop", "--resource-type", "source")[1] == (
        "source.feed_2024\nsource.feed_2024_2\n"
    )
