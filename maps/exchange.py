"""An edition of the map with all that its pages show, as plain data, to carry it to another installation and back.

What the other side has already is recognised by its content and stays as it is: areas by code and year, imports by
their file, figures by buurt, year and key, editions by their signals. Nothing is ever doubled, and no figure that is
there is replaced: other maps rest on it.
"""

import json
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import JSONField, Model, Q

from maps.bulk import as_json, insert
from maps.editions import EDITION
from maps.lineage import codes_elsewhere
from maps.models import Area, Dataset, Observation, OwnSignal, Signal, SignalMap, Succession
from maps.places import observations_of

AREA = ("kind", "name", "municipality", "district", "change", "geometry", "label_x", "label_y")
DATASET = (
    "kind", "file_name", "source", "licence", "years", "municipalities", "rows", "notes", "dropped_codes", "sha256",
    "fictional",
)  # fmt: skip
MAP = (*EDITION, "division", "recipe_version", "recipe", "basis", "sources", "fictional")
SIGNAL = ("composition", "problems", "signal_class", "neighbours", "reason", "note", "inputs")


class MapRefused(Exception):
    """Cannot be taken in; the message says in Dutch why."""


@dataclass
class Unpacked:
    edition: SignalMap
    areas: dict[str, int]  # key of an area -> pk


def area_key(area: Area) -> str:
    """A code without its year means nothing."""
    return f"{area.code}:{area.year}"


def edition_name(edition: SignalMap) -> dict:
    return {name: getattr(edition, name) for name in (*EDITION, "division", "recipe_version")}


# ---- out ----


def pack(edition: SignalMap) -> dict:
    code = edition.municipality
    elsewhere = codes_elsewhere(code)
    areas = list(Area.objects.filter(Q(municipality=code) | Q(code__in=elsewhere)).order_by("year", "code"))
    observations = list(observations_of(code).order_by("dataset_id", "area_code", "year"))
    codes = {area.code for area in areas}
    own = list(OwnSignal.objects.filter(area_code__in=codes).order_by("dataset_id", "area_code", "years"))
    used = {row.dataset_id for rows in (areas, observations, own) for row in rows}
    datasets = list(Dataset.objects.filter(pk__in=used).order_by("pk"))
    place = {dataset.pk: i for i, dataset in enumerate(datasets)}
    successions = Succession.objects.filter(Q(municipality=code) | Q(units__icontains=f'"BU{code[2:]}'))
    return {
        "datasets": [_fields(dataset, DATASET) for dataset in datasets],
        "areas": [
            {"code": area.code, "year": area.year, "dataset": place[area.dataset_id]} | _fields(area, AREA)
            for area in areas
        ],
        "observations": [[place[o.dataset_id], o.area_code, o.year, o.values, o.missing] for o in observations],
        "own_signals": [
            [place[o.dataset_id], *_values(o, ("area_code", "signal_class", "source", "years"))] for o in own
        ],
        "successions": [
            _values(s, ("municipality", "old_year", "new_year", "units"))
            for s in successions.order_by("municipality", "old_year", "new_year")
        ],
        "edition": _pack_edition(edition),
        "foto": _pack_edition(edition.foto) if edition.foto else None,
    }


def _fields(instance, names) -> dict:
    return {name: getattr(instance, name) for name in names}


def _values(instance, names) -> list:
    return [getattr(instance, name) for name in names]


def _pack_edition(edition: SignalMap) -> dict:
    signals = Signal.objects.of(edition).select_related("area").defer("area__geometry")
    rows = sorted([area_key(signal.area), *_values(signal, SIGNAL)] for signal in signals)
    return _fields(edition, MAP) | {"signals": rows}


# ---- in ----


def check(instance: Model) -> None:
    """Its own fields: kinds, lengths and choices. A file comes from outside."""
    fields = instance._meta.concrete_fields
    instance.clean_fields(
        exclude=[
            f.name
            for f in fields
            if f.is_relation
            or f.primary_key
            or isinstance(f, JSONField)
            or (f.null and getattr(instance, f.attname) is None)
        ]
    )


def unpack(packed: dict) -> Unpacked:
    """Inside the caller's transaction."""
    datasets = _Datasets(packed["datasets"])
    areas = _areas(packed["areas"], datasets)
    _observations(packed["observations"], datasets)
    _own_signals(packed["own_signals"], datasets)
    Succession.objects.bulk_create(
        (
            Succession(municipality=municipality, old_year=old, new_year=new, units=units)
            for municipality, old, new, units in packed["successions"]
        ),
        ignore_conflicts=True,
    )
    foto = _edition(packed["foto"], areas, foto=None) if packed["foto"] else None
    return Unpacked(_edition(packed["edition"], areas, foto=foto), areas)


class _Datasets:
    """The imports of a file. One that is here already is recognised; another is stored when something needs it."""

    def __init__(self, packed: list[dict]):
        self._packed = packed
        self._found: dict[int, Dataset] = {}

    def fields(self, place: int) -> dict:
        return self._packed[place]

    def known(self, place: int) -> Dataset | None:
        fields = self._packed[place]
        same = Dataset.objects.filter(**{name: fields[name] for name in ("kind", "sha256", "fictional", "source")})
        return next((dataset for dataset in same.order_by("pk") if dataset.years == fields["years"]), None)

    def get(self, place: int) -> Dataset:
        if place not in self._found:
            self._found[place] = self.known(place) or self._stored(place)
        return self._found[place]

    def _stored(self, place: int) -> Dataset:
        dataset = Dataset(**{name: self._packed[place][name] for name in DATASET})
        check(dataset)
        dataset.save()
        return dataset

    def store_in_order(self, places) -> None:
        """Of two figures the later import counts, so they come in the order that they had."""
        for place in sorted(places):
            self.get(place)


def _areas(packed: list[dict], datasets: _Datasets) -> dict[str, int]:
    here = {}
    codes = sorted({row["code"] for row in packed})
    for start in range(0, len(codes), 500):
        for area in (
            Area.objects.filter(code__in=codes[start : start + 500]).select_related("dataset").defer("geometry")
        ):
            here[area_key(area)] = area
    new = []
    for row in packed:
        area = here.get(f"{row['code']}:{row['year']}")
        if area is None:
            new.append(row)
        elif area.dataset.fictional != datasets.fields(row["dataset"])["fictional"]:
            raise MapRefused(f"Gebied {row['code']} is hier echt en in het bestand verzonnen, of andersom.")
    datasets.store_in_order({row["dataset"] for row in new})
    Area.objects.bulk_create((_area(row, datasets) for row in new), batch_size=500)
    stored = Area.objects.filter(code__in=codes) if len(codes) <= 500 else Area.objects.all()
    wanted = {f"{row['code']}:{row['year']}" for row in packed}
    found = {f"{code}:{year}": pk for code, year, pk in stored.order_by().values_list("code", "year", "pk")}
    return {key: found[key] for key in wanted}


def _area(row: dict, datasets: _Datasets) -> Area:
    area = Area(code=row["code"], year=row["year"], dataset=datasets.get(row["dataset"]))
    for name in AREA:
        setattr(area, name, row[name])
    check(area)
    if area.geometry and json.loads(area.geometry)["type"] not in ("Polygon", "MultiPolygon"):
        raise ValueError(f"geen vlak: {area.code}")
    return area


def _observations(packed: list[list], datasets: _Datasets) -> None:
    """Only figures of which there is none here: what another import brought to this installation counts here."""
    known = defaultdict(set)  # (kind, buurt, year) -> keys
    codes = sorted({code for _, code, *_ in packed})
    for start in range(0, len(codes), 500):
        rows = Observation.objects.filter(area_code__in=codes[start : start + 500])
        for kind, code, year, values, missing in rows.values_list(
            "dataset__kind", "area_code", "year", "values", "missing"
        ).iterator():
            known[kind, code, year].update(values, missing)
    new = []
    for place, code, year, values, missing in packed:
        there = known[datasets.fields(place)["kind"], code, year]
        values = {key: value for key, value in values.items() if key not in there}
        missing = {key: reason for key, reason in missing.items() if key not in there}
        if values or missing:
            new.append((place, code, year, values, missing))
    datasets.store_in_order({place for place, *_ in new})
    _insert_observations([(datasets.get(place).pk, *rest) for place, *rest in new])


def _insert_observations(rows: list[tuple]) -> None:
    """A row of the same import that was here with fewer figures gets the others too."""
    half = {
        (o.dataset_id, o.area_code, o.year): o for o in Observation.objects.filter(dataset__in={row[0] for row in rows})
    }
    whole, more = [], []
    for dataset, code, year, values, missing in rows:
        if there := half.get((dataset, code, year)):
            there.values, there.missing = {**there.values, **values}, {**there.missing, **missing}
            more.append(there)
        else:
            whole.append((dataset, code, year, as_json(values), as_json(missing)))
    insert(Observation, ["dataset", "area_code", "year", "values", "missing"], whole)
    Observation.objects.bulk_update(more, ["values", "missing"], batch_size=500)


def _own_signals(packed: list[list], datasets: _Datasets) -> None:
    there = set(OwnSignal.objects.values_list("area_code", "source", "years"))
    new = [row for row in packed if (row[1], row[3], row[4]) not in there]
    datasets.store_in_order({row[0] for row in new})
    OwnSignal.objects.bulk_create(
        OwnSignal(
            dataset=datasets.get(place), area_code=code, signal_class=signal_class, source=source, years=years
        )
        for place, code, signal_class, source, years in new
    )  # fmt: skip


def _edition(packed: dict, areas: dict[str, int], *, foto: SignalMap | None) -> SignalMap:
    same_name = SignalMap.objects.filter(**{name: packed[name] for name in EDITION})
    for edition in same_name.filter(division=packed["division"]).order_by("superseded", "pk"):
        if (edition.foto_id or None) == (foto and foto.pk) and _pack_edition(edition) == packed:
            return edition
    edition = SignalMap(**{name: packed[name] for name in MAP}, foto=foto)
    # Beside a map of this installation it lives on in its session only. As the only one, it is computed anew (with
    # what is imported here) when somebody opens the map outside the session.
    edition.superseded = same_name.current().exists()
    check(edition)
    edition.save()
    signals = [
        Signal(signal_map=edition, area_id=areas[key], **dict(zip(SIGNAL, values, strict=True)))
        for key, *values in packed["signals"]
    ]
    for signal in signals:
        check(signal)
    Signal.objects.bulk_create(signals, batch_size=500)
    return edition
