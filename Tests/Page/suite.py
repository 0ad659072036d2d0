"""Tries the page in a browser, and prints what was checked."""

import os
import sys
import tempfile
import time
import traceback

from playwright.sync_api import Error

import access
import home
import interface
import logic
import parts
import schedules
from browser import browser, opened
from world import World, eventually, topics

PASSWORD = "a password of the page"


class Table:
    """A line for each check."""

    def __init__(self, only):
        self.failures = 0
        self.only = only

    def check(self, what, body):
        if self.only and self.only not in what:
            return
        begin = time.monotonic()
        try:
            result = body()
        except Exception as error:
            self.failures += 1
            result = f"FAILED: {str(error) or traceback.extract_tb(error.__traceback__)[-1].line}"
            if not isinstance(error, (AssertionError, Error)):
                traceback.print_exc()
        print(f"{what:32} {time.monotonic() - begin:5.1f} s  {result or 'ok'}", flush=True)


def everything(table, running, address, folder):
    eventually(lambda: any(topic.endswith("/study/schedule") for topic in topics(address)), "schedules are read", 120)
    with opened(running, address) as page:
        page.locator("zone-card").first.wait_for()
        for each in (logic.cases, logic.moments, logic.drafts, logic.backups):
            table.check(f"logic: {each.__name__}", lambda: each(page))
    for each in (home.warmer, home.for_two_hours, home.why_cold, home.nobody_home, home.hot_water, home.refused, home.live, home.foreign_names):
        table.check(f"home: {each.__name__}", lambda: each(running, address))
    for each in (schedules.keys, schedules.drag, schedules.by_touch, schedules.limits, schedules.copy_and_write, schedules.nothing_lost, schedules.all_zones):
        table.check(f"schedules: {each.__name__}", lambda: each(running, address))
    for each in (parts.activity, parts.running_settings, parts.facts, parts.named):
        table.check(f"parts: {each.__name__}", lambda: each(running, address))
    table.check("parts: backup_and_restore", lambda: parts.backup_and_restore(running, address, folder))
    for each in (access.axe, access.narrow_and_large, access.first_load, access.keyboard, access.own_code_only, access.under_a_path):
        table.check(f"access: {each.__name__}", lambda: each(running, address))
    if pictures := os.environ.get("SCREENSHOTS"):
        table.check("screenshots", lambda: access.screenshots(running, address, pictures))


def lost_and_found(running, world):
    """A bridge that goes and comes again is said to be gone, and nothing has to be done."""
    with opened(running, world.address, allowed=("ERR_", "Failed to load")) as page:
        page.locator("status-line", has_text="Up to date").wait_for()
        world.bridge.stop()
        page.locator("status-line", has_text="Connection lost").wait_for()
        world.bridge.start()
        page.locator("status-line", has_text="Up to date").wait_for(timeout=60_000)


def with_program(table, running, program):
    with tempfile.TemporaryDirectory() as folder, World(program, folder) as world:
        parts.use_share(world.share)
        everything(table, running, world.address, folder)
        table.check("parts: shared", lambda: parts.shared(running, world.address))
        table.check("lost and found", lambda: lost_and_found(running, world))
    with tempfile.TemporaryDirectory() as folder, World(program, folder, account=False) as world:
        table.check("first run", lambda: parts.first_run(running, world.address))
    with tempfile.TemporaryDirectory() as folder, World(program, folder, account=False) as world:
        table.check("refused account", lambda: parts.refused_account(running, world.address))
    with tempfile.TemporaryDirectory() as folder, World(program, folder, password=PASSWORD) as world:
        # Loopback needs no password; what comes through a proxy does.
        elsewhere = {"extra_http_headers": {"X-Forwarded-For": "192.0.2.7"}}
        eventually(lambda: any("/zone/" in topic for topic in topics(world.address)), "the homes are read")
        table.check("page password", lambda: parts.page_password(running, world.address, PASSWORD, **elsewhere))
        table.check("interface", lambda: interface.documented(world.address, PASSWORD))


def main(program):
    table = Table(os.environ.get("ONLY"))
    with browser() as running:
        if program.startswith("http"):
            with tempfile.TemporaryDirectory() as folder:
                everything(table, running, program.rstrip("/") + "/", folder)
        else:
            with_program(table, running, os.path.abspath(program))
    print(f"{table.failures} failures")
    return 1 if table.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
