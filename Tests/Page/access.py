"""For everybody, on every screen, and not too heavy."""

import os

from axe_playwright_python.sync_playwright import Axe

from browser import NARROW, PHONE, WIDE, card, choose_home, opened
from proxy import below_a_path
from world import site_with

LARGEST_FIRST_LOAD = 150_000
LONGEST_PAINT = 300
MOST_SHIFT = 0.02


def places(address):
    """Every part of the page, by name, with what opens it."""
    site = site_with(address, "kitchen")
    faulty = site_with(address, "cellar")

    def nothing(page):
        choose_home(page, site)

    def with_faults(page):
        choose_home(page, faulty)
        card(page, "Cellar").wait_for()

    def sheet(page):
        choose_home(page, site)
        card(page, "Kitchen").locator(".open").click()

    def modes(page):
        choose_home(page, site)
        page.get_by_role("button", name="Nobody home").click()

    def whole_home(page):
        choose_home(page, site)
        page.get_by_role("button", name="All zones").click()

    def week(page):
        page.locator('schedule-grid [data-point="1"]').first.click()
        page.keyboard.press("+")

    def day(page):
        choose_home(page, site)
        page.get_by_text("All zones", exact=True).click()

    def copy(page):
        week(page)
        page.locator("schedule-inspector").get_by_role("button", name="Copy").click()

    def review(page):
        week(page)
        page.get_by_role("button", name="Review").click()

    schedules = f"#schedules/{site}/zone/kitchen"
    return {
        "home": ("", nothing),
        "home-faults": ("", with_faults),
        "home-zone": ("", sheet),
        "home-modes": ("", modes),
        "home-all": ("", whole_home),
        "schedules-week": (schedules, week),
        "schedules-day": ("#schedules", day),
        "schedules-copy": (schedules, copy),
        "schedules-review": (schedules, review),
        "activity": ("#activity", nothing),
        "bridge": ("#bridge", nothing),
        "account": ("#account", lambda page: page.get_by_label("User name").wait_for()),
    }


def axe(running, address):
    """No complaint of axe, in light and dark, wide and narrow."""
    count = 0
    for name, (part, prepare) in places(address).items():
        for size in (WIDE, PHONE):
            with opened(running, address, part, size=size, reduced_motion="reduce") as page:
                prepare(page)
                for scheme in ("light", "dark"):
                    page.emulate_media(color_scheme=scheme)
                    page.wait_for_timeout(150)
                    found = Axe().run(page).response["violations"]
                    told = [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found]
                    assert not found, f"{name}, {size[0]}, {scheme}: {told}"
                    count += 1
    return f"{count} pages, no complaint"


def narrow_and_large(running, address):
    """From 360 pixels up and with text twice as large, nothing is cut off to the side."""
    wide = []
    for name, (part, prepare) in places(address).items():
        with opened(running, address, part, size=NARROW) as page:
            prepare(page)
            for (width, height), large in ((NARROW, False), (PHONE, True), (WIDE, True)):
                page.set_viewport_size({"width": width, "height": height})
                if large:
                    page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
                page.wait_for_timeout(150)
                excess = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
                if excess > 0:
                    wide.append(f"{name} at {width}{' with large text' if large else ''} by {excess} pixels")
    assert not wide, "too wide: " + ", ".join(wide)


def first_load(running, address):
    """How much is loaded, how soon it is painted, and that nothing moves."""
    with opened(running, address, size=PHONE) as page:
        page.locator("zone-card").first.wait_for()
        page.wait_for_timeout(500)
        sizes = page.evaluate("""() => performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))
            .filter((entry) => !entry.name.includes('/api/')).map((entry) => [entry.name, entry.transferSize])""")
        total = sum(size for _, size in sizes)
        assert total <= LARGEST_FIRST_LOAD, f"{total} bytes: {sizes}"
        loaded, named = page.evaluate("""() => [
            performance.getEntriesByType('resource').map((entry) => entry.name).filter((name) => name.endsWith('.js')),
            [...document.querySelectorAll('link[rel=modulepreload], script')].map((element) => element.href || element.src),
        ]""")
        assert set(loaded) == set(named), f"loaded one after the other: {set(loaded) ^ set(named)}"
        paint = page.evaluate("() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime")
        # A machine that is busy with other things is slow for reasons of its own.
        limit = LONGEST_PAINT * float(os.environ.get("PATIENCE", 1))
        assert paint is not None and paint <= limit, f"painted after {paint:.0f} ms"
    shift = """() => new Promise((resolve) => {
        const moved = [];
        new PerformanceObserver((list) => {
            for (const { value, sources } of list.getEntries()) {
                moved.push([value, ...sources.map(({ node }) => (node?.outerHTML ?? node?.textContent ?? "").slice(0, 80))]);
            }
        }).observe({ type: 'layout-shift', buffered: true });
        setTimeout(() => resolve(moved), 1500);
    })"""
    for part in ("", "#schedules", "#activity", "#bridge"):
        with opened(running, address, part, size=PHONE) as page:
            moved = page.evaluate(shift)
            total_shift = sum(value for value, *_ in moved)
            assert total_shift < MOST_SHIFT, f"{part or 'home'} moves by {total_shift:.3f}: {moved}"
    return f"{total} bytes, painted after {paint:.0f} ms"


def keyboard(running, address):
    """All of the home can be reached and used with a keyboard alone."""
    with opened(running, address) as page:
        choose_home(page, site_with(address, "kitchen"))
        page.keyboard.press("Tab")
        seen = []
        for _ in range(60):
            seen.append(page.evaluate("() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"))
            page.keyboard.press("Tab")
        for words in ("Skip to the content", "Schedules", "Nobody home", "Mode", "Kitchen, set and explain", "Kitchen: warmer", "Hot water, set and explain"):
            assert any(words in each for each in seen), f"{words} cannot be reached: {seen}"
        card(page, "Kitchen").locator(".open").focus()
        page.keyboard.press("Enter")
        assert page.get_by_role("dialog", name="Kitchen").is_visible()
        page.keyboard.press("Escape")
        assert page.evaluate("() => document.activeElement.textContent").startswith("Kitchen"), "the focus is lost"


def own_code_only(running, address):
    """Nothing is asked of another host, and the page works under the policy that forbids inline code."""
    asked = []
    context = running.new_context()
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    answer = page.goto(address)
    page.locator("zone-card").first.wait_for()
    policy = answer.headers.get("content-security-policy", "")
    assert "script-src 'self'" in policy or "default-src 'self'" in policy, f"the policy is “{policy}”"
    assert "unsafe" not in policy
    foreign = [url for url in asked if not url.startswith(address)]
    assert not foreign, foreign
    context.close()


def under_a_path(running, address):
    """All addresses are relative, so that the page works where Home Assistant's ingress puts it."""
    with below_a_path(address) as below, opened(running, below) as page:
        page.locator("status-line", has_text="Up to date").wait_for()
        for part in ("Schedules", "Activity", "Bridge", "Home"):
            page.get_by_role("link", name=part).click()
            page.locator("schedule-grid, .timeline, .facts, zone-card").first.wait_for()
        assert page.url.startswith(below), page.url


def screenshots(running, address, folder):
    os.makedirs(folder, exist_ok=True)
    count = 0
    for name, (part, prepare) in places(address).items():
        for size in (PHONE, WIDE):
            for scheme in ("light", "dark"):
                with opened(running, address, part, size=size, scheme=scheme, reduced_motion="reduce") as page:
                    prepare(page)
                    page.wait_for_timeout(250)
                    page.screenshot(path=os.path.join(folder, f"{name}-{size[0]}-{scheme}.png"))
                    count += 1
    return f"{count} pictures"
