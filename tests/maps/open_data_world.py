"""Two municipalities that do not exist, as PDOK and StatLine would publish them. Also real files in that form."""

import csv
import json

TESTSTAD, ANDERSTAD = "GM0344", "GM0355"
NAMES = {TESTSTAD: "Teststad", ANDERSTAD: "Anderstad"}
TABLES = {2018: "84286NED", 2022: "85318NED", 2025: "86165NED"}
SECRET = -99997
STEP = 0.02  # degrees: buurten of about a kilometre and a half


def buurten(municipality):
    """Seven on land in two wijken, and one that is water."""
    digits = municipality[2:]
    return [f"BU{digits}{wijk:02}{number:02}" for wijk in (1, 2) for number in range(1, 5)]


def square(column, row):
    west, south = 5 + column * STEP, 52 + row * STEP
    ring = [[west, south], [west + STEP, south], [west + STEP, south + STEP], [west, south + STEP], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def feature(number, geometry, municipality, **properties):
    common = {"gemeentecode": municipality, "gemeentenaam": NAMES[municipality], "water": "NEE", "jaar": 0}
    return {"type": "Feature", "id": str(number), "geometry": geometry, "properties": common | properties}


def layers(year, municipalities=(TESTSTAD, ANDERSTAD)):
    """Collection -> features."""
    found = {"buurten": [], "wijken": [], "gemeenten": []}
    for row, municipality in enumerate(municipalities):
        codes = buurten(municipality)
        for column, code in enumerate(codes):
            found["buurten"].append(
                feature(
                    column, square(column, row), municipality, buurtcode=code, buurtnaam=f"Buurt {code[-4:]}", jaar=year,
                    wijkcode=f"WK{code[2:8]}", water="JA" if code == codes[-1] else "NEE",
                    indelingswijziging_wijken_en_buurten=1, aantal_inwoners=1000 + column, aantal_huishoudens=500,
                    percentage_huishoudens_met_laag_inkomen=SECRET, mannen=500, percentage_koopwoningen=None,
                )
            )  # fmt: skip
        for wijk in sorted({code[2:8] for code in codes}):
            name = f"Wijk {int(wijk[-2:])} van {NAMES[municipality]}"
            found["wijken"].append(feature(0, square(0, row), municipality, wijkcode=f"WK{wijk}", wijknaam=name))
        found["gemeenten"].append(feature(0, square(0, row), municipality))
    return found


def rows(year, municipalities=(TESTSTAD, ANDERSTAD), *, late=False):
    """Rows of StatLine at three levels. `late`: income, benefits and Wmo are not out yet."""
    found = []
    for municipality in municipalities:
        areas = [municipality, *sorted({f"WK{code[2:8]}" for code in buurten(municipality)}), *buurten(municipality)]
        for number, code in enumerate(areas):
            worse = (year - 2018) * (number % 3)
            found.append(
                {
                    "ID": len(found),
                    "WijkenEnBuurten": code.ljust(10),
                    "Gemeentenaam_1": NAMES[municipality].ljust(40),
                    "AantalInwoners_5": 1000 + 10 * number,
                    "HuishoudensTotaal_28": 500 + number,
                    "k_40HuishoudensMetLaagsteInkomen_76": None if late else 30.125 + number + worse,
                    "PersonenPerSoortUitkeringBijstand_83": None if late else 30 + 10 * number + 5 * worse,
                    "PersonenPerSoortUitkeringAO_84": None if late else 40 + 5 * number + 5 * worse,
                    "PercentageJongerenMetJeugdzorg_88": 8.5 + worse,
                    "WmoClienten_89": None if late else 50 + 5 * worse,
                    "Appartement_60": 1,
                }
            )
    return found


def leefbaarometer(path, codes, years=(2018, 2022)):
    """Overlast en onveiligheid gets worse in every second buurt."""
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["bu_code", "jaar", "onv"])
        for number, code in enumerate(codes):
            table.writerows([code, year, 0.05 - 0.01 * (year - 2018) * (number % 2)] for year in years)
    return path


# --- real files in the form of the services ---

STATLINE_NAMES = {
    "aantal_inwoners": "AantalInwoners_5",
    "percentage_huishoudens_met_laag_inkomen": "HuishoudensMetEenLaagInkomen_78",
    "percentage_huishoudens_onder_of_rond_sociaal_minimum": "HuishOnderOfRondSociaalMinimum_79",
    "gemiddeld_gestandaardiseerd_inkomen_van_huishoudens": "GemGestandaardiseerdInkomenVanHuish_75",
    "aantal_personen_met_een_alg_bijstandsuitkering_tot": "PersonenPerSoortUitkeringBijstand_83",
    "netto_arbeidsparticipatie": "Nettoarbeidsparticipatie_67",
    "percentage_jongeren_met_jeugdzorg_in_natura": "PercentageJongerenMetJeugdzorg_88",
}


def real_layers(path, municipality, name):
    """A GeoPackage of CBS with buurten, as features in degrees. Wijken and the gemeente are made of the buurten."""
    import pyogrio
    import shapely
    from pyproj import Transformer

    meta, _, geometries, fields = pyogrio.raw.read(path)
    to_degrees = Transformer.from_crs(28992, 4326, always_xy=True).transform
    shapes = shapely.transform(shapely.from_wkb(geometries), to_degrees, interleaved=False)
    table = [dict(zip(meta["fields"], row, strict=True)) for row in zip(*(f.tolist() for f in fields), strict=True)]
    whole = shapely.union_all(shapes)
    wijken = sorted({row["wijkcode"] for row in table})
    common = {"gemeentecode": municipality, "gemeentenaam": name, "water": "NEE"}
    return {
        "buurten": [_feature(shape, row) for shape, row in zip(shapes, table, strict=True)],
        "wijken": [_feature(whole, common | {"wijkcode": code, "wijknaam": f"Wijk {code}"}) for code in wijken],
        "gemeenten": [_feature(whole, common)],
    }


def _feature(shape, properties):
    import shapely

    return {"type": "Feature", "geometry": json.loads(shapely.to_geojson(shape)), "properties": properties}


def real_rows(path):
    """A table of kerncijfers with Dutch column names, as rows of StatLine."""
    with path.open(encoding="utf-8") as file:
        return [
            {"WijkenEnBuurten": row["buurtcode"].ljust(10)}
            | {new: float(row[old].replace(",", ".")) if row[old] else None for old, new in STATLINE_NAMES.items()}
            for row in csv.DictReader(file, delimiter=";")
        ]
