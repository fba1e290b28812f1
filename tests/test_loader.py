from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from rdc.artifacts.diagnostic import Place
from rdc.frontend.loader import load_yaml, parse_yaml

if TYPE_CHECKING:
    from pathlib import Path

SCALARS: list[tuple[str, Any]] = [
    ("NO", "NO"),
    ("yes", "yes"),
    ("on", "on"),
    ("2024-01-01", "2024-01-01"),
    ("1:30", "1:30"),
    ("=", "="),
    ("'12'", "12"),
    ("!!str 12", "12"),
    ("true", True),
    ("TRUE", True),
    ("false", False),
    ("01907", 1907),
    ("08", 8),
    ("0x1F", 31),
    ("0o17", 15),
    ("-3", -3),
    ("1_000", 1000),
    ("1.0", 1.0),
    (".5", 0.5),
    ("1e3", 1000.0),
    ("-.Inf", float("-inf")),
    ("null", None),
    ("~", None),
    ("", None),
]

REFUSED = [
    (
        "a: b: c",
        'c.yml:1:5: RDC102 YAML syntax: mapping values are not allowed here. Quote text that holds ": "',
    ),
    ("a:\n\t- x", "c.yml:2:1: RDC102 YAML syntax: found character '\\t'"),
    ("a: @x", "c.yml:1:4: RDC102 YAML syntax: found character '@' that cannot start any token. Quote text"),
    (
        'a: "\\d"',
        "c.yml:1:6: RDC102 YAML syntax: found unknown escape character 'd'. Write regular expressions in",
    ),
    ("a: 1\nb: 'x\nc: 2", "c.yml:2:4: RDC102 YAML syntax: found unexpected end of stream. Close the quote"),
    ("a: 1\nb: [1,", "c.yml:2:7: RDC102 YAML syntax: expected the node content"),
    ("- a\nb: 1", "c.yml:2:1: RDC102 YAML syntax: expected <block end>"),
    ("--- 1\n--- 2", "c.yml:2:1: RDC102 YAML syntax: but found another document. Write one document a file"),
    ("a: *x", "c.yml:1:4: RDC102 YAML syntax: found undefined alias 'x'. Quote text that begins with '*'"),
    ("a: 1\nb: \x01", "c.yml:2: RDC102 YAML syntax: unacceptable character #x0001"),
    ("a: &x [*x]", "c.yml: RDC102 the YAML is nested too deeply"),
    ("[" * 700, "c.yml: RDC102 the YAML is nested too deeply"),
    ("a: {{ var('x') }}", "c.yml:1:5: RDC102 a key is a list or a mapping. Quote text that begins with '{'"),
    ("a: !secret x", "c.yml:1:4: RDC102 unknown tag '!secret'. Quote text that begins with '!'."),
    ("a: !!int x", "c.yml:1:4: RDC102 'x' is no int. Quote it: 'x'."),
    ("a: 1\n\na: 2", "c.yml:3:1: RDC103 duplicate key 'a'. It stands in line 1 already."),
    ("b: &b 1\na: {<<: *b}", "c.yml:2:5: RDC102 '<<' merges mappings only"),
]


@pytest.mark.parametrize(("written", "value"), SCALARS)
def test_scalars_are_read_as_yaml_1_2_and_dates_stay_text(written: str, value: Any) -> None:
    document = parse_yaml(f"a: {written}\n", "c.yml")
    assert document.problems == ()
    assert document.data == {"a": value}
    assert type(document.data["a"]) is type(value)


@pytest.mark.parametrize(("text", "start"), REFUSED)
def test_what_yaml_cannot_say_is_refused_with_place_and_hint(text: str, start: str) -> None:
    assert str(parse_yaml(text, "c.yml").problems[0]).startswith(start)


def test_every_key_and_item_has_its_place() -> None:
    document = parse_yaml("a:\n  - {x: 1, y: 2}\n  - z\nb: >-\n  text\n", "c.yml")
    assert document.places == {
        (): Place("c.yml", 1, 1),
        ("a",): Place("c.yml", 1, 1),
        ("a", 0): Place("c.yml", 2, 5),
        ("a", 0, "x"): Place("c.yml", 2, 6),
        ("a", 0, "y"): Place("c.yml", 2, 12),
        ("a", 1): Place("c.yml", 3, 5),
        ("b",): Place("c.yml", 4, 1),
    }
    assert document.place(("a", 0, "x", "deeper")) == Place("c.yml", 2, 6)


def test_numbers_are_kept_as_they_were_written() -> None:
    assert parse_yaml("a: [007, 1.50, ~, x]", "c.yml").raw == {
        ("a", 0): "007",
        ("a", 1): "1.50",
        ("a", 2): "~",
    }


def test_all_duplicate_keys_are_told_and_the_first_counts() -> None:
    document = parse_yaml("a: 1\nb: {c: 1, c: 2}\na: 3\n", "c.yml")
    assert sorted(str(problem.place) for problem in document.problems) == ["c.yml:2:11", "c.yml:3:1"]
    assert document.data == {"a": 1, "b": {"c": 1}}


def test_anchors_and_merges_are_followed_and_own_keys_win() -> None:
    document = parse_yaml("x: &x {p: 1, q: 2}\ny: {<<: *x, q: 3}\nz: {<<: [*x], p: &x 4}\n", "c.yml")
    assert document.data == {"x": {"p": 1, "q": 2}, "y": {"p": 1, "q": 3}, "z": {"q": 2, "p": 4}}
    assert document.problems == ()


def test_aliases_that_expand_without_end_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    [problem] = parse_yaml("\n".join(lines), "c.yml").problems
    assert problem.code == "RDC102"


def test_a_file_is_read_with_its_byte_order_mark_and_its_path_from_the_project(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    path = tmp_path / "sources" / "a.yml"
    path.write_bytes(b"\xef\xbb\xbfa: \xc3\xa9\r\nb: 1\r\n")
    document = load_yaml(path, tmp_path)
    assert document.data == {"a": "é", "b": 1}
    assert document.places["b",] == Place("sources/a.yml", 2, 1)


def test_a_file_in_another_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.yml"
    path.write_bytes("a: 1\nb: é\n".encode("latin-1"))
    [problem] = load_yaml(path, tmp_path).problems
    assert str(problem) == "a.yml:2: RDC102 the file is not UTF-8 text. Save it as UTF-8."


def test_an_empty_file_has_no_data_and_no_problem() -> None:
    document = parse_yaml("# yaml-language-server: $schema=x.json\n", "c.yml")
    assert (document.data, document.problems) == (None, ())
