"""Whether what a worker keeps is still right: asked before each answer, once for all who wait.

A request that comes after a commit has returned sees it, whichever worker it meets. For that one
round trip to the database has to begin after the request came, but not one for each: those who
come while one is under way share the next. Mostly it says that nothing at all was committed.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from geoservice.database.commits import Commits
from geoservice.database.touched import Touched
from geoservice.errors import DatabaseError, DatabaseTimeout, DatabaseUnavailable
from geoservice.model import Bounds
from geoservice.publish.sources import Sources

# Of so many sets of tables it is known what was touched, and of so many boxes each.
_HISTORIES = 500
_BOXES = 4000
_MARKS = 200
_ANSWERS = 2000

_Told = TypeVar("_Told")

_LOG = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class History:
    """Where writes touched the sources, as this worker heard of it.

    What was made at a *position* (epoch, number of boxes heard of) is right for as long as the
    epoch is the same and no box met it since. Without a `mark` nothing may be kept.
    """

    sources: Sources
    mark: str | None = None
    epoch: int = 0
    boxes: list[Bounds] = field(default_factory=list)
    snapshot: str | None = None  # up to which it was heard
    before: OrderedDict[str, tuple[int, int, Touched]] = field(default_factory=OrderedDict)

    @property
    def position(self) -> tuple[int, int]:
        """Where it stands now."""
        return self.epoch, len(self.boxes)

    def stands(self, position: tuple[int, int], box: Bounds | None) -> bool:
        """Whether what was made of `box` (None is everywhere) at the position is still right."""
        epoch, seen = position
        if epoch != self.epoch:
            return False
        if seen == len(self.boxes):
            return True
        return box is not None and not any(map(box.meets, self.boxes[seen:]))

    def hear(self, touched: Touched) -> None:
        """Take in what was touched since the mark."""
        self.mark = touched.mark
        self.snapshot = touched.mark.partition("@")[0] if touched.mark else None
        if touched.everywhere or len(self.boxes) + len(touched.boxes) > _BOXES:
            self.epoch += 1
            self.boxes = []
            self.before.clear()
        else:
            self.boxes.extend(touched.boxes)


# Who waits to hear that this history is up to date, or None that anything is told at all.
_Waiting = tuple[History | None, asyncio.Future[bool]]


class Fresh:
    """One worker's knowledge of what was committed."""

    def __init__(self, url: str) -> None:
        self._commits = Commits(url)
        self._answers: OrderedDict[Hashable, tuple[str, object]] = OrderedDict()
        self._histories: OrderedDict[Sources, History] = OrderedDict()
        self._waiting: list[_Waiting] = []
        self._snapshot: str | None = None
        self._asking = False
        self._catching_up: asyncio.Task[None] | None = None
        self._closed = False

    def history(self, sources: Sources) -> History:
        """What is known of the sources; `check` brings it up to date."""
        known = self._histories.get(sources)
        if known is None:
            known = self._histories[sources] = History(sources)
        self._histories.move_to_end(sources)
        if len(self._histories) > _HISTORIES:
            self._histories.popitem(last=False)
        return known

    def check(self, history: History) -> asyncio.Future[bool]:
        """Hear of all that was committed until now; False if the database does not say."""
        return self._wait(history)

    async def now(self) -> str | None:
        """The snapshot of what is committed; None if the database does not say."""
        return self._snapshot if await self._wait(None) else None

    async def remembered(
        self, key: Hashable, at: str | None, ask: Callable[[], Awaitable[_Told]]
    ) -> _Told:
        """What `ask` tells, asked again only once something was committed.

        `at` is the snapshot that was taken since the request came; None asks in any case.
        """
        known = self._answers.get(key)
        if known is not None and known[0] == at:
            self._answers.move_to_end(key)
            return known[1]  # type: ignore[return-value]  # one key, one kind of answer
        told = await ask()
        if at is not None:
            self._answers[key] = (at, told)
            if len(self._answers) > _ANSWERS:
                self._answers.popitem(last=False)
        return told

    async def stands_since(self, history: History, mark: str, box: Bounds | None) -> bool:
        """Whether what was made of `box` when the mark was taken, by whomever, is still right."""
        if mark == history.mark:
            return True
        if mark not in history.before:
            position = history.position
            try:
                touched = await self._touched(history.sources, mark)
            except DatabaseError:
                return False
            history.before[mark] = (*position, touched)
            if len(history.before) > _MARKS:
                history.before.popitem(last=False)
        epoch, seen, touched = history.before[mark]
        if touched.everywhere or (touched.boxes and (box is None or touched.meets(box))):
            return False
        return history.stands((epoch, seen), box)

    async def close(self) -> None:
        """Let nobody wait any longer."""
        self._closed = True
        if self._catching_up is not None:
            self._catching_up.cancel()
            await asyncio.wait([self._catching_up])
        self._commits.close()
        waiting, self._waiting = self._waiting, []
        _tell((waiter for _, waiter in waiting), False)

    def _wait(self, history: History | None) -> asyncio.Future[bool]:
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[bool] = loop.create_future()
        self._waiting.append((history, waiter))
        if not self._asking:
            self._asking = True
            loop.call_soon(self._ask)  # whoever comes in the same turn of the loop asks along
        return waiter

    def _ask(self) -> None:
        """One round trip for all who wait by now."""
        asked_by, self._waiting = self._waiting, []

        def heard(snapshot: str | None) -> None:
            """Tell them, but those for whom there is news or trouble: that takes a task."""
            self._snapshot = snapshot or self._snapshot
            behind = []
            for history, waiter in asked_by:
                if snapshot is None or (history is not None and history.snapshot != snapshot):
                    behind.append((history, waiter))
                elif not waiter.done():
                    waiter.set_result(True)
            if behind and not self._closed:
                self._catching_up = asyncio.create_task(self._catch_up(behind, snapshot))
            else:
                _tell((waiter for _, waiter in behind), False)
                self._go_on()

        self._commits.ask(heard)

    def _go_on(self) -> None:
        self._catching_up = None
        self._asking = bool(self._waiting)
        if self._waiting:
            asyncio.get_running_loop().call_soon(self._ask)

    async def _catch_up(self, waiting: Sequence[_Waiting], snapshot: str | None) -> None:
        """Ask in all length, and once more for each history of which there is news."""
        try:
            if snapshot is None:
                self._snapshot = snapshot = await self._commits.snapshot()
            behind: dict[History, list[asyncio.Future[bool]]] = {}
            for history, waiter in waiting:
                if history is not None and history.snapshot != snapshot:
                    behind.setdefault(history, []).append(waiter)
                else:
                    _tell([waiter], True)
            for history, waiters in behind.items():
                _tell(waiters, await self._caught_up(history, snapshot))
        except (DatabaseUnavailable, DatabaseTimeout):
            pass  # they are told so
        except Exception:
            _LOG.exception("it could not be asked what was committed")
        finally:
            _tell((waiter for _, waiter in waiting), False)
            self._go_on()

    async def _caught_up(self, history: History, snapshot: str) -> bool:
        sources = history.sources
        try:
            if history.mark is None:
                mark = await self._commits.mark(sources.all)
                history.hear(Touched(mark, everywhere=True))
            else:
                history.hear(await self._touched(sources, history.mark))
        except (DatabaseUnavailable, DatabaseTimeout):
            return False
        except DatabaseError as error:
            # As on a schema of before; then nothing is kept.
            _LOG.warning("it could not be asked what was touched: %s", error)
            history.hear(Touched(None, everywhere=True))
        if history.mark is None:
            history.snapshot = snapshot  # so it is asked anew when something was committed
        return True

    async def _touched(self, sources: Sources, mark: str) -> Touched:
        return await self._commits.touched(sources.near, mark, sources.wholly, sources.pyramids)


def _tell(waiters: Iterable[asyncio.Future[bool]], fresh: bool) -> None:
    for waiter in waiters:
        if not waiter.done():
            waiter.set_result(fresh)
