"""Task and counted values -> a Prompt for pairs by meaning, and answers -> a value map; a pair few agree on is left out."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from rdc.artifacts.candidate import Candidate
from rdc.artifacts.check import value_check
from rdc.artifacts.closed import closed_set
from rdc.generation.model import Message, Prompt
from rdc.generation.wording import CountedValue, describe_expectation, show_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from jinja2 import Environment

    from rdc.artifacts.candidate import Author
    from rdc.artifacts.plan import Sample, Task

FEW = 60
"""Distinct values that a column has at most, so that a prompt can show them all."""
FREQUENT = 5
LONGEST = 60
"""Characters of a value that is a name for something, and no text."""
AGREED = 0.5
"""The share of answers that must give a pair."""
LINE = re.compile(r'^[-*\s]*"(?P<given>(?:[^"\\]|\\.)+)"\s*(?:->|=>|→|:)\s*"(?P<becomes>(?:[^"\\]|\\.)+)"')
EXAMPLES = "prompts/map_examples.yml"


@dataclass(frozen=True, slots=True)
class MapQuestion:
    """What the template prints.

    Attributes:
        fine: that may be targets: declared, or frequent and as they should be.
        wrong: that fail an expectation.
    """

    column: str
    goals: tuple[str, ...]
    expectations: tuple[str, ...]
    fine: tuple[CountedValue, ...]
    wrong: tuple[CountedValue, ...]


def ask_by_meaning(task: Task, sample: Sample) -> MapQuestion | None:
    """What a model may know of a column's wrong values, or None where there is nothing to ask.

    Args:
        task: whose expectations say which values are wrong.
        sample: rows that hold the column.
    """
    counts = Counter(cell for cell in sample.columns[task.column] if cell)
    checks = [check for expectation in task.expectations if (check := value_check(expectation)) is not None]
    wrong = [value for value in counts if not all(check(value) for check in checks)]
    members = closed_set(task.expectations)
    fine = members or {value for value, n in counts.items() if n >= FREQUENT and value not in set(wrong)}
    if not wrong or not fine or max(len(counts), len(fine)) > FEW or max(map(len, wrong)) > LONGEST:
        return None
    return MapQuestion(
        task.column,
        task.goals,
        tuple(describe_expectation(expectation) for expectation in task.expectations),
        _count((value, counts[value]) for value in sorted(fine)),
        _count((value, counts[value]) for value in sorted(wrong, key=lambda value: (-counts[value], value))),
    )


def build_map_prompt(question: MapQuestion, environment: Environment) -> Prompt:
    """Ask for pairs: the system's turn, the examples as turns of their own, and the question."""
    template = environment.get_template("prompts/map.jinja")
    messages = [Message("system", environment.get_template("prompts/map_system.jinja").render().strip())]
    for example in _load_examples(environment):
        messages.append(Message("user", template.render(task=_read_example(example)).strip()))
        messages.append(Message("assistant", str(example["answer"]).strip()))
    return Prompt((*messages, Message("user", template.render(task=question).strip())))


def extract_pairs(text: str, question: MapQuestion) -> dict[str, str]:
    r"""The pairs of an answer whose values were asked for, and whose targets may be given.

    >>> question = MapQuestion("c", (), (), _count([("US", 9)]), _count([("U.S. of A.", 1)]))
    >>> extract_pairs('"U.S. of A." -> "US"\n"France" -> "US"\n"US" -> "us"', question)
    {'U.S. of A.': 'US'}
    """
    wrong, fine = ({value.shown for value in values} for values in (question.wrong, question.fine))
    pairs: dict[str, str] = {}
    for line in text.splitlines():
        match = LINE.match(line)
        if match is None:
            continue
        given, becomes = (f'"{match[name]}"' for name in ("given", "becomes"))
        if given in wrong and becomes in fine:
            pairs.setdefault(json.loads(given), json.loads(becomes))
    return pairs


def agree_on_map(task: Task, question: MapQuestion, texts: Sequence[str], author: Author) -> Candidate | None:
    """The pairs that most answers give, as one map.

    Args:
        task: of the column.
        question: that was asked.
        texts: the answers.
        author: of the map.
    """
    votes = Counter(pair for text in texts for pair in extract_pairs(text, question).items())
    kept = {pair: n for pair, n in votes.items() if n > AGREED * len(texts)}
    if not kept:
        return None
    times = f"of {len(texts)} answer{'s' * (len(texts) > 1)}"
    return Candidate(
        kind="map",
        name=f"{task.name.removeprefix('clean_')}_meanings",
        reads=(task.column,),
        writes=(task.column,),
        author=author,
        goal=" ".join(task.goals) or "Values are written as what they mean.",
        mapping=dict(sorted(kept, key=lambda pair: (pair[1], pair[0]))),
        evidence={
            value: f"means the same, by {n} {times} of {author.name}" for (value, _), n in kept.items()
        },
    )


def _count(values: Iterable[tuple[str, int]]) -> tuple[CountedValue, ...]:
    return tuple(CountedValue(show_value(value), count) for value, count in values)


def _load_examples(environment: Environment) -> Sequence[Mapping[str, Any]]:
    assert environment.loader is not None
    text, _, _ = environment.loader.get_source(environment, EXAMPLES)
    examples: Sequence[Mapping[str, Any]] = YAML(typ="safe", pure=True).load(text)
    return examples


def _read_example(example: Mapping[str, Any]) -> MapQuestion:
    return MapQuestion(
        example["column"],
        tuple(example["goals"]),
        tuple(example["expectations"]),
        _count(example["fine"]),
        _count(example["wrong"]),
    )
