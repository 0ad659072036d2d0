"""Runs every client through its steps, one after the other, and prints the table."""

import asyncio
import sys

import loopback

loopback.install()

import evohome_async_v0  # noqa: E402
import evohome_async_v2  # noqa: E402
import evohomeclient_v1  # noqa: E402
import evohomeclient_v2  # noqa: E402
import steps  # noqa: E402


async def main():
    clients = []
    for script in (evohome_async_v2, evohome_async_v0, evohomeclient_v2, evohomeclient_v1):
        clients.append(await script.run("user@example.com", "password"))
    return steps.table(clients)


sys.exit(0 if asyncio.run(main()) else 1)
