"""Results of nodes -> lines: status, name and time, and under them what each phase has to tell."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any

from rdc.artifacts.display import show_text
from rdc.artifacts.result import NodeResult
from rdc.cli.changes import count_cells, describe_changes, describe_rows
from rdc.cli.findings import describe_findings
from rdc.cli.layout import INDENT, list_facts, measure, number, pad, wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    # A result and a width -> what stands beside its name, and the lines below.
    Told = tuple[str, list[str]]
    Describe = Callable[[NodeResult, int], Told]

STATUS, NAME, SECONDS = 10, 40, 9
EXAMPLES = 3
# A test that has more to tell than that it passed.
CHECKS = "expectations."


def lay_out(result: NodeResult, told: Told, width: int, name: int) -> list[str]:
    """A result as lines.

    Args:
        result: of a node.
        told: what is said of it.
        width: of a line.
        name: the width of the column of names.
    """
    text, below = told
    head = f"{result.status:{STATUS}}{pad(show_text(result.unique_id), name)}"
    if measure(head) > STATUS + name or measure(head) > width // 2:
        lines = wrap(head.rstrip(), width - SECONDS, "", INDENT)
        lines += wrap(show_text(text), width - SECONDS, INDENT, INDENT) if text else []
    else:
        lines = wrap(show_text(text), width - SECONDS, f"{head}  ", " " * (measure(head) + 2))
    seconds = f"{result.seconds:,.1f} s"
    lines[0] = f"{pad(lines[0], width - len(seconds) - 1)} {seconds}"
    return [*lines, *below]


def measure_names(results: Iterable[NodeResult]) -> int:
    """How wide the column of names is; one name that is far longer does not widen it."""
    return max((n for r in results if (n := measure(show_text(r.unique_id))) <= NAME), default=0)


def describe_result(result: NodeResult, width: int) -> Told:
    """What a result has to tell: its problems where it failed, else what its phase tells."""
    problems = result.details.get("problems")
    if problems:
        facts = _list_run(result.details) if "quarantined" in result.details else []
        texts = [show_text(text) for text in _tell_end_once(problems)]
        lines = [line for text in texts for line in wrap(text, width, INDENT, INDENT + "  ")]
        headline = number(len(problems), "problem") if len(problems) > 1 else ""
        return headline, [*lines, *list_facts(facts, width)]
    describe = DESCRIBERS.get(result.phase)
    return describe(result, width) if describe else (result.message, [])


def describe_diff(result: NodeResult, width: int, examples: int = EXAMPLES, top: int | None = None) -> Told:
    """What `rdc diff` tells of a cleaner."""
    details = result.details
    if "transforms" not in details:
        return result.message, []
    lines = describe_changes(details, width, examples, top) + describe_rows(details["published"], width)
    return count_cells(details), [*lines, ""]


def join_passed(results: Sequence[NodeResult]) -> list[NodeResult]:
    """The results with the tests that passed counted, by cleaner; a build is not where one reads them all."""
    passed: dict[str, list[NodeResult]] = {}
    for result in results:
        if result.phase == "test" and result.status == "success" and not result.unique_id.startswith(CHECKS):
            passed.setdefault(result.unique_id.split(".")[1], []).append(result)
    joined = {id(each[0]): _count_passed(cleaner, each) for cleaner, each in passed.items()}
    left_out = {id(result) for each in passed.values() for result in each[1:]}
    return [joined.get(id(result), result) for result in results if id(result) not in left_out]


def _count_passed(cleaner: str, results: Sequence[NodeResult]) -> NodeResult:
    """The tests of a cleaner that passed, as one result."""
    return NodeResult(
        unique_id=f"tests.{cleaner}",
        phase="test",
        status="success",
        message=f"{number(len(results), 'test')} passed",
        seconds=sum(result.seconds for result in results),
        details={},
    )


def _tell_end_once(texts: Sequence[str]) -> list[str]:
    """Problems whose last sentences, such as a hint, are the same: they are told once, after all of them.

    >>> _tell_end_once(["R1 a failed. Look here.", "R1 b failed. Look here."])
    ['R1 a failed.', 'R1 b failed.', 'Look here.']
    """
    alike = takewhile(lambda letters: len(set(letters)) == 1, zip(*map(reversed, texts), strict=False))
    shared = "".join(letters[0] for letters in alike)[::-1]
    _, stop, end = shared.partition(". ")
    if len(texts) == 1 or not stop or not end:
        return list(texts)
    return [*(text.removesuffix(f" {end}") for text in texts), end]


def _describe_check(result: NodeResult, _width: int) -> Told:
    differences = result.details.get("differences")
    return (number(len(differences), "difference") if differences else result.message or "up to date"), []


def _describe_profile(result: NodeResult, width: int) -> Told:
    return result.message, describe_findings(result.details.get("findings", ()), width)


def _describe_run(result: NodeResult, width: int) -> Told:
    details = result.details
    if "published" not in details:
        return result.message, []
    place = result.message.partition(" published to ")[2].partition(", ")[0]
    text = f"{details['published']:,} of {number(details['rows'], 'row')} published" + (
        f" to {place}" if place else ""
    )
    return text, list_facts(_list_run(details), width)


def _list_run(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a run found, changed, checked and kept back."""
    columns: dict[str, int] = {}
    for _, column, count in details["changes"]:
        columns[column] = columns.get(column, 0) + count
    ranked = sorted(columns.items(), key=lambda pair: (-pair[1], pair[0]))
    listed = ", ".join(f"{column} {count:,}" for column, count in ranked)
    facts = [
        ("found", f"drift in {drift['column']}: {show_text(drift['fact'])}") for drift in details["drift"]
    ]
    facts.append(("changed", number(details["cells_changed"], "cell") + (f": {listed}" if listed else "")))
    if details["removed"]:
        facts.append(("removed", number(details["removed"], "row")))
    checks = details.get("expectations")
    if checks:
        facts.append(("checked", f"{checks['passed']} of {number(sum(checks.values()), 'expectation')} hold"))
    facts += [("warned", show_text(warning)) for warning in details.get("warnings", ())]
    if details["quarantined"]:
        reasons = "; ".join(f"{count:,} {show_text(why)}" for why, count in details["reasons"].items())
        facts.append(("quarantined", f"{number(details['quarantined'], 'row')}: {reasons}"))
    return facts


DESCRIBERS: dict[str, Describe] = {
    "check": _describe_check,
    "diff": describe_diff,
    "profile": _describe_profile,
    "run": _describe_run,
}
