"""A value that a dimension does not have is refused, rather than answered with nothing."""

from __future__ import annotations

from geoservice.database.engine import acquire
from geoservice.errors import InvalidParameter
from geoservice.http.context import Context
from geoservice.http.wanted import Wanted, WantedOne


async def refuse_unknown(context: Context, wanted: Wanted | WantedOne, at: int | None) -> None:
    """InvalidParameter if a dimension is asked for a value that no row has, at the version `at`.

    Not where it would cost every request a look at all rows: of a layer without a version, and of
    a dimension with many values.
    """
    if at is None:
        return
    layer = wanted.layer
    for name in wanted.dimensions:
        values = context.dimensions.known(layer, name, at)
        if values is None:
            async with acquire(context.pool) as connection:
                values = await context.dimensions.read(connection, layer, name, at)
        if values and str(wanted.selection.equal[name]) not in values:
            raise InvalidParameter(
                name,
                wanted.given[name],
                f"«{layer.id}» has nothing for «{name}» {wanted.given[name]}; it can be: "
                f"{', '.join(values)}",
                values,
            )
