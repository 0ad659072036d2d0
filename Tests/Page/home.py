"""The three things that people do every day, and what stands beside them."""

from browser import PHONE, card, choose_home, opened, until
from world import site_with, topics


def warmer(running, address):
    """One touch: it shows at once, the outcome comes, and the bridge has it."""
    site = site_with(address, "kitchen")
    with opened(running, address, size=PHONE) as page:
        choose_home(page, site)
        kitchen = card(page, "Kitchen")
        before = number(kitchen.locator(".value").inner_text())
        boxes = [box.bounding_box() for box in page.locator("zone-card").all()]
        kitchen.get_by_role("button", name="warmer").click()
        shown = number(kitchen.locator(".value").inner_text())
        assert shown > before, f"{before} became {shown}"
        kitchen.locator(".outcome", has_text="Done").wait_for(timeout=60_000)
        assert boxes == [box.bounding_box() for box in page.locator("zone-card").all()], "something jumped"
        state = topics(address)[f"{site}/zone/kitchen"]
        assert state["setpoint"] == shown and state["mode"] == "temporary_override", state


def for_two_hours(running, address):
    """Until when, in the heating's words; then back to the schedule."""
    site = site_with(address, "kitchen")
    with opened(running, address, size=PHONE) as page:
        choose_home(page, site)
        card(page, "Hall").locator(".open").click()
        sheet = page.get_by_role("dialog", name="Hall")
        sheet.get_by_text("2 hours", exact=True).click()
        sheet.get_by_role("button", name="Warmer").click()
        sheet.locator(".outcome", has_text="Done").wait_for(timeout=60_000)
        state = topics(address)[f"{site}/zone/hall"]
        assert state["mode"] == "temporary_override" and state["until"], state
        sheet.get_by_text("For good", exact=True).click()
        sheet.locator(".outcome", has_text="for good").filter(has_text="Done").wait_for(timeout=60_000)
        assert topics(address)[f"{site}/zone/hall"]["mode"] == "permanent_override"
        sheet.get_by_role("button", name="Back to the schedule").click()
        sheet.locator(".outcome", has_text="Done: back to the schedule").wait_for(timeout=60_000)
        assert topics(address)[f"{site}/zone/hall"]["mode"] == "follow_schedule"


def why_cold(running, address):
    """A zone whose sensor is lost says so on the first page, and the rest of it a touch away."""
    site = site_with(address, "cellar")
    with opened(running, address, size=PHONE) as page:
        choose_home(page, site)
        cellar = card(page, "Cellar")
        cellar.get_by_text("The room sensor is out of reach").wait_for()
        cellar.locator(".open").click()
        why = page.get_by_role("dialog", name="Cellar").locator(".why")
        assert "since" in why.inner_text() and "No reading" in why.inner_text(), why.inner_text()
        page.keyboard.press("Escape")
        assert page.locator(".troubles", has_text="boiler relay").is_visible()


def nobody_home(running, address):
    """Two touches; the zones say what decides for them; one touch back."""
    site = site_with(address, "kitchen")
    with opened(running, address, size=PHONE) as page:
        choose_home(page, site)
        page.get_by_role("button", name="Nobody home").click()
        page.get_by_role("dialog").get_by_role("button", name="for 3 days").click()
        page.locator(".mode", has_text="Nobody home until the end of").wait_for()
        page.locator(".system .outcome", has_text="Done").wait_for(timeout=60_000)
        state = topics(address)[f"{site}/system"]
        assert state["mode"] == "away" and state["until"], state
        card(page, "Kitchen").locator(".line", has_text="Nobody home").wait_for()
        page.get_by_role("button", name="We are back").click()
        page.locator(".mode", has_text="Following the schedules").wait_for()
        page.locator(".system .outcome", has_text="Done").wait_for(timeout=60_000)
        assert topics(address)[f"{site}/system"]["mode"] == "auto"


def hot_water(running, address):
    site = site_with(address, "kitchen")
    with opened(running, address) as page:
        choose_home(page, site)
        water = card(page, "Hot water")
        water.get_by_role("button", name="On for 1 h").click()
        assert water.locator(".value").inner_text() == "On"
        water.locator(".outcome", has_text="Done").wait_for(timeout=60_000)
        water.get_by_role("button", name="Back to schedule").click()
        water.locator(".outcome", has_text="Done: back to the schedule").wait_for(timeout=60_000)


def refused(running, address):
    """What cannot be done says why, stays to be read, and what is shown is the truth again."""
    site = site_with(address, "kitchen")
    with opened(running, address, allowed=("422",)) as page:
        choose_home(page, site)
        study = card(page, "Study")
        before = study.locator(".value").inner_text()
        page.route("**/api/topics/**/set", lambda route: route.fulfill(
            status=422, json={"outcome": "rejected", "code": "out_of_range", "message": "The setpoint is out of range."}
        ))
        with page.expect_response("**/set"):
            study.get_by_role("button", name="warmer").click()
        study.locator(".outcome", has_text="Not possible: The setpoint is out of range.").wait_for()
        assert study.locator(".value").inner_text() == before
        page.unroute("**/api/topics/**/set")
        study.get_by_role("button", name="Dismiss").click()
        assert not study.locator(".outcome").is_visible()


def live(running, address):
    """What another page sets shows here within a second of the bridge's saying so."""
    site = site_with(address, "kitchen")
    with opened(running, address) as page, opened(running, address) as other:
        for each in (page, other):
            choose_home(each, site)
        before = card(other, "Bathroom").locator(".value").inner_text()
        card(page, "Bathroom").get_by_role("button", name="colder").click()
        until(other, f"() => [...document.querySelectorAll('zone-card')].find((card) => card.textContent.includes('Bathroom')).querySelector('.value').textContent !== '{before}'", "it shows elsewhere")
        card(page, "Bathroom").locator(".outcome", has_text="Done").wait_for(timeout=60_000)


def foreign_names(running, address):
    """A name is text, whatever it holds."""
    evil = '<img src=x onerror="document.title=1"> {{7*7}} </script>'
    zone = {"id": "1", "name": evil, "temperature": 19.5, "setpoint": 20, "mode": "follow_schedule", "faults": []}
    shown = {"evil/system": {"name": evil, "mode": "auto", "faults": []}, "evil/zone/x": zone}
    with opened(running, address) as page:
        page.route("**/api/topics", lambda route: route.fulfill(json=route.fetch().json() | shown))
        page.reload()
        choose_home(page, "evil")
        page.locator("zone-card", has_text=evil).wait_for()
        assert page.locator("zone-card img, option img").count() == 0
        assert page.title() == "Heating"


def number(text):
    return float(text.replace("°", ""))
