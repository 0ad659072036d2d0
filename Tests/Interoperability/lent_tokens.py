"""Unmodified clients read with a token that the bridge lends, and log in nowhere."""

import asyncio
import json
import os
import subprocess
import sys
import time
from datetime import datetime

import control
import loopback

loopback.install()

import aiohttp  # noqa: E402
import evohomeclient2  # noqa: E402
from evohomeasync2 import EvohomeClient  # noqa: E402
from evohomeasync2.auth import AbstractTokenManager  # noqa: E402


def lend(form):
    """Asks the bridge for a token that lives forty seconds at the least."""
    command = [os.environ["PROGRAM"], "tokens", "lend", "--format", form, "--valid-for", "40s"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


class LentToken(AbstractTokenManager):
    """evohome-async's token manager, given what its own cache file would hold."""

    def __init__(self, entry, *args):
        super().__init__(*args)
        self._import_access_token(entry)

    async def save_access_token(self):
        raise AssertionError("the client has got a token of its own")


async def evohome_async():
    entry = lend("evohome-async")["user@example.com"]["access_token"]
    async with aiohttp.ClientSession() as session:
        evo = EvohomeClient(LentToken(entry, "user@example.com", "no password", session))
        await evo.setup()
        await evo.locations[0].get_status()
        return len(evo.locations)


def evohome_client():
    lent = lend("evohomeclient2")
    expires = datetime.fromisoformat(lent.pop("access_token_expires"))
    evo = evohomeclient2.EvohomeClient("user@example.com", "no password", access_token_expires=expires, **lent)
    return len(list(evo.temperatures()))


end = time.monotonic() + 75
rounds = 0
while time.monotonic() < end:
    # evohome-async takes a token for spent fifteen seconds before it is, evohomeclient2 thirty.
    if asyncio.run(evohome_async()) != 1 or evohome_client() != 7:
        sys.exit("A client did not read everything.")
    rounds += 1
    time.sleep(8)

seen = control.grants()
print(f"{rounds} rounds of two clients; authentication calls of all: {seen.count('password')} by password (the login),")
print(f"{seen.count('refresh_token')} by refresh token (the bridge and its lending)")
sys.exit(0 if seen.count("password") == 1 and seen.count("refresh_token") >= 1 else "There were other logins.")
