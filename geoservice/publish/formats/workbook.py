"""The parts of a workbook besides its rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from geoservice.publish.formats.places import place_names
from geoservice.publish.formats.sheet import FOOT, HEADING, head, letters, row, text_cell
from geoservice.publish.formats.table import Table

_GUIDE = "راهنما · Guide"
_UNITS = {
    "%": "٪",
    "km": "کیلومتر",
    "km2": "کیلومتر مربع",
    "m": "متر",
    "person": "نفر",
    "project": "پروژه",
    "year": "سال",
}
_PLACES = {
    "lon": ("طول جغرافیایی", "Longitude", "degree"),
    "lat": ("عرض جغرافیایی", "Latitude", "degree"),
    "x": ("مختصات به سوی شرق", "Easting", "m"),
    "y": ("مختصات به سوی شمال", "Northing", "m"),
    "geometry": ("شکل (WKT)", "Shape (WKT)", None),
}
_HEADINGS = ("ستون · Column", "نام · Name", "عنوان", "Title", "واحد", "Unit", "نوع · Type")

_NAMESPACE = "http://schemas.openxmlformats.org"
_MAIN = f"{_NAMESPACE}/spreadsheetml/2006/main"
_OFFICE = f"{_NAMESPACE}/officeDocument/2006/relationships"
_PACKAGE = f"{_NAMESPACE}/package/2006"
_CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'

ROWS_PART = "xl/worksheets/sheet1.xml"


def headings(table: Table) -> list[str]:
    """The header: Persian titles, with the unit where there is one."""
    return [f"{fa} ({unit})" if unit else fa for _, fa, _, unit, _, _ in _words(table)]


def parts(table: Table) -> dict[str, str]:
    """Every part of the archive besides the sheet of the rows, by its name."""
    made = _frame([_sheet_name(table.layer.title.fa), _GUIDE])
    return made | {"xl/worksheets/sheet2.xml": _guide(table)}


def one_sheet(title: str) -> dict[str, str]:
    """The same of a workbook that has only the sheet of the rows, called so."""
    return _frame([_sheet_name(title)])


def _frame(sheets: Sequence[str]) -> dict[str, str]:
    """What holds the sheets together, whose names these are."""
    numbers = range(1, len(sheets) + 1)
    return {
        "[Content_Types].xml": _content_types(numbers),
        "_rels/.rels": _relations((f"{_OFFICE}/officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": _workbook(sheets),
        "xl/_rels/workbook.xml.rels": _relations(
            *((f"{_OFFICE}/worksheet", f"worksheets/sheet{number}.xml") for number in numbers),
            (f"{_OFFICE}/styles", "styles.xml"),
        ),
        "xl/styles.xml": _STYLES,
    }


def _words(table: Table) -> list[tuple[str, str, str, str | None, str | None, str]]:
    """For each column: name, titles in both languages, units in both, type."""
    words: list[tuple[str, str, str, str | None, str | None, str]] = []
    for name in table.names:
        attribute = table.layer.attributes[name]
        unit = "UTC" if attribute.type == "date-time" else attribute.unit
        unit = None if unit == "1" else unit
        persian = _UNITS.get(unit, unit) if unit else None
        words.append((name, attribute.title.fa, attribute.title.en, persian, unit, attribute.type))
    for name in place_names(table):
        fa, en, unit = _PLACES[name.partition("_")[0]]
        persian = {"degree": "درجه", "m": "متر"}.get(unit or "")
        words.append((name, fa, en, persian, unit, "number" if unit else "string"))
    return words


def _guide(table: Table) -> str:
    layer = table.layer
    lines: list[tuple[str, ...]] = [_HEADINGS]
    for place, (name, fa, en, persian, unit, kind) in enumerate(_words(table)):
        lines.append((letters(place), name, fa, en, persian or "", unit or "", kind))
    lines += [(), ("لایه · Layer", layer.id, layer.title.fa, layer.title.en)]
    if layer.description:
        lines.append(("شرح · Description", "", layer.description.fa, layer.description.en))
    if table.geometry:
        lines.append(("دستگاه مختصات · CRS", f"EPSG:{table.crs.srid}"))
    rows = [
        row(
            number,
            [
                text_cell(f"{letters(place)}{number}", text, *([HEADING] if number == 1 else []))
                for place, text in enumerate(line)
                if text
            ],
        )
        for number, line in enumerate(lines, 1)
    ]
    return head((18, 24, 32, 32, 14, 14, 14), selected=False) + "".join(rows) + FOOT


def _workbook(sheets: Sequence[str]) -> str:
    named = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" r:id="r{number}"/>'
        for number, name in enumerate(sheets, 1)
    )
    return (
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{named}</sheets></workbook>'
    )


def _sheet_name(title: str) -> str:
    """The title as Excel lets a sheet be called."""
    name = " ".join(re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", title).split())[:31].strip(" '")
    return name if name and name != _GUIDE else "داده · Data"


def _relations(*relations: tuple[str, str]) -> str:
    made = "".join(
        f'<Relationship Id="r{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(relations, 1)
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{made}</Relationships>'


def _content_types(sheets: Iterable[int]) -> str:
    kinds = {
        "/xl/workbook.xml": "sheet.main",
        **{f"/xl/worksheets/sheet{number}.xml": "worksheet" for number in sheets},
        "/xl/styles.xml": "styles",
    }
    made = "".join(
        f'<Override PartName="{part}" ContentType="{_CONTENT}.{kind}+xml"/>'
        for part, kind in kinds.items()
    )
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{made}</Types>'
    )


# Cells: plain, heading, date, date-time, text (the built-in format 49, which Excel never computes).
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}"><numFmts count="2">'
    '<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Tahoma"/></font>'
    '<font><b/><sz val="11"/><name val="Tahoma"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid">'
    '<fgColor rgb="FFE8EEF4"/><bgColor indexed="64"/></patternFill></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" '
    'applyFont="1" applyFill="1" applyAlignment="1"><alignment vertical="center" wrapText="1"/>'
    "</xf>"
    + "".join(
        f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0" xfId="0" '
        'applyNumberFormat="1"/>'
        for number in (164, 165, 49)
    )
    + '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>'
    "</cellStyles></styleSheet>"
)
