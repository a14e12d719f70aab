"""Write first, reveal later: who reads what and when, the order of remarks, and the answer that each ends with."""

import re
import uuid

import pytest
from django.urls import reverse

from matrix.actions import remark as actions
from matrix.actions import workshop as workshop_actions
from matrix.actions.recording import Refused, Repeated
from matrix.models import Event, Remark
from matrix.stages import Stage

TEXT = "De speeltuin is weg"


@pytest.fixture
def looking(cast):
    workshop_actions.move(by=cast.as_facilitator, stage=Stage.LOOK)
    cast.workshop.refresh_from_db()
    return cast


@pytest.fixture
def revealed(looking):
    """Two remarks that all may read."""
    looking.first = actions.write(by=looking.as_partner, text=TEXT)
    looking.second = actions.write(by=looking.as_corporation, text="Kinderen spelen op straat")
    actions.reveal(by=looking.as_facilitator, stage=Stage.LOOK)
    return looking


def page(client, workshop, name="look"):
    return client.get(reverse(name, args=[workshop.code])).content.decode()


def write(client, workshop, text, **more):
    return client.post(reverse("write_remark", args=[workshop.code]), {"text": text, **more})


@pytest.mark.parametrize("name", ["look", "remarks"])
def test_before_the_reveal_only_its_own_organisation_reads_a_remark(name, workshop, looking):
    write(looking.partner, workshop, TEXT)
    if name == "look":
        assert TEXT in page(looking.partner, workshop)
    for who in ("corporation", "tenant", "facilitator"):
        assert TEXT not in page(getattr(looking, who), workshop, name)
    assert "Gemeente</b>: 1 opmerking" in page(looking.tenant, workshop)
    shown = page(looking.tenant, workshop).split("</header>")[1].split("<footer")[0]
    assert not re.search(r"\bJo\b", shown)  # never the person


def test_its_page_is_not_there_for_who_may_not_read_it_yet(workshop, looking):
    remark = actions.write(by=looking.as_partner, text=TEXT)
    address = reverse("remark", args=[workshop.code, remark.pk])
    assert looking.tenant.get(address).status_code == 404
    assert looking.partner.get(address).status_code == 200


def test_after_the_reveal_everyone_reads_all_and_it_carries_the_organisation(workshop, revealed):
    for who in ("corporation", "tenant", "facilitator"):
        assert TEXT in page(getattr(revealed, who), workshop)
        assert "Gemeente" in page(getattr(revealed, who), workshop)


def test_revealing_twice_leaves_one_event(workshop, revealed):
    revealed.facilitator.post(reverse("reveal", args=[workshop.code]), {"stage": "kijken"})
    assert Event.objects.filter(workshop=workshop, what="revealed").count() == 1


def test_on_behalf_of_who_has_no_phone_marked_and_taken_over(workshop, looking):
    tenant = looking.as_tenant.organisation
    write(looking.facilitator, workshop, "De lift is stuk", on_behalf_of=tenant.pk)
    remark = Remark.objects.get()
    assert (remark.organisation, remark.on_behalf) == (tenant, True)
    assert "De lift is stuk" in page(looking.tenant, workshop)
    assert "ingevoerd door de begeleider" in page(looking.tenant, workshop)
    assert looking.partner.post(reverse("take_over_remark", args=[workshop.code, remark.pk])).status_code == 404
    looking.tenant.post(reverse("take_over_remark", args=[workshop.code, remark.pk]))
    remark.refresh_from_db()
    assert not remark.on_behalf
    with pytest.raises(Refused, match="Alleen Huurdersvereniging"):
        actions.rewrite(by=looking.as_facilitator, remark=remark, text="Iets anders")


def test_the_same_form_twice_is_one_remark(workshop, looking):
    key = str(uuid.uuid4())
    for _ in range(2):
        assert write(looking.partner, workshop, TEXT, key=key).status_code == 302
    assert Remark.objects.count() == 1
    with pytest.raises(Repeated):
        actions.write(by=looking.as_partner, text=TEXT, key=uuid.UUID(key))


@pytest.mark.parametrize("text", ["", "   ", "x" * 100_000])
def test_what_cannot_be_stored_comes_back_with_what_to_do(text, workshop, looking):
    answer = write(looking.partner, workshop, text)
    assert answer.status_code == 422
    assert ("Schrijf eerst iets op" in answer.content.decode()) == (not text.strip())
    assert text.strip() in answer.content.decode()
    assert not Remark.objects.exists()


@pytest.mark.parametrize("text", ["🏘️ té véél", "الحي نظيف", "<script>alert(1)</script>", 'O\'Brien zegt "nee"'])
def test_any_words_are_kept_as_written(text, workshop, looking):
    write(looking.partner, workshop, text)
    assert Remark.objects.get().text == text
    assert "<script>alert" not in page(looking.partner, workshop)


def test_a_remark_about_a_buurt_elsewhere_is_refused(workshop, looking):
    from maps.models import Area

    other = Area.objects.exclude(pk__in=workshop.workshop_areas.values("area")).filter(kind="neighbourhood").first()
    with pytest.raises(Refused):
        actions.write(by=looking.as_partner, text=TEXT, area=other)


def order(workshop, theme=None):
    return [remark.text for remark in workshop.remarks.filter(theme=theme, merged_into=None)]


def test_ranked_by_where_it_is_put(workshop, revealed):
    assert order(workshop) == [TEXT, "Kinderen spelen op straat"]
    actions.place(by=revealed.as_facilitator, remark=revealed.second, theme=None, before=revealed.first)
    assert order(workshop) == ["Kinderen spelen op straat", TEXT]
    third = actions.write(by=revealed.as_tenant, text="Er is geen schaduw")
    actions.place(by=revealed.as_facilitator, remark=third, theme=None, before=revealed.first)
    assert order(workshop) == ["Kinderen spelen op straat", "Er is geen schaduw", TEXT]


def test_grouped_under_a_theme_and_back_when_the_theme_goes(workshop, revealed):
    theme = actions.add_theme(by=revealed.as_facilitator, stage=Stage.LOOK, title="Spelen")
    assert actions.add_theme(by=revealed.as_facilitator, stage=Stage.LOOK, title="Spelen ") == theme
    actions.place(by=revealed.as_facilitator, remark=revealed.first, theme=theme)
    assert order(workshop, theme) == [TEXT]
    actions.remove_theme(by=revealed.as_facilitator, theme=theme)
    assert sorted(order(workshop)) == sorted([TEXT, "Kinderen spelen op straat"])


def test_merged_stands_below_the_other_and_can_come_loose(workshop, revealed):
    actions.merge(by=revealed.as_facilitator, remark=revealed.second, into=revealed.first)
    assert order(workshop) == [TEXT]
    assert "Kinderen spelen op straat" in page(revealed.tenant, workshop, "remarks")
    third = actions.write(by=revealed.as_tenant, text="Er is geen schaduw")
    actions.merge(by=revealed.as_facilitator, remark=revealed.first, into=third)  # brings along what was below it
    assert order(workshop) == ["Er is geen schaduw"]
    actions.place(by=revealed.as_facilitator, remark=revealed.second, theme=None)
    assert "Kinderen spelen op straat" in order(workshop)


def test_a_remark_is_not_merged_with_itself_or_one_that_is_hidden(workshop, revealed):
    with pytest.raises(Refused):
        actions.merge(by=revealed.as_facilitator, remark=revealed.first, into=revealed.first)
    workshop_actions.move(by=revealed.as_facilitator, stage=Stage.READ)
    hidden = actions.write(by=revealed.as_partner, text="Nog niet onthuld")
    with pytest.raises(Refused, match="nog niet onthuld"):
        actions.merge(by=revealed.as_facilitator, remark=hidden, into=revealed.first)


def answer(client, workshop, remark, **form):
    return client.post(reverse("remark", args=[workshop.code, remark.pk]), {"antwoord": "1", **form})


def test_every_remark_ends_with_an_answer(workshop, revealed):
    workshop_actions.move(by=revealed.as_facilitator, stage=Stage.ACT)
    agreement = revealed.propose("Een nieuwe speeltuin")
    refused = answer(revealed.partner, workshop, revealed.first, verdict="niet_opgepakt", text="")
    assert refused.status_code == 422
    assert "waarom dit niet wordt opgepakt" in refused.content.decode()
    assert answer(revealed.partner, workshop, revealed.first, verdict="opgepakt").status_code == 422
    answer(revealed.partner, workshop, revealed.first, verdict="opgepakt", agreement=agreement.pk)
    answer(revealed.partner, workshop, revealed.second, verdict="niet_opgepakt", text="Dat regelt de school.")
    text = page(revealed.tenant, workshop, "remarks")
    assert "1. Een nieuwe speeltuin" in text
    assert "Dat regelt de school." in text
    with pytest.raises(Refused, match="al een antwoord"):
        actions.rewrite(by=revealed.as_partner, remark=revealed.first, text="Iets anders")


def test_taken_back_the_log_keeps_the_words(workshop, looking):
    remark = actions.write(by=looking.as_partner, text=TEXT)
    with pytest.raises(Refused):
        actions.withdraw(by=looking.as_corporation, remark=remark)
    actions.withdraw(by=looking.as_partner, remark=remark)
    assert not Remark.objects.exists()
    assert Event.objects.get(what="remark_withdrawn").data["text"] == TEXT


def test_what_was_written_while_the_step_moved_on_is_given_back(workshop, looking):
    workshop_actions.move(by=looking.as_facilitator, stage=Stage.ACT)
    refused = write(looking.partner, workshop, TEXT)
    assert refused.status_code == 409
    assert TEXT in refused.content.decode()


def test_a_remark_can_stay_at_the_table(looking):
    """By who said it, or by the facilitator once it can be read."""
    said = actions.write(by=looking.as_partner, text="Dit blijft onder ons")
    address = reverse("keep_internal", args=[looking.workshop.code, said.pk])
    assert looking.facilitator.post(address, {"alleen": "1"}).status_code == 404
    assert looking.tenant.post(address, {"alleen": "1"}).status_code == 404
    assert looking.partner.post(address, {"alleen": "1"}).status_code == 302
    actions.reveal(by=looking.as_facilitator, stage=Stage.LOOK)
    page = looking.tenant.get(reverse("remark", args=[looking.workshop.code, said.pk])).content.decode()
    assert "alleen voor de tafel" in page
    assert looking.tenant.post(address).status_code == 409
    assert looking.facilitator.post(address).status_code == 302
    said.refresh_from_db()
    assert not said.internal
