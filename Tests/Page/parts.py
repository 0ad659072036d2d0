"""Activity, the bridge, and signing in."""

import base64
import json
import os
import urllib.parse
import urllib.request

from browser import choose_home, opened
from world import ask, site_with, topics


def activity(running, address):
    """Faults, what happened before this page was opened, and the log."""
    site = site_with(address, "kitchen")
    ask(address, f"api/topics/{site}/zone/kitchen/set", {"setpoint": 20.5, "until": "next"})
    with opened(running, address, "#activity") as page:
        page.get_by_text("The boiler relay is out of reach").wait_for()
        happened = page.get_by_role("listitem").filter(has_text="Kitchen").filter(has_text="Done: 20.5°")
        happened.first.wait_for()
        # What "nobody home" did to every zone is told once.
        assert page.get_by_text("Changed by the system").count() == 0
        count = happened.count()
        page.reload()
        happened.first.wait_for()
        assert happened.count() == count, f"{count} became {happened.count()} when the page was loaded again"
        page.locator(".log").wait_for()
        page.get_by_label("from level").select_option("debug")
    ask(address, f"api/topics/{site}/zone/kitchen/set", {"mode": "follow_schedule"})


def running_settings(running, address):
    """The poll interval and the log level change while it runs, and say so."""
    with opened(running, address, "#bridge") as page:
        interval = page.get_by_label("Read the cloud every")
        page.wait_for_function("() => document.getElementById('poll-interval')?.disabled === false")
        before = interval.input_value()
        interval.select_option("300s")
        page.get_by_text("Changed.").wait_for()
        page.reload()
        page.wait_for_function("() => document.getElementById('poll-interval')?.value === '300s'")
        choose = page.get_by_label("Read the cloud every")
        if choose.locator(f'option[value="{before}"]').count():
            choose.select_option(before)
            page.get_by_text("Changed.").wait_for()


def facts(running, address):
    with opened(running, address, "#bridge") as page:
        page.get_by_text("Logins left").wait_for()
        text = page.locator("bridge-view").inner_text()
        for words in ("Access token", "Broker", "Version", "Today", "mqtt.url"):
            assert words.lower() in text.lower(), f"{words} is missing"
        page.get_by_text("Settings", exact=True).click()
        assert page.get_by_text("EVOHOME_CLOUD_POLL_INTERVAL").is_visible()


def use_share(share):
    """Another program logs in at the bridge, with nothing but its name."""
    login = {"grant_type": "password", "Username": "evohome", "Password": "sesame", "scope": "EMEA-V1-Basic"}
    client = base64.b64encode(b"4a231089-d2b6-41bd-a5eb-16a0a422b999:1a15cdb8-42de-407b-add0-059f92c530cb").decode()
    headers = {"Authorization": f"Basic {client}", "User-Agent": "Heating <b>/1.0"}
    data = urllib.parse.urlencode(login).encode()
    urllib.request.urlopen(urllib.request.Request(f"{share}Auth/OAuth/Token", data, headers), timeout=10).read()


def shared(running, address):
    """Who has asked through the share, and what that has saved; counted once a minute."""
    with opened(running, address, "#bridge") as page:
        programs = page.get_by_role("region", name="Requests of other programs")
        programs.get_by_role("row", name="Heating <b>/1.0 1 1 1").wait_for(timeout=70_000)
        programs.get_by_role("row", name="All 1 1 1").wait_for()
        saved = page.get_by_role("region", name="What other programs did")
        saved.get_by_role("row", name="Logins saved 1 1 1").wait_for()


def backup_and_restore(running, address, folder):
    """What was saved can be restored: its differences are shown first."""
    path = os.path.join(folder, "backup.json")
    with opened(running, address, "#bridge") as page:
        with page.expect_download() as download:
            page.get_by_role("link", name="Save to a file").click()
        download.value.save_as(path)
        with open(path) as file:
            backup = json.load(file)
        assert download.value.suggested_filename.endswith(".json"), download.value.suggested_filename
        page.get_by_label("Restore from a file").set_input_files(path)
        page.get_by_text("Nothing differs").wait_for()
        kitchen = next(entry for entry in backup["schedules"] if entry["name"] == "Kitchen")
        kitchen["schedule"]["monday"] = [{"time": "03:00", "setpoint": 12}]
        with open(path, "w") as file:
            json.dump(backup, file)
        before = topics(address)
        page.get_by_label("Restore from a file").set_input_files(path)
        review = page.get_by_role("dialog", name="Changes")
        review.get_by_text("03:00").wait_for()
        assert {t: p for t, p in topics(address).items() if t.endswith("/schedule")} == {t: p for t, p in before.items() if t.endswith("/schedule")}
        review.get_by_role("button", name="Discard the changes of Kitchen").click()
        with open(path, "w") as file:
            file.write("not JSON")
        page.keyboard.press("Escape")
        page.get_by_label("Restore from a file").set_input_files(path)
        page.get_by_text("is not valid JSON").wait_for()


def named(running, address):
    """Schedules under a name: saved, compared before anything is written, deleted."""
    with opened(running, address, "#schedules") as page:
        choose_home(page, site_with(address, "kitchen"))
        page.get_by_role("button", name="Saved").click()
        dialog = page.get_by_role("dialog", name="Saved schedules")
        name = dialog.get_by_label("Save the schedules")
        name.fill("summer <b>")
        dialog.get_by_role("button", name="Save", exact=True).click()
        dialog.get_by_role("heading", name="summer <b>").wait_for()
        dialog.get_by_role("button", name="Apply summer").click()
        dialog.get_by_text("Nothing differs").wait_for()
        site = site_with(address, "kitchen")
        before = topics(address)[f"{site}/zone/kitchen/schedule"]
        changed = {"monday": [{"time": "03:00", "setpoint": 12}]}
        assert ask(address, f"api/topics/{site}/zone/kitchen/schedule/set", changed)["outcome"] == "succeeded"
        dialog.get_by_role("button", name="Apply summer").click()
        review = page.get_by_role("dialog", name="Changes")
        review.get_by_text("03:00 removed").wait_for()
        assert topics(address)[f"{site}/zone/kitchen/schedule"]["monday"] == changed["monday"], "it is written already"
        review.get_by_role("button", name="Write this schedule").click()
        review.get_by_text("All changes are written.").wait_for(timeout=60_000)
        assert topics(address)[f"{site}/zone/kitchen/schedule"] == before
        review.get_by_role("button", name="Close").click()
        dialog.get_by_role("button", name="Delete summer").click()
        page.get_by_role("dialog", name="Delete").get_by_role("button", name="Delete", exact=True).click()
        dialog.get_by_text("is deleted").wait_for()


def first_run(running, address):
    """Nothing but an address: the page asks for the account, says what the cloud answered, and goes on."""
    with opened(running, address, allowed=("401", "429")) as page:
        page.get_by_text("No account is signed in yet.").wait_for()
        page.get_by_text("Logins left").wait_for()
        page.get_by_label("User name").fill("user@example.com")
        page.get_by_label("Password").fill("password")
        page.get_by_role("button", name="Sign in").click()
        page.get_by_text("Signed in. The bridge is reading what there is.").wait_for(timeout=30_000)
        page.get_by_role("heading", name="What was found").wait_for(timeout=30_000)
        page.get_by_role("link", name="Open the home").click()
        page.locator("zone-card").first.wait_for()


def refused_account(running, address):
    """A wrong password says so in words, and costs what the budget says."""
    with opened(running, address, allowed=("401", "429")) as page:
        page.get_by_label("User name").fill("user@example.com")
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Sign in").click()
        page.locator(".notice.bad", has_text="refused").wait_for(timeout=30_000)


def page_password(running, address, password, **options):
    """Without a session there is the password form and nothing else."""
    with opened(running, address, allowed=("401", "429"), **options) as page:
        page.get_by_label("Password of this page").fill("wrong")
        page.get_by_role("button", name="Sign in").click()
        page.get_by_text("This is not the password.").wait_for()
        page.get_by_label("Password of this page").fill(password)
        page.get_by_role("button", name="Sign in").click()
        page.locator("zone-card").first.wait_for()
        page.context.clear_cookies()
        page.evaluate("() => dispatchEvent(new Event('online'))")
        again = page.get_by_role("dialog", name="Sign in")
        again.get_by_label("Password of this page").fill(password)
        again.get_by_role("button", name="Sign in").click()
        again.wait_for(state="detached")
        page.locator("status-line", has_text="Up to date").wait_for()
