"""The order of a build: what changed → names → groups → entries → addresses."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from typing import NamedTuple

from geoservice.database.engine import Connection
from geoservice.database.versions import inputs_of, is_up_to_date, remember
from geoservice.ingest.gazetteer.address_entries import (
    call_groups,
    draft_groups,
    drop_known_localities,
    settle_groups,
)
from geoservice.ingest.gazetteer.addresses import write_addresses
from geoservice.ingest.gazetteer.areas import DRAFT, draft_areas, tell_where
from geoservice.ingest.gazetteer.differences import find_differing, read_arrived, sum_shifts
from geoservice.ingest.gazetteer.entries import AREAS, GROUPS, TOUCHED_GROUPS, write_entries
from geoservice.ingest.gazetteer.filling import filling
from geoservice.ingest.gazetteer.groups import (
    keep_groups,
    provinces_are_relabelled,
    touch_groups,
)
from geoservice.ingest.gazetteer.other_names import (
    FILE,
    draft_other_names_of_groups,
    draft_other_names_of_places,
    open_other_names,
)
from geoservice.ingest.gazetteer.spellings import (
    add_spellings,
    count_spellings,
    forget_spellings,
    number_names,
    open_spellings,
)

# Raise it when the code makes other entries of the same rows.
_REVISION = 2

_AREA_INPUTS = ("source.region_set", "source.region", "source.place", "source.population")
_ADDRESS_INPUTS = ("source.address",)
_OUTPUTS = (
    *("gazetteer.entry", "gazetteer.address", "gazetteer.address_group", "gazetteer.spelling"),
)

# Sorts and hashes of millions of rows, for this transaction alone. Nothing here is compiled often
# enough to pay for compiling it.
_SETTINGS = """
SET LOCAL work_mem = '256MB';
SET LOCAL maintenance_work_mem = '512MB';
SET LOCAL jit = off;
SET LOCAL cursor_tuple_fraction = 1;
"""

_TEMPORARY = """
DROP TABLE IF EXISTS pg_temp.named, pg_temp.kept, pg_temp.keyed, pg_temp.name, pg_temp.name_before,
    pg_temp.differing, pg_temp.arrived, pg_temp.shift, pg_temp.moved, pg_temp.touched,
    pg_temp.relabelled, pg_temp.other_name, pg_temp.called, pg_temp.area, pg_temp.piece,
    pg_temp.draft, pg_temp.known, pg_temp.settled, pg_temp.told, pg_temp.placed, pg_temp.written
"""


class _Work(NamedTuple):
    """What there is to do.

    `anew`: forget what was built, because the rules or somebody else's hand changed; `areas`:
    regions or places changed, so every entry may; `addresses`: addresses may have.
    """

    anew: bool
    areas: bool
    addresses: bool


def build_gazetteer(connection: Connection) -> int:
    """Bring gazetteer.entry and .address up to their sources; returns entries written.

    The sources are source.region, .place and .address. Regions of the current set come first;
    another set gives only names that it lacks. Where only addresses changed, only the groups that
    they belong to are made anew, with the result of a build from nothing; entries keep their ids,
    and rows that stay as they were are not touched. Points are EPSG:4326, uncertainties metres. One
    transaction, which the caller commits; a second build waits for its end.
    """
    connection.execute("SELECT pg_advisory_xact_lock(hashtext('geoservice builds the gazetteer'))")
    work = _work(connection)
    if not any(work):
        return 0
    inputs = {inputs: inputs_of(connection, inputs) for inputs in (_AREA_INPUTS, _ADDRESS_INPUTS)}
    connection.execute(_SETTINGS)
    connection.execute(_TEMPORARY)
    _read_changes(connection, work)
    everything = work.anew or work.areas or provinces_are_relabelled(connection)
    written = _write(connection, work, everything=everything)
    remember(connection, "gazetteer.areas", inputs[_AREA_INPUTS])
    remember(connection, "gazetteer.addresses", inputs[_ADDRESS_INPUTS])
    remember(connection, "gazetteer.rules", _rules())
    remember(connection, "gazetteer.outputs", inputs_of(connection, _OUTPUTS))
    return written


def _work(connection: Connection) -> _Work:
    rules = connection.execute(
        "SELECT inputs FROM meta.stage WHERE name = 'gazetteer.rules'"
    ).fetchone()
    as_left = is_up_to_date(connection, "gazetteer.outputs", _OUTPUTS)
    return _Work(
        anew=rules != (_rules(),) or not as_left,
        areas=not is_up_to_date(connection, "gazetteer.areas", _AREA_INPUTS),
        addresses=not is_up_to_date(connection, "gazetteer.addresses", _ADDRESS_INPUTS),
    )


def _rules() -> int:
    """A number that stands for the words and facts that keys are made by."""
    words = sorted(files("geoservice.persian").iterdir(), key=lambda file: file.name)
    texts = [file.read_bytes() for file in (*words, FILE) if file.name.endswith(".toml")]
    digest = hashlib.sha256(b"\0".join([str(_REVISION).encode(), *texts])).digest()
    return int.from_bytes(digest[:7], "big")


def _read_changes(connection: Connection, work: _Work) -> None:
    """From rows to shifts of sums, with every spelling known and counted."""
    find_differing(connection, changed=work.addresses, anew=work.anew)
    read_arrived(connection, anew=work.anew)
    if work.anew:
        connection.execute("DELETE FROM gazetteer.address_group")
    else:
        number_names(connection)
        connection.execute("ALTER TABLE name RENAME TO name_before")
    open_spellings(connection, anew=work.anew)
    add_spellings(connection)
    sum_shifts(connection)
    count_spellings(connection)
    number_names(connection)


def _write(connection: Connection, work: _Work, *, everything: bool) -> int:
    open_other_names(connection)
    touch_groups(connection, everything=everything)
    call_groups(connection)
    connection.execute(DRAFT)
    written = 0
    with filling(connection, "gazetteer.entry"):
        if everything:
            draft_areas(connection)
            tell_where(connection)
            draft_other_names_of_places(connection)
            written += write_entries(connection, AREAS)
            connection.execute("TRUNCATE draft")
        draft_groups(connection)
        tell_where(connection)
        drop_known_localities(connection)
        draft_other_names_of_groups(connection)
        written += write_entries(connection, GROUPS if everything else TOUCHED_GROUPS)
    settle_groups(connection)
    keep_groups(connection)
    write_addresses(connection, anew=work.anew)
    forget_spellings(connection)
    return written
