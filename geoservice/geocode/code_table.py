"""Very many postal codes at once, as columns: rows leave no time for an object each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import pyarrow as pa
from pyarrow import csv

from geoservice.database.steps import Ask, Steps
from geoservice.geocode.address_row import ACCURACY_M, LABEL, UNSAID_M
from geoservice.geocode.corrected import VERIFIED_M
from geoservice.geocode.penalties import BASE, CORRECTION, POSTAL_CODE

_KINDS = " ".join(["WHEN s.accuracy = %s THEN %s::text"] * len(ACCURACY_M))

# What `addresses.postal_codes` finds, and the score of it where nothing else was asked for; as one
# text, degrees to the centimetre.
_CODES = f"""
SELECT string_agg(concat_ws(',', round(ST_X(p.geom) * 1e7) / 1e7, round(ST_Y(p.geom) * 1e7) / 1e7,
    CASE WHEN s.unit <> '' THEN 'unit' WHEN s.plaque <> '' THEN 'plaque' ELSE 'postal_code' END,
    CASE WHEN c.id IS NULL THEN %s::text ELSE %s::text END,
    CASE WHEN c.id IS NOT NULL THEN %s::text {_KINDS} ELSE %s::text END,
    '"' || replace({LABEL}, '"', '""') || '"', s.postal_code), E'\\n')
FROM source.address s LEFT JOIN gazetteer.correction c USING (postal_code)
CROSS JOIN LATERAL (SELECT coalesce(c.geom, s.geom) AS geom) p
WHERE s.postal_code = ANY(string_to_array(%s, ',')) AND p.geom IS NOT NULL
"""  # noqa: S608  (made of constants)

_TYPES = {
    "lon": pa.float64(),
    "lat": pa.float64(),
    "match_level": pa.string(),
    "confidence": pa.float64(),
    "uncertainty_m": pa.float64(),
    "label": pa.string(),
    "postal_code": pa.string(),
}
_READ = csv.ReadOptions(column_names=list(_TYPES), use_threads=False)
_PARSE = csv.ParseOptions(newlines_in_values=True)
_CONVERT = csv.ConvertOptions(column_types=_TYPES)


def code_table(codes: Sequence[str]) -> Steps[pa.Table]:
    """The addresses of those codes that are known and have a point, in no order.

    Columns lon, lat (EPSG:4326), match_level, confidence, uncertainty_m (metres), label and
    postal_code.
    """
    metres = [VERIFIED_M, *chain.from_iterable(ACCURACY_M.items()), UNSAID_M]
    parameters = map(str, [BASE[POSTAL_CODE], BASE[CORRECTION], *metres, ",".join(codes)])
    ((text,),) = (yield Ask(_CODES, list(parameters))) if codes else [(None,)]
    if text is None:
        return pa.schema(_TYPES).empty_table()
    return csv.read_csv(pa.BufferReader(text.encode()), _READ, _PARSE, _CONVERT)
