"""New projects, from nothing and from data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Rdc = Callable[..., tuple[int, str, str]]


def test_init_makes_a_valid_project(rdc: Rdc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, _ = rdc("init", "demo")
    assert code == 0
    assert out.splitlines()[-1] == "Next: cd demo && rdc compile; then rdc diff and rdc build."
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
    assert out.splitlines()[-1] == "Next: cd shop && rdc compile; then rdc diff and rdc build."
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


def test_drafts_ask_for_a_form_unless_the_units_differ(
    rdc: Rdc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        f"{n},{n}.5 {('oz', 'oz.')[n % 2]},{n}.5 {('kg', 'g')[n % 2]},{('Sold', 'SOLD', 'Open')[n % 3]}"
        for n in range(60)
    ]
    (tmp_path / "goods.csv").write_text("\n".join(["id,size,weight,status", *rows, "60,1 oz,1 kg,Sold"]))
    monkeypatch.chdir(tmp_path)
    assert rdc("init", "shop", "--from", "goods.csv")[0] == 0
    drafted = (tmp_path / "shop/cleaners/goods.yml").read_text()
    size, _, rest = drafted.partition("- name: size")[2].partition("- name: weight")
    weight, _, status = rest.partition("- name: status")
    assert "without the unit" in size
    assert 'regex: "^-?\\\\d+(\\\\.\\\\d+)?$"' in size
    assert "Say which one is meant" in weight
    assert "goals" not in weight
    assert "value_set: [Open, Sold]" in status


def test_dependencies_are_accepted_on_request(
    rdc: Rdc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [f"{n},p{n % 20},{'name of ' if n != 30 else 'nmae '}{n % 20}" for n in range(200)]
    (tmp_path / "parts.csv").write_text("\n".join(["id,part,label", *rows]))
    monkeypatch.chdir(tmp_path)
    assert rdc("init", "shop", "--from", "parts.csv", "--accept-dependencies", "0.3")[0] == 0
    drafted = (tmp_path / "shop/cleaners/parts.yml").read_text()
    rule = "      - dependency: {determinant: [part], dependent: [label]}\n        repair: majority\n"
    assert rule in drafted.partition("\n    rules:\n")[2]
    assert "compile:\n  accept_dependencies: 0.3\n" in (tmp_path / "shop/rdc_project.yml").read_text()
    assert rdc("parse", "--project-dir", "shop")[0] == 0


@pytest.mark.parametrize("options", [("0.5",), ("2", "--from", "parts.csv"), ("0", "--from", "parts.csv")])
def test_a_strength_goes_with_data_and_is_a_share(rdc: Rdc, options: tuple[str, ...]) -> None:
    code, _, err = rdc("init", "shop", "--accept-dependencies", *options)
    assert (code, "--accept-dependencies" in err) == (2, True)
