"""The processes of a test: started with a log, ended by their id."""

import os
import signal
import socket
import subprocess
import time


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def eventually(condition, what, seconds=60):
    """Waits until a condition holds, and returns what it gave."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if result := condition():
                return result
        except OSError:
            pass  # A server that does not listen yet.
        if time.monotonic() > deadline:
            raise AssertionError(f"not in {seconds} s: {what}")
        time.sleep(0.1)


class Process:
    """A program that can be stopped and started again."""

    def __init__(self, name, folder, *command, **environment):
        self.log = os.path.join(folder, f"{name}.log")
        self.command = command
        self.environment = os.environ | environment
        self.running = None

    def start(self):
        with open(self.log, "a") as log:
            self.running = subprocess.Popen(self.command, stdout=log, stderr=log, env=self.environment)

    def stop(self, ending=signal.SIGTERM):
        if self.running:
            self.running.send_signal(ending)
            self.running.wait(timeout=60)
            self.running = None

    def restart(self):
        self.stop()
        self.start()
