"""What parse, schema, clean and debug do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Edit = Callable[[str, str, str], None]
    Rdc = Callable[..., tuple[int, str, str]]


def test_parse_writes_a_manifest_without_secrets(
    rdc: Rdc, project: Path, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RDC_SECRET_WORD", "hush")
    described = "{name: pubs, description: \"{{ env_var('RDC_SECRET_WORD') }}\""
    edit("sources/all.yml", "{name: pubs", described)
    code, out, _ = rdc("parse")
    text = (project / "target/manifest.json").read_text(encoding="utf-8")
    assert code == 0
    assert out == "pub is valid: sources 2, cleaners 1; wrote target/manifest.json\n"
    assert "hush" not in text
    assert set(json.loads(text)["nodes"]) == {"source.beers", "source.pubs", "cleaner.beers"}


def test_state_modified_selects_what_differs_from_an_earlier_manifest(
    rdc: Rdc, project: Path, edit: Edit
) -> None:
    rdc("parse")
    (project / "target").rename(project / "before")
    assert rdc("ls", "-s", "state:modified", "--state", "before")[1] == ""
    edit("cleaners/beers.yml", "a plain number", "a number")
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
