"""Signals as a table in a file: CSV for scripts, xlsx for people."""

import csv
import io

from maps.models import SignalMap
from maps.showing import ShownMap, ShownSignal, show
from maps.style import STYLES

COLUMNS = (
    "buurtcode", "buurtnaam", "composition", "problems", "class", "borderline", "reason", "years", "reference",
    "recipe_version", "own_class", "own_source", "own_years",
)  # fmt: skip
HEADINGS = ["Buurtcode", "Buurt", "Wijk", "Letter", "Signaal", "Grensgeval met", "Bewoners", "Overlast", "In woorden"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def signals_csv(editions) -> str:
    """One row a buurt and edition, by code. Numbers with a decimal point, rounded to 6; a missing number is empty.

    The own signals of a corporation stand last, newest years first; of several the parts are divided by " | ".
    """
    return _csv(
        (shown, edition)
        for edition in editions
        for shown in sorted(show(edition).signals, key=lambda shown: shown.area.code)
    )


def shown_csv(shown_map: ShownMap, rows: list[ShownSignal]) -> str:
    """As `signals_csv`, of the rows that are shown and in their order."""
    return _csv((shown, shown_map.edition) for shown in rows)


def _csv(rows) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_row(shown.signal, edition) + _own(shown.own_signals) for shown, edition in rows)
    return out.getvalue()


def shown_xlsx(shown_map: ShownMap, rows: list[ShownSignal]) -> bytes:
    """The table as it is on the screen, with a sheet that says what it is."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    edition = shown_map.edition
    book = Workbook()
    sheet = book.active
    sheet.title = "Signalen"
    own = bool(shown_map.own_signals)
    sheet.append([*HEADINGS, "Eigen signaal corporatie"] if own else HEADINGS)
    for shown in rows:
        signal = shown.signal
        cells = [
            shown.area.code, shown.area.name, shown.district, shown.style.letter, shown.style.label,
            ", ".join(STYLES[key].label for key in signal.neighbours),
            signal.composition, signal.problems, shown.sentence,
        ]  # fmt: skip
        if own:
            cells.append("\n".join(f"{o.signal_class} ({o.source}, {o.years})" for o in shown.own_signals))
        sheet.append(cells)
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # a name that starts with = is a name
            elif cell.value is not None:
                cell.number_format = "+0.0;-0.0;0.0"
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    for letter, width in zip("ABCDEFGHIJ", (13, 28, 24, 7, 28, 28, 11, 11, 80, 40), strict=True):
        sheet.column_dimensions[letter].width = width
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = sheet.dimensions
    notes = book.create_sheet("Toelichting")
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 24, 100
    for line in _explained(shown_map, len(rows)):
        notes.append(line)
        for cell in notes[notes.max_row]:
            cell.alignment, cell.data_type = Alignment(vertical="top", wrap_text=True), "s"
    out = io.BytesIO()
    book.properties.creator = "Veerkracht"
    book.properties.title = f"Signalen {shown_map.municipality}, {edition.years}"
    book.save(out)
    return out.getvalue()


def _explained(shown_map: ShownMap, shown: int) -> list[tuple[str, str]]:
    edition: SignalMap = shown_map.edition
    total = len(shown_map.signals)
    return [
        ("Kaart", str(edition)),
        ("Gemeente", f"{shown_map.municipality} ({edition.municipality}), buurten van {edition.division}"),
        ("Buurten", f"{shown} van {total}" if shown < total else str(total)),
        ("Wat het is", "Een signaal, geen oordeel. Eigen benadering op open data, niet de Aedes-kaart."),
        ("Bewoners, Overlast", "In standaardafwijkingen; hoger is ongunstiger. Vanaf 0,5 telt het mee."),
        ("Recept", f"versie {edition.recipe_version}"),
        ("Bron", "; ".join(edition.sources)),
        *([("Let op", "Alle cijfers zijn fictief.")] if edition.fictional else []),
    ]


def _row(signal, edition):
    return (
        signal.area.code,
        _text(signal.area.name),
        _number(signal.composition),
        _number(signal.problems),
        signal.signal_class,
        "true" if signal.borderline else "false",
        signal.reason,
        _years(edition),
        edition.reference,
        edition.recipe_version,
    )


def _years(edition: SignalMap) -> str:
    """2018-2022 of a film, 2022 of a foto, 2021/2024 of a foto whose residents and nuisance are of two years."""
    if edition.year_from == edition.year_to:
        return str(edition.year_to)
    return f"{edition.year_from}{'-' if edition.is_film else '/'}{edition.year_to}"


def _own(signals):
    parts = ((own.signal_class, own.source, own.years) for own in signals)
    return tuple(_text(" | ".join(part)) for part in zip(*parts, strict=True)) or ("", "", "")


def _number(value):
    return "" if value is None else f"{value:.6f}"


def _text(value):
    """A spreadsheet takes a leading =, +, - or @ for a formula."""
    return f"'{value}" if value[:1] in "=+-@\t\r" else value
