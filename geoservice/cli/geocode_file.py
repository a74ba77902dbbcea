"""A file of addresses becomes the same file with places: part by part, in several processes."""

from __future__ import annotations

import gc
import hashlib
import multiprocessing
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, as_completed, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, islice
from multiprocessing.connection import wait as wait_for
from pathlib import Path

from geoservice import __version__
from geoservice.cli.geocode_output import format_of, refuse_foreign, with_other_layers
from geoservice.database.engine import Connection, connect
from geoservice.database.steps import run
from geoservice.database.versions import inputs_of
from geoservice.errors import GeoserviceError, InvalidFile
from geoservice.geocode.batch import Batches, added_columns
from geoservice.geocode.corrected_places import any_correction
from geoservice.ingest.gazetteer import build_gazetteer
from geoservice.ingest.questions import Part, QuestionFile, open_questions
from geoservice.model import JSON, Language
from geoservice.persian.postal_code import DEFAULT_PATTERN
from geoservice.publish.formats.sheet import is_cut
from geoservice.publish.rowfiles.parts import Parts, open_parts
from geoservice.publish.rowfiles.rowfile import ROW_FILES
from geoservice.publish.rowfiles.shape import LAYER, Shape, shape_of

# Rows of a part: a second or a few. Postal codes are looked up in their order, the quicker the more
# of them are neighbours.
_ROWS = 10_000
_CODES = 50_000
_BLOCK = 1 << 20
_COLLECTED = 100  # parts between two collections of cycles

_INPUTS = (
    "source.address",
    "source.region",
    "source.region_set",
    "gazetteer.entry",
    "gazetteer.address",
    "gazetteer.correction",
)


@dataclass(frozen=True, slots=True)
class Order:
    """Which file, where to, and how its columns, text and sheet are to be read.

    `overwrite`: what is there may be of anybody.
    """

    file: str
    output: Path
    mapping: Mapping[str, str]
    encoding: str | None = None
    sheet: str | None = None
    workers: int | None = None
    overwrite: bool = False


@dataclass(slots=True)
class Done:
    """What came of it: rows, how many at which match level, how many without a place.

    `found` rows were there from an earlier run that did not come to its end; `cut` cells are longer
    than the format holds.
    """

    rows: int = 0
    errors: int = 0
    found: int = 0
    cut: int = 0
    levels: Counter[str] = field(default_factory=Counter)
    notes: tuple[str, ...] = ()

    def add(self, summary: JSON, *, found: bool) -> None:
        """Count a part."""
        self.rows += summary["rows"]
        self.errors += summary["errors"]
        self.levels.update(summary["levels"])
        self.found += summary["rows"] if found else 0
        self.cut += summary["cut"]


@dataclass(frozen=True, slots=True)
class _Job:
    """What every process knows."""

    url: str
    pattern: str
    language: Language
    asking: Mapping[str, int]
    shape: Shape
    format: str
    parts: Parts
    corrected: bool

    def batches(self) -> Batches:
        """What answers the parts that one process makes."""
        return Batches(self.pattern, self.language, self.corrected)

    def answer(self, connection: Connection, batches: Batches, number: int, part: Part) -> int:
        """Put the part there."""
        answers = run(connection, batches.answer_rows(part.rows, self.asking, part.faults))
        connection.rollback()  # so that it keeps nothing from the database meanwhile
        levels = answers["match_level"].drop_null().value_counts().to_pylist()
        summary = {
            "rows": len(answers),
            "errors": len(answers) - answers["error"].null_count,
            "levels": {level["values"]: level["counts"] for level in levels},
            "cut": _cut(part) if self.format == "xlsx" else 0,
        }
        body = ROW_FILES[self.format].part(self.shape, part.first, part.rows, answers)
        self.parts.keep(number, summary, body)
        return number


def geocode_file(
    url: str,
    order: Order,
    pattern: str | None = None,
    progress: Callable[[int, int | None], None] = lambda done, total: None,
) -> Done:
    """Write `order.output`, with all rows of the file in their order and columns added.

    It appears when it is whole. Parts that an earlier run left behind are not made again if file,
    options and gazetteer are as they were. `progress` is told how many rows are done, of how many
    about. GeoserviceError if gazetteer or file change meanwhile, or a file is there that this
    command did not write.
    """
    made, ending = format_of(order.output, Path(order.file))
    asked = _opened(order)
    shape = shape_of(asked.columns, added_columns(asked.language), LAYER, asked.header)
    others = with_other_layers(order.output)
    if not order.overwrite:
        refuse_foreign(order.output, shape)
    digest, lines = _digest(Path(order.file))
    with connect(url) as connection:
        build_gazetteer(connection)
        connection.commit()
        inputs = inputs_of(connection, _INPUTS)
        corrected = run(connection, any_correction())
    plan: JSON = {
        "version": __version__,
        "file": digest,
        "gazetteer": inputs,
        "pattern": pattern,
        "asking": dict(asked.asking),
        "read": [Path(order.file).suffix.lower(), order.encoding, order.sheet],
        "rows": _rows(asked),
        "format": ending,
    }
    with _collected_rarely(), open_parts(order.output, plan) as parts:
        rule = pattern or DEFAULT_PATTERN
        job = _Job(url, rule, asked.language, asked.asking, shape, ending, parts, corrected)
        total = lines if asked.table.total is None else asked.table.total
        done = Done(notes=asked.notes)
        count = 0
        for number in _made(job, asked, order.workers or os.cpu_count() or 1):
            done.add(parts.summary(number), found=number in parts.found)
            progress(done.rows, max(total, done.rows))
            count += 1
            if count % _COLLECTED == 0:
                gc.collect()
        with connect(url) as connection:
            is_same = inputs_of(connection, _INPUTS) == inputs
        if not is_same or _digest(Path(order.file))[0] != digest:
            parts.forget()
            changed = "the file" if is_same else "the gazetteer"
            raise GeoserviceError(
                f"{order.output}: {changed} changed while it was read, so that the rows would be "
                "of two states of it; run the command again"
            )
        parts.finish(count, partial(made.write, shape), others)
    return done


def _cut(part: Part) -> int:
    return sum(isinstance(cell, str) and is_cut(cell) for row in part.rows for cell in row)


def _opened(order: Order) -> QuestionFile:
    try:
        return open_questions(
            order.file, mapping=order.mapping, encoding=order.encoding, sheet=order.sheet
        )
    except InvalidFile as error:
        raise InvalidFile(f"{order.file}: {error}", error.option) from error


def _digest(file: Path) -> tuple[str, int]:
    """What stands for the file's content, and about how many rows it has."""
    digest, lines = hashlib.blake2b(), 0
    with file.open("rb") as opened:
        while block := opened.read(_BLOCK):
            digest.update(block)
            lines += block.count(b"\n")
    return digest.hexdigest(), lines


def _rows(asked: QuestionFile) -> int:
    return _CODES if set(asked.asking) == {"postal_code"} else _ROWS


def _made(job: _Job, asked: QuestionFile, workers: int) -> Iterator[int]:
    """The numbers of the parts, each as soon as it is there: in no order."""
    missing = (
        (number, part)
        for number, part in enumerate(asked.parts(_rows(asked)))
        if number not in job.parts.found
    )
    yield from sorted(job.parts.found)
    few = list(islice(missing, 2))
    if len(few) < 2 or workers == 1:
        batches = job.batches()
        with connect(job.url, planned_once=True) as connection:
            for number, part in chain(few, missing):
                yield job.answer(connection, batches, number, part)
        return
    # Not forked: what is open here, to the database above all, is not theirs.
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, fresh, _begin, (job,)) as pool:
        waiting: set[Future[int]] = set()
        try:
            for number, part in chain(few, missing):
                waiting.add(pool.submit(_answer, number, part))
                if len(waiting) > 2 * workers:
                    ended, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    yield from (future.result() for future in ended)
            yield from (future.result() for future in as_completed(waiting))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


_opened_here = ExitStack()
_here: tuple[_Job, Connection, Batches] | None = None


def _begin(job: _Job) -> None:
    """Make this process ready for parts: it ends with its parent, however that ends."""
    global _here  # noqa: PLW0603  (so a process of a pool knows what it was begun with)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends us
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    _opened_here.enter_context(_collected_rarely())
    connection = _opened_here.enter_context(connect(job.url, planned_once=True))
    _here = job, connection, job.batches()


@contextmanager
def _collected_rarely() -> Iterator[None]:
    """Rows by the ten thousand make the collector of cycles go through all of them again and again,
    for half of the time, and there is next to nothing for it.
    """
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


def _end_with(sentinel: int) -> None:
    wait_for([sentinel])
    os._exit(1)


def _answer(number: int, part: Part) -> int:
    if _here is None:
        raise GeoserviceError("this process was not made ready")
    job, connection, batches = _here
    if number % _COLLECTED == 0:
        gc.collect()
    try:
        return job.answer(connection, batches, number, part)
    except GeoserviceError as error:
        raise GeoserviceError(str(error)) from None  # that kind alone goes between processes
