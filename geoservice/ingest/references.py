"""What staged rows refer to: agencies by id or by name, variables with their unit."""

from __future__ import annotations

from collections.abc import Mapping

from geoservice.database.engine import Connection
from geoservice.errors import InvalidValue
from geoservice.ingest.checks import Finding
from geoservice.persian.letters import joined


class Variables:
    """The variables that a file of statistics names, each with one unit and title."""

    def __init__(self) -> None:
        self._found: dict[str, dict[str, str | None]] = {}

    def add(self, variable: str, facts: Mapping[str, str | None]) -> None:
        """Note what a row says of its variable; InvalidValue where two rows differ."""
        known = self._found.setdefault(variable, dict(facts))
        for name, value in facts.items():
            if known[name] is None:
                known[name] = value
            elif value is not None and value != known[name]:
                raise InvalidValue(
                    value, f"{name} of «{variable}» is «{value}» here and «{known[name]}» before"
                )

    def save(self, connection: Connection) -> None:
        """Write them; what the file does not say stays as it was."""
        for variable, facts in self._found.items():
            connection.execute(
                "INSERT INTO source.variable AS v (id, title_fa, title_en, unit) "
                "VALUES (%(id)s, %(title_fa)s, %(title_en)s, %(unit)s) "
                "ON CONFLICT (id) DO UPDATE SET "
                "title_fa = coalesce(excluded.title_fa, v.title_fa), "
                "title_en = coalesce(excluded.title_en, v.title_en), "
                "unit = coalesce(excluded.unit, v.unit)",
                {"id": variable, **facts},
            )


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
            "SELECT id FROM source.agency WHERE name_key = %s ORDER BY id LIMIT 1", [key]
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
