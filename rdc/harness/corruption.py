"""Garbled values and what a function makes of them -> why it is refused: what garbles a value is not to be tidied away."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from rdc.artifacts.garbling import FREQUENT, fits_wildcard, holds_wildcard, sample_wildcard

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdc.harness.trial import Trial


def explain_corrupted(trial: Trial) -> str:
    """Say which garbled value a column function makes look right, or nothing.

    A value that is a frequent one but for the character that garbles the table must come out as that one does, but
    for that character; so must one in which the character stands among digits. What was there is for value maps
    and votes to say: `1xx32` as `00132` is a number that nobody wrote.
    """
    wildcard = sample_wildcard(trial.sample) if trial.candidate.kind == "column" else None
    if wildcard is None:
        return ""
    find_targets, numbers = _index_targets(trial), _match_numbers(wildcard)
    for key in trial.changed:
        before, after = trial.before(key)[0], trial.after(key)[0]
        if before is None or after is None or not holds_wildcard(before, wildcard):
            continue
        targets = [value for value in find_targets(before) if fits_wildcard(before, value, wildcard)]
        meant = {trial.after((value,))[0] for value in targets}
        kept = any(made == after or fits_wildcard(after, made or "", wildcard) for made in meant)
        if (targets and not kept) or len(numbers.findall(after)) < len(numbers.findall(before)):
            return f"{before!r} is garbled, and became {after!r}"
    return ""


def _index_targets(trial: Trial) -> Callable[[str], list[str]]:
    """Find the frequent values that are as long as a value."""
    lengths: defaultdict[int, list[str]] = defaultdict(list)
    for (value,), count in trial.counts.items():
        if value is not None and count >= FREQUENT:
            lengths[len(value)].append(value)
    return lambda value: lengths[len(value)]


def _match_numbers(wildcard: str) -> re.Pattern[str]:
    """What is a number but for the character that stands in it, with no other letter beside it."""
    chars = re.escape(wildcard)
    return re.compile(rf"(?<![^\W_])(?=[{chars}]*[0-9])(?=[0-9]*[{chars}])[0-9{chars}]+(?![^\W_])")
