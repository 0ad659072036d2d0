// homebridge-evohome's client and node-red-contrib-evohome's nodes, unmodified, without the programs around them.
// Usage: node node_clients.js FOLDER, where FOLDER/node_modules has both. Prints clients and steps.

const assert = require("node:assert");
const https = require("node:https");
const path = require("node:path");

const folder = path.resolve(process.argv[2], "node_modules");
const user = process.env.CLIENT_USER ?? "user@example.com";
const password = process.env.CLIENT_PASSWORD ?? "password";

// Leads the vendor's name to this machine, as loopback.py does.
const { createConnection } = https.Agent.prototype;
https.Agent.prototype.createConnection = function (options, ...rest) {
  if (options.host === "tccna.resideo.com") {
    Object.assign(options, { servername: options.host, host: "127.0.0.1", port: process.env.SIMULATOR_PORT });
  }
  return createConnection.call(this, options, ...rest);
};

const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** Waits until the status shows what a task has done. */
async function eventually(check) {
  for (let tries = 0; tries < 240; tries += 1) {
    if (await check()) return;
    await pause(0.5);
  }
  throw new Error("It was never shown.");
}

async function run(client, steps) {
  const results = {};
  for (const [name, step] of Object.entries(steps)) {
    try {
      await step();
      results[name] = "pass";
    } catch (error) {
      results[name] = "FAIL";
      console.log(`--- ${client}: ${name}: ${error.stack ?? error}`);
    }
  }
  for (const [name, result] of Object.entries(results)) console.log(`${client.padEnd(24)} ${name.padEnd(18)} ${result}`);
  return !Object.values(results).includes("FAIL");
}

function homebridge() {
  const evohome = require(path.join(folder, "homebridge-evohome/lib/evohome.js"));
  let session, location, zone;
  const accepted = async (answer) => assert((await answer).id);
  const setpoint = async () =>
    (await session.getThermostats(location.locationID)).find(({ zoneId }) => zoneId === zone).setpointStatus;
  const setWater = (state, mode) =>
    accepted(session.setSystemMode(location.dhw.dhwId, { State: state, Mode: mode, UntilTime: null }, true));
  const water = async () => (await session.getHotWater(location.dhw.dhwId)).dhwStatus;
  return {
    "log in": async () => {
      session = await evohome.login(user, password);
      assert(session.userInfo.userID);
    },
    "refresh tokens": async () => {
      const tokens = await session._renew();
      assert.notEqual(tokens.refresh_token, session.refreshToken);
      Object.assign(session, { sessionId: `bearer ${tokens.access_token}`, refreshToken: tokens.refresh_token });
    },
    "read all": async () => {
      [location] = await session.getLocations();
      const zones = await session.getThermostats(location.locationID);
      assert.equal(zones.length, 6);
      assert(zones.every(({ temperatureStatus }) => temperatureStatus.temperature > 0));
      zone = zones[0].zoneId;
    },
    "zone permanently": async () => {
      await accepted(session.setHeatSetpoint(zone, 22.5, null));
      await eventually(async () => (await setpoint()).setpointMode === "PermanentOverride");
      assert.equal((await setpoint()).targetHeatTemperature, 22.5);
    },
    "zone until": async () => {
      await accepted(session.setHeatSetpoint(zone, 23, "00:00:00"));
      await eventually(async () => (await setpoint()).setpointMode === "TemporaryOverride");
    },
    "zone back": async () => {
      await accepted(session.setHeatSetpoint(zone, 0, null));
      await eventually(async () => (await setpoint()).setpointMode === "FollowSchedule");
    },
    "hot water": async () => {
      await setWater("On", "PermanentOverride");
      await eventually(async () => (await water()).mode === "PermanentOverride");
      await setWater("", "FollowSchedule");
      await eventually(async () => (await water()).mode === "FollowSchedule");
    },
    "system modes": async () => {
      for (const mode of ["Away", "AutoWithEco", "DayOff", "HeatingOff", "Custom", "Auto"]) {
        await accepted(session.setSystemMode(location.systemId, mode, false));
        await eventually(async () => (await session.getSystemModeStatus(location.locationID)).mode === mode);
      }
    },
    "read schedules": async () => assert.equal((await session.getSchedule(zone, false)).length, 7),
    "wrong password": () => assert.rejects(() => Promise.resolve(evohome.login(user, "wrong"))),
  };
}

function nodeRED() {
  const [types, made, flow, warnings] = [{}, {}, new Map(), []];
  const note = (warning) => warnings.push(String(warning));
  const context = () => ({ flow: { get: (key) => flow.get(key), set: (key, value) => flow.set(key, value) } });
  // As much of Node-RED as they use.
  const RED = {
    nodes: {
      createNode(node, { id }) {
        const handlers = {};
        const quiet = () => {};
        Object.assign(node, { context, warn: note, error: note, log: quiet, debug: quiet, status: quiet, sent: [] });
        node.on = (event, handler) => (handlers[event] = handler);
        node.send = (message) => node.sent.push(message.payload);
        node.receive = (payload = {}) => handlers.input({ payload });
        made[id] = node;
      },
      getNode: (id) => made[id],
      registerType: (type, constructor) => (types[type] = constructor),
    },
  };
  for (const kind of ["config", "control", "quickaction", "status"]) {
    require(path.join(folder, `node-red-contrib-evohome/evohome/evohome-${kind}.js`))(RED);
  }
  const make = (type, settings) => new types[type]({ id: type, confignode: "evohome-config", ...settings });
  make("evohome-config", { userid: user, passwd: password });
  const status = make("evohome-status", { interval: "0" });
  const [control, quickAction] = [make("evohome-control"), make("evohome-quickaction")];
  const session = () => flow.get("evohome-session");
  let zone;
  async function shows(check) {
    await eventually(async () => {
      status.sent = [];
      status.receive();
      await pause(0.5);
      return status.sent.some((payload) => payload.id === (zone ?? payload.id) && check(payload));
    });
    assert.deepEqual(warnings, []);
  }
  return {
    "log in": async () => {
      status.receive();
      await eventually(session);
    },
    "refresh tokens": async () => assert.notEqual((await session()._renew()).refresh_token, session().refreshToken),
    "read all": async () => {
      await shows(() => status.sent.length === 6);
      zone = status.sent[0].id;
    },
    "zone permanently": async () => {
      control.receive({ id: zone, temperature: 24, permanent: true });
      await shows(({ targetTemperature }) => targetTemperature === 24);
    },
    "zone until": async () => {
      control.receive({ id: zone, temperature: 23.5 });
      await shows(({ targetTemperature }) => targetTemperature === 23.5);
    },
    "zone back": async () => {
      control.receive({ id: zone });
      await shows(({ targetTemperature }) => targetTemperature !== 23.5);
    },
    "system modes": async () => {
      for (const mode of ["Away", "AutoWithEco", "DayOff", "Auto"]) {
        quickAction.receive({ quickAction: mode });
        await shows(({ systemModeStatus }) => systemModeStatus.mode === mode);
      }
    },
    "read schedules": async () => assert.equal((await session().getSchedule(zone)).length, 7),
  };
}

(async () => {
  const succeeded = [await run("homebridge-evohome", homebridge()), await run("node-red-contrib-evohome", nodeRED())];
  process.exit(succeeded.every(Boolean) ? 0 : 1);
})();
