"""A national table in the form of CBS Kerncijfers: the same one every time. And the buurten that it is about."""

import zipfile
from itertools import count
from pathlib import Path
from random import Random
from xml.sax.saxutils import escape

ROWS, COLUMNS = 14_000, 100
PER_MUNICIPALITY = 40
YEAR = 2024
SECRET, LATER = -99997, -99995
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"

Cell = str | int | float | None


def wide_table() -> list[list[Cell]]:
    """Header and rows: year, code and names, all figures of CBS that we know, spread among others that we do not."""
    from maps.indicators import CBS, INDICATORS

    random = Random(2024)
    known = [i for i in INDICATORS.values() if i.source == CBS]
    header = ["jaar", "buurtcode", "buurtnaam", "gemeentenaam"]
    kinds: list = []
    every = (COLUMNS - len(header)) // len(known)
    for number in range(COLUMNS - len(header)):
        is_known = number % every == 0 and number // every < len(known)
        kinds.append(known[number // every] if is_known else None)
        header.append(kinds[-1].columns[0] if is_known else f"gemiddelde_afstand_tot_voorziening_{number}_in_km")
    late = {number for number in range(len(kinds)) if random.random() < 0.05}  # published in a later version
    rows: list[list[Cell]] = [header]
    for number in range(ROWS):
        municipality, buurt = divmod(number, PER_MUNICIPALITY)
        is_small = random.random() < 0.12  # and so most of it is secret
        figures = [LATER if n in late else _figure(kind, is_small, random) for n, kind in enumerate(kinds)]
        rows.append([YEAR, f"BU{municipality:04}{buurt:04}", f"Buurt {number}", f"Gemeente {municipality}", *figures])
    return rows


def _figure(kind, is_small: bool, random: Random) -> Cell:
    """Whole to five, shares, or one decimal; secret in a small buurt, and here and there not filled in."""
    if random.random() < (0.7 if is_small else 0.03):
        return SECRET if random.random() < 0.9 else None
    if kind is None or kind.decimals:
        return random.randrange(400) / 10
    return random.randrange(101) if kind.unit.startswith("%") else random.randrange(20 if is_small else 800) * 5


def write_csv(path: Path, rows: list[list[Cell]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            texts = ("" if cell is None else str(cell) for cell in row)
            file.write(";".join(text.replace(".", ",") for text in texts) + "\n")


def write_xlsx(path: Path, rows: list[list[Cell]]) -> None:
    """As Excel does: words in a list of their own, empty cells left out."""
    from openpyxl.utils import get_column_letter

    letters = [get_column_letter(number + 1) for number in range(COLUMNS)]
    words: dict[str, int] = {}
    lines = []
    for number, row in zip(count(1), rows):
        cells = []
        for letter, cell in zip(letters, row, strict=True):
            if isinstance(cell, str):
                cells.append(f'<c r="{letter}{number}" t="s"><v>{words.setdefault(cell, len(words))}</v></c>')
            elif cell is not None:
                cells.append(f'<c r="{letter}{number}"><v>{cell}</v></c>')
        lines.append(f'<row r="{number}" spans="1:{COLUMNS}">{"".join(cells)}</row>')
    dimension = f'<dimension ref="A1:{letters[-1]}{len(rows)}"/>'
    strings = "".join(f"<si><t>{escape(word)}</t></si>" for word in words)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{CONTENT}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{CONTENT}.worksheet+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{CONTENT}.sharedStrings+xml"/></Types>',
        "_rels/.rels": _relations(("officeDocument", "xl/workbook.xml")),
        "xl/_rels/workbook.xml.rels": _relations(
            ("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml")
        ),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="Kerncijfers" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{strings}</sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}">{dimension}<sheetData>{"".join(lines)}</sheetData>'
        "</worksheet>",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}')


def _relations(*targets: tuple[str, str]) -> str:
    parts = (
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{"".join(parts)}</Relationships>'


def store_areas(rows: list[list[Cell]]) -> None:
    from maps.models import Area, Dataset

    dataset = Dataset.objects.create(kind=Dataset.Kind.AREAS, file_name="", source="", sha256="", years=[YEAR])
    Area.objects.bulk_create(
        Area(
            kind=Area.Kind.NEIGHBOURHOOD,
            code=code,
            year=YEAR,
            name=name,
            municipality=f"GM{code[2:6]}",
            dataset=dataset,
        )
        for _, code, name, *_ in rows[1:]
    )
