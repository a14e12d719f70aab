"""The numbers of Merelveen: a level and a drift for every buurt, published the way the publishers would.

Nothing here is true of any place. `PROFILES` tells the whole story; the rest derives from it, with a wobble
whose seed is the name of the cell, so that every run gives the same numbers.
"""

from math import hypot
from random import Random
from typing import NamedTuple

from demo.shapes import MOVED_FROM, MOVED_TO, PLACES

SECRET, LATER = -99997, -99995  # CBS: secret or absent; published in a later version

INCOME = "percentage_huishoudens_met_laagste_inkomen"
MINIMUM = "percentage_huishoudens_onder_of_rond_sociaal_minimum"
BIJSTAND = "aantal_personen_met_een_alg_bijstandsuitkering_tot"
AO = "aantal_personen_met_een_ao_uitkering_totaal"
WMO = "aantal_wmo_clienten"
JEUGDZORG = "percentage_jongeren_met_jeugdzorg_in_natura"
WORK = "netto_arbeidsparticipatie"
CORPORATION = "perc_huurwoningen_in_bezit_woningcorporaties"
RENTED = "percentage_huurwoningen"
VALUE = "gemiddelde_woningwaarde"


class Profile(NamedTuple):
    """How a buurt stood in 2018 and where it went until 2024.

    `level` says how vulnerable the residents were, `trouble` how visible the problems: 0 is usual, 1 clearly
    more. `composition` and `problems` say the same of the change, beside that of the municipality.
    """

    inhabitants: int
    household: float  # persons
    rented: int  # percent of all dwellings
    corporation: int  # percent of all dwellings
    level: float
    trouble: float
    composition: float
    problems: float


PROFILES = {
    # people, per household, rented, corporation; level, trouble in 2018; drift of composition, of problems
    # under pressure: more vulnerable residents and more problems
    "Vogelbuurt": Profile(1690, 2.0, 74, 69, 1.6, 1.3, 1.5, 1.6),
    "Componistenhof": Profile(1340, 1.9, 66, 58, 1.1, 0.6, 1.1, 1.1),
    "Kruidenbuurt": Profile(1560, 2.1, 62, 55, 1.0, 0.7, 1.3, 1.3),
    "Schildersbuurt": Profile(1410, 1.9, 71, 60, 1.4, 1.0, 1.7, 0.9),
    # resilient: more vulnerable residents, no more problems
    "De Hoven": Profile(1040, 1.6, 58, 39, 0.5, 0.4, 1.0, -0.2),
    "Rietveen": Profile(1570, 2.2, 48, 41, 0.4, 0.2, 1.3, -0.8),
    "Edelstenenbuurt": Profile(1450, 2.3, 45, 38, 0.2, -0.1, 0.65, 0.1),
    # early signal: as vulnerable as before, more problems
    "Oude Haven": Profile(740, 1.5, 55, 24, 0.1, 0.6, 0.1, 1.2),
    "Stationskwartier": Profile(810, 1.4, 68, 33, 0.6, 1.5, 0.1, 1.5),
    "Lindekwartier": Profile(1130, 1.9, 43, 27, -0.1, 0.1, 0.0, 0.7),
    # other cause: fewer vulnerable residents, more problems
    "Bloemhof": Profile(1100, 2.1, 40, 30, 0.3, 0.2, -1.1, 1.1),
    "Over het Water": Profile(1000, 1.8, 47, 29, 0.2, 0.3, -1.3, 0.9),
    # improving: fewer problems
    "'t Zand": Profile(1070, 1.7, 52, 36, 0.4, 0.7, -1.2, -1.5),
    "Molenkamp": Profile(930, 2.3, 31, 22, -0.3, -0.2, -0.9, -1.0),
    "Schippersbuurt": Profile(950, 1.9, 50, 43, 0.7, 0.8, -0.1, -1.9),
    "Tuindorp-Zuid": Profile(1250, 2.2, 46, 40, 0.3, 0.1, 0.1, -1.3),
    # no clear change
    "De Weide": Profile(830, 2.6, 16, 9, -1.1, -0.9, -0.1, -0.1),
    "Noorderpolder": Profile(410, 2.5, 14, 5, -1.2, -1.0, -0.9, -0.1),
    "Lage Veen": Profile(710, 2.4, 24, 15, -0.5, -0.6, -0.7, -0.25),
    "Buitenveen, verspreide huizen": Profile(400, 2.6, 12, 3, -1.0, -1.1, -0.3, -0.2),
    "Hoge Akkers": Profile(880, 2.6, 18, 10, -1.2, -0.8, -1.1, -0.1),
    # not comparable: two with a border that moved, and a park where hardly anybody lives
    "Sterrenkamp": Profile(1080, 2.2, 37, 28, 0.0, -0.1, 0.4, 0.2),
    "Oosterdijk": Profile(640, 2.5, 21, 12, -0.8, -0.6, -0.2, 0.1),
    "Merelpark": Profile(12, 2.4, 40, 0, 0.0, 0.0, 0.0, 0.0),
}
MOVED_INHABITANTS = 190  # they live in the strip that changed hands


class Figure(NamedTuple):
    """A figure as usual in 2018; what a step of level, a step of drift and the years until 2024 add to it."""

    usual: float
    level: float
    drift: float
    trend: float
    wobble: float


SHARES = {
    INCOME: Figure(40, 9, 3, -0.4, 0.6),
    MINIMUM: Figure(6.4, 2.4, 0.8, -0.9, 0.2),
    JEUGDZORG: Figure(9.6, 2.0, 1.2, 1.4, 0.25),
    WORK: Figure(67, -4, -1.2, 3.5, 0.5),
}
PER_1000 = {
    BIJSTAND: Figure(32, 16, 9, -4, 1),
    AO: Figure(48, 12, 8, -2, 1),
    WMO: Figure(63, 20, 12, 8, 1.5),
}
DIMENSIONS = {  # of the Leefbaarometer: `level` per step of trouble, `drift` per step of problems
    "onv": Figure(0.012, -0.030, -0.018, 0.006, 0.001),
    "fys": Figure(0.004, -0.014, -0.003, 0.002, 0.008),
    "soc": Figure(0.006, -0.018, -0.004, -0.002, 0.006),
    "won": Figure(0.022, -0.024, 0.000, 0.004, 0.010),
}
LEEFBAAROMETER_MEAN = 4.1022  # what `lbm` is where every dimension is as in the country

# Cells that the publisher keeps back for a reason of its own, beside those of numbers too small to show.
NOT_SHOWN = {
    (JEUGDZORG, "Stationskwartier", 2024): LATER,
    (JEUGDZORG, "De Weide", 2024): LATER,
    (JEUGDZORG, "Hoge Akkers", 2024): LATER,
    (WMO, "Lindekwartier", 2018): SECRET,
} | {(WMO, "Noorderpolder", year): SECRET for year in (2018, 2020, 2022, 2024)}


def kerncijfers(code: str, year: int) -> dict[str, float]:
    """The columns of the yearly CBS table, rounded and kept secret as CBS does."""
    profile, people, homes = _profile(code), inhabitants(code, year), households(code, year)
    share = {name: _true(name, SHARES[name], code, year) for name in SHARES}
    count = {name: _true(name, PER_1000[name], code, year) * people / 1000 for name in PER_1000}
    young_in_care = 0.22 * people * share[JEUGDZORG] / 100
    worth = (240 - 55 * profile.level) * (1 + 0.55 * _progress(year)) * (1 + 0.06 * _wobble(VALUE, code))
    columns = {
        "aantal_inwoners": _to(5, people),
        "aantal_huishoudens": _to(5, homes),
        INCOME: round(share[INCOME], 1) if homes >= 100 else SECRET,
        MINIMUM: round(share[MINIMUM], 1) if homes >= 100 else SECRET,
        BIJSTAND: _to(10, count[BIJSTAND]) if people >= 50 else SECRET,
        AO: _to(10, count[AO]) if people >= 50 else SECRET,
        WMO: _to(5, count[WMO]) if count[WMO] >= 8 else SECRET,
        JEUGDZORG: round(share[JEUGDZORG], 1) if young_in_care >= 8 else SECRET,
        WORK: round(share[WORK]) if people >= 100 else SECRET,
        CORPORATION: profile.corporation if homes >= 20 else SECRET,
        RENTED: profile.rented if homes >= 20 else SECRET,
        VALUE: round(worth) if homes >= 20 else SECRET,
    }
    return {name: NOT_SHOWN.get((name, PLACES[code].name, year), value) for name, value in columns.items()}


def map_figures(code: str, year: int) -> dict[str, float]:
    """The columns that come with the shapes of CBS: how many people and dwellings, and who owns these."""
    figures = kerncijfers(code, year)
    rented = figures[RENTED]
    return {
        "aantal_inwoners": figures["aantal_inwoners"],
        "aantal_huishoudens": figures["aantal_huishoudens"],
        "woningvoorraad": round(households(code, year) * 1.02),
        "percentage_koopwoningen": SECRET if rented == SECRET else 100 - rented,
        RENTED: rented,
        CORPORATION: figures[CORPORATION],
    }


def leefbaarometer(code: str, year: int) -> dict[str, float]:
    """Score, deviation from the country and the five parts of that; nothing where hardly anybody lives."""
    if households(code, year) < 20:
        return {}
    place = PLACES[code]
    dimensions = {name: _true(name, DIMENSIONS[name], code, year) for name in DIMENSIONS}
    dimensions["vrz"] = 0.09 - 0.055 * hypot(place.east, place.north) / 1000 + 0.01 * _wobble("vrz", code)
    deviation = sum(dimensions.values())
    scores = {"lbm": LEEFBAAROMETER_MEAN + deviation, "afw": deviation} | dimensions
    return {name: round(scores[name], 4) for name in ("lbm", "afw", "fys", "onv", "soc", "vrz", "won")}


def crimes(code: str, year: int) -> int:
    """Registered where they happen, so the centre with its visitors looks worse than it is to live in."""
    profile = _profile(code)
    visitors = 25 if code.startswith("BU990101") else 0
    per_1000 = 34 + visitors + 11 * profile.trouble + (4 * profile.problems - 4) * _progress(year)
    return round(inhabitants(code, year) / 1000 * (per_1000 + 3 * _wobble("misdrijven", code, year)))


def inhabitants(code: str, year: int) -> int:
    growth = 0.02 + 0.03 * _wobble("inwoners", code)
    return round(_profile(code).inhabitants * (1 + growth * _progress(year))) + _moved(code, year)


def households(code: str, year: int) -> int:
    return round(inhabitants(code, year) / _profile(code).household)


def _profile(code: str) -> Profile:
    return PROFILES[PLACES[code].name]


def _moved(code: str, year: int) -> int:
    return 0 if year < 2024 else {MOVED_FROM: -MOVED_INHABITANTS, MOVED_TO: MOVED_INHABITANTS}.get(code, 0)


def _true(name: str, figure: Figure, code: str, year: int) -> float:
    """The figure before anybody rounds it."""
    profile = _profile(code)
    if name in DIMENSIONS:
        level, drift = profile.trouble, profile.problems
    else:
        level, drift = profile.level, profile.composition
    start = figure.usual + figure.level * level + figure.wobble * _wobble(name, code, year)
    return start + _progress(year) * (figure.drift * drift + figure.trend)


def _progress(year: int) -> float:
    """How much of the way from 2018 to 2024 lies behind."""
    return (year - 2018) / 6


def _wobble(*cell: object) -> float:
    """Between -1 and 1, always the same for the same cell."""
    return Random(" ".join(map(str, cell))).uniform(-1, 1)


def _to(step: int, number: float) -> int:
    return step * round(number / step)
