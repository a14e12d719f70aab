"""Store what was checked, and take away what it replaces. Always inside the importer's transaction."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from maps.bulk import batches, insert
from maps.importing.problems import ImportRefused
from maps.importing.reading import sha256_of
from maps.indicators import INDICATORS
from maps.lineage import municipality_of
from maps.models import Dataset, Observation

if TYPE_CHECKING:
    import numpy

FICTIONAL_SOURCE = "Fictieve gegevens (demo)"

Record = tuple[str, int, str, str]  # code, year, and as JSON: values, reasons why missing
Columns = dict[str, "numpy.ndarray"]  # indicator key -> one a row


def store_dataset(
    path: Path,
    name: str,
    *,
    source: str,
    licence: str,
    municipalities: list[str],
    fictional: set[str],
    **fields,
) -> Dataset:
    """`fictional`: which of the municipalities do not exist. Made-up figures never carry a real source."""
    if fictional and not fictional.issuperset(municipalities):
        raise ImportRefused("Het bestand bevat fictieve en echte gemeenten door elkaar. Lees ze apart in.")
    return Dataset.objects.create(
        file_name=name[-255:],
        source=FICTIONAL_SOURCE if fictional else source,
        licence="" if fictional else licence,
        municipalities=municipalities,
        fictional=bool(fictional),
        sha256=sha256_of(path),
        **fields,
    )


def records(codes: Iterable[str], years: Iterable[int], values: Columns, reasons: Columns) -> Iterator[Record]:
    """Per row the figures that are there, and for the others the reason why not."""
    figures = [_members(key, column) for key, column in values.items()]
    because = [_members(key, column) for key, column in reasons.items()]
    return zip(codes, years, _objects(figures), _objects(because), strict=True)


def _objects(columns: list[list[str]]) -> Iterator[str]:
    for members in zip(*columns, strict=True):
        yield f"{{{','.join(filter(None, members))}}}"


def _members(key: str, column: "numpy.ndarray") -> list[str]:
    """'"inhabitants":30' per row, '' where the column says nothing. Different ones are few: each is written once."""
    import numpy
    import pandas

    numbers, different = pandas.factorize(column)  # NaN and None get -1: the last
    written = numpy.array([*(_member(key, value) for value in different.tolist()), ""], dtype=object)
    return written[numbers].tolist()


def _member(key: str, value: float | str) -> str:
    if isinstance(value, float) and value.is_integer() and not INDICATORS[key].decimals:
        value = int(value)  # 30.0 people are 30 people
    return f'"{key}":{json.dumps(value) if isinstance(value, str) else value}'


def store_observations(dataset: Dataset, found: Iterable[Record]) -> None:
    pk = dataset.pk
    rows = ((pk, *record) for record in found)
    insert(Observation, ["dataset", "area_code", "year", "values", "missing"], rows)


def replace_earlier(dataset: Dataset, *, keys: set[str], rows: set[tuple[str, int]]) -> None:
    """Take from earlier imports of this kind the same figures of the same buurten and years.

    Figures that the new file does not carry stay with the import that brought them: people download tables in
    parts.
    """
    earlier = Observation.objects.in_years(*dataset.years).filter(dataset__kind=dataset.kind)
    gone, changed, datasets = [], [], set()
    for observation in earlier.exclude(dataset=dataset).iterator():
        if (observation.area_code, observation.year) not in rows:
            continue
        datasets.add(observation.dataset_id)
        for figures in (observation.values, observation.missing):
            for key in keys & figures.keys():
                del figures[key]
        (changed if observation.values or observation.missing else gone).append(observation)
    Observation.objects.bulk_update(changed, ["values", "missing"], batch_size=500)
    for batch in batches(gone):
        Observation.objects.filter(pk__in=[observation.pk for observation in batch]).delete()
    for old in Dataset.objects.filter(pk__in=datasets):
        _refresh(old)


def _refresh(dataset: Dataset) -> None:
    """What an older import still holds; nothing left, nothing kept."""
    left = list(dataset.observations.values_list("area_code", "year"))
    if not left:
        dataset.delete()
        return
    dataset.rows = len(left)
    dataset.years = sorted({year for _, year in left})
    dataset.municipalities = sorted({municipality_of(code) for code, _ in left})
    dataset.save(update_fields=["rows", "years", "municipalities"])
