"""Words and values as HTML: escaped, isolated, in both languages."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

from markupsafe import Markup

from geoservice.catalog.layer import Attribute
from geoservice.model import Title, yes_or_no
from geoservice.persian.calendar import jalali
from geoservice.persian.numbers import persian_digits
from geoservice.publish.units import unit_of, words_of

NOTHING = Markup('<span class="null">—</span>')

# Controls that nobody sees, among them those that would turn the text around them: they are shown.
# Zero-width joiners and the marks that go with one letter are part of Persian writing.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")

_NO_LETTERS = re.compile(r"[\x20-\x7e]*")
_ON_SCREEN = 6  # significant digits of a fraction; the whole number is in the element's `value`


def visible(text: str) -> str:
    """The text with its invisible controls named, as `[U+202E]`."""
    return _CONTROLS.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def isolated(text: object) -> Markup:
    """A text of unknown direction; what is only ASCII (codes, ids, addresses) is left to right."""
    shown = visible(str(text))
    if _NO_LETTERS.fullmatch(shown):
        return Markup('<bdi dir="ltr">{}</bdi>').format(shown)
    return Markup("<bdi>{}</bdi>").format(shown)


def number(value: float | Decimal, *, grouped: bool = True) -> Title:
    """A number in Persian and in English digits, thousands apart."""
    if isinstance(value, int) or value == int(value):
        text = f"{int(value):,}"
    else:
        whole = f"{abs(value):.0f}"
        digits = max(_ON_SCREEN - len(whole), 2)
        text = f"{value:,.{digits}f}".rstrip("0").rstrip(".")
        if not text.strip("-0.,"):
            text = f"{value:.3g}"
    if not grouped:
        text = text.replace(",", "")
    persian = persian_digits(text).replace(",", "٬").replace(".", "٫").replace("-", "\u200e−")
    return Title(persian, text)


def date(value: datetime.date) -> Title:
    """A day in the Jalali and the Gregorian calendar; Gregorian twice where there is no other."""
    written = value.isoformat()
    try:
        return Title(persian_digits(jalali(value)), written)
    except ValueError:
        return Title(persian_digits(written), written)


def cell(name: str, attribute: Attribute, value: object, reason: str | None = None) -> Markup:
    """A value as it stands in a table, in Persian digits; its other writing is its tooltip.

    `reason` says why there is none.
    """
    if value is None:
        return _nothing(reason)
    if title := _title_of(attribute, value):
        return Markup('<span title="{}">{}</span>').format(
            visible(f"{title.en} ({value})"), visible(title.fa)
        )
    if isinstance(value, bool):
        words = yes_or_no(value)
        return Markup('<span title="{}">{}</span>').format(words.en, words.fa)
    if isinstance(value, (int, float, Decimal)):
        shown, unit = number(value, grouped=not _is_year(name)), unit_of(attribute)
        after = Markup(' <span class="unit">{}</span>').format(unit.fa) if unit.fa else ""
        return Markup('<data value="{}" title="{}">{}{}</data>').format(
            value, f"{shown.en} {unit.en}".strip(), shown.fa, after
        )
    return _time(value) if isinstance(value, datetime.date) else isolated(value)


def _title_of(attribute: Attribute, value: object) -> Title | None:
    """What the declaration calls a code of a closed list."""
    return attribute.code_titles.get(value) if isinstance(value, (str, int)) else None


def _nothing(reason: str | None) -> Markup:
    if reason is None:
        return NOTHING
    return Markup('<span class="null" title="{}">—</span>').format(visible(reason))


def _time(value: datetime.date) -> Markup:
    """A day; of a point in time the minute too, in UTC."""
    if not isinstance(value, datetime.datetime):
        day = date(value)
        return Markup('<time datetime="{}" title="{}">{}</time>').format(day.en, day.en, day.fa)
    written = value.isoformat().replace("+00:00", "Z")
    return Markup('<time datetime="{}" title="{}">{} <bdi dir="ltr">{} UTC</bdi></time>').format(
        written, written, date(value.date()).fa, value.strftime("%H:%M")
    )


def english(name: str, attribute: Attribute, value: object) -> str:
    """The same value for readers of English; empty where it is a text, which has one writing."""
    if title := _title_of(attribute, value):
        return visible(title.en)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float, Decimal)):
        shown, unit = number(value, grouped=not _is_year(name)), unit_of(attribute)
        return f"{shown.en} {unit.en}".strip()
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ", "minutes").replace("+00:00", " UTC")
    return value.isoformat() if isinstance(value, datetime.date) else ""


def distance(metres: int) -> Title:
    """A length in kilometres, in metres below one."""
    size, unit = (metres // 1000, "km") if metres >= 1000 else (metres, "m")
    shown, words = number(size), words_of(unit)
    return Title(f"{shown.fa} {words.fa}", f"{shown.en} {words.en}")


def _is_year(name: str) -> bool:
    """Whether the numbers of an attribute name years: those have no thousands."""
    return name == "year" or name.endswith("_year")
