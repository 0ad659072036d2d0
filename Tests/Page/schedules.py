"""The schedule editor: every way to change a day, and what is written."""

from browser import PHONE, WIDE, choose_home, opened
from world import site_with, topics


def part(address, zone="kitchen"):
    return f"#schedules/{site_with(address, zone)}/zone/{zone}"


def point(page, day, index):
    return page.locator("schedule-grid section").nth(day).locator(f'[data-point="{index}"]')


def label(page, day, index):
    return point(page, day, index).get_attribute("aria-label")


def keys(running, address):
    """Arrows move a switchpoint by its step, + and - change it, Delete removes it; all of it is announced."""
    with opened(running, address, part(address)) as page:
        point(page, 0, 1).focus()
        before = label(page, 0, 1)
        heard = page.locator("#announcer")
        page.keyboard.press("ArrowDown")
        assert label(page, 0, 1) != before
        assert heard.inner_text().startswith("Monday "), heard.inner_text()
        page.keyboard.press("ArrowUp")
        assert label(page, 0, 1) == before
        page.keyboard.press("+")
        warmer = label(page, 0, 1)
        assert warmer != before and warmer.split(": ")[1].split("°")[0] in heard.inner_text()
        page.keyboard.press("-")
        page.keyboard.press("-")
        assert label(page, 0, 1) not in (before, warmer)
        count = page.locator("schedule-grid section").first.locator("[data-point]").count()
        page.keyboard.press("Delete")
        assert page.locator("schedule-grid section").first.locator("[data-point]").count() == count - 1
        assert "Deleted Monday" in heard.inner_text()
        assert page.evaluate("document.activeElement.dataset.point !== undefined"), "the focus is lost"
        page.keyboard.press("Insert")
        assert page.locator("schedule-grid section").first.locator("[data-point]").count() == count
        page.keyboard.press("PageDown")
        assert "Tuesday" in page.evaluate("document.activeElement.getAttribute('aria-label')")
        while page.get_by_role("button", name="Undo").is_enabled():
            page.keyboard.press("Control+z")
        assert label(page, 0, 1) == before
        while page.get_by_role("button", name="Redo").is_enabled():
            page.keyboard.press("Control+y")
        assert label(page, 0, 1) != before


def drag(running, address):
    """A drag is one step for undo, and snaps to the steps of the zone."""
    with opened(running, address, part(address)) as page:
        block = point(page, 2, 1)
        block.scroll_into_view_if_needed()
        before = label(page, 2, 1)
        box = block.bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 8)
        page.mouse.down()
        for step in range(1, 8):
            page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 8 + 4 * step)
        page.mouse.up()
        moved = label(page, 2, 1)
        assert moved != before, moved
        minutes = moved.split(" ")[1].split(":")[1]
        assert int(minutes) % 10 == 0, moved
        page.get_by_role("button", name="Undo").click()
        assert label(page, 2, 1) == before
        assert page.get_by_role("button", name="Undo").is_disabled()


def by_touch(running, address):
    """With a thumb: choose a block, and use the keys below it."""
    with opened(running, address, part(address), size=PHONE) as page:
        point(page, 0, 0).tap()
        inspector = page.locator("schedule-inspector")
        before = label(page, 0, 0)
        inspector.get_by_role("button", name="Later").tap()
        inspector.get_by_role("button", name="Warmer").tap()
        assert label(page, 0, 0) != before
        inspector.get_by_label("Begins at").select_option("05:00")
        assert label(page, 0, 0).startswith("Monday 05:00")
        handle = point(page, 0, 0).locator(".handle").bounding_box()
        x, y = handle["x"] + handle["width"] / 2, handle["y"] + 6
        finger = page.context.new_cdp_session(page)
        scrolled = page.evaluate("() => scrollY")
        for kind, dy in (("touchStart", 0), ("touchMove", 10), ("touchMove", 25), ("touchMove", 40), ("touchEnd", None)):
            points = [] if dy is None else [{"x": x, "y": y + dy}]
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        page.wait_for_timeout(100)
        assert page.evaluate("() => scrollY") == scrolled, "the page was scrolled, too"
        assert label(page, 0, 0).split(": ")[0] > "Monday 05:30", label(page, 0, 0)


def limits(running, address):
    """The limits of the zone hold while editing, and say so."""
    with opened(running, address, part(address)) as page:
        point(page, 4, 0).click()
        inspector = page.locator("schedule-inspector")
        split = inspector.get_by_role("button", name="Split")
        for _ in range(8):
            if split.is_disabled():
                break
            split.click()
        assert page.locator("schedule-grid section").nth(4).locator("[data-point]").count() == 6
        point(page, 4, 0).focus()
        page.keyboard.press("Insert")
        inspector.get_by_text("at most 6 switchpoints").wait_for()
        for _ in range(5):
            page.keyboard.press("Delete")
        assert page.locator("schedule-grid section").nth(4).locator("[data-point]").count() == 1
        page.keyboard.press("Delete")
        inspector.get_by_text("at least one switchpoint").wait_for()


def copy_and_write(running, address):
    """A day to other days and zones; the differences first, then one zone after the other."""
    site = site_with(address, "kitchen")
    with opened(running, address, part(address)) as page:
        before = topics(address)
        point(page, 0, 0).focus()
        page.keyboard.press("+")
        page.locator("schedule-inspector").get_by_role("button", name="Copy").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("button", name="Monday to Friday").click()
        dialog.get_by_label("Hall", exact=True).check()
        dialog.get_by_role("button", name="Copy", exact=True).click()
        assert topics(address) == before or changed(before, topics(address)) == set(), "something was written"
        page.get_by_role("button", name="Review").click()
        review = page.get_by_role("dialog", name="Changes")
        assert review.locator(".differences > li").count() == 2
        assert "Monday to Friday" in review.inner_text()
        review.get_by_role("button", name="Write 2 schedules").click()
        review.get_by_text("All changes are written.").wait_for(timeout=120_000)
        now = topics(address)
        assert changed(before, now) == {f"{site}/zone/kitchen/schedule", f"{site}/zone/hall/schedule"}, changed(before, now)
        kitchen, hall = now[f"{site}/zone/kitchen/schedule"], now[f"{site}/zone/hall/schedule"]
        assert kitchen["monday"] == kitchen["friday"] == hall["wednesday"]
        assert kitchen["saturday"] == before[f"{site}/zone/kitchen/schedule"]["saturday"]
        page.keyboard.press("Escape")
        page.get_by_role("button", name="No changes").wait_for()


def nothing_lost(running, address):
    """A write that fails and a page that is closed keep the drafts."""
    context = running.new_context(viewport={"width": WIDE[0], "height": WIDE[1]})
    page = context.new_page()
    page.goto(address + part(address, "study"))
    point(page, 0, 0).focus()
    page.keyboard.press("+")
    edited = label(page, 0, 0)
    page.route("**/schedule/set", lambda route: route.fulfill(
        status=502, json={"outcome": "failed", "code": "refused", "message": "The cloud refused the schedule."}
    ))
    page.get_by_role("button", name="Review").click()
    review = page.get_by_role("dialog", name="Changes")
    review.get_by_role("button", name="Write this schedule").click()
    review.locator(".message", has_text="The cloud refused the schedule.").wait_for()
    review.get_by_text("nothing is lost").wait_for()
    page.close()
    again = context.new_page()
    again.goto(address + part(address, "study"))
    assert label(again, 0, 0) == edited
    again.get_by_role("button", name="Review (1)").click()
    again.get_by_role("dialog").get_by_role("button", name="Discard the changes of Study").click()
    again.keyboard.press("Escape")
    again.get_by_role("button", name="No changes").wait_for()
    context.close()


def all_zones(running, address):
    """A day of all zones beside hot water, whose blocks say on and off."""
    with opened(running, address, "#schedules") as page:
        choose_home(page, site_with(address, "kitchen"))
        page.get_by_text("All zones", exact=True).click()
        columns = page.locator("schedule-grid section")
        assert columns.count() == 7, columns.count()
        water = columns.nth(6).locator("[data-point]").first
        assert ": On" in water.get_attribute("aria-label") or ": Off" in water.get_attribute("aria-label")
        water.focus()
        before = water.get_attribute("aria-label")
        page.keyboard.press("-" if ": On" in before else "+")
        assert point(page, 6, 0).get_attribute("aria-label") != before
        page.keyboard.press("Control+z")


def changed(before, after):
    schedules = {topic for topic in before if topic.endswith("/schedule")}
    return {topic for topic in schedules if before[topic] != after.get(topic)}
