"""What the geocoder's names mean, in words: faults, match levels, parts of an address."""

from __future__ import annotations

from geoservice.model import MatchLevel, Title

PARTS = {
    "zone": Title("گشت پستی", "postal zone"),
    "postal_code": Title("کد پستی", "postal code"),
    "province": Title("استان", "province"),
    "county": Title("شهرستان", "county"),
    "district": Title("بخش یا دهستان", "district"),
    "rural_district": Title("دهستان", "rural district"),
    "locality": Title("شهر یا روستا", "city or village"),
    "city": Title("شهر", "city"),
    "village": Title("روستا", "village"),
    "neighbourhood": Title("محله", "neighbourhood"),
    "street": Title("خیابان", "street"),
    "alley": Title("کوچه", "alley"),
    "plaque": Title("پلاک", "plaque"),
    "floor": Title("طبقه", "floor"),
    "unit": Title("واحد", "unit"),
    "building": Title("ساختمان", "building"),
    "name": Title("نام", "name"),
    "landmarks": Title("نشانه‌ها", "landmarks"),
    "rest": Title("بی‌نشان", "without a marker"),
}

LEVELS = {
    MatchLevel.POINT: Title("نقطه", "point"),
    MatchLevel.UNIT: Title("واحد", "unit"),
    MatchLevel.PLAQUE: Title("پلاک", "plaque"),
    MatchLevel.STREET: Title("خیابان یا کوچه", "street or alley"),
    MatchLevel.NEIGHBOURHOOD: Title("محله", "neighbourhood"),
    MatchLevel.POSTAL_CODE: Title("کد پستی", "postal code"),
    MatchLevel.POSTAL_ZONE: Title("گشت پستی", "postal zone"),
    MatchLevel.LOCALITY: Title("شهر یا روستا", "city or village"),
    MatchLevel.DISTRICT: Title("بخش یا دهستان", "district"),
    MatchLevel.COUNTY: Title("شهرستان", "county"),
    MatchLevel.PROVINCE: Title("استان", "province"),
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
    "transliterated": Title(
        "نام {} از نویسه‌های لاتین خوانده شد", "the name of the {} was read from Latin letters"
    ),
    "misspelt": Title("نام {} جور دیگری نوشته شده است", "the name of the {} is spelt otherwise"),
    "assumed": Title("{} گفته نشده بود و حدس زده شد", "the {} was not given and is assumed"),
    "outweighed": Title(
        "چند جا همین نام را دارند؛ پرجمعیت‌ترین {} گرفته شد",
        "several places bear the name: the most populous {} is taken",
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
    "coordinates.no_region": Title(
        "مختصات در هیچ ناحیه‌ای نیست", "the coordinates lie in no region"
    ),
    "postal_code.invalid": Title("کد پستی درست نیست", "the postal code is not a valid one"),
    "postal_code.not_found": Title("کد پستی شناخته نیست", "the postal code is not known"),
    "postal_code.no_point": Title(
        "نشانی کد پستی مختصات ندارد", "the address of the postal code has no point"
    ),
    "postal_code.several": Title(
        "بیش از یک کد پستی نوشته شده است", "more than one postal code is given"
    ),
    "plaque.several": Title("بیش از یک پلاک نوشته شده است", "more than one plaque is given"),
    "plaque.interpolated": Title(
        "جای پلاک از همسایه‌هایش برآورد شده است", "the plaque's place is estimated from neighbours"
    ),
    "plaque.inexact": Title(
        "پلاک با همین عدد، نه با همین نوشته، یافت شد",
        "a plaque of that number was found, though not written the same",
    ),
    "street.unmarked": Title(
        "نام خیابان بی واژهٔ «خیابان» نوشته شده است",
        "the name of the street stands without a word that says it is one",
    ),
    "street.wider": Title(
        "خیابان یافت نشد و خیابان اصلی‌تر برداشته شد",
        "the street is not in the gazetteer: the wider one that was named was taken",
    ),
    "street.kind_differs": Title(
        "خیابان، بلوار یا بزرگراه بودنش جور دیگری نوشته شده است",
        "it is another kind of street than was said",
    ),
    "street.partial": Title(
        "تنها بخشی از نام خیابان یکی است", "only a part of the name of the street agrees"
    ),
    "street.missing": Title(
        "خیابان کوچه نوشته نشده است", "the street that the alley lies in is not given"
    ),
    "landmark.beside": Title(
        "جای ساختمانی است که نشانی کنار آن گفته شده است",
        "it is the place of the building that the address is said to be beside",
    ),
    "rest.not_matched": Title(
        "بخشی از نشانی شناخته نشد", "a part of the address was not recognised"
    ),
    "filter.dropped": Title(
        "آنچه یافت شد بیرون از محدوده، ناحیه یا سطح خواسته‌شده است",
        "what was found lies outside the box or region, or is not of the level, asked for",
    ),
    "region.schematic": Title(
        "مرز این ناحیه شماتیک است", "the boundary of this region is only sketched"
    ),
    "address.unread": Title("نشانی‌ای شناخته نشد", "no address was recognised"),
}


def fault_title(name: str) -> Title:
    """A fault in words; a name that has none stands for itself.

    >>> fault_title("street.not_matched").en
    'the street is not in the gazetteer'
    """
    part, _, why = name.partition(".")
    if name in _SAID or part not in PARTS or why not in _WHY:
        return _SAID.get(name, Title(name, name))
    return Title(
        _WHY[why].fa.format(PARTS[part].fa),
        _WHY[why].en.format(PARTS[part].en),
    )
