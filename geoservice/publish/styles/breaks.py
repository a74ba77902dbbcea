"""Where the classes of a style begin and end, computed from the layer's values.

Kept for as long as the layer's version stands.
"""

from __future__ import annotations

import asyncio
import warnings
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from math import frexp
from threading import Thread

from geoservice.catalog.layer import Layer
from geoservice.catalog.ramps import most_classes
from geoservice.catalog.style import METHODS_OF_OWN_NUMBER, Graduated, Style
from geoservice.database.engine import Pool, acquire
from geoservice.database.versions import version_of
from geoservice.errors import NotFound
from geoservice.publish.query import Query
from geoservice.publish.rows import run
from geoservice.publish.selection import Selection
from geoservice.publish.styles.rounding import rounded, significant
from geoservice.publish.styles.sizes import steps_between
from geoservice.publish.styles.values import greatest_query, mean_query, values_query

MOST_VALUES = 10_000
# Its time grows with the square of their number: 2 s for a thousand.
_MOST_FOR_JENKS = 500
_KEPT = 200
_PATIENCE_S = 20.0
_BITS = 40
_DIGITS = 2  # of breaks between sizes


# Of what, and at which version of the layer.
_Key = tuple[object, int | None]


class Breaks:
    """The breaks that one process has computed."""

    def __init__(self) -> None:
        self._known: OrderedDict[_Key, tuple[float, ...] | NotFound] = OrderedDict()
        self._one_at_a_time = asyncio.Lock()

    async def of(
        self, pool: Pool, layer: Layer, style: Style, selection: Selection
    ) -> tuple[float, ...]:
        """The numbers that part the style's classes, over the rows of the selection; or the one
        that counts as a point of heat.

        Computed one at a time, without holding a connection meanwhile. NotFound, and no other try
        before the values change, where the method comes to nothing.
        """
        declared = fixed(style)
        if declared is not None:
            return declared
        async with acquire(pool) as connection:
            version = await version_of(connection, layer.source.tables)
        key = (_key(layer, style, selection), version)
        known = self._known.get(key)
        if known is None:
            async with self._one_at_a_time:
                known = self._known.get(key)
                if known is None:
                    try:
                        known = await self._computed(pool, layer, style, selection)
                    except NotFound as error:
                        known = error
                    self._keep(key, known)
        if isinstance(known, NotFound):
            raise known
        return known

    def last(self, layer: Layer, style: Style, selection: Selection) -> tuple[float, ...] | None:
        """What was computed last for these, right or not any more."""
        wanted = _key(layer, style, selection)
        for key, known in reversed(self._known.items()):
            if key[0] == wanted and not isinstance(known, NotFound):
                return known
        return None

    def _keep(self, key: _Key, known: tuple[float, ...] | NotFound) -> None:
        if key[1] is not None:
            self._known[key] = known
            self._known.move_to_end(key)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)

    async def _computed(
        self, pool: Pool, layer: Layer, style: Style, selection: Selection
    ) -> tuple[float, ...]:
        if style.proportional is not None:
            kind = style.proportional
            (most,) = await _column(pool, greatest_query(layer, kind.attribute, selection))
            if most is None or most <= 0:
                return ()
            return significant(steps_between(kind, most), _DIGITS)
        if style.heat is not None and style.heat.weight is not None:
            (mean,) = await _column(pool, mean_query(layer, style.heat.weight, selection))
            return significant((mean,), _DIGITS) if mean else ()
        if style.graduated is None:
            return ()
        query = values_query(layer, style.graduated.attribute, selection, most=MOST_VALUES)
        return await _classes(style, style.graduated, await _column(pool, query))


def _key(layer: Layer, style: Style, selection: Selection) -> object:
    return layer.digest, style.digest, tuple(sorted(selection.equal.items()))


async def _classes(style: Style, kind: Graduated, values: list[float]) -> tuple[float, ...]:
    try:
        async with asyncio.timeout(_PATIENCE_S):
            return await _in_thread(lambda: classified(kind, values))
    except (TimeoutError, ArithmeticError, LookupError, ValueError) as error:
        reason = str(error) or f"it took more than {_PATIENCE_S:g} s"
        raise NotFound(
            f"style «{style.id}» has no classes: {kind.method} makes none of the {len(values):,} "
            f"values of «{kind.attribute}» ({reason}); choose another method, or say the breaks"
        ) from None


def fixed(style: Style) -> tuple[float, ...] | None:
    """The breaks that need no look at the data; None where it is needed."""
    if style.graduated is not None:
        return style.graduated.breaks
    if style.heat is not None and style.heat.weight is not None:
        return None if style.heat.per_point is None else (style.heat.per_point,)
    if style.proportional is None:
        return ()
    most = style.proportional.most
    if most is None:
        return None
    return significant(steps_between(style.proportional, most), _DIGITS)


async def _in_thread(work: Callable[[], tuple[float, ...]]) -> tuple[float, ...]:
    """What it gives, from a thread of its own, which keeps nobody from stopping if it never ends;
    the common threads pack tiles.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[tuple[float, ...]] = loop.create_future()

    def told(result: tuple[float, ...], error: Exception | None) -> None:
        if done.done():
            return
        if error is None:
            done.set_result(result)
        else:
            done.set_exception(error)

    def run() -> None:
        try:
            ended: tuple[tuple[float, ...], Exception | None] = work(), None
        except Exception as error:  # it is raised where it is waited for
            ended = (), error
        with suppress(RuntimeError):  # nobody is there any more
            loop.call_soon_threadsafe(told, *ended)

    Thread(target=run, name="breaks", daemon=True).start()
    return await done


async def _column(pool: Pool, query: Query) -> list[float]:
    async with acquire(pool) as connection:
        rows = await (await run(connection, query)).fetchall()
    return [row[0] for row in rows]


def classified(kind: Graduated, values: Sequence[float]) -> tuple[float, ...]:
    """The numbers that part the classes of the values (ascending); none if all are equal."""
    different = len(set(values))
    if different < 2 or kind.method is None:
        return ()
    if different <= kind.k and kind.method not in METHODS_OF_OWN_NUMBER:
        return rounded(sorted(set(values))[:-1], values)  # a class for each
    edges = rounded(_bins(kind, values), values)
    return edges[: most_classes(kind.ramp) - 1]  # the highest classes are put together


def load(style: Style) -> None:
    """Load what computing the style's breaks takes, so that nothing waits for it meanwhile.

    With pandas and scikit-learn it takes seconds, in which the service can be up and answering.
    """
    if style.graduated is not None and style.graduated.method is not None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that numba is not there
            import mapclassify  # noqa: F401, PLC0415


def _bins(kind: Graduated, values: Sequence[float]) -> Sequence[float]:
    """What mapclassify says."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that numba is not there, that classes came out empty
        import mapclassify  # noqa: PLC0415
        import numpy as np  # noqa: PLC0415

        # Of numbers so large that their squares are none, some methods never come to an end.
        unit = 2.0 ** max(0, frexp(max(map(abs, values)))[1] - _BITS)
        taken = np.asarray(values, dtype=float) / unit
        if kind.method == "FisherJenks" and len(taken) > _MOST_FOR_JENKS:
            evenly = np.linspace(0, len(taken) - 1, _MOST_FOR_JENKS).round().astype(int)
            taken = taken[evenly]
        np.random.seed(0)
        classify = getattr(mapclassify, kind.method or "")
        own = kind.method in METHODS_OF_OWN_NUMBER
        bins = (classify(taken) if own else classify(taken, k=kind.k)).bins
    return [float(edge) * unit for edge in bins if np.isfinite(edge)]
