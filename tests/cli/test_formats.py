"""One JSON object a line from every command, and text that fits, from a project that is compiled for real."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Rdc = Callable[..., tuple[int, str, str]]


@pytest.fixture
def pub(rdc: Rdc, project: Path) -> Path:
    """The small project, with enough rows and compiled."""
    rows = [f"{number},{number}.0 oz" for number in range(1, 30)]
    (project / "data/beers.csv").write_text("\n".join(["id,ounces", *rows, ""]), encoding="utf-8")
    assert rdc("compile", "--quiet") == (0, "", "")
    return project


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("ls", 0),
        ("parse", 0),
        ("profile", 0),
        ("compile", 0),
        ("compile --check", 0),
        ("show beers", 0),
        ("diff", 0),
        ("schema project", 0),
        ("schema", 0),
        ("clean", 0),
        ("ls -s nope:x", 1),
        ("show nope", 1),
        ("nope", 2),
        ("compile --locked --refresh", 2),
    ],
)
def test_every_line_is_one_json_object(rdc: Rdc, pub: Path, arguments: str, code: int) -> None:
    found, out, err = rdc("--log-format", "json", *arguments.split())
    assert found == code
    lines = [json.loads(line) for line in (out + err).splitlines()]
    assert lines
    assert all({"event", "level", "text"} <= line.keys() for line in lines)


def test_compile_and_diff_tell_what_was_accepted_and_what_would_change(rdc: Rdc, pub: Path) -> None:
    code, out, err = rdc("compile")
    assert (code, err) == (0, "cleaner.beers: started\n")
    assert out.startswith("unchanged cleaner.beers  1 transform (1 by synthesis)")
    assert "clean_ounces  ounces  synthesis     29" in out
    code, out, _ = rdc("diff", "--examples", "1")
    assert code == 0
    assert "     29  100.0%                0  ounces  clean_ounces  '1.0 oz' → '1.0'" in out


def test_check_prints_the_difference_before_its_summary(rdc: Rdc, pub: Path) -> None:
    path = pub / "generated/beers/transforms.py"
    path.write_text(path.read_text(encoding="utf-8").replace("oz", "kg"), encoding="utf-8")
    code, out, err = rdc("compile", "--check")
    lines = out.splitlines()
    assert (code, err) == (1, "cleaner.beers: started\n")
    assert lines[0].startswith("RDC615 generated/beers/transforms.py is not what is rendered.")
    assert any(line.startswith("-") and "kg" in line for line in lines)
    assert lines[-2].startswith("fail      cleaner.beers  1 difference")
    assert lines[-1] == "compile --check: 1 fail"
