from __future__ import annotations

import pytest

from geoservice.database.steps import Steps
from geoservice.geocode.mend import mend_names
from geoservice.geocode.names import Known
from geoservice.geocode.wanted import Wanted

# key, province, the place's own name, its people
TOWNS = [("نایین", "اصفهان", "نایین", 25_000), ("تبریز", "اذربایجانشرقی", "تبریز", 1_500_000)]


def asked_again(steps: Steps[bool]) -> set[str]:
    """The names under which what a misspelt one may be is looked for."""
    names: set[str] = set()
    answer = None
    while True:
        try:
            ask = steps.send(answer)  # type: ignore[arg-type]
        except StopIteration:
            return names
        (first, *_) = ask.parameters
        of_names = isinstance(first, int)
        names |= set() if of_names else set(first)
        answer = TOWNS if of_names else []


@pytest.mark.parametrize(("latin", "names"), [("new", set()), ("tabreez", {"تبریز"})])
def test_one_consonant_alike_makes_no_town(latin: str, names: set[str]) -> None:
    known: Known = {}
    assert asked_again(mend_names([Wanted(localities=(latin,))], known)) == names
