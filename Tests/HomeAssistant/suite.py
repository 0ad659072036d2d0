"""Boots a cloud, a broker, the bridge and Home Assistant for one home after the other, and prints what was checked."""

import os
import subprocess
import sys
import tempfile
import traceback

import changes
import commands
import registries
import restarts
from home_assistant import HomeAssistant
from processes import eventually
from world import PAGE, World

FILES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../config/home-assistant")
# What a user does, and what happens around them, is tried in one home only.
FULL = "house"


class Table:
    """A line for each check."""

    def __init__(self):
        self.failures = 0

    def check(self, home, what, body):
        try:
            result = body()
        except Exception as error:
            self.failures += 1
            result = f"FAILED: {error}"
            if not isinstance(error, AssertionError):
                traceback.print_exc()
        print(f"{home:16} {what:28} {result or 'ok'}", flush=True)


def built_in_homes(program):
    listing = subprocess.run([program, "simulate", "--list-homes"], check=True, capture_output=True, text=True).stdout
    return [line.split(":")[0] for line in listing.splitlines()]


def run(program, home, table):
    name = os.path.basename(home.rstrip("/"))
    keeps = "KEEP_LOGS" in os.environ
    with tempfile.TemporaryDirectory(delete=not keeps) as folder, World(program, folder, home) as world:
        if keeps:
            print(f"{name:16} logs are in {folder}")
        home_assistant = HomeAssistant(folder, os.path.join(FILES, "blueprints"))
        try:
            home_assistant.start()
            home_assistant.set_up(world.mqtt_port)
            eventually(lambda: restarts.ours(home_assistant), "there are entities")
            table.check(name, "everything is available", lambda: restarts.everything_is_available(home_assistant, "at first"))
            devices, entities = home_assistant.registries()
            description = registries.description(devices, entities)
            table.check(name, "registries", lambda: registries.compare(home, description, home_assistant.version()))
            table.check(name, "links to the page", lambda: registries.links(devices, PAGE))
            table.check(name, "counts", lambda: registries.counts(entities))
            if home == FULL:
                try_all(world, home_assistant, table, name)
            table.check(name, "its log", lambda: no_complaints(home_assistant))
        finally:
            home_assistant.stop()


def try_all(world, home_assistant, table, name):
    table.check(name, "dashboard", lambda: dashboard(home_assistant))
    user = commands.User(world, home_assistant)
    for part in (commands.zones, commands.system, commands.hot_water, commands.messages, commands.blueprints):
        table.check(name, f"commands: {part.__name__}", lambda: part(user))
    table.check(name, "zones that change", lambda: changes.of_zones(world, home_assistant))
    table.check(name, "zones that change meanwhile", lambda: changes.while_away(world, home_assistant))
    table.check(name, "discovery off and on", lambda: changes.off_and_on(world, home_assistant))
    table.check(name, "faults", lambda: changes.of_faults(world, home_assistant))
    table.check(name, "from the broker's start", lambda: restarts.from_broker_start(world, home_assistant))
    table.check(name, "restarts in any order", lambda: restarts.all_orders(world, home_assistant))


def dashboard(home_assistant):
    entities = home_assistant.entities_of_dashboard(os.path.join(FILES, "dashboard.yaml"))
    missing = entities - set(home_assistant.states())
    assert entities and not missing, f"it names what is not there: {missing}"


def no_complaints(home_assistant):
    complaints = home_assistant.complaints()
    assert not complaints, "\n  " + "\n  ".join(complaints[:20])


def main(program, homes):
    table = Table()
    for home in homes or built_in_homes(program):
        run(program, home, table)
    print(f"{table.failures} failures")
    return 1 if table.failures else 0


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1]), sys.argv[2:]))
