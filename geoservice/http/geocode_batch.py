"""/geocode/batch: the rows of a file come back with places, as they are found."""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
import zipfile
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path

from geoservice.database.engine import acquire
from geoservice.database.steps import run_async
from geoservice.errors import (
    ContentTooLarge,
    InvalidFile,
    InvalidParameter,
    MalformedContent,
    UnsupportedContent,
)
from geoservice.geocode.batch import Batches, added_columns
from geoservice.http import geocode_params as params
from geoservice.http.answer import Answer, fresh_headers
from geoservice.http.asked import Asked, Scope, one_of
from geoservice.http.body import body_pieces, media_type
from geoservice.http.context import Context
from geoservice.http.methods import Methods, Receive, refusal
from geoservice.http.taking import Taking
from geoservice.ingest.pairs import pairs
from geoservice.ingest.questions import Part, QuestionFile, open_questions
from geoservice.publish.formats.format import FORMATS
from geoservice.publish.links import CSV, GEOJSON, NDJSON
from geoservice.publish.rowfiles.rowfile import ROW_FILES
from geoservice.publish.rowfiles.shape import LAYER, Shape, shape_of

MOST_BYTES = 64 * 1024 * 1024
_ROWS = 1_000  # at a time: what a client waits for, and what is in memory
_MOST_UNPACKED = 16  # times the bytes of a workbook may be what is packed in it

XLSX = FORMATS["xlsx"].media_type
READ = {"text/csv": "csv", XLSX: "xlsx", NDJSON: "ndjson", "application/ndjson": "ndjson"}
WRITTEN = {"csv": CSV, "xlsx": XLSX, "ndjson": NDJSON, "geojson": GEOJSON}
_OPTIONS = {
    "map": "as map=COLUMN=FIELD in the query",
    "sheet": "as sheet=NAME in the query",
    "encoding": "as the charset of Content-Type: text/csv; charset=windows-1256",
}
_METHODS = Methods(("OPTIONS", "POST"), accept_post=tuple(READ))


async def _batch(scope: Scope, receive: Receive, context: Context) -> Answer:
    if scope["method"] != "POST":
        return refusal(scope["method"], _METHODS)
    asked = Asked.of(scope, context.base_url)
    given = params.given_to(asked, ("f", "sheet"), repeated=("map",))
    mapping = pairs("map", asked.several("map"), written="«{}»")
    kind, charset = media_type(asked, tuple(READ))
    ending = READ[kind]
    if charset is not None and ending != "csv" and charset not in ("utf-8", "utf8"):
        raise UnsupportedContent(f"«{kind}» is read as UTF-8, not as {charset}", tuple(READ))
    sheet = given.get("sheet")
    if sheet is not None and ending != "xlsx":
        raise InvalidParameter("sheet", sheet, f"only a workbook has sheets, «{kind}» has none")
    wanted = one_of("f", given.get("f", ending), WRITTEN)
    folder = Path(tempfile.mkdtemp(prefix="geoservice-"))
    try:
        path = folder / f"sent.{ending}"
        with path.open("wb") as file:
            async for piece in body_pieces(asked, receive, MOST_BYTES, "a batch"):
                file.write(piece)
        sent = await asyncio.to_thread(_opened, path, charset, mapping, sheet)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    headers = {"content-type": WRITTEN[wanted], **fresh_headers(None)}
    headers["content-disposition"] = f'attachment; filename="geocoded.{wanted}"'
    return Answer(200, headers, stream=_pieces(context, folder, sent, wanted))


def _opened(
    path: Path, charset: str | None, mapping: Mapping[str, str], sheet: str | None
) -> QuestionFile:
    """The file that was sent; MalformedContent where it cannot be read to its end."""
    try:
        if path.suffix == ".xlsx":
            _refuse_bomb(path)
        sent = open_questions(str(path), mapping=mapping, encoding=charset, sheet=sheet)
        if path.suffix == ".xlsx":  # of other files the end was looked at
            for _ in sent.table.rows():
                pass
    except InvalidFile as error:
        hint = f" ({_OPTIONS[error.option]})" if error.option else ""
        raise MalformedContent(None, f"the file cannot be geocoded: {error}{hint}") from error
    return sent


def _refuse_bomb(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, ValueError) as error:
        raise InvalidFile(f"it is no XLSX workbook: {error}") from error
    if size > _MOST_UNPACKED * max(path.stat().st_size, MOST_BYTES // _MOST_UNPACKED):
        raise ContentTooLarge(f"the workbook would unpack to {size} bytes")


async def _pieces(
    context: Context, folder: Path, sent: QuestionFile, wanted: str
) -> AsyncGenerator[bytes, None]:
    """The file, a piece for each part; it holds a connection only while a part is looked up."""
    try:
        shape = shape_of(sent.columns, added_columns(sent.language), LAYER, sent.header)
        joined = ROW_FILES[wanted].begun(shape)
        batches = Batches(context.postal_code_pattern, sent.language)
        parts = sent.parts(_ROWS)
        ready = joined.head()
        while part := await asyncio.to_thread(next, parts, None):
            body = await _answered(context, batches, sent, shape, wanted, part)
            yield ready + joined.add(body)
            ready = b""
        yield ready + joined.tail()
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


async def _answered(  # noqa: PLR0913  (what a part needs, each by its name)
    context: Context,
    batches: Batches,
    sent: QuestionFile,
    shape: Shape,
    wanted: str,
    part: Part,
) -> bytes:
    steps = batches.answer_rows(part.rows, sent.asking, part.faults)
    async with acquire(context.long_pool) as connection:
        answers = await run_async(connection, steps, in_threads=True)
    return await asyncio.to_thread(ROW_FILES[wanted].part, shape, part.first, part.rows, answers)


TAKING = Taking(re.compile(r"/geocode/batch"), lambda context: _METHODS, _batch)
