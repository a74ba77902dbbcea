"""Runs a script with the Python of Debian's QGIS, each time with a profile of its own."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

QGIS_PYTHON = "/usr/bin/python3"


def in_qgis(script: Path, directory: Path, *arguments: str, timeout: float) -> dict[str, Any]:
    """What the script prints on its last line, as JSON; skips the test where there is no QGIS.

    `directory` is its home.
    """
    try:
        subprocess.run([QGIS_PYTHON, "-c", "import qgis.core"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("QGIS with its Python is not installed (Debian: qgis python3-qgis)")
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(directory),
        "LANG": "C.UTF-8",
        "QT_QPA_PLATFORM": "offscreen",
        "QGIS_CUSTOM_CONFIG_PATH": str(directory / "profile"),
        "XDG_RUNTIME_DIR": str(directory),
        "XDG_CACHE_HOME": str(directory / "cache"),
    }
    done = subprocess.run(
        [QGIS_PYTHON, str(script), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
