// What can be done with schedules: the drafts, what is selected in them, and every way to change it. It knows no
// elements; the view shows what it holds.

import { Drafts } from "./drafts.js";
import { scheduled } from "./homes.js";
import { add, changeValue, daysOf, move, remove, setValue, split, valueBefore } from "./schedule.js";
import { dayName, timeOfDay } from "./time.js";
import { valueText } from "./words.js";

const KEY = "evohome-mqtt drafts";
const DAY_MINUTES = 24 * 60;

/**
 * Emits "change" when what is to be seen has changed, "said" with a `text` for those who do not see it, and "refused"
 * with a `text` that says why something cannot be done.
 */
export class ScheduleEditor extends EventTarget {
  #app;
  #drafts = new Drafts(stored());
  #selection = null;
  // What is done by one key that is pressed again and again goes back by one undo, until something else is chosen.
  #grip = 0;

  constructor(app) {
    super();
    this.#app = app;
    addEventListener("storage", (event) => {
      if (event.key !== KEY) return;
      // Another tab of this page has changed something.
      this.#drafts = new Drafts(event.newValue);
      this.#tell();
    });
  }

  /** Zones and hot water of the home that have a schedule. */
  get targets() {
    return this.#app.home ? scheduled(this.#app.home) : [];
  }

  /** Those of all homes. */
  get allTargets() {
    return this.#app.homes.flatMap(scheduled);
  }

  target(topic) {
    return this.allTargets.find((target) => target.topic === topic) ?? null;
  }

  /** `{topic, index, point, minutes}`: a switchpoint of a day, or the day itself where `point` is null. */
  get selection() {
    return this.#selection;
  }

  get canUndo() {
    return this.#drafts.canUndo;
  }

  get canRedo() {
    return this.#drafts.canRedo;
  }

  /** The days of a zone as drafted. */
  days(topic) {
    return this.#drafts.daysOf(topic, daysOf(this.target(topic)?.week));
  }

  isChanged(topic, index) {
    return this.#drafts.has(topic, index);
  }

  /** What differs from the cloud, of all homes. */
  differences() {
    return this.#drafts.differences((topic) => this.#cloud(topic));
  }

  /** Looks at what the cloud has by now. */
  settle() {
    if (this.#drafts.settle((topic) => this.#cloud(topic))) this.#store();
    const place = this.#selection;
    if (!place) return;
    const isShown = this.targets.some(({ topic }) => topic === place.topic);
    const day = isShown && this.days(place.topic)[place.index];
    if (!day || (place.point !== null && !day[place.point])) this.#selection = null;
  }

  select(selection) {
    this.#selection = selection;
    this.#grip += 1;
    this.#tell();
  }

  /** The selected day, and the limits of its zone. */
  get selected() {
    const { topic, index } = this.#selection;
    const target = this.target(topic);
    return { target, limits: target.limits, day: this.days(topic)[index] };
  }

  /** Something with the selected switchpoint: "later", "warmer" (by steps), "delete" or "split". */
  act(action, steps = 0) {
    const place = this.#selection;
    if (!place || place.point === null) return;
    const { limits, day } = this.selected;
    const { point } = place;
    const at = `${dayName(place.index)} ${timeOfDay(day[point].time)}`;
    if (action === "later") {
      this.moveTo(place, day[point].time + steps * limits.timeStep, `key ${this.#grip}`);
      this.#say();
    } else if (action === "warmer") {
      const changed = changeValue(day, point, steps, limits);
      this.#change(`${at} to ${valueText(changed[point].value)}`, place, changed, point, `value ${this.#grip}`);
      this.#say();
    } else if (action === "delete") {
      const result = remove(day, point, limits);
      if (result.problem) return this.#refuse(result.problem);
      this.#change(
        `deleted ${at}`,
        place,
        result.day,
        result.day.length > 0 ? Math.min(point, result.day.length - 1) : null
      );
      this.say(`Deleted ${at}.`);
    } else if (action === "split") {
      this.#added(`split ${at}`, place, split(day, point, null, limits));
    }
  }

  moveTo({ topic, index, point }, minutes, grip = null) {
    const day = this.days(topic)[index];
    const moved = move(day, point, minutes, this.target(topic).limits);
    const what = `${dayName(index)} ${timeOfDay(day[point].time)} to ${timeOfDay(moved[point].time)}`;
    this.#change(what, { topic, index }, moved, point, grip);
  }

  setTime(minutes) {
    this.moveTo(this.#selection, minutes);
    this.#say();
  }

  setValue(value) {
    const { limits, day } = this.selected;
    const { point, index } = this.#selection;
    const changed = setValue(day, point, value, limits);
    this.#change(`${dayName(index)} to ${valueText(changed[point].value)}`, this.#selection, changed, point);
    this.#say();
  }

  /** Adds a switchpoint to the selected day, with the value that holds there unless one is given. */
  insert(minutes, value = null) {
    const place = this.#selection;
    if (!place) return;
    const { limits, day } = this.selected;
    const held =
      day.findLast((point) => point.time <= minutes)?.value ?? valueBefore(this.days(place.topic), place.index);
    const least = limits.member === "state" ? "off" : limits.minimum;
    this.#added(`added to ${dayName(place.index)}`, place, add(day, minutes, value ?? held ?? least, limits));
  }

  /** Changes several days at once, as `[{topic, index, day}]`; one step for undo. */
  changeAll(what, changes) {
    this.#drafts.change(
      what,
      changes.map((each) => ({ ...each, cloud: this.#cloud(each.topic)[each.index] }))
    );
    this.#store();
    this.#tell();
    this.say(what);
  }

  undo() {
    this.#stepped("Undone", this.#drafts.undo());
  }

  giveUp(grip) {
    this.#stepped("Undone", this.#drafts.giveUp(grip));
  }

  redo() {
    this.#stepped("Done again", this.#drafts.redo());
  }

  discard(topic, what) {
    this.#drafts.discard(topic, what);
    this.#store();
    this.#tell();
  }

  /** Forgets what was written, and shows the cloud as it will be once the bridge has read it. */
  written(topic, days) {
    const week = { ...this.#app.store.topics.get(`${topic}/schedule`), ...days.week };
    this.#app.store.assume(`${topic}/schedule`, week);
    this.#drafts.written(topic, days.indices);
    this.#store();
    this.#tell();
  }

  say(text) {
    this.dispatchEvent(Object.assign(new Event("said"), { text }));
  }

  #added(what, place, result) {
    if (result.problem) return this.#refuse(result.problem);
    this.#grip += 1;
    this.#change(what, place, result.day, result.index);
    this.#say("Added: ");
  }

  #change(what, { topic, index }, day, point, grip = null) {
    const before = this.days(topic)[index];
    this.#selection = { topic, index, point, minutes: null };
    if (JSON.stringify(before) !== JSON.stringify(day)) {
      this.#drafts.change(what, [{ topic, index, day, cloud: this.#cloud(topic)[index] }], grip);
      this.#store();
    }
    this.#tell();
  }

  #stepped(how, what) {
    if (what === null) return;
    this.#grip += 1;
    this.#store();
    this.#tell();
    this.say(`${how}: ${what}`);
  }

  #say(prefix = "") {
    const { index, point } = this.#selection;
    const { time, value } = this.selected.day[point];
    this.say(`${prefix}${dayName(index)} ${timeOfDay(time % DAY_MINUTES)}, ${valueText(value)}`);
  }

  #refuse(text) {
    this.dispatchEvent(Object.assign(new Event("refused"), { text }));
    this.say(text);
  }

  #cloud(topic) {
    const week = this.#app.store.topics.get(`${topic}/schedule`);
    return week ? daysOf(week) : null;
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }

  /** Keeps the drafts in the browser: nothing is lost when it is closed, or a write fails. */
  #store() {
    try {
      localStorage.setItem(KEY, this.#drafts.text);
    } catch {
      this.#refuse("This browser stores nothing, so changes are lost when the page is closed.");
    }
  }
}

function stored() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
