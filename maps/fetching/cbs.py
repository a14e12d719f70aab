"""CBS Kerncijfers wijken en buurten from StatLine's OData feed, as a CSV for `import_indicators`.

The feed (OData version 3) gives 10,000 rows a page and says under `odata.nextLink` where the rest is; the other
service, ODataApi, refuses beyond 10,000. A row is wide: WijkenEnBuurten, a code padded with spaces to ten, and a
column a figure, named with a number behind it that shifts every year. What is missing is null.
Source of the table numbers: CBS, StatLine, «Kerncijfers wijken en buurten» of each year.
"""

import csv
from pathlib import Path
from urllib.parse import quote

from maps.fetching.client import Client, FetchRefused, NotThere
from maps.fetching.pages import Collection, Form, Told
from maps.importing.codes import clean_code
from maps.indicators import CBS, indicator_of

TABLES = {
    2013: "82339NED", 2014: "82931NED", 2015: "83220NED", 2016: "83487NED", 2017: "83765NED", 2018: "84286NED",
    2019: "84583NED", 2020: "84799NED", 2021: "85039NED", 2022: "85318NED", 2023: "85618NED", 2024: "85984NED",
    2025: "86165NED",
}  # fmt: skip
REGION = "WijkenEnBuurten"

ODATA = Form("value", lambda page: page.get("odata.nextLink") or page.get("@odata.nextLink"))


def table_of(year: int, tables: dict[int, str]) -> str:
    if year not in tables:
        raise FetchRefused(
            f"Van {year} is hier geen tabel van StatLine bekend; wel van {', '.join(map(str, sorted(tables)))}. "
            f"Staat de tabel er al, geef dan haar nummer: --cbs-table {year}=…"
        )
    return tables[year]


def known_columns(client: Client, table: str, work: Path, told: Told) -> list[str]:
    """The columns of the table whose figures we read. So they are all that is asked for: a fifth of the whole."""
    url = _address(client, table, "DataProperties")
    about = Collection(f"StatLine {table} kolommen", client, ODATA, url, work, told)
    try:
        about.fetch()
    except NotThere as error:
        raise FetchRefused(
            f"StatLine heeft geen tabel {table}. {error} Controleer het nummer (--cbs-table) en het adres (--cbs-url)."
        ) from None
    keys = [str(row.get("Key") or "") for page in about.items() for row in page]
    found = [key for key in keys if (indicator := indicator_of(key)) and indicator.source == CBS]
    if not found:
        about.forget()
        raise FetchRefused(f"Tabel {table} van StatLine heeft geen enkele bekende kolom. Controleer het nummer.")
    return found


def rows_of(
    client: Client, table: str, columns: list[str], municipality: str | None, work: Path, told: Told
) -> Collection:
    """The buurten of one municipality or, without one, of the country. Nothing is fetched yet."""
    filter_ = f"startswith({REGION},'BU{(municipality or '')[2:]}')"
    url = _address(client, table, "TypedDataSet", f"&$select={','.join([REGION, *columns])}&$filter={filter_}")
    return Collection(f"StatLine {table} {municipality or ''}".strip(), client, ODATA, url, work, told)


def _address(client: Client, table: str, what: str, query: str = "") -> str:
    return f"{client.base}/{table}/{what}?{quote(f'$format=json{query}', safe='$&=(),')}"


def fetch_rows(collection: Collection, year: int, municipality: str | None) -> None:
    if not collection.fetch():
        collection.forget()
        raise FetchRefused(
            f"StatLine heeft over {year} geen cijfers van {municipality or 'Nederland'}. Controleer de gemeentecode. "
            "Had de gemeente toen een andere code? Kies dan een later jaar."
        )


def write_table(path: Path, found: list[Collection], columns: list[str], year: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter=";", lineterminator="\n")
        table.writerow(["jaar", REGION, *columns])
        for collection in found:
            for page in collection.items():
                for row in page:
                    cells = [_cell(row.get(column)) for column in columns]
                    table.writerow([year, clean_code(row.get(REGION) or ""), *cells])


def _cell(value: object) -> str:
    """Six decimals, so that the point can be nothing but a decimal point: 1.234 could be a thousand and more."""
    if isinstance(value, float) and not value.is_integer():
        return f"{value:.6f}"
    return "" if value is None else str(int(value) if isinstance(value, float) else value)
