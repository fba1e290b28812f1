"""Arguments in, lines and exit codes out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from rdc.cli.group import COMMANDS, LazyGroup
from rdc.cli.options import spread_selectors

if TYPE_CHECKING:
    from collections.abc import Callable

    Edit = Callable[[str, str, str], None]
    Rdc = Callable[..., tuple[int, str, str]]


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


def test_there_is_no_project(rdc: Rdc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, err = rdc("ls")
    assert code == 1
    assert err.startswith("RDC190 there is no rdc_project.yml")


def test_all_problems_of_a_project_are_told_a_line_each(rdc: Rdc, project: Path, edit: Edit) -> None:
    edit("cleaners/beers.yml", "goals:", "gaols:")
    edit("sources/all.yml", "tags:", "tasg:")
    code, out, err = rdc("ls")
    assert (code, out) == (1, "")
    assert [line.partition(": ")[0] for line in err.splitlines()] == [
        "cleaners/beers.yml:5:30",
        "sources/all.yml:3:54",
    ]


def test_json_has_one_object_a_line(rdc: Rdc, project: Path, edit: Edit) -> None:
    _, out, _ = rdc("ls", "--log-format", "json", "-s", "pubs")
    assert json.loads(out) == {
        "event": "node",
        "level": "info",
        "text": "source.pubs",
        "unique_id": "source.pubs",
        "path": "sources/all.yml",
    }
    edit("cleaners/beers.yml", "goals:", "gaols:")
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
