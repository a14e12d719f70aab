"""The pages of fixing and changing: what each person sees and can press."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from matrix.actions import agreement as agreements
from matrix.actions import amending
from matrix.actions import workshop as workshops
from matrix.actions.freezing import freeze
from matrix.models import Amendment, PlanVersion
from matrix.plan.canonical import shown
from matrix.plan.document import build_document
from matrix.stages import Stage
from tests.matrix.test_amending import made, propose  # noqa: F401 (a fixture)


def page(client, workshop, name, *extra, **query):
    return client.get(reverse(name, args=[workshop.code, *extra]), query).content.decode()


def post(client, workshop, name, *extra, **form):
    return client.post(reverse(name, args=[workshop.code, *extra]), form)


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


@pytest.fixture
def agreed(cast):
    """Promised, and at Vaststellen; nothing is fixed."""
    found = cast.propose("Samen schoonmaken")
    agreements.set_status(by=cast.as_partner, agreement=found, status="afgesproken")
    agreements.take_position(by=cast.as_tenant, agreement=found, stance="niet_akkoord", reason="Te weinig.")
    workshops.move(by=cast.as_facilitator, stage=Stage.SETTLE)
    return found


def test_before_the_button_stands_what_is_fixed_and_what_is_still_open(workshop, cast, agreed):
    html = words(page(cast.facilitator, workshop, "freeze"))
    assert "1 afspraak" in html
    assert "Samen schoonmaken Niet akkoord: Huurdersvereniging" in html
    assert "Zeiden nog niets (2)" in html
    assert "Stel versie 1 vast" in html
    assert "Vaststellen kan niet ongedaan worden gemaakt" in html


def test_the_facilitator_presses_one_button_and_reads_the_version(workshop, cast, agreed):
    assert "Plan vaststellen" in page(cast.facilitator, workshop, "plan")
    assert "Plan vaststellen" not in page(cast.partner, workshop, "plan")
    answer = post(cast.facilitator, workshop, "freeze", note="Samen gelezen")
    assert answer.url == reverse("version", args=[workshop.code, 1])
    html = words(page(cast.tenant, workshop, "version", 1))
    assert "Versie 1, zoals vastgesteld" in html
    assert "Samen gelezen" in html
    assert "Niet akkoord. Te weinig." in html
    html = words(page(cast.partner, workshop, "plan"))
    assert "Versie 1 is vastgesteld" in html
    assert "Vastgesteld, versie 1" in html
    assert shown(PlanVersion.objects.get().fingerprint) in html


def test_a_plan_that_reads_otherwise_is_a_concept_again(workshop, cast, agreed):
    freeze(by=cast.as_facilitator)
    agreements.take_position(by=cast.as_partner, agreement=agreed, stance="akkoord")
    workshop.refresh_from_db()
    document = build_document(workshop)
    assert (document.status, document.fixed) == ("Concept ter vaststelling, na versie 1", "")
    assert "Daarna is er iets gewijzigd" in page(cast.partner, workshop, "plan")


def test_a_second_press_says_that_nothing_changed(workshop, cast, agreed):
    freeze(by=cast.as_facilitator)
    answer = post(cast.facilitator, workshop, "freeze", note="Nog eens")
    assert answer.status_code == 422
    assert "Er is niets veranderd sinds" in answer.content.decode()


def test_the_note_is_kept_when_the_plan_changed_meanwhile(workshop, cast, agreed):
    answer = post(cast.facilitator, workshop, "freeze", note="Samen gelezen", seen="0" * 64)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "intussen iets gewijzigd" in html
    assert 'value="Samen gelezen"' in html
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', html)[1]
    assert post(cast.facilitator, workshop, "freeze", note="Samen gelezen", seen=seen).status_code == 302


def test_a_version_is_read_from_what_it_holds_itself(workshop, cast, agreed):
    freeze(by=cast.as_facilitator)
    workshop.agreements.update(title="Heel iets anders")
    workshop.organisations.update(kind="overig")
    html = page(cast.partner, workshop, "version", 1)
    assert "Samen schoonmaken" in html
    assert "Heel iets anders" not in html
    assert "Huurdersorganisatie, aanwezig" in html


def test_a_fingerprint_from_paper_is_compared_with_the_version(workshop, cast, agreed):
    whole = freeze(by=cast.as_facilitator).fingerprint
    for typed in (shown(whole).upper(), shown(whole, groups=3), whole, shown(whole).replace("-", " ")):
        assert "Dat plan is deze versie" in page(cast.partner, workshop, "version", 1, vingerafdruk=typed)
    for typed in ("ab12", "0" * 16, whole[:-1] + "x"):
        assert "Niet dezelfde" in page(cast.partner, workshop, "version", 1, vingerafdruk=typed)


def test_a_version_that_somebody_changed_behind_our_back_says_so(workshop, cast, agreed, capsys):
    version = freeze(by=cast.as_facilitator)
    call_command("check_version", workshop.code, 1)
    assert f"Versie 1 klopt. Vingerafdruk {shown(version.fingerprint, groups=16)}" in capsys.readouterr().out
    version.content["agreements"][0]["title"] = "Niets doen"
    version.save()
    assert "De inhoud klopt niet met de vingerafdruk" in page(cast.partner, workshop, "version", 1)
    with pytest.raises(CommandError, match="klopt niet"):
        call_command("check_version", workshop.code, 1)
    with pytest.raises(CommandError, match="geen versie 7"):
        call_command("check_version", workshop.code, 7)


def test_two_versions_lie_side_by_side_word_by_word(workshop, cast, made):  # noqa: F811
    change = propose(cast.as_corporation, made, means="€ 2.000 in totaal")
    for who in (cast.as_partner, cast.as_tenant):
        amending.give_consent(by=who, amendment=change, stance="akkoord")
    amending.accept(by=cast.as_facilitator, amendment=change)
    freeze(by=cast.as_facilitator)
    html = page(cast.tenant, workshop, "compare_versions", van="1", naar="2")
    assert '<del><span class="visually-hidden">[weg: </span>1.000<' in html
    assert '<ins><span class="visually-hidden">[nieuw: </span>2.000 in totaal<' in html
    assert "Geen verschil" in page(cast.tenant, workshop, "compare_versions", van="2", naar="nu")
    first = page(cast.tenant, workshop, "compare_versions")
    assert "Geen verschil" not in first  # the last two versions: now equals the second
    last = page(cast.tenant, workshop, "version", 2)
    assert "Vergelijk met nu" not in last
    assert "sinds de vorige gewijzigd" in last
    assert "Vergelijk met nu" in page(cast.tenant, workshop, "version", 1)
    assert cast.tenant.get(reverse("compare_versions", args=[workshop.code]), {"van": "9"}).status_code == 404


def test_fixed_words_are_not_offered_for_editing(workshop, cast, made):  # noqa: F811
    workshops.move(by=cast.as_facilitator, stage=Stage.AGREE)
    html = page(cast.partner, workshop, "agreement", 1)
    assert 'id="afspraak"' not in html
    assert "Stel een wijziging voor" in html
    assert "Dit standpunt hoort bij de vastgestelde tekst" in html


def sentence(made, **more):  # noqa: F811
    areas = [area.pk for area in made.areas.all()]
    return {"title": made.title, "initial-title": made.title, "areas": areas, "seen-areas": areas,
            "lead": made.lead_id, "initial-lead": made.lead_id, "initial-means": made.means, **more}  # fmt: skip


def test_who_still_had_the_form_open_finds_the_words_back_as_a_proposal(workshop, cast, made):  # noqa: F811
    workshops.move(by=cast.as_facilitator, stage=Stage.AGREE)
    answer = post(cast.partner, workshop, "edit_agreement", 1, **sentence(made, means="€ 2.000 van ons samen"))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "is intussen vastgesteld" in html
    assert "€ 2.000 van ons samen" in html
    assert reverse("amend", args=[workshop.code, 1]) in html
    made.refresh_from_db()
    assert made.means == "€ 1.000"


def test_a_script_that_saves_fixed_words_is_told_why(workshop, cast, made):  # noqa: F811
    workshops.move(by=cast.as_facilitator, stage=Stage.AGREE)
    answer = cast.partner.post(
        reverse("edit_agreement", args=[workshop.code, 1]), sentence(made, means="€ 2.000"), headers={"X-Bewaar": "1"}
    )
    assert answer.status_code == 409
    assert answer.json()["state"] == "refused"
    assert "Stel een wijziging voor" in answer.json()["why"]


def test_from_proposal_to_new_words_on_the_pages(workshop, cast, made):  # noqa: F811
    answer = post(cast.corporation, workshop, "amend", 1, reason="De prijs is hoger", **sentence(made, means="€ 2.000"))
    assert answer.url == reverse("amendment", args=[workshop.code, 1, 1])
    html = words(page(cast.tenant, workshop, "amendment", 1, 1))
    assert "We wachten op Gemeente, Huurdersvereniging" in html
    assert "De prijs is hoger" in html
    assert "Neem de wijziging over" not in html
    assert "Er ligt een wijzigingsvoorstel van Woonstichting" in words(page(cast.tenant, workshop, "agreement", 1))
    answer = post(cast.tenant, workshop, "give_consent", 1, 1, stance="niet_akkoord", reason="")
    assert (answer.status_code, "Schrijf de reden erbij" in answer.content.decode()) == (422, True)
    post(cast.tenant, workshop, "give_consent", 1, 1, stance="voorbehoud", reason="Als het dak ook meedoet.")
    post(cast.facilitator, workshop, "give_consent", 1, 1, stance="akkoord",
         on_behalf_of=cast.as_partner.organisation_id)  # fmt: skip
    assert "Ja, dit is ons antwoord" in page(cast.partner, workshop, "amendment", 1, 1)
    post(cast.partner, workshop, "take_over_consent", 1, 1)
    assert "Neem de wijziging over" not in page(cast.partner, workshop, "amendment", 1, 1)
    assert "Neem de wijziging over" in page(cast.facilitator, workshop, "amendment", 1, 1)
    assert post(cast.facilitator, workshop, "accept_amendment", 1, 1).status_code == 302
    html = words(page(cast.tenant, workshop, "agreement", 1))
    assert "€ 2.000" in html
    assert "eerder: niet akkoord" in html
    assert "Te weinig." in html
    assert "Akkoord met voorbehoud: Huurdersvereniging" in words(page(cast.partner, workshop, "agreements"))


def test_a_proposal_that_cannot_be_keeps_what_was_typed(workshop, cast, made):  # noqa: F811
    propose(cast.as_partner, made, means="€ 3.000")
    form = sentence(made, means="€ 2.000 van ons")
    answer = post(cast.corporation, workshop, "amend", 1, reason="De prijs is hoger", **form)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Er ligt al een wijzigingsvoorstel" in html
    assert "€ 2.000 van ons" in html
    assert "De prijs is hoger" in html
    assert Amendment.objects.count() == 1


def test_the_same_proposal_twice_is_one(workshop, cast, made):  # noqa: F811
    key = "9e0a2f0e-93a2-4f2e-8f0a-4b8c5c7d1e10"
    form = sentence(made, means="€ 2.000", reason="De prijs", key=key)
    first = post(cast.corporation, workshop, "amend", 1, **form)
    again = post(cast.corporation, workshop, "amend", 1, **form)
    assert (first.url, Amendment.objects.count()) == (again.url, 1)


def test_a_withdrawn_proposal_stays_to_be_read(workshop, cast, made):  # noqa: F811
    propose(cast.as_corporation, made, means="€ 2.000")
    assert "trek het voorstel in" in page(cast.corporation, workshop, "amendment", 1, 1)
    assert "trek het voorstel in" not in page(cast.partner, workshop, "amendment", 1, 1)
    post(cast.corporation, workshop, "withdraw_amendment", 1, 1)
    assert "De vastgestelde tekst is blijven gelden" in page(cast.partner, workshop, "amendment", 1, 1)
    assert "ingetrokken" in page(cast.partner, workshop, "agreement", 1)
    assert cast.partner.get(reverse("amendment", args=[workshop.code, 1, 2])).status_code == 404


def test_the_beamer_says_that_it_is_fixed(workshop, cast, agreed, client):
    address = reverse("beamer", args=[workshop.beamer_code])
    assert "is vastgesteld" not in client.get(address).content.decode()
    freeze(by=cast.as_facilitator)
    html = words(client.get(address).content.decode())
    assert "Versie 1 is vastgesteld." in html
    assert "Niet akkoord: Huurdersvereniging" in html


def test_a_position_that_came_after_the_fixing_says_so(workshop, cast, agreed):
    freeze(by=cast.as_facilitator)
    agreements.take_position(by=cast.as_partner, agreement=agreed, stance="akkoord")
    html = words(page(cast.tenant, workshop, "agreement", 1))
    assert re.search(r"Gemeente: akkoord gegeven na versie 1, op \d", html)
    assert html.count("gegeven na versie") == 1


def test_the_agenda_names_what_was_not_agreed(workshop, cast, agreed):
    html = words(page(cast.partner, workshop, "agenda"))
    assert "Samen schoonmaken Niet akkoord: Huurdersvereniging" in html


@pytest.mark.parametrize("name", ["freeze", "version", "versions", "compare_versions"])
def test_as_many_queries_for_many_agreements_as_for_one(name, workshop, cast, agreed):
    freeze(by=cast.as_facilitator)
    extra = [1] if name == "version" else []
    workshops.move(by=cast.as_facilitator, stage=Stage.AGREE)

    def queries():
        with CaptureQueriesContext(connection) as found:
            page(cast.facilitator, workshop, name, *extra)
        return len(found)

    queries()
    one = queries()
    for i in range(12):
        more = cast.propose(f"Maatregel {i}")
        agreements.set_status(by=cast.as_partner, agreement=more, status="afgesproken")
        agreements.take_position(by=cast.as_tenant, agreement=more, stance="akkoord")
    assert queries() == one
