"""Words that no marker claims, read as a street, an alley, a plaque: pure, no database.

Only from where a piece begins, and as far as names are known: «شرکت بهار» is no street.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from geoservice.geocode.penalties import fault
from geoservice.geocode.query import Query
from geoservice.geocode.score import Candidate
from geoservice.geocode.variants import boulevard, is_side, own_number
from geoservice.geocode.wanted import Wanted, runs_of
from geoservice.model import MatchLevel
from geoservice.persian.lexicon import load_lexicon
from geoservice.persian.plaque import ANOTHER_COUNT, leading_number, number_key


def read_loose(query: Query, found: Iterable[Candidate]) -> list[Candidate]:
    """«انقلاب ۱۲»: take the street and the plaque from the loose words of the query.

    Returns what of `found` lies where these words show the address to be.
    """
    here = list(found)
    lexicon = load_lexicon()
    asked = query.wanted
    between: tuple[str, ...] = ()
    for place, words in enumerate(query.wanted.loose):
        start = 0
        is_last = place + 1 == len(query.wanted.loose)
        if len(query.wanted.localities) > 1 and not query.wanted.street:
            here, start = _settled(query, words, here, is_last=is_last)
        while start < len(words):
            taken = _take(query.wanted, words, start, here, is_last=is_last)
            if taken:
                query.wanted, start = taken
            elif words[start] in ANOTHER_COUNT and query.wanted.plaque != asked.plaque:
                plaque = number_key(f"{query.wanted.plaque} {words[start]}")
                query.wanted, start = replace(query.wanted, plaque=plaque), start + 1
            elif skipped := lexicon.longest_at(lexicon.ignored, words, start):
                start += skipped  # «تهران ایران مولوی»
            else:
                break
        if start < len(words):
            query.unread = True
            if not between and _is_between(asked, query.wanted, words[start:]):
                between = words[start:]
    if query.wanted.street and not asked.street:
        query.carried += (fault("street.unmarked"),)
    query.wanted = _with_estate(query.wanted, here)
    query.between = between
    return here


def estate(wanted: Wanted) -> str | None:
    """The key of a «کوی» behind the street without that word: «خیابان آزادی، کوی گلکار»."""
    words = wanted.area_words
    return load_lexicon().name_key(" ".join(words[1:])) if words in wanted.inside else None


def _with_estate(wanted: Wanted, found: Iterable[Candidate]) -> Wanted:
    """Take a «کوی» behind the street as the neighbourhood that is called so, else as an alley."""
    name = estate(wanted)
    if not name or wanted.township in wanted.localities:
        return wanted
    known = {c.name for c in found if c.match_level is MatchLevel.NEIGHBOURHOOD}
    if wanted.neighbourhood in known:
        return wanted
    if name in known:
        return replace(wanted, neighbourhood=name)
    return wanted if wanted.alley else replace(wanted, neighbourhood=None, alley=name)


def _is_between(asked: Wanted, read: Wanted, words: tuple[str, ...]) -> bool:
    """Whether unknown words stand between the street and the plaque: rather an alley's name than
    what stands around an address, such as a firm's.
    """
    if not read.street or read.plaque != asked.plaque:
        return False
    lexicon = load_lexicon()
    is_other = lexicon.is_aside_at(words, 0) or words[-1] in lexicon.behind  # «پهلوی سابق»
    is_said = lexicon.name_key(" ".join(words)) in (read.street, read.alley, read.plaque)
    if is_said or is_other or any(word in lexicon.bystanders for word in words):
        return False
    if not (asked.street or asked.plaque):
        return True
    return any(piece[-len(words) :] == words for piece in asked.inside)


def take_between(query: Query) -> None:
    """Take unknown words before a plaque as the alley that has it: it is not the street's, nor that
    of a wider alley.
    """
    name = load_lexicon().name_key(" ".join(query.between))
    if not (name and query.wanted.plaque) or query.wanted.street in (name, boulevard(name)):
        return
    if query.wanted.alley:
        query.wanted = replace(query.wanted, plaque=None)
        query.carried += (fault("street.wider"),)
    else:
        query.wanted = replace(query.wanted, alley=name)


def _settled(
    query: Query, words: tuple[str, ...], here: list[Candidate], *, is_last: bool
) -> tuple[list[Candidate], int]:
    """What lies in the village that the words are of, where its city may be meant as well, and
    where its street begins: «همدان چیشین بادام», «اصفهان حنا پروین». A street of that name in the
    city is a doubt where that is named for the province.
    """
    first, *others = query.wanted.localities
    named = [(name, end) for begin, end, name in runs_of(words) if begin == 0 and name in others]
    if query.wanted.county in others:
        named = [(first, 0)]
    for village, start in named:
        places = [each for each in query.places if each.name == village]
        keys = {each.locality for each in places}
        inside = [c for c in here if c.locality in keys]
        if start == len(words) or not _take(query.wanted, words, start, inside, is_last=is_last):
            continue
        outside = [c for c in here if c.locality not in keys]
        if start and _take(query.wanted, words, start, outside, is_last=is_last):
            query.carried += (fault("locality.ambiguous"),)
        query.wanted = replace(query.wanted, localities=(village,))
        query.places = places
        return inside, start
    return here, 0


def _take(
    wanted: Wanted, words: tuple[str, ...], start: int, found: list[Candidate], *, is_last: bool
) -> tuple[Wanted, int] | None:
    """What stands at `start`, taken in, and where the next begins; None for an unknown word.

    Of a street and a neighbourhood of one name the street is meant before a number, and where a
    plaque is given and no other words may be its street.
    """
    ends = [(end, name) for begin, end, name in runs_of(words) if begin == start]
    for end, name in reversed(ends):
        known = [c for c in found if c.name == name]
        is_area = any(c.match_level is MatchLevel.NEIGHBOURHOOD for c in known)
        numbered = end < len(words) and leading_number(words[end]) is not None
        numbered |= end == len(words) and is_last and wanted.plaque is not None
        if wanted.street:
            number = own_number(wanted.street, name)
            if not wanted.alley and (number or any(c.street == wanted.street for c in known)):
                return replace(wanted, alley=name), end
        elif words[end - 1].isdecimal() and (streets := {c.street for c in known if c.street}):
            return replace(wanted, street=min(streets), alley=name), end
        elif (numbered or not is_area) and (street := _street(name, found)):
            return replace(wanted, street=street), end
        if is_area and wanted.neighbourhood in (None, name):
            return replace(wanted, neighbourhood=name), end
    if wanted.street and not wanted.plaque and leading_number(words[start]) is not None:
        return replace(wanted, plaque=number_key(words[start])), start + 1
    return None


def _street(name: str, found: Iterable[Candidate]) -> str | None:
    """The street of a name, or the boulevard: without a marker nobody says which it is.

    Or that of which parts are known («کارگر شمالی»).
    """
    streets = {c.name for c in found if c.match_level is MatchLevel.STREET and not c.street}
    whole = name if any(is_side(each, name) for each in streets) else None
    return next((each for each in (name, boulevard(name)) if each in streets), whole)
