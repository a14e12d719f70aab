"""Kerncijfers: wide tables as CBS and people send them. Read right, or refused with every row named."""

import pytest
from django.contrib.auth import get_user_model

from maps.importing import ImportRefused, import_areas, import_indicators
from maps.indicators import MISSING_EMPTY, MISSING_REASONS
from maps.models import Area, Dataset, Observation
from tests.maps.importfiles import buurten, geojson, text, workbook

pytestmark = pytest.mark.django_db

A, B, C = "BU03440111", "BU03440112", "BU0344AB10"
LOW = "percentage_huishoudens_met_laag_inkomen"
NUMERIC = "De kolom met codes is ergens als getal bewaard"


@pytest.fixture
def areas(tmp_path):
    """Three buurten of GM0344 in the division of 2024."""
    return import_areas(geojson(tmp_path / "buurten.geojson", buurten(A, B, C)))


def lines_of(path, **options):
    with pytest.raises(ImportRefused) as refused:
        import_indicators(path, **options)
    assert not Observation.objects.exists()
    assert not Dataset.objects.filter(kind=Dataset.Kind.INDICATORS).exists()
    return [str(problem) for problem in refused.value.problems]


def figures(code=A, year=2024):
    observation = Observation.objects.get(area_code=code, year=year)
    return observation.values, observation.missing


def test_a_table_becomes_one_observation_a_row(areas, tmp_path):
    user = get_user_model().objects.create_user("data")
    path = text(
        tmp_path / "kern.csv",
        f"jaar;buurtcode;aantal_inwoners;{LOW};percentage_koopwoningen;kleur",
        f"2024;{A};1835;3,9;50,0;rood",
        f"2024;{B};-99997;;51,0;blauw",
    )
    dataset = import_indicators(path, by=user)
    assert figures(A) == ({"inhabitants": 1835, "low_income": 3.9, "owner_occupied": 50}, {})
    assert figures(B) == (
        {"owner_occupied": 51},
        {"inhabitants": MISSING_REASONS[-99997], "low_income": MISSING_EMPTY},
    )
    assert isinstance(figures(A)[0]["owner_occupied"], int)
    assert (dataset.kind, dataset.rows, dataset.years, dataset.municipalities) == (
        Dataset.Kind.INDICATORS, 2, [2024], ["GM0344"],
    )  # fmt: skip
    assert (dataset.source, dataset.licence) == ("CBS, Kerncijfers wijken en buurten 2024", "CC BY 4.0")
    assert (dataset.file_name, dataset.imported_by, dataset.fictional) == ("kern.csv", user, False)
    assert len(dataset.sha256) == 64


@pytest.mark.parametrize(
    "lines",
    [
        (f"buurtcode;aantal_inwoners;jaar\n{A};1835;2024",),
        (f"buurtcode,aantal_inwoners,jaar\n{A},1835,2024",),
        (f"buurtcode\taantal_inwoners\tjaar\n{A}\t1835\t2024",),
        (f"sep=;\nbuurtcode;aantal_inwoners;jaar\n{A};1835;2024",),
        (f"\ufeffgwb_code_10;AANT_INW;Perioden\n{A};1835;2024JJ00",),
        (f'"Codering_3";"AantalInwoners_5";"jaar"\n"{A}  ";"1835";"2024"',),
        (f"Kerncijfers 2024;;\n;;\nWijkenEnBuurten;aantal_inwoners;jaar\n{A};1835;2024\n\nBron: CBS",),
        (f'BU_CODE;aantal_inwoners;jaar\n="{A}";1835.0;2024.0\n;;',),
        (f"regio_code;aantal_inwoners;jaar;x\n{A.lower()};1835;2024",),  # Excel leaves empty last cells out
        (f'Area_Code;naam;Population_Total;jaar\r\n{A};"Den Hommel; Oost\r\ntweede regel";1835;2024\r\n',),
    ],
)
def test_the_forms_in_which_tables_come(areas, tmp_path, lines):
    import_indicators(text(tmp_path / "kern.csv", *lines))
    assert figures() == ({"inhabitants": 1835}, {})


def test_windows_text_is_read_as_such(areas, tmp_path):
    path = text(
        tmp_path / "k.csv",
        "buurtcode;buurtnaam;aantal_inwoners;jaar",
        f"{A};Café België;5;2024",
        encoding="cp1252",
    )
    import_indicators(path)
    assert figures() == ({"inhabitants": 5}, {})


def test_a_workbook_with_the_table_on_a_later_sheet(areas, tmp_path):
    path = workbook(
        tmp_path / "kern.xlsx",
        ["Kerncijfers"],
        [],
        ["buurtcode", "jaar", "aantal_inwoners", "percentage_koopwoningen", None],
        [A, 2024, 1835, 46.5],
        [B, 2024.0, -99997, "47,5", None],
        above=[[["Toelichting"], ["Lees dit eerst"]]],
    )
    import_indicators(path)
    assert figures(A) == ({"inhabitants": 1835, "owner_occupied": 46.5}, {})
    assert figures(B) == ({"owner_occupied": 47.5}, {"inhabitants": MISSING_REASONS[-99997]})


def test_rows_of_other_levels_are_skipped_and_counted(areas, tmp_path):
    path = text(
        tmp_path / "k.csv", "code;aantal_inwoners;jaar", "NL00;17000000;2024", "GM0344    ;360000;2024",
        "WK034401  ;5000;2024", f"{A};1835;2024",
    )  # fmt: skip
    assert import_indicators(path).notes == ["Overgeslagen: 3 regels over land, gemeente of wijk."]
    assert Observation.objects.count() == 1


HEADER = "buurtcode;aantal_inwoners;percentage_koopwoningen;jaar"


@pytest.mark.parametrize(
    ("lines", "problems"),
    [
        ((f"{A};1.2.3;5;2024",), ["regel 2, kolom aantal_inwoners: «1.2.3» is geen getal"]),
        ((f"{A};-3;101;2024",), [
            "regel 2, kolom aantal_inwoners: «-3» kan niet negatief zijn",
            "regel 2, kolom percentage_koopwoningen: «101» ligt niet tussen 0 en 100",
        ]),
        ((f"{A};1;5;2024", f"{B};2;5;2024", f"{A};3;5;2024"), ["regel 4: BU03440111 staat ook op regel 2"]),
        (("BU03449999;1;5;2024",), [
            "regel 2: onbekend gebied BU03449999; het hoort niet bij de ingelezen buurten van 2024"
        ]),
        ((f"{A};1;5;2024", "BU03630000;1;5;2024", "BU03630001;2;5;2024"), [
            "regel 3: gemeente GM0363 is niet ingelezen (2 regels); lees eerst de buurten van GM0363 in, "
            "of kies één gemeente met --municipality"
        ]),
        ((f"{A};1;5;1994",), ["regel 2, kolom jaar: «1994» is geen jaar van 1995"]),
        ((f"{A};1;5;24",), ["regel 2, kolom jaar: «24» is geen jaar van 1995"]),
        ((f"{A};1;5;",), ["regel 2, kolom jaar: «» is geen jaar van 1995"]),
        ((f"{A};1;5;2999",), ["regel 2, kolom jaar: «2999» is geen jaar van 1995"]),
        (("BU0344;1;5;2024",), ["regel 2, kolom buurtcode: «BU0344» is geen buurtcode"]),
        ((";1;5;2024",), ["regel 2, kolom buurtcode: de buurtcode ontbreekt"]),
        (("3440111;1;5;2024",), [NUMERIC, "regel 2, kolom buurtcode: «3440111» is een getal"]),
        (("3,44E+06;1;5;2024",), [NUMERIC, "regel 2, kolom buurtcode: «3,44E+06» is een getal"]),
        ((f"{A};1;5;2024;6",), ["regel 2: 5 cellen, terwijl de kop er 4 heeft"]),
        ((f'{A};1;"5;2024', f"{B};1;5;2024"), ["regel 2: een aanhalingsteken wordt niet"]),
        (("GM0344;1;5;2024",), ["bevat geen enkele buurt"]),
    ],
)  # fmt: skip
def test_every_problem_is_named_with_its_row(areas, tmp_path, lines, problems):
    found = lines_of(text(tmp_path / "kern.csv", HEADER, *lines))
    assert len(found) == len(problems), found
    for line, problem in zip(found, problems, strict=True):
        assert problem in line


def test_codes_that_became_numbers_in_a_workbook(areas, tmp_path):
    path = workbook(tmp_path / "k.xlsx", ["buurtcode", "aantal_inwoners", "jaar"], [3440111, 5, 2024])
    assert "voorloopnullen" in lines_of(path)[0]


def test_the_row_numbers_are_those_of_the_users_own_program(areas, tmp_path):
    path = text(tmp_path / "k.csv", "Titel;", "", HEADER, f"{A};1;5;2024", "", f'{B};"\n9 9";5;2024')
    assert lines_of(path) == ["regel 6, kolom aantal_inwoners: «\n9 9» is geen getal"]


def test_at_most_200_problems_and_then_how_many_more(areas, tmp_path):
    codes = [f"BU0344{number:04}" for number in range(250)]
    found = lines_of(text(tmp_path / "k.csv", HEADER, *(f"{code};1;5;2024" for code in codes)))
    assert len(found) == 201
    assert found[-1] == "en nog 48 andere"  # two of the 250 exist


def test_the_year_is_never_guessed(areas, tmp_path):
    path = text(tmp_path / "kerncijfers_2024.csv", "buurtcode;aantal_inwoners", f"{A};5")
    (problem,) = lines_of(path)
    assert "geen kolom «jaar»" in problem
    assert "In de bestandsnaam staat 2024." in problem
    assert import_indicators(path, year=2024).years == [2024]


def test_a_year_that_contradicts_the_file_is_refused(areas, tmp_path):
    path = text(tmp_path / "k.csv", HEADER, f"{A};1;5;2024", f"{B};1;5;2024")
    assert "2024, terwijl 2018 is opgegeven (2 regels)" in lines_of(path, year=2018)[0]


@pytest.mark.parametrize("year", [1990, 2999])
def test_an_impossible_year_is_refused(areas, tmp_path, year):
    assert "kan niet" in lines_of(text(tmp_path / "k.csv", HEADER, f"{A};1;5;2024"), year=year)[0]


MIXED = f"buurtcode;jaar;aantal_inwoners;percentage_koopwoningen;{LOW}"


def test_a_bom_semicolons_and_columns_in_different_notations_are_read_right(areas, tmp_path):
    path = text(
        tmp_path / "k.csv",
        f"\ufeff{MIXED}",
        f"{A};2024;1.835;46.5;3,9",
        f"{B};2024;1.234.567;50.25;12,5",
        f"{C};2024;5;51;9",
    )
    import_indicators(path)
    assert figures(A)[0] == {"inhabitants": 1835, "owner_occupied": 46.5, "low_income": 3.9}
    assert figures(B)[0] == {"inhabitants": 1234567, "owner_occupied": 50.25, "low_income": 12.5}


def test_a_bom_semicolons_and_one_column_in_both_notations_are_refused(areas, tmp_path):
    rows = f"{A};2024;1,5;46.5;3,9", f"{B};2024;7.5;50.25;12.5", f"{C};2024;1.234;51;9"
    assert lines_of(text(tmp_path / "k.csv", f"\ufeff{MIXED}", *rows)) == [
        "regel 2, kolom aantal_inwoners: «1,5» is geen heel getal",
        "regel 3, kolom aantal_inwoners: «7.5» is geen heel getal",
        "regel 4, kolom aantal_inwoners: de kolom bevat een decimale punt op regel 3 («7.5») én een decimale komma op "
        "regel 2 («1,5»), dus niet is te zien wat «1.234» is (1 cel). Bewaar de kolom zonder tekens tussen duizendtallen.",
    ]


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        (
            "buurtcode;aantal_inwoners;aantal_inwoners;jaar",
            "kolom aantal_inwoners: staat twee keer in het bestand",
        ),
        ("buurtcode;aantal_inwoners;AANT_INW;jaar", "kolom AANT_INW: is hetzelfde als aantal_inwoners"),
        ("buurtcode;buurtcode;aantal_inwoners;jaar", "kolom buurtcode: staat twee keer in het bestand"),
        ("buurtcode;jaar;aantal_inwoners;jaar", "kolom jaar: staat naast jaar"),
    ],
)
def test_a_column_that_is_there_twice_is_refused(areas, tmp_path, header, problem):
    row = ";".join({"buurtcode": A, "jaar": "2024"}.get(column, "5") for column in header.split(";"))
    assert problem in lines_of(text(tmp_path / "k.csv", header, row))[0]


def test_a_file_without_a_known_column_says_what_would_do(areas, tmp_path):
    (problem,) = lines_of(text(tmp_path / "k.csv", "buurtcode;kleur;jaar", f"{A};rood;2024"))
    assert "Geen enkele kolom is bekend" in problem
    assert "aantal_inwoners" in problem
    (problem,) = lines_of(text(tmp_path / "k.csv", "bu_code;jaar;onv", f"{A};2024;0.1"))
    assert "Wel gevonden: onv; kies daarvoor een andere soort gegevens." in problem


def test_a_file_without_codes_says_what_it_found(areas, tmp_path):
    (problem,) = lines_of(text(tmp_path / "k.csv", "wijk;inwoners", "Noord;5"))
    assert "geen kolom met buurtcodes" in problem
    assert "«wijk», «inwoners»" in problem


def test_one_municipality_out_of_a_larger_file(areas, tmp_path):
    path = text(tmp_path / "k.csv", HEADER, "BU03630000;onzin;5;2024", f"{A};5;5;2024")
    dataset = import_indicators(path, municipality="GM0344")
    assert dataset.notes == ["Overgeslagen: 1 regel van andere gemeenten dan GM0344."]
    assert dataset.municipalities == ["GM0344"]
    Dataset.objects.filter(pk=dataset.pk).delete()
    assert "bevat geen buurten van GM0001; wel van GM0344, GM0363." in lines_of(path, municipality="GM0001")[0]
    assert "is geen gemeentecode" in lines_of(path, municipality="Utrecht")[0]


def test_a_year_of_which_no_division_was_imported_is_stored_with_a_note(areas, tmp_path):
    path = text(tmp_path / "k.csv", HEADER, f"{A};1;5;2021", "BU03448888;1;5;2021")
    assert import_indicators(path).notes == [
        "In geen enkele ingelezen indeling: 1 buurtcode (bijvoorbeeld BU03448888)."
    ]
    assert Observation.objects.count() == 2


def test_water_is_no_unknown_area(tmp_path):
    columns = buurten(A, B, "BU03449997", water=["NEE", "NEE", "JA"])
    import_areas(geojson(tmp_path / "b.geojson", columns))
    import_indicators(text(tmp_path / "k.csv", HEADER, f"{A};1;5;2024", "BU03449997;0;;2024"))
    assert Observation.objects.filter(dataset__kind=Dataset.Kind.INDICATORS).count() == 2


def test_the_old_name_of_the_lowest_incomes_is_seen_through(areas, tmp_path):
    path = text(tmp_path / "k.csv", f"buurtcode;{LOW};jaar", f"{A};41,5;2024", f"{B};38;2024", f"{C};;2024")
    dataset = import_indicators(path)
    assert figures(A) == ({"lowest_income": 41.5}, {})
    assert figures(C) == ({}, {"lowest_income": MISSING_EMPTY})
    assert "het landelijk laagste 40%" in dataset.notes[0]
    assert "2024" in dataset.notes[0]


@pytest.mark.parametrize(
    ("header", "row", "key"),
    [
        (f"buurtcode;{LOW};jaar", f"{A};7,5;2024", "low_income"),
        (f"buurtcode;{LOW};percentage_huishoudens_met_laagste_inkomen;jaar", f"{A};25;60;2024", "low_income"),
    ],
)
def test_the_new_meaning_stays(areas, tmp_path, header, row, key):
    assert import_indicators(text(tmp_path / "k.csv", header, row)).notes == []
    assert key in figures(A)[0]


def test_the_old_name_is_judged_by_year(areas, tmp_path):
    path = text(tmp_path / "k.csv", f"buurtcode;{LOW};jaar", f"{A};41,5;2012", f"{A};7,5;2024")
    import_indicators(path)
    assert figures(A, 2012)[0] == {"lowest_income": 41.5}
    assert figures(A, 2024)[0] == {"low_income": 7.5}


def test_importing_again_replaces(areas, tmp_path):
    first = import_indicators(text(tmp_path / "k.csv", HEADER, f"{A};1;5;2024", f"{B};1;5;2024"))
    second = import_indicators(text(tmp_path / "k.csv", HEADER, f"{A};2;6;2024"))
    assert figures(A)[0] == {"inhabitants": 2, "owner_occupied": 6}
    first.refresh_from_db()
    assert first.rows == 1
    import_indicators(text(tmp_path / "k.csv", HEADER, f"{A};3;7;2024", f"{B};3;;2024"))
    assert figures(B)[0] == {"inhabitants": 3}
    assert not Dataset.objects.filter(pk__in=[first.pk, second.pk]).exists()


def test_figures_that_a_later_file_does_not_carry_stay(areas, tmp_path):
    import_indicators(text(tmp_path / "a.csv", "buurtcode;aantal_inwoners;woningvoorraad;jaar", f"{A};1;9;2024"))
    import_indicators(text(tmp_path / "b.csv", "buurtcode;aantal_inwoners;jaar", f"{A};2;2024"))
    stored = Observation.objects.filter(area_code=A).order_by("pk").values_list("values", flat=True)
    assert list(stored) == [{"dwellings": 9}, {"inhabitants": 2}]


def test_a_refused_file_leaves_the_earlier_one_alone(areas, tmp_path):
    import_indicators(text(tmp_path / "k.csv", HEADER, f"{A};1;5;2024"))
    with pytest.raises(ImportRefused):
        import_indicators(text(tmp_path / "k.csv", HEADER, f"{A};2;5;2024", f"{B};onzin;5;2024"))
    assert figures(A)[0] == {"inhabitants": 1, "owner_occupied": 5}


def test_figures_of_a_fictional_municipality_are_fictional(tmp_path):
    columns = buurten("BU99010101", gemeentenaam=["Merelveen (fictief)"])
    import_areas(geojson(tmp_path / "b.geojson", columns))
    dataset = import_indicators(text(tmp_path / "k.csv", HEADER, "BU99010101;1;5;2024"))
    assert (dataset.fictional, dataset.source, dataset.licence) == (True, "Fictieve gegevens (demo)", "")


def test_no_areas_at_all(tmp_path):
    assert not Area.objects.exists()
    assert "lees eerst de buurten van GM0344 in" in lines_of(text(tmp_path / "k.csv", HEADER, f"{A};1;5;2024"))[0]
