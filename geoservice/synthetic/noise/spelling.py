"""Noise in letters and words: typing errors, Arabic letters, spaces, abbreviations."""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random

from rapidfuzz.distance import OSA

from geoservice.persian.letters import joined
from geoservice.synthetic.noise.draft import Draft, Segment
from geoservice.synthetic.noise.truth import Surroundings

# Keys side by side on a Persian keyboard, row by row; letters that sound alike.
_ROWS = ("ضصثقفغعهخحجچ", "شسیبلاتنمکگ", "ظطزرذدپو")
_ALIKE = ("سصث", "زذضظ", "تط", "قغ", "حه", "اآ")
_SHORTEST = 4  # letters of a word that is mistyped

_SHORT = {
    "خیابان": ("خ", "خ.", "خ "),
    "بلوار": ("بل", "بل.", "بلوار"),
    "کوچه": ("ک", "ک.", "ک "),
    "پلاک": ("پ", "پ.", "پ ", "پلاک"),
    "طبقه": ("ط", "ط.", "ط "),
    "واحد": ("واحد", "و"),
    "میدان": ("م", "م."),
}

_ARABIC = str.maketrans("یک", "يك")
_ARABIC_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩")
_ZWNJ = "\u200c"
_NAMED = ("street", "locality", "neighbourhood", "county", "province")


def typo(draft: Draft, random: Random, around: Surroundings) -> Draft | None:
    """One typing error in the name of the street, the settlement or the neighbourhood.

    It never makes another name that is as near, since then nobody could tell which is meant.
    """
    parts = [part for part in ("street", "street", "locality", "neighbourhood") if draft.has(part)]
    part = random.choice(parts)
    truth = draft.truth
    known = {joined(name) for name in around.streets[truth.province, truth.locality]}
    if part == "locality":
        known = set(around.localities)

    def mistyped(segment: Segment) -> Segment:
        words = segment.value.split(" ")
        long = [n for n, word in enumerate(words) if len(word) >= _SHORTEST and word.isalpha()]
        if long:
            n = random.choice(long)
            words[n] = _mistyped(words[n], random)
        return replace(segment, value=" ".join(words))

    found = draft.mapped(mistyped, part)
    (before,), (after,) = (
        [joined(s.value) for s in each.segments if s.part == part] for each in (draft, found)
    )
    others = known - {before}
    if after == before or any(OSA.distance(after, name, score_cutoff=1) < 2 for name in others):
        return None
    return found


def arabic_letters(draft: Draft, random: Random, _: Surroundings) -> Draft | None:
    """Arabic ي and ك, sometimes Arabic digits, a kasra or a tatweel as well."""
    digits, marks, tatweel = (random.random() < share for share in (0.3, 0.2, 0.15))

    def written(segment: Segment) -> Segment:
        marker, value = (text.translate(_ARABIC) for text in (segment.marker, segment.value))
        if digits:
            value = value.translate(_ARABIC_DIGITS)
        if marks and segment.part in ("street", "alley"):
            marker += "\u0650"
        if tatweel and segment.part == "street":
            value = re.sub(r"([سشصتنیبم])(?=[\u0621-\u06cc])", "\\1\u0640", value, count=1)
        return replace(segment, marker=marker, value=value)

    found = draft.mapped(written)
    return found if found.text() != draft.text() else None


def half_spaces(draft: Draft, random: Random, _: Surroundings) -> Draft | None:
    """Half-spaces as spaces or left out, spaces as half-spaces or left out, within names."""

    def written(segment: Segment) -> Segment:
        if segment.part not in _NAMED:
            return segment
        value = segment.value.replace(_ZWNJ, random.choice((" ", "")))
        if value == segment.value:
            value = value.replace(" ", random.choice((_ZWNJ, _ZWNJ, "")))
        return replace(segment, value=value)

    found = draft.mapped(written)
    if found.text() == draft.text():
        found = draft.mapped(lambda each: replace(each, glue=_ZWNJ), "plaque", "street")
    return found


def without_spaces(draft: Draft, random: Random, _: Surroundings) -> Draft | None:
    """Spaces left out: between some markers and their names, everywhere, or even the commas."""
    kind = random.random()
    if kind < 0.5:
        parts = random.sample([s.part for s in draft.segments], k=min(3, len(draft.segments)))
        found = draft.mapped(lambda each: replace(each, glue=""), *parts)
        return replace(found, separator="،")
    found = draft.mapped(lambda each: replace(each, glue="", value=each.value.replace(" ", "")))
    return replace(found, separator="،" if kind < 0.8 else " ")


def abbreviated(draft: Draft, random: Random, _: Surroundings) -> Draft | None:
    """خ، ک، پ، بل، ط، و in place of the words, with a dot, a space or neither."""
    separator = random.choice(("، ", " - ", "، ", " "))

    def short(segment: Segment) -> Segment:
        if segment.part in ("province", "county", "locality"):
            bare = segment.marker != "روستای" and random.random() < 0.5
            return replace(segment, marker="" if bare else segment.marker)
        written = random.choice(_SHORT.get(segment.marker, (segment.marker,)))
        glue = "" if written.endswith(" ") or random.random() < _glued(segment) else " "
        return replace(segment, marker=written, glue=glue)

    return replace(draft.mapped(short), separator=separator)


def _glued(segment: Segment) -> float:
    """How often nothing stands between an abbreviation and a number: «پ۵»."""
    return 0.4 if segment.part in ("plaque", "floor", "unit") else 0.0


def _mistyped(word: str, random: Random) -> str:
    at = random.randrange(1, len(word) - 1)
    kind = random.random()
    if kind < 0.25:
        return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
    if kind < 0.5:
        return word[:at] + word[at + 1 :]
    if kind < 0.65:
        return word[:at] + word[at] + word[at:]
    return word[:at] + _wrong_letter(word[at], random) + word[at + 1 :]


def _wrong_letter(letter: str, random: Random) -> str:
    near = [
        row[n]
        for row in _ROWS
        for n in (row.find(letter) - 1, row.find(letter) + 1)
        if letter in row and 0 <= n < len(row)
    ]
    alike = [each for group in _ALIKE if letter in group for each in group if each != letter]
    return random.choice(near + alike or ["ا"])
