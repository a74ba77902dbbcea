"""Made-up projects."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random

from geoservice.persian.calendar import jalali
from geoservice.persian.numbers import persian_digits
from geoservice.synthetic.agencies import MARK_EN, MARK_FA, agency_id
from geoservice.synthetic.life_cycle import LifeCycle, life_cycle
from geoservice.synthetic.localities import Locality
from geoservice.synthetic.sites import Sites
from geoservice.synthetic.vocabulary import Sector, vocabulary

COLUMNS = (
    "id",
    "title_fa",
    "title_en",
    "agency_id",
    "sector",
    "status",
    "budget",
    "spent",
    "currency",
    "planned_start",
    "planned_end",
    "actual_start",
    "completion_date",
    "physical_progress",
    "financial_progress",
    "province",
    "county",
    "city",
    "address",
    "postal_code",
    "lon",
    "lat",
    "synthetic",
)

_MEDIAN_BUDGET = 150_000_000_000  # rial, in a sector of budget 1
_BUDGET_SPREAD = 1.2  # standard deviation of the log
_LINGERING_BUDGET = 2.0  # projects that linger are the bigger ones
_ROUND = 1_000_000  # rial


def projects(count: int, sites: Sites, seed: int) -> Iterator[dict[str, object]]:
    """Yield `count` projects, one at a time.

    Columns are those of the table source.project, with lon, lat (EPSG:4326): dates are Jalali
    text, amounts whole rials, progress in percent. Fewer projects are the first of more.
    """
    sectors = vocabulary().sectors
    weights = [sector.weight for sector in sectors]
    for number in range(1, count + 1):
        random = Random(f"{seed}/project/{number}")  # noqa: S311 - made-up data, not secrets
        sector = random.choices(sectors, weights)[0]
        life = life_cycle(number, random)
        locality, columns = sites.site(number, random)
        title_fa, title_en = _titles(sector, locality, random)
        budget = _budget(sector, life, random)
        yield {
            "id": f"SYN-{number:06}",
            "title_fa": title_fa,
            "title_en": title_en,
            "agency_id": agency_id(sector, random.randrange(len(sector.agencies))),
            "sector": sector.title.fa,
            "status": life.status,
            "budget": budget,
            "spent": round(budget * life.financial_progress / 100 / _ROUND) * _ROUND,
            "currency": "IRR",
            "planned_start": jalali(life.planned_start),
            "planned_end": jalali(life.planned_end),
            "actual_start": _jalali_or_empty(life.actual_start),
            "completion_date": _jalali_or_empty(life.completion_date),
            "physical_progress": life.physical_progress,
            "financial_progress": life.financial_progress,
            **columns,
            "synthetic": "true",
        }


def _titles(sector: Sector, locality: Locality, random: Random) -> tuple[str, str]:
    title = random.choice(sector.titles)
    number = str(random.choice(title.numbers)) if title.numbers else ""
    settlement = locality.settlement
    fa = title.fa.format(place=settlement.name, n=persian_digits(number))
    en = title.en.format(place=settlement.name_en, n=number)
    return f"{fa} {MARK_FA}", f"{en} {MARK_EN}"


def _budget(sector: Sector, life: LifeCycle, random: Random) -> int:
    scale = sector.budget * (_LINGERING_BUDGET if life.lingering else 1)
    rials = _MEDIAN_BUDGET * scale * random.lognormvariate(0, _BUDGET_SPREAD)
    return round(rials / _ROUND) * _ROUND


def _jalali_or_empty(day: date | None) -> str:
    return jalali(day) if day else ""
