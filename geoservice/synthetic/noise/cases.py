"""Addresses as people write them, made of rows whose place is known: one labelled noise at a time.

Each case knows the address that is meant and the finest level that is right after the noise: who
asks for a plaque that does not exist is not answered at the level of plaques.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from random import Random

from geoservice.model import MatchLevel
from geoservice.synthetic.noise import parts, spelling
from geoservice.synthetic.noise.draft import Draft, draft_of
from geoservice.synthetic.noise.latin import in_latin
from geoservice.synthetic.noise.truth import Surroundings, Truth

CLEAN = "clean"

# In the order in which they are made of an address, so that each finds what it changes.
NOISES: dict[str, Callable[[Draft, Random, Surroundings], Draft | None]] = {
    "old_name": parts.old_name,
    "wrong_province": parts.wrong_province,
    "wrong_plaque": parts.wrong_plaque,
    "dropped": parts.dropped,
    "typo": spelling.typo,
    "landmark": parts.landmark,
    "order": parts.reordered,
    "latin": in_latin,
    "abbreviation": spelling.abbreviated,
    "truncated_code": parts.truncated_code,
    "zwnj": spelling.half_spaces,
    "spaces": spelling.without_spaces,
    "arabic": spelling.arabic_letters,
}

# Pairs that no one writes, or that undo each other.
_EXCLUSIVE = [
    {"latin", other}
    for other in (*("abbreviation", "arabic", "zwnj", "spaces"), *("landmark", "old_name", "typo"))
] + [{"spaces", "abbreviation"}]

_TRIES = 50  # addresses that are drawn for a case before none of them can bear the noise


@dataclass(frozen=True, slots=True)
class NoisyCase:
    """What is asked, with which noises, what is meant, and the finest level that is right."""

    query: str
    noises: tuple[str, ...]
    truth: Truth
    level: MatchLevel


def single_noises() -> list[tuple[str, ...]]:
    """Return every noise by itself; first none."""
    return [(CLEAN,), *((name,) for name in NOISES)]


def double_noises() -> list[tuple[str, ...]]:
    """Return every pair of noises that can stand together, in the order in which they are made."""
    return [pair for pair in combinations(NOISES, 2) if set(pair) not in _EXCLUSIVE]


def noisy_cases(
    truths: Sequence[Truth],
    surroundings: Surroundings,
    noises: Iterable[tuple[str, ...]],
    count: int,
    seed: int,
) -> Iterator[NoisyCase]:
    """Yield `count` cases for each of `noises`; the same arguments give the same cases.

    Addresses are drawn anew for each; fewer come where hardly any can bear a noise (an old name
    needs a settlement that has one).
    """
    for names in noises:
        random = Random(f"{seed}/{'+'.join(names)}")  # noqa: S311 - made-up data, not secrets
        for _ in range(count):
            drawn = (random.choice(truths) for _ in range(_TRIES))
            cases = (noisy_case(truth, surroundings, names, random) for truth in drawn)
            case = next(filter(None, cases), None)
            if case:
                yield case


def noisy_case(
    truth: Truth, surroundings: Surroundings, names: Sequence[str], random: Random
) -> NoisyCase | None:
    """Write one address with noises; None where it cannot bear them, or nobody could know it."""
    if not surroundings.is_one(truth):
        return None
    draft: Draft | None = draft_of(truth, random)
    for name in names:
        if draft and name != CLEAN:
            draft = NOISES[name](draft, random, surroundings)
    return NoisyCase(draft.text(), tuple(names), truth, draft.level) if draft else None
