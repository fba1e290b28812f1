"""Tasks -> candidates, from the synthesizer and the model; an answer without a usable function is a refusal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from rdc.artifacts.candidate import Author, Candidate
from rdc.artifacts.transform import Refusal
from rdc.generation.extractor import ExtractionError, extract_expectations, extract_function
from rdc.generation.map_prompter import agree_on_map, ask_by_meaning, build_map_prompt
from rdc.generation.prompter import build_expectation_prompt, build_prompt
from rdc.generation.synthesizer import draft_expectations, synthesize, synthesize_map, synthesize_row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jinja2 import Environment

    from rdc.artifacts.expectation import Expectation
    from rdc.artifacts.plan import Cell, Sample, Task
    from rdc.artifacts.profile import TableProfile
    from rdc.artifacts.project import CompileConfig
    from rdc.generation.recorded import RecordedModel

EXPECTATION_ANSWERS = 1
"""One greedy answer: a check is either right or it is refused, and a wrong one costs nothing."""


@dataclass(frozen=True, slots=True)
class Proposals:
    """What was proposed for one task.

    Attributes:
        candidates: not yet verified, the synthesizer's before the model's.
        refusals: answers of the model that hold no usable function.
    """

    candidates: tuple[Candidate, ...] = ()
    refusals: tuple[Refusal, ...] = ()

    def __add__(self, other: Proposals) -> Proposals:
        return Proposals(self.candidates + other.candidates, self.refusals + other.refusals)


class Proposer:
    """Asks the synthesizer and, where one is configured, the model.

    Args:
        config: whether both are asked, and what of the data a prompt may show.
        model: asked for each prompt once, ever; None where no model is configured.
        count: completions asked for per task.
        environment: of the prompts' templates.
    """

    def __init__(
        self, config: CompileConfig, model: RecordedModel | None, count: int, environment: Environment
    ) -> None:
        self._config = config
        self._model = model
        self._count = count
        self._environment = environment

    @property
    def synthesis(self) -> Literal["beside", "first", "off"]:
        """How the synthesizer takes part; without a model it always does."""
        return self._config.synthesis if self._model else "beside"

    def synthesize(self, task: Task, sample: Sample) -> Proposals:
        """What the synthesizer proposes for one task."""
        make = synthesize_row if task.kind == "row" else synthesize
        return Proposals(make(task, sample))

    def synthesize_map(self, task: Task, sample: Sample) -> Proposals:
        """The value map that the synthesizer proposes for a column, if any."""
        candidate = synthesize_map(task, sample)
        return Proposals((candidate,) if candidate else ())

    def ask_maps(self, tasks: Sequence[Task], sample: Sample) -> list[Proposals]:
        """The pairs by meaning that the model proposes, for each task in order.

        A prompt shows the values themselves, so there is none unless they may be shown in full.

        Raises:
            GenerationError: a completion is missing, and no model may be asked.
            ServiceError: the model cannot be used.
        """
        found = [Proposals() for _ in tasks]
        if self._model is None or self._config.profile_values != "full":
            return found
        questions = [(place, ask_by_meaning(task, sample)) for place, task in enumerate(tasks)]
        asked = [(place, question) for place, question in questions if question is not None]
        prompts = [build_map_prompt(question, self._environment) for _, question in asked]
        answers = self._model.complete_all(prompts, self._count) if prompts else []
        for (place, question), prompt, answer in zip(asked, prompts, answers, strict=True):
            completion = self._model.hash_of(prompt, self._count)
            author = Author(kind="model", name=self._model.name, completion=completion)
            candidate = agree_on_map(tasks[place], question, answer.texts, author)
            found[place] = Proposals((candidate,) if candidate else ())
        return found

    def ask(self, tasks: Sequence[Task], shown: TableProfile) -> list[Proposals]:
        """What the model proposes, for each task in order.

        Args:
            tasks: whose profiles and failing values may be of the full data.
            shown: the profile that prompts are made from, as far as `profile_values` lets it show.

        Raises:
            GenerationError: a completion is missing, and no model may be asked.
            ServiceError: the model cannot be used.
        """
        if self._model is None or not tasks:
            return [Proposals() for _ in tasks]
        mode = self._config.profile_values
        prompts = [build_prompt(_restrict(task, shown), self._environment, mode) for task in tasks]
        answers = self._model.complete_all(prompts, self._count)
        return [
            self._extract(task, answer.texts, self._model.hash_of(prompt, self._count))
            for task, prompt, answer in zip(tasks, prompts, answers, strict=True)
        ]

    def _extract(self, task: Task, texts: Sequence[str], completion: str) -> Proposals:
        """The distinct functions of a task's answers."""
        assert self._model is not None
        found = Proposals()
        seen: set[str] = set()
        for number, text in enumerate(texts):
            author = Author(kind="model", name=self._model.name, completion=completion, sample=number)
            try:
                source = extract_function(text, task.name, "row" if task.kind == "row" else "column")
            except ExtractionError as error:
                reason = error.problems[0].fact
                refusal = Refusal(
                    name=task.name, column=task.column, author=author, gate="answer", reason=reason
                )
                found += Proposals(refusals=(refusal,))
                continue
            if source in seen:
                continue
            seen.add(source)
            goal = " ".join(task.goals) or f"{task.column} meets its expectations."
            found += Proposals(
                (Candidate(task.kind, task.name, task.reads, task.writes, author, goal, source),)
            )
        return found

    def draft_expectations(self, task: Task, clean: Mapping[Cell, int]) -> tuple[Expectation, ...]:
        """What the synthesizer would check a cleaned column for."""
        drafts = tuple(
            draft.model_copy(update={"author": "synthesis"})
            for draft in draft_expectations(task.column, task.profile, clean, task.goals, task.type)
        )
        if self._config.profile_values == "full":
            return drafts
        goals = " ".join(task.goals)
        return tuple(draft for draft in drafts if not _quotes_values(draft, clean, goals))

    def ask_expectations(self, tasks: Sequence[Task], shown: TableProfile) -> list[tuple[Expectation, ...]]:
        """What the model would check cleaned columns for, for each task in order."""
        if self._model is None or not tasks:
            return [() for _ in tasks]
        mode = self._config.profile_values
        prompts = [
            build_expectation_prompt(_restrict(task, shown), self._environment, mode) for task in tasks
        ]
        answers = self._model.complete_all(prompts, EXPECTATION_ANSWERS)
        return [
            tuple(
                expectation.model_copy(update={"severity": "warn", "author": self._model.name})
                for text in answer.texts
                for expectation in _extract_expectations(text, task.column)
            )
            for task, answer in zip(tasks, answers, strict=True)
        ]


def _quotes_values(expectation: Expectation, clean: Mapping[Cell, int], goals: str) -> bool:
    """Whether a check lists values of the data that no goal names."""
    listed = expectation.kwargs.get("value_set", ())
    return any(value in clean and value not in goals for value in listed)


def _extract_expectations(text: str, column: str) -> tuple[Expectation, ...]:
    """The checks of an answer, none where it holds none."""
    try:
        return extract_expectations(text, column)
    except ExtractionError:
        return ()


def _restrict(task: Task, shown: TableProfile) -> Task:
    """A task with no more of the data in it than the shown profile has."""
    profiles = {column.name: column for column in shown.columns}
    return replace(
        task,
        profile=profiles.get(task.column, task.profile),
        findings=shown.findings_of(task.column),
        profiles={name: profiles[name] for name in task.profiles if name in profiles},
    )
