"""evohome-async 3.1.0, API v1."""

import aiohttp
from evohomeasync import EvohomeClient
from evohomeasync.auth import AbstractSessionManager
from evohomeasync.exceptions import AuthenticationFailedError

from steps import Client


class Sessions(AbstractSessionManager):
    """Keeps the session in memory."""

    saved = None

    async def save_session_id(self):
        self.saved = self._export_session_id()

    def restore(self, session):
        self._import_session_id(session)


async def run(username, password, pause=None):
    client = Client("evohome-async v0")
    async with aiohttp.ClientSession() as web:
        sessions = Sessions(username, password, web)
        evo = EvohomeClient(sessions)

        async def restore():
            other = Sessions(username, "not needed", web)
            other.restore(sessions.saved)
            await EvohomeClient(other).get_status()

        async def temperatures():
            readings = await evo.locations[0].gateways[0].systems[0].get_temperatures()
            assert len(readings) == 6 and any(reading * 2 % 1 for reading in readings.values()), readings

        async def wrong_password():
            try:
                await Sessions(username, "wrong", web).get_session_id()
            except AuthenticationFailedError:
                return
            raise AssertionError("a wrong password was taken")

        await client.step("log in", sessions.get_session_id)
        await client.step("restore tokens", restore)
        await client.step("read all", evo.get_status)
        await client.step("high-precision", temperatures)
        await client.step("wrong password", wrong_password)
        if pause:
            await pause()
            await client.step("after a restart", evo.get_status)
    return client
