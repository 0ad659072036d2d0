// Days of a schedule as values: a day is a list of switchpoints {time, value} in order, with times in minutes since
// midnight, and a value that is a temperature, or "on" and "off" for hot water. Every change returns a new day, and
// keeps within the limits of its zone. Nothing here touches the page.

import { WEEKDAYS, minutesOf, timeOfDay } from "./time.js";

const DAY_MINUTES = 24 * 60;

/** The days of a week in the form of the interface; Monday first. */
export function daysOf(week) {
  return WEEKDAYS.map((name) =>
    (week?.[name] ?? [])
      .map((point) => ({ time: minutesOf(point.time) ?? 0, value: point.setpoint ?? point.state }))
      .sort((one, other) => one.time - other.time)
  );
}

/** Which days a week has, from 0 for Monday: some thermostats have Monday and Saturday only. */
export function daysIn(week) {
  return WEEKDAYS.flatMap((name, index) => (week?.[name] ? [index] : []));
}

/** A day in the form of the interface; `member` is "setpoint" or "state". */
export function written(day, member) {
  return day.map(({ time, value }) => ({ time: timeOfDay(time), [member]: value }));
}

export function sameDay(one, other) {
  return (
    one.length === other.length &&
    one.every((point, index) => point.time === other[index].time && point.value === other[index].value)
  );
}

/** What is in force when a day begins: the last value of the latest day before it that has one. */
export function valueBefore(days, index) {
  for (let back = 1; back <= 7; back += 1) {
    const last = days[(index - back + 7) % 7].at(-1);
    if (last) return last.value;
  }
  return null;
}

/**
 * The day as what is seen of it: one block after the other from midnight to midnight.
 *
 * @returns {Array<{from, to, value, index}>} `index` is the switchpoint that a block begins with; null for the night
 *   that goes on from the day before.
 */
export function blocksOf(day, before) {
  const blocks = day.map((point, index) => ({
    from: point.time,
    to: day[index + 1]?.time ?? DAY_MINUTES,
    value: point.value,
    index,
  }));
  const first = day[0]?.time ?? DAY_MINUTES;
  return first > 0 ? [{ from: 0, to: first, value: before, index: null }, ...blocks] : blocks;
}

/** The index of the switchpoint that is in force at a time; null before the first. */
export function indexAt(day, minutes) {
  const index = day.findLastIndex((point) => point.time <= minutes);
  return index < 0 ? null : index;
}

/** Moves a switchpoint as near to a time as its neighbours and the steps of the zone allow. */
export function move(day, index, minutes, limits) {
  const { timeStep } = limits;
  const earliest = index === 0 ? 0 : nextStep(day[index - 1].time, timeStep);
  const latest = index === day.length - 1 ? DAY_MINUTES - timeStep : previousStep(day[index + 1].time, timeStep);
  if (earliest > latest) return day;
  const time = Math.min(latest, Math.max(earliest, Math.round(minutes / timeStep) * timeStep));
  return day.with(index, { ...day[index], time });
}

/** Gives a switchpoint a value, brought into the zone's range and to its step. */
export function setValue(day, index, value, limits) {
  return day.with(index, { ...day[index], value: fitted(value, limits) });
}

/** Makes a switchpoint warmer or colder by steps: the next step up or down, from wherever it is. */
export function changeValue(day, index, steps, limits) {
  const { value } = day[index];
  if (typeof value !== "number") return setValue(day, index, steps > 0 ? "on" : "off", limits);
  const position = value / limits.step;
  const whole = Math.round(position);
  // From between two steps, the first step is to the next of them.
  const isOnStep = Math.abs(position - whole) < 1e-6;
  const from = isOnStep ? whole : steps > 0 ? Math.floor(position) : Math.ceil(position);
  return setValue(day, index, (from + steps) * limits.step, limits);
}

function fitted(value, limits) {
  if (typeof value !== "number") return value;
  // What the controller holds between two steps stays as it is; see `changeValue`.
  return Math.min(limits.maximum, Math.max(limits.minimum, Math.round(value * 100) / 100));
}

/**
 * Adds a switchpoint, at the step that is nearest to a time and free.
 *
 * @returns {{day, index}|{problem}} The day with it and where it is, or a sentence that says why there is none.
 */
export function add(day, minutes, value, limits) {
  if (day.length >= limits.most) return { problem: `A day has at most ${limits.most} switchpoints.` };
  const time = freeStep(day, minutes, limits.timeStep);
  if (time === null) return { problem: "There is no room for another switchpoint." };
  const added = [...day, { time, value: fitted(value, limits) }].sort((one, other) => one.time - other.time);
  return { day: added, index: added.findIndex((point) => point.time === time) };
}

/** Splits what a switchpoint begins, in the middle or at a time within it; the new one has the same value. */
export function split(day, index, before, limits, minutes = null) {
  const from = index === null ? 0 : day[index].time;
  const to = (index === null ? day[0] : day[index + 1])?.time ?? DAY_MINUTES;
  if (to - from < 2 * limits.timeStep) return { problem: "This is too short to be split." };
  const isWithin = minutes !== null && minutes > from && minutes < to;
  return add(day, isWithin ? minutes : (from + to) / 2, index === null ? before : day[index].value, limits);
}

/** Takes a switchpoint away, so that the one before it goes on. */
export function remove(day, index, limits) {
  if (day.length <= limits.fewest) {
    return {
      problem: `A day has at least ${limits.fewest === 1 ? "one switchpoint" : `${limits.fewest} switchpoints`}.`,
    };
  }
  return { day: day.toSpliced(index, 1) };
}

/**
 * The day for another zone with limits of its own: values within its range, times on its steps.
 *
 * @returns {{day}|{problem}}
 */
export function fit(day, limits) {
  const points = [];
  for (const { time, value } of day) {
    const snapped = Math.min(DAY_MINUTES - limits.timeStep, Math.round(time / limits.timeStep) * limits.timeStep);
    if (points.at(-1)?.time !== snapped) points.push({ time: snapped, value: fitted(value, limits) });
  }
  if (points.length > limits.most) return { problem: `it takes at most ${limits.most} switchpoints a day` };
  if (points.length < limits.fewest) return { problem: `it needs at least ${limits.fewest} switchpoints a day` };
  return { day: points };
}

/** Why the cloud or the controller would refuse a day, in sentences. */
export function problemsOf(day, limits) {
  const problems = [];
  if (day.length > limits.most) problems.push(`${day.length} switchpoints; at most ${limits.most} a day.`);
  if (day.length < limits.fewest) problems.push(`${day.length} switchpoints; at least ${limits.fewest} a day.`);
  day.forEach(({ time, value }, index) => {
    if (index > 0 && time <= day[index - 1].time) problems.push(`${timeOfDay(time)} comes twice.`);
    if (time % limits.timeStep !== 0) problems.push(`${timeOfDay(time)} is not a multiple of ${limits.timeStep} min.`);
    if (typeof value === "number" && (value < limits.minimum || value > limits.maximum)) {
      problems.push(`${timeOfDay(time)}: ${value} °C is not from ${limits.minimum} to ${limits.maximum} °C.`);
    }
  });
  return problems;
}

function nextStep(minutes, step) {
  return (Math.floor(minutes / step) + 1) * step;
}

function previousStep(minutes, step) {
  return (Math.ceil(minutes / step) - 1) * step;
}

/** The step nearest to a time that no switchpoint has; null if all are taken. */
function freeStep(day, minutes, step) {
  const steps = Math.floor(DAY_MINUTES / step);
  const wished = Math.min(steps - 1, Math.max(0, Math.round(minutes / step)));
  const taken = new Set(day.map((point) => point.time));
  for (let distance = 0; distance < steps; distance += 1) {
    for (const candidate of [wished + distance, wished - distance]) {
      if (candidate >= 0 && candidate < steps && !taken.has(candidate * step)) return candidate * step;
    }
  }
  return null;
}
