"""Encode 200,000 rows of 12 attributes in the format of argument 1.

Prints the most MiB that this process had, and that a child of it had.
"""

from __future__ import annotations

import asyncio
import re
import resource
import struct
import sys
from collections.abc import AsyncGenerator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from geoservice.catalog.layer import AttributeType
from geoservice.publish.formats.format import FORMATS
from tests.publish.formats.conftest import Row, table

NUMBER = 200_000
TYPES: tuple[AttributeType, ...] = (
    *("integer", "string", "string", "string", "string", "integer", "integer"),
    *("number", "number", "boolean", "date", "date-time"),
)


async def rows() -> AsyncGenerator[Sequence[Row], None]:
    for start in range(0, NUMBER, 2000):
        yield [row(number) for number in range(start, start + 2000)]


def row(number: int) -> Row:
    texts = (f"روستای {number}", f"{number:010}", "آبادی", "یادداشت " * 4)
    day, moment = date(2000, 1, 1), datetime(2024, 1, 1, tzinfo=UTC)
    place = struct.pack("<BIdd", 1, 1, 44 + number % 1900 / 100, 25 + number % 1400 / 100)
    return (
        *(number, *texts, number % 5000, 1404, number * 0.37, number / 7, number % 2 == 0),
        *(day + timedelta(number % 9000), moment + timedelta(seconds=number), place),
    )


async def main() -> None:
    of = table({f"a{place}": kind for place, kind in enumerate(TYPES)})
    async for _ in FORMATS[sys.argv[1]].encode(of, rows()):
        pass


def told() -> str:
    """The most MiB of this process and of its child.

    Of this one not ru_maxrss, which begins with the size of the process that started it.
    """
    (own,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return f"{int(own) // 1024} {child // 1024}"


if __name__ == "__main__":
    asyncio.run(main())
    print(told())
