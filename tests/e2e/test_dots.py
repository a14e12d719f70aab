"""Two phones and a facilitator: each press counts at once, nobody sees where the dots lie, then everybody does."""

from playwright.sync_api import expect

from tests.e2e.people import remember, was_not_reloaded


def press(phone, measure, times):
    for _ in range(times):
        phone.get_by_role("button", name=f"Een stip erbij: {measure}").click()


def test_dots_on_two_phones_until_the_facilitator_reveals(make_room):
    room = make_room(stage="handelen", measures=["Samen schoonmaken", "Lampen op het pad"])
    facilitator, tenant, partner = room.facilitator("prioriteiten/"), room.tenant("matrix/"), room.partner("matrix/")
    facilitator.get_by_role("button", name="Open de ronde").click()
    for phone in (tenant, partner):
        phone.get_by_role("link", name="Verdeel uw stippen").click()
        expect(phone.get_by_text("Nog 5 over")).to_be_visible()
        remember(phone)
    remember(facilitator)

    press(tenant, "2. Lampen op het pad", 3)
    press(tenant, "1. Samen schoonmaken", 2)
    expect(tenant.get_by_text("Alle stippen verdeeld")).to_be_visible()
    expect(tenant.get_by_role("button", name="Een stip erbij: 1. Samen schoonmaken")).to_be_disabled()
    tenant.get_by_role("button", name="Een stip minder: 1. Samen schoonmaken").click()
    expect(tenant.get_by_text("Nog 1 over")).to_be_visible()
    press(partner, "2. Lampen op het pad", 1)

    expect(facilitator.locator("#ronde")).to_contain_text("2 mensen hebben verdeeld")
    for page in (facilitator, tenant, partner):
        expect(page.locator(".dot-line")).to_have_count(0)
    tenant.reload()
    expect(tenant.locator("[data-count]").nth(1)).to_have_text("3")
    remember(tenant)

    facilitator.get_by_role("button", name="Onthul de stippen").click()
    for phone in (tenant, partner):
        first = phone.locator(".dot-line").first
        expect(first).to_contain_text("Lampen op het pad")
        expect(first).to_contain_text("4 stippen")
        expect(phone.locator("[data-dots]")).to_have_count(0)
        assert was_not_reloaded(phone)
