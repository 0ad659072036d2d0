"""What changes in the cloud changes in Home Assistant."""

from processes import eventually


def of_zones(world, home_assistant):
    """A zone is renamed, added and removed."""
    kitchen = zone(world, "Kitchen")
    world.control("PUT", f"/zones/{kitchen}", {"name": "Scullery"})
    eventually(lambda: name(home_assistant, kitchen) == "Scullery", "the kitchen is renamed")
    assert home_assistant.state("climate.kitchen") == "heat", "a zone that is renamed keeps its entity"
    world.control("PUT", f"/zones/{kitchen}", {"name": "Kitchen"})
    eventually(lambda: name(home_assistant, kitchen) == "Kitchen", "its name is back")

    world.control("POST", "/zones", {"name": "Conservatory"})
    eventually(lambda: "climate.conservatory" in home_assistant.states(), "there is a new zone")
    conservatory = zone(world, "Conservatory")
    world.control("DELETE", f"/zones/{conservatory}")
    eventually(lambda: "climate.conservatory" not in home_assistant.states(), "it is gone")
    eventually(lambda: name(home_assistant, conservatory) is None, "its device is gone")
    return "renamed, added, removed"


def while_away(world, home_assistant):
    """What changes while the bridge is away changes when it is back, and nothing that is gone is read any more."""
    kitchen = zone(world, "Kitchen")
    world.bridge.stop()
    world.control("PUT", f"/zones/{kitchen}", {"name": "Scullery"})
    world.bridge.start()
    eventually(lambda: name(home_assistant, kitchen) == "Scullery", "the kitchen is renamed")
    eventually(lambda: home_assistant.state("climate.kitchen") == "heat", "it is available")
    world.control("PUT", f"/zones/{kitchen}", {"name": "Kitchen"})
    eventually(lambda: name(home_assistant, kitchen) == "Kitchen", "its name is back")
    return "renamed"


def off_and_on(world, home_assistant):
    """Without discovery nothing of it is left, and with it all is back."""
    count = len(entities(home_assistant))
    world.bridge.environment["EVOHOME_HOME_ASSISTANT_DISCOVERY"] = "false"
    world.bridge.restart()
    eventually(lambda: not entities(home_assistant), "everything is removed")
    del world.bridge.environment["EVOHOME_HOME_ASSISTANT_DISCOVERY"]
    world.bridge.restart()
    eventually(lambda: len(entities(home_assistant)) == count, "everything is back")
    return "removed, and back"


def entities(home_assistant):
    return home_assistant.registries()[1]


def of_faults(world, home_assistant):
    """Faults are shown by class, a lost sensor without a temperature, a lost gateway as unavailable but for why."""
    kitchen = zone(world, "Kitchen")
    for kind, entity, state in (
        ("TempZoneActuatorLowBattery", "battery", "on"),
        ("TempZoneSensorCommunicationLost", "connectivity", "off"),
        ("SpringHasRunDry", "problem", "on"),
    ):
        world.control("POST", f"/zones/{kitchen}/faults", {"type": kind})
        eventually(lambda: home_assistant.state(f"binary_sensor.kitchen_{entity}") == state, f"{kind} is shown")
    told = "Kitchen: temp zone actuator low battery."
    eventually(lambda: told in home_assistant.notifications(), "the blueprint tells of a low battery")
    world.control("PUT", f"/zones/{kitchen}", {"sensorLost": True})
    eventually(lambda: home_assistant.state("sensor.kitchen_temperature") == "unknown", "a lost sensor is shown")
    assert home_assistant.state("climate.kitchen") == "heat", "a zone without its sensor stays"
    world.control("PUT", f"/zones/{kitchen}", {"sensorLost": False})
    world.control("DELETE", f"/zones/{kitchen}/faults")
    eventually(lambda: home_assistant.state("binary_sensor.kitchen_problem") == "off", "faults are gone")
    told = "Kitchen: temp zone actuator low battery is over."
    eventually(lambda: told in home_assistant.notifications(), "the blueprint tells of its end")

    gateway = world.control("GET", "/homes")[0]["gateways"][0]
    world.control("PUT", f"/gateways/{gateway}", {"away": True})
    eventually(lambda: home_assistant.state("climate.kitchen") == "unavailable", "a lost gateway is shown")
    eventually(lambda: home_assistant.state("binary_sensor.home_connectivity") == "off", "and why")
    world.control("PUT", f"/gateways/{gateway}", {"away": False})
    eventually(lambda: home_assistant.state("climate.kitchen") == "heat", "the gateway is back")
    return "shown by class, and gone"


def zone(world, name):
    """The id of a zone of the first system."""
    zones = world.control("GET", "/homes")[0]["systems"][0]["zones"]
    return next(key for key, value in zones.items() if value == name)


def name(home_assistant, zone):
    devices, _ = home_assistant.registries()
    identifier = ["mqtt", f"evohome_zone_{zone}"]
    return next((device["name"] for device in devices.values() if identifier in device["identifiers"]), None)
