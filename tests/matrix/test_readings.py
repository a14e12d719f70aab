import pytest
from django.urls import reverse

from matrix.forms import looks_personal
from matrix.models import Event, Reading


@pytest.fixture
def sheet(workshop):
    return workshop.workshop_areas.select_related("area").first()


def recognise(client, workshop, sheet, **data):
    return client.post(reverse("recognise", args=[workshop.code, sheet.area.code]), data)


def test_tenants_own_words_are_kept_as_written(workshop, cast, sheet):
    words = "  't Is hier 's avonds «onrustig».\r\n\r\nMaar wij wonen er graag! 🏘️ "
    assert recognise(cast.tenant, workshop, sheet, recognition="partly", words=words).status_code == 302
    reading = Reading.objects.get()
    assert reading.words == words.strip().replace("\r\n", "\n")
    assert reading.words.split("\n")[0] in cast.facilitator.get(sheet.get_absolute_url()).content.decode().replace(
        "&#x27;", "'"
    )


def test_no_answer_chosen_keeps_the_words(workshop, cast, sheet):
    answer = recognise(cast.tenant, workshop, sheet, words="Wij zien iets anders dan de kaart")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Kies een van de vier antwoorden." in page
    assert "Wij zien iets anders dan de kaart" in page


def test_a_changed_answer_keeps_the_earlier_in_the_log(workshop, cast, sheet):
    recognise(cast.tenant, workshop, sheet, recognition="no", words="Nee hoor")
    recognise(cast.tenant, workshop, sheet, recognition="yes", words="Toch wel", seen="Nee. Nee hoor")
    assert Reading.objects.get().recognition == "yes"
    assert "Nee hoor" in Event.objects.filter(what="recognised").last().data["before"]


def test_nobody_else_edits_the_tenant_perspective(workshop, cast, sheet):
    assert recognise(cast.partner, workshop, sheet, recognition="yes").status_code == 409
    assert recognise(cast.facilitator, workshop, sheet, recognition="yes").status_code == 409
    assert not Reading.objects.exists()


def analyse(client, workshop, sheet, text, seen=""):
    return client.post(
        reverse("analyse", args=[workshop.code, sheet.area.code, "problem_analysis"]),
        {"text": text, "seen": seen},
    )


def test_two_people_on_one_analysis_see_both_texts(workshop, cast, sheet):
    assert analyse(cast.partner, workshop, sheet, "Te veel verhuizingen").status_code == 302
    answer = analyse(cast.corporation, workshop, sheet, "Te weinig ontmoeting")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Te veel verhuizingen" in page
    assert "Te weinig ontmoeting" in page
    sheet.refresh_from_db()
    assert sheet.problem_analysis == "Te veel verhuizingen"
    # The form that came back knows what the other wrote, so saving again is a choice.
    assert 'name="seen" value="Te veel verhuizingen"' in page
    assert analyse(cast.corporation, workshop, sheet, "Allebei", seen="Te veel verhuizingen").status_code == 302


def test_the_same_text_twice_is_no_conflict(workshop, cast, sheet):
    analyse(cast.partner, workshop, sheet, "Regel één\nregel twee")
    assert analyse(cast.corporation, workshop, sheet, "Regel één\r\nregel twee").status_code == 302


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Bel 06-12345678", ["een telefoonnummer"]),
        ("mail jan@voorbeeld.nl", ["een e-mailadres"]),
        ("BSN 123456782", ["een burgerservicenummer"]),
        ("op Lijsterlaan 12 woont iemand", ["een adres"]),
        ("de portieken van de Lijsterlaan", []),
        ("in 2027 zijn 120 woningen klaar, kosten € 1.200.000", []),
    ],
)
def test_what_looks_like_a_resident_is_noticed(text, found):
    assert looks_personal(text) == found


def test_it_warns_and_still_keeps_the_text(workshop, cast, sheet):
    answer = cast.tenant.post(
        reverse("recognise", args=[workshop.code, sheet.area.code]),
        {"recognition": "yes", "words": "Bel 06-12345678"},
        follow=True,
    )
    assert "Noem geen bewoners" in answer.content.decode()
    assert Reading.objects.exists()


def test_two_phones_of_one_organisation_see_both_answers(workshop, cast, sheet):
    """The second wrote before the first was stored: nothing is overwritten, and saving again is a choice."""
    recognise(cast.tenant, workshop, sheet, recognition="no", words="Helemaal niet", seen="")
    answer = recognise(cast.tenant, workshop, sheet, recognition="yes", words="Ja hoor", seen="")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Helemaal niet" in page
    assert "Ja hoor" in page
    assert Reading.objects.get().recognition == "no"
    again = recognise(cast.tenant, workshop, sheet, recognition="yes", words="Ja hoor", seen="Nee. Helemaal niet")
    assert again.status_code == 302


def test_tenants_answer_before_they_read_the_analysis(workshop, cast, sheet):
    analyse(cast.partner, workshop, sheet, "Te veel verhuizingen")
    cast.facilitator.post(reverse("move", args=[workshop.code]), {"stage": "duiden"})
    partial = reverse("area_analysis", args=[workshop.code, sheet.area.code])
    for address in (sheet.get_absolute_url(), partial):
        assert "Te veel verhuizingen" not in cast.tenant.get(address).content.decode()
        assert "Te veel verhuizingen" in cast.partner.get(address).content.decode()
    recognise(cast.tenant, workshop, sheet, recognition="yes")
    assert "Te veel verhuizingen" in cast.tenant.get(partial).content.decode()


def test_beside_the_map_stands_what_the_table_knows_and_tenants_answer_first(workshop, cast, sheet):
    cast.facilitator.post(reverse("move", args=[workshop.code]), {"stage": "duiden"})
    sheet.practice_knowledge = "Statushouders wonen vooral in de flats."
    sheet.save()

    def panel(client):
        address = reverse("panel", args=[workshop.code, sheet.area.code])
        return client.get(address, headers={"HX-Request": "true"}).content.decode()

    assert "vooral in de flats" in panel(cast.partner)
    assert "vooral in de flats" not in panel(cast.tenant)
    recognise(cast.tenant, workshop, sheet, recognition="yes", words="")
    assert "vooral in de flats" in panel(cast.tenant)


def test_a_text_that_is_too_long_is_given_back_with_the_form_open(workshop, cast, sheet):
    answer = analyse(cast.partner, workshop, sheet, "x" * 4001)
    assert answer.status_code == 422
    assert '<details class="panel" id="schrijven" open>' in answer.content.decode()
    assert analyse(cast.partner, workshop, sheet, "a\r\n" * 1999).status_code == 302, "een regeleinde telt voor één"
