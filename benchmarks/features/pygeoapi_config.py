"""What pygeoapi has to be told to serve the same tables."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote, urlsplit

_TABLES = {"point": "id", "county429": "code", "project_copy": "id"}


def configuration(url: str, port: int) -> str:
    """Its configuration as JSON, which is YAML as well."""
    base = f"http://127.0.0.1:{port}"
    return json.dumps(
        {
            "server": {
                "bind": {"host": "127.0.0.1", "port": port},
                "url": base,
                "mimetype": "application/json; charset=UTF-8",
                "encoding": "utf-8",
                "gzip": False,
                "languages": ["en-US"],
                "pretty_print": False,
                "limits": {"default_items": 10, "max_items": 10_000},
                "map": {"url": "https://127.0.0.1/{z}/{x}/{y}.png", "attribution": "none"},
            },
            "logging": {"level": "ERROR"},
            "metadata": _metadata(base),
            "resources": {
                table: _collection(table, feature_id, url) for table, feature_id in _TABLES.items()
            },
        }
    )


def _metadata(base: str) -> dict[str, Any]:
    return {
        "identification": {
            "title": "benchmark",
            "description": "benchmark",
            "keywords": ["benchmark"],
            "keywords_type": "theme",
            "terms_of_service": base,
            "url": base,
        },
        "license": {"name": "none", "url": base},
        "provider": {"name": "benchmark", "url": base},
        "contact": {"name": "benchmark", "email": "nobody@localhost", "url": base},
    }


def _collection(table: str, feature_id: str, url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    database = {
        "host": parts.hostname,
        "port": parts.port,
        "dbname": parts.path.lstrip("/"),
        "user": parts.username,
        "password": unquote(parts.password or ""),
        "search_path": ["public"],
    }
    return {
        "type": "collection",
        "title": table,
        "description": table,
        "keywords": [table],
        "links": [],
        "extents": {
            "spatial": {
                "bbox": [44.0, 25.0, 64.0, 40.0],
                "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
            }
        },
        "providers": [
            {
                "type": "feature",
                "name": "PostgreSQL",
                "data": database,
                "id_field": feature_id,
                "table": table,
                "geom_field": "geom",
            }
        ],
    }
