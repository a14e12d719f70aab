"""Area codes and years, as people and publishers write them. Codes are text: current ones contain letters."""

import re

from django.utils import timezone

from maps.importing.problems import ImportRefused
from maps.importing.tables import Cell

BUURT = re.compile(r"BU[0-9]{4}[0-9A-Z]{4}")
OTHER_LEVEL = re.compile(r"(NL|LD|PV|CR|GM|WK)[0-9A-Z]{0,8}")  # country, regions, gemeente, wijk
WIJK = re.compile(r"WK[0-9]{4}[0-9A-Z]{2}")
MUNICIPALITY = re.compile(r"GM[0-9]{4}")
LOOKS_NUMERIC = re.compile(r"[0-9]+([.,][0-9]+)?(E[+-]?[0-9]+)?")
YEAR = re.compile(r"([0-9]{4})(JJ00|[.,]0+)?")
FIRST_YEAR = 1995
WHERE_YEAR = "bij ‘Jaar’"  # the field of the form; a command names its own option

NUMERIC_ADVICE = (
    "De kolom met codes is ergens als getal bewaard, waardoor letters en voorloopnullen weg zijn. Download "
    "het bestand opnieuw en open het niet in Excel, of maak van die kolom eerst tekst."
)


def clean_code(cell: Cell) -> str:
    """' "BU0363AB10" ' and Excel's ="BU0363AB10" -> 'BU0363AB10'."""
    return str(cell).strip(" \t\r\n\u00a0\"'=").upper()


def code_problem(code: str) -> str | None:
    """Why this cannot be the code of a buurt."""
    if BUURT.fullmatch(code):
        return None
    if code == "":
        return "de buurtcode ontbreekt"
    if LOOKS_NUMERIC.fullmatch(code):
        return f"«{code}» is een getal; een buurtcode is BU met acht tekens, zoals BU03440111"
    return f"«{code}» is geen buurtcode (BU met acht tekens, zoals BU03440111)"


def checked_municipality(municipality: str | None) -> str | None:
    if municipality is None:
        return None
    code = clean_code(municipality)
    if not MUNICIPALITY.fullmatch(code):
        raise ImportRefused(f"«{municipality}» is geen gemeentecode. Die is GM met vier cijfers, zoals GM0308.")
    return code


def last_year() -> int:
    return timezone.localdate().year + 1


def year_of(cell: Cell) -> int | None:
    """2018, '2018', '2018.0' and StatLine's '2018JJ00' -> 2018; anything else -> None."""
    found = YEAR.fullmatch(str(cell).strip(" \t\u00a0\"'").upper())
    year = int(found[1]) if found else 0
    return year if FIRST_YEAR <= year <= last_year() else None


def checked_year(year: int | None) -> int | None:
    if year is not None and not FIRST_YEAR <= year <= last_year():
        raise ImportRefused(f"{year} kan niet: kies een jaar van {FIRST_YEAR} tot en met {last_year()}.")
    return year


def advice_without_year(name: str) -> str:
    """A file name may hold the year of the figures or of the download: a hint, never an answer."""
    years = sorted(set(re.findall(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])", name)))
    advice = "Het bestand zegt niet over welk jaar het gaat: er is geen kolom «jaar». "
    advice += f"Vul het jaar in {WHERE_YEAR}."
    return f"{advice} In de bestandsnaam staat {' en '.join(years)}." if years else advice
