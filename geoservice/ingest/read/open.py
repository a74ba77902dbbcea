"""Opens a path or URL in the format that its name says."""

from __future__ import annotations

from pathlib import Path

from geoservice.errors import InvalidFile
from geoservice.ingest.read.delimited import read_delimited
from geoservice.ingest.read.rows import Table

# GDAL would read these too, but lose cells beyond the header and the numbers of lines.
_TABLES = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xlsm"})


def open_table(
    location: str,
    *,
    encoding: str | None = None,
    layer: str | None = None,
    blanks: bool = False,
) -> Table:
    """Open `location` for reading; `layer` names a layer or a sheet.

    `blanks`: rows of a CSV or XLSX file whose cells are all empty are rows too, and columns without
    a name at its right edge are columns.
    Raises InvalidFile with what was wrong and what would be right.
    """
    if is_remote(location):
        if Path(location).suffix.lower() in _TABLES:
            raise InvalidFile("a table inside an archive is not read; unpack it first")
        return _vector(_for_gdal(location), layer=layer, encoding=encoding)
    try:
        return _open_local(Path(location), encoding, layer, blanks)
    except OSError as error:
        raise InvalidFile(f"it cannot be read: {error.strerror or error}") from error


def _open_local(path: Path, encoding: str | None, layer: str | None, blanks: bool) -> Table:
    if not path.exists():
        raise InvalidFile("there is no such file")
    if path.is_dir() and path.suffix.lower() != ".gdb":
        raise InvalidFile("it is a directory; name a file in it")
    if path.is_file() and path.stat().st_size == 0:
        raise InvalidFile("it is empty")
    match path.suffix.lower():
        case ".csv" | ".tsv" | ".txt":
            return read_delimited(path, encoding=encoding, blanks=blanks)
        case ".xlsx" | ".xlsm":
            return _spreadsheet(path, layer, blanks)
        case ".xls":
            raise InvalidFile("the old Excel format is not read; save it as .xlsx")
        case ".parquet" | ".geoparquet":
            return _parquet(path)
        case _:
            return _vector(str(path), layer=layer, encoding=encoding)


# GDAL, Arrow and openpyxl take half a second to import, which every command would wait for.


def _spreadsheet(path: Path, sheet: str | None, blanks: bool) -> Table:
    from geoservice.ingest.read.spreadsheet import read_spreadsheet  # noqa: PLC0415

    return read_spreadsheet(path, sheet=sheet, blanks=blanks)


def _vector(path: str, *, layer: str | None, encoding: str | None) -> Table:
    from geoservice.ingest.read.vector import read_vector  # noqa: PLC0415

    return read_vector(path, layer=layer, encoding=encoding)


def _parquet(path: Path) -> Table:
    from geoservice.ingest.read.parquet import read_parquet  # noqa: PLC0415

    return read_parquet(path)


def is_remote(location: str) -> bool:
    """Whether GDAL has to fetch or unpack `location` itself."""
    return location.startswith(("http://", "https://", "ftp://", "/vsi"))


def _for_gdal(location: str) -> str:
    return location if location.startswith("/vsi") else f"/vsicurl/{location}"
