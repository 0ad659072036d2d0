// What somebody has changed in schedules and not written yet: days that lie over those of the cloud, with undo and
// redo. A day that is as in the cloud again is no change. Nothing here touches the page.

import { sameDay } from "./schedule.js";
import { WEEKDAYS, dayRange, timeOfDay } from "./time.js";
import { valueText } from "./words.js";

const LONGEST_HISTORY = 200;

export class Drafts {
  // Changed days by topic and then by index of the day, with what the cloud had when the change began.
  #days = {};
  #past = [];
  #future = [];

  /** @param {string|null} text What `text` gave in an earlier life of the page; anything else counts as nothing. */
  constructor(text = null) {
    try {
      const days = JSON.parse(text ?? "{}");
      if (isDraft(days)) this.#days = days;
    } catch {
      // A damaged store is an empty one: what it held cannot be known.
    }
  }

  /** For the next life of the page. */
  get text() {
    return JSON.stringify(this.#days);
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  /** The days of a zone as they would be after writing. */
  daysOf(topic, cloud) {
    return cloud.map((day, index) => this.#days[topic]?.[index]?.day ?? day);
  }

  /**
   * Changes days: one step for undo, however many days and zones it is for.
   *
   * @param {string} what What is done, in words, such as "moved Monday 06:30 to 06:40".
   * @param {Array<{topic, index, day, cloud}>} changes A day of a zone, as it becomes and as the cloud has it.
   * @param {string|null} grip Steps of one drag, or of one key that is held, share a grip, and are undone as one.
   */
  change(what, changes, grip = null) {
    const last = this.#past.at(-1);
    if (grip === null || last?.grip !== grip) this.#past.push({ what, grip, days: this.#days });
    else last.what = what;
    this.#past.splice(0, this.#past.length - LONGEST_HISTORY);
    this.#future = [];
    const days = structuredClone(this.#days);
    for (const { topic, index, day, cloud } of changes) {
      const zone = (days[topic] ??= {});
      if (sameDay(day, cloud)) delete zone[index];
      else zone[index] = { day, from: zone[index]?.from ?? cloud };
      if (Object.keys(zone).length === 0) delete days[topic];
    }
    this.#days = days;
    // A key that went forth and back has changed nothing.
    const begun = this.#past.at(-1);
    if (JSON.stringify(begun.days) === JSON.stringify(days)) this.#past.pop();
  }

  /** @returns {string|null} What was undone. */
  undo() {
    return this.#step(this.#past, this.#future);
  }

  /** Undoes what has a grip, such as a drag that is given up; nothing else. */
  giveUp(grip) {
    return this.#past.at(-1)?.grip === grip ? this.undo() : null;
  }

  /** @returns {string|null} What was done again. */
  redo() {
    return this.#step(this.#future, this.#past);
  }

  #step(from, to) {
    const step = from.pop();
    if (!step) return null;
    to.push({ what: step.what, grip: null, days: this.#days });
    this.#days = step.days;
    return step.what;
  }

  /** Forgets what was written, and the way to it. */
  written(topic, indices) {
    const days = structuredClone(this.#days);
    for (const index of indices) delete days[topic]?.[index];
    if (days[topic] && Object.keys(days[topic]).length === 0) delete days[topic];
    this.#days = days;
    this.#past = [];
    this.#future = [];
  }

  /** Forgets days that the cloud has by now, whoever wrote them. Tells whether there were any. */
  settle(cloudOf) {
    let isSettled = false;
    const days = structuredClone(this.#days);
    for (const [topic, changed] of Object.entries(days)) {
      const cloud = cloudOf(topic);
      for (const [index, { day }] of Object.entries(changed)) {
        if (!cloud || !sameDay(day, cloud[index])) continue;
        delete changed[index];
        isSettled = true;
      }
      if (Object.keys(changed).length === 0) delete days[topic];
    }
    this.#days = days;
    return isSettled;
  }

  /** Whether a day of a zone is changed. */
  has(topic, index) {
    return this.#days[topic]?.[index] !== undefined;
  }

  /** Forgets the changes of a zone; undo brings them back. */
  discard(topic, what) {
    const { [topic]: gone, ...days } = this.#days;
    if (!gone) return;
    this.#past.push({ what, grip: null, days: this.#days });
    this.#future = [];
    this.#days = days;
  }

  /**
   * What differs from the cloud, by zone.
   *
   * @param {(topic: string) => Array|null} cloudOf The days that the cloud has; null for what is not there any more.
   * @returns {Array<{topic, days: Array<{index, before, after, isOvertaken}>}>} `isOvertaken`: the cloud's day has
   *   changed as well since the change began.
   */
  differences(cloudOf) {
    return Object.entries(this.#days).flatMap(([topic, changed]) => {
      const cloud = cloudOf(topic);
      if (!cloud) return [];
      const days = Object.entries(changed)
        .map(([key, { day, from }]) => {
          const index = Number(key);
          return { index, before: cloud[index], after: day, isOvertaken: !sameDay(from, cloud[index]) };
        })
        .filter(({ before, after }) => !sameDay(before, after));
      return days.length > 0 ? [{ topic, days }] : [];
    });
  }
}

function isDraft(days) {
  const isPoint = (point) => Number.isInteger(point?.time) && ["number", "string"].includes(typeof point.value);
  const isDay = (day) => Array.isArray(day) && day.every(isPoint);
  return (
    typeof days === "object" &&
    days !== null &&
    !Array.isArray(days) &&
    Object.values(days).every(
      (zone) =>
        typeof zone === "object" &&
        zone !== null &&
        Object.entries(zone).every(([key, { day, from } = {}]) => WEEKDAYS[key] && isDay(day) && isDay(from))
    )
  );
}

/**
 * What differs between two days, in words: "06:30 becomes 06:00 (21.0°)", "12:00 added (19.0°)".
 */
export function changesOf(before, after) {
  const gone = before.filter((point) => !after.some((other) => other.time === point.time));
  const come = after.filter((point) => !before.some((other) => other.time === point.time));
  const changes = [];
  for (const point of after) {
    const old = before.find((other) => other.time === point.time);
    if (old && old.value !== point.value) {
      changes.push([point.time, `${timeOfDay(point.time)}: ${valueText(old.value)} becomes ${valueText(point.value)}`]);
    }
  }
  for (const point of come) {
    const match = gone.findIndex((other) => other.value === point.value);
    if (match < 0) {
      changes.push([point.time, `${timeOfDay(point.time)} added (${valueText(point.value)})`]);
    } else {
      const [old] = gone.splice(match, 1);
      const times = `${timeOfDay(old.time)} becomes ${timeOfDay(point.time)}`;
      changes.push([point.time, `${times} (${valueText(point.value)})`]);
    }
  }
  for (const point of gone) changes.push([point.time, `${timeOfDay(point.time)} removed (${valueText(point.value)})`]);
  return changes.sort(([one], [other]) => one - other).map(([, text]) => text);
}

/** The differences of a zone with equal days in one line: [{days: "Monday to Friday", changes: […], isOvertaken}]. */
export function grouped(days) {
  const groups = [];
  for (const { index, before, after, isOvertaken } of days) {
    const changes = changesOf(before, after);
    const same = groups.find((group) => group.changes.join() === changes.join() && group.isOvertaken === isOvertaken);
    if (same) same.indices.push(index);
    else groups.push({ indices: [index], changes, isOvertaken });
  }
  return groups.map(({ indices, changes, isOvertaken }) => ({ days: dayRange(indices), changes, isOvertaken }));
}
