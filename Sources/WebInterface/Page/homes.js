// What is known of homes, made of topics: one list of homes with their zones. Nothing here touches the page.

import { HouseClock, secondsOf } from "./time.js";

/** Limits of an evohome controller, where the interface does not know better. */
const CONTROLLER = { fewest: 1, most: 6, timeStep: 10, step: 0.5, minimum: 5, maximum: 35 };

/** Modes that every evohome has, where the interface does not know better. */
const USUAL_MODES = [
  { mode: "auto", permanent: true, temporary: false },
  { mode: "auto_with_eco", permanent: true, temporary: true, timing: "duration", maximum: "24h" },
  { mode: "away", permanent: true, temporary: true, timing: "period", maximum: "99d" },
  { mode: "day_off", permanent: true, temporary: true, timing: "period", maximum: "99d" },
  { mode: "custom", permanent: true, temporary: true, timing: "period", maximum: "99d" },
  { mode: "heating_off", permanent: true, temporary: false },
  { mode: "auto_with_reset", permanent: true, temporary: false },
];

/**
 * @param {Map<string, any>} topics Payloads by topic, below the base topic.
 * @param {object} facts What the interface knows of each site: its time zone, modes and limits.
 * @returns {Array} The homes in order of their titles.
 */
export function homesOf(topics, facts = {}) {
  const systems = [];
  const zones = new Map();
  for (const [topic, state] of topics) {
    const [site, kind, key, ...rest] = topic.split("/");
    if (rest.length > 0 || state === null || typeof state !== "object") continue;
    if (kind === "system" && key === undefined) systems.push([site, state]);
    if (kind !== "zone" || key === undefined) continue;
    if (!zones.has(site)) zones.set(site, []);
    zones.get(site).push(zone(topic, key, state, topics, facts[site]?.zones?.[key]));
  }
  const homes = systems.map(([site, system]) => home(site, system, zones.get(site) ?? [], topics, facts[site] ?? {}));
  const counts = new Map();
  for (const { name } of homes) counts.set(name, (counts.get(name) ?? 0) + 1);
  // Two homes of the same name are told apart by their topics.
  for (const each of homes) each.title = counts.get(each.name) === 1 ? each.name : `${each.name} (${each.site})`;
  return homes.sort((one, other) => one.title.localeCompare(other.title));
}

function home(site, system, zones, topics, facts) {
  zones.sort((one, other) => Number(one.state.id) - Number(other.state.id) || one.name.localeCompare(other.name));
  const hotWater = topics.get(`${site}/hot_water`);
  return {
    site,
    name: visible(system.name) ?? site,
    clock: clockOf(facts.time_zone ?? null),
    available: topics.get(`${site}/availability`) !== "offline",
    system,
    systemTopic: `${site}/system`,
    modes: facts.modes ?? USUAL_MODES,
    zones,
    hotWater: hotWater ? hotWaterOf(site, hotWater, topics, facts.hot_water) : null,
  };
}

// A clock is dear to make, and all homes of a zone share it.
const clocks = new Map();

function clockOf(zone) {
  if (!clocks.has(zone)) clocks.set(zone, new HouseClock(zone));
  return clocks.get(zone);
}

function zone(topic, key, state, topics, facts) {
  const limits = limitsOf(facts?.schedule, "setpoint");
  return {
    kind: "zone",
    topic,
    key,
    name: visible(state.name) ?? key,
    state,
    week: topics.get(`${topic}/schedule`) ?? null,
    limits: {
      ...limits,
      minimum: state.min_setpoint ?? limits.minimum,
      maximum: state.max_setpoint ?? limits.maximum,
      step: state.setpoint_step ?? limits.step,
    },
    longestOverride: secondsOf(facts?.maximum_duration),
  };
}

function hotWaterOf(site, state, topics, facts) {
  return {
    kind: "hot_water",
    topic: `${site}/hot_water`,
    key: "hot_water",
    name: "Hot water",
    state,
    week: topics.get(`${site}/hot_water/schedule`) ?? null,
    limits: limitsOf(facts?.schedule, "state"),
    longestOverride: secondsOf(facts?.maximum_duration),
  };
}

/** Limits of schedules: how many switchpoints a day has, and in which steps times (in minutes) and values go. */
function limitsOf(facts, member) {
  return {
    ...CONTROLLER,
    member,
    fewest: facts?.minimum_switchpoints ?? CONTROLLER.fewest,
    most: facts?.maximum_switchpoints ?? CONTROLLER.most,
    timeStep: Math.max(1, (secondsOf(facts?.time_step) ?? CONTROLLER.timeStep * 60) / 60),
    step: facts?.setpoint_step ?? CONTROLLER.step,
  };
}

/** A name that can be seen, or null: names can be blank. */
function visible(name) {
  const text = String(name ?? "").trim();
  return text === "" ? null : text;
}

/** Everything of a home that has a schedule: its zones, then hot water. */
export function scheduled(home) {
  return [...home.zones, ...(home.hotWater ? [home.hotWater] : [])].filter((target) => target.week);
}

/** Faults of a whole home, each with what it is about, the oldest first. */
export function faultsOf(home) {
  const owners = [
    { name: home.title, faults: home.system.faults },
    ...home.zones.map((zone) => ({ name: zone.name, faults: zone.state.faults })),
    ...(home.hotWater ? [{ name: home.hotWater.name, faults: home.hotWater.state.faults }] : []),
  ];
  return owners
    .flatMap(({ name, faults }) => (faults ?? []).map((fault) => ({ owner: name, ...fault })))
    .sort((one, other) => String(one.since).localeCompare(String(other.since)));
}
