"""Why a row could not be placed, in words: Persian and English, from its faults."""

from __future__ import annotations

from collections.abc import Sequence

from geoservice.model import Title

NOTHING = Title(
    "نه مختصات دارد، نه کد پستی، نه نشانی و نه نام ناحیه",
    "it has no coordinates, no postal code, no address and no name of a region",
)
UNREAD = Title(
    "در نشانی نام استان، شهرستان، شهر یا روستایی شناخته نشد",
    "no province, county, city or village was recognised in its address",
)

_PARTS = {
    "zone": Title("گشت پستی", "postal zone"),
    "province": Title("استان", "province"),
    "county": Title("شهرستان", "county"),
    "district": Title("بخش یا دهستان", "district"),
    "locality": Title("شهر یا روستا", "city or village"),
    "neighbourhood": Title("محله", "neighbourhood"),
    "street": Title("خیابان", "street"),
}
_WHY = {
    "not_matched": Title("{} در فهرست مکان‌ها یافت نشد", "the {} is not in the gazetteer"),
    "ambiguous": Title(
        "نام {} از آنِ چند جاست؛ استان و شهرستان را بنویسید",
        "the name of the {} is that of several places: give province and county",
    ),
    "contradicted": Title(
        "{} در استان یا شهرستان دیگری است", "the {} lies in another province or county"
    ),
}
_SAID = {
    "coordinates.zero": Title("مختصات صفر و صفر است", "the coordinates are 0, 0"),
    "coordinates.swapped": Title(
        "طول و عرض جغرافیایی جابه‌جا نوشته شده است", "longitude and latitude are swapped"
    ),
    "coordinates.outside": Title(
        "مختصات بیرون از ایران است", "the coordinates lie outside the country"
    ),
    "postal_code.invalid": Title("کد پستی درست نیست", "the postal code is not a valid one"),
    "postal_code.not_found": Title("کد پستی شناخته نیست", "the postal code is not known"),
    "postal_code.no_point": Title(
        "نشانی کد پستی مختصات ندارد", "the address of the postal code has no point"
    ),
}


def reason(faults: Sequence[str], *, has_text: bool) -> Title:
    """The sentence for a row that has these faults; `has_text` if any address or name was given."""
    said = [_say(name) for name in faults]
    if not said:
        return UNREAD if has_text else NOTHING
    return Title("؛ ".join(each.fa for each in said), "; ".join(each.en for each in said))


def _say(name: str) -> Title:
    if name in _SAID:
        return _SAID[name]
    part, _, why = name.partition(".")
    return Title(
        _WHY[why].fa.format(_PARTS[part].fa),
        _WHY[why].en.format(_PARTS[part].en),
    )
