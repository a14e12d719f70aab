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
    before = Event.objects.filter(what="recognised").last().data["before"]
    assert before == {"recognition": "no", "words": "Nee hoor", "on_behalf": False}


def test_nobody_else_edits_the_tenant_perspective(workshop, cast, sheet):
    assert recognise(cast.partner, workshop, sheet, recognition="yes").status_code == 409
    assert recognise(cast.facilitator, workshop, sheet, recognition="yes").status_code == 422  # namens wie?
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


@pytest.mark.parametrize("who", ["tenant", "partner", "facilitator"])
def test_tenants_answer_before_anyone_reads_the_analysis(who, workshop, cast, sheet):
    analyse(cast.partner, workshop, sheet, "Te veel verhuizingen")
    cast.facilitator.post(reverse("move", args=[workshop.code]), {"stage": "duiden"})
    client = getattr(cast, who)
    panel = reverse("panel", args=[workshop.code, sheet.area.code])
    workshop.workshop_areas.update(practice_knowledge="Statushouders wonen vooral in de flats.")

    def read():
        pages = (client.get(sheet.get_absolute_url()), client.get(panel, headers={"HX-Request": "true"}))
        return "".join(page.content.decode() for page in pages)

    assert "Te veel verhuizingen" not in read()
    assert "vooral in de flats" not in read()
    assert analyse(cast.partner, workshop, sheet, "Anders").status_code == 409
    recognise(cast.tenant, workshop, sheet, recognition="yes")
    assert "Te veel verhuizingen" in read()
    assert "vooral in de flats" in read()


def test_the_facilitator_lets_the_table_go_on_without_the_tenants_and_that_stays_known(workshop, cast, sheet):
    cast.facilitator.post(reverse("move", args=[workshop.code]), {"stage": "duiden"})
    go_on = reverse("go_on", args=[workshop.code, sheet.area.code])
    assert cast.partner.post(go_on).status_code == 404
    cast.facilitator.post(go_on)
    assert analyse(cast.partner, workshop, sheet, "Te veel verhuizingen").status_code == 302
    assert "ging hier verder zonder antwoord" in cast.partner.get(sheet.get_absolute_url()).content.decode()


def test_what_is_entered_on_behalf_is_marked_and_can_be_taken_over(workshop, cast, sheet):
    tenant = cast.as_tenant.organisation
    recognise(cast.facilitator, workshop, sheet, recognition="partly", words="Alleen de flats", on_behalf_of=tenant.pk)
    assert "ingevoerd door de begeleider" in cast.partner.get(sheet.get_absolute_url()).content.decode()
    take_over = reverse("take_over_reading", args=[workshop.code, sheet.area.code])
    assert cast.partner.post(take_over).status_code == 404
    cast.tenant.post(take_over)
    assert not Reading.objects.get().on_behalf
    # From then on it is theirs, and the facilitator keeps off.
    answer = recognise(cast.facilitator, workshop, sheet, recognition="yes", on_behalf_of=tenant.pk)
    assert answer.status_code == 409
    assert Reading.objects.get().recognition == "partly"


def test_a_text_that_is_too_long_is_given_back_with_the_form_open(workshop, cast, sheet):
    answer = analyse(cast.partner, workshop, sheet, "x" * 4001)
    assert answer.status_code == 422
    assert '<details class="panel" id="schrijven" open>' in answer.content.decode()
    assert analyse(cast.partner, workshop, sheet, "a\r\n" * 1999).status_code == 302, "een regeleinde telt voor één"
