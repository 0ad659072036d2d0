"""evohomeclient2, the newer API."""

import json
import tempfile
from datetime import datetime, timedelta, timezone

from evohomeclient2 import AuthenticationError, EvohomeClient

from steps import Client, eventually


async def run(username, password, pause=None):
    client = Client("evohomeclient2")
    script = Script(client, username, password)
    await script.run()
    if pause:
        await pause()
        await client.step("after a restart", script.read_again)
    return client


class Script:
    def __init__(self, client, username, password):
        self.client, self.username, self.password = client, username, password

    async def run(self):
        step = self.client.step
        await step("log in", self.log_in)
        await step("restore tokens", self.restore)
        await step("refresh tokens", self.refresh)
        await step("read all", self.read)
        await step("zone permanently", self.permanently)
        await step("zone until", self.until)
        await step("zone back", self.back)
        await step("hot water", self.hot_water)
        await step("system modes", self.modes)
        await step("read schedules", self.read_schedules)
        await step("write schedules", self.write_schedules)
        await step("wrong password", self.wrong_password)

    def log_in(self):
        self.evo = EvohomeClient(self.username, self.password)
        self.location = self.evo.locations[0]
        self.system = self.evo._get_single_heating_system()
        self.zone = self.system._zones[0]

    def restore(self):
        EvohomeClient(
            self.username,
            "not needed",
            access_token=self.evo.access_token,
            access_token_expires=self.evo.access_token_expires,
        )

    def refresh(self):
        before = self.evo.refresh_token
        self.evo.access_token = None
        self.evo.user_account()
        assert self.evo.refresh_token != before

    def read(self):
        readings = list(self.evo.temperatures())
        assert len(readings) == 7 and all(reading["temp"] for reading in readings), readings

    def read_again(self):
        self.location.status()
        assert len(list(self.evo.temperatures())) == 7

    def see(self, check):
        def look():
            self.location.status()
            return check()

        eventually(look)

    def permanently(self):
        self.zone.set_temperature(22.5)
        self.see(lambda: self.zone.setpointStatus["setpointMode"] == "PermanentOverride")
        assert self.zone.setpointStatus["targetHeatTemperature"] == 22.5

    def until(self):
        end = datetime.now(timezone.utc).replace(tzinfo=None, microsecond=0) + timedelta(hours=2)
        self.zone.set_temperature(23.0, end)
        self.see(lambda: self.zone.setpointStatus["setpointMode"] == "TemporaryOverride")
        assert self.zone.setpointStatus["until"] == end.strftime("%Y-%m-%dT%H:%M:%SZ")

    def back(self):
        self.zone.cancel_temp_override()
        self.see(lambda: self.zone.setpointStatus["setpointMode"] == "FollowSchedule")

    def hot_water(self):
        water = self.system.hotwater
        water.set_dhw_on()
        self.see(lambda: water.stateStatus == {"state": "On", "mode": "PermanentOverride"})
        assert water.get_dhw_state()["dhwId"] == water.dhwId
        water.set_dhw_off(datetime.now(timezone.utc).replace(tzinfo=None) + timedelta(hours=1))
        self.see(lambda: water.stateStatus["mode"] == "TemporaryOverride")
        water.set_dhw_auto()
        self.see(lambda: water.stateStatus["mode"] == "FollowSchedule")

    def modes(self):
        for name, mode in (
            ("custom", "Custom"),
            ("eco", "AutoWithEco"),
            ("away", "Away"),
            ("dayoff", "DayOff"),
            ("heatingoff", "HeatingOff"),
            ("reset", "Auto"),
            ("normal", "Auto"),
        ):
            getattr(self.evo, f"set_status_{name}")()
            self.see(lambda: self.system.systemModeStatus["mode"] == mode)

    def read_schedules(self):
        self.file = tempfile.NamedTemporaryFile(suffix=".json")
        self.evo.zone_schedules_backup(self.file.name)
        with open(self.file.name) as backup:
            self.schedules = json.load(backup)
        assert len(self.schedules) == 7

    def write_schedules(self):
        day = self.schedules[self.zone.zoneId]["schedule"]["DailySchedules"][0]["Switchpoints"][0]
        day["heatSetpoint"] += 1
        with open(self.file.name, "w") as backup:
            json.dump(self.schedules, backup)
        self.evo.zone_schedules_restore(self.file.name)
        eventually(lambda: self.zone.schedule() == self.schedules[self.zone.zoneId]["schedule"])

    def wrong_password(self):
        try:
            EvohomeClient(self.username, "wrong")
        except AuthenticationError:
            return
        raise AssertionError("a wrong password was taken")
