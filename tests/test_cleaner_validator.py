"""What a rule says of its sources is enough, and needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rdc.errors import ProjectError
from rdc.frontend.parser import parse_project

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "rdc_project.yml": 'name: shop\nversion: "1.0"\nconfig-version: 1\n',
    "sources/a.yml": "version: 1\nsources:\n- {name: raw, format: csv, path: raw.csv}\n",
}
CLEANER = """version: 1
cleaners:
- name: orders
  source: raw
  rules:
  - dependency: {determinant: [a], dependent: [b]}
"""


def parse(root: Path, rule: str) -> None:
    lines = "".join(f"    {line.strip()}\n" for line in rule.split(";"))
    for name, text in {**FILES, "cleaners/a.yml": CLEANER + lines}.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    parse_project(root, environ={})


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        (
            "repair: weighted",
            (
                "7:5: RDC144 'repair: weighted' needs a source_column. "
                "Add `source_column`, the column that says where a row comes from."
            ),
        ),
        (
            "source_column: c",
            "7:5: RDC144 'repair: majority' weighs no sources. Say `repair: weighted`, or take `source_column` out.",
        ),
        (
            "repair: weighted; source_column: b",
            (
                "8:5: RDC144 column 'b' is both a source and a side. "
                "Where a row comes from is another column than what it says."
            ),
        ),
    ],
)
def test_sources_and_weighted_repair_go_together(tmp_path: Path, rule: str, problem: str) -> None:
    with pytest.raises(ProjectError) as caught:
        parse(tmp_path, rule)
    assert str(caught.value) == f"cleaners/a.yml:{problem}"


def test_a_source_column_of_its_own_is_right(tmp_path: Path) -> None:
    parse(tmp_path, "repair: weighted; source_column: c")
