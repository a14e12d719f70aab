"""The class that a corporation received itself, as pages, file and plan show it: beside ours, never as ours."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from maps.models import Dataset, OwnSignal, Signal
from maps.showing import municipality_of, own_signals_of, show, show_area
from matrix.models import Workshop
from matrix.plan.document import build_document

FIRST, SECOND, ELSEWHERE = "BU99010000", "BU99010001", "BU99020000"
WORDS = "Veerkracht <b>neemt</b> af"
ESCAPED = "Veerkracht &lt;b&gt;neemt&lt;/b&gt; af"
NOT_OURS = "telt niet mee in ons signaal"
HEADER = "Eigen signaal corporatie"


def own(code=FIRST, words=WORDS, source="Koepel van verhuurders", years="2018–2022"):
    dataset = Dataset.objects.create(kind="own_signals", file_name="e.csv", source=source, sha256="0" * 64)
    return OwnSignal.objects.create(dataset=dataset, area_code=code, signal_class=words, source=source, years=years)


def opened(client, name, *args, **query):
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def staff(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("noor", password="geheim-genoeg-12", is_staff=True))
    return client


def test_newest_years_come_first(workshop):
    for years, source in (("2014–2018", "A"), ("2022", "C"), ("2018–2022", "B"), ("2018–2022", "A")):
        own(years=years, source=source)
    own(ELSEWHERE)
    found = own_signals_of([FIRST, SECOND])
    assert [(o.years, o.source) for o in found[FIRST]] == [
        ("2022", "C"), ("2018–2022", "A"), ("2018–2022", "B"), ("2014–2018", "A"),
    ]  # fmt: skip
    assert found.keys() == {FIRST}


def test_map_and_buurt_carry_them_and_their_class_stays_ours(workshop):
    edition = workshop.signal_map
    before = [shown.style.key for shown in show(edition).signals]
    assert show(edition).own_signals == {}
    one = own()
    assert show(edition).own_signals == {FIRST: [one]}
    assert [shown.style.key for shown in show(edition).signals] == before
    signals = {s.area.code: s for s in Signal.objects.of(edition).for_map()}
    assert show_area(signals[FIRST], municipality_of(edition)).own_signals == [one]
    assert show_area(signals[SECOND], municipality_of(edition)).own_signals == []


def test_one_query_for_all_buurten(workshop):
    edition = workshop.signal_map

    def queries():
        with CaptureQueriesContext(connection) as captured:
            show(edition)
        return len(captured)

    few = queries()
    for n in range(6):
        own(f"BU9901{n:04}")
        own(f"BU9901{n:04}", years="2022")
    assert queries() == few == 4


@pytest.mark.parametrize("where", ["map_area", "panel", "area", "signal_map", "look"])
def test_a_page_shows_it_with_source_and_years_and_says_whose_it_is(where, workshop, cast):
    args = {
        "map_area": [workshop.signal_map_id, FIRST], "panel": [workshop.code, FIRST], "area": [workshop.code, FIRST],
        "signal_map": ["GM9901"], "look": [workshop.code],
    }[where]  # fmt: skip
    client = cast.facilitator if where in ("map_area", "signal_map") else cast.tenant
    page = client.get(reverse(where, args=args), headers={"HX-Request": "true"} if where == "panel" else {})
    assert "Eigen signaal" not in page.content.decode(), "er is er geen"
    own()
    page = client.get(reverse(where, args=args), headers={"HX-Request": "true"} if where == "panel" else {})
    shown = page.content.decode()
    for words in ("igen signaal", ESCAPED, "Koepel van verhuurders, 2018–2022", NOT_OURS):
        assert words in shown
    assert WORDS not in shown


def test_a_buurt_without_one_has_no_block(workshop, cast):
    own(SECOND)
    assert "igen signaal van de corporatie" not in opened(cast.partner, "area", workshop.code, FIRST)


def test_the_table_has_a_column_only_for_the_buurten_that_it_shows(workshop, cast):
    own("BU99010005")  # in the municipality, not in the session of three buurten
    own(ELSEWHERE)
    assert HEADER not in opened(cast.partner, "look", workshop.code)
    whole = opened(cast.partner, "look", workshop.code, alles="1")
    assert whole.count("Koepel van verhuurders") == 1
    assert whole.count(f'data-label="{HEADER}"') == 1
    assert whole.count('class="own-signal"') == 1 + 6, "een kop en zes cellen"


@pytest.mark.parametrize("who", ["outsider", "stranger"])
@pytest.mark.parametrize("where", ["panel", "area", "look", "plan", "plan_pdf"])
def test_an_outsider_does_not_see_it(who, where, workshop, request):
    own()
    extra = [FIRST] if where in ("panel", "area") else []
    answer = request.getfixturevalue(who).get(reverse(where, args=[workshop.code, *extra]))
    assert answer.status_code != 200
    assert "Koepel" not in answer.content.decode()


@pytest.mark.parametrize(
    ("where", "args"), [("signal_map", ["GM9901"]), ("map_area", [1, FIRST]), ("signals_file", [1, "csv"])]
)
def test_without_an_account_there_is_no_map_to_see_it_on(where, args, workshop, outsider):
    own()
    assert outsider.get(reverse(where, args=args)).status_code == 302


def test_the_plan_has_it_beside_our_signal_with_its_source(workshop):
    without = render_to_string("matrix/plan/body.html", {"plan": build_document(workshop)})
    assert "igen signaal" not in without
    own()
    own(ELSEWHERE)
    own("BU99010005")  # not in the session
    document = build_document(Workshop.objects.get(pk=workshop.pk))
    first, second, _ = document.chapters
    assert [(o.signal_class, o.source, o.years) for o in first.own_signals] == [
        (WORDS, "Koepel van verhuurders", "2018–2022")
    ]
    assert (second.own_signals, document.own_sources) == ((), ["Koepel van verhuurders, 2018–2022"])
    paper = render_to_string("matrix/plan/body.html", {"plan": document})
    assert paper.count("Eigen signaal van de corporatie") == 1
    assert f"<b>{ESCAPED}</b>. Bron: Koepel van verhuurders, 2018–2022" in paper
    assert NOT_OURS in paper
    assert first.signal.style.label in paper


def test_the_plan_of_a_buurt_without_our_signal_has_it_too(workshop):
    own()
    workshop.signal_map.signals.all().delete()
    assert ESCAPED in render_to_string("matrix/plan/body.html", {"plan": build_document(workshop)})


def rows_of(text):
    return {row["buurtcode"]: row for row in csv.DictReader(io.StringIO(text))}


def test_the_file_has_them_in_the_last_columns(workshop, tmp_path):
    own(words="=1+1")
    own(words="Stabiel", source="@koepel", years="2022")
    call_command("export_signals", municipality="GM9901", output=str(tmp_path / "uit.csv"))
    text = (tmp_path / "uit.csv").read_text(encoding="utf-8")
    assert text.splitlines()[0].endswith(",recipe_version,own_class,own_source,own_years")
    row = rows_of(text)[FIRST]
    assert row["own_class"] == "Stabiel | =1+1"
    assert row["own_source"] == "'@koepel | Koepel van verhuurders"
    assert row["own_years"] == "2022 | 2018–2022"
    assert [rows_of(text)[SECOND][key] for key in ("own_class", "own_source", "own_years")] == ["", "", ""]


def test_staff_uploads_one_and_is_told_what_that_asks(staff, workshop):
    page = opened(staff, "datasets")
    for words in ("buurtcode, klasse, bron en peiljaren", "Zorg dat dat mag", 'value="own_signals"'):
        assert words in page
    content = f"buurtcode;klasse;bron;peiljaren\n{FIRST};Stabiel;Koepel;2018-2022\n".encode()
    form = {"kind": "own_signals", "file": SimpleUploadedFile("eigen.csv", content)}
    assert staff.post(reverse("upload"), form).status_code == 302
    assert OwnSignal.objects.get().signal_class == "Stabiel"
    assert Dataset.objects.first().imported_by.username == "noor"


def test_who_is_not_staff_cannot_upload_one(cast):
    content = f"buurtcode;klasse;bron;peiljaren\n{FIRST};Stabiel;Koepel;2018-2022\n".encode()
    for client in (cast.facilitator, cast.partner):
        form = {"kind": "own_signals", "file": SimpleUploadedFile("eigen.csv", content)}
        assert client.post(reverse("upload"), form).status_code in (302, 403)
    assert not OwnSignal.objects.exists()
