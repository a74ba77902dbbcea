"""Postal zones: who owns which first five digits, and how many addresses lie in it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from geoservice.synthetic.localities import Locality

ZONE_ADDRESSES = 600  # at most, in one zone
STREET_ADDRESSES = 40  # at most, on one street
MOST_STREETS = ZONE_ADDRESSES // STREET_ADDRESSES  # in one zone

# The hard rule of geoservice.persian.postal_code; five equal digits are left out, so that no
# code can be one digit ten times.
_CODES = [
    "".join(digits) for digits in product(*["13456789"] * 4, "1346789") if len(set(digits)) > 1
]
_SIXTH, _TAILS = 9, 9_999  # 1–9, then 0001–9999
_STRIDE = 148  # codes rise along the streets of a zone; 600 strides stay within 9 × 9,999

_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))


@dataclass(frozen=True, slots=True)
class PostalZone:
    """A zone of one locality: the `index`-th there, `east` and `north` metres off its point."""

    code: str
    locality: Locality
    index: int
    addresses: int
    east: float
    north: float

    @property
    def streets(self) -> int:
        """How many streets it has."""
        return -(-self.addresses // STREET_ADDRESSES)

    def addresses_of(self, street: int) -> int:
        """How many addresses lie on its street of that number, from 0."""
        return min(STREET_ADDRESSES, self.addresses - street * STREET_ADDRESSES)


def postal_code(zone: PostalZone, position: int) -> str:
    """Return the code of the address at `position` (from 0) in a zone; no two are equal."""
    sixth, tail = divmod(position * _STRIDE, _TAILS)
    return f"{zone.code}{sixth + 1}{tail + 1:04}"


def postal_zones(localities: Sequence[Locality], addresses: int) -> list[PostalZone]:
    """Return the zones of all localities, `addresses` in all, shared out by people.

    Shares are rounded by largest remainder. Zones of a locality lie on a sunflower's spiral over
    its disc, the first in the middle; their codes rise in the order of the localities.
    """
    shares = _shares([locality.people for locality in localities], addresses)
    counts = [-(-share // ZONE_ADDRESSES) for share in shares]
    codes = _spread(sum(counts))
    zones = []
    for locality, share, count in zip(localities, shares, counts, strict=True):
        for index in range(count):
            reach = locality.radius * math.sqrt(index / count)
            angle = index * _GOLDEN_ANGLE
            zones.append(
                PostalZone(
                    code=next(codes),
                    locality=locality,
                    index=index,
                    addresses=share // count + (index < share % count),
                    east=reach * math.cos(angle),
                    north=reach * math.sin(angle),
                )
            )
    return zones


def _shares(people: Sequence[int], addresses: int) -> list[int]:
    total = sum(people)
    shares = [addresses * each // total for each in people]
    remainders = [addresses * each % total for each in people]
    order = sorted(range(len(people)), key=lambda i: -remainders[i])
    for i in order[: addresses - sum(shares)]:
        shares[i] += 1
    return shares


def _spread(count: int) -> Iterator[str]:
    return (_CODES[i * len(_CODES) // count] for i in range(count))
