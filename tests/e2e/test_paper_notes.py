"""Notes of the wall, typed in by keyboard alone."""

from playwright.sync_api import expect


def test_five_notes_are_typed_in_without_a_mouse(make_room):
    room = make_room(stage="handelen")
    page, partner = room.facilitator("matrix/briefjes/"), room.partner("matrix/")
    room.expect_trouble("422")  # the third row
    expect(page.get_by_label("Rij 1: Vak")).to_be_focused()
    for code, text, organisation, status in (
        ("l1", "Bankjes terug op het plein", "Huurders", "v"),
        ("S-02", "Spreekuur op dinsdag", "Gemeente", ""),
        ("L-99", "Een buurt die er niet is", "", ""),
        ("g1", "Een deel voor leraren", "", "v"),
        ("P 2", "Kleine woningen voor ouderen", "", ""),
    ):
        for typed in (code, text, organisation, status):
            page.keyboard.type(typed)
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
    expect(page.get_by_text("Staat in de matrix als")).to_have_count(4)
    expect(page.get_by_label("Rij 6: Vak")).to_be_focused()
    problems = page.get_by_role("alert")
    expect(problems).to_contain_text("Rij 3: Buurt 99 is er niet.")
    expect(page.get_by_label("Rij 3: Wat er op het briefje staat")).to_have_value("Een buurt die er niet is")
    expect(partner.get_by_role("link", name="Kleine woningen voor ouderen")).to_be_visible()

    # what was not stored is still there after a visit to another page
    page.get_by_role("link", name="Terug naar de matrix").click()
    expect(page.get_by_role("link", name="Bankjes terug op het plein")).to_be_visible()
    page.get_by_role("link", name="Papieren briefjes invoeren").click()
    code = page.get_by_label("Rij 1: Vak")
    expect(code).to_have_value("L-99")
    code.fill("L-02")
    code.press("Enter")
    expect(page.get_by_text("Staat in de matrix als 5")).to_be_visible()

    page.get_by_role("row", name="Een buurt die er niet is").get_by_role("button", name="Ongedaan maken").click()
    expect(page.get_by_text("Ongedaan gemaakt: procesbegeleider bracht in: Een buurt die er niet is")).to_be_visible()
    expect(partner.get_by_text("Een buurt die er niet is")).to_have_count(0)


def test_a_note_twice_is_entered_with_a_tick(make_room):
    room = make_room(stage="handelen")
    page = room.facilitator("matrix/briefjes/")
    room.expect_trouble("422")
    for row in (1, 2):
        page.get_by_label(f"Rij {row}: Vak").fill("L1")
        page.get_by_label(f"Rij {row}: Wat er op het briefje staat").fill("Meer licht")
        page.get_by_label(f"Rij {row}: Wat er op het briefje staat").press("Enter")
    expect(page.locator("[data-row='2'] [data-problem]")).to_contain_text("Staat er al, als 1.")
    page.get_by_label("Rij 2: Toch invoeren").check()
    page.get_by_label("Rij 2: Vak").press("Enter")
    expect(page.get_by_text("Staat in de matrix als 2")).to_be_visible()


def test_a_note_waits_for_the_connection(make_room):
    room = make_room(stage="handelen")
    page = room.facilitator("matrix/briefjes/")
    room.expect_trouble("ERR_INTERNET_DISCONNECTED", "live")
    page.context.set_offline(True)
    page.get_by_label("Rij 1: Vak").fill("L1")
    page.get_by_label("Rij 1: Wat er op het briefje staat").fill("Meer licht")
    page.get_by_label("Rij 1: Wat er op het briefje staat").press("Enter")
    expect(page.locator("[data-row='1'] [data-problem]")).to_contain_text("Nog niet verstuurd")
    page.context.set_offline(False)
    expect(page.get_by_text("Staat in de matrix als 1")).to_be_visible()
