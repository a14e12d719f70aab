"""The class that a corporation received itself: read as it stands, or refused with every row named."""

from pathlib import Path

import pytest
from django.contrib.auth import get_user_model

from maps.importing import ImportRefused, import_areas, import_own_signals
from maps.models import Dataset, OwnSignal
from tests.maps.importfiles import buurten, geojson, text, workbook

pytestmark = pytest.mark.django_db

A, B, C, WATER = "BU03440111", "BU03440112", "BU0344AB10", "BU03449997"
HEADER = "buurtcode;klasse;bron;peiljaren"
EXAMPLE = Path(__file__).parents[2] / "docs" / "handleiding" / "voorbeelden" / "eigen-signaal.csv"


@pytest.fixture(autouse=True)
def areas(tmp_path):
    """Three buurten and a water of GM0344 in the division of 2024."""
    columns = buurten(A, B, C, WATER, water=["NEE", "NEE", "NEE", "JA"])
    return import_areas(geojson(tmp_path / "buurten.geojson", columns))


def file(tmp_path, *lines, header=HEADER, name="eigen.csv"):
    return text(tmp_path / name, header, *lines)


def stored():
    return list(OwnSignal.objects.values_list("area_code", "signal_class", "source", "years"))


def lines_of(path, **options):
    before = stored(), Dataset.objects.count()
    with pytest.raises(ImportRefused) as refused:
        import_own_signals(path, **options)
    assert (stored(), Dataset.objects.count()) == before
    return [str(problem) for problem in refused.value.problems]


def test_a_table_becomes_one_own_signal_a_row(tmp_path):
    user = get_user_model().objects.create_user("data")
    path = file(tmp_path, f"{A};Onder druk;Koepel;2018-2022", f"{B};Stabiel;Eigen onderzoek;2022")
    dataset = import_own_signals(path, by=user)
    assert stored() == [(A, "Onder druk", "Koepel", "2018–2022"), (B, "Stabiel", "Eigen onderzoek", "2022")]
    assert (dataset.kind, dataset.rows, dataset.years, dataset.municipalities, dataset.notes) == (
        Dataset.Kind.OWN_SIGNALS, 2, [2018, 2022], ["GM0344"], [],
    )  # fmt: skip
    assert (dataset.source, dataset.licence) == ("Eigen onderzoek; Koepel", "")
    assert (dataset.file_name, dataset.imported_by, dataset.fictional) == ("eigen.csv", user, False)


def test_the_example_of_the_manual_can_be_imported(tmp_path):
    columns = buurten("BU99010101", "BU99010102", "BU99010103", gemeentenaam=["Merelveen (fictief)"] * 3)
    import_areas(geojson(tmp_path / "merelveen.geojson", columns))
    dataset = import_own_signals(EXAMPLE)
    assert (dataset.rows, dataset.fictional, dataset.source) == (3, True, "Fictieve gegevens (demo)")
    assert OwnSignal.objects.get(area_code="BU99010102").signal_class == "Stabiel"


@pytest.mark.parametrize(
    "lines",
    [
        (f"\ufeff{HEADER}\r\n{A};Onder druk;Koepel;2018-2022\r\n",),
        (f"buurtcode,klasse,bron,peiljaren\n{A},Onder druk,Koepel,2018–2022",),
        (f"Periode\tBron\tKlasse\tBU_CODE\n2018 t/m 2022\tKoepel\tOnder druk\t{A}",),
        (f'Buurtcode;Kleur;"Klasse ";Bron;Peiljaren\n" {A.lower()} ";rood;" Onder\n  druk";"Koepel";"2018 - 2022"',),
        (f'Signalen van de koepel;;;\n\n{HEADER}\n="{A}";="Onder druk";Koepel;="2018-2022"\n;;;\nBron: koepel',),
        (f"gwb_code;signaal;source;years\nWK034401;Veel;Koepel;2018-2022\n{A};Onder\u00a0druk;Koepel;2018−2022",),
    ],
)
def test_the_forms_in_which_tables_come(tmp_path, lines):
    import_own_signals(text(tmp_path / "e.csv", *lines))
    assert stored() == [(A, "Onder druk", "Koepel", "2018–2022")]


def test_windows_text_is_read_as_such(tmp_path):
    path = text(tmp_path / "e.csv", HEADER, f"{A};Één knelpunt;Koepel;2018–2022", encoding="cp1252")
    import_own_signals(path)
    assert stored() == [(A, "Één knelpunt", "Koepel", "2018–2022")]


def test_a_workbook_where_numbers_are_numbers(tmp_path):
    path = workbook(
        tmp_path / "e.xlsx", ["Signalen"], [], HEADER.split(";"), [A, 3.0, "Koepel", 2022], [B, 4, 2024, "2018-2022"]
    )
    import_own_signals(path)
    assert stored() == [(A, "3", "Koepel", "2022"), (B, "4", "2024", "2018–2022")]


def test_a_formula_in_a_workbook_is_never_run(tmp_path):
    path = workbook(tmp_path / "e.xlsx", HEADER.split(";"), [A, "=1+1", "Koepel", 2022])
    assert lines_of(path) == ["regel 2, kolom klasse: is niet ingevuld"]


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "=1+1", "@SUM(A1)", "-2", "+", "{{ 7 }}", "x" * 60])
def test_odd_words_are_stored_as_text(tmp_path, words):
    import_own_signals(file(tmp_path, f"{A};{words};{words};2022"))
    assert stored() == [(A, words, words, "2022")]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (f"{A};;Koepel;2022", "regel 2, kolom klasse: is niet ingevuld"),
        (f"{A};\u00a0;Koepel;2022", "regel 2, kolom klasse: is niet ingevuld"),
        (f"{A};{'x' * 61};Koepel;2022", f"regel 2, kolom klasse: «{'x' * 30}…» heeft 61 tekens; het mogen er 60 zijn"),
        (f"{A};Onder\u202edruk;Koepel;2022", "regel 2, kolom klasse: er staat een onzichtbaar teken in (U+202E)"),
        (f"{A};#N/B;Koepel;2022", "regel 2, kolom klasse: «#N/B» is een foutmelding van Excel"),
        (f"{A};#VERW!;Koepel;2022", "regel 2, kolom klasse: «#VERW!» is een foutmelding van Excel"),
        (f"{A};Druk;;2022", "regel 2, kolom bron: is niet ingevuld"),
        (f"{A};Druk;{'x' * 121};2022", "heeft 121 tekens; het mogen er 120 zijn"),
        (f"{A};Druk;Koepel\u200b;2022", "regel 2, kolom bron: er staat een onzichtbaar teken in (U+200B)"),
        (f"{A};Druk;Koepel;", "regel 2, kolom peiljaren: is niet ingevuld. Schrijf 2018-2022 of 2022"),
        (f"{A};Druk;Koepel;2022-2018", "regel 2, kolom peiljaren: «2022-2018» staat andersom. Schrijf 2018-2022"),
        (f"{A};Druk;Koepel;2022-2022", "regel 2, kolom peiljaren: «2022-2022» is één jaar. Schrijf 2022"),
        (f"{A};Druk;Koepel;2018-22", "regel 2, kolom peiljaren: «2018-22» zijn geen peiljaren"),
        (f"{A};Druk;Koepel;2018-2999", "«2018-2999» zijn geen peiljaren"),
        (f"{A};Druk;Koepel;1022-2022", "jaren van 1995 tot en met"),
        (f"{A};Druk;Koepel;onlangs", "«onlangs» zijn geen peiljaren"),
        ("BU03449999;Druk;Koepel;2022", "regel 2: onbekend gebied BU03449999"),
        ("BU03630000;Druk;Koepel;2022", "regel 2: gemeente GM0363 is niet ingelezen (1 regel)"),
        (";Druk;Koepel;2022", "regel 2, kolom buurtcode: de buurtcode ontbreekt"),
        ("3440111;Druk;Koepel;2022", "regel 2, kolom buurtcode: «3440111» is een getal"),
        ("3,44E+06;Druk;Koepel;2022", "regel 2, kolom buurtcode: «3,44E+06» is een getal"),
        ("WK034401;Druk;Koepel;2022", "bevat geen enkele buurt"),
        (f"{A};Druk;Koepel;2022;nog iets", "regel 2: 5 cellen, terwijl de kop er 4 heeft"),
    ],
)
def test_every_refusal_names_its_row(tmp_path, row, problem):
    assert any(problem in line for line in lines_of(file(tmp_path, row)))


def test_control_characters_never_come_in(tmp_path):
    """Near the beginning the whole file is refused as no text, further on the row."""
    (problem,) = lines_of(file(tmp_path, f"{A};Onder\x07druk;Koepel;2022"))
    assert "is geen tekst" in problem
    far = [f"{code};Druk;Koepel {n};2022" for n in range(4000) for code in (A,)]
    problems = lines_of(file(tmp_path, *far, f"{B};Onder\x07druk;Koepel;2022"))
    assert problems == ["regel 4002, kolom klasse: er staat een onzichtbaar teken in (U+0007). Typ de tekst opnieuw"]


def test_all_problems_are_told_at_once(tmp_path):
    found = lines_of(file(tmp_path, f"{A};;;2022-2018", f"{B};Druk;Koepel;2022", "BU03449999;Druk;;2022"))
    assert [line.split(":")[0] for line in found] == [
        "regel 2, kolom klasse", "regel 2, kolom bron", "regel 2, kolom peiljaren", "regel 4, kolom bron", "regel 4",
    ]  # fmt: skip


def test_the_same_buurt_source_and_years_twice_names_both_rows(tmp_path):
    path = file(
        tmp_path, f"{A};Druk;Koepel;2018-2022", f"{A};Druk;Koepel;2022", f"{A};Anders;koepel;2018–2022",
        f"{A};Druk;Gemeente;2018-2022",
    )  # fmt: skip
    assert lines_of(path) == [f"regel 4: {A} staat met deze bron en peiljaren ook op regel 2"]


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("buurtcode;klasse;peiljaren", "Er is geen kolom «bron»"),
        ("buurtcode;bron;peiljaren", "Er is geen kolom «klasse»"),
        ("buurtcode;klasse;bron", "Er is geen kolom «peiljaren»"),
        ("wijk;klasse;bron", "geen kolom met buurtcodes gevonden"),
        (f"{HEADER};klasse", "kolom klasse: staat twee keer in het bestand"),
        (f"{HEADER};jaar", "kolom jaar: staat naast peiljaren. Laat er één weg."),
        (f"{HEADER};Buurtcode", "kolom buurtcode: staat twee keer in het bestand"),
    ],
)
def test_a_column_too_few_or_too_many(tmp_path, header, problem):
    cells = {"buurtcode": A, "klasse": "Druk", "bron": "Koepel", "peiljaren": "2022", "jaar": "2022"}
    row = ";".join(cells.get(column.lower(), "x") for column in header.split(";"))
    assert problem in lines_of(file(tmp_path, row, header=header))[0]


def test_one_year_can_stand_for_a_column_that_is_not_there(tmp_path):
    path = file(tmp_path, f"{A};Druk;Koepel", header="buurtcode;klasse;bron")
    import_own_signals(path, year=2022)
    assert stored() == [(A, "Druk", "Koepel", "2022")]
    path = file(tmp_path, f"{A};Druk;Koepel;2022", f"{B};Druk;Koepel;2018-2022")
    assert lines_of(path, year=2022) == [
        "regel 3, kolom peiljaren: «2018-2022», terwijl 2022 is opgegeven. Laat het opgegeven jaar weg"
    ]
    assert "kan niet" in lines_of(path, year=1990)[0]


def test_one_municipality_out_of_a_larger_file(tmp_path):
    path = file(tmp_path, "BU03630000;;;", f"{A};Druk;Koepel;2022")
    dataset = import_own_signals(path, municipality="GM0344")
    assert dataset.notes == ["Overgeslagen: 1 regel van andere gemeenten dan GM0344."]
    assert "bevat geen buurten van GM0001; wel van GM0344, GM0363." in lines_of(path, municipality="GM0001")[0]


def test_importing_again_replaces_what_it_says_anew(tmp_path):
    first = import_own_signals(
        file(tmp_path, f"{A};Oud;Koepel;2018-2022", f"{B};Oud;Koepel;2018-2022", f"{A};Oud;Gemeente;2014-2018")
    )
    second = import_own_signals(file(tmp_path, f"{A};Nieuw;KOEPEL;2018–2022", f"{A};Nieuw;Koepel;2022"))
    assert set(stored()) == {
        (A, "Nieuw", "KOEPEL", "2018–2022"), (A, "Nieuw", "Koepel", "2022"), (B, "Oud", "Koepel", "2018–2022"),
        (A, "Oud", "Gemeente", "2014–2018"),
    }  # fmt: skip
    first.refresh_from_db()
    assert (first.rows, first.years, first.source) == (2, [2014, 2018, 2022], "Gemeente; Koepel")
    import_own_signals(file(tmp_path, f"{A};Nog nieuwer;Koepel;2018–2022", f"{A};Nog nieuwer;Koepel;2022"))
    assert not Dataset.objects.filter(pk=second.pk).exists(), "er staat niets meer in"


def test_a_refused_file_leaves_the_earlier_one_in_force(tmp_path):
    import_own_signals(file(tmp_path, f"{A};Oud;Koepel;2022"))
    lines_of(file(tmp_path, f"{A};Nieuw;Koepel;2022", f"{B};Nieuw;;2022"))
    assert stored() == [(A, "Oud", "Koepel", "2022")]


def test_a_store_that_fails_half_way_stores_nothing(tmp_path, monkeypatch):
    import_own_signals(file(tmp_path, f"{A};Oud;Koepel;2022"))

    def fail(*args, **kwargs):
        raise OSError("schijf vol")

    monkeypatch.setattr(type(OwnSignal.objects), "bulk_create", fail)
    with pytest.raises(OSError, match="schijf vol"):
        import_own_signals(file(tmp_path, f"{A};Nieuw;Koepel;2022"))
    assert stored() == [(A, "Oud", "Koepel", "2022")]
    assert Dataset.objects.filter(kind=Dataset.Kind.OWN_SIGNALS).count() == 1


def test_codes_of_an_older_division_are_kept_and_told(tmp_path):
    import_areas(geojson(tmp_path / "oud.geojson", buurten(A, "BU03440999", jaar=2016)))
    dataset = import_own_signals(file(tmp_path, f"{A};Druk;Koepel;2022", "BU03440999;Druk;Koepel;2016"))
    assert dataset.rows == 2
    assert "niet op een nieuwe kaart: 1 buurtcode (bijvoorbeeld BU03440999)" in dataset.notes[0]
    assert "meer dan één indeling" in dataset.notes[1]


def test_fictional_and_real_are_not_mixed(tmp_path):
    columns = buurten("BU99010101", gemeentenaam=["Merelveen (fictief)"])
    import_areas(geojson(tmp_path / "m.geojson", columns))
    path = file(tmp_path, f"{A};Druk;Koepel;2022", "BU99010101;Druk;Koepel;2022")
    assert "fictieve en echte gemeenten door elkaar" in lines_of(path)[0]


def test_the_names_of_many_long_sources_fit(tmp_path):
    dataset = import_own_signals(file(tmp_path, *(f"{A};Druk;{n}{'x' * 118};2022" for n in range(10, 40))))
    assert len(dataset.source) <= 255
    assert dataset.source.endswith(" en 28 andere")
