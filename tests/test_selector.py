from __future__ import annotations

from pathlib import Path

import pytest

from rdc.artifacts.cleaner import Cleaner, Output
from rdc.artifacts.project import DuckDBTarget, Manifest, Project
from rdc.artifacts.source import Source
from rdc.errors import ProjectError
from rdc.frontend.selector import find_unmatched, select_nodes

# raw -> orders -> clean (a source that reads what orders writes) -> report; and beers on its own.
SOURCES = (
    Source(name="clean", format="parquet", path="./target/*.parquet"),
    Source(name="raw", format="csv", path="raw.csv", tags=("nightly",)),
    Source(name="beers", format="csv", path="beers.csv"),
)
CLEANERS = (
    Cleaner(name="report", source="clean", tags=("weekly",), output=Output(format="csv")),
    Cleaner(name="orders", source="raw", tags=("nightly",)),
    Cleaner(name="beers", source="beers", output=Output(format="csv", path="out/beers.csv")),
)
FILES = {
    **{f"source.{source.name}": "sources/all.yml" for source in SOURCES},
    "cleaner.report": "cleaners/shop/report.yml",
    "cleaner.orders": "cleaners/shop/orders.yml",
    "cleaner.beers": "cleaners/beers.yml",
}
MANIFEST = Manifest(
    root=Path("project"),
    project=Project.model_validate({"name": "shop", "config-version": 1}),
    sources={source.name: source for source in SOURCES},
    cleaners={cleaner.name: cleaner for cleaner in CLEANERS},
    files=FILES,
    places={},
)
CHAIN = "source.raw cleaner.orders source.clean cleaner.report"
ALL = "source.raw cleaner.orders source.clean source.beers cleaner.report cleaner.beers"

SELECTIONS = [
    ([], [], ALL),
    (["orders"], [], "cleaner.orders"),
    (["beers"], [], "source.beers cleaner.beers"),
    (["cleaner.beers"], [], "cleaner.beers"),
    (["source:beers"], [], "source.beers"),
    (["+report"], [], CHAIN),
    (["raw+"], [], CHAIN),
    (["orders+"], [], "cleaner.orders source.clean cleaner.report"),
    (["+orders"], [], "source.raw cleaner.orders"),
    (["+clean+"], [], CHAIN),
    (["source:r*"], [], "source.raw"),
    (["*s"], [], "cleaner.orders source.beers cleaner.beers"),
    (["tag:nightly"], [], "source.raw cleaner.orders"),
    (["tag:weekly orders"], [], "cleaner.orders cleaner.report"),
    (["tag:weekly", "orders"], [], "cleaner.orders cleaner.report"),
    (["tag:nightly,source:*"], [], "source.raw"),
    (["path:cleaners/shop"], [], "cleaner.orders cleaner.report"),
    (["path:./cleaners/shop/"], [], "cleaner.orders cleaner.report"),
    (["path:cleaners/beers.yml"], [], "cleaner.beers"),
    (["state:modified"], [], "cleaner.orders"),
    (["state:modified+"], [], "cleaner.orders source.clean cleaner.report"),
    (["nothing"], [], ""),
    (["nothing orders"], [], "cleaner.orders"),
    ([], ["tag:nightly+ beers"], ""),
    (["+report"], ["source:*"], "cleaner.orders cleaner.report"),
]


@pytest.mark.parametrize(("select", "exclude", "expected"), SELECTIONS)
def test_selectors_give_nodes_after_what_they_read(
    select: list[str], exclude: list[str], expected: str
) -> None:
    chosen = select_nodes(MANIFEST, select, exclude, frozenset({"cleaner.orders"}))
    assert list(chosen) == expected.split()


REFUSED = [
    (["tags:x"], "RDC150 unknown selector method 'tags'. Did you mean 'tag'?"),
    (["config:x"], "RDC150 unknown selector method 'config'. Known methods: name, tag, path, source, state."),
    (["state:new"], "RDC150 unknown state 'new'. Known is state:modified."),
    (
        ["state:modified"],
        "RDC150 state:modified has nothing to compare with. Name the folder of an earlier manifest with --state.",
    ),
]


@pytest.mark.parametrize(("select", "message"), REFUSED)
def test_unknown_methods_are_refused(select: list[str], message: str) -> None:
    with pytest.raises(ProjectError) as caught:
        select_nodes(MANIFEST, select)
    assert str(caught.value) == message


def test_selectors_that_match_nothing_are_told_with_the_name_that_was_meant() -> None:
    assert [str(warning) for warning in find_unmatched(MANIFEST, ["+ordrs beers", "tag:x"])] == [
        "RDC151 '+ordrs' selects nothing. Did you mean 'orders'?",
        "RDC151 'tag:x' selects nothing.",
    ]


def test_a_source_in_the_target_database_follows_the_cleaner_that_writes_its_table() -> None:
    manifest = Manifest(
        root=Path("project"),
        project=Project.model_validate(
            {
                "name": "shop",
                "config-version": 1,
                "targets": {"dev": DuckDBTarget(engine="duckdb", path="target/shop.duckdb")},
            }
        ),
        sources={
            "raw": Source(name="raw", format="csv", path="raw.csv"),
            "made": Source(name="made", format="duckdb", path="target/shop.duckdb", table="main.Orders"),
            "other": Source(name="other", format="duckdb", path="other.duckdb", table="orders"),
        },
        cleaners={
            "orders": Cleaner(name="orders", source="raw", output=Output(format="table", table="orders"))
        },
        files={},
        places={},
    )
    assert select_nodes(manifest, ["orders+"]) == ("cleaner.orders", "source.made")
