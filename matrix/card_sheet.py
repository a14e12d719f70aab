"""The own cards of an organisation as a sheet, out and in: the same columns both ways. What begins like a formula gets
an apostrophe on the way out, which is taken off again on the way in."""

import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from maps.importing.problems import ImportRefused, Problem
from maps.importing.workbooks import open_sheets
from matrix.actions.card import MOST
from matrix.card_forms import LONGEST
from matrix.models import Framework, Organisation

SHEET = "Kaarten"
HEADINGS = (
    "Kaart", "Handelingskader", "Titel", "Aanleiding", "Interventie", "Beoogd effect", "Wie trekt dit meestal",
    "Juridische toets nodig", "Raakt het adviesrecht",
)  # fmt: skip
WIDTHS = (12, 20, 32, 44, 44, 44, 22, 14, 14)
NAMES = ("key", "framework", "title", "occasion", "approach", "effect", "lead", "legal_check", "touches_advice_right")
YES, NO = "ja", "nee"
_FRAMEWORKS = {label.casefold(): value for value, label in Framework.choices}
_KINDS = {label.casefold(): value for value, label in Organisation.Kind.choices}
_LONGEST = {"title": 80, "occasion": LONGEST, "approach": LONGEST, "effect": LONGEST}
_FORMULA = re.compile(r"'*[=+\-@\t\r]")  # with the apostrophes that somebody wrote before it
MOST_BYTES = 50_000_000  # unpacked: a small file can hold a very large one


@dataclass(frozen=True)
class CardRow:
    line: int
    key: str  # of the card that is here; empty: a new one
    fields: dict


def write_cards(cards) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet = book.active
    sheet.title = SHEET
    sheet.append(HEADINGS)
    for card in cards:
        sheet.append(_cells(card))
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if isinstance(cell.value, str):
                cell.data_type = "s"
    for cell, width in zip(sheet[1], WIDTHS, strict=True):
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = width
    for column, choices in (
        ("B", Framework.labels),
        ("G", Organisation.Kind.labels),
        ("H", (YES, NO)),
        ("I", (YES, NO)),
    ):
        choose = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True)
        choose.error, choose.errorTitle = "Kies een van de woorden uit de lijst.", "Dit kan hier niet"
        choose.add(f"{column}2:{column}{MOST + 1}")
        sheet.add_data_validation(choose)
    sheet.freeze_panes = "D2"
    notes = book.create_sheet("Uitleg")
    notes.column_dimensions["A"].width = 100
    for line in _EXPLAINED:
        notes.append((line,))
    out = io.BytesIO()
    book.properties.creator, book.properties.title = "Veerkracht", "Eigen kaarten"
    book.save(out)
    return out.getvalue()


_EXPLAINED = (
    "Eén regel is één kaart. Laat de eerste kolom staan: zo weet de site welke kaart het is.",
    "Een nieuwe kaart: een regel erbij met een lege eerste kolom.",
    "Een regel die u weghaalt, haalt de kaart niet weg. Dat doet u in de catalogus zelf.",
    "Een teken ' voor =, +, - of @ voorkomt dat Excel er een formule van maakt. Bij het inlezen valt het weg.",
)


def _cells(card) -> list[str]:
    return [
        card.key,
        card.get_framework_display(),
        *(_safe(getattr(card, name)) for name in ("title", "occasion", "approach", "effect")),
        card.get_lead_display(),
        YES if card.legal_check else NO,
        YES if card.touches_advice_right else NO,
    ]


def _safe(text: str) -> str:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    return f"'{text}" if _FORMULA.match(text) else text


def _plain(text: str) -> str:
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def read_cards(path: Path, name: str, *, known: set[str]) -> list[CardRow]:
    """`known`: keys of the cards that may be changed. Raises ImportRefused with every problem and its row."""
    problems, rows, seen = [], [], {}
    for line, cells in _lines(path, name):
        row = CardRow(line, cells["key"], _fields(cells))
        found = [*_problems(cells)]
        if row.key and row.key not in known:
            found.append(f"de kaart {row.key} is niet van u. Laat de eerste kolom leeg voor een nieuwe kaart")
        elif row.key in seen:
            found.append(f"de kaart {row.key} staat ook op regel {seen[row.key]}")
        if row.key:
            seen[row.key] = line
        problems += [Problem(line, None, problem) for problem in found]
        rows.append(row)
        if len(rows) > MOST:
            raise ImportRefused(f"In «{name}» staan meer dan {MOST} kaarten; meer passen er niet in een sessie.")
    if problems:
        raise ImportRefused(problems)
    if not rows:
        raise ImportRefused(f"In «{name}» staat geen enkele kaart.")
    return rows


def _lines(path, name):
    _require_small(path, name)
    with open_sheets(path, name) as sheets:
        for sheet in sheets:
            headings = [cell.strip() for cell in (sheet.top(1) or [[]])[0]]
            if "Titel" in headings:
                break
        else:
            raise ImportRefused(f"«{name}» heeft geen blad met de kolom Titel. Begin met het bestand van deze pagina.")
        if missing := [heading for heading in HEADINGS[1:] if heading not in headings]:
            raise ImportRefused(f"In «{name}» {'ontbreekt de kolom' if len(missing) == 1 else 'ontbreken de kolommen'} "
                                f"{', '.join(missing)}.")  # fmt: skip
        place = {column: headings.index(h) for h, column in zip(HEADINGS, NAMES, strict=True) if h in headings}
        width = len(headings)
        for line, row in sheet.rows(after=1, width=width, wanted=range(width)):
            cells = {column: _plain(str(row[at]).replace("_x000D_", "").strip()) for column, at in place.items()}
            cells.setdefault("key", "")
            if any(cells.values()):
                yield line, cells


def _require_small(path, name):
    """Before anything is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
            has_macro = any(entry.filename.endswith("vbaProject.bin") for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError) as error:
        raise ImportRefused(f"«{name}» is beschadigd of geen Excelbestand. Bewaar het als .xlsx.") from error
    if has_macro:
        raise ImportRefused(f"In «{name}» zitten macro's. Bewaar het als .xlsx, zonder macro's.")
    if size > MOST_BYTES:
        raise ImportRefused(f"«{name}» is te groot.")


def _fields(cells) -> dict:
    return {
        "framework": _FRAMEWORKS.get(cells["framework"].casefold(), ""),
        **{name: cells[name].replace("\r\n", "\n") for name in _LONGEST},
        "lead": _KINDS.get(cells["lead"].casefold(), ""),
        "legal_check": cells["legal_check"].casefold() == YES,
        "touches_advice_right": cells["touches_advice_right"].casefold() == YES,
    }


def _problems(cells):
    heading = dict(zip(NAMES, HEADINGS, strict=True))
    for name, longest in _LONGEST.items():
        if not cells[name]:
            yield f"{heading[name]} is leeg"
        elif len(cells[name]) > longest:
            yield f"{heading[name]} is te lang: {len(cells[name])} tekens, en hooguit {longest} kan"
    if cells["framework"].casefold() not in _FRAMEWORKS:
        yield f"handelingskader «{cells['framework']}» bestaat niet; kies {', '.join(Framework.labels)}"
    if cells["lead"].casefold() not in _KINDS:
        yield f"«{cells['lead']}» is geen soort organisatie; kies uit de lijst in die kolom"
    for name in ("legal_check", "touches_advice_right"):
        if cells[name].casefold() not in (YES, NO, ""):
            yield f"bij {heading[name]} staat «{cells[name]}»; schrijf ja of nee"
