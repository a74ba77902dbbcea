from __future__ import annotations

from pathlib import Path

import pytest

from geoservice.catalog.agreement import style_faults
from geoservice.catalog.layer import Layer
from geoservice.catalog.load import Catalog, load_catalog, read_style
from geoservice.catalog.ramps import colours, ramps
from geoservice.catalog.style import Style
from geoservice.catalog.styles import read_styles, with_styles
from geoservice.errors import InvalidDeclaration, NotFound

ROOT = Path(__file__).resolve().parents[2]
TITLE = 'title = { fa = "عنوان", en = "Title" }\n'


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog(ROOT / "layers")


def _style(directory: Path, text: str, name: str = "county") -> Style:
    path = directory / f"{name}.toml"
    path.write_text(TITLE + text, encoding="utf-8")
    return read_style(path)


def test_a_colour_may_be_written_in_capitals(tmp_path: Path) -> None:
    style = _style(tmp_path, '[single]\n[symbol]\ncolour = "#FFAA00"\n')
    assert style.symbol.colour == "#ffaa00"


@pytest.mark.parametrize("number", ["nan", "inf", "-inf"])
def test_a_break_is_a_number(tmp_path: Path, number: str) -> None:
    text = f'[graduated]\nattribute = "population"\nbreaks = [1, {number}]\n'
    with pytest.raises(InvalidDeclaration, match="finite"):
        _style(tmp_path, text)


def test_titles_are_of_characters_that_can_be_shown(tmp_path: Path) -> None:
    path = tmp_path / "county.toml"
    path.write_text('title = { fa = "الف", en = "a\\u0000b" }\n[single]\n', encoding="utf-8")
    with pytest.raises(InvalidDeclaration, match="control characters"):
        read_style(path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "county.toml: give one of"),
        ("[single]\n[heat]", "it has single and heat"),
        ("[heat]\nper_point = 5", "`per_point` is for a `weight`"),
        ("[heat]\nweight = 'budget'\nper_point = 0", "heat.per_point"),
        (
            "[single]\ncolour = 'red'",
            "county.toml: single.colour: there is no such key here; there are: none",
        ),
        (
            "[single]\n[symbol]\ncolour = 'red'",
            "county.toml: symbol.colour: «red» is no colour: write it as #rrggbb",
        ),
        ("[single]\n[symbol]\nopacity = 2", "county.toml: symbol.opacity: "),
        ("[single]\n[symbol]\nsize = inf", "county.toml: symbol.size: "),
        ("[single]\n[zoom]\nmin = 8\nmax = 8", "county.toml: zoom: min 8 is not"),
        ("[graduated]\nattribute = 'a'", "give either `breaks` or `method`"),
        ("[graduated]\nattribute = 'a'\nbreaks = [1]\nmethod = 'Quantiles'", "give either"),
        ("[graduated]\nattribute = 'a'\nbreaks = [2, 1]", "1 stands behind 2"),
        ("[graduated]\nattribute = 'a'\nbreaks = []", "graduated.breaks: "),
        ("[graduated]\nattribute = 'a'\nbreaks = [1]\nk = 3", "`k` is for a `method`"),
        ("[graduated]\nattribute = 'a'\nmethod = 'StdMean'\nk = 3", "leave out `k`"),
        ("[graduated]\nattribute = 'a'\nmethod = 'Guess'", "county.toml: graduated.method: "),
        ("[graduated]\nattribute = 'a'\nbreaks = [1]\nramp = 'jet'", "no ramp «jet»; there are: "),
        (
            "[graduated]\nattribute = 'a'\nbreaks = [1,2,3,4,5,6,7,8,9]",
            "«YlGnBu» has 9 colours at most, not 10",
        ),
        (
            "[single]\n[zoom]\nmax = 6\n[label]\n"
            "attribute = {fa = 'a', en = 'a'}\nzoom = {min = 6}",
            "county.toml: label.zoom: it is drawn at none of the zooms 6-24",
        ),
        (
            "zoom = {min = 5, max = 9}\n[categorised]\nattribute = 'schematic'\nclasses = ["
            "{values = [true], zoom = {max = 6}}, {values = [false], zoom = {min = 9, max = 11}}]",
            "categorised.classes.1.zoom: it is drawn at none of the zooms 9-11, since the style is "
            "for 5-9; zooms that overlap these would be right",
        ),
        ("[proportional]\nattribute = 'a'\nmin_size = 40", "min_size 40 is not below max_size 36"),
    ],
)
def test_a_wrong_style_says_file_and_key(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InvalidDeclaration) as raised:
        _style(tmp_path, text)
    assert told in str(raised.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[graduated]\nattribute = 'gone'\nbreaks = [1]", "graduated.attribute: «county» has no"),
        ("[graduated]\nattribute = 'name_fa'\nbreaks = [1]", "«name_fa» is string; integer or num"),
        ("[graduated]\nattribute = 'population_year'\nbreaks = [1]", "is not in tiles"),
        ("[heat]", "heat: is for points, and «county» is of MultiPolygon"),
        ("[cluster]", "cluster: is for points"),
        ("[categorised]\nattribute = 'name_fa'", "has no closed list of codes"),
        (
            "[categorised]\nattribute = 'schematic'\nclasses = [{values = ['yes']}]",
            "classes.0.values: «yes» is no boolean",
        ),
        (
            "[categorised]\nattribute = 'name_fa'\n"
            "classes = [{values = ['a']}, {values = ['b', 'a']}]",
            "classes.1.values: «a» is in two classes",
        ),
        ("[single]\n[label]\nattribute = {fa = 'name', en = 'name_en'}", "label.attribute.fa: "),
        (
            "[single]\n[label]\nattribute = {fa = 'name_fa', en = 'name_en'}\nzoom = {min = 13}",
            "label.zoom.min: 13 lies above the last zoom that «county» has tiles of, 12",
        ),
    ],
)
def test_a_style_is_held_against_its_layer(
    tmp_path: Path, catalog: Catalog, text: str, told: str
) -> None:
    (fault,) = style_faults(_style(tmp_path, text), catalog.layer("county"))
    assert fault.startswith("county.toml: ")
    assert told in fault


def test_tiles_carry_what_is_drawn_as_early_as_it_is(tmp_path: Path, catalog: Catalog) -> None:
    county = catalog.layer("county").model_dump()
    for name in ("population", "name_fa"):
        county["attributes"][name]["tiles"] = {"min": 6}
    layer = Layer.model_validate(county)
    text = "[graduated]\nattribute = 'population'\nbreaks = [1]\n"
    label = "[label]\nattribute = {fa = 'name_fa', en = 'name_en'}\nzoom = {min = 5.9}"
    faults = style_faults(_style(tmp_path, f"{text}{label}"), layer)
    assert faults == [
        "county.toml: graduated.attribute: tiles carry «population» from zoom 6 on, and it is "
        "drawn from 3 on",
        "county.toml: label.attribute.fa: tiles carry «name_fa» from zoom 6 on, and it is drawn "
        "from 5.9 on",
    ]
    late = _style(tmp_path, f"zoom = {{min = 6}}\n{text}{label}")
    assert style_faults(late, layer) == []


def test_the_codes_of_an_attribute_are_its_classes(tmp_path: Path, catalog: Catalog) -> None:
    text = "[categorised]\nattribute = 'status'\n"
    (fault,) = style_faults(_style(tmp_path, text, "project"), catalog.layer("project"))
    assert "has 8 colours, and there are 9 classes" in fault
    wrong = _style(tmp_path, f"{text}classes = [{{values = ['done']}}]", "project")
    (fault,) = style_faults(wrong, catalog.layer("project"))
    assert "«done» is not among the codes: identification" in fault


def test_the_shipped_styles_fit_their_layers(catalog: Catalog) -> None:
    found = with_styles(catalog, read_styles(ROOT / "styles"), {})
    assert found.style_faults == {}
    assert [style.id for style in found.styles_of("place")] == ["place", "place_population"]
    assert set(catalog.layers) <= set(found.styles)


def test_a_style_of_a_column_that_is_gone_takes_nothing_else_away(
    tmp_path: Path, catalog: Catalog
) -> None:
    good = _style(tmp_path, "[single]", "province")
    before = _style(tmp_path, "[single]", "county")
    _style(tmp_path, "[graduated]\nattribute = 'gone'\nbreaks = [1]", "county")
    reading = read_styles(tmp_path)
    first = with_styles(catalog, reading, {})
    assert list(first.styles) == ["province"]
    assert "no attribute «gone»" in first.style_faults["county"]
    assert first.layers == catalog.layers
    with pytest.raises(NotFound, match=r"declared, but not served: county\.toml: graduated"):
        first.style("county")
    # What was served before stays until the file is mended.
    kept = with_styles(catalog, reading, {"county": before, "province": good})
    assert kept.styles["county"] == before
    assert "no attribute «gone»" in kept.style_faults["county"]
    # And so where the file is no longer TOML.
    (tmp_path / "county.toml").write_text("[", encoding="utf-8")
    kept = with_styles(catalog, read_styles(tmp_path), {"county": before})
    assert set(kept.styles) == {"county", "province"}
    # A file that is gone takes its style with it.
    (tmp_path / "county.toml").unlink()
    gone = with_styles(catalog, read_styles(tmp_path), {"county": before})
    assert (set(gone.styles), gone.style_faults) == ({"province"}, {})


def test_a_style_of_a_layer_that_is_not_there(tmp_path: Path, catalog: Catalog) -> None:
    _style(tmp_path, "layer = 'roads'\n[single]")
    told = with_styles(catalog, read_styles(tmp_path), {}).style_faults["county"]
    assert "there is no layer «roads»; there are: address" in told


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"<qgis", "county.qml: it is not XML"),
        (b"<sld/>", "county.qml: it is <sld>, not a QGIS style (<qgis>)"),
        (b'<!DOCTYPE q [<!ENTITY a "aa">]><qgis>&a;</qgis>', "county.qml: it declares entities"),
    ],
)
def test_a_qml_that_is_none(tmp_path: Path, catalog: Catalog, content: bytes, told: str) -> None:
    _style(tmp_path, "[single]")
    (tmp_path / "county.qml").write_bytes(content)
    found = with_styles(catalog, read_styles(tmp_path), {})
    assert told in found.style_faults["county"]
    assert found.handmade == {}
    assert "county" in found.styles, "what is derived takes its place"


def test_a_qml_beside_its_style(tmp_path: Path, catalog: Catalog) -> None:
    _style(tmp_path, "[single]")
    (tmp_path / "county.qml").write_bytes(b"<!DOCTYPE qgis><qgis version='3.22'/>")
    (tmp_path / "province.qml").write_bytes(b"<qgis/>")
    found = with_styles(catalog, read_styles(tmp_path), {})
    assert set(found.handmade) == {"county"}
    assert "there is no province.toml beside it" in found.style_faults["province"]


def test_ramps_have_the_colours_that_they_say() -> None:
    for name, table in ramps().items():
        for k, shades in table.items():
            assert len(set(shades)) == k == len(shades), name
            assert all(len(shade) == 7 for shade in shades), name
        assert colours(name, max(table), reverse=True) == tuple(reversed(table[max(table)]))
    assert colours("OkabeIto", 2) == ("#0072b2", "#e69f00")
    with pytest.raises(ValueError, match="9 colours at most, not 10"):
        colours("YlGnBu", 10)


def test_a_key_that_is_none_is_told_with_those_that_there_are(tmp_path: Path) -> None:
    for text, told in (
        (
            '[single]\n[symbol]\ncolor = "#ffaa00"\n',
            r"symbol\.color: .*«colour» may be meant;.*size",
        ),
        ("[graduated]\nattribute = 'a'\nbreaks = []\n", "graduated.breaks: it takes at least 1"),
        ("[single]\n[[single.classes]]\nx = 1\n", "single.classes: there is no such key here"),
    ):
        with pytest.raises(InvalidDeclaration, match=told):
            _style(tmp_path, text)
