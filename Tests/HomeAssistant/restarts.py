"""Restarts in any order leave nothing unavailable."""

import itertools
import re
import time

from processes import eventually

SYSTEM_CONTACT = r"evohome_system_\d+_connectivity"


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
    """Entities that are unavailable, but for those of a system whose gateway is lost."""
    states = home_assistant.states()
    devices, entities = home_assistant.registries()

    def state(entity):
        return states.get(entity["entity_id"], {"state": "unavailable"})["state"]

    lost = {e["device_id"] for e in entities if re.fullmatch(SYSTEM_CONTACT, e["unique_id"]) and state(e) == "off"}
    return [
        entity["entity_id"]
        for entity in entities
        if state(entity) == "unavailable"
        and not lost & {entity["device_id"], devices[entity["device_id"]]["via_device_id"]}
    ]
