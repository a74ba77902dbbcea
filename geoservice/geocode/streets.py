"""Streets, alleys and neighbourhoods that are meant, also where they are written otherwise.

First those of the names that were asked for; where there are none, the known names that a misspelt,
a Latin, a longer or a shorter one most likely stands for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from geoservice.database.steps import Steps
from geoservice.geocode import candidates as collect
from geoservice.geocode.candidates import main_name
from geoservice.geocode.loose import take_between
from geoservice.geocode.penalties import fault
from geoservice.geocode.query import Query
from geoservice.geocode.spelling import edits, nearest
from geoservice.geocode.variants import bare, is_side, own_number, variant
from geoservice.geocode.wider import take_as_alleys, try_unclaimed, use_wider
from geoservice.geocode.within import MOST_SCOPES, look
from geoservice.model import MatchLevel
from geoservice.persian.letters import normalise
from geoservice.persian.lexicon import load_lexicon
from geoservice.persian.sound import is_latin, nearest_sound, skeleton

_LEVELS = (MatchLevel.STREET, MatchLevel.NEIGHBOURHOOD)
# Of a name without a marker: letters of the shortest that may be misspelt, consonants of the
# shortest Latin one.
_SHORTEST, _FEWEST = 5, 3

LocalNames = Mapping[tuple[str, MatchLevel], Sequence[str]]
"""The names of a level in a locality."""


def collect_streets(queries: Sequence[Query]) -> Steps[None]:
    """Fill `streets` and `neighbourhoods` of each query, and read what no marker claimed."""
    yield from look(queries, loose=True)
    yield from _mend_loose([query for query in queries if _lacks_name(query)])
    lacking = [query for query in queries if _lacks_street(query)]
    yield from _mend_streets(lacking)
    wider = [query for query in queries if use_wider(query)]
    yield from take_as_alleys([query for query in lacking if not query.streets])
    for query in queries:
        take_between(query)
    yield from _mend_alleys([query for query in queries if _lacks_alley(query)])
    for query in wider:
        if _lacks_alley(query):
            query.wanted = replace(query.wanted, plaque=None)
            query.carried += (fault("street.wider"),)
    for query in queries:
        if query.behind and not query.wanted.plaque and _lacks_alley(query):
            # «خیابان مطهری ۹۶»: no alley of the street, so its plaque.
            query.wanted = replace(query.wanted, alley=None, plaque=query.behind)


def _lacks_name(query: Query) -> bool:
    """Whether words are left that nothing is known by and that may be the street's name."""
    return bool(query.unread and query.scopes and not query.wanted.street)


def _mend_loose(queries: Sequence[Query]) -> Steps[None]:
    """Read names without markers that are misspelt or Latin: «کرج، ناثرخسرو، پلاک ۹»."""
    names = yield from _local_names(queries)
    mended: list[Query] = []
    for query in queries:
        loose = [_mended(query, words, names) for words in query.wanted.loose]
        if loose != list(query.wanted.loose) or query.sides:
            query.wanted = replace(query.wanted, loose=tuple(loose))
            query.unread = False
            mended.append(query)
    yield from look(mended, loose=True)


def _mended(query: Query, words: tuple[str, ...], names: LocalNames) -> tuple[str, ...]:
    """The words with the name that they are, but for a number at their end, as it is known."""
    wanted = query.wanted
    streets = _here(query, MatchLevel.STREET, names)
    for end in (len(words), len(words) - 1):
        asked = load_lexicon().name_key(" ".join(words[:end]))
        is_number = end < len(words) and words[end].isdecimal()
        if not asked or (end < len(words) and not is_number):
            continue
        sides = [each for each in streets if is_side(each, asked)]
        if sides:
            query.sides = tuple(sorted(sides))
            return words
        if is_latin(asked):
            is_sure = len(skeleton(asked)) >= _FEWEST
        else:
            # Among other words one may well be near a name; what has a house is an address.
            is_sure = len(asked) >= _SHORTEST and bool(wanted.plaque or wanted.alley or is_number)
        for level in _LEVELS if is_sure else ():
            right = _meant(query, level.value, asked, _here(query, level, names))
            if right:
                return (right, *words[end:])
    return words


def _lacks_street(query: Query) -> bool:
    wanted = query.wanted
    asks = wanted.street or (wanted.neighbourhood and not query.neighbourhoods)
    return bool(asks and query.scopes and not query.streets)


def _mend_streets(queries: Sequence[Query]) -> Steps[None]:
    """Look again for streets and neighbourhoods under what a misspelt name stands for."""
    names = yield from _local_names(queries)
    yield from try_unclaimed((q, _here(q, MatchLevel.STREET, names)) for q in queries)
    mended: dict[int, Query] = {}
    longer: list[tuple[Query, str]] = []
    for query in (query for query in queries if not query.streets):
        for level in _LEVELS:
            asked = getattr(query.wanted, level.value)
            here = _here(query, level, names)
            if not asked or asked in here:
                continue
            right = _meant(query, level.value, asked, here)
            if right is None and level is MatchLevel.STREET:
                right = _variant(query, asked, here, names)
                if right and right != asked and right.endswith(bare(asked)):
                    longer.append((query, asked))
            if right:
                parts: dict[str, Any] = {level.value: right}
                query.wanted = replace(query.wanted, **parts)
                mended[id(query)] = query
            elif level is MatchLevel.STREET and _mend_wider(query, here):
                mended[id(query)] = query
    yield from look(list(mended.values()), loose=True)
    partial = fault("street.partial")
    for query, asked in longer:
        if partial in query.carried and not any(
            _ends_with(street.label, bare(asked)) for street in query.streets
        ):
            query.wanted, query.streets = replace(query.wanted, street=asked), []
            query.carried = tuple(each for each in query.carried if each != partial)


def _ends_with(label: str, name: str) -> bool:
    """Whether whole words end a street's label so: «خسرو» is no word of «خیابان ناصرخسرو»."""
    words = normalise(label.partition("،")[0]).split()
    return any("".join(words[start:]) == name for start in range(len(words)))


def _mend_wider(query: Query, names: set[str]) -> bool:
    """«Sohrevardi Ave., Hoveyzeh St.»: whether a wider street is known under another spelling."""
    wider = query.wanted.wider
    right = tuple(_meant(query, "street", name, names) or name for name in wider)
    query.wanted = replace(query.wanted, wider=right)
    return right != wider


def _variant(query: Query, asked: str, names: set[str], local: LocalNames) -> str | None:
    """The street of a longer or shorter name; a number behind it is an alley, or its plaque."""
    words = query.wanted.street_words
    areas = _here(query, MatchLevel.NEIGHBOURHOOD, local)
    for end in range(1, len(words)):
        # «خیابان حافظ قلعه», «خیابان سنبل سنبل ۳» without a comma: its neighbourhood, its alley.
        street, behind = (load_lexicon().name_key(" ".join(w)) for w in (words[:end], words[end:]))
        parts: dict[str, Any] = {}
        if behind in areas and not query.wanted.neighbourhood:
            parts = {"neighbourhood": behind}
        elif own_number(street, behind) and not query.wanted.alley:
            parts = {"alley": behind}
        if parts and street in names:
            query.wanted = replace(query.wanted, **parts)
            return street
    found = variant(asked, words, names)
    if found is None:
        return None
    query.sides = found.sides
    if found.number and query.wanted.alley:
        # «خیابان گردو ۱، کوچه ۲»: the alley may be one of the alley, which streets do not tell.
        query.carried += (fault("street.partial"),)
    elif found.number:
        query.wanted = replace(query.wanted, alley=found.number)
        query.behind = found.number
    if found.fault:
        query.carried += (fault(found.fault),)
    return found.name


def _local_names(queries: Sequence[Query]) -> Steps[LocalNames]:
    names = yield from collect.local_names(
        locality for query in queries for locality, _ in query.scopes[:MOST_SCOPES]
    )
    return names


def _here(query: Query, level: MatchLevel, names: LocalNames) -> set[str]:
    """The names of a level in the places that a query may mean."""
    return {n for locality, _ in query.scopes for n in names.get((locality, level), ())}


def _lacks_alley(query: Query) -> bool:
    wanted = query.wanted
    return bool(
        wanted.street
        and wanted.alley
        and query.streets
        and not any(c.street for c in query.streets)
    )


def _mend_alleys(queries: Sequence[Query]) -> Steps[None]:
    streets = [
        (n, street.locality or "", main_name(street))
        for n, query in enumerate(queries)
        for street in query.streets
    ]
    names = yield from collect.alley_names(streets)
    mended: list[Query] = []
    for n, query in enumerate(queries):
        asked = query.wanted.alley or ""
        here = names.get(n, ())
        # «بلوار سجاد ۱۴»: alleys may bear the name of their street with a number.
        full = {
            f"{bare(main_name(street))}{asked}" for street in query.streets if asked.isdecimal()
        }
        right = next((each for each in full if each in here), None) or _meant(
            query, "alley", asked, here
        )
        if right:
            mended.append(query)
            query.wanted = replace(query.wanted, alley=right)
    yield from look(mended)


def _meant(query: Query, part: str, asked: str, names: Iterable[str]) -> str | None:
    """The name that a misspelt or a Latin one stands for; the query bears the fault."""
    here = set(names)
    if asked in here:
        return asked
    if is_latin(asked):
        # «بلوارkeshavarz»: a marker that belongs to the name is Persian already.
        right = nearest_sound(asked, here)
        if right:
            query.carried += (fault(f"{part}.transliterated"),)
        return right
    right = nearest(asked, here)
    if right:
        query.carried += (fault(f"{part}.misspelt", edits(asked, right) or 1),)
        return right
    # «کوچه چاهرم»: a number in words, which names hold in digits.
    number = load_lexicon().numerals.nearest(asked)
    if number in here:
        query.carried += (fault(f"{part}.misspelt"),)
        return number
    return None
