from playwright.sync_api import expect
def test_x(make_room):
    room = make_room(measures=["Samen schoonmaken"])
    f = room.facilitator()
    expect(f.locator("body")).to_contain_text("Samen schoonmaken")
    t = room.tenant()
    expect(t.locator("body")).to_contain_text("Samen schoonmaken")
def test_y(demo):
    f = demo.facilitator("kaart/")
    f.wait_for_selector("[data-painted]")
    print(f.locator("[data-painted]").count())
