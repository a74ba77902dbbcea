"""The styles that the service serves, in the hands of those they are for: MapLibre's own
validator, and QGIS.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from lxml import etree

from geoservice.cli.styles import sync
from geoservice.settings import Settings
from tests.product import chromium
from tests.product.driving import show
from tests.product.in_maplibre import drawn, on_paper
from tests.product.in_qgis import in_qgis

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = Path(__file__).with_name("style_in_qgis.py")
VALIDATOR = "@maplibre/maplibre-gl-style-spec"
VERSION = "26.6.0"
MAVEN = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:get"
SCHEMAS = {  # where each artifact has what an address stands for
    "org.jvnet.ogc:ogc-schemas:2.6.1": ("http://schemas.opengis.net/", "ogc/"),
    "org.hisrc.w3c:w3c-schemas:1.4.0": ("http://www.w3.org/", "w3c/"),
}
SLD_SCHEMA = """
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:import
    namespace="http://www.opengis.net/sld"
    schemaLocation="http://schemas.opengis.net/sld/1.1.0/StyledLayerDescriptor.xsd"/></xs:schema>
"""
STYLES = sorted(path.stem for path in (ROOT / "styles").glob("*.toml"))

pytestmark = pytest.mark.slow


def _toml(style: str) -> str:
    return re.sub(r"#.*", "", (ROOT / "styles" / f"{style}.toml").read_text(encoding="utf-8"))


def _get(url: str) -> Any:
    with urlopen(url, timeout=60) as answer:  # noqa: S310
        return json.load(answer)


@pytest.fixture(scope="module")
def validator(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command that validates MapLibre styles, from npm."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("Node.js and npm are not installed, which run MapLibre's validator")
    directory = tmp_path_factory.mktemp("node")
    install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
    done = subprocess.run(
        [*install, "--prefix", str(directory), f"{VALIDATOR}@{VERSION}"],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if done.returncode:
        pytest.skip(f"npm could not install {VALIDATOR}: {done.stderr.strip()[:200]}")
    return ["node", str(directory / "node_modules" / VALIDATOR / "dist/gl-style-validate.mjs")]


def test_maplibre_s_validator_finds_nothing(
    service: str, validator: list[str], tmp_path: Path
) -> None:
    for style in STYLES:
        for language in ("fa", "en"):
            file = tmp_path / f"{style}.{language}.json"
            file.write_text(json.dumps(_get(f"{service}/styles/{style}?lang={language}")))
            done = subprocess.run(
                [*validator, str(file)], capture_output=True, text=True, check=False
            )
            assert (done.returncode, done.stdout) == (0, ""), style
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"version": 8, "sources": {}, "layers": [{"id": "a"}]}')
    assert subprocess.run([*validator, str(wrong)], capture_output=True, check=False).returncode


class _Local(etree.Resolver):  # type: ignore[misc]
    """Gives schemas by their addresses from a directory, so that none is fetched."""

    def __init__(self, directory: Path) -> None:
        super().__init__()
        self._directory = directory

    def resolve(self, url: str, public_id: str | None, context: Any) -> Any:
        for prefix, folder in SCHEMAS.values():
            if url.startswith(prefix):
                content = (self._directory / folder / url.removeprefix(prefix)).read_bytes()
                return self.resolve_string(content, context, base_url=url)
        return None


@pytest.fixture(scope="module")
def sld_schema(tmp_path_factory: pytest.TempPathFactory) -> etree.XMLSchema:
    """OGC's schema of SLD 1.1 with all that it imports, from Maven's central repository."""
    if not shutil.which("mvn"):
        pytest.skip("Maven is not installed, which fetches OGC's schemas")
    directory = tmp_path_factory.mktemp("schemas")
    fetch = ["mvn", "-q", "-B", MAVEN, "-Dtransitive=false"]
    fetch.append(f"-Dmaven.repo.local={directory}/repository")
    for artifact in SCHEMAS:
        done = subprocess.run(
            [*fetch, f"-Dartifact={artifact}"],
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        if done.returncode:
            pytest.skip(f"Maven could not fetch {artifact}: {done.stdout.strip()[:200]}")
    for jar in directory.glob("repository/**/*-schemas-*.jar"):
        with zipfile.ZipFile(jar) as packed:
            packed.extractall(directory)
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Local(directory))
    return etree.XMLSchema(etree.fromstring(SLD_SCHEMA, parser))


def test_the_sld_is_valid(service: str, sld_schema: etree.XMLSchema) -> None:
    for style in STYLES:
        with urlopen(f"{service}/styles/{style}?f=sld", timeout=60) as answer:  # noqa: S310
            document = etree.fromstring(answer.read())
        sld_schema.assertValid(document)
    for rule in document.iter("{http://www.opengis.net/se}Rule"):
        rule.append(etree.Element("{http://www.opengis.net/se}Colour"))
    assert not sld_schema.validate(document)


@pytest.fixture(scope="module")
def report(
    service: str, sample_url: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """What QGIS found; the pictures are kept where GEOSERVICE_TEST_PICTURES says, to look at."""
    directory = tmp_path_factory.mktemp("qgis")
    sync(sample_url, Settings())
    pictures = os.environ.get("GEOSERVICE_TEST_PICTURES", str(directory))
    return in_qgis(SCRIPT, directory, service, pictures, sample_url, timeout=500)


def _classes(service: str, style: str) -> dict[str, str]:
    """The colour of each class by its name, as the MapLibre style paints it."""
    paints = {
        layer["id"]: next(value for key, value in layer["paint"].items() if key.endswith("-color"))
        for layer in _get(f"{service}/styles/{style}?f=mapbox")["layers"]
        if layer["type"] in ("fill", "line", "circle")
    }
    return {name: colour for name, colour in paints.items() if not name.endswith("-outline")}


@pytest.mark.qgis
@pytest.mark.parametrize("style", STYLES)
def test_qgis_loads_the_qml_with_the_same_classes(
    report: dict[str, Any], service: str, style: str
) -> None:
    found = report[style]["qml"]
    assert found["loaded"], found["message"]
    if found["renderer"] == "heatmapRenderer":
        assert style == "project_heat"
        return
    colours = list(_classes(service, style).values())
    if found["renderer"] == "RuleRenderer" and "proportional" in _toml(style):
        colours.reverse()
    assert [colour for _, colour in found["classes"]] == colours
    assert bool(found["labels"]) is ("[label]" in _toml(style))


@pytest.mark.qgis
@pytest.mark.parametrize("name", ["address", "place"])
def test_a_table_that_qgis_opens_itself_has_its_style(
    report: dict[str, Any], service: str, name: str
) -> None:
    found = report["tables"][name]
    assert found["valid"]
    assert found["classes"] == report[name]["qml"]["classes"]


@pytest.mark.qgis
@pytest.mark.parametrize("style", STYLES)
def test_qgis_keeps_every_class_of_the_maplibre_style(
    report: dict[str, Any], service: str, style: str
) -> None:
    found = report[style]["tiles"]
    assert found["loaded"], found["message"]
    kept = {n: c for n, c in found["classes"].items() if not n.endswith("-outline")}
    assert kept == _classes(service, style)
    assert bool(found["labels"]) is ("[label]" in _toml(style))


@pytest.mark.qgis
@pytest.mark.parametrize("style", [each for each in STYLES if each.startswith("balance")])
def test_both_draw_each_class_in_the_same_colour_over_the_same_area(
    report: dict[str, Any], style: str
) -> None:
    """Colours may differ by one step of rounding, areas by what edges cover."""
    features, tiles = (report[style][way]["seen"] for way in ("qml", "tiles"))
    classes = {colour: area for colour, area in features.items() if area > 2000}
    assert len(classes) > 3
    for colour, area in classes.items():
        near = sum(seen for other, seen in tiles.items() if _apart(colour, other) <= 2)
        same = sum(seen for other, seen in features.items() if _apart(colour, other) <= 2)
        assert near == pytest.approx(same, rel=0.05), (colour, area)


@pytest.fixture(scope="module")
def page(tab: chromium.Tab, service: str) -> chromium.Tab:
    show(tab, f"{service}/map#layers=", (1200, 1020))
    return tab


@pytest.mark.qgis
@pytest.mark.browser
@pytest.mark.parametrize("style", [each for each in STYLES if "[heat]" not in _toml(each)])
def test_qgis_and_maplibre_draw_the_same_classes(
    report: dict[str, Any], page: chromium.Tab, service: str, pictures: Path, style: str
) -> None:
    """The QML in QGIS over features, the MapLibre style in a browser over tiles: each class has the
    same colour and as many pixels, but for antialiased edges and points that tiles leave for those
    that hide them.
    """
    document = _get(f"{service}/styles/{style}?f=mapbox")
    in_browser = drawn(page, document, report[style]["qml"]["extent"])
    page.picture(pictures / f"{style}-maplibre.png")
    colours = on_paper(document)
    points = any(layer["type"] == "circle" for layer in document["layers"])
    areas = [
        _nearest(seen, colours.values()) if points else _same(seen, colours.values())
        for seen in (report[style]["qml"]["seen"], in_browser)
    ]
    rel, least = (0.35, 100) if points else (0.05, 500)  # most of a mark of some pixels is edge
    for name, colour in colours.items():
        if points and _is_grey(colour):  # as edges of any colour are
            continue
        assert areas[1][colour] == pytest.approx(areas[0][colour], rel=rel, abs=least), name
    shown = sum(areas[0][colour] > 400 for colour in set(colours.values()))
    assert shown >= (3 if style.startswith("balance") else 1)


def _is_grey(colour: str) -> bool:
    parts = [int(colour[n : n + 2], 16) for n in (1, 3, 5)]
    return max(parts) - min(parts) < 10


def _same(seen: dict[str, int], colours: Iterable[str]) -> Counter[str]:
    """The pixels of each colour, or of one that rounding makes of it."""
    return Counter(
        {
            colour: sum(count for other, count in seen.items() if _apart(colour, other) <= 2)
            for colour in colours
        }
    )


def _nearest(seen: dict[str, int], colours: Iterable[str]) -> Counter[str]:
    """The pixels that are nearer to each colour than to the others and to the paper."""
    among, found = {*colours, "#ffffff"}, Counter[str]()
    for other, count in seen.items():
        found[min(among, key=lambda colour: _apart(colour, other))] += count
    return found


def _apart(one: str, other: str) -> int:
    parts = [[int(colour[n : n + 2], 16) for n in (1, 3, 5)] for colour in (one, other)]
    return max(abs(a - b) for a, b in zip(parts[0], parts[1], strict=True))
