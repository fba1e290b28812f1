"""The one Jinja environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from jinja2 import UndefinedError

from rdc.templating import environment, template_folder

if TYPE_CHECKING:
    from pathlib import Path


def test_templates_stand_beside_the_package() -> None:
    assert (template_folder() / "prompts").is_dir()


def test_a_projects_template_stands_in_for_the_one_of_the_same_name(tmp_path: Path) -> None:
    own = tmp_path / "prompts"
    own.mkdir()
    (own / "system.jinja").write_text("mine\n")
    assert environment([tmp_path]).get_template("prompts/system.jinja").render() == "mine\n"
    assert environment([tmp_path]).get_template("prompts/column.jinja").filename != str(own / "column.jinja")


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="'nothing' is undefined"):
        environment().from_string("{{ nothing }}").render()


@pytest.mark.parametrize(
    ("name", "expected"),
    [("docs/page.html.jinja", "&lt;b&gt;"), ("docs/page.html", "&lt;b&gt;"), ("module/t.py.jinja", "<b>")],
)
def test_only_html_is_escaped(tmp_path: Path, name: str, expected: str) -> None:
    (tmp_path / name).parent.mkdir()
    (tmp_path / name).write_text("{{ value }}")
    assert environment([tmp_path]).get_template(name).render(value="<b>") == expected


def test_blocks_leave_no_empty_lines(tmp_path: Path) -> None:
    template = environment().from_string(
        "{% for x in xs %}\n  {% if x %}\n{{ x }}\n  {% endif %}\n{% endfor %}\n"
    )
    assert template.render(xs=[1, 2]) == "1\n2\n"
