"""CBS Wijk- en Buurtkaart: shapes, names and codes of one year, and the figures that the file carries.

An area that is imported again keeps its row, since signals and agreements point to it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.db.models.functions import Substr

from maps.bulk import insert, one_at_a_time
from maps.importing import codes
from maps.importing.division import Division, read_division
from maps.importing.layers import open_layers
from maps.importing.storing import records, store_dataset, store_observations
from maps.importing.successions import store_successions
from maps.importing.words import in_short
from maps.in_use import used_elsewhere
from maps.lineage import municipality_of
from maps.models import Area, Dataset, Observation

SOURCE = "CBS, Wijk- en Buurtkaart"
LICENCE = "CC BY 4.0"


class AreaRow(NamedTuple):
    """What the file says of one area, by the names of `Area`."""

    kind: str
    code: str
    name: str
    municipality: str
    district: str = ""
    change: int | None = None
    geometry: str = ""
    label_x: float | None = None
    label_y: float | None = None


def import_areas(
    path: Path,
    *,
    year: int | None = None,
    municipality: str | None = None,
    by=None,
    file_name: str | None = None,
) -> Dataset:
    """Store every buurt of the file (or of one municipality), with its wijken and gemeenten, or none."""
    path = Path(path)
    name = file_name or path.name
    division = read_areas(path, name, year=year, municipality=municipality)
    with one_at_a_time():
        return store(division, path, name, by=by)


def read_areas(path: Path, name: str, *, year: int | None = None, municipality: str | None = None) -> Division:
    """The file, checked and ready to store. Nothing touches the database yet: for the country this takes a while."""
    year, municipality = codes.checked_year(year), codes.checked_municipality(municipality)
    with open_layers(path, name) as layers:
        return read_division(layers, name, year=year, municipality=municipality)


def store(division: Division, path: Path, name: str, *, by) -> Dataset:
    municipalities = division.municipalities
    dataset = store_dataset(
        path,
        name,
        kind=Dataset.Kind.AREAS,
        source=f"{SOURCE} {division.year}",
        licence=LICENCE,
        fictional=division.fictional,
        years=[division.year],
        municipalities=municipalities,
        rows=len(division.rows),
        notes=division.notes,
        dropped_codes=division.dropped,
        imported_by=by,
    )
    earlier = Area.objects.in_division(division.year).filter(municipality__in=municipalities)
    replaced = set(earlier.values_list("dataset_id", flat=True).order_by().distinct())
    areas = [*_buurten(division), *_wijken(division), *_gemeenten(division)]
    insert(
        Area,
        ["year", "dataset", *AreaRow._fields],
        ((division.year, dataset.pk, *area) for area in areas),
        unique=["code", "year"],
    )
    _delete_obsolete(earlier, {area.code for area in areas}, dataset)
    _delete_figures(division, dataset)
    figures = division.figures
    if figures.values:
        store_observations(
            dataset,
            records(figures.rows["code"], figures.rows["year"].tolist(), figures.values, figures.reasons),
        )
    for old in Dataset.objects.filter(pk__in=replaced).exclude(pk=dataset.pk):
        _refresh(old)
    if notes := store_successions(division.year, municipalities, fictional=bool(division.fictional)):
        dataset.notes += notes
        dataset.save(update_fields=["notes"])
    return dataset


def _buurten(division: Division) -> Iterator[AreaRow]:
    rows, drawn = division.rows, division.drawn
    columns = (rows[column] for column in ("code", "name", "municipality", "district", "change"))
    for code, name, municipality, district, change, geometry, (x, y) in zip(
        *columns, drawn.geometries, drawn.labels.tolist(), strict=True
    ):
        yield AreaRow(
            Area.Kind.NEIGHBOURHOOD.value, code, name[:120], municipality, district, _change(change), geometry, x, y
        )  # fmt: skip


def _wijken(division: Division) -> Iterator[AreaRow]:
    for code in sorted(set(division.rows["district"])):
        name = division.wider.names[code][:120]
        yield AreaRow(Area.Kind.DISTRICT.value, code, name, municipality_of(code))


def _gemeenten(division: Division) -> Iterator[AreaRow]:
    for code in division.municipalities:
        geometry, (x, y) = division.wider.outlines.get(code, ("", (None, None)))
        name = division.wider.names[code][:120]
        yield AreaRow(Area.Kind.MUNICIPALITY.value, code, name, code, geometry=geometry, label_x=x, label_y=y)


def _change(text: str) -> int | None:
    """A column with empty cells makes 1.0 of 1."""
    digit = text.removesuffix(".0")
    return int(digit) if digit in {"1", "2", "3"} else None


def _delete_obsolete(earlier, new_codes: set[str], dataset: Dataset) -> None:
    """Areas that left the file, except those that people worked on: they stay, and a note says so."""
    obsolete = {pk: code for pk, code in earlier.values_list("pk", "code") if code not in new_codes}
    in_use = used_elsewhere(Area, obsolete)
    Area.objects.filter(pk__in=obsolete.keys() - in_use).delete()
    if in_use:
        kept = in_short(sorted(obsolete[pk] for pk in in_use))
        dataset.notes.append(f"Niet meer in het bestand, maar in gebruik in een sessie en dus bewaard: {kept}.")
        dataset.save(update_fields=["notes"])


def _delete_figures(division: Division, dataset: Dataset) -> None:
    """Of an earlier import of the same map."""
    Observation.objects.in_years(division.year).filter(dataset__kind=dataset.kind).exclude(dataset=dataset).annotate(
        digits=Substr("area_code", 3, 4)
    ).filter(digits__in=[code[2:] for code in division.municipalities]).delete()


def _refresh(dataset: Dataset) -> None:
    """What an older import still holds; nothing left, nothing kept."""
    left = list(dataset.areas.values_list("municipality", "kind"))
    if not left:
        dataset.delete()
        return
    dataset.municipalities = sorted({municipality for municipality, _ in left})
    dataset.rows = sum(kind == Area.Kind.NEIGHBOURHOOD for _, kind in left)
    dataset.save(update_fields=["rows", "municipalities"])
