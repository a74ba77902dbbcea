"""Where the programs of a PostgreSQL with PostGIS are on this machine."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from geoservice.errors import NotFound


def server_binaries() -> Path:
    """The directory of initdb and pg_ctl of the newest PostgreSQL that has PostGIS."""
    candidates = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name)
    )
    config = shutil.which("pg_config")
    if config:
        found = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=True)  # noqa: S603
        candidates.append(Path(found.stdout.strip()))
    for binaries in candidates:
        if (binaries / "initdb").exists() and _has_postgis(binaries):
            return binaries
    raise NotFound(
        "PostgreSQL 14 or newer with PostGIS is not installed; `make demo` installs it, "
        "or set DATABASE_URL to a database that has it"
    )


def _has_postgis(binaries: Path) -> bool:
    config = binaries / "pg_config"
    if config.exists():
        found = subprocess.run(  # noqa: S603
            [config, "--sharedir"], capture_output=True, text=True, check=True
        )
        share = Path(found.stdout.strip())
    else:  # Debian ships pg_config apart from the server
        share = Path("/usr/share/postgresql") / binaries.parent.name
    return (share / "extension" / "postgis.control").exists()
