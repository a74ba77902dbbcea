"""A layer over a table with two hundred rows and fifty ids, and no index."""

from __future__ import annotations

SHARED = """
title = { fa = "ساخته", en = "Made" }
source = { table = "source.shared" }
feature_id = "id"
geometry = { type = "Point" }
[attributes.id]
title = { fa = "شناسه", en = "Id" }
type = "integer"
"""

SHARED_ROWS = """
CREATE TABLE source.shared AS
SELECT n, n % 50 AS id, ST_SetSRID(ST_Point(51, 35), 4326)::geometry(Point, 4326) AS geom
FROM generate_series(1, 200) n
"""
