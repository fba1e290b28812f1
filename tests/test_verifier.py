"""What is accepted, with which evidence, and what is refused, with which reason; on the real sandbox."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from rdc.artifacts.candidate import Author, Candidate
from rdc.artifacts.cleaner import Example, RowExample
from rdc.artifacts.expectation import Expectation
from rdc.artifacts.plan import Sample, Task
from rdc.artifacts.profile import ColumnProfile, Finding, ValueCount
from rdc.artifacts.transform import Change, Refusal
from rdc.harness.gates import pass_rates
from rdc.harness.sandbox import Sandbox
from rdc.harness.trial import start_trial
from rdc.harness.verifier import Verified, find_failing, verify

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


OUNCES: list[str | None] = [
    "12.0 oz", "12.0 oz", "12.0 oz", "16.0 oz.", "12.0 OZ. Alumi-Tek", "8.4 oz", "24", "N/A", "", None, "19.20 oz",
]  # fmt: skip
REGEX = {"regex": r"^\d+(\.\d+)?$"}
CLEAN = "return drop_trailing_zeros(null_tokens(strip_unit(value)))"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(seconds=2.0) as sandbox:
        yield sandbox


def make_task(**changes: Any) -> Task:
    """The task of cleaning `ounces`."""
    column = ColumnProfile(name="ounces", rows=len(OUNCES), distinct=7, missing=1, empty=1, classes={})
    task: dict[str, Any] = {
        "kind": "column", "cleaner": "beers", "column": "ounces", "reads": ("ounces",), "writes": ("ounces",),
        "goals": ("The size as a plain number, no unit, no trailing zeros.",), "type": "decimal(5,2)",
        "examples": (Example(given="12.0 oz", expect="12"), Example(given="", expect=None)), "row_examples": (),
        "expectations": (Expectation(type="expect_column_values_to_match_regex", kwargs=REGEX),),
        "profile": column, "findings": (), "profiles": {"ounces": column},
    }  # fmt: skip
    return Task(**{**task, **changes})


def make_candidate(body: str, author: str = "model", **changes: Any) -> Candidate:
    """A function `clean_ounces` of one body."""
    candidate: dict[str, Any] = {
        "kind": "column", "name": "clean_ounces", "reads": ("ounces",), "writes": ("ounces",),
        "author": Author.model_validate({"kind": author}), "goal": "a number",
        "source": f"def clean_ounces(value):\n    {body}\n",
    }  # fmt: skip
    return Candidate(**{**candidate, **changes})


def refusal(candidate: Candidate, task: Task, sample: Sample, sandbox: Sandbox) -> tuple[str, str]:
    result = verify(candidate, task, sample, sandbox)
    assert isinstance(result, Refusal), result
    assert result.source == candidate.source
    return result.gate, result.reason


def accepted(candidate: Candidate, task: Task, sample: Sample, sandbox: Sandbox) -> Verified:
    result = verify(candidate, task, sample, sandbox)
    assert isinstance(result, Verified), result
    return result


def test_a_good_function_is_accepted_with_its_evidence(sandbox: Sandbox) -> None:
    verified = accepted(make_candidate(CLEAN), make_task(), Sample({"ounces": OUNCES}), sandbox)
    evidence = verified.evidence
    assert (evidence.rows, evidence.cells_changed, evidence.values_changed) == (11, 9, 7)
    assert evidence.passing_before == pytest.approx(2 / 11)
    assert evidence.passing_after == 1.0
    assert evidence.cells_with_finding == 9
    assert evidence.changes[0] == Change(before="12.0 oz", after="12", count=3)
    assert [verdict.gate for verdict in evidence.verdicts if not verdict.passed] == []
    assert verified.outputs["19.20 oz"] == "19.2"
    assert verified.apply(Sample({"ounces": OUNCES, "id": OUNCES})) == Sample(
        {"ounces": ["12", "12", "12", "16", "12", "8.4", "24", None, None, None, "19.2"], "id": OUNCES}
    )


def test_evidence_is_the_same_every_time(sandbox: Sandbox) -> None:
    sample = Sample({"ounces": OUNCES})
    first = accepted(make_candidate(CLEAN), make_task(), sample, sandbox)
    again = accepted(make_candidate(CLEAN), make_task(), sample, sandbox)
    assert first.evidence.model_dump_json() == again.evidence.model_dump_json()


REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    ("return eval(value)", {}, "allowlist", "line 2: the name 'eval' is not allowed"),
    ("return value.strip()", {}, "survives", "it fails on None: AttributeError"),
    ("return value if value else str(1 // len(value or ''))", {}, "survives", "it fails on None: ZeroDivisionError"),
    ("return 5", {}, "survives", "it fails on None: TypeError: returned int"),
    ("return value", {}, "effect", "it changes nothing"),
    ("return strip_unit(value)", {}, "examples", "'12.0 oz' should become '12', became '12.0'"),
    ("return keep_digits(null_tokens(value))", {"examples": ()}, "numbers", "'12.0 oz' became '120'"),
    (
        "return None if value is None else re.sub('[^0-9].*', '', value) or None", {}, "digits",
        "'19.20 oz' became '19': 2 digits were lost",
    ),
    ("return 'x' if value else None", {"examples": ()}, "digits", "'12.0 oz' became 'x': 3 digits were lost"),
    (
        "return '1' + strip_unit(value) if value and ' ' in value else null_tokens(value)", {"examples": ()},
        "digits", "a digit was added",
    ),
    (
        "value = drop_trailing_zeros(null_tokens(strip_unit(value)))\n    return value + 'net' if value else None",
        {"examples": ()}, "spares", "'24' met all expectations, and became '24net'",
    ),
    (
        "return '$' + value if value and value.isdigit() else value", {"examples": (), "expectations": ()},
        "expectations", "'24' became '$24': the type decimal(5,2) was met, and is not any more",
    ),
    (
        "value = collapse_spaces(value)\n    return drop_trailing_zeros(null_tokens(strip_unit(value)))", {}, "steps",
        "line 2 changes nothing: value = collapse_spaces(value)",
    ),
    (
        f"if value in ('12.0 oz', '16.0 oz.', '8.4 oz', '12.0 OZ. Alumi-Tek'):\n        {CLEAN}\n    {CLEAN}", {}, "literals",
        "it lists 4 values of the data, such as '12.0 OZ. Alumi-Tek'; that is for a value map",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("body", "changes", "gate", "reason"), REFUSED)
def test_a_wrong_function_is_refused_with_a_value_that_shows_it(
    sandbox: Sandbox, body: str, changes: Mapping[str, Any], gate: str, reason: str
) -> None:
    said = refusal(make_candidate(body), make_task(**changes), Sample({"ounces": OUNCES}), sandbox)
    assert said[0] == gate
    assert reason in said[1]


def test_a_function_that_goes_on_changing_its_own_result_is_refused(sandbox: Sandbox) -> None:
    body = "return value.removesuffix('!') if value else value"
    task = make_task(goals=("No exclamation mark.",), type="text", examples=(), expectations=())
    said = refusal(make_candidate(body), task, Sample({"ounces": ["a!!", "b"]}), sandbox)
    assert said == ("idempotent", "'a!!' became 'a!', and then 'a'")


def test_a_function_that_remembers_is_refused(sandbox: Sandbox) -> None:
    source = "SEEN = []\n\ndef clean_ounces(value):\n    SEEN.append(value)\n    return str(len(SEEN))\n"
    said = refusal(make_candidate("", source=source), make_task(), Sample({"ounces": OUNCES}), sandbox)
    assert said[0] == "deterministic"


def test_a_function_that_helps_shown_values_alone_is_refused(sandbox: Sandbox) -> None:
    shown = [f"{number}00 oz" for number in range(1, 4)]
    values = shown + [f"{number} oz" for number in range(10, 30)]
    profile = ColumnProfile(
        name="ounces", rows=len(values), distinct=len(values), missing=0, empty=0, classes={},
        frequent=tuple(ValueCount(value=value, count=1) for value in shown),
    )  # fmt: skip
    task = make_task(profile=profile, examples=())
    body = "return value.removesuffix(' oz') if value and len(value) == 6 else value"
    said = refusal(make_candidate(body), task, Sample({"ounces": values}), sandbox)
    assert said == (
        "unseen",
        "it helps values that the prompt showed, and none of 20 others, such as '10 oz'",
    )


def test_a_persons_function_is_only_warned_of_a_needless_step(sandbox: Sandbox) -> None:
    body = f"value = collapse_spaces(value)\n    {CLEAN}"
    verified = accepted(make_candidate(body, "human"), make_task(), Sample({"ounces": OUNCES}), sandbox)
    assert [(verdict.gate, verdict.detail) for verdict in verified.warnings] == [
        ("steps", "line 2 changes nothing: value = collapse_spaces(value)")
    ]


def test_a_persons_function_with_nothing_to_do_is_accepted(sandbox: Sandbox) -> None:
    sample = Sample({"ounces": ["12", "24"]})
    assert accepted(make_candidate(CLEAN, "human"), make_task(), sample, sandbox).evidence.cells_changed == 0
    assert refusal(make_candidate(CLEAN), make_task(), sample, sandbox) == ("effect", "it changes nothing")


def test_in_a_later_round_an_example_may_be_what_an_earlier_transform_made(sandbox: Sandbox) -> None:
    body = "return value.replace(';', '.') if value else value"
    task = make_task(examples=(Example(given="12.0 oz", expect="12"),))
    sample = Sample({"ounces": ["12", "8;5"]})
    assert refusal(make_candidate(body), task, sample, sandbox)[0] == "examples"
    accepted(make_candidate(body), make_task(examples=task.examples, round=2), sample, sandbox)


@pytest.mark.parametrize(
    ("goal", "cell", "passing"),
    [
        ("No trailing zeros.", "12.0", 0.0),
        ("No trailing zeros.", "120", 1.0),
        ("Text has no leading, trailing or doubled spaces.", "a  b", 0.0),
        ("Text has no leading, trailing or doubled spaces.", "a b ", 0.0),
        ("Title case.", "a  b ", 1.0),
    ],
)
def test_what_a_goal_says_plainly_counts_as_a_check(
    sandbox: Sandbox, goal: str, cell: str, passing: float
) -> None:
    task = make_task(goals=(goal,), type="text", examples=(), expectations=())
    trial = start_trial(make_candidate("return value"), task, Sample({"ounces": [cell]}), sandbox, ())
    assert pass_rates(trial) == (passing, passing)


def test_a_guard_against_null_is_a_step_that_matters(sandbox: Sandbox) -> None:
    body = "if value is None:\n        return None\n    return drop_trailing_zeros(null_tokens(strip_unit(value.lower())))"
    task = make_task(goals=("A number, no zeros, in lower case.",))
    sample = Sample({"ounces": ["12.0 oz", "N/A", "24", "2 OZ"]})
    said = refusal(make_candidate(body), task, sample, sandbox)
    assert said == ("steps", "line 4 changes nothing: value.lower()")


def test_judging_ten_thousand_values_takes_less_than_two_seconds(sandbox: Sandbox) -> None:
    sample = Sample({"ounces": [*(f"{number}.50 oz" for number in range(10_000)), "N/A"]})
    start = time.process_time()
    verified = accepted(make_candidate(CLEAN), make_task(examples=(), type="text"), sample, sandbox)
    assert time.process_time() - start < 2
    assert verified.outputs["9999.50 oz"] == "9999.5"


def test_failing_values_are_named_with_what_was_made_of_them(sandbox: Sandbox) -> None:
    body = "return None if value is None else re.sub('[^0-9].*', '', value) or None"
    failing = find_failing(make_candidate(body), make_task(), Sample({"ounces": OUNCES}), sandbox)
    assert failing == (("19.20 oz", "19"), ("8.4 oz", "8"))
    failing = find_failing(
        make_candidate("return strip_unit(value)"), make_task(), Sample({"ounces": OUNCES}), sandbox
    )
    assert failing[:3] == (("12.0 oz", "12.0"), ("", ""), ("12.0 OZ. Alumi-Tek", "12.0"))
    assert (
        find_failing(make_candidate("return eval(value)"), make_task(), Sample({"ounces": OUNCES}), sandbox)
        == ()
    )


COUNTS = {"birmingham": 9, "dothan": 4, "brxmingham": 1, "dothxn": 1, None: 1, "N/A": 1, "bixby": 1}
CITIES: list[str | None] = [city for city, count in COUNTS.items() for _ in range(count)]


def make_map(mapping: dict[str, str | None]) -> Candidate:
    return make_candidate("", kind="map", name="ounces_values", mapping=mapping, source="")


def test_a_map_keeps_the_pairs_that_are_believed_and_says_which_are_not(sandbox: Sandbox) -> None:
    task = make_task(goals=("Cities.",), type="text", examples=(), expectations=())
    candidate = make_map({"brxmingham": "birmingham", "dothan": "birmingham", "N/A": None, "bixby": "dothan"})
    verified = accepted(candidate, task, Sample({"ounces": CITIES}), sandbox)
    assert verified.candidate.mapping == {"brxmingham": "birmingham", "N/A": None}
    assert [verdict.detail for verdict in verified.warnings] == [
        "2 pairs; left out: 'bixby' and 'dothan' differ in 6 characters; 'dothan' is seen 4 times, so it is data"
    ]
    assert verified.outputs["brxmingham"] == "birmingham"
    assert verified.evidence.cells_changed == 2


def test_a_map_whose_targets_fail_an_expectation_is_refused(sandbox: Sandbox) -> None:
    wanted = Expectation(
        type="expect_column_values_to_be_in_set", kwargs={"value_set": ["dothxn", "birmingham"]}
    )
    task = make_task(goals=("Cities.",), type="text", examples=(), expectations=(wanted,))
    said = refusal(make_map({"dothxn": "dothan"}), task, Sample({"ounces": CITIES}), sandbox)
    assert said[0] == "pairs"
    assert "'dothxn' meets values_to_be_in_set" in said[1]


def test_a_map_without_a_believed_pair_is_refused(sandbox: Sandbox) -> None:
    task = make_task(goals=("Cities.",), type="text", examples=(), expectations=())
    said = refusal(make_map({"dothan": "birmingham"}), task, Sample({"ounces": CITIES}), sandbox)
    assert said == ("pairs", "0 pairs; left out: 'dothan' is seen 4 times, so it is data")


ROWS = Sample({"state": ["AL", "AK", "AL"], "code": ["a1", "b2", None], "key": ["", "AK_b2", None]})


def make_row_task() -> Task:
    return make_task(
        kind="row", column="key", reads=("state", "code"), writes=("key",), type="text", examples=(),
        goals=("state, an underscore, code",), expectations=(),
        row_examples=(RowExample(given={"state": "AL", "code": "a1"}, expect={"key": "AL_a1"}),),
        findings=(Finding(kind="derived", column="key", count=2, fact="It differs."),),
    )  # fmt: skip


def make_row(body: str) -> Candidate:
    source = f"def clean_key(row):\n    {body}\n"
    return make_candidate(
        "", kind="row", name="clean_key", reads=("state", "code"), writes=("key",), source=source
    )


def test_a_row_function_is_accepted_with_the_columns_that_it_sets(sandbox: Sandbox) -> None:
    body = "return {'key': row['state'] + '_' + row['code'] if row['state'] and row['code'] else None}"
    verified = accepted(make_row(body), make_row_task(), ROWS, sandbox)
    assert verified.apply(ROWS).columns["key"] == ["AL_a1", "AK_b2", None]
    assert verified.evidence.cells_changed == 1


@pytest.mark.parametrize(
    ("body", "gate", "reason"),
    [
        ("return {'key': row['state'] + row['code']}", "survives", "it fails on None, None: TypeError"),
        ("return {'state': 'x'}", "survives", "it sets 'state', which it is not asked for"),
        ("return {'key': row['state']}", "examples", "'AL', 'a1' should become 'AL_a1', became 'AL'"),
        ("return {}", "effect", "it changes nothing"),
        ("return {'key': row['other']}", "survives", "it fails on None, None: KeyError"),
    ],
)
def test_a_wrong_row_function_is_refused(sandbox: Sandbox, body: str, gate: str, reason: str) -> None:
    said = refusal(make_row(body), make_row_task(), ROWS, sandbox)
    assert said[0] == gate
    assert reason in said[1]


@pytest.mark.parametrize(("body", "gate"), [
    ('return {"ounces": row["ounces"].split(" ")[0]} if row["ounces"] else {}', "rows"),
    ('return {"ounces": row["ounces"].removesuffix(" TX")} if row["ounces"] and row["state"] else {}', ""),
])  # fmt: skip
def test_a_row_function_loses_nothing_that_was_right(sandbox: Sandbox, body: str, gate: str) -> None:
    sample = Sample({"ounces": ["Austin TX", "New York", "San Jose"] * 4, "state": ["TX", "NY", "CA"] * 4})
    task = make_task(
        kind="row", reads=("ounces", "state"), writes=("ounces",), goals=("ounces without the state at its end",),
        type="text", examples=(), expectations=(),
    )  # fmt: skip
    source = f"def clean_ounces(row):\n    {body}\n"
    candidate = make_candidate("", kind="row", reads=("ounces", "state"), source=source)
    said = verify(candidate, task, sample, sandbox)
    assert (said.gate if isinstance(said, Refusal) else "") == gate


GARBLED = ["10018", "10032", "10046", "10050"]
TOWNS = ["birmingham", "dothan", "mobile", "decatur"]


@pytest.mark.parametrize(
    ("before", "body", "gate"),
    [
        ("1001x", "return value.replace('x', '') if value else value", "garbled"),
        (" 1001x", "return collapse_spaces(value)", None),
    ],
)
def test_what_garbles_a_value_is_not_tidied_away(
    sandbox: Sandbox, before: str, body: str, gate: str | None
) -> None:
    slips = ["bxrmingham", "birminghxm", "dxthan", "doxhan", "mxbile", "mobilx", "decxtur", "decatux"]
    sample = Sample({"ounces": [*GARBLED * 10, before], "town": [*TOWNS * 8, "mobile", *slips]})
    task = make_task(goals=("Five digits, with lost zeros.",), examples=(), expectations=(), type="text")
    candidate = make_candidate(body)
    if gate is None:
        accepted(candidate, task, sample, sandbox)
    else:
        assert refusal(candidate, task, sample, sandbox)[0] == gate


@pytest.mark.parametrize(("wrong", "said"), [(4, ""), (6, "4 of 10 rows hold it already")])
def test_what_is_made_of_other_columns_is_what_most_rows_hold(
    sandbox: Sandbox, wrong: int, said: str
) -> None:
    rows = [(f"s{i}", f"c{i}", f"t{i}" if i < wrong else f"s{i}_c{i}") for i in range(10)]
    states, codes, labels = map(list, zip(*rows, strict=True))
    source = "def derive_label(row):\n    return {\"label\": f\"{row['state']}_{row['code']}\"}"
    candidate = Candidate(
        "row", "derive_label", ("state", "code"), ("label",), Author(kind="model"), "goal", source
    )
    profiles = {
        name: ColumnProfile(name=name, rows=10, distinct=10, missing=0, empty=0, classes={})
        for name in ("state", "code")
    }
    task = make_task(
        kind="row", column="label", reads=("state", "code"), writes=("label",), goals=("state_code",),
        examples=(), expectations=(), type="text", profiles=profiles,
    )  # fmt: skip
    sample = Sample({"state": states, "code": codes, "label": labels})
    if said:
        assert refusal(candidate, task, sample, sandbox) == ("rows", said)
    else:
        accepted(candidate, task, sample, sandbox)


def test_a_word_that_another_column_lacks_is_not_dropped(sandbox: Sandbox) -> None:
    kwargs = {"regex": "^[A-Z][a-z]+$"}
    task = make_task(
        goals=("No spaces at the end.",), type="text", examples=(),
        expectations=(Expectation(type="expect_column_values_to_match_regex", kwargs=kwargs),),
    )  # fmt: skip
    candidate = make_candidate("return strip_suffix(value, ', TX', 'TX')")
    cities: list[str | None] = ["Austin, TX", "Austin", "Dallas TX", "Dallas"]
    dropped = Sample({"ounces": cities, "state": [None, "TX", "TX", "TX"]})
    said = "'Austin, TX' loses 'tx', a value of state that the row does not have there"
    assert refusal(candidate, task, dropped, sandbox) == ("rows", said)
    asked = replace(task, goals=("Without the state.",))
    assert accepted(candidate, asked, dropped, sandbox).outputs["Austin, TX"] == "Austin"
    held = Sample({"ounces": cities, "state": ["TX", "TX", "tx", None]})
    assert accepted(candidate, task, held, sandbox).outputs["Austin, TX"] == "Austin"
