"""The processes of a test: each started with a log and in a session of its own, and ended with all that it started."""

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


def listens(port):
    with socket.create_connection(("127.0.0.1", port), timeout=2):
        return True


class Process:
    """A program that can be stopped and started again."""

    def __init__(self, name, folder, *command, **environment):
        self.log = os.path.join(folder, f"{name}.log")
        self.command = command
        self.environment = os.environ | environment
        self.running = None

    def start(self):
        with open(self.log, "a") as log:
            self.running = subprocess.Popen(
                self.command, stdout=log, stderr=log, env=self.environment, start_new_session=True
            )

    def stop(self, ending=signal.SIGTERM):
        """Returns the exit status."""
        if not self.running:
            return None
        process, self.running = self.running, None
        process.send_signal(ending)
        try:
            status = process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            status = None
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait(timeout=20)
        return status

    def said(self):
        with open(self.log, errors="replace") as log:
            return log.read()
