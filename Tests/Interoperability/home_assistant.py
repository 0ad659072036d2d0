"""Home Assistant with its own evohome integration, both unmodified, in this process."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

from aiohttp.resolver import AsyncResolver

import control
import loopback
import steps
from steps import Client, table

loopback.install()

# Home Assistant asks the name servers itself, past the resolver of the system.
_resolve = AsyncResolver.resolve


async def _resolve_to_loopback(self, host, *args, **kwargs):
    if host not in loopback.NAMES:
        return await _resolve(self, host, *args, **kwargs)
    return [{"hostname": host, "host": "127.0.0.1", "port": loopback.PORT, "family": 2, "proto": 0, "flags": 0}]


AsyncResolver.resolve = _resolve_to_loopback

from homeassistant.bootstrap import async_setup_hass  # noqa: E402
from homeassistant.runner import RuntimeConfig  # noqa: E402

CONFIGURATION = """
homeassistant:
  time_zone: Europe/London
http:
  server_host: 127.0.0.1
  server_port: {port}
evohome:
  username: {user}
  password: {password}
"""
USER, PASSWORD = os.environ.get("CLIENT_USER", "user@example.com"), os.environ.get("CLIENT_PASSWORD", "password")

SYSTEM, ZONE, WATER = "climate.home", "climate.kitchen", "water_heater.domestic_hot_water"


class Script:
    def __init__(self, folder):
        self.folder = folder
        self.client = Client("Home Assistant")
        self.hass = None

    async def run(self):
        step = self.client.step
        await step("log in", self.log_in)
        await step("restore tokens", self.restore)
        await step("read all", self.read)
        await step("high-precision", self.fine)
        await step("read schedules", self.read_schedules)
        await step("zone until", self.until)
        await step("zone permanently", self.permanently)
        await step("zone back", self.back)
        await step("hot water", self.hot_water)
        await step("system modes", self.modes)
        await step("refresh tokens", self.refresh)
        await self.stop()
        return self.client

    async def start(self):
        self.hass = await async_setup_hass(RuntimeConfig(config_dir=self.folder, skip_pip=True))
        await self.hass.async_start()
        await self.hass.async_block_till_done()
        assert self.hass.states.get(ZONE), self.hass.states.async_entity_ids()

    async def stop(self):
        if self.hass:
            await self.hass.async_stop()

    async def call(self, service, entity=None, **data):
        domain, name = service.split(".")
        target = {"entity_id": entity} if entity else None
        await self.hass.services.async_call(domain, name, data, blocking=True, target=target)

    @property
    def has_buttons(self):
        """Newer versions have them in place of some actions, whose other ones name the control system."""
        return bool(self.hass.states.async_entity_ids("button"))

    async def reset(self, action, entity):
        if self.has_buttons:
            await self.call("button.press", f"button.reset_{entity.split('.')[1]}")
        else:
            await self.call(action, entity if entity != SYSTEM else None)

    def see(self, entity, name=None):
        state = self.hass.states.get(entity)
        return state.attributes.get(name) if name else state.state

    def status(self, entity, name):
        return self.see(entity, "status")[name]

    async def settle(self, check):
        """Has Home Assistant read the cloud until it shows what a task has done."""
        async with asyncio.timeout(120):
            while not check():
                await self.call("evohome.refresh_system")
                await self.hass.async_block_till_done()
                await asyncio.sleep(0.5)

    async def grants(self):
        """Not from Home Assistant's own loop, which takes no blocking calls."""
        return await asyncio.to_thread(control.grants)

    async def log_in(self):
        """A first Home Assistant, in a process of its own: one process can run it once."""
        command = [sys.executable, *sys.argv, "log in"]
        await asyncio.to_thread(subprocess.run, command, check=True)
        # Through a share, the bridge refreshes meanwhile.
        assert (await self.grants()).count("password") == 1

    async def restore(self):
        await self.start()
        # Through a share, the bridge refreshes meanwhile.
        assert (await self.grants()).count("password") == 1

    async def read(self):
        zones = [entity for entity in self.hass.states.async_entity_ids("climate") if entity != SYSTEM]
        assert len(zones) == 6, zones
        assert all(self.see(zone, "current_temperature") and self.see(zone, "temperature") for zone in zones)
        assert self.see(SYSTEM) == "heat" and self.see(WATER, "current_temperature")

    async def fine(self):
        readings = [self.see(entity, "current_temperature") for entity in self.hass.states.async_entity_ids("climate")]
        assert any(reading * 2 % 1 for reading in readings), readings

    async def read_schedules(self):
        await self.settle(lambda: "next_sp_from" in self.status(ZONE, "setpoints"))

    async def until(self):
        await self.call("climate.set_temperature", ZONE, temperature=23)
        await self.settle(lambda: self.see(ZONE, "preset_mode") == "temporary")
        assert self.see(ZONE, "temperature") == 23
        ends = self.status(ZONE, "setpoint_status")["until"]
        await self.call("evohome.set_zone_override", entity_id=ZONE, setpoint=24.5, duration="02:00:00")
        await self.settle(lambda: self.see(ZONE, "temperature") == 24.5)
        assert self.status(ZONE, "setpoint_status")["until"] != ends

    async def permanently(self):
        await self.call("climate.set_preset_mode", ZONE, preset_mode="permanent")
        await self.settle(lambda: self.see(ZONE, "preset_mode") == "permanent")
        await self.call("evohome.set_zone_override", entity_id=ZONE, setpoint=22)
        await self.settle(lambda: self.see(ZONE, "temperature") == 22)
        assert self.see(ZONE, "preset_mode") == "permanent"

    async def back(self):
        await self.reset("evohome.clear_zone_override", ZONE)
        await self.settle(lambda: self.see(ZONE, "preset_mode") == "none")
        await self.call("climate.turn_off", ZONE)
        await self.settle(lambda: self.see(ZONE) == "off")
        await self.call("climate.set_preset_mode", ZONE, preset_mode="none")
        await self.settle(lambda: self.see(ZONE, "preset_mode") == "none")

    async def hot_water(self):
        for mode in ("on", "off"):
            await self.call("water_heater.set_operation_mode", WATER, operation_mode=mode)
            await self.settle(lambda: self.see(WATER) == mode)
            assert self.status(WATER, "state_status")["mode"] == "TemporaryOverride"
        await self.call("water_heater.set_away_mode", WATER, away_mode=True)
        await self.settle(lambda: self.see(WATER, "away_mode") == "on")
        await self.call("water_heater.set_operation_mode", WATER, operation_mode="auto")
        await self.settle(lambda: self.see(WATER) == "auto" and self.see(WATER, "away_mode") == "off")

    async def modes(self):
        for preset in ("away", "eco", "home", "Custom"):
            await self.call("climate.set_preset_mode", SYSTEM, preset_mode=preset)
            await self.settle(lambda: self.see(SYSTEM, "preset_mode") == preset)
        for mode in ("off", "heat"):
            await self.call("climate.set_hvac_mode", SYSTEM, hvac_mode=mode)
            await self.settle(lambda: self.see(SYSTEM) == mode)
        for mode, preset, limit in (
            ("AutoWithEco", "eco", {"duration": "02:00:00"}),
            ("Away", "away", {"period": {"days": 3}}),
        ):
            await self.call("evohome.set_system_mode", SYSTEM if self.has_buttons else None, mode=mode, **limit)
            await self.settle(lambda: self.see(SYSTEM, "preset_mode") == preset)
            assert self.status(SYSTEM, "system_mode_status")["time_until"]
        await self.reset("evohome.reset_system", SYSTEM)
        await self.settle(lambda: self.see(SYSTEM, "preset_mode") is None)

    async def refresh(self):
        async with asyncio.timeout(120):
            while "refresh_token" not in (grants := await self.grants()):
                await self.call("evohome.refresh_system")
                await asyncio.sleep(1)
        assert grants.count("password") == 1, grants


async def main(folder, port, *task):
    script = Script(folder)
    if turn := os.environ.get("TURN"):
        steps.take_turns(turn)
    if task:
        await script.start()
        await script.stop()
        return True
    Path(folder, "configuration.yaml").write_text(CONFIGURATION.format(port=port, user=USER, password=PASSWORD))
    return table([await script.run()])


# Home Assistant leaves threads behind that would hold the process up.
succeeded = asyncio.run(main(*sys.argv[1:]))
sys.stdout.flush()
os._exit(0 if succeeded else 1)
