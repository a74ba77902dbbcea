"""What a URL gives becomes a local file for as long as it is read."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

from geoservice.errors import InvalidFile

_URLS = ("http://", "https://", "ftp://")
_TIMEOUT_S = 60.0  # without a byte


@contextmanager
def local(location: str) -> Iterator[str]:
    """The path to open for `location`, which is itself unless it is a URL.

    A Shapefile, of several files, is left for GDAL to fetch. Raises InvalidFile with what the
    other side answered.
    """
    suffix = Path(urlsplit(location).path).suffix.lower()
    if not location.startswith(_URLS) or suffix == ".shp":
        yield location
        return
    with tempfile.TemporaryDirectory(prefix="geoservice-") as directory:
        path = Path(directory) / f"fetched{suffix}"
        try:
            with urlopen(location, timeout=_TIMEOUT_S) as answer, path.open("wb") as file:  # noqa: S310  (schemes as above)
                shutil.copyfileobj(answer, file)
        except (OSError, HTTPException) as error:
            raise InvalidFile(f"it cannot be fetched: {error}") from error
        yield str(path)
