"""Tries the bridge with every broker. See `run`."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time

from brokers import BROKERS, newest_library
from processes import Process, eventually, free_port, listens

STEPS = ("connect", "publish", "retained", "command", "will", "reconnect", "leave", "log")
WARNING = "The MQTT broker lacks some of what the bridge uses"
ZONES = 6


class Watcher:
    """Somebody who listens to everything, by mosquitto's own client, so that the bridge's is not tried with itself."""

    def __init__(self, port, version, username, quality):
        access = ("-u", username, "-P", "password") if username else ()
        self.quality = quality
        self.options = ("-h", "127.0.0.1", "-p", str(port), "-V", {"5": "mqttv5"}.get(version, "mqttv311"), *access)
        self.messages = []
        self.process = None

    def start(self):
        topics = ("-t", "evohome/#", "-t", "homeassistant/#")
        self.process = subprocess.Popen(
            ("mosquitto_sub", *self.options, "-q", "1", *topics, "-F", '{"topic":"%t","payload":"%x"}'),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        threading.Thread(target=self.read, args=(self.process,), daemon=True).start()

    def read(self, process):
        for line in process.stdout:
            message = json.loads(line)
            self.messages.append((message["topic"], bytes.fromhex(message["payload"]).decode()))

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait()
            self.process = None

    def last(self, topic):
        return next((payload for name, payload in reversed(self.messages) if name == topic), None)

    def count(self, topic, payload):
        return self.messages.count((topic, payload))

    def say(self, topic, payload):
        subprocess.run(("mosquitto_pub", *self.options, "-q", self.quality, "-t", topic, "-m", payload), check=True, timeout=30)

    def retained(self, topic):
        """What somebody who comes now is told on one topic; amqtt tells of longer ones, too."""
        found = subprocess.run(
            ("mosquitto_sub", *self.options, "-t", topic, "-W", "2", "-F", "%t %p"),
            capture_output=True,
            text=True,
            timeout=30,
        )
        lines = found.stdout.splitlines()
        return next((line.split(" ", 1)[1] for line in lines if line.startswith(f"{topic} ")), None)


class Trial:
    """One broker with one version of MQTT."""

    def __init__(self, broker, version, process, folder, port, program, cloud):
        self.broker, self.version, self.process, self.port = broker, version, process, port
        self.watcher = Watcher(port, version, broker.username, broker.quality)
        access = ("--mqtt-username", broker.username) if broker.username else ()
        self.bridge = Process(
            "bridge",
            folder,
            *(program, "run", "--cloud-url", cloud, "--cloud-poll-interval", "2s", "--cloud-high-precision", "off"),
            *("--mqtt-url", f"mqtt://127.0.0.1:{port}", "--mqtt-protocol", version, *access),
            *("--state-file", os.path.join(folder, "state.json"), *broker.flags),
            EVOHOME_ACCOUNT_USERNAME="user@example.com",
            EVOHOME_ACCOUNT_PASSWORD="password",
            **({"EVOHOME_MQTT_PASSWORD": "password"} if access else {}),
            **broker.environment,
        )

    def run(self):
        """Yields each step with how it went."""
        try:
            self.process.start()
            eventually(lambda: listens(self.port), "the broker listens", 120)
            # A broker that listens may still refuse.
            time.sleep(1)
            self.watcher.start()
            time.sleep(1)
            self.bridge.start()
            for step in STEPS:
                try:
                    yield step, getattr(self, step)() or "ok"
                except (AssertionError, ValueError, subprocess.SubprocessError, OSError) as problem:
                    yield step, f"FAILED: {problem}"
                    if step == "connect":
                        return
        finally:
            self.bridge.stop(signal.SIGKILL)
            self.watcher.stop()
            self.process.stop(signal.SIGKILL)

    def online(self, times=1):
        eventually(
            lambda: self.watcher.count("evohome/bridge/state", "online") >= times, "bridge/state is online", 60
        )

    def connect(self):
        self.online()
        information = eventually(lambda: self.watcher.last("evohome/bridge/info"), "bridge/info")
        if len(information) < self.broker.limit:
            assert json.loads(information)["mqtt_protocol"] == self.version, "another version of MQTT"

    def publish(self):
        def zones():
            topics = {topic for topic, _ in self.watcher.messages}
            return ZONES == len({topic for topic in topics if topic.count("/") == 3 and "/zone/" in topic})

        eventually(zones, "every zone's state")
        documents = {topic for topic, _ in self.watcher.messages if topic.startswith("homeassistant/device/")}
        if self.broker.denied:
            assert not documents, "denied topics have arrived"
        elif self.broker.limit > 1 << 20:
            assert len(documents) == ZONES + 3, f"{len(documents)} documents for Home Assistant"

    def retained(self):
        if not self.broker.retains:
            return "-"
        state = self.watcher.retained("evohome/home/zone/kitchen")
        assert state and "setpoint" in json.loads(state), "a new subscriber is told nothing"

    def command(self):
        setpoint = "20.5" if self.watcher.last("evohome/home/zone/kitchen/setpoint") != "20.5" else "19.5"
        before = len(self.watcher.messages)
        self.watcher.say("evohome/home/zone/kitchen/set/setpoint", setpoint)

        def outcomes():
            new = self.watcher.messages[before:]
            return [payload for topic, payload in new if topic == "evohome/home/zone/kitchen/result"]

        outcome = json.loads(eventually(outcomes, "an outcome")[0])["outcome"]
        assert outcome == "succeeded", outcome
        eventually(lambda: self.watcher.last("evohome/home/zone/kitchen/setpoint") == setpoint, "the setpoint")

    def will(self):
        before = self.watcher.count("evohome/bridge/state", "offline")
        self.bridge.stop(signal.SIGKILL)
        eventually(lambda: self.watcher.count("evohome/bridge/state", "offline") > before, "the last will", 30)
        online = self.watcher.count("evohome/bridge/state", "online")
        self.bridge.start()
        self.online(online + 1)

    def reconnect(self):
        self.watcher.stop()
        self.process.stop(signal.SIGKILL)
        time.sleep(1)
        online = self.watcher.count("evohome/bridge/state", "online")
        self.process.start()
        eventually(lambda: listens(self.port), "the broker listens again", 120)

        def listening():
            # A broker that is still starting refuses; mosquitto's client ends then.
            if self.watcher.process is None or self.watcher.process.poll() is not None:
                self.watcher.start()
                time.sleep(1)
            return self.watcher.process.poll() is None

        eventually(listening, "the watcher is back")
        # The bridge may have been quicker, which only a broker that retains can tell.
        eventually(
            lambda: self.watcher.count("evohome/bridge/state", "online") > online
            or (not self.broker.retains and self.bridge.said().count("Connected to the MQTT broker") >= 3),
            "the bridge is back",
        )
        time.sleep(2)
        self.command()

    def leave(self):
        before = self.watcher.count("evohome/bridge/state", "offline")
        status = self.bridge.stop(signal.SIGTERM)
        assert status == 0, f"it ended with {status}"
        eventually(lambda: self.watcher.count("evohome/bridge/state", "offline") > before, "the farewell", 10)

    def log(self):
        said = self.bridge.said()
        warnings = [line for line in said.splitlines() if WARNING in line]
        assert "another client" not in said, "another client is blamed"
        # One for each of the two starts.
        expected = self.broker.missing or (("homeassistant/",) if self.broker.denied and self.version == "5" else ())
        assert bool(warnings) == bool(expected), f"{len(warnings)} warnings: {warnings[:1]}"
        for word in expected:
            assert any(word in line for line in warnings), f"no warning of {word}"
        assert len(warnings) <= (4 if self.broker.limit < 1 << 20 else 2), f"{len(warnings)} warnings"


def table(rows):
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())


def main(brokers, program, *names):
    # So that a time limit leaves no process behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    rows, left_out, failures = [("broker", "MQTT", *STEPS)], [], []
    with tempfile.TemporaryDirectory() as folder:
        for broker in BROKERS + newest_library(os.path.abspath(brokers)):
            if names and not any(name.lower() in broker.name.lower() for name in names):
                continue
            for version in broker.versions:
                place = tempfile.mkdtemp(dir=folder)
                port = free_port()
                process = broker.process(os.path.abspath(brokers), place, port)
                if not process:
                    left_out.append(broker.name)
                    break
                # One for each, since it takes few logins an hour, as the real one does.
                cloud_port = free_port()
                options = ("--home", "house", "--speed", "8", "--listen", f"127.0.0.1:{cloud_port}")
                cloud = Process("cloud", place, *(program, "simulate", *options))
                trial = Trial(broker, version, process, place, port, program, f"http://127.0.0.1:{cloud_port}")
                results = dict.fromkeys(STEPS, "?")
                try:
                    cloud.start()
                    eventually(lambda: listens(cloud_port), "the simulator listens")
                    for step, result in trial.run():
                        results[step] = result.split(":")[0]
                        if result.startswith("FAILED"):
                            failures.append(f"{broker.name}, MQTT {version}, {step}: {result}")
                except AssertionError as problem:
                    failures.append(f"{broker.name}, MQTT {version}: {problem}")
                finally:
                    cloud.stop()
                if "FAILED" in results.values() or "?" in results.values():
                    for part in (trial.process, trial.bridge):
                        if os.path.exists(part.log):
                            sys.stderr.write(f"--- {broker.name}, MQTT {version}: {part.log}\n{part.said()[-6000:]}\n")
                rows.append((broker.name, version, *results.values()))
                print(" ".join(rows[-1]), flush=True)
    print()
    table(rows)
    for name in left_out:
        print(f"Left out: {name} (setup gets it where it can).")
    for failure in failures:
        print(failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
