"""A column's values -> which are misspellings of which, and why; what is data, in doubt or another number is none."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import OSA

from rdc.artifacts.closed import count_words
from rdc.artifacts.garbling import compile_wildcard, fits_wildcard, holds_wildcard, sample_wildcard
from rdc.artifacts.phrases import Phrases
from rdc.artifacts.slips import WORD, digits_of, is_slip
from rdc.artifacts.witness import Witness

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from rdc.artifacts.plan import Sample
    from rdc.artifacts.slips import Trust
    from rdc.artifacts.witness import Voice

DATA = 3
"""A value that is seen so often is data, not a mistake."""
FREQUENT = 5
DOMINANCE = 3
"""How many times as frequent as its misspelling a value is."""
CERTAIN = 10
"""The same, where a value is seen often and yet garbled, or a second value may be meant."""
COVERED = 0.8
"""The share of cells that frequent values must hold, so that a column is one of categories."""
NEAR = 0.5
"""The share of rare values that must be near a frequent one, so that not being frequent is a sign of anything."""
FEW = 60
"""Values that a column has at most, so that two letters tell which one is meant."""
MIN_KNOWN = 3
COMMON = 20
"""How many times as frequent as a wrong word that several values share the right one is."""
ALONE = 100
"""Cells that hold one value and no other of its form: the chance of another is below 3% then (the rule of three)."""
NATIVE = 0.2
"""The share of cells that hold a character, from which it is no mistake that they do."""
REACH = 3
MOST_EDITS = 2
LONG = 9
"""Characters beyond which two edits are near."""
TRUST: Mapping[Voice, Trust] = {"decided": "sure", "held": "held", "likely": "likely", "silent": "bare"}


class Spelling:
    """How the values of a column are spelt.

    Args:
        counts: of its values.
        wildcard: the character that garbles the table's values, if one does.
        witness: what other columns say; None where only the values are known.
    """

    def __init__(
        self, counts: Mapping[str, int], wildcard: str | None = None, witness: Witness | None = None
    ) -> None:
        self.counts = counts
        self.wildcard = wildcard
        self.witness = witness
        self._nearest: dict[str, list[tuple[str, int]]] = {}

    def propose(self) -> dict[str, str]:
        """Every value that is a misspelling, with the one that was meant."""
        found = {}
        for value in sorted(self.counts):
            believed = [target for target in self._candidates(value) if not self.explain(value, target)]
            if len(believed) == 1:
                found[value] = believed[0]
        return found

    def explain(self, value: str, target: str) -> str:
        """Say why a value is no misspelling of a target, or nothing."""
        seen, wins = self.counts.get(value, 0), self.counts.get(target, 0)
        garbled = fits_wildcard(value, target, self.wildcard)
        lost = target not in self._fitting(value) and any(self._fitting(target))
        if not seen or lost:
            return f"{target!r} may be garbled itself" if seen else f"{value!r} is not in the sample"
        if self._are_variants(value, target):
            lead = DOMINANCE if seen < DATA else FREQUENT
            return "" if wins >= lead * seen else self._explain_weak(value, target)
        if seen >= DATA and not (garbled and wins >= CERTAIN * seen):
            return f"{value!r} is seen {seen} times, so it is data"
        if wins < max(DATA, DOMINANCE * seen):
            mended = garbled and self._mend(value) == target
            return "" if mended else self._explain_weak(value, target)
        voice = self._hear(value, target)
        if voice == "against":
            return f"other columns say that {value!r} is not {target!r}"
        return (self._explain_garbled if garbled else self._explain_slip)(value, target, voice)

    def _are_variants(self, value: str, target: str) -> bool:
        """Whether two texts differ in what carries no meaning; a garbled one may be another."""
        form = normal_form(value)
        return form == normal_form(target) != "" and not any(self._fitting(value))

    def explain_member(self, value: str, target: str, members: Collection[str]) -> str:
        """Say why a value outside of a declared set is none of its members garbled or misspelt, or nothing."""
        voice = self._hear(value, target)
        fitting = [member for member in members if fits_wildcard(value, member, self.wildcard)]
        sure = voice == "decided" and (target in fitting or is_slip(value, target, "sure"))
        known = sum(char.isalnum() and char not in (self.wildcard or "") for char in value)
        if sure or (voice != "against" and fitting == [target] and known * 2 >= len(value)):
            return ""
        return f"{target!r} is not the only value of the declared set that {value!r} may stand for"

    def is_refuted(self, value: str, target: str) -> bool:
        """Whether other columns say that a value is not a target."""
        return self._hear(value, target) == "against"

    def describe(self, value: str, target: str) -> str:
        """Why a pair is believed, for a person."""
        seen, wins = self.counts[value], self.counts.get(target, 0)
        times = f"seen {seen} time{'s' * (seen > 1)}"
        if self._are_variants(value, target):
            how = "differs in case, spaces or punctuation alone from"
        elif fits_wildcard(value, target, self.wildcard):
            how = f"has {(self.wildcard or '')[:1]!r} where others have a letter or digit; "
            how += "the only one that fits is" if wins else "each word was completed from others"
        else:
            how = f"distance {OSA.distance(value.casefold(), target.casefold())} from"
        confirmed = {
            "decided": "; its group of rows holds that",
            "held": "; its group of rows holds that",
            "likely": "; other columns agree",
        }
        voice = self._hear(value, target) if wins else "silent"
        return f"{times}, {how}{f' a value seen {wins} times' * (wins > 0)}{confirmed.get(voice, '')}"

    def _candidates(self, value: str) -> list[str]:
        """What a value may have been, in no order; a variant of a frequent value is nothing else."""
        if not any(map(str.isalnum, value)):
            return []
        variants = [other for other in self._variants.get(normal_form(value), ()) if other != value]
        if variants and normal_form(value) and not any(self._fitting(value)):
            return [max(variants, key=lambda other: (self.counts[other], other))]
        told = self.witness.suggest(value) if self.witness else ()
        found = {other for other in told if other != value}
        found.update(self._fitting(value))
        if self.counts[value] < DATA and not found:
            found.update(other for other, _ in self._near(value))
        mended = self._mend(value) if not found else None
        return sorted(found | {mended} if mended else found)

    def _mend(self, value: str) -> str | None:
        """A garbled text that was made whole word by word, where that is no value yet."""
        if self._phrases is None or self.counts[value] >= DATA or not holds_wildcard(value, self.wildcard):
            return None
        return self._phrases.mend(value)

    def _explain_weak(self, value: str, target: str) -> str:
        seen, wins = self.counts.get(value, 0), self.counts.get(target, 0)
        return f"{target!r} is seen {wins} times, {value!r} {seen} times: it does not dominate"

    def _hear(self, value: str, target: str) -> Voice:
        return self.witness.judge(value, target) if self.witness else "silent"

    def _is_unanimous(self, value: str, target: str) -> bool:
        return self.witness is not None and self.witness.is_unanimous(value, target)

    def _explain_garbled(self, value: str, target: str, voice: Voice) -> str:
        """A garbled value must fit one target alone, and enough of it must be left."""
        rivals = [other for other in self._fitting(value) if other != target]
        if voice == "held" or (voice == "decided" and (not rivals or self._is_unanimous(value, target))):
            return ""
        wildcard = self.wildcard or ""
        known = sum(char.isalnum() and char not in wildcard for char in value)
        lost = [other for one, other in zip(value, target, strict=True) if one != other]
        number = any(map(str.isdigit, lost))
        if number and self.witness is not None and self.witness.has_determinants:
            return f"{value!r} may be another number than {target!r}, and its group does not say which"
        weak = self.counts[target] < CERTAIN * self.counts[value] or len(self._frequent) > FEW
        bare = known < MIN_KNOWN and weak and voice == "silent"
        guessed = len(lost) > known or (number and not _keeps_digits(value, target))
        if bare or (guessed and not self._is_alone(target)):
            return f"too little is left of {value!r} to tell what it was"
        for other in rivals:
            rare = self.counts[other] < DATA and self.counts[target] >= CERTAIN * self.counts[other]
            if not (rare and known > MIN_KNOWN and not number):
                return f"{value!r} may stand for {other!r} as well as for {target!r}"
        native = self._is_native and voice == "silent"
        return f"{value!r} may be right: the column's values often hold {wildcard!r}" if native else ""

    def _explain_slip(self, value: str, target: str, voice: Voice) -> str:
        """A misspelling is near one frequent value alone, and has no word that others have."""
        if digits_of(value) != digits_of(target):
            return f"{value!r} and {target!r} differ in digits"
        distance = OSA.distance(value.casefold(), target.casefold())
        if distance > max(1, len(value) // REACH):
            return f"{value!r} and {target!r} differ in {distance} characters"
        doubt = "" if voice == "decided" else self._doubt(value, target, distance)
        trust = "open" if voice == "silent" and not self.is_closed else TRUST[voice]
        if not doubt and not is_slip(value, target, trust):
            return f"{value!r} and {target!r} are different words, or begin otherwise"
        return doubt

    def _doubt(self, value: str, target: str, distance: int) -> str:
        """Why a value may be another than the one that it is near to."""
        own, meant = (set(WORD.findall(text.casefold())) for text in (value, target))
        if own == meant or any(self._is_word(word, meant - own, self.counts[value]) for word in own - meant):
            return f"{value!r} is no misspelling: its words stand in other values too"
        if self.counts[target] < FREQUENT:
            return self._explain_weak(value, target)
        rival = next((other for other, away in self._near(value) if other != target and away <= distance), "")
        return f"{value!r} is as near to {rival!r} as to {target!r}" if rival else ""

    def _is_word(self, word: str, meant: set[str], seen: int) -> bool:
        """Whether a word stands in other values too, and is not wrong there as well."""
        total = self._words.get(word, 0)
        whole = min((self._words.get(other, 0) for other in meant), default=0)
        return total > seen and (word in self._known or total * COMMON > whole)

    @cached_property
    def is_closed(self) -> bool:
        """Whether a column is one of categories: rare values are few, and many of them nearly a frequent one."""
        total = sum(self.counts.values())
        if sum(count for _, count in self._frequent.items()) < COVERED * total:
            return False
        rare = [
            value for value, count in self.counts.items() if count < DATA and not any(self._fitting(value))
        ]
        near = sum(
            any(distance <= 1 + (len(value) > LONG) for _, distance in self._near(value)) for value in rare
        )
        return near >= NEAR * (len(rare) + 1)

    @cached_property
    def _is_native(self) -> bool:
        """Whether the character that garbles other columns is too frequent in this one to be garbling."""
        held = sum(n for value, n in self.counts.items() if holds_wildcard(value, self.wildcard))
        return held > NATIVE * sum(self.counts.values())

    def _is_alone(self, target: str) -> bool:
        """Whether a frequent value is the only one of its form, so that no unseen one is to be expected there."""
        return self.counts[target] >= ALONE and self._forms[_outline(target)] == self.counts[target]

    @cached_property
    def _forms(self) -> Counter[str]:
        """How many cells hold values of each form, garbled ones left out."""
        forms: Counter[str] = Counter()
        for value, count in self.counts.items():
            if not any(self._fitting(value)):
                forms[_outline(value)] += count
        return forms

    @cached_property
    def _phrases(self) -> Phrases | None:
        return Phrases(self.counts, self.wildcard) if self.wildcard else None

    @cached_property
    def _words(self) -> Mapping[str, int]:
        return count_words(self.counts)

    @cached_property
    def _known(self) -> frozenset[str]:
        """The words of values that are no mistakes."""
        return frozenset(count_words({value: n for value, n in self.counts.items() if n >= DATA}))

    @cached_property
    def _frequent(self) -> dict[str, int]:
        return {value: count for value, count in self.counts.items() if count >= FREQUENT}

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {value: value.casefold() for value, count in self.counts.items() if count >= DATA}

    @cached_property
    def _by_length(self) -> Mapping[int, list[str]]:
        """Values that may be what a garbled one was."""
        values: defaultdict[int, list[str]] = defaultdict(list)
        for value in sorted(self.counts):
            values[len(value)].append(value)
        return values

    @cached_property
    def _variants(self) -> Mapping[str, list[str]]:
        variants: defaultdict[str, list[str]] = defaultdict(list)
        for value in sorted(self._folded):
            variants[normal_form(value)].append(value)
        return variants

    def _fitting(self, value: str) -> Iterator[str]:
        """Every value that a garbled one may have been, and that is not garbled itself."""
        if not holds_wildcard(value, self.wildcard):
            return
        assert self.wildcard is not None
        places = [place for place, char in enumerate(value) if char in self.wildcard]
        fits = compile_wildcard(value, self.wildcard).fullmatch
        for other in self._by_length[len(value)]:
            if other != value and fits(other):
                kept = any(other[place] in self.wildcard for place in places)
                if not kept or self.counts[other] >= FREQUENT:
                    yield other

    def _near(self, value: str) -> list[tuple[str, int]]:
        """Values that dominate one and are as near as two letters, with the distance."""
        if value not in self._nearest:
            found = process.extract(
                value.casefold(), self._folded, scorer=OSA.distance, score_cutoff=MOST_EDITS, limit=None
            )
            self._nearest[value] = [
                (other, int(distance))
                for _, distance, other in found
                if other != value and self.counts[other] >= DOMINANCE * self.counts[value]
            ]
        return self._nearest[value]


def read_spelling(sample: Sample, column: str, determinants: Iterable[Sequence[str]] = ()) -> Spelling:
    """How a column of a sample is spelt, as far as its other columns can tell too."""
    counts = Counter(cell for cell in sample.columns[column] if cell)
    return Spelling(counts, sample_wildcard(sample), Witness(sample.columns, column, determinants))


def _outline(value: str) -> str:
    """A value with its digits as one digit and its letters as one letter."""
    return re.sub(r"[^\W\d_]", "a", re.sub("[0-9]", "9", value))


def _keeps_digits(value: str, target: str) -> bool:
    """Whether enough digits are left of each number that lost some, so that no other number is meant."""
    for number in re.finditer(r"[\d.,]+", target):
        given = value[number.start() : number.end()]
        if given != number.group() and sum(map(str.isdigit, given)) < MIN_KNOWN:
            return False
    return True


def normal_form(value: str) -> str:
    """A value without case, spaces and the punctuation that carries no meaning; empty without letters.

    >>> normal_form("I.P.A. ") == normal_form("ipa"), normal_form("C++") == normal_form("c")
    (True, False)
    """
    if not any(map(str.isalpha, value)):
        return ""
    return re.sub(r"(?<![0-9])[^\w+#%]+|[^\w+#%]+(?![0-9])|_", "", value.casefold())


def fold(text: str) -> str:
    """A text without case, spaces and punctuation."""
    return re.sub(r"[\W_]+", "", text.casefold())
