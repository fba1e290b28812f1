"""Recordings: replayed without a model, kept at once, refused where they are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rdc.artifacts.module import Completion
from rdc.artifacts.project import ModelConfig
from rdc.errors import GenerationError
from rdc.generation.model import Answer, Message, Prompt
from rdc.generation.recorded import MissingCompletionError, RecordedModel, completion_text

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = ModelConfig.model_validate({"name": "/srv/models/coder", "batch_size": 2})
PROMPTS = [Prompt((Message("user", question),)) for question in ("a", "b", "c")]


class Counter:
    """A model that counts what it is asked, and breaks when it has answered enough."""

    name = "coder"
    revision = None

    def __init__(self, most: int = 100) -> None:
        self.asked: list[str] = []
        self._most = most

    def complete(self, prompt: Prompt, count: int) -> Answer:
        """Answer with the question, numbered."""
        if len(self.asked) == self._most:
            raise KeyboardInterrupt
        self.asked.append(prompt.messages[0].content)
        return Answer(tuple(f"{prompt.messages[0].content}{i}" for i in range(count)), 3, 4)


def _commit(model: RecordedModel, folder: Path) -> None:
    """What rendering does with the completions."""
    folder.mkdir(parents=True)
    for completion in model.used:
        (folder / f"{completion.prompt}.json").write_text(completion_text(completion))


def test_a_prompt_is_asked_once_and_then_replayed_without_a_model(tmp_path: Path) -> None:
    counter = Counter()
    first = RecordedModel(CONFIG, tmp_path / "completions", tmp_path / "journal", lambda: counter)
    answers = first.complete_all([*PROMPTS, PROMPTS[0]], 2)
    assert counter.asked == ["a", "b", "c"]
    assert answers[0] == answers[3] == Answer(("a0", "a1"), 3, 4)
    _commit(first, tmp_path / "completions")

    second = RecordedModel(CONFIG, tmp_path / "completions", tmp_path / "nothing")
    assert second.complete_all([*PROMPTS, PROMPTS[0]], 2) == answers
    assert second.used == first.used
    assert (first.asked, second.asked) == (True, False)


def test_the_model_is_not_opened_where_all_is_recorded(tmp_path: Path) -> None:
    RecordedModel(CONFIG, tmp_path, tmp_path, Counter).complete_all(PROMPTS, 1)
    opened: list[Counter] = []

    def open_model() -> Counter:
        opened.append(Counter())
        return opened[-1]

    model = RecordedModel(CONFIG, tmp_path, tmp_path, open_model)
    model.complete_all(PROMPTS, 1)
    assert not opened
    model.complete_all(PROMPTS, 2)
    model.complete_all(PROMPTS, 3)
    assert len(opened) == 1


def test_missing_recordings_are_counted_and_said_with_what_to_do(tmp_path: Path) -> None:
    RecordedModel(CONFIG, tmp_path, tmp_path, Counter).complete(PROMPTS[0], 1)
    model = RecordedModel(CONFIG, tmp_path, tmp_path)
    assert len(model.missing(PROMPTS, 1)) == 2
    with pytest.raises(
        MissingCompletionError,
        match=r"RDC310 2 prompts have no recorded completion of coder\. Run `rdc compile` where the model is",
    ):
        model.complete_all(PROMPTS, 1)


def test_a_killed_compile_loses_no_answer_of_a_finished_batch(tmp_path: Path) -> None:
    killed = RecordedModel(CONFIG, tmp_path / "completions", tmp_path / "journal", lambda: Counter(most=2))
    with pytest.raises(KeyboardInterrupt):
        killed.complete_all(PROMPTS, 1)
    counter = Counter()
    RecordedModel(CONFIG, tmp_path / "completions", tmp_path / "journal", lambda: counter).complete_all(
        PROMPTS, 1
    )
    assert counter.asked == ["c"]


def test_refreshing_asks_anew_once(tmp_path: Path) -> None:
    RecordedModel(CONFIG, tmp_path, tmp_path, Counter).complete_all(PROMPTS, 1)
    counter = Counter()
    model = RecordedModel(CONFIG, tmp_path, tmp_path, lambda: counter, refresh=True)
    model.complete_all(PROMPTS, 1)
    model.complete_all(PROMPTS, 1)
    assert counter.asked == ["a", "b", "c"]


def test_a_recording_is_sorted_json_that_reads_back_and_names_no_path(tmp_path: Path) -> None:
    model = RecordedModel(CONFIG, tmp_path, tmp_path / "journal", Counter)
    model.complete(PROMPTS[0], 1)
    (path,) = (tmp_path / "journal").iterdir()
    text = path.read_text()
    (used,) = model.used
    assert Completion.model_validate_json(text) == used
    assert path.stem == used.prompt
    assert text == completion_text(used)
    assert '"model": "coder"' in text
    keys = [line.split('"')[1] for line in text.splitlines() if line.startswith('  "')]
    assert keys == sorted(keys)


def test_a_damaged_recording_is_an_error_that_names_it(tmp_path: Path) -> None:
    folder = tmp_path / "beers" / "completions"
    model = RecordedModel(CONFIG, folder, tmp_path)
    (key,) = model.missing(PROMPTS[:1], 1)
    folder.mkdir(parents=True)
    (folder / f"{key}.json").write_text("<<<<<<< ours")
    with pytest.raises(GenerationError, match=f"beers/completions/{key}.json: RDC311"):
        model.complete(PROMPTS[0], 1)
