"""`public.layer_styles`, from which QGIS takes the style of a table that it opens.

Others keep styles there too. A row is ours as long as its description bears our mark with the hash
of what we wrote: a row that somebody edited since, or made, is never touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from geoservice.database.engine import Connection
from geoservice.database.errors import translated

_MARK = "geoservice"


@dataclass(frozen=True, slots=True)
class StoredStyle:
    """A style for the geometry column of a table; `default` is what QGIS draws at first."""

    table: str
    column: str
    name: str
    qml: str
    sld: str
    default: bool


@dataclass(slots=True)
class Stored:
    """What was done: how many rows are ours, and which styles were left to somebody else's."""

    ours: int = 0
    left: list[str] = field(default_factory=list)


# Nobody has changed it: the description says of what it was made.
_OURS = "description IS NOT DISTINCT FROM 'geoservice ' || md5(coalesce(styleqml::text, ''))"

_SAME = """
f_table_catalog = current_database() AND f_table_schema = %(schema)s
AND f_table_name = %(table)s AND f_geometry_column = %(column)s
"""

_THEIRS = f"""
SELECT bool_or(stylename = %(name)s), coalesce(bool_or(useasdefault), false)
FROM public.layer_styles
WHERE {_SAME} AND NOT ({_OURS})
"""  # noqa: S608  (made of constants)

_DELETE = f"""
DELETE FROM public.layer_styles WHERE f_table_catalog = current_database() AND {_OURS}
"""  # noqa: S608  (made of constants)

_INSERT = """
INSERT INTO public.layer_styles (f_table_catalog, f_table_schema, f_table_name,
    f_geometry_column, stylename, styleqml, stylesld, useasdefault, description, owner)
SELECT current_database(), %(schema)s, %(table)s, %(column)s, %(name)s, qml, %(sld)s::xml,
       %(default)s, %(mark)s || ' ' || md5(qml::text), current_user
FROM (SELECT %(qml)s::xml AS qml) made
"""


def store(connection: Connection, styles: Sequence[StoredStyle]) -> Stored:
    """Put the styles in place of those that were put there before, in the caller's transaction.

    Where somebody has a style of the same name, theirs stays alone; where they have a default,
    ours is none.
    """
    done = Stored()
    with translated(writing=True):
        connection.execute(_DELETE.encode())
        for style in styles:
            schema, table = style.table.split(".")
            values = {
                "schema": schema,
                "table": table,
                "column": style.column,
                "mark": _MARK,
                "name": style.name,
                "qml": style.qml,
                "sld": style.sld,
            }
            same, has_default = connection.execute(_THEIRS.encode(), values).fetchone() or (0, 0)
            if same:
                done.left.append(f"{style.table}: «{style.name}»")
                continue
            default = style.default and not has_default
            connection.execute(_INSERT.encode(), {**values, "default": default})
            done.ours += 1
    return done
