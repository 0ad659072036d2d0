"""Reads a home of 12 zones with another client, and prints what that cost.

Usage: other_clients.py CLIENT POLLS. SIMULATOR_PORT is where the simulated cloud listens with TLS.
"""

import asyncio
import json
import os
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Interoperability"))

import loopback  # noqa: E402

loopback.install()

USER, PASSWORD = "user@example.com", "password"


def resident():
    for line in Path("/proc/self/smaps_rollup").read_text().splitlines():
        if line.startswith("Rss:"):
            return int(line.split()[1]) / 1024
    raise SystemExit("The kernel does not say how much memory is resident.")


async def evohome_async(polls):
    """The library alone: what it reads is kept in its objects and goes nowhere."""
    import aiohttp
    from evohomeasync2 import EvohomeClient
    from evohomeasync2.auth import AbstractTokenManager

    class Tokens(AbstractTokenManager):
        async def save_access_token(self):
            pass

    async with aiohttp.ClientSession() as session:
        client = EvohomeClient(Tokens(USER, PASSWORD, session))
        await client.setup()
        location = client.locations[0]
        await location.get_status()
        assert len(location.gateways[0].systems[0].zones) == 12
        began = time.process_time()
        for _ in range(polls):
            await asyncio.sleep(1)
            await location.get_status()
        return time.process_time() - began


async def home_assistant(polls):
    """Home Assistant with its own integration: what it reads becomes states of entities."""
    from aiohttp.resolver import AsyncResolver

    resolve = AsyncResolver.resolve

    async def to_loopback(self, host, *args, **kwargs):
        if host not in loopback.NAMES:
            return await resolve(self, host, *args, **kwargs)
        return [{"hostname": host, "host": "127.0.0.1", "port": loopback.PORT, "family": 2, "proto": 0, "flags": 0}]

    # Home Assistant asks the name servers itself, past the resolver of the system.
    AsyncResolver.resolve = to_loopback

    from homeassistant.bootstrap import async_setup_hass
    from homeassistant.runner import RuntimeConfig

    folder = tempfile.mkdtemp()
    Path(folder, "configuration.yaml").write_text(
        f"http: {{server_host: 127.0.0.1, server_port: {free_port()}}}\n"
        f"evohome: {{username: {USER}, password: {PASSWORD}}}\n"
    )
    hass = await async_setup_hass(RuntimeConfig(config_dir=folder, skip_pip=True))
    await hass.async_start()
    await hass.async_block_till_done()
    assert len(hass.states.async_entity_ids("climate")) == 13, hass.states.async_entity_ids()
    spent = 0
    for _ in range(polls):
        await asyncio.sleep(1)
        began = time.process_time()
        await hass.services.async_call("evohome", "refresh_system", {}, blocking=True)
        await hass.async_block_till_done()
        # What Home Assistant does in the meantime is not counted.
        spent += time.process_time() - began
    return spent


def free_port():
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def main(client, polls):
    name, package, read = {
        "evohome-async": ("evohome-async", "evohome-async", evohome_async),
        "home-assistant": ("Home Assistant", "homeassistant", home_assistant),
    }[client]
    name += " " + version(package)
    spent = asyncio.run(read(polls))
    cost = {"name": name, "processorTimePerPoll": spent * 1000 / max(polls, 1), "resident": resident()}
    print(json.dumps(cost), flush=True)
    # Home Assistant leaves threads behind that would hold the process up.
    os._exit(0)


main(sys.argv[1], int(sys.argv[2]))
