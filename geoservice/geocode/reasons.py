"""Why a row could not be placed, in words: Persian and English, from its faults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from geoservice.geocode.titles import fault_title
from geoservice.model import Title

NOTHING = Title(
    "نه مختصات دارد، نه کد پستی، نه نشانی و نه نام ناحیه",
    "it has no coordinates, no postal code, no address and no name of a region",
)
UNREAD = Title(
    "در نشانی نام استان، شهرستان، شهر یا روستایی شناخته نشد",
    "no province, county, city or village was recognised in its address",
)


def reason(
    faults: Sequence[str], *, has_text: bool, details: Mapping[str, Title] | None = None
) -> Title:
    """The sentence for a row that has these faults; `has_text` if any address or name was given.

    `details` are what there is to say of a fault beyond its title.
    """
    more = details or {}
    said = [more.get(name) or fault_title(name) for name in faults]
    if not said:
        return UNREAD if has_text else NOTHING
    return Title("؛ ".join(each.fa for each in said), "; ".join(each.en for each in said))
