"""The rows that all are measured with: points, counties with full geometry, projects.

Ids of points run in the order of registration, which has nothing to do with where they lie, and the
table is stored in that order, as a register grows: nobody is served from a table sorted for maps.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyogrio

from benchmarks.machine import bring_to_rest
from geoservice.catalog.load import read_layer
from geoservice.cli.demo import prepare
from geoservice.database.engine import Connection, connect, statement
from geoservice.settings import Settings
from geoservice.synthetic.write import write_sample

_REAL_COUNTIES = "shared/data/counties_1395_census2016_429.gpkg"

POINTS = """
CREATE TABLE public.point (
    id bigint PRIMARY KEY,
    title_fa text NOT NULL,
    title_en text NOT NULL,
    kind text NOT NULL,
    county_code text NOT NULL,
    status text,
    households integer,
    score double precision,
    budget numeric(14, 2),
    opened date,
    updated timestamptz NOT NULL,
    active boolean NOT NULL,
    geom geometry(Point, 4326) NOT NULL
)"""

# Around a place within each county, nearer ones more often, as people settle.
_FILL = """
INSERT INTO public.point
SELECT n,
       (ARRAY['مرکز بهداشت', 'دبستان', 'کارگاه تولیدی', 'شبکهٔ آب', 'راه روستایی'])[1 + n % 5]
           || ' ' || c.name_fa || ' شمارهٔ ' || n,
       (ARRAY['Health centre', 'Primary school', 'Workshop', 'Waterworks', 'Rural road'])[1 + n % 5]
           || ' no. ' || n,
       (ARRAY['health', 'education', 'production', 'water', 'transport'])[1 + n % 5],
       c.code,
       CASE WHEN r.b < 0.9
            THEN (ARRAY['planning', 'implementation', 'completed', 'cancelled'])[1 + n % 4] END,
       (r.a * 900)::integer, r.b * 100, round((r.a * r.b * 1e9)::numeric, 2),
       CASE WHEN r.a < 0.95 THEN date '2010-01-01' + (r.b * 5000)::integer END,
       timestamptz '2024-01-01T00:00:00Z' + r.a * interval '500 days',
       r.b > 0.1,
       ST_SetSRID(ST_MakePoint(
           ST_X(c.middle) + 0.5 * r.d * r.d * cosd(360 * r.e),
           ST_Y(c.middle) + 0.4 * r.d * r.d * sind(360 * r.e)), 4326)
FROM (SELECT n, random() AS a, random() AS b, random() AS c, random() AS d, random() AS e
      FROM generate_series(1, {points}) n) r
JOIN (SELECT code, name_fa, ST_PointOnSurface(geom) AS middle,
             row_number() OVER (ORDER BY code) - 1 AS place, count(*) OVER () AS counties
      FROM public.county429) c ON c.place = floor(r.c * c.counties)
ORDER BY n"""

# The peers serve a table, not a query with joins; they get its rows, indexed as ours are.
_PROJECTS = """
CREATE TABLE public.project_copy AS SELECT * FROM ({projects}) p;
ALTER TABLE public.project_copy ADD PRIMARY KEY (id);
CREATE INDEX ON public.project_copy USING gist (geom)"""


def fill(url: str, settings: Settings, *, points: int, projects: int) -> str:
    """Make all that is not there yet; returns where the counties are from."""
    with connect(url) as connection:
        if _made(connection, points, projects):
            return _origin(connection)
    with tempfile.TemporaryDirectory() as name:
        facts = settings.sample_dir / "facts"
        write_sample(Path(name), facts=facts, addresses=5_000, projects=projects)
        prepare(url, settings.model_copy(update={"sample_dir": Path(name)}))
    with connect(url) as connection:
        connection.execute("DROP TABLE IF EXISTS public.point, public.county429")
        _counties(connection, settings)
        connection.execute("SELECT setseed(0.1404)")
        connection.execute(POINTS)
        connection.execute(statement(_FILL).format(points=points))
        connection.execute("CREATE INDEX ON public.point USING gist (geom)")
        _project_copy(connection, settings)
        for table in ("public.point", "public.county429"):
            _versioned(connection, table)
    bring_to_rest(url)
    with connect(url) as connection:
        return _origin(connection)


def _made(connection: Connection, points: int, projects: int) -> bool:
    """Whether an earlier run left the same rows here."""
    found = connection.execute("SELECT to_regclass('public.project_copy')").fetchone()
    if found is None or found[0] is None:
        return False
    counted = connection.execute(
        "SELECT (SELECT count(*) FROM public.point), (SELECT count(*) FROM source.project)"
    ).fetchone()
    return counted == (points, projects)


def _origin(connection: Connection) -> str:
    row = connection.execute(
        "SELECT obj_description('public.county429'::regclass), count(*), sum(ST_NPoints(geom)) "
        "FROM public.county429"
    ).fetchone()
    return "{}: {:,} counties, {:,} vertices".format(*row) if row else ""


def _counties(connection: Connection, settings: Settings) -> None:
    """The real ones of 1395 where they lie beside the checkout, else the sample's schematic."""
    real = _beside_the_checkout(_REAL_COUNTIES)
    file = real or settings.sample_dir / "counties.geojson"
    code, province = ("county_code", "province_code") if real else ("code", "parent_code")
    meta, _, shapes, columns = pyogrio.raw.read(file)
    cells = dict(zip(meta["fields"], columns, strict=True))
    rows = zip(cells[code], cells[province], cells["name_fa"], shapes, strict=True)
    connection.execute(
        "CREATE TABLE public.county429 (code text PRIMARY KEY, province_code text, name_fa text, "
        "area_km2 double precision, geom geometry(MultiPolygon, 4326) NOT NULL)"
    )
    connection.cursor().executemany(
        "INSERT INTO public.county429 SELECT %s, %s, %s, ST_Area(g::geography) / 1e6, g "
        "FROM ST_Multi(ST_GeomFromWKB(%s, 4326)) g",
        list(rows),
    )
    connection.execute("CREATE INDEX ON public.county429 USING gist (geom)")
    whence = f"real boundaries ({real.name})" if real else "schematic boundaries of the sample"
    connection.execute(f"COMMENT ON TABLE public.county429 IS '{whence}'".encode())


def _beside_the_checkout(name: str) -> Path | None:
    checkout = Path(__file__).resolve().parents[1]
    found = (parent / name for parent in checkout.parents)
    return next((path for path in found if path.is_file()), None)


def _project_copy(connection: Connection, settings: Settings) -> None:
    layer = read_layer(settings.layers_dir / "project.toml")
    connection.execute("DROP TABLE IF EXISTS public.project_copy")
    connection.execute(_PROJECTS.format(projects=layer.source.sql).encode())


def _versioned(connection: Connection, table: str) -> None:
    """As every published table is, so that the service does all that it always does."""
    connection.execute(
        "INSERT INTO meta.version (table_name, version) VALUES (%s, 1) ON CONFLICT DO NOTHING",
        [table],
    )
    connection.execute(
        statement(
            "CREATE OR REPLACE TRIGGER bump_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE "
            "ON {} FOR EACH STATEMENT EXECUTE FUNCTION meta.bump_version()"
        ).format(statement(table))
    )


def boxes(url: str, count: int = 50) -> list[str]:
    """As many boxes as `west,south,east,north`, each with some 1,400 points in it."""
    found: list[str] = []
    with connect(url) as connection:
        middles = connection.execute(
            "SELECT ST_X(geom), ST_Y(geom) FROM public.point ORDER BY id LIMIT %s",
            [count],
        ).fetchall()
        for x, y in middles:
            reach = connection.execute(
                "SELECT max(d) FROM (SELECT greatest(abs(ST_X(geom) - %s), abs(ST_Y(geom) - %s)) "
                "AS d FROM public.point WHERE geom && ST_Expand(ST_SetSRID(ST_MakePoint(%s, %s), "
                "4326), 1) ORDER BY d LIMIT 1400) p",
                [x, y, x, y],
            ).fetchone()
            half = reach[0] if reach else 0.0
            found.append(f"{x - half:.6f},{y - half:.6f},{x + half:.6f},{y + half:.6f}")
    return found
