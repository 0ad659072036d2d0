"""A cloud, a broker and a bridge around one home."""

import json
import os
import urllib.request

from processes import Process, eventually, free_port


# Where a user opens the page, as the devices of a home say it.
PAGE = "http://heating.local:8080/"


class World:
    def __init__(self, program, folder, home):
        self.mqtt_port = free_port()
        cloud, self.control_port = free_port(), free_port()
        # Without persistence: a broker that restarts has forgotten what it was to retain.
        self.broker = Process("broker", folder, "mosquitto", "-p", str(self.mqtt_port))
        self.cloud = Process(
            "cloud",
            folder,
            *(program, "simulate", "--home", home, "--speed", "4"),
            *("--listen", f"127.0.0.1:{cloud}", "--control", f"127.0.0.1:{self.control_port}"),
        )
        self.bridge = Process(
            "bridge",
            folder,
            *(program, "run", "--cloud-url", f"http://127.0.0.1:{cloud}", "--cloud-poll-interval", "2s"),
            *("--cloud-installation-interval", "5s"),
            *("--mqtt-url", f"mqtt://127.0.0.1:{self.mqtt_port}", "--state-file", os.path.join(folder, "state.json")),
            *("--http-listen", f"127.0.0.1:{free_port()}", "--http-url", PAGE),
            EVOHOME_ACCOUNT_USERNAME="user@example.com",
            EVOHOME_ACCOUNT_PASSWORD="password",
        )

    def __enter__(self):
        self.broker.start()
        self.cloud.start()
        eventually(lambda: self.control("GET", "/time"), "the simulator answers")
        self.bridge.start()
        return self

    def __exit__(self, *_):
        for process in (self.bridge, self.cloud, self.broker):
            process.stop()

    def control(self, method, path, body=None):
        """A request to the simulator's control port."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.control_port}{path}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b"null")

    def changes(self):
        """Requests that changed something, with their bodies."""
        return [request for request in self.control("GET", "/requests") if request["method"] == "PUT"]
