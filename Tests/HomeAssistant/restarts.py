"""Restarts in any order leave nothing unavailable."""

import itertools
import time

from processes import eventually


def all_orders(world, home_assistant):
    """Restarts Home Assistant, the broker and the bridge in every order, and says how long each took."""
    names = ("home-assistant", "broker", "bridge")
    longest = 0
    for order in itertools.permutations(names):
        for name in order:
            if name == "home-assistant":
                home_assistant.stop()
                home_assistant.start()
            else:
                {"broker": world.broker, "bridge": world.bridge}[name].restart()
        began = time.monotonic()
        everything_is_available(home_assistant, f"after restarts of {', '.join(order)}")
        longest = max(longest, time.monotonic() - began)
    return f"at most {longest:.0f} s"


def from_broker_start(world, home_assistant):
    """Seconds from the start of a broker that has forgotten everything until all is available."""
    world.broker.stop()
    eventually(lambda: unavailable(home_assistant), "everything is unavailable without a broker")
    began = time.monotonic()
    world.broker.start()
    everything_is_available(home_assistant, "after a restart of the broker")
    return f"{time.monotonic() - began:.1f} s"


def everything_is_available(home_assistant, when):
    eventually(lambda: ours(home_assistant) and not unavailable(home_assistant), f"available {when}")


def ours(home_assistant):
    """Entities of MQTT devices."""
    _, entities = home_assistant.registries()
    return [entity["entity_id"] for entity in entities]


def unavailable(home_assistant):
    states = home_assistant.states()
    missing = {"state": "unavailable"}
    return [entity for entity in ours(home_assistant) if states.get(entity, missing)["state"] == "unavailable"]
