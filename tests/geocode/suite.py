"""The accuracy suite: how a case in a CSV file is read, asked and judged.

The files in `cases/` have the columns of the open geocoder-tester (https://github.com/geocoders/
geocoder-tester): `query`; `limit`, `lat`, `lon` and `lang` of the request; `expected_X`, the member
X of a GeocodeJSON feature; `expected_coordinate`, that is `lat,lon,metres`; `comment` and `skip`.
A case passes if one of the first `limit` features is as expected. Here `|` in an expectation stands
between values that are equally right, and beside those columns there are

- `none` as an `expected_match_level`: an empty answer is right (alone, nothing else is);
- `most_confidence`: what is doubtful may be answered, but no surer than this;
- `xfail`: why the case fails today, in words.

    python -m tests.geocode.suite http://127.0.0.1:8000 [FILE …]

asks a service that has the suite's gazetteer (`load_gazetteer`) and prints the rate of each file.
Over other data most cases are not found.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import cos, hypot, radians
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

from geoservice.cli.demo import FILES
from geoservice.database.engine import Connection
from geoservice.database.steps import run
from geoservice.errors import InvalidValue
from geoservice.geocode.geocode import geocode
from geoservice.geocode.geocodejson import feature
from geoservice.geocode.question import Question, question_of
from geoservice.ingest.gazetteer import build_gazetteer
from geoservice.ingest.ingest import Options, ingest
from geoservice.persian.letters import joined

CASES = Path(__file__).parent / "cases"
GAZETTEER = CASES / "gazetteer"
SAMPLE = Path(__file__).parents[2] / "sample"

_NOTHING = "none"
_METRES_PER_DEGREE = 111_195  # on a sphere of 6,371 km

Features = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Case:
    """One line of a file; `expected` by the names of GeocodeJSON's members."""

    file: str
    line: int
    query: str
    expected: Mapping[str, str]
    limit: int
    near: tuple[float, float] | None  # lon, lat
    language: str
    most_confidence: float
    comment: str
    skip: str
    xfail: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def files() -> list[Path]:
    """The files of the suite, by name."""
    return sorted(CASES.glob("*.csv"))


def read_cases(path: Path) -> Iterator[Case]:
    """Yield the cases of one file.

    :raises ValueError: a column is unknown, or a case expects nothing.
    """
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            expected = {
                column.removeprefix("expected_"): row.pop(column)
                for column in list(row)
                if column.startswith("expected_")
            }
            case = Case(
                file=path.stem,
                line=reader.line_num,
                query=row.pop("query"),
                expected={name: value for name, value in expected.items() if value},
                limit=int(row.pop("limit", "") or 1),
                near=_near(row.pop("lat", ""), row.pop("lon", "")),
                language=row.pop("lang", "") or "fa",
                most_confidence=float(row.pop("most_confidence", "") or 1),
                comment=row.pop("comment", ""),
                skip=row.pop("skip", ""),
                xfail=row.pop("xfail", ""),
            )
            if row:
                raise ValueError(f"{case}: there is no column {', '.join(row)}")
            if not case.expected:
                raise ValueError(f"{case}: nothing is expected")
            yield case


def faults_of(case: Case, features: Features) -> list[str]:
    """Why the answer is not as the case expects; empty where it is."""
    levels = case.expected.get("match_level", "").split("|")
    if not features:
        return [] if _NOTHING in levels else ["nothing was found"]
    if levels == [_NOTHING]:
        return [f"found where nothing is right: {_shown(features[0])}"]
    considered = features[: case.limit]
    sure = max(_members(each)["confidence"] for each in considered)
    if sure > case.most_confidence:
        return [f"confidence {sure} is more than {case.most_confidence}: {_shown(features[0])}"]
    found = [list(_differences(case, each)) for each in considered]
    return min(found, key=len)


def asked_directly(connection: Connection, cases: Sequence[Case]) -> list[Features]:
    """What the geocoder answers to each case, all asked in one go; nothing to what it refuses."""
    questions: dict[int, Question] = {}
    for number, case in enumerate(cases):
        try:
            questions[number] = question_of(case.query, limit=case.limit, near=case.near)
        except InvalidValue:
            continue
    answers = dict(zip(questions, run(connection, geocode(list(questions.values()))), strict=True))
    return [
        [feature(match, language="fa") for match in answers[number].matches]
        if number in answers
        else []
        for number in range(len(cases))
    ]


def asked_over_http(base: str) -> Callable[[Case], Features]:
    """A function that asks the service at `base` for one case; 400 is an empty answer."""

    def ask(case: Case) -> Features:
        parameters: dict[str, Any] = {"q": case.query, "limit": case.limit, "lang": case.language}
        if case.near:
            parameters |= {"lon": case.near[0], "lat": case.near[1]}
        try:
            with urlopen(f"{base}/geocode/search?{urlencode(parameters)}", timeout=30) as answer:  # noqa: S310
                features: Features = json.load(answer)["features"]
                return features
        except HTTPError as error:
            if error.code != 400:
                raise
            return []
        except OSError as error:  # it is not there, or did not answer in time
            raise SystemExit(f"{base} did not answer to «{case.query}»: {error}") from error

    return ask


def load_gazetteer(connection: Connection) -> None:
    """Load the sample's regions and settlements, and the suite's own places and addresses.

    Those are real streets and squares at about their real places; plaques and codes are made up.
    """
    for kind, name, options in FILES[:4]:
        ingest(connection, kind, str(SAMPLE / name), options)
    ours = Options(region_set=FILES[0][2].region_set)
    for name in ("districts", "rural_districts"):
        ingest(connection, "regions", str(GAZETTEER / f"{name}.geojson"), ours)
    ingest(connection, "places", str(GAZETTEER / "places.csv"), ours)
    ingest(connection, "addresses", str(GAZETTEER / "addresses.csv"), Options())
    build_gazetteer(connection)


def _near(lat: str, lon: str) -> tuple[float, float] | None:
    return (float(lon), float(lat)) if lat and lon else None


def _members(feature: Mapping[str, Any]) -> dict[str, Any]:
    """The members of a feature, those of the standard beside ours."""
    properties = feature["properties"]
    return {**properties, **properties.get("geocoding", {})}


def _differences(case: Case, feature: Mapping[str, Any]) -> Iterator[str]:
    members = _members(feature)
    for name, wanted in case.expected.items():
        if name == "coordinate":
            lat, lon, most = map(float, wanted.split(","))
            metres = distance_m((lon, lat), feature["geometry"]["coordinates"])
            if metres > most:
                yield f"{metres:,.0f} m away, {most:,.0f} m are allowed: {_shown(feature)}"
        elif name == "fault":
            if wanted not in (named := [fault["name"] for fault in members["faults"]]):
                yield f"no fault {wanted} among {named}"
        elif all(joined(str(members.get(name, ""))) != joined(each) for each in wanted.split("|")):
            yield f"{name} is {members.get(name)}, not {wanted}: {_shown(feature)}"


def distance_m(a: Sequence[float], b: Sequence[float]) -> float:
    """Metres between two points (lon, lat) that lie near each other."""
    along = (a[0] - b[0]) * cos(radians((a[1] + b[1]) / 2))
    return _METRES_PER_DEGREE * hypot(along, a[1] - b[1])


def _shown(feature: Mapping[str, Any]) -> str:
    members = _members(feature)
    faults = ", ".join(fault["name"] for fault in members["faults"])
    return f"{members['match_level']} {members['confidence']} «{members['label']}» [{faults}]"


def main(base: str, *names: str) -> None:
    """Print the rate of each file and every case that fails."""
    ask = asked_over_http(base.rstrip("/"))
    for path in map(Path, names) if names else files():
        cases = [case for case in read_cases(path) if not case.skip]
        failed = 0
        for case in cases:
            for fault in faults_of(case, ask(case)):
                print(f"{case} {case.query}\n    {fault}")
            failed += bool(faults_of(case, ask(case)))
        print(f"{path.stem}: {len(cases) - failed} of {len(cases)} are as expected")


if __name__ == "__main__":
    main(*sys.argv[1:])
