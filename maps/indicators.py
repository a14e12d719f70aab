"""The figures that we read and show: one table. Importers, recipe, panel and plan take names and units from here.

`columns` are the publishers' own column names over the years, compared by `normalise`: lower case, without the
numeric suffix that StatLine shifts every year. The short ones (a_inw, p_hh_li) are those of the CBS spreadsheets. Sources: CBS, Toelichting Wijk- en Buurtkaart 2022, 2023 en 2024;
Leefbaarometer 3.0 (BZK). Herkomst is left out on principle.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

CBS = "CBS, Kerncijfers wijken en buurten"
BZK = "Leefbaarometer 3.0, ministerie van BZK"
POLICE = "Politie, geregistreerde misdrijven"


@dataclass(frozen=True)
class Indicator:
    key: str
    label: str
    unit: str
    source: str
    columns: tuple[str, ...] = ()
    decimals: int = 0
    adds: str = ""  # how it goes for several areas together: see `together`


INDICATORS = {
    i.key: i
    for i in (
        Indicator("inhabitants", "Inwoners", "inwoners", CBS, ("aantal_inwoners", "aant_inw", "a_inw", "aantalinwoners", "population_total"), adds="count"),
        Indicator("households", "Huishoudens", "huishoudens", CBS, ("aantal_huishoudens", "aantal_hh", "a_hh", "huishoudenstotaal"), adds="count"),
        Indicator("dwellings", "Woningen", "woningen", CBS, ("woningvoorraad", "woningen"), adds="count"),
        Indicator("owner_occupied", "Koopwoningen", "% van de woningen", CBS, ("percentage_koopwoningen", "p_koopwon", "p_koopw", "koopwoningen", "pct_owner_occupied"), adds="dwellings"),
        Indicator("rental", "Huurwoningen", "% van de woningen", CBS, ("percentage_huurwoningen", "p_huurwon", "p_huurw", "huurwoningentotaal", "pct_rental"), adds="dwellings"),
        Indicator("corporation", "Woningen van corporaties", "% van alle woningen", CBS, ("perc_huurwoningen_in_bezit_woningcorporaties", "p_wcorpw", "inbezitwoningcorporatie"), adds="dwellings"),
        Indicator("flats", "Appartementen", "% van de woningen", CBS, ("percentage_meergezinswoning", "p_mgezw", "percentagemeergezinswoning"), adds="dwellings"),
        Indicator("home_value", "Gemiddelde woningwaarde", "× 1.000 euro", CBS, ("gemiddelde_woningwaarde", "g_woz", "g_wozbag", "wozwoning", "gemiddeldewozwaardevanwoningen", "avg_property_value_1000eur"), adds="dwellings"),
        Indicator("lowest_income", "Huishoudens met de laagste inkomens (landelijk laagste 40%)", "% van de huishoudens", CBS, ("percentage_huishoudens_met_laagste_inkomen", "p_hh_li", "k_40huishoudensmetlaagsteinkomen", "pct_lowest_40pct_income"), 1, adds="households"),
        Indicator("low_income", "Huishoudens met een laag inkomen", "% van de huishoudens", CBS, ("percentage_huishoudens_met_laag_inkomen", "p_hh_lkk", "huishoudensmeteenlaaginkomen", "pct_low_income_households"), 1, adds="households"),
        Indicator("social_minimum", "Huishoudens onder of rond het sociaal minimum", "% van de huishoudens", CBS, ("percentage_huishoudens_onder_of_rond_sociaal_minimum", "p_hh_osm", "huishonderofrondsociaalminimum"), 1, adds="households"),
        Indicator("bijstand", "Mensen met bijstand", "personen", CBS, ("aantal_personen_met_een_alg_bijstandsuitkering_tot", "aantal_personen_met_een_algemene_bijstandsuitkering_totaal", "a_soz_wb", "personenpersoortuitkeringbijstand"), adds="count"),
        Indicator("ao", "Mensen met een uitkering bij arbeidsongeschiktheid (AO)", "personen", CBS, ("aantal_personen_met_een_ao_uitkering_totaal", "a_soz_ao", "personenpersoortuitkeringao"), adds="count"),
        Indicator("wmo", "Mensen met Wmo-ondersteuning", "personen", CBS, ("aantal_wmo_clienten", "a_wmo_t", "wmoclienten"), adds="count"),
        Indicator("wmo_rate", "Mensen met Wmo-ondersteuning", "per 1.000 inwoners", CBS, ("aantal_wmo_clienten_per_1000_inwoners", "p_wmo_t", "wmoclientenrelatief"), 1, adds="inhabitants"),
        Indicator("jeugdzorg", "Jongeren met jeugdzorg", "% van de jongeren", CBS, ("percentage_jongeren_met_jeugdzorg_in_natura", "p_jz_tn", "percentagejongerenmetjeugdzorg"), 1),
        Indicator("participation", "Mensen met betaald werk", "% van 15 tot 75 jaar", CBS, ("netto_arbeidsparticipatie", "p_arb_pp", "nettoarbeidsparticipatie")),
        Indicator("std_income", "Gemiddeld gestandaardiseerd inkomen", "× 1.000 euro", CBS, ("gemiddeld_gestandaardiseerd_inkomen_van_huishoudens", "g_hh_sti", "gemgestandaardiseerdinkomenvanhuish", "gemgestandaardiseerdinkomen", "avg_std_household_income_1000eur"), 1, adds="households"),
        Indicator("lbm", "Leefbaarheid, totaal", "score", BZK, ("lbm",), 2),
        Indicator("onv", "Overlast en onveiligheid", "verschil met Nederland", BZK, ("onv",), 3),
        Indicator("fys", "Fysieke omgeving", "verschil met Nederland", BZK, ("fys",), 3),
        Indicator("soc", "Sociale samenhang", "verschil met Nederland", BZK, ("soc",), 3),
        Indicator("vrz", "Voorzieningen", "verschil met Nederland", BZK, ("vrz",), 3),
        Indicator("won", "Woningvoorraad", "verschil met Nederland", BZK, ("won",), 3),
        Indicator("crimes", "Geregistreerde misdrijven", "misdrijven", POLICE, ("misdrijven",), adds="count"),
    )
}  # fmt: skip

# CBS marks a figure that is not there with a large negative number; anything at or below -99990 is missing.
MISSING_FROM = -99990
MISSING_REASONS = {
    -99997: "geheim of te weinig waarnemingen",
    -99995: "nog niet gepubliceerd",
    -99991: "niet meer gepubliceerd",
    -99999999: "niet gepubliceerd",
}
MISSING_OTHERWISE = "niet gepubliceerd"
MISSING_EMPTY = "niet ingevuld in de bron"


def normalise(column: str) -> str:
    """'Huishoudens_Totaal_28 ' -> 'huishoudens_totaal'; what is left is compared with and without underscores."""
    return re.sub(r"_\d+$", "", column.strip().strip("﻿").lower())


_BY_COLUMN = {
    name: indicator for indicator in INDICATORS.values() for column in indicator.columns
    for name in (column, column.replace("_", ""))
}  # fmt: skip


def indicator_of(column: str) -> Indicator | None:
    """The indicator that this column of a publisher holds, or None for a column that we do not use."""
    name = normalise(column)
    return _BY_COLUMN.get(name) or _BY_COLUMN.get(name.replace("_", ""))


COUNT = "count"


def together(parts: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The figures of several areas as one: counts add up, a share is weighted by what it is a share of. A figure that
    one of them lacks, or that does not add up (a score), is absent; a share of nothing is not missed."""
    found = {}
    for key in set().union(*parts):
        weight = INDICATORS[key].adds
        if weight == COUNT and all(key in part for part in parts):
            found[key] = sum(part[key] for part in parts)
        elif weight and weight != COUNT and all(weight in part for part in parts):
            weighing = [part for part in parts if part[weight]]
            if weighing and all(key in part for part in weighing):
                total = sum(part[weight] for part in weighing)
                found[key] = sum(part[key] * part[weight] for part in weighing) / total
    return found


def missing_reason(value: float) -> str | None:
    """Why a stored number is no figure, or None when it is one."""
    if value > MISSING_FROM:
        return None
    return MISSING_REASONS.get(int(value), MISSING_OTHERWISE)
