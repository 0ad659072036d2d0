// The words of heating: what is set and until when, why it is so, who did it. Nothing here touches the page.

/** "21.0°"; two decimals only where they say something, and a dash for what is unknown. */
export function degrees(value) {
  if (typeof value !== "number") return "–";
  const isTenth = Math.abs(value * 10 - Math.round(value * 10)) < 1e-6;
  return `${value.toFixed(isTenth ? 1 : 2)}°`.replace("-", "−");
}

/** A reading to a tenth, which is as fine as a glance needs. */
export function reading(value) {
  return typeof value === "number" ? `${value.toFixed(1)}°`.replace("-", "−") : "–";
}

/** The value of a switchpoint or override: a temperature, or "On" and "Off" for hot water. */
export function valueText(value) {
  if (typeof value === "number") return degrees(value);
  if (value === "on") return "On";
  if (value === "off") return "Off";
  return "–";
}

/** Text for people from a word of the interface: "boiler_communication_lost" becomes "Boiler communication lost". */
export function plain(word) {
  const text = String(word ?? "unknown").replaceAll("_", " ");
  return text[0]?.toUpperCase() + text.slice(1);
}

const MODES = {
  auto: ["Normal", "Every zone follows its schedule."],
  auto_with_eco: ["Eco", "Schedules run a few degrees lower."],
  away: ["Nobody home", "Every zone is at its away temperature, and hot water is off."],
  day_off: ["Day off", "Saturday's schedule, every day."],
  custom: ["Custom", "The custom programme of the wall controller."],
  heating_off: ["Heating off", "Only protection from frost is left."],
  auto_with_reset: ["Back to schedules", "Ends everything that was set by hand in any zone."],
  heat: ["Heat", "The thermostat heats."],
  cool: ["Cool", "The thermostat cools."],
  off: ["Off", "The thermostat does nothing."],
};

export function modeName(mode) {
  return MODES[mode]?.[0] ?? plain(mode);
}

export function modeMeaning(mode) {
  return MODES[mode]?.[1] ?? "";
}

/** Whether the mode of the system decides what a zone or hot water does, whatever it is set to. */
export function isMasked(target, system) {
  return system.mode === "away" || (system.mode === "heating_off" && target.kind === "zone");
}

/** The mode of a system with its end: "Nobody home until the end of Sun". */
export function systemSentence(system, clock, now) {
  const name = modeName(system.mode);
  if (system.until) return `${name} until ${clock.moment(system.until, now)}`;
  return system.mode === "auto" ? "Following the schedules" : `${name}, until you change it`;
}

const value = (state) => ("setpoint" in state ? state.setpoint : state.state);

/** What a zone or hot water does and until when, in a few words, beside its setpoint. */
export function untilSentence(target, system, clock, now) {
  const { state } = target;
  if (isMasked(target, system)) {
    return system.until ? `${modeName(system.mode)} until ${clock.moment(system.until, now)}` : modeName(system.mode);
  }
  if (state.mode === "permanent_override") return "for good";
  if (state.mode === "temporary_override") {
    return state.until ? `until ${clock.moment(state.until, now)}, then the schedule` : "for a while";
  }
  if (state.mode && state.mode !== "follow_schedule") return plain(state.mode).toLowerCase();
  const next = state.schedule?.next;
  if (next) return `until ${clock.moment(next.at, now)}, then ${valueText(value(next)).toLowerCase()}`;
  if (system.mode === "custom") return "as the custom programme says";
  return target.week ? "as scheduled" : "no schedule known";
}

const CHANGERS = {
  bridge: "from here or over MQTT",
  share: "by a program that shares the bridge",
  schedule: "by the schedule",
  system: "by the system's mode",
  elsewhere: "by the app or at the wall",
};

/** "Changed by the schedule at 08:00", or null where nobody knows. */
export function changedSentence(changed, clock, now) {
  if (!changed?.by) return null;
  const who = CHANGERS[changed.by] ?? `by ${plain(changed.by).toLowerCase()}`;
  return `Changed ${who}${changed.at ? ` ${clock.past(changed.at, now)}` : ""}`;
}

/** Who set an override, in a few words; null for what nobody set by hand. */
export function setBy(state) {
  if (state.mode === "follow_schedule") return null;
  return (
    { bridge: "by this bridge", share: "by another program", elsewhere: "by app or wall" }[state.changed?.by] ?? null
  );
}

const FAULTS = {
  temp_zone_sensor_communication_lost: "The room sensor is out of reach",
  temp_zone_actuator_communication_lost: "A radiator valve is out of reach",
  temp_zone_sensor_low_battery: "The battery of the room sensor is low",
  temp_zone_actuator_low_battery: "The battery of a radiator valve is low",
  dhw_sensor_communication_lost: "The hot-water sensor is out of reach",
  dhw_actuator_communication_lost: "The hot-water valve is out of reach",
  dhw_sensor_low_battery: "The battery of the hot-water sensor is low",
  boiler_communication_lost: "The boiler relay is out of reach",
  gateway_communication_lost: "The gateway is out of reach",
  chv_actuator_communication_lost: "The heating valve is out of reach",
};

export function faultName(type) {
  return FAULTS[type] ?? plain(type);
}

export function faultSentence(fault, clock, now) {
  return `${faultName(fault.type)}${fault.since ? `, since ${clock.since(fault.since, now)}` : ""}.`;
}

/**
 * Why it is as warm or cold as it is, in sentences: the most telling first.
 *
 * @param {object} home The home that the zone or hot water belongs to.
 * @param {object} target The zone, or hot water.
 */
export function why(home, target, now) {
  const { state } = target;
  const { system, clock } = home;
  const sentences = (state.faults ?? []).map((fault) => faultSentence(fault, clock, now));
  if (!home.available) sentences.push("The gateway or the cloud is out of reach, so these values may be old.");
  if (state.temperature === null) sentences.push("No reading: the temperature is unknown.");
  if (isMasked(target, system)) {
    sentences.push(`${systemSentence(system, clock, now)}: this overrides what every zone is set to.`);
  } else if (system.mode === "auto_with_eco") {
    sentences.push(`${systemSentence(system, clock, now)}: setpoints of schedules are lowered.`);
  } else if (state.mode === "follow_schedule") {
    sentences.push(scheduleSentence(target, clock, now));
  } else {
    sentences.push(
      `Set to ${valueText(value(state)).toLowerCase()} by hand, ${untilSentence(target, system, clock, now)}.`
    );
  }
  if (target.kind === "zone" && typeof state.temperature === "number" && typeof state.setpoint === "number") {
    sentences.push(gapSentence(state.temperature - state.setpoint));
  }
  const changed = changedSentence(state.changed, clock, now);
  if (changed) sentences.push(`${changed}.`);
  return sentences.filter(Boolean);
}

function scheduleSentence(target, clock, now) {
  const { current, next } = target.state.schedule ?? {};
  if (!current && !next) return target.week ? null : "No schedule is known.";
  const since = current
    ? `The schedule says ${valueText(value(current)).toLowerCase()} since ${clock.since(current.since, now)}`
    : "";
  const then = next ? `${valueText(value(next)).toLowerCase()} from ${clock.moment(next.at, now)}` : "";
  return `${[since, then].filter(Boolean).join(", then ")}.`;
}

function gapSentence(gap) {
  if (gap <= -0.5) return `It is ${degrees(Math.round(-gap * 10) / 10)} below its setpoint, so it should be heating.`;
  if (gap >= 0.5) return `It is ${degrees(Math.round(gap * 10) / 10)} above its setpoint, so it should not be heating.`;
  return "It has reached its setpoint.";
}

/** An outcome in a few words; `shown` is what was asked for, such as "21.0° until 22:30". */
export function outcomeSentence(outcome, shown, clock, now) {
  const message = outcome.message && clock.sentence(outcome.message, now);
  switch (outcome.outcome) {
    case "succeeded":
      return message ? `Done: ${shown}. ${message}` : `Done: ${shown}`;
    case "superseded":
      return "A later command took its place.";
    case "rejected":
      return `Not possible: ${message ?? plain(outcome.code)}`;
    case "expired":
      return `Timed out: ${message ?? "the cloud did not answer in time."}`;
    default:
      return `Not set: ${message ?? plain(outcome.code)}`;
  }
}
