"""What a user does in Home Assistant reaches the cloud, and comes back."""

from processes import eventually


OUTCOMES = "event.evohome_bridge_command"


class User:
    """Somebody who calls services, and looks at what came of it."""

    def __init__(self, world, home_assistant):
        self.world = world
        self.home = home_assistant

    def does(self, service, entity, shows, reaches=None, **data):
        """Calls a service, and waits until states are shown, the cloud was told and the outcome is there.

        - shows: states by entity, or by (entity, attribute).
        - reaches: a part of the address that the cloud is called on; nothing where no call is expected.
        """
        self.world.control("DELETE", "/requests")
        earlier = self.home.state(OUTCOMES)
        self.home.call(service, **data | ({"entity_id": entity} if entity else {}))
        if reaches:
            eventually(lambda: any(reaches in call["path"] for call in self.world.changes()), f"{service}: {reaches}")
        for key, value in shows.items():
            entity, attribute = key if isinstance(key, tuple) else (key, None)
            read = (lambda: self.home.attribute(entity, attribute)) if attribute else (lambda: self.home.state(entity))
            eventually(lambda: read() == value, f"{service}: {key} is {value}")
        eventually(lambda: self.home.state(OUTCOMES) != earlier, f"{service} has an outcome")
        outcome = self.home.attribute(OUTCOMES, "event_type")
        assert outcome == "succeeded", f"{service}: {outcome}, {self.home.attribute(OUTCOMES, 'message')}"


def zones(user):
    kitchen = "climate.kitchen"
    reaches = "/heatSetpoint"
    user.does(
        "climate.set_temperature", kitchen, {(kitchen, "temperature"): 22.0, (kitchen, "preset_mode"): "temporary"},
        reaches, temperature=22,
    )
    user.does("climate.set_preset_mode", kitchen, {(kitchen, "preset_mode"): "permanent"}, reaches, preset_mode="permanent")
    user.does(
        "climate.set_temperature", kitchen, {(kitchen, "temperature"): 23.5, (kitchen, "preset_mode"): "permanent"},
        reaches, temperature=23.5,
    )
    user.does("climate.set_hvac_mode", kitchen, {kitchen: "off", (kitchen, "temperature"): 5.0}, reaches, hvac_mode="off")
    user.does("climate.turn_on", kitchen, {kitchen: "heat", (kitchen, "preset_mode"): "none"}, reaches)
    user.does("climate.set_preset_mode", kitchen, {(kitchen, "preset_mode"): "temporary"}, reaches, preset_mode="temporary")
    user.does("button.press", "button.kitchen_reset", {(kitchen, "preset_mode"): "none"}, reaches)


def system(user):
    home, mode = "climate.home", "select.home_mode"
    for preset, word in (("away", "away"), ("eco", "auto_with_eco"), ("home", "day_off"), ("Custom", "custom")):
        user.does(
            "climate.set_preset_mode", home, {(home, "preset_mode"): preset, mode: word}, "/mode", preset_mode=preset
        )
    user.does("climate.set_preset_mode", home, {(home, "preset_mode"): "none", mode: "auto"}, "/mode", preset_mode="none")
    user.does("select.select_option", mode, {home: "off", mode: "heating_off"}, "/mode", option="heating_off")
    user.does("climate.set_hvac_mode", home, {home: "heat", mode: "auto"}, "/mode", hvac_mode="heat")
    user.does("button.press", "button.home_reset", {mode: "auto"}, "/mode")


def hot_water(user):
    tank, mode, heated = "water_heater.hot_water", "select.hot_water_mode", "binary_sensor.hot_water_on"
    reaches = "/domesticHotWater"
    user.does("water_heater.set_operation_mode", tank, {tank: "on", heated: "on"}, reaches, operation_mode="on")
    user.does("select.select_option", mode, {mode: "off", heated: "off", tank: "off"}, reaches, option="off")
    user.does("water_heater.turn_on", tank, {tank: "on", "sensor.hot_water_override_end": "unknown"}, reaches)
    user.does("water_heater.set_operation_mode", tank, {tank: "auto"}, reaches, operation_mode="auto")
    user.does("button.press", "button.hot_water_boost", {tank: "on", heated: "on"}, reaches)
    user.does("button.press", "button.hot_water_reset", {tank: "auto"}, reaches)


def messages(user):
    """What Home Assistant has no action for, as the manual has it."""
    kitchen, hall = "climate.kitchen", "climate.hall"
    warmer = user.home.attribute(kitchen, "temperature") + 0.5
    user.does(
        "mqtt.publish", None, {(kitchen, "temperature"): warmer, "sensor.kitchen_changed_by": "bridge"},
        "/heatSetpoint", topic=user.home.attribute(kitchen, "topic") + "/set", payload='{"adjust": 0.5}', qos=1,
    )
    zones = "evohome/home/zones/set"
    user.does(
        "mqtt.publish", None, {(kitchen, "temperature"): 19.0, (hall, "temperature"): 19.0}, "/heatSetpoint",
        topic=zones, payload='{"zones": ["kitchen", "hall"], "setpoint": 19, "until": "next"}', qos=1,
    )
    user.does(
        "mqtt.publish", None, {(kitchen, "preset_mode"): "none", (hall, "preset_mode"): "none"}, "/heatSetpoint",
        topic=zones, payload='{"mode": "follow_schedule"}', qos=1,
    )
    assert user.home.attribute("water_heater.hot_water", "temperature") is None, "hot water has no target"


def blueprints(user):
    kitchen, end = "climate.kitchen", "sensor.kitchen_override_end"
    user.does(
        "script.boost_kitchen", None, {(kitchen, "temperature"): 24.0, (kitchen, "preset_mode"): "temporary"},
        "/heatSetpoint",
    )
    assert user.home.state(end) != "unknown", "a boost has an end"
    user.does("button.press", "button.kitchen_reset", {(kitchen, "preset_mode"): "none"}, "/heatSetpoint")
    for person, place, preset in (
        ("ada", "home", "none"), ("max", "home", "none"), ("ada", "not_home", "none"), ("max", "not_home", "eco"),
        ("ada", "home", "none"),
    ):
        user.home.request(f"/api/states/person.{person}", {"state": place})
        eventually(lambda: user.home.attribute("climate.home", "preset_mode") == preset, f"{preset}: {person} is {place}")
