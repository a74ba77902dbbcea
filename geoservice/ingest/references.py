"""What staged rows refer to: agencies by id or by name, variables with their unit."""

from __future__ import annotations

from collections.abc import Mapping

from geoservice.database.engine import Connection
from geoservice.errors import InvalidFile, InvalidValue
from geoservice.ingest.checks import Finding
from geoservice.ingest.clean import clean_key
from geoservice.persian.letters import joined

# Variables that the indicators sum over projects themselves: a statistic of such a name could never
# be asked for.
_BUILT_IN = {
    "budget": "the approved budgets of projects",
    "spent": "what was spent on projects",
}


class Variables:
    """The variables that a file of statistics names, each with one unit and title."""

    def __init__(self) -> None:
        self._found: dict[str, dict[str, str | None]] = {}

    def add(self, variable: str, facts: Mapping[str, str | None]) -> None:
        """Note what a row says of its variable.

        InvalidValue where two rows differ, or its name is that of a built-in variable.
        """
        if variable in _BUILT_IN:
            raise InvalidValue(
                variable,
                f"«{variable}» is built in: it names {_BUILT_IN[variable]}, so a statistic "
                "of that name could never be shown; name it differently",
            )
        known = self._found.setdefault(variable, dict(facts))
        for name, value in facts.items():
            if known[name] is None:
                known[name] = value
            elif value is not None and value != known[name]:
                raise InvalidValue(
                    value, f"{name} of «{variable}» is «{value}» here and «{known[name]}» before"
                )

    def save(self, connection: Connection) -> None:
        """Write those that are new or differ; what the file does not say stays as it was."""
        for variable, facts in self._found.items():
            known = connection.execute(
                "SELECT title_fa, title_en, unit FROM source.variable WHERE id = %s", [variable]
            ).fetchone()
            before = dict(zip(_FACTS, known or (None,) * len(_FACTS), strict=True))
            after = before | {name: value for name, value in facts.items() if value is not None}
            if before["unit"] not in {None, after["unit"]} and _has_other_values(
                connection, variable
            ):
                raise InvalidFile(
                    f"the unit of «{variable}» is «{before['unit']}» for values that are loaded "
                    f"already and «{after['unit']}» here; name the variable differently, or give "
                    "all of its values in one file"
                )
            if known is None or after != before:
                connection.execute(
                    "INSERT INTO source.variable (id, title_fa, title_en, unit) "
                    "VALUES (%(id)s, %(title_fa)s, %(title_en)s, %(unit)s) "
                    "ON CONFLICT (id) DO UPDATE SET title_fa = excluded.title_fa, "
                    "title_en = excluded.title_en, unit = excluded.unit",
                    {"id": variable, **after},
                )


def _has_other_values(connection: Connection, variable: str) -> bool:
    """Whether values of the variable are stored that the staged ones do not replace."""
    found = connection.execute(
        "SELECT FROM source.statistic t WHERE variable = %s AND NOT EXISTS ("
        "SELECT FROM staging s WHERE (s.region_set, s.level, s.code, s.variable, s.period) "
        "= (t.region_set, t.level, t.code, t.variable, t.period)) LIMIT 1",
        [variable],
    )
    return found.fetchone() is not None


_FACTS = ("title_fa", "title_en", "unit")


def resolve_agencies(connection: Connection) -> list[Finding]:
    """Turn agency names of staged projects into ids; register those that nobody knows.

    Returns a remark for each row whose agency had to be registered by its name.
    """
    unknown = [
        name
        for (name,) in connection.execute(
            "SELECT DISTINCT agency_id FROM staging s WHERE agency_id IS NOT NULL AND NOT EXISTS "
            "(SELECT FROM source.agency a WHERE a.id = s.agency_id) ORDER BY 1"
        )
    ]
    findings: list[Finding] = []
    for name in unknown:
        key = joined(name)
        found = connection.execute(
            "SELECT id FROM source.agency WHERE id = %(id)s OR name_key = %(key)s "
            "ORDER BY id <> %(id)s, id LIMIT 1",
            {"id": clean_key(name), "key": key},
        ).fetchone()
        if found:
            connection.execute(
                "UPDATE staging SET agency_id = %s WHERE agency_id = %s", [found[0], name]
            )
            continue
        connection.execute(
            "INSERT INTO source.agency (id, name_fa, name_key) VALUES (%s, %s, %s)",
            [name, name, key],
        )
        findings += [
            (
                line,
                "agency_id",
                name,
                f"no agency «{name}» was known; it is registered by this name",
                "این دستگاه شناخته نبود و با همین نام ثبت شد",
            )
            for (line,) in connection.execute(
                "SELECT line FROM staging WHERE agency_id = %s ORDER BY line", [name]
            )
        ]
    return findings
