"""A real Home Assistant on loopback, with the MQTT integration set up, as its user would see it."""

import asyncio
import json
import os
import re
import shutil
import sys
import urllib.error
import urllib.parse
import urllib.request

import aiohttp
import yaml

from processes import Process, eventually, free_port

# What is about MQTT and what we give it, but for a broker that was stopped by a test, or was not set up yet.
OURS = "mqtt|evohome|template|blueprint|script|automation"
ABOUT_THE_BROKER = "connection was lost|not currently connected|Connection reset|Connection refused|mqtt_not_setup"

CONFIGURATION = """
homeassistant:
  name: Home
  unit_system: metric
  time_zone: Europe/London
  country: GB
  currency: GBP
http:
  server_host: 127.0.0.1
  server_port: {port}
api:
config:
frontend:
history:
logger:
  default: warning
script: !include scripts.yaml
automation: !include automations.yaml
"""

# What a user makes of the blueprints.
SCRIPTS = """
boost_kitchen:
  use_blueprint:
    path: evohome-mqtt/boost.yaml
    input: {zones: [climate.kitchen], temperature: 24, minutes: 60}
"""
AUTOMATIONS = """
- alias: Eco
  use_blueprint:
    path: evohome-mqtt/eco_when_out.yaml
    input: {system: climate.home, people: [person.ada, person.max], delay: {seconds: 1}}
- alias: Faults
  use_blueprint:
    path: evohome-mqtt/faults.yaml
    input: {changes: true}
"""


class HomeAssistant:
    def __init__(self, folder, blueprints):
        self.folder = os.path.join(folder, "home-assistant")
        self.url = f"http://127.0.0.1:{(port := free_port())}"
        self.token = None
        shutil.copytree(blueprints, os.path.join(self.folder, "blueprints"))
        self.write("configuration.yaml", CONFIGURATION.format(port=port))
        self.write("scripts.yaml", SCRIPTS)
        # One that listens to MQTT cannot begin before there is any.
        self.write("automations.yaml", "[]")
        # One that needs another Python than this runs in an environment of its own.
        hass = os.environ.get("HASS") or os.path.join(os.path.dirname(sys.executable), "hass")
        self.process = Process("home-assistant", folder, hass, "-c", self.folder, "--skip-pip")

    def start(self):
        self.process.start()
        eventually(self.is_running, "Home Assistant has started", 180)

    def stop(self):
        self.process.stop()

    def is_running(self):
        if not self.token:
            return self.request("/api/onboarding")
        return self.request("/api/config")["state"] == "RUNNING"

    def set_up(self, mqtt_port):
        """Makes a user, and sets up the MQTT integration as its user would."""
        client = {"client_id": self.url + "/"}
        user = {"name": "Test", "username": "test", "password": "test-password", "language": "en"}
        code = self.request("/api/onboarding/users", client | user)["auth_code"]
        grant = client | {"grant_type": "authorization_code", "code": code}
        self.tokens = self.request("/auth/token", urllib.parse.urlencode(grant).encode())
        self.token = self.tokens["access_token"]
        for step, body in {"core_config": {}, "analytics": {}, "integration": client | {"redirect_uri": self.url + "/"}}.items():
            self.request(f"/api/onboarding/{step}", body)
        eventually(self.is_running, "Home Assistant runs")
        flow = self.request("/api/config/config_entries/flow", {"handler": "mqtt"})
        broker = {"broker": "127.0.0.1", "port": mqtt_port}
        if any(field["name"] == "other_settings" for field in flow["data_schema"]):
            transport = {"set_client_cert": False, "set_ca_cert": "off", "transport": "tcp"}
            broker |= {"protocol": "5", "other_settings": transport}
        result = self.request(f"/api/config/config_entries/flow/{flow['flow_id']}", broker)
        assert result["type"] == "create_entry", result
        self.write("automations.yaml", AUTOMATIONS)
        self.call("automation.reload")

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w") as file:
            file.write(text)

    def request(self, path, body=None):
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if isinstance(body, dict):
            headers["Content-Type"] = "application/json"
            body = json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=body, headers=headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())

    def states(self):
        return {state["entity_id"]: state for state in self.request("/api/states")}

    def state(self, entity):
        return self.request(f"/api/states/{entity}")["state"]

    def attribute(self, entity, name):
        return self.request(f"/api/states/{entity}")["attributes"].get(name)

    def call(self, service, **data):
        self.request("/api/services/" + service.replace(".", "/"), data)

    def version(self):
        """Such as `2025.4`."""
        return ".".join(self.request("/api/config")["version"].split(".")[:2])

    def notifications(self):
        """Messages of the notifications that stand."""
        return [notification["message"] for notification in self.ask({"type": "persistent_notification/get"})[0]]

    def entities_of_dashboard(self, path):
        """Makes a dashboard of a file, and returns the entities that it names."""
        with open(path) as file:
            text = file.read()
        self.ask({"type": "lovelace/config/save", "config": yaml.safe_load(text)})
        return set(re.findall(r"entity: (\S+)", text))

    def ask(self, *commands):
        """Asks over the web socket."""
        return asyncio.run(self._ask(commands))

    async def _ask(self, commands):
        async with aiohttp.ClientSession() as session, session.ws_connect(self.url + "/api/websocket") as socket:
            await socket.receive_json()
            await socket.send_json({"type": "auth", "access_token": self.token})
            await socket.receive_json()
            answers = []
            for number, command in enumerate(commands, 1):
                await socket.send_json({"id": number, **command})
                answers.append((await socket.receive_json())["result"])
            return answers

    def registries(self):
        """Devices by id, and entities, of the MQTT integration."""
        devices, entities = self.ask(
            {"type": "config/device_registry/list"}, {"type": "config/entity_registry/list"}
        )
        return {device["id"]: device for device in devices}, [e for e in entities if e["platform"] == "mqtt"]

    def complaints(self):
        """Lines of its log that are warnings or worse, without those about itself."""
        with open(self.process.log) as log:
            lines = [line.strip() for line in log if re.search(r" (WARNING|ERROR|CRITICAL) ", line)]
        return [line for line in lines if re.search(OURS, line) and not re.search(ABOUT_THE_BROKER, line)]
