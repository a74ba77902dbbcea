"""Files that GDAL writes: rows go to a process of their own as an Arrow stream.

GDAL keeps Python's lock for seconds while it builds a spatial index, and cannot be stopped; a
process can, and keeps nothing from the other requests of this one.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, aclosing, suppress
from pathlib import Path
from typing import IO, Any, cast

import pyarrow as pa

from geoservice.errors import GeoserviceError
from geoservice.model import JSON
from geoservice.publish.formats.arrow import record_batch
from geoservice.publish.formats.table import Rows, Table, closing_rows

_BLOCK = 1 << 20
_WRITER = "geoservice.publish.formats.gdal_write"


async def written(
    table: Table, rows: Rows, shape: Any, asked: JSON, *, flattened: bool = False
) -> AsyncGenerator[bytes, None]:
    """The file that `gdal_write` makes of the rows, in blocks, once it is whole.

    `shape`: the Arrow schema of what it gets, `flattened` to two dimensions; `asked`: how it is to
    write it. However this ends, the process, the thread and the file are gone then.
    GeoserviceError if GDAL fails.
    """
    loop = asyncio.get_running_loop()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="geoservice-")))
        # Left in the opposite order: the end of the process is what frees the thread.
        making = _Making(table, shape, folder, asked, flattened=flattened)
        stack.callback(making.hang_up)
        thread = ThreadPoolExecutor(1, "gdal-file")
        stack.callback(thread.shutdown, cancel_futures=True)
        stack.callback(making.stop)
        async with aclosing(closing_rows(rows)) as batches:
            async for batch in batches:
                if batch:
                    await loop.run_in_executor(thread, making.add, batch)
        file = await loop.run_in_executor(thread, making.finish)
        stack.enter_context(file)
        while block := await loop.run_in_executor(thread, file.read, _BLOCK):
            yield block


class _Making:
    """A file in the making: the process that writes it, and the stream that goes there."""

    def __init__(
        self, table: Table, shape: Any, folder: Path, asked: JSON, *, flattened: bool
    ) -> None:
        self._table = table
        self._flattened = flattened
        self._shape = shape
        # GDAL makes a folder of FlatGeobuf files of a path without the extension.
        self._path = folder / f"written.{asked['extension']}"
        self._said = folder / "said"
        order = json.dumps(asked | {"path": str(self._path)})
        with self._said.open("wb") as said:
            self._process = subprocess.Popen(  # noqa: S603  (our own module; values are an argument)
                [sys.executable, "-m", _WRITER, order],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=said,
            )
        self._input = cast(IO[bytes], self._process.stdin)
        self._stream: Any = pa.ipc.new_stream(self._input, shape)

    def add(self, batch: Sequence[tuple[object, ...]]) -> None:
        """Hand the rows on; it waits while the process has enough to do."""
        made = record_batch(self._table, self._shape, batch, flattened=self._flattened)
        try:
            self._stream.write_batch(made)
        except OSError:  # it hung up
            raise self._failure() from None

    def finish(self) -> IO[bytes]:
        """The file, open for reading."""
        try:
            self._stream.close()
            self._input.close()
        except OSError:
            raise self._failure() from None
        if self._process.wait() != 0:
            raise self._failure()
        return self._path.open("rb")

    def stop(self) -> None:
        """End the process, whatever it is at."""
        self._process.kill()
        self._process.wait()

    def hang_up(self) -> None:
        """Close the stream, when nobody writes to it any more."""
        with suppress(OSError):  # nobody reads what was still to be sent
            self._input.close()

    def _failure(self) -> GeoserviceError:
        self._process.wait()
        said = self._said.read_text(errors="replace").strip().splitlines()
        return GeoserviceError(
            f"GDAL did not write the file of layer «{self._table.layer.id}»: "
            f"{said[-1] if said else f'exit code {self._process.returncode}'}"
        )
