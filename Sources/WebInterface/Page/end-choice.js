// Until when something is to hold: a row of choices in the words of the heating.

import { choiceRow, el } from "./ui.js";
import { timeOfDay } from "./time.js";
import { valueText } from "./words.js";

const HOUR = 3_600_000;

/**
 * The choices for an override of a zone or of hot water. `onChange` is called with each choice.
 *
 * `payload` has the members of a command, `shows` those of the state as it will be. Before anything is chosen both are
 * those of a running override, which keeps its end.
 */
export class EndChoice {
  #target;
  #clock;
  #kind;
  #time;
  #input;

  constructor(name, target, clock, onChange) {
    this.#target = target;
    this.#clock = clock;
    const { state } = target;
    this.#kind = { permanent_override: "forever", temporary_override: null }[state.mode] ?? "next";
    this.#time = this.#suggestedTime();
    this.#input = el("input", {
      type: "time",
      value: this.#time,
      step: target.limits.timeStep * 60,
      "aria-label": "Until this time",
    });
    this.#input.addEventListener("change", () => {
      if (!this.#input.value) return;
      this.#time = this.#input.value;
      this.#choose("time", onChange);
    });
    const next = state.schedule?.next;
    const nextLabel = next ? `Next change, ${clock.moment(next.at, Date.now())}` : "Next change";
    const longest = target.longestOverride ?? 24 * 3600;
    const hours = [1, 2, 4].filter((count) => count * 3600 <= longest);
    const choices = [
      ["next", nextLabel],
      ...hours.map((count) => [`${count}h`, count === 1 ? "1 hour" : `${count} hours`]),
      ["forever", "For good"],
      ["time", "A time"],
    ];
    const row = choiceRow(name, "Until", choices, this.#kind, (kind) => this.#choose(kind, onChange));
    row.append(this.#input);
    this.element = row;
    this.#input.disabled = true;
  }

  #choose(kind, onChange) {
    this.#kind = kind;
    this.#input.disabled = kind !== "time";
    onChange();
  }

  get payload() {
    switch (this.#kind) {
      case null:
        return {};
      case "next":
        return { until: "next" };
      case "forever":
        return { until: "forever" };
      case "time":
        return { until: this.#time };
      default:
        return { duration: this.#kind };
    }
  }

  get shows() {
    const { state } = this.#target;
    if (this.#kind === null) return { mode: state.mode, until: state.until };
    if (this.#kind === "forever") return { mode: "permanent_override", until: null };
    return { mode: "temporary_override", until: this.#until(Date.now()) };
  }

  #until(now) {
    if (this.#kind === "next") return this.#target.state.schedule?.next?.at ?? null;
    if (this.#kind !== "time") return new Date(now + Number.parseInt(this.#kind, 10) * HOUR).toISOString();
    const [hours, minutes] = this.#time.split(":").map(Number);
    const wait = (hours * 60 + minutes - this.#clock.reading(now).minutes + 24 * 60) % (24 * 60);
    return new Date(now + wait * 60_000).toISOString();
  }

  /** Some three hours ahead, on a full hour. */
  #suggestedTime() {
    const minutes = this.#clock.reading(Date.now()).minutes;
    return timeOfDay((Math.ceil(minutes / 60 + 3) * 60) % (24 * 60));
  }
}

/** "21.0° until 22:30": what a command asks for, in words. */
export function askedFor(target, value, shows, clock, now) {
  const what = target.kind === "hot_water" ? valueText(value).toLowerCase() : valueText(value);
  if (shows.mode === "permanent_override") return `${what} for good`;
  return shows.until ? `${what} until ${clock.moment(shows.until, now)}` : `${what} until the next change`;
}
