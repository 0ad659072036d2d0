"""evohome-async 3.1.0, the newer API."""

import asyncio
from datetime import UTC, datetime, timedelta

import aiohttp
from evohomeasync2 import EvohomeClient
from evohomeasync2.auth import AbstractTokenManager
from evohomeasync2.exceptions import AuthenticationFailedError

from steps import Client


class Tokens(AbstractTokenManager):
    """Keeps tokens in memory."""

    saved = None

    async def save_access_token(self):
        self.saved = self._export_access_token()

    def restore(self, tokens):
        self._import_access_token(tokens)


async def run(username, password, pause=None):
    client = Client("evohome-async v2")
    async with aiohttp.ClientSession() as session:
        script = Script(client, session, username, password)
        await script.run()
        if pause:
            await pause()
            await client.step("after a restart", script.read)
    return client


class Script:
    def __init__(self, client, session, username, password):
        self.client, self.session = client, session
        self.username, self.password = username, password
        self.tokens = Tokens(username, password, session)

    async def run(self):
        step = self.client.step
        await step("log in", self.log_in)
        await step("restore tokens", self.restore)
        await step("refresh tokens", self.refresh)
        await step("read all", self.read)
        await step("follow a task", self.follow)
        await step("zone permanently", self.permanently)
        await step("zone until", self.until)
        await step("zone back", self.back)
        await step("hot water", self.hot_water)
        await step("system modes", self.modes)
        await step("read schedules", self.read_schedules)
        await step("write schedules", self.write_schedules)
        await step("wrong password", self.wrong_password)

    async def log_in(self):
        self.evo = EvohomeClient(self.tokens)
        await self.evo.setup()
        assert self.tokens.saved["refresh_token"]

    async def restore(self):
        tokens = Tokens(self.username, "not needed", self.session)
        tokens.restore(self.tokens.saved)
        evo = EvohomeClient(tokens)
        await evo.setup()
        assert evo.user_account["user_id"] == self.evo.user_account["user_id"]

    async def refresh(self):
        before = self.tokens.refresh_token
        self.tokens.clear_access_token()
        await self.tokens.get_access_token()
        assert self.tokens.refresh_token != before

    async def read(self):
        self.location = self.evo.locations[0]
        await self.location.get_status()
        self.system = self.location.gateways[0].systems[0]
        self.zone, self.water = self.system.zones[0], self.system.hotwater
        assert len(self.system.zones) == 6 and self.system.mode == "auto"
        assert all(zone.temperature is not None for zone in self.system.zones)
        assert self.water.temperature is not None and self.location.tzinfo is not None

    async def settle(self, task, check):
        async with asyncio.timeout(120):
            await task.wait()
            while True:
                await self.location.get_status()
                if check():
                    return
                await asyncio.sleep(0.5)

    async def follow(self):
        task = await self.zone.set_temperature(19.5)
        states = [await task.get_state()]
        while states[-1] != "succeeded":
            await asyncio.sleep(0.2)
            states.append(await task.get_state())
        assert "running" in states, states

    async def permanently(self):
        task = await self.zone.set_temperature(22.5)
        await self.settle(task, lambda: self.zone.target_heat_temperature == 22.5)
        assert self.zone.mode == "permanent_override"

    async def until(self):
        end = (datetime.now(UTC) + timedelta(hours=2)).replace(second=0, microsecond=0)
        task = await self.zone.set_temperature(23.0, until=end)
        await self.settle(task, lambda: self.zone.mode == "temporary_override")
        assert self.zone.until == end and self.zone.target_heat_temperature == 23.0

    async def back(self):
        await self.settle(await self.zone.reset(), lambda: self.zone.mode == "follow_schedule")

    async def hot_water(self):
        end = (datetime.now(UTC) + timedelta(hours=1)).replace(second=0, microsecond=0)
        await self.settle(await self.water.set_on(), lambda: self.water.mode == "permanent_override")
        await self.settle(await self.water.set_off(until=end), lambda: self.water.until == end)
        await self.settle(await self.water.reset(), lambda: self.water.mode == "follow_schedule")

    async def modes(self):
        for mode in self.system.allowed_modes:
            shown = "auto" if mode == "auto_with_reset" else mode
            await self.settle(await self.system.set_mode(mode), lambda: self.system.mode == shown)
        task = await self.system.set_system_mode("away", period=timedelta(days=2))
        await self.settle(task, lambda: self.system.mode == "away" and not self.system.is_permanent)
        await self.settle(await self.system.set_auto(), lambda: self.system.mode == "auto")

    async def read_schedules(self):
        self.schedules = await self.system.get_schedules()
        assert len(self.schedules) == 7 and all(len(entry["daily_schedules"]) == 7 for entry in self.schedules)

    async def write_schedules(self):
        day = self.schedules[0]["daily_schedules"][0]["switchpoints"][0]
        day["heat_setpoint"] += 1
        assert await self.system.set_schedules(self.schedules)
        async with asyncio.timeout(120):
            while (await self.zone.get_schedule())[0]["switchpoints"][0] != day:
                await asyncio.sleep(1)

    async def wrong_password(self):
        try:
            await Tokens(self.username, "wrong", self.session).get_access_token()
        except AuthenticationFailedError:
            return
        raise AssertionError("a wrong password was taken")
