"""The class that a corporation received itself: `buurtcode;klasse;bron;peiljaren`. Shown beside ours, never mixed in.

Its words stay those of the source. What looks like markup or a formula is text like any other.
"""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from maps.bulk import batches, one_at_a_time
from maps.importing import codes
from maps.importing.figures import NO_CODES, TWICE, is_code, only_of, read_codes
from maps.importing.known import KnownAreas, check_areas, known_areas
from maps.importing.problems import ImportRefused, Problem, Problems
from maps.importing.storing import store_dataset
from maps.importing.tables import Cell, Table, Wanted, read_table
from maps.importing.words import number_of
from maps.indicators import normalise
from maps.lineage import municipality_of
from maps.models import Dataset, OwnSignal

COLUMNS = {
    "klasse": ("klasse", "class", "signaal", "signaalklasse", "veerkrachtklasse"),
    "bron": ("bron", "bronvermelding", "source"),
    "peiljaren": ("peiljaren", "peiljaar", "peilperiode", "periode", "perioden", "jaren", "jaar", "years", "year"),
}
LONGEST = {"klasse": 60, "bron": 120}
ADVICE = {
    "klasse": "Er is geen kolom «klasse». Zet daarin per buurt de klasse zoals u die kreeg.",
    "bron": "Er is geen kolom «bron». Zet daarin op elke regel van wie en van welke kaart de klasse komt.",
    "peiljaren": f"Er is geen kolom «peiljaren». Zet daarin 2018-2022 of 2022, of vul één jaar in {codes.WHERE_YEAR}.",
}
SPACES = re.compile(r"[ \t\r\n\u00a0\u2007\u202f]+")
TEXT_OF_EXCEL = re.compile(r'="([^"]*)"')  # how people keep Excel from making a number of text
ERROR_OF_EXCEL = re.compile(r"#[A-Z]+(/[A-Z0]+)?[!?]|#N/[AB]")
PERIOD = re.compile(r"([0-9]{4}) ?(?:[-\u2010-\u2015\u2212]|t/m|tot en met) ?([0-9]{4})")


@dataclass(frozen=True)
class Row:
    line: int
    code: str
    signal_class: str
    source: str
    years: tuple[int, ...]  # one, or the first and the last

    @property
    def period(self) -> str:
        return "–".join(map(str, self.years))

    @property
    def key(self) -> tuple[str, str, str]:
        """What a later import replaces."""
        return key_of(self.code, self.source, self.period)


def key_of(code: str, source: str, period: str) -> tuple[str, str, str]:
    return code, source.casefold(), period


def import_own_signals(path: Path, *, year=None, municipality=None, by=None, file_name=None) -> Dataset:
    """Store every row of the table, or none; raises ImportRefused with every problem.

    `year` is the peiljaar of a file that has no such column. What an earlier import said of the same buurt with the
    same source and peiljaren is replaced.
    """
    path = Path(path)
    name = file_name or path.name
    year, municipality = codes.checked_year(year), codes.checked_municipality(municipality)
    table = read_table(path, name, WANTED)
    problems = Problems()
    positions = _positions(table.header, year, problems)
    frame, is_buurt, notes = read_codes(table, problems)
    frame = frame[only_of(municipality, frame, is_buurt, name, notes, problems)]
    rows = _read_rows(table, frame["code"], positions, year, problems)
    with one_at_a_time():
        known = known_areas(set(frame["municipality"]))
        notes += _check_known(frame, known, problems)
        problems.stop_if_any()
        return _store(rows, notes, path, name, fictional=known.fictional, by=by)


# --- read ---


def _role(column: str) -> str | None:
    return next((role for role, names in COLUMNS.items() if normalise(column) in names), None)


WANTED = Wanted(
    is_key=is_code,
    is_wanted=lambda column: is_code(column) or _role(column) is not None,
    no_key=NO_CODES,
)


def _positions(header: list[str], year: int | None, problems: Problems) -> dict[str, int]:
    """Role -> position in the header. Without a column for each nothing can be read."""
    found: dict[str, int] = {}
    for position, column in enumerate(header):
        role = _role(column)
        if role in found:
            other = header[found[role]]
            same = normalise(column) == normalise(other)
            problems.add(None, column, TWICE if same else f"staat naast {other}. Laat er één weg.")
        elif role:
            found[role] = position
    optional = {"peiljaren"} if year else set()
    if missing := [role for role in COLUMNS if role not in found.keys() | optional]:
        raise ImportRefused([Problem(None, None, ADVICE[role]) for role in missing])
    return found


def _read_rows(table: Table, found_codes, positions: dict[str, int], year: int | None, problems: Problems) -> list[Row]:
    """The rows without a problem; a buurt that has the same source and peiljaren twice is one."""
    read: list[Row] = []
    first: dict[tuple, int] = {}
    cells = table.cells.loc[found_codes.index, list(positions.values())]
    for line, code, *texts in zip(found_codes.index.tolist(), found_codes, *map(cells.get, cells), strict=True):
        text = dict(zip(positions, map(text_of, texts), strict=True))
        wrong = {role: why for role, most in LONGEST.items() if (why := text_problem(text[role], most))}
        years, why = read_years(text["peiljaren"]) if "peiljaren" in text else ((year,), "")
        if year and years and years != (year,):
            why = f"«{text['peiljaren']}», terwijl {year} is opgegeven. Laat het opgegeven jaar weg"
        if why:
            wrong["peiljaren"] = why
        for role, complaint in wrong.items():
            problems.add(line, table.header[positions[role]], complaint)
        if wrong:
            continue
        row = Row(line, code, text["klasse"], text["bron"], years)
        if row.key in first:
            problems.add(line, None, f"{code} staat met deze bron en peiljaren ook op regel {first[row.key]}")
        first.setdefault(row.key, line)
        read.append(row)
    return read


def text_of(cell: Cell) -> str:
    """On one line, and as its own program shows it: Excel's 3.0 is 3, and ="3" too."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = unicodedata.normalize("NFC", SPACES.sub(" ", str(cell)).strip())
    wrapped = TEXT_OF_EXCEL.fullmatch(text)
    return wrapped[1].strip() if wrapped else text


def text_problem(text: str, most: int) -> str | None:
    """Why this cannot be shown as a class or a source."""
    if not text:
        return "is niet ingevuld"
    if ERROR_OF_EXCEL.fullmatch(text):
        return f"«{text}» is een foutmelding van Excel. Zet de tekst zelf in de cel"
    # Category C: control characters, and those that turn the direction of a text or cannot be seen.
    if odd := next((character for character in text if unicodedata.category(character)[0] == "C"), None):
        return f"er staat een onzichtbaar teken in (U+{ord(odd):04X}). Typ de tekst opnieuw"
    if len(text) > most:
        return f"«{text[:30]}…» heeft {len(text)} tekens; het mogen er {most} zijn. Maak de tekst korter"
    return None


def read_years(text: str) -> tuple[tuple[int, ...], str]:
    """'2018-2022' -> (2018, 2022), '2022' -> (2022,); and else what is wrong, in Dutch."""
    if not text:
        return (), "is niet ingevuld. Schrijf 2018-2022 of 2022"
    if year := codes.year_of(text):
        return (year,), ""
    found = PERIOD.fullmatch(text)
    start, end = map(codes.year_of, found.groups()) if found else (None, None)
    if not (start and end):
        between = f"jaren van {codes.FIRST_YEAR} tot en met {codes.last_year()}"
        return (), f"«{text[:30]}» zijn geen peiljaren. Schrijf 2018-2022 of 2022, met {between}"
    if start > end:
        return (), f"«{text}» staat andersom. Schrijf {end}-{start}"
    return ((start, end), "") if start < end else ((), f"«{text}» is één jaar. Schrijf {start}")


def _check_known(frame, known: KnownAreas, problems: Problems) -> list[str]:
    """Report rows about buurten that no imported division has; notes on codes that may be those of an older one."""
    newest = {municipality: max(divisions) for municipality, divisions in known.divisions.items()}
    dated = frame.assign(year=[newest.get(municipality, 0) for municipality in frame["municipality"]])
    check_areas(dated, known, own_year=False, problems=problems)
    notes = []
    older = {
        code
        for code, municipality, year in dated[["code", "municipality", "year"]].itertuples(index=False)
        if year and code not in known.divisions[municipality][year]
    }
    if older:
        which = f"{number_of(len(older), 'buurtcode', 'buurtcodes')} (bijvoorbeeld {min(older)})"
        notes.append(f"Niet in de nieuwste indeling, en dus niet op een nieuwe kaart: {which}.")
    if any(len(divisions) > 1 for divisions in known.divisions.values()):
        notes.append(
            "Van een gemeente is meer dan één indeling ingelezen. Kijk of de buurtcodes bij de nieuwste horen: "
            "dezelfde code kan eerder een andere plek zijn geweest."
        )
    return notes


# --- store ---


def _store(rows: list[Row], notes: list[str], path: Path, name: str, *, fictional: set[str], by) -> Dataset:
    dataset = store_dataset(
        path,
        name,
        kind=Dataset.Kind.OWN_SIGNALS,
        licence="",
        fictional=fictional,
        notes=notes,
        imported_by=by,
        **_described([(row.code, row.source, row.period) for row in rows]),
    )
    _delete_replaced({row.key for row in rows}, {row.period for row in rows})
    for batch in batches(rows):
        OwnSignal.objects.bulk_create(
            OwnSignal(
                dataset=dataset, area_code=row.code, signal_class=row.signal_class, source=row.source, years=row.period
            )
            for row in batch
        )
    return dataset


def _described(stored: list[tuple[str, str, str]]) -> dict:
    """What a dataset says of its (code, source, period)s."""
    return {
        "source": _in_short(sorted({source for _, source, _ in stored})),
        "years": sorted({int(year) for _, _, period in stored for year in period.split("–")}),
        "municipalities": sorted({municipality_of(code) for code, _, _ in stored}),
        "rows": len(stored),
    }


def _in_short(sources: list[str]) -> str:
    """As many as fit in the column of a dataset: at least one always does."""
    most = Dataset._meta.get_field("source").max_length
    for shown in range(min(len(sources), 10), 1, -1):
        rest = len(sources) - shown
        text = "; ".join(sources[:shown]) + (f" en {rest} andere" if rest else "")
        if len(text) <= most:
            return text
    return sources[0] + (f" en {len(sources) - 1} andere" if sources[1:] else "")


def _delete_replaced(keys: set[tuple[str, str, str]], periods: set[str]) -> None:
    gone, origins = [], set()
    earlier = OwnSignal.objects.filter(years__in=periods).order_by()
    for pk, origin, *named in earlier.values_list("pk", "dataset_id", "area_code", "source", "years").iterator():
        if key_of(*named) in keys:
            gone.append(pk)
            origins.add(origin)
    for batch in batches(gone):
        OwnSignal.objects.filter(pk__in=batch).delete()
    for old in Dataset.objects.filter(pk__in=origins):
        _refresh(old)


def _refresh(dataset: Dataset) -> None:
    """What an older import still holds; nothing left, nothing kept."""
    left = list(dataset.own_signals.values_list("area_code", "source", "years"))
    if not left:
        dataset.delete()
        return
    described = _described(left)
    if dataset.fictional:  # carries no real source, see `store_dataset`
        del described["source"]
    Dataset.objects.filter(pk=dataset.pk).update(**described)
