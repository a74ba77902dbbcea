"""A street that is not known as one: an alley of a wider street, or in that all the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from geoservice.database.steps import Steps
from geoservice.geocode.penalties import fault
from geoservice.geocode.query import Query
from geoservice.geocode.variants import boulevard, is_square
from geoservice.geocode.wanted import runs_of
from geoservice.geocode.within import alleys_of, look, streets_of


def try_unclaimed(queries: Iterable[tuple[Query, set[str]]]) -> Steps[None]:
    """«گردو، خیابان دوم»: look for the street as an alley of one without a marker, now a wider.

    Beside each query the names of the streets that are known in its places.
    """
    offered: list[Query] = []
    for query, names in queries:
        known = _unclaimed(query) & names
        if query.wanted.street and known:
            wider = dict.fromkeys((*query.wanted.wider, *sorted(known)))
            query.wanted = replace(query.wanted, wider=tuple(wider))
            offered.append(query)
    yield from look(offered)
    for query in offered:
        if query.streets and query.wanted.street in _unclaimed(query):
            query.carried += (fault("street.unmarked"),)


def use_wider(query: Query) -> bool:
    """Take the wider street where nothing is known of the narrower, which may be its alley."""
    wanted = query.wanted
    if not wanted.street or query.streets:
        return False
    unclaimed = _unclaimed(query)
    areas = {area.name for area in query.neighbourhoods} & unclaimed
    for name in wanted.wider:
        streets = streets_of(query.found, name)
        if streets and name not in areas:
            query.carried += (fault("street.unmarked"),) * (name in unclaimed)
            query.wanted = replace(wanted, street=name, alley=wanted.street)
            query.streets = streets
            if is_square(wanted.street):  # no alley, so the house is on the street
                query.wanted = replace(wanted, street=name)
                query.streets += alleys_of(query.found, name, wanted.alley)
                query.carried += (fault("street.wider"),)
            elif wanted.alley:  # the house is in an alley of the narrower street
                query.wanted = replace(query.wanted, plaque=None)
                query.carried += (fault("street.wider"),)
            return True
    return False


def take_as_alleys(queries: Sequence[Query]) -> Steps[None]:
    """«خیابان لبافی‌نژاد»: take a street that nobody knows as the one alley of its name.

    A number is a name of too many.
    """
    asked = [
        (query, query.wanted)
        for query in queries
        if (street := query.wanted.street) and not (query.wanted.alley or street.isdecimal())
    ]
    for query, wanted in asked:
        query.wanted = replace(wanted, street=None, alley=wanted.street)
    yield from look([query for query, _ in asked])
    for query, wanted in asked:
        if len({alley.ref for alley in query.streets}) != 1:
            query.wanted, query.streets = wanted, []


def _unclaimed(query: Query) -> set[str]:
    """The streets and boulevards that words without a marker may be."""
    runs = (run for words in query.wanted.loose for run in runs_of(words))
    return {key for start, _, name in runs if start == 0 for key in (name, boulevard(name))}
