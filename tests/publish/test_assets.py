"""Glyphs, sprites and the files of the map page: as committed, and as asked for."""

from __future__ import annotations

import json
import os
import re
import shutil
import struct
import subprocess
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from assets import sprites as drawn
from assets.glyphs import EM, FONTS, ranges
from geoservice.errors import InvalidParameter, NotFound
from geoservice.publish.assets import edition, fonts, glyphs, page_file, sprite, sprites

ROOT = Path(__file__).parents[2]
WEB = ROOT / "geoservice" / "web"
LETTERS = "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیءأئؤۀة"


def fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The fields of a message of protocol buffers: numbers and bytes."""
    at = 0

    def varint() -> int:
        nonlocal at
        found = shift = 0
        while True:
            byte = data[at]
            at += 1
            found |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return found

    while at < len(data):
        tag = varint()
        if tag & 7 == 0:
            yield tag >> 3, varint()
        else:
            assert tag & 7 == 2
            length = varint()
            yield tag >> 3, data[at : at + length]
            at += length


def glyphs_of(data: bytes) -> dict[int, dict[int, int | bytes]]:
    ((number, stack),) = fields(data)
    assert number == 1
    assert isinstance(stack, bytes)
    found = [dict(fields(part)) for n, part in fields(stack) if n == 3 and isinstance(part, bytes)]
    return {int(glyph[1]): glyph for glyph in found}


def all_glyphs(font: str) -> dict[int, dict[int, int | bytes]]:
    found: dict[int, dict[int, int | bytes]] = {}
    for path in (WEB / "glyphs" / font).glob("*.pbf"):
        found |= glyphs_of(path.read_bytes())
    return found


@pytest.mark.slow
@pytest.mark.parametrize("font", FONTS)
def test_committed_glyphs_are_those_of_the_font(font: str) -> None:
    made = {f"{first}-{first + 255}.pbf": data for first, data in ranges(FONTS[font], font)}
    committed = {path.name: path.read_bytes() for path in (WEB / "glyphs" / font).iterdir()}
    assert made.keys() == committed.keys()
    for name, data in made.items():
        ours, theirs = glyphs_of(committed[name]), glyphs_of(data)
        assert ours.keys() == theirs.keys()
        for code, glyph in ours.items():
            other = theirs[code]
            assert {n: v for n, v in glyph.items() if n != 2} == {
                n: v for n, v in other.items() if n != 2
            }
            # Another processor may round otherwise.
            for one, another in zip(
                bytes(glyph.get(2, b"")), bytes(other.get(2, b"")), strict=True
            ):
                assert abs(one - another) <= 1


@pytest.mark.parametrize("font", FONTS)
def test_every_form_of_every_persian_letter_has_a_glyph(font: str) -> None:
    """Joined text asks for presentation forms: those that decompose to the letter."""
    found = all_glyphs(font)
    for letter in LETTERS:
        forms = [
            code
            for code in (*range(0xFB50, 0xFE00), *range(0xFE70, 0xFF00))
            if unicodedata.decomposition(chr(code)).partition(" ")[2] == f"{ord(letter):04X}"
        ]
        assert forms
        assert {ord(letter), *forms} <= found.keys(), letter
    for code in (*range(0x6F0, 0x6FA), *range(0x20, 0x7F), 0x200C, 0xFEFB, 0xFEFC):
        assert code in found, hex(code)


def test_a_glyph_is_a_field_of_distances() -> None:
    """A bar: 192 at its edge, 32 less for each pixel away from it; 3 pixels of margin."""
    glyph = all_glyphs("Vazirmatn Regular")[ord("|")]
    width, height = int(glyph[3]), int(glyph[4])
    bitmap = glyph[2]
    assert isinstance(bitmap, bytes)
    assert len(bitmap) == (width + 6) * (height + 6)
    row = bitmap[(width + 6) * (height // 2) :][: width + 6]
    assert max(row) > 191 > row[0] > 0
    assert {abs(b - a) for a, b in pairwise(row[:3])} <= {31, 32}
    assert 0 < int(glyph[7]) < EM


def test_letters_that_join_meet() -> None:
    """A form that joins at its right has ink up to its advance: at 192 or more."""
    found = all_glyphs("Vazirmatn Regular")
    for code in (0xFE91, 0xFE92, 0xFEE4, 0xFED3, 0xFED4, 0xFBFE, 0xFBFF, 0xFB90, 0xFB91):
        glyph = found[code]
        bitmap, width = glyph[2], int(glyph[3]) + 6
        assert isinstance(bitmap, bytes)
        left = int(glyph[5]) // 2 if int(glyph[5]) % 2 == 0 else -(int(glyph[5]) + 1) // 2
        rows = [bitmap[n : n + width] for n in range(0, len(bitmap), width)]
        # An initial or medial form reaches the next letter, which stands at its left.
        assert max(row[3 - left] for row in rows) > 186, hex(code)
        if code in (0xFE92, 0xFEE4, 0xFED4, 0xFBFF, 0xFB91):
            assert max(row[3 - left + int(glyph[7]) - 1] for row in rows) > 186, hex(code)


@pytest.mark.parametrize("name", drawn.RATIOS)
def test_committed_sprites_are_those_of_the_icons(name: str) -> None:
    png, index = drawn.sheet(drawn.RATIOS[name])
    assert sprite(f"{name}.json").body == index
    assert sprite(f"{name}.png").body == png
    width, height = struct.unpack(">II", png[16:24])
    for icon in json.loads(index).values():
        assert icon["x"] + icon["width"] <= width
        assert icon["y"] + icon["height"] <= height
        assert icon["pixelRatio"] == drawn.RATIOS[name]


def test_the_lock_names_no_registry() -> None:
    lock = (ROOT / "assets" / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    for name, package in json.loads(lock)["packages"].items():
        assert name == "" or package["integrity"].startswith("sha512-")


def test_committed_files_are_those_that_the_lock_gives(tmp_path: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("there is no npm")
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(ROOT / "assets" / name, tmp_path)
    environment = os.environ | {"npm_config_cache": str(tmp_path / "cache")}
    got = subprocess.run(
        [npm, "ci", "--silent"], cwd=tmp_path, env=environment, timeout=180, check=False
    )
    if got.returncode:
        pytest.skip("npm cannot reach a registry")
    modules = tmp_path / "node_modules"
    for name in ("maplibre-gl.mjs", "maplibre-gl-worker.mjs", "maplibre-gl.css"):
        theirs = (modules / "maplibre-gl" / "dist" / name).read_bytes()
        assert (WEB / "vendor" / name).read_bytes() == theirs, f"{name}: run `make assets`"
    for weight in ("Regular", "Bold"):
        name = f"Vazirmatn-{weight}.ttf"
        theirs = (modules / "vazirmatn" / "fonts" / "ttf" / name).read_bytes()
        assert (WEB / "fonts" / name).read_bytes() == theirs, f"{name}: run `make assets`"


def test_versions_and_licences_stand_beside_what_is_copied() -> None:
    said = (WEB / "vendor" / "README.md").read_text(encoding="utf-8")
    for name, version in json.loads((ROOT / "assets" / "package.json").read_text())[
        "dependencies"
    ].items():
        assert re.search(version.replace(".", r"\."), said), name
    assert "BSD" in said
    assert "MapLibre contributors" in (WEB / "vendor" / "maplibre-gl-LICENSE.txt").read_text()
    assert "SIL OPEN FONT LICENSE" in (WEB / "fonts" / "Vazirmatn-OFL.txt").read_text().upper()


@pytest.mark.parametrize("folder", ["mappage", "vendor", "fonts"])
def test_no_file_of_the_page_has_an_address_elsewhere(folder: str) -> None:
    """What may stand there are names (namespaces), links for people, and hints in messages."""
    for path in (WEB / folder).iterdir():
        if path.suffix in (".js", ".css"):
            found = re.findall(
                r"(?:url\(|import|fetch\()[\s\"']*(https?://[^\"')]+)", path.read_text()
            )
            assert found == [], path.name


def test_a_stack_gets_its_first_font_that_there_is() -> None:
    assert fonts() == ("Vazirmatn Bold", "Vazirmatn Regular")
    wanted = glyphs("Open Sans Regular,Vazirmatn Bold, Vazirmatn Regular", "0-255")
    assert wanted == glyphs("Vazirmatn Bold", "0-255") != glyphs("Vazirmatn Regular", "0-255")


@pytest.mark.parametrize(
    "characters",
    [
        "",
        "0",
        "0-254",
        "1-256",
        "256-",
        "-255",
        "0-255-511",
        "٠-255",
        "1114112-1114367",
        "9" * 30 + "-1",
        "00-255",
        "0-0255",
    ],
)
def test_a_range_that_is_none_is_told(characters: str) -> None:
    with pytest.raises(InvalidParameter, match="0-255, 256-511"):
        glyphs("Vazirmatn Bold", characters)


def test_what_is_not_there_is_answered_with_what_is() -> None:
    with pytest.raises(NotFound, match="Vazirmatn Bold, Vazirmatn Regular"):
        glyphs("../fonts", "0-255")
    with pytest.raises(NotFound, match="it has: 0-255, 256-511"):
        glyphs("Vazirmatn Bold", "19968-20223")
    with pytest.raises(NotFound, match=r"sprite\.json, sprite\.png"):
        sprite("../fonts/Vazirmatn-Bold.ttf")
    assert len(sprites()) == 4
    with pytest.raises(NotFound):
        page_file(edition(), "../settings.py")
    with pytest.raises(NotFound, match="0123"):
        page_file("0123", "main.js")
