"""POST /geocode/batch: rows come back in order with places; what is wrong with a file is a 400."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
import tempfile
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest

from geoservice.http import geocode_batch
from geoservice.http.app import create_app
from geoservice.settings import Settings
from tests.http.conftest import BASE, started

pytestmark = pytest.mark.anyio

BATCH = "/geocode/batch"
CSV = {"content-type": "text/csv"}
NDJSON = {"content-type": "application/x-ndjson"}
XLSX = {"content-type": geocode_batch.XLSX}
SAMPLE = Path(__file__).resolve().parents[2] / "sample" / "addresses.csv"


@pytest.fixture(scope="module")
def addresses() -> list[dict[str, str]]:
    with SAMPLE.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
async def batch(sample_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a service over the sample."""
    app = create_app(Settings.model_validate({"DATABASE_URL": sample_url}))
    transport = httpx.ASGITransport(app)
    async with started(app), httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        yield client


def rows_of(response: httpx.Response) -> list[dict[str, str]]:
    assert response.status_code == 200, response.text
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


async def test_rows_come_back_in_order(
    batch: httpx.AsyncClient, addresses: list[dict[str, str]]
) -> None:
    many = addresses[:1500]
    sent = "id,postal code\n" + "".join(f"{n},{a['postal_code']}\n" for n, a in enumerate(many))
    response = await batch.post(BATCH, content=sent.encode(), headers=CSV)
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    found = rows_of(response)
    assert [row["id"] for row in found] == [str(n) for n in range(1500)]
    for row, address in zip(found, many, strict=True):
        assert float(row["lon"]) == pytest.approx(float(address["lon"]))
        assert row["postal_code"] == row["postal code"] == address["postal_code"]
        assert not row["error"]


async def test_bad_rows_keep_their_place(
    batch: httpx.AsyncClient, addresses: list[dict[str, str]]
) -> None:
    code = addresses[0]["postal_code"]
    sent = f'id,کد پستی\n1,{code}\n2\n3,"{"x" * 500}\n4,{code},5,6\n5,{code}\n'
    found = rows_of(await batch.post(BATCH, content=sent.encode(), headers=CSV))
    assert [row["id"][:1] for row in found] == ["1", "2", "3", "4", "5"]
    assert [bool(row["خطا"]) for row in found] == [False, True, True, True, False]
    assert found[0]["سطح تطبیق"] == found[4]["سطح تطبیق"] != ""


async def test_rows_without_a_place_say_why(
    batch: httpx.AsyncClient, addresses: list[dict[str, str]]
) -> None:
    sent = f"نشانی\nسلام\n99999\n{addresses[0]['text'].replace(',', ' ')}\n"
    found = rows_of(await batch.post(BATCH, content=sent.encode(), headers=CSV))
    assert [row["خطا"] for row in found] == [
        *("نشانی‌ای شناخته نشد", "گشت پستی در فهرست مکان‌ها یافت نشد", ""),
    ]
    english = rows_of(await batch.post(BATCH, content="q\nسلام\n".encode(), headers=CSV))
    assert english[0]["error"] == "no address was recognised"


async def test_columns_that_nobody_reads_stay_as_they_are(batch: httpx.AsyncClient) -> None:
    sent = "note,,address,note,\na,b,تهران,c,d\n"
    response = await batch.post(BATCH, content=sent.encode(), headers=CSV)
    header, row = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    assert header[:6] == ["note", "", "address", "note", "", "lon"]
    assert row[:5] == ["a", "b", "تهران", "c", "d"]


async def test_the_rule_for_postal_codes_is_the_one_that_is_set(
    sample_url: str, addresses: list[dict[str, str]]
) -> None:
    code = addresses[0]["postal_code"]
    set_ = {"DATABASE_URL": sample_url, "postal_code_pattern": "9[0-9]{9}"}
    app = create_app(Settings.model_validate(set_))
    transport = httpx.ASGITransport(app)
    async with started(app), httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        (row,) = rows_of(await client.post(BATCH, content=f"postal_code\n{code}\n", headers=CSV))
    assert row["faults"].startswith("postal_code.invalid")
    assert not row["lon"]


async def test_ndjson(batch: httpx.AsyncClient, addresses: list[dict[str, str]]) -> None:
    lines = [json.dumps({"n": 1, "q": addresses[0]["text"], "tags": ["a"]}), "broken", '{"n": 3}']
    response = await batch.post(BATCH, content="\n".join(lines), headers=NDJSON)
    assert response.headers["content-type"] == "application/x-ndjson"
    first, second, third = map(json.loads, response.text.splitlines())
    assert first["tags"] == ["a"]
    assert first["match_level"] in ("plaque", "street")
    assert "not JSON" in second["error"]
    assert "neither" in third["error"]


async def test_workbook(batch: httpx.AsyncClient, addresses: list[dict[str, str]]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["ردیف", "کد پستی"])
    sheet.append([1, int(addresses[0]["postal_code"])])
    body = io.BytesIO()
    book.save(body)
    response = await batch.post(BATCH, content=body.getvalue(), headers=XLSX)
    assert response.status_code == 200
    made = openpyxl.load_workbook(io.BytesIO(response.content)).worksheets[0]
    header, row = made.iter_rows(values_only=True)
    assert header[:3] == ("ردیف", "کد پستی", "طول جغرافیایی")
    assert row[2] == pytest.approx(float(addresses[0]["lon"]))


async def test_a_sheet_can_be_named(
    batch: httpx.AsyncClient, addresses: list[dict[str, str]]
) -> None:
    book = openpyxl.Workbook()
    for name, row in (("راهنما", ["how"]), ("کدها", ["postal_code"])):
        book.create_sheet(name).append(row)
    book["کدها"].append([addresses[0]["postal_code"]])
    del book["Sheet"]
    body = io.BytesIO()
    book.save(body)
    for query, told in (
        ("", "there is something in: کدها (as sheet=NAME"),
        ("?sheet=x", "no sheet «x»; there are: راهنما, کدها (as sheet=NAME"),
    ):
        refused = await batch.post(BATCH + query, content=body.getvalue(), headers=XLSX)
        assert refused.status_code == 400
        assert told in refused.json()["detail"]
    taken = await batch.post(f"{BATCH}?sheet=کدها&f=csv", content=body.getvalue(), headers=XLSX)
    assert rows_of(taken)[0]["lon"]
    other = await batch.post(f"{BATCH}?sheet=x", content=b"address\nx\n", headers=CSV)
    assert other.status_code == 400
    assert "only a workbook has sheets" in other.json()["detail"]


async def test_another_format_can_be_asked_for(
    batch: httpx.AsyncClient, addresses: list[dict[str, str]]
) -> None:
    sent = f"postal_code\n{addresses[0]['postal_code']}\n1\n"
    response = await batch.post(f"{BATCH}?f=geojson", content=sent, headers=CSV)
    first, second = response.json()["features"]
    assert first["geometry"]["coordinates"][0] == pytest.approx(float(addresses[0]["lon"]))
    assert second["geometry"] is None
    refused = await batch.post(f"{BATCH}?f=gpkg", content=sent, headers=CSV)
    assert refused.status_code == 400
    assert "geojson" in refused.json()["detail"]


async def test_columns_of_other_names_are_mapped(
    batch: httpx.AsyncClient, addresses: list[dict[str, str]]
) -> None:
    code, text = addresses[0]["postal_code"], addresses[1]["text"]
    sent = f'id,"کد، ملک",a=b\n1,{code},\n2,,"{text}"\n'.encode()
    asks = {"map": ["کد، ملک=postal_code", "a=b=text"]}
    first, second = rows_of(await batch.post(BATCH, params=asks, content=sent, headers=CSV))
    assert (first["postal_code"], first["error"]) == (code, "")
    assert (second["a=b"], second["error"]) == (text, "")
    assert second["lon"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("a", "NAME=VALUE"),
        ("=text", "NAME=VALUE"),
        ("nowhere=text", "nowhere"),
        ("a=nothing", "nothing"),
        ("a\x00=text", "null"),
    ],
)
async def test_a_wrong_map_is_refused(batch: httpx.AsyncClient, given: str, told: str) -> None:
    response = await batch.post(BATCH, params={"map": given}, content=b"a\nx\n", headers=CSV)
    assert response.status_code == 400
    assert told in response.text


async def test_without_a_column_that_asks_the_map_is_named(batch: httpx.AsyncClient) -> None:
    response = await batch.post(BATCH, content=b"a\nx\n", headers=CSV)
    assert "map=COLUMN=FIELD" in response.json()["detail"]


async def test_another_charset(batch: httpx.AsyncClient, addresses: list[dict[str, str]]) -> None:
    sent = f"نشانی\n{addresses[0]['text']}\n".replace("ی", "ي").encode("cp1256", "replace")
    headers = {"content-type": "text/csv; charset=windows-1256"}
    (found,) = rows_of(await batch.post(BATCH, content=sent, headers=headers))
    assert found["نشاني"].startswith("استان")
    assert found["عرض جغرافیایی"]


@pytest.mark.parametrize(
    ("content", "headers", "told"),
    [
        (b"", CSV, "empty"),
        (b"address\n", CSV, "no rows"),
        (b"a,b\n1,2\n", CSV, "no column of it asks for a place"),
        (b"address,address\n1,2\n", CSV, "2 columns are called «address»"),
        ("نشانی\nخیابان ".encode() + b"\xff\xfe\xfa\n", CSV, "line 2"),
        (b"[]\n1\n", NDJSON, "no line of it is a JSON object"),
        (b'{"q": "a"}\n\xff\n', NDJSON, "line 2 is not UTF-8"),
        (b"no zip", XLSX, "no XLSX workbook"),
        (
            b"address\nx\n",
            {"content-type": "text/csv; charset=nonsense"},
            "charset of Content-Type",
        ),
        ("نشانی\n".encode() * 9, {"content-type": "text/csv; charset=latin-1"}, "but UTF-8"),
    ],
)
async def test_malformed_files(
    batch: httpx.AsyncClient, content: bytes, headers: dict[str, str], told: str
) -> None:
    response = await batch.post(BATCH, content=content, headers=headers)
    assert response.status_code == 400, response.text
    detail = response.json()["detail"]
    assert told in detail
    assert "--" not in detail  # options of the command line


async def test_a_workbook_that_breaks_off_is_malformed(batch: httpx.AsyncClient) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["address"])
    for number in range(3000):
        sheet.append([f"تهران {number}"])
    whole = io.BytesIO()
    book.save(whole)
    broken = io.BytesIO()
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            body = source.read(name)
            target.writestr(name, body[:-2000] if name.endswith("sheet1.xml") else body)
    response = await batch.post(BATCH, content=broken.getvalue(), headers=XLSX)
    assert response.status_code == 400
    assert "stopped" in response.json()["detail"]


async def test_refusals(batch: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (await batch.post(BATCH, content=b"x")).status_code == 400
    other = await batch.post(BATCH, content=b"{}", headers={"content-type": "application/json"})
    assert other.status_code == 415
    assert "text/csv" in other.headers["accept-post"]
    got = await batch.get(BATCH)
    assert got.status_code == 405
    assert got.headers["allow"] == "OPTIONS, POST"
    monkeypatch.setattr(geocode_batch, "MOST_BYTES", 100)
    large = await batch.post(BATCH, content=b"address\n" + b"x" * 100, headers=CSV)
    assert large.status_code == 413


async def test_a_workbook_that_unpacks_to_too_much_is_refused(
    batch: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(geocode_batch, "MOST_BYTES", 100_000)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b" " * 3_000_000)
    response = await batch.post(BATCH, content=bomb.getvalue(), headers=XLSX)
    assert response.status_code == 413
    assert "unpack" in response.json()["detail"]


async def test_a_client_that_goes_away_stops_it(
    sample_url: str,
    addresses: list[dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(geocode_batch, "_ROWS", 1)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    sent = "postal_code\n" + "".join(f"{a['postal_code']}\n" for a in addresses)
    app = create_app(Settings.model_validate({"DATABASE_URL": sample_url}))
    gone = asyncio.Event()
    pieces = 0
    whole = iter([{"type": "http.request", "body": sent.encode(), "more_body": False}])

    async def receive() -> dict[str, Any]:
        if message := next(whole, None):
            return message
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        nonlocal pieces
        pieces += message["type"] == "http.response.body"
        if pieces == 3:
            gone.set()
            await asyncio.sleep(0.2)

    scope = {
        "type": "http",
        "method": "POST",
        "path": BATCH,
        "query_string": b"",
        "scheme": "http",
        "headers": [(b"content-type", b"text/csv"), (b"host", b"geo.test")],
    }
    async with started(app):
        async with asyncio.timeout(30):
            await app(scope, receive, send)
    assert 3 <= pieces < 100
    assert not os.listdir(tmp_path)  # noqa: PTH208  (ASYNC240 wants no path here)
