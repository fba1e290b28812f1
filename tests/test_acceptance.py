"""A change that is too large waits in `proposals.md`, is made once its YAML is taken over, and is told of by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rdc.compiler import Settings, compile_project
from rdc.solving.rendition import read_recorded

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdc.artifacts.project import Manifest

    MakeProject = Callable[..., Manifest]

CLEANER = """
  - name: beers
    source: beers
    {more}
    columns:
      - name: ounces
        goals: [The size as a plain number without its unit.]
"""
BEERS = "id,ounces\n" + "".join(f"{number},{number}{' oz' * (number % 3 == 0)}\n" for number in range(1, 31))


@pytest.mark.parametrize(
    ("more", "accepted", "proposed", "message"),
    [
        ("max_changed: 0.4", 1, 0, "1 transforms (1 by synthesis), 2 expectations"),
        ("max_changed: 0.2", 0, 1, ", 1 proposal to accept"),
        ("max_changed: 0.2\n    accept: [clean_ounces]", 1, 0, "1 transforms (1 by synthesis)"),
        ("accept: [clean_size]", 1, 0, "; `accept` names what nothing is called: clean_size"),
    ],
)
def test_what_is_accepted_and_proposed(
    make_project: MakeProject, more: str, accepted: int, proposed: int, message: str
) -> None:
    manifest = make_project(CLEANER.format(more=more), {"beers": BEERS})
    [result] = compile_project(manifest, ["cleaner.beers"], Settings()).results
    assert message in result.message
    assert result.status == ("warn" if "clean_size" in more else "success")
    module = read_recorded(manifest.generated / "beers")
    assert module is not None
    assert (len(module.record.transforms), len(module.record.proposals)) == (accepted, proposed)
    page = manifest.generated / "beers/proposals.md"
    assert page.is_file() == bool(proposed)
    if proposed:
        assert "accept: [clean_ounces]\nmax_changed: 0.34" in page.read_text(encoding="utf-8")
