"""One run: fetch all that is asked for, then store it in one transaction. Until then the old data stay in force."""

import shutil
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from maps.bulk import one_at_a_time
from maps.fetching import cbs, pdok
from maps.fetching.client import Client, FetchRefused
from maps.fetching.pages import Collection, Told
from maps.importing import ImportRefused, areas, import_indicators
from maps.importing.words import in_short
from maps.models import Dataset, Observation
from maps.recipe import RECIPE

LATE = "CBS vult inkomen, uitkeringen en Wmo later aan. Voer deze opdracht dan opnieuw uit."


@dataclass(frozen=True)
class Sources:
    """Whom to ask. `tables`: year -> number of the table in StatLine."""

    pdok: Client
    cbs: Client
    tables: dict[int, str]


@dataclass(frozen=True)
class Order:
    """`municipalities`: GM codes; none at all means the country. The map may be of other years than the figures."""

    municipalities: tuple[str, ...]
    years: tuple[int, ...]
    map_years: tuple[int, ...]

    @property
    def parts(self) -> tuple[str | None, ...]:
        """One at a time is asked for, so that a broken run loses little."""
        return self.municipalities or (None,)


@dataclass(frozen=True)
class File:
    """What was fetched, in the form that an importer reads. `via` follows the publisher in the stored source."""

    path: Path
    year: int
    via: str
    address: str


def fetch_open_data(order: Order, sources: Sources, *, work: Path, told: Told) -> list[Dataset]:
    """Fetch and store. Raises FetchRefused with nothing stored; what came in stays in `work` for a next run."""
    tables = {year: cbs.table_of(year, sources.tables) for year in order.years}
    found_maps = {year: _fetch_maps(order, year, sources.pdok, work, told) for year in order.map_years}
    found_rows = {year: _fetch_rows(order, year, sources.cbs, table, work, told) for year, table in tables.items()}
    maps = [_map_file(order, year, sources.pdok, found, work) for year, found in found_maps.items()]
    figures = [_figures_file(year, tables[year], sources.cbs, *found, work) for year, found in found_rows.items()]
    stored = _store(maps, figures)
    shutil.rmtree(work, ignore_errors=True)
    return stored


def _fetch_maps(order: Order, year: int, client: Client, work: Path, told: Told) -> list[pdok.Map]:
    found = []
    for municipality in order.parts:
        found.append(pdok.map_of(client, year, municipality, work, told))
        pdok.fetch_map(found[-1], year, municipality)
    return found


def _fetch_rows(
    order: Order, year: int, client: Client, table: str, work: Path, told: Told
) -> tuple[list[str], list[Collection]]:
    columns, found = cbs.known_columns(client, table, work, told), []
    for municipality in order.parts:
        found.append(cbs.rows_of(client, table, columns, municipality, work, told))
        cbs.fetch_rows(found[-1], year, municipality)
    return columns, found


def _map_file(order: Order, year: int, client: Client, found: list[pdok.Map], work: Path) -> File:
    path = work / f"pdok-wijken-en-buurten-{year}.gpkg"
    pdok.write_map(path, found, set(order.municipalities))
    return File(path, year, "via PDOK", pdok.root(client, year))


def _figures_file(
    year: int, table: str, client: Client, columns: list[str], found: list[Collection], work: Path
) -> File:
    path = work / f"statline-{table}-{year}.csv"
    cbs.write_table(path, found, columns, year)
    return File(path, year, f"StatLine {table}", f"{client.base}/{table}")


def _store(maps: list[File], figures: list[File]) -> list[Dataset]:
    # Cleaning the shapes of the country takes long; while it lasts, no session may wait for the database.
    divisions = [(file, _named(file, areas.read_areas, file.path, file.path.name, year=file.year)) for file in maps]
    with one_at_a_time():
        stored = [
            _say_where_from(_named(file, areas.store, division, file.path, file.path.name, by=None), file)
            for file, division in divisions
        ]
        for file in figures:
            dataset = _say_where_from(_named(file, import_indicators, file.path, year=file.year), file)
            if missing := missing_inputs(file.year, set(dataset.municipalities)):
                dataset.notes.append(f"Over {file.year} zijn er (nog) geen cijfers van: {', '.join(missing)}. {LATE}")
                dataset.save(update_fields=["notes"])
            stored.append(dataset)
    return stored


def _named(file: File, act, *args, **options):
    """The importers say which row is wrong; this adds of which file, and where it lies."""
    try:
        return act(*args, **options)
    except ImportRefused as refused:
        raise FetchRefused(
            f"{refused}\nNiets opgeslagen: wat van {file.address} kwam, klopt niet (zie hierboven). De regels zijn "
            f"die van {file.path}. Met --fresh haalt u alles opnieuw op."
        ) from None


def _say_where_from(dataset: Dataset, file: File) -> Dataset:
    if not dataset.fictional:
        dataset.source = f"{dataset.source}, {file.via}"
    dataset.notes.insert(0, f"Opgehaald van {file.address}.")
    dataset.save(update_fields=["source", "notes"])
    return dataset


def missing_inputs(year: int, municipalities: set[str]) -> list[str]:
    """Inputs of the bewonerssamenstelling of which a whole municipality has no figure in this year, in words."""
    present: dict[str, set[str]] = defaultdict(set)
    for code, values in Observation.objects.in_years(year).values_list("area_code", "values").iterator():
        present[f"GM{code[2:6]}"] |= values.keys()
    missing = []
    for input_ in RECIPE.composition:
        choices = {series.indicator for series in input_.choices}
        without = sorted(code for code in municipalities if choices.isdisjoint(present[code]))
        if len(without) == len(municipalities):
            missing.append(input_.label)
        elif without:
            missing.append(f"{input_.label} (niet in {in_short(without)})")
    return missing
