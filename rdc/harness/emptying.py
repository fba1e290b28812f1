"""A task -> which values may become null: what stands for nothing, and what examples and goals say; no other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdc import recipes
from rdc.artifacts.absence import (
    FOR_NOTHING,
    JUDGED,
    QUOTED,
    read_named_nulls,
    read_untold,
    read_untold_kinds,
    split_sentences,
)

if TYPE_CHECKING:
    from rdc.artifacts.plan import Cell, Task


@dataclass(frozen=True, slots=True)
class Emptying:
    """What may be emptied.

    Attributes:
        named: texts that goals quote, or examples make null, in small letters.
        held: phrases that an example which becomes null holds, and what else the value consists of then.
        untold: kinds, such as `time`, that a value must tell by a goal, or else be null.
        words: of goals that speak of what stands for nothing; a value that they name is such.
        judged: whether a goal wants null for what is wrong, and not only for what stands for nothing.
    """

    named: frozenset[str]
    held: frozenset[tuple[str, str]]
    untold: tuple[str, ...]
    words: str
    judged: bool

    def allows(self, value: str, *, wrong: bool) -> bool:
        """Whether a value may be emptied, and one that is wrong by some check or that none can tell."""
        text = _fold(value)
        if recipes.null_tokens(value) is None or text in self.named or (self.judged and wrong):
            return True
        if any(recipes.null_unless(value, kind) is None for kind in self.untold):
            return True
        if any(
            _is_held(value, phrase) and _outline(text, phrase) in ("", rest) for phrase, rest in self.held
        ):
            return True
        if not self.words:
            return False
        filler = recipes.null_marks(value) is None or recipes.null_filler(value) is None
        return filler or re.search(rf"(?<!\w){re.escape(text)}(?!\w)", self.words) is not None


def read_emptying(task: Task) -> Emptying:
    """What a task's goals and examples let become null."""
    examples = [example for example in task.examples if example.given is not None]
    nulls = [_fold(example.given or "") for example in examples if example.expect is None]
    phrases = {*nulls, *filter(_is_worded, recipes.NULL_TOKENS)}
    held = {(p, _outline(text, p)) for text in nulls for p in phrases if p != text and _is_held(text, p)}
    sentences = [sentence for sentence in split_sentences(task.goals) if not read_untold(sentence)]
    # What is quoted is all that such a sentence speaks of.
    general = [sentence for sentence in sentences if not QUOTED.search(sentence)]
    spoken = [sentence for sentence in general if FOR_NOTHING.search(sentence)]
    return Emptying(
        named=frozenset((*nulls, *map(_fold, read_named_nulls(task.goals)))),
        held=frozenset(held),
        untold=read_untold_kinds(task.goals),
        words=" ".join(spoken),
        judged=any(s not in spoken or JUDGED.search(s) for s in general),
    )


def explain_emptied(before: Cell, after: Cell, emptying: Emptying, *, wrong: bool) -> str:
    """Say that a value was emptied which no goal and no example lets become null."""
    if not before or after or emptying.allows(before, wrong=wrong):
        return ""
    return f"{before!r} became {after!r}: the value is lost"


def _fold(text: str) -> str:
    return recipes.collapse_spaces(text.lower()) or ""


def _is_worded(token: str) -> bool:
    """Whether a token can't be part of anything else: `not available`, and not `-` or `na`."""
    return re.fullmatch("[a-z]{4,}( [a-z]+)*|[a-z]+( [a-z]+)+", token) is not None


def _is_held(text: str, phrase: str) -> bool:
    return recipes.null_containing(text, phrase) is None


def _outline(text: str, phrase: str) -> str:
    """What a text holds beside a phrase: its words as `a`, its numbers as `9`."""
    words = re.findall(r"[^\W_]+", text)
    inner = re.findall(r"[^\W_]+", phrase)
    start = next((i for i in range(len(words)) if words[i : i + len(inner)] == inner), 0)
    rest = words[:start] + words[start + len(inner) :]
    return " ".join("9" if word.isdecimal() else "a" for word in rest)
