"""The steps of the table, and what each client made of them."""

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
)


class Client:
    """A column of the table: runs steps and keeps how they ended."""

    def __init__(self, name):
        self.name, self.results = name, {}

    async def step(self, name, action):
        assert name in STEPS, name
        try:
            result = action()
            if hasattr(result, "__await__"):
                await result
            self.results[name] = "pass"
        except Exception:
            self.results[name] = "FAIL"
            print(f"--- {self.name}: {name}")
            traceback.print_exc()


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
