"""The steps of the table, and what each client made of them."""

import asyncio
import fcntl
import time
import traceback

STEPS = (
    "log in",
    "restore tokens",
    "refresh tokens",
    "read all",
    "zone permanently",
    "zone until",
    "zone back",
    "hot water",
    "system modes",
    "read schedules",
    "write schedules",
    "high-precision",
    "follow a task",
    "wrong password",
    "after a restart",
)
# Clients that run at the same time take turns with these: they change the home, or expect it unchanged.
TURNS = {
    "read all",
    "zone permanently",
    "zone until",
    "zone back",
    "hot water",
    "system modes",
    "write schedules",
    "follow a task",
}
_turn = None


async def _take_turn():
    while True:
        try:
            return fcntl.flock(_turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            await asyncio.sleep(0.2)


def take_turns(path):
    """Has the clients of several processes change a home one after another."""
    global _turn
    _turn = open(path, "w")



class Client:
    """A column of the table: runs steps and keeps how they ended."""

    def __init__(self, name):
        self.name, self.results = name, {}

    async def step(self, name, action):
        assert name in STEPS, name
        takes_turn = _turn is not None and name in TURNS
        if takes_turn:
            await _take_turn()
        try:
            result = action()
            if hasattr(result, "__await__"):
                await result
            self.results[name] = "pass"
        except Exception:
            self.results[name] = "FAIL"
            print(f"--- {self.name}: {name}")
            traceback.print_exc()
        finally:
            if takes_turn:
                fcntl.flock(_turn, fcntl.LOCK_UN)


def eventually(check, seconds=120):
    """Waits until the status shows what a task has done, as the vendor's does some seconds later."""
    end = time.monotonic() + seconds
    while True:
        found = check()
        if found or time.monotonic() > end:
            assert found
            return
        time.sleep(0.5)


def table(clients):
    """Prints clients and steps; a dash is a step that a client has no way to do."""
    width = max(len(step) for step in STEPS)
    print(" " * width, *(f"{client.name:>22}" for client in clients))
    for step in STEPS:
        print(f"{step:<{width}}", *(f"{client.results.get(step, '-'):>22}" for client in clients))
    return all("FAIL" not in client.results.values() for client in clients)
