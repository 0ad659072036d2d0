"""evohomeclient, API v1."""

from datetime import datetime, timedelta, timezone

import requests
from evohomeclient import EvohomeClient

from steps import Client, eventually


async def run(username, password, pause=None):
    client = Client("evohomeclient v1")
    script = Script(client, username, password)
    await script.run()
    if pause:
        await pause()
        await client.step("after a restart", script.read_again)
    return client


class Script:
    def __init__(self, client, username, password):
        self.client, self.username, self.password = client, username, password
        self.evo = EvohomeClient(username, password)

    async def run(self):
        step = self.client.step
        await step("log in", self.evo._populate_user_info)
        await step("restore tokens", self.restore)
        await step("read all", self.read)
        await step("high-precision", self.fine)
        await step("zone permanently", self.permanently)
        await step("zone until", self.until)
        await step("zone back", self.back)
        await step("wrong password", self.wrong_password)

    def restore(self):
        other = EvohomeClient(self.username, "not needed", user_data=self.evo.user_data)
        assert len(list(other.temperatures())) == 7

    def read(self):
        self.readings = list(self.evo.temperatures())
        assert len(self.readings) == 7
        self.name = next(reading["name"] for reading in self.readings if reading["name"])

    def read_again(self):
        assert len(list(self.evo.temperatures(force_refresh=True))) == 7

    def fine(self):
        assert any(reading["temp"] * 2 % 1 for reading in self.readings), self.readings

    def reading(self):
        return next(reading for reading in self.evo.temperatures(force_refresh=True) if reading["name"] == self.name)

    def permanently(self):
        self.evo.set_temperature(self.name, 22.5)
        eventually(lambda: self.reading()["status"] == "Hold")
        assert self.reading()["setpoint"] == 22.5

    def until(self):
        end = datetime.now(timezone.utc).replace(tzinfo=None) + timedelta(hours=2)
        self.evo.set_temperature(self.name, 23.0, end)
        eventually(lambda: self.reading()["status"] == "Temporary")

    def back(self):
        self.evo.cancel_temp_override(self.name)
        eventually(lambda: self.reading()["status"] == "Scheduled")

    def wrong_password(self):
        try:
            EvohomeClient(self.username, "wrong")._populate_user_info()
        except requests.HTTPError:
            return
        raise AssertionError("a wrong password was taken")
