"""A real browser, and pages in it that complain of nothing."""

import os
from contextlib import contextmanager

from playwright.sync_api import sync_playwright

WIDE, PHONE, NARROW = (1280, 800), (390, 844), (360, 740)


@contextmanager
def browser():
    with sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        running = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        try:
            yield running
        finally:
            running.close()


@contextmanager
def opened(running, address, part="", size=WIDE, scheme="light", allowed=(), **options):
    """A page in a context of its own, with nothing stored. It fails if the browser has something to complain of."""
    context = running.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, locale="en-GB", has_touch=size[0] < 700, **options
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: message.type == "error" and complaints.append(message.text))

    def unexpected():
        return [each for each in complaints if not any(words in each for words in allowed)]

    page.goto(address + part)
    try:
        yield page
    except Exception as error:
        if unexpected():
            raise AssertionError(f"the browser complains: {unexpected()}; and {error}") from error
        raise
    finally:
        context.close()
    assert not unexpected(), f"the browser complains: {unexpected()}"


def until(page, condition, what, seconds=15):
    """Waits until an expression in the page is true."""
    try:
        page.wait_for_function(condition, timeout=seconds * 1000)
    except Exception as error:
        raise AssertionError(f"not in {seconds} s: {what}") from error


def choose_home(page, site):
    choice = page.locator(".home-choice")
    page.locator("zone-card, schedule-grid, .facts, .timeline").first.wait_for()
    if choice.is_visible():
        choice.select_option(site)


def card(page, name):
    """The card of a zone."""
    return page.locator("zone-card").filter(has=page.locator("h3", has_text=name))
