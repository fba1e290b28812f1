from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rdc.artifacts.candidate import Author
from rdc.artifacts.cleaner import Dependency, DependencyRule
from rdc.artifacts.expectation import Expectation
from rdc.artifacts.module import Completion, Module, Record, Sampling
from rdc.artifacts.profile import TableProfile
from rdc.artifacts.transform import Change, Evidence, MapEntry, Transform, Verdict
from rdc.lowering.pipeline import lower_record
from rdc.lowering.script import compose_script
from rdc.rendering.renderer import render_module, render_package
from rdc.templating import environment

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
COLUMNS = ("ounces", "category", "zip", "city")
MODEL = Author(kind="model", name="/models/Coder-1.5B", completion="4f3a9c12" * 8, sample=2)
EVIDENCE = Evidence(
    rows=2410,
    cells_changed=2400,
    cells_with_finding=2391,
    passing_before=0.0,
    passing_after=0.99999,
    changes=(
        Change(before="12.0 oz", after="12", count=1204),
        Change(before="8 oz", after="8", count=1),
        Change(before="N/A\n", after=None, count=31),
    ),
    verdicts=(
        Verdict(gate="signature", passed=True),
        Verdict(gate="speed", passed=False),
        Verdict(gate="idempotent", passed=True),
    ),
)
OUNCES = """\
UNITS = ("oz", "ounce")


def clean_ounces(value: str | None) -> str | None:
    # Nothing stays nothing.
    if value is None or not re.match(r"\\d", value):
        return None
    return drop_trailing_zeros(strip_unit(value, *UNITS))
"""
LABEL = 'def clean_label(row: Row) -> Row: return {"label": str(Decimal(row["zip"] or 0))}'
ENTRIES = (
    MapEntry(value="Furnitur", becomes="Furniture", evidence="3 cells against 812, 1 letter away"),
    MapEntry(value="Furniture" * 9, becomes="Furniture", evidence="2 cells against 812, repeated"),
    MapEntry(value="-", becomes=None, evidence=""),
)


def transform(kind: str, name: str, reads: tuple[str, ...], **more: Any) -> Transform:
    """A transform with evidence; what it writes is what it reads unless said."""
    values = {"writes": reads, "author": Author(kind="synthesis"), "goal": f"What {name} is for."}
    return Transform.model_validate(
        {"kind": kind, "name": name, "reads": reads, "evidence": EVIDENCE, **values, **more}
    )


def make_module(*transforms: Transform, columns: tuple[str, ...] = COLUMNS, **more: Any) -> Module:
    record = Record(
        cleaner="orders",
        columns=columns,
        transforms=transforms,
        expectations=(
            Expectation(type="expect_it", kwargs={"column": "zip", "regex": "^\\d$"}, origin="A goal."),
        ),
        **more,
    )
    sampling = Sampling(temperature=0, top_p=1, top_k=0, min_p=0, max_tokens=9, seed=0)
    completion = Completion(
        prompt="ab" * 32,
        model="m",
        sampling=sampling,
        texts=("a\u202e<b\n",),
        prompt_tokens=1,
        completion_tokens=2,
    )
    return Module(
        record=record, profile=TableProfile(source="orders", rows=1, columns=()), completions=(completion,)
    )


def example() -> Module:
    dependency = Dependency(determinant=("zip",), dependent=("city",))
    return make_module(
        transform("column", "clean_ounces", ("ounces",), author=MODEL, source=OUNCES),
        transform("map", "clean_category", ("category",), entries=ENTRIES),
        transform(
            "row",
            "clean_label",
            ("city", "zip"),
            writes=("label",),
            source=LABEL,
            author=Author(kind="human", name="functions/labels.py::clean_label"),
        ),
        transform(
            "rule",
            "zip_determines_city",
            ("zip", "city"),
            writes=("city",),
            author=Author(kind="human", name="cleaners/orders.yml"),
            rule=DependencyRule(dependency=dependency),
        ),
        columns=(*COLUMNS, "label"),
        description="One row an order.",
        unsolved=("Dates are dates.",),
    )


def render(module: Module, columns: tuple[str, ...] = COLUMNS) -> dict[str, str]:
    script = compose_script(module.record, columns)
    return render_module(module, 3, script.query, script.rules, environment())


def write(folder: Path, files: dict[str, str]) -> None:
    (folder / "__init__.py").write_text(render_package(environment()), encoding="utf-8")
    for path, text in files.items():
        (folder / "orders" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "orders" / path).write_text(text, encoding="utf-8")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that is importable under a name of its own; what was imported is forgotten."""
    folder = tmp_path / "rendered_here"
    folder.mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield folder
    for name in [name for name in sys.modules if name.split(".")[0] == "rendered_here"]:
        del sys.modules[name]


def test_a_function_is_printed_with_its_goal_its_evidence_and_its_author() -> None:
    assert '''
UNITS = ("oz", "ounce")


def clean_ounces(value: str | None) -> str | None:
    r"""What clean_ounces is for.

    Changed 2,400 cells in 2,410 rows, 2,391 with a finding and 9 without; 0.0% → 99.9% of cells
    meet the expectations.

        "12.0 oz" → "12"  1,204 cells
        "8 oz" → "8"      1 cell
        "N/A\\n" → None    31 cells

    Passed: signature, idempotent.
    Written by Coder-1.5B, completion 4f3a9c124f3a, sample 2.
    """
    # Nothing stays nothing.
    if value is None or not re.match(r"\\d", value):
        return None
    return drop_trailing_zeros(strip_unit(value, *UNITS))
''' in render(example())["transforms.py"]


@pytest.mark.parametrize(
    ("explained", "told"),
    [
        (2400, "2,400 cells in 2,410 rows, each with a finding;"),
        (0, "rows, 0 with a finding and 2,400 without;"),
    ],
)
def test_a_function_says_how_many_of_its_changes_have_a_finding(explained: int, told: str) -> None:
    evidence = EVIDENCE.model_copy(update={"cells_with_finding": explained})
    module = make_module(transform("column", "clean_ounces", ("ounces",), source=OUNCES, evidence=evidence))
    assert told in render(module)["transforms.py"]


def test_a_value_map_is_printed_by_target_with_the_evidence_of_each_pair() -> None:
    text = render(example())["transforms.py"]
    long = "Furniture" * 9
    assert (
        f"""
# Written by synthesis, without a model.
CLEAN_CATEGORY: dict[str, str | None] = {{
    # → "Furniture"
    "Furnitur": "Furniture",  # 3 cells against 812, 1 letter away
    # 2 cells against 812, repeated
    "{long}": "Furniture",
    # → None
    "-": None,
}}
"""
        in text
    )
    assert '# Declared in cleaners/orders.yml.\nZIP_DETERMINES_CITY = """\\\nSELECT\n' in text


def test_every_file_that_can_says_that_it_is_generated_and_how_to_change_it() -> None:
    files = render(example())
    for path, text in files.items():
        if path.endswith((".py", ".sql")):
            mark = "#" if path.endswith(".py") else "--"
            assert text.split("\n")[:2] == [
                f"{mark} Code generated by rdc. DO NOT EDIT.",
                f"{mark} To change it, edit cleaners/orders.yml (`function:` takes code of your own) and run `rdc compile`.",
            ]
        else:
            json.loads(text)
        assert text.endswith("\n")
        assert not text.endswith("\n\n")
    assert sorted(files) == [
        "__init__.py",
        "clean.sql",
        f"completions/{'ab' * 32}.json",
        "evidence.json",
        "expectations.py",
        "profile.json",
        "transforms.py",
    ]


def test_the_recorded_files_read_back_and_render_to_the_same_bytes() -> None:
    files = render(example())
    again = Module(
        record=Record.model_validate_json(files["evidence.json"]),
        profile=TableProfile.model_validate_json(files["profile.json"]),
        completions=(Completion.model_validate_json(files[f"completions/{'ab' * 32}.json"]),),
    )
    assert again == example()
    assert render(again) == files
    assert "\\u202e" in files[f"completions/{'ab' * 32}.json"]


def test_the_bytes_do_not_depend_on_the_process(tmp_path: Path) -> None:
    code = (
        "import importlib.util, json, sys\n"
        "spec = importlib.util.spec_from_file_location('cases', sys.argv[1])\n"
        "cases = importlib.util.module_from_spec(spec)\n"
        "spec.loader.exec_module(cases)\n"
        "print(json.dumps(cases.render(cases.example())))\n"
    )
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code, __file__],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        assert json.loads(done.stdout) == render(example())


def test_the_module_cleans_rows_without_the_command(package: Path) -> None:
    write(package, render(example()))
    cleaner = importlib.import_module("rendered_here.orders")
    rows: list[dict[str, str | None]] = [
        {"ounces": "12.0 oz", "category": "Furnitur", "zip": "1", "city": "Bath"},
        {"ounces": "none", "category": "-", "zip": "1", "city": "Bath"},
        {"ounces": None, "category": None, "zip": "1", "city": "Bth"},
    ]
    assert cleaner.VERSION == 3
    assert cleaner.clean_row(rows[0]) == {**rows[0], "ounces": "12", "category": "Furniture", "label": "1"}
    assert [row["ounces"] for row in cleaner.clean_rows(rows)] == ["12", None, None]
    assert [step.name for step in cleaner.TRANSFORMS] == [made.name for made in example().record.transforms]
    [expectation] = cleaner.EXPECTATIONS
    assert expectation == {
        "type": "expect_it",
        "kwargs": {"column": "zip", "regex": "^\\d$"},
        "severity": "error",
        "origin": "A goal.",
    }


def test_a_cleaner_with_nothing_to_do_is_a_module_too(package: Path) -> None:
    write(package, render(make_module()))
    cleaner = importlib.import_module("rendered_here.orders")
    assert cleaner.clean_row({"zip": " 1 "}) == {"zip": " 1 "}


def test_linters_find_nothing(tmp_path: Path) -> None:
    for folder, module in {"full": example(), "empty": make_module()}.items():
        (tmp_path / folder).mkdir()
        write(tmp_path / folder, render(module))
    linter = Path(sys.executable).with_name("ruff")
    rules = ["--select", "E4,E7,E9,F,B,UP,W", "--target-version", "py311"]
    done = subprocess.run(
        [linter, "check", "--isolated", "--no-cache", *rules, tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


HOSTILE = 'x"""\nimport os # \\" \\\n\'\'\' {{ 7 * 7 }} {% raw %} \u202e*/ --\u2028; DROP \\u0022\x00'


def hostile_module() -> Module:
    """A module that holds `HOSTILE` wherever a text can be."""
    evidence = Evidence(
        rows=1,
        changes=(Change(before=HOSTILE, after=HOSTILE),),
        verdicts=(Verdict(gate=HOSTILE, passed=True, detail=HOSTILE),),
    )
    author = Author(kind="model", name=HOSTILE, completion=HOSTILE)
    more: dict[str, Any] = {"author": author, "evidence": evidence, "goal": HOSTILE}
    entries = (MapEntry(value=HOSTILE, becomes=HOSTILE, evidence=HOSTILE),)
    rule = DependencyRule(dependency=Dependency(determinant=("a",), dependent=(HOSTILE,)))
    module = make_module(
        transform("column", "clean_a", ("a",), source="def clean_a(value):\n    return value", **more),
        transform("map", "clean_b", (HOSTILE,), entries=entries, **more),
        transform("rule", "rule_c", ("a", HOSTILE), writes=(HOSTILE,), rule=rule, **more),
        columns=("a", HOSTILE),
        description=HOSTILE,
        unsolved=(HOSTILE,),
    )
    expectation = Expectation(type=HOSTILE, kwargs={HOSTILE: HOSTILE}, origin=HOSTILE)
    record = module.record.model_copy(update={"expectations": (expectation,)})
    return module.model_copy(update={"record": record})


def test_no_text_gets_out_of_where_it_is_printed(package: Path) -> None:
    """Goals, names, values and evidence are data, whatever they look like."""
    files = render(hostile_module(), ("a", HOSTILE))
    write(package, files)
    cleaner = importlib.import_module("rendered_here.orders")
    transforms = importlib.import_module("rendered_here.orders.transforms")
    assert cleaner.EXPECTATIONS[0]["kwargs"] == {HOSTILE: HOSTILE}
    assert transforms.CLEAN_B == {HOSTILE: HOSTILE}
    assert cleaner.TRANSFORMS[1].reads == (HOSTILE,)
    [*_, stage] = lower_record(hostile_module().record, ("a", HOSTILE))
    assert cleaner.TRANSFORMS[2].sql == f"{stage.sql}\n"
    assert not hasattr(transforms, "os")
    for path, text in files.items():
        # In SQL a name is what it is.
        if path != "clean.sql":
            assert all(character.isprintable() or character == "\n" for character in text), path


def test_helpers_of_one_name_in_two_functions_stay_two_things(package: Path) -> None:
    code = "SIGN = '{sign}'\n\n\ndef join(value):\n    SIGN2 = SIGN\n    return value + SIGN2\n\n\ndef clean_{name}(value):\n    return join(value) + SIGN"
    shadow = "def strip_unit(value):\n    return value[::-1]\n\n\ndef clean_c(value):\n    return strip_unit(value)"
    module = make_module(
        transform("column", "clean_a", ("a",), source=code.format(sign="+", name="a")),
        transform("column", "clean_b", ("b",), source=code.format(sign="-", name="b")),
        transform("column", "clean_c", ("c",), source=shadow),
        columns=("a", "b", "c"),
    )
    files = render(module, ("a", "b", "c"))
    write(package, files)
    cleaner = importlib.import_module("rendered_here.orders")
    assert cleaner.clean_row({"a": "1", "b": "1", "c": "12"}) == {"a": "1++", "b": "1--", "c": "21"}
    assert "_clean_b_SIGN" in files["transforms.py"]
    assert "import" not in files["transforms.py"].split("annotations")[1].split("def")[0]
