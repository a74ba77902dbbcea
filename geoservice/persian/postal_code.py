"""The ten digits of an Iranian postal code.

The first five are the postal zone, the last five the location inside it. There is no checksum;
the hard rule below is what the national address services refuse.
"""

from __future__ import annotations

import re

from geoservice.errors import InvalidValue
from geoservice.persian.letters import INVISIBLE, tidy
from geoservice.persian.numbers import ascii_digits, cell_text, persian_digits

DEFAULT_PATTERN = r"[13-9]{4}[1346-9][1-9](?!0000)\d{4}"

# The same rule place by place, so that a refusal can name the digit.
_NEVER = ("02", "02", "02", "02", "025", "0")
_EXPECTED = "a postal code of ten digits"

_BREAK = rf"[\s\u200c{INVISIBLE}]{{0,3}}"
_DASH = "[-‐‑–—−]"
_LABEL = rf"[کك]د{_BREAK}(?:پست[یيى])?|postal{_BREAK}code|post{_BREAK}code|zip(?:{_BREAK}code)?"
_PREFIX = re.compile(rf"^(?:{_LABEL})[\s:.]*", re.IGNORECASE)
_ZONE = rf"(?<!\w)(?:گشت|postal{_BREAK}zone)"  # as its label begins
_ZONE_ALONE = re.compile(rf"(?:(?:{_LABEL}|{_ZONE})[\s:.،]*)?(\d{{5}})", re.IGNORECASE)
_LABELLED = re.compile(
    rf"(?:(?:[کك]د{_BREAK}پست[یيى]|postal{_BREAK}code)[\s:.،,]{{0,5}}"
    rf"(?P<code>\d{{3,20}}(?:{_DASH}\d{{1,20}})?)|{_ZONE}[\s:.]{{0,5}}(?P<zone>\d{{5}}))"
    rf"(?![\s‐‑–—−-]?\d)",
    re.IGNORECASE,
)
_CODE = re.compile(rf"(\d{{5}}){_DASH}?(\d{{5}})(?:[.٫]0+)?")
# What spreadsheets and their exports make of ten digits.
_QUOTED = re.compile(r"=?\"([^\"]*)\"|['’‘]([^'’‘]*)")
_GROUPED = re.compile(r"(\d)([,٬،'’])(\d{3})\2(\d{3})\2(\d{3})(?=[.٫]|$)")
_SCIENTIFIC = re.compile(r"(\d)[.٫](\d*)[eE]\+?0?9")
_FIVE = re.compile("[0-9]{5}")  # most texts have no such number, and need no closer look
# Other numbers that may have ten digits are told by the word before them.
_IN_TEXT = re.compile(
    rf"""
    (?:(?:(?P<label>[کك]د{_BREAK}پست[یيى]|postal{_BREAK}code)
      |(?P<other>صندوق{_BREAK}پست[یيى]|[کك]د{_BREAK}مل[یيى]|شناسه{_BREAK}مل[یيى]
        |تلفن|همراه|موبا[یيئ]ل|تماس|ف[اکك]س))[\s:.،,]{{0,5}})?
    (?<![0-9])(?P<zone>[0-9]{{5}})(?:\s?{_DASH}\s?|\s)?(?P<inside>[0-9]{{5}})(?![0-9])
    """,
    re.VERBOSE | re.IGNORECASE,
)


def parse_postal_code(text: object, *, pattern: str = DEFAULT_PATTERN) -> str:
    """Return the ten ASCII digits of `text`.

    Persian digits, spaces, a dash after the fifth digit, the words «کد پستی» before, and a whole
    number typed by a spreadsheet are accepted, and so is what exports make of it: ="…", '…,
    separators of thousands, .00, and 4.616810297E+09 if all ten digits are there. `pattern` is the
    hard rule, a regular expression for all ten digits; ten equal digits are refused in any case.

    >>> parse_postal_code("کد پستی: ۱۴۳۶۹-۴۷۵۸۳"), parse_postal_code('="1,436,947,583"')
    ('1436947583', '1436947583')

    :raises InvalidValue: with the count, the place or the digit that is wrong, in both languages.
    """
    if isinstance(text, (int, float)) and not isinstance(text, bool) and text == text // 1:
        written = cell_text(str(int(text)), _EXPECTED)
    else:
        written = cell_text(text, _EXPECTED)
    compact = re.sub(r"\s|\u200c", "", _PREFIX.sub("", _unwrapped(written), count=1))
    found = _CODE.fullmatch(_ten_digits(compact))
    if found is None:
        raise InvalidValue(text, *_why_not_ten_digits(compact))
    code = found[1] + found[2]
    if len(set(code)) == 1:
        raise InvalidValue(
            text,
            f"{code} is one digit ten times: no such postal code exists",
            f"{persian_digits(code)} ده بار یک رقم است و چنین کد پستی نیست",
        )
    if re.fullmatch(pattern, code) is None:
        raise InvalidValue(text, *_broken_rule(code, pattern))
    return code


def find_postal_code(text: str, *, pattern: str = DEFAULT_PATTERN) -> str | None:
    """Return the postal code that stands inside a free text, or None.

    After the words «کد پستی» any ten digits are taken as written; elsewhere they must keep the
    hard rule `pattern` and must not be named as something else (telephone, national ID, box).
    """
    return split_postal_code(text, pattern=pattern)[0]


def split_postal_code(text: str, *, pattern: str = DEFAULT_PATTERN) -> tuple[str | None, str]:
    """Return the postal code inside `text` and the text with a comma in its place.

    What counts as a code is told at `find_postal_code`; a labelled one comes before others.
    """
    best = None
    digits = ascii_digits(text)
    if not _FIVE.search(digits):
        return None, text
    for found in _IN_TEXT.finditer(digits):
        code = found["zone"] + found["inside"]
        if found["label"]:
            best = found
            break
        if best is None and not found["other"] and _keeps_rule(code, pattern):
            best = found
    if best is None:
        return None, text
    start = best.start("label") if best["label"] else best.start("zone")
    return best["zone"] + best["inside"], f"{text[:start]}،{text[best.end() :]}"


def find_zone(text: str) -> str | None:
    """Return the postal zone that `text` asks for: five digits, «کد پستی» or «گشت», nothing else.

    >>> find_zone("کد پستی ۱۴۳۶۹"), find_zone("گشت ۱۴۳۶۹")
    ('14369', '14369')
    """
    found = _ZONE_ALONE.fullmatch(tidy(ascii_digits(text)))
    return found[1] if found else None


def split_labelled(text: str) -> tuple[str | None, str]:
    """Return digits behind the words «کد پستی» and the text with a comma in their place.

    So are five behind «گشت», which a zone's label begins with.

    Five of them are a zone; what is neither five nor ten is for `parse_postal_code` to refuse.

    >>> split_labelled("شیراز، کد پستی ۴۶۱۶۸")
    ('46168', 'شیراز، ،')
    >>> split_labelled("کدپستی ۳۳۵۹۱۲۴۸۰")
    ('335912480', '،')
    """
    found = _LABELLED.search(ascii_digits(text))
    if found is None:
        return None, text
    return found["code"] or found["zone"], f"{text[: found.start()]}،{text[found.end() :]}"


def zone_label(zone: str) -> str:
    """Return the label of a postal zone; what stands behind its digits stays.

    >>> zone_label("14369، تهران")
    'گشت ۱۴۳۶۹، تهران'
    """
    return f"گشت {persian_digits(zone)}"


def zone(code: str) -> str:
    """Return the postal zone of a parsed code: its first five digits."""
    return code[:5]


def _keeps_rule(code: str, pattern: str) -> bool:
    return len(set(code)) > 1 and re.fullmatch(pattern, code) is not None


def _unwrapped(written: str) -> str:
    """Without what tells a spreadsheet that it is a text: ="…" or an apostrophe before it."""
    found = _QUOTED.fullmatch(written)
    return (found[1] or found[2] or "") if found else written


def _ten_digits(compact: str) -> str:
    """Without separators of thousands; from its scientific form, if that lost no digit."""
    compact = _GROUPED.sub(r"\1\3\4\5", compact, count=1)
    found = _SCIENTIFIC.fullmatch(compact)
    return found[1] + found[2] if found and len(found[2]) == 9 else compact


def _why_not_ten_digits(compact: str) -> tuple[str, str]:
    """In English and in Persian."""
    shown = persian_digits(compact)
    if _SCIENTIFIC.fullmatch(compact):
        return (
            f"'{compact}' has lost digits: make the column a text column and fill it again",
            f"«{shown}» رقم‌هایی را از دست داده است؛ ستون را متنی کنید و دوباره پر کنید",
        )
    digits = re.sub(_DASH, "", compact)
    strange = re.search(r"[^0-9]", digits)
    if strange:
        return (
            f"'{compact}' has '{strange[0]}' in it: {_EXPECTED} is expected",
            f"«{shown}» نویسهٔ «{strange[0]}» دارد؛ کد پستی ده رقم است",
        )
    if len(digits) == 10:
        return (
            f"'{compact}' has a dash elsewhere than after the fifth digit",
            f"خط تیرهٔ «{shown}» جز پس از رقم پنجم است",
        )
    hint = "; none starts with 0, so no leading zero was lost" if len(digits) == 9 else ""
    count = f"{len(digits)} digit{'' if len(digits) == 1 else 's'}"
    hint_fa = "؛ هیچ کدی با صفر آغاز نمی‌شود، پس صفری نیفتاده است" if hint else ""
    return (
        f"'{compact}' has {count}: ten are expected{hint}",
        f"«{shown}» {persian_digits(str(len(digits)))} رقم دارد و کد پستی ده رقم است{hint_fa}",
    )


def _broken_rule(code: str, pattern: str) -> tuple[str, str]:
    """In English and in Persian."""
    shown = persian_digits(code)
    if pattern != DEFAULT_PATTERN:
        return (
            f"{code} does not keep the rule for postal codes in force here: {pattern}",
            f"{shown} با قاعدهٔ کد پستی که اینجا برقرار است نمی‌خواند: {pattern}",
        )
    for place, (digit, never) in enumerate(zip(code, _NEVER, strict=False), start=1):
        if digit in never:
            return (
                f"digit {place} of {code} is {digit}: it is never {' or '.join(never)} there",
                persian_digits(f"رقم {place} {code} که {digit} است هرگز {' یا '.join(never)} نیست"),
            )
    return (
        f"{code} ends in 0000: the last four digits of a postal code are never all zero",
        f"{shown} به ۰۰۰۰ پایان می‌یابد؛ چهار رقم آخر کد پستی همه صفر نیست",
    )
