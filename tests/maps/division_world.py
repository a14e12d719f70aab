"""A country of squares in several divisions, read in by the real importers: for tests of what became of a buurt.

A strip is a dict of code -> how wide it is, laid side by side: `strip(a=100, b=50)`. Codes are short; `bu("a")` is the
code of a buurt in GM9901 and `bu("9902 a")` of one in GM9902.
"""

import itertools

import shapely

from maps.computing import Choice, Mode, compute_choices, compute_signals
from maps.importing import import_areas, import_indicators, import_leefbaarometer
from maps.models import Area, Signal
from tests.maps import importfiles

GM = "GM9901"
NAMES = {
    "aantal_inwoners": "inhabitants",
    "aantal_huishoudens": "households",
    "percentage_huishoudens_met_laag_inkomen": "low_income",
    "aantal_personen_met_een_alg_bijstandsuitkering_tot": "bijstand",
    "aantal_personen_met_een_ao_uitkering_totaal": "ao",
    "aantal_wmo_clienten": "wmo",
    "percentage_jongeren_met_jeugdzorg_in_natura": "jeugdzorg",
}


def bu(short):
    municipality, _, buurt = short.rpartition(" ")
    return f"BU{municipality or GM[2:]}{buurt.upper():0>4}"


def strip(**widths):
    """Squares of a kilometre high and so many metres × 10 wide, side by side. `_` is land of nobody."""
    shapes, start = {}, 0
    for short, width in widths.items():
        if not short.startswith("_"):
            shapes[short.replace("gm", "").replace("_", " ")] = box(start, start + width)
        start += width
    return shapes


def box(left, right):
    return shapely.box(150_000 + left * 10, 460_000, 150_000 + right * 10, 461_000)


def figures(level=0, **other):
    """1,000 inhabitants, 500 households, and a share of vulnerable people that goes with `level`."""
    return {
        "inhabitants": 1000, "households": 500, "low_income": 10 + level, "bijstand": 40 + 10 * level,
        "ao": 50 + 10 * level, "wmo": 60 + 10 * level, "jeugdzorg": 8 + level,
    } | other  # fmt: skip


class World:
    """Numbers its files, so that each import is a file of its own."""

    def __init__(self, folder):
        self.folder = folder
        self._number = itertools.count(1)

    def _path(self, suffix):
        return self.folder / f"bestand{next(self._number)}.{suffix}"

    def division(self, year, shapes, *, names=None, change=None, municipality=None):
        """`names` and `change` (the mark of CBS) by short code."""
        columns = importfiles.buurten(*map(bu, shapes), jaar=year)
        columns["buurtnaam"] = [(names or {}).get(short, f"{short.upper()} van {year}") for short in shapes]
        columns["gemeentenaam"] = [f"Gemeente {bu(short)[2:6]}" for short in shapes]
        columns["indelingswijziging_wijken_en_buurten"] = [(change or {}).get(short, 1) for short in shapes]
        path = importfiles.geojson(self._path("geojson"), columns, shapes=list(shapes.values()))
        return import_areas(path, municipality=municipality)

    def figures(self, year, by_code):
        """short code -> figures(); a figure that is absent is an empty cell."""
        rows = [
            ";".join([bu(short), str(year), *(str(values.get(key, "")).replace(".", ",") for key in NAMES.values())])
            for short, values in by_code.items()
        ]
        path = importfiles.text(self._path("csv"), ";".join(["buurtcode", "jaar", *NAMES]), *rows)
        return import_indicators(path)

    def scores(self, by_year):
        """year -> short code -> onv, in one file."""
        rows = [f"{bu(short)},{year},4.1,{onv}" for year, by_code in by_year.items() for short, onv in by_code.items()]
        return import_leefbaarometer(importfiles.text(self._path("csv"), "bu_code,jaar,lbm,onv", *rows))


def signals_of(edition):
    """Buurt code in short -> its signal, of one edition."""
    found = Signal.objects.of(edition).select_related("area")
    return {signal.area.code[6:].lstrip("0").lower(): signal for signal in found}


def value(signal, key, moment):
    """What the recipe took for `start` or `end`: as stored with the signal."""
    return next(measured[moment] for measured in signal.inputs if measured["key"] == key)


def area(short, year):
    return Area.objects.get(code=bu(short), year=year)


# --- a municipality with two divisions ---

# Six buurten that never change: they carry the scale.
REST = dict.fromkeys("uvwxyz", 100)


def rest(level):
    """Figures of the six, that grow more and more unequal."""
    return {short: figures(level * n) for n, short in enumerate("uvwxyz")}


def onv(level, **others):
    return {short: round(0.01 * n * level, 2) for n, short in enumerate("uvwxyz")} | others


def of_width(buurten):
    return strip(**{short: width for short, (width, _) in buurten.items()}, **REST)


def of_level(buurten, level):
    return {short: figures(own) for short, (_, own) in buurten.items() if short[0] != "_"} | rest(level)


def build(world, then, now, *, old=2018, new=2022, change=None):
    """Two divisions with figures; scores of both years in the codes of now. `then` and `now`: short code ->
    (width, level)."""
    world.division(old, of_width(then))
    world.division(new, of_width(now), change=change)
    world.figures(old, of_level(then, 0))
    world.figures(new, of_level(now, 1))
    own = {short for short in now if short[0] != "_"}
    world.scores({old: onv(1, **dict.fromkeys(own, 0.1)), new: onv(2, **dict.fromkeys(own, 0.05))})


def film(years=(2018, 2022), municipality=GM):
    made, _ = compute_signals(year_from=years[0], year_to=years[1], municipality=municipality)
    return signals_of(made)


def foto(year, overlast=None, municipality=GM):
    made = compute_choices([Choice(Mode.FOTO, year, overlast or year)], municipality=municipality)
    return signals_of(made[0])


def shares(signal):
    """The share of low incomes, then and now; its level is ten less."""
    return value(signal, "income", "start"), value(signal, "income", "end")


def scores(signal):
    return value(signal, "onv", "start"), value(signal, "onv", "end")


NO_CLASS = "insufficient_data"
