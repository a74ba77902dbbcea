from __future__ import annotations

from pathlib import Path

import pytest

from geoservice.errors import InvalidFile
from geoservice.ingest.read.encoding import detect_encoding

TEXT = "کد,نام\n۱,خيابان ولي عصر\n"


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-be", "utf-16"),
    ],
)
def test_unicode(tmp_path: Path, written: str, found: str) -> None:
    path = tmp_path / "file"
    bom = "\ufeff" if written == "utf-16-be" else ""
    path.write_bytes((bom + TEXT).encode(written))
    assert detect_encoding(path) == found


def test_windows_1256(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes("کد,نام\n1,پل گچساران\n".replace("ی", "ي").encode("cp1256"))
    assert detect_encoding(path) == "cp1256"


def test_windows_1256_that_begins_late(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"1,abc\n" * 300_000 + "1,رشت\n".encode("cp1256"))
    assert detect_encoding(path) == "cp1256"


def test_a_character_across_two_blocks_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * ((1 << 20) - 1) + "ر\n".encode())
    assert detect_encoding(path) == "utf-8"


def test_ascii_is_utf8(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"code\n1\n")
    assert detect_encoding(path) == "utf-8"


@pytest.mark.parametrize("filler", [10, 40_000])
def test_damaged_utf8_is_told_with_its_line_and_byte(tmp_path: Path, filler: int) -> None:
    path = tmp_path / "file"
    before = "۱,تهران و شهر ری در استان تهران\n".encode() * filler
    path.write_bytes(before + b"2,\xff\n" + before)
    with pytest.raises(InvalidFile, match=rf"line {filler + 1} \(byte {len(before) + 2}\)"):
        detect_encoding(path)


def test_utf8_cut_off_in_a_character_is_told(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes((TEXT * 10).encode() + "ر".encode()[:1])
    with pytest.raises(InvalidFile, match=r"line 21 .*is neither UTF-8 nor Windows-1256"):
        detect_encoding(path)


def test_latin_letters_are_not_taken_for_windows_1256(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes("nom\nPérigueux\nÎle\n".encode("latin-1"))
    with pytest.raises(InvalidFile, match="name its encoding") as told:
        detect_encoding(path)
    assert told.value.option == "encoding"


def test_bytes_before_the_start_do_not_count(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"\xff\xfe\xff" + TEXT.encode())
    assert detect_encoding(path, start=3) == "utf-8"
