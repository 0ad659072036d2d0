// Backups of schedules: whose each of them is. Nothing here touches the page.

import { daysOf, fit, sameDay } from "./schedule.js";
import { WEEKDAYS } from "./time.js";

/** Whether a file is a backup of the bridge's own, whose differences can be shown; other programs' go to the bridge. */
export function isOwnBackup(file) {
  return file?.version === 1 && Array.isArray(file.schedules);
}

/**
 * What a backup would change.
 *
 * @param {object} file A backup of the bridge's own.
 * @param {Array} targets Zones and hot water, each with its `locations` name.
 * @returns {{changes: Array<{topic, index, day}>, same: number, problems: string[]}} Days that differ, how many
 *   schedules do not, and a sentence for each schedule that has no place.
 */
export function restored(file, targets) {
  const result = { changes: [], same: 0, problems: [] };
  const placed = new Set();
  for (const entry of file.schedules) {
    const target = placeOf(entry, targets);
    const name = String(entry?.name ?? "A schedule");
    if (!target || placed.has(target.topic)) {
      result.problems.push(`${name}: ${target ? "is there twice" : "no zone has this id or name"}.`);
      continue;
    }
    placed.add(target.topic);
    const [before, after] = [daysOf(target.week), daysOf(entry.schedule)];
    // Some thermostats have a schedule for two days of the week only.
    const days = WEEKDAYS.map((name, index) => ({ name, index }))
      .filter(({ name }) => entry.schedule?.[name])
      .map(({ index }) => ({ topic: target.topic, index, ...fit(after[index], target.limits) }));
    const problem = days.find((day) => day.problem)?.problem;
    if (problem) {
      result.problems.push(`${name}: ${problem}.`);
      continue;
    }
    if (days.length === 0) {
      result.problems.push(`${name}: it has no schedule.`);
      continue;
    }
    const different = days.filter(({ day, index }) => !sameDay(day, before[index]));
    if (different.length === 0) result.same += 1;
    result.changes.push(...different);
  }
  return result;
}

/** By its id, else by its name if that is unique: ids change when a controller is paired again. */
function placeOf(entry, targets) {
  const isHotWater = entry?.hot_water_id !== undefined;
  const possible = targets.filter(({ kind }) => (kind === "hot_water") === isHotWater);
  const id = String(entry?.hot_water_id ?? entry?.zone_id ?? "");
  const exact = possible.find(({ state }) => String(state.id) === id);
  if (exact) return exact;
  const named = possible.filter(
    (target) =>
      (entry?.location === undefined || target.location === entry.location) &&
      (isHotWater || target.name === entry?.name)
  );
  return named.length === 1 ? named[0] : null;
}

/** What the bridge made of several schedules: how many it wrote, and why it did not write others. */
export function restoredSentence(results) {
  const count = (wanted) => results.filter(({ result }) => result === wanted).length;
  const others = results.filter(({ result }) => result !== "written" && result !== "already_so");
  const reasons = others.map(({ name, result }) => ` ${name}: ${result}`).join("");
  return `${count("written")} written, ${count("already_so")} already the same.${reasons}`;
}
