"""Leads the vendor's names to a simulator on this machine, without touching the clients."""

import os
import socket
import time

NAMES = ("tccna.resideo.com", "tccna.honeywell.com")
PORT = int(os.environ["SIMULATOR_PORT"])

_resolve = socket.getaddrinfo


def _resolve_to_loopback(host, port, *args, **kwargs):
    name = host.decode() if isinstance(host, bytes) else host
    return _resolve("127.0.0.1", PORT, *args, **kwargs) if name in NAMES else _resolve(host, port, *args, **kwargs)


def install():
    socket.getaddrinfo = _resolve_to_loopback
    for _ in range(100):
        try:
            return socket.create_connection(("127.0.0.1", PORT)).close()
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The simulator does not listen.")
