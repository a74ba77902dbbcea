"""Which file `geoservice geocode FILE -o OUT` may write, and what stays of one that is there."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from geoservice.errors import InvalidFile, InvalidParameter
from geoservice.ingest.read.ndjson import read_ndjson
from geoservice.ingest.read.open import open_table
from geoservice.publish.formats.table import distinct
from geoservice.publish.rowfiles.rowfile import ROW_FILES, RowFile
from geoservice.publish.rowfiles.shape import LAYER, Shape

# Tables that a GeoPackage or SQLite keeps for itself.
_FOREIGN = """
SELECT name FROM sqlite_master
WHERE type IN ('table', 'view') AND name <> ?
    AND name NOT LIKE 'gpkg\\_%' ESCAPE '\\' AND name NOT LIKE 'rtree\\_%' ESCAPE '\\'
    AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
"""


def format_of(output: Path, file: Path) -> tuple[RowFile, str]:
    """The format that the ending of `output` says, and that ending without its dot.

    InvalidParameter for another ending, or where it is the file that is read.
    """
    ending = output.suffix.lower().removeprefix(".")
    made = ROW_FILES.get(ending)
    if made is None:
        known = [f".{name}" for name in ROW_FILES]
        raise InvalidParameter(
            "output",
            str(output),
            f"{output}: «{output.suffix}» is no ending of a file that is written here; "
            f"these are: {', '.join(known)}",
            known,
        )
    if output.exists() and file.exists() and output.samefile(file):
        raise InvalidParameter(
            "output", str(output), f"{output} is the file that is read; name another"
        )
    return made, ending


def refuse_foreign(output: Path, shape: Shape) -> None:
    """InvalidParameter where a file is there that has other columns than the one to be written.

    One with the very same columns is what the command wrote for such a file before: to run it again
    takes no option. Nothing is lost with an empty file.
    """
    if not output.is_file() or output.stat().st_size == 0 or _is_ours(output, shape):
        return
    kept = "; its other layers stay" if output.suffix.lower() == ".gpkg" else ""
    raise InvalidParameter(
        "output",
        str(output),
        f"{output} is there already, and this command did not write it for such a file; "
        f"name another, or have it replaced with --overwrite{kept}",
    )


def with_other_layers(output: Path) -> Path | None:
    """`output`, if it is a GeoPackage with more in it than the layer that is written; else None.

    InvalidFile while another program writes in it: what that one has not put there yet would be
    lost.
    """
    if output.suffix.lower() != ".gpkg" or not output.is_file():
        return None
    log = output.with_name(f"{output.name}-wal")
    if log.exists() and log.stat().st_size:
        raise InvalidFile(f"{output}: another program has it open for writing; close it there")
    try:
        with closing(sqlite3.connect(f"{output.absolute().as_uri()}?mode=ro", uri=True)) as opened:
            return output if opened.execute(_FOREIGN, (LAYER,)).fetchone() else None
    except sqlite3.Error:  # no GeoPackage, whatever its name says
        return None


def _is_ours(output: Path, shape: Shape) -> bool:
    ending = output.suffix.lower()
    try:
        if ending == ".ndjson":
            there = read_ndjson(output)
        else:
            layer = LAYER if ending == ".gpkg" else None
            there = open_table(str(output), layer=layer, blanks=True)
    except InvalidFile:
        return False
    if ending == ".gpkg":
        return there.columns == distinct(shape.columns)
    expected = shape.header if there.header else shape.columns
    return (there.header or there.columns) == expected and not there.others
