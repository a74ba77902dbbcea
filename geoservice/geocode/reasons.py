"""What a fault says, in words: Persian and English; and why a row could not be placed."""

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
    "alley": Title("کوچه", "alley"),
    "plaque": Title("پلاک", "plaque"),
    "unit": Title("واحد", "unit"),
}
_WHY = {
    "not_matched": Title("{} در فهرست مکان‌ها یافت نشد", "the {} is not in the gazetteer"),
    "ambiguous": Title(
        "نام {} از آنِ چند جاست؛ استان و شهرستان را بنویسید",
        "the name of the {} is that of several places: give province and county",
    ),
    "contradicted": Title(
        "{} با بقیهٔ نشانی نمی‌خواند", "the {} does not agree with the rest of the address"
    ),
    "misspelt": Title("{} با غلط املایی نوشته شده است", "the name of the {} is misspelt"),
    "transliterated": Title(
        "{} از نویسهٔ لاتین خوانده شد", "the name of the {} was read from Latin letters"
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
    "coordinates.no_region": Title(
        "مختصات در هیچ استانی نیست", "the coordinates lie in no province"
    ),
    "locality.assumed": Title(
        "شهر یا روستا نوشته نشده و از بقیهٔ نشانی برداشت شد",
        "no city or village is given: it was taken from the rest of the address",
    ),
    "locality.outweighed": Title(
        "نام شهر از آنِ چند جاست و پرجمعیت‌ترین برداشته شد",
        "several places have the name of the city: by far the most populous was taken",
    ),
    "street.unmarked": Title(
        "نام خیابان بی واژهٔ «خیابان» نوشته شده است",
        "the name of the street stands without a word that says it is one",
    ),
    "street.wider": Title(
        "خیابان یافت نشد و خیابان اصلی‌تر برداشته شد",
        "the street is not in the gazetteer: the wider one that was named was taken",
    ),
    "street.missing": Title(
        "خیابان کوچه نوشته نشده است", "the street that the alley lies in is not given"
    ),
    "plaque.interpolated": Title(
        "پلاک ثبت نشده و جای آن میان دو پلاک همسایه برآورد شد",
        "the plaque is not recorded: its place was estimated between its neighbours",
    ),
    "plaque.inexact": Title(
        "پلاک با همین عدد، نه با همین نوشته، یافت شد",
        "a plaque of that number was found, though not written the same",
    ),
    "near.decided": Title(
        "از چند جای هم‌نام، نزدیک‌ترین برداشته شد",
        "of several places of the name the nearest was taken",
    ),
    "rest.not_matched": Title(
        "بخشی از نشانی شناخته نشد", "a part of the address was not recognised"
    ),
}


def reason(faults: Sequence[str], *, has_text: bool) -> Title:
    """The sentence for a row that has these faults; `has_text` if any address or name was given."""
    said = [sentence(name) for name in faults]
    if not said:
        return UNREAD if has_text else NOTHING
    return Title("؛ ".join(each.fa for each in said), "; ".join(each.en for each in said))


def sentence(name: str) -> Title:
    """What the fault of that name says.

    >>> sentence("street.misspelt").en
    'the name of the street is misspelt'
    """
    if name in _SAID:
        return _SAID[name]
    part, _, why = name.partition(".")
    return Title(
        _WHY[why].fa.format(_PARTS[part].fa),
        _WHY[why].en.format(_PARTS[part].en),
    )
