// A zone, or hot water, at a glance: how warm it is, what is set and until when, and two keys for a little warmer or
// colder. A touch on the name opens the rest.

import { announce, button, el, icon, setText } from "./ui.js";
import { changeValue } from "./schedule.js";
import { degrees, faultName, isMasked, reading, setBy, untilSentence, valueText } from "./words.js";
import { askedFor } from "./end-choice.js";

/** How long one may go on pressing before it is sent: a slider or a key makes one command. */
export const CHOOSING = 700;

export class ZoneCard extends HTMLElement {
  #parts = null;
  #target = null;
  #home = null;
  #commands;
  #open;

  /** @param {(topic: string) => void} open Opens the sheet of a topic. */
  constructor(commands, open) {
    super();
    this.#commands = commands;
    this.#open = open;
  }

  update({ home, target }) {
    this.#home = home;
    this.#target = target;
    this.#parts ??= this.#build();
    const { state } = target;
    const shown = this.#commands.shown(target.topic, state);
    const parts = this.#parts;
    setText(parts.name, target.name);
    setText(parts.now, reading(state.temperature));
    setText(parts.value, target.kind === "zone" ? degrees(shown.setpoint) : valueText(shown.state));
    const isOverruled = isMasked(target, home.system);
    const line = { ...target, state: shown };
    const who = isOverruled ? null : setBy(shown);
    setText(parts.line, [untilSentence(line, home.system, home.clock, Date.now()), who].filter(Boolean).join(" · "));
    const isUnread = state.available === false || !home.available;
    const fault = state.faults?.[0];
    const more = (state.faults?.length ?? 0) > 1 ? ` and ${state.faults.length - 1} more` : "";
    const trouble = fault ? `${faultName(fault.type)}${more}` : isUnread ? "No reading: this may be old" : "";
    setText(parts.troubleText, trouble);
    parts.trouble.hidden = trouble === "";
    this.classList.toggle("is-set", shown.mode !== "follow_schedule" && !isOverruled);
    this.classList.toggle("is-masked", isOverruled);
    this.classList.toggle("is-troubled", trouble !== "");
    this.classList.toggle("is-old", isUnread && state.temperature !== null);
    if (target.kind === "zone") {
      parts.less.disabled = shown.setpoint === null || shown.setpoint <= target.limits.minimum;
      parts.moreKey.disabled = shown.setpoint === null || shown.setpoint >= target.limits.maximum;
    } else {
      setText(parts.boost, shown.mode === "follow_schedule" ? "On for 1 h" : "Back to schedule");
    }
    showOutcome(parts.outcome, this.#commands, target.topic);
    parts.line.hidden = !parts.outcome.hidden;
  }

  #build() {
    const { topic, kind, name } = this.#target;
    const parts = {
      name: el("span", {}),
      now: el("span", { class: "now" }),
      value: el("output", { class: "value", "aria-live": "off" }),
      line: el("p", { class: "line" }),
      outcome: el("p", { class: "line outcome", hidden: true }),
      troubleText: el("span"),
    };
    parts.trouble = el("p", { class: "trouble" }, icon("warning"), parts.troubleText);
    const opener = button(parts.name, () => this.#open(topic), { class: "open" });
    opener.append(icon("more"), el("span", { class: "visually-hidden" }, ", set and explain"));
    this.append(
      el("h3", {}, opener),
      el(
        "p",
        { class: "temperature" },
        kind === "hot_water" && icon("water"),
        parts.now,
        el("span", { class: "visually-hidden" }, " measured")
      )
    );
    if (kind === "zone") {
      parts.less = button(icon("minus"), () => this.#step(-1), { class: "key", "aria-label": `${name}: colder` });
      parts.moreKey = button(icon("plus"), () => this.#step(1), { class: "key", "aria-label": `${name}: warmer` });
      this.append(
        el(
          "div",
          { class: "keys" },
          parts.less,
          el("span", { class: "set" }, el("span", { class: "label" }, "set to"), parts.value),
          parts.moreKey
        )
      );
    } else {
      parts.boost = button("", () => this.#boost(), { class: "boost" });
      this.append(
        el(
          "div",
          { class: "keys" },
          el("span", { class: "set" }, el("span", { class: "label" }, "is"), parts.value),
          parts.boost
        )
      );
    }
    this.append(parts.line, parts.outcome, parts.trouble);
    return parts;
  }

  #step(steps) {
    const target = this.#target;
    const shown = this.#commands.shown(target.topic, target.state);
    const [{ value }] = changeValue([{ time: 0, value: shown.setpoint }], 0, steps, target.limits);
    setOverride(this.#commands, this.#home, target, value, keptEnd(target, shown), CHOOSING);
    announce(`${target.name} ${degrees(value)}`);
  }

  #boost() {
    const target = this.#target;
    const shown = this.#commands.shown(target.topic, target.state);
    if (shown.mode !== "follow_schedule") return followSchedule(this.#commands, target);
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const end = { payload: { duration: "1h" }, shows: { mode: "temporary_override", until } };
    setOverride(this.#commands, this.#home, target, "on", end, 0);
  }
}

customElements.define("zone-card", ZoneCard);

/** The end that a setpoint has when nobody says one: that of a running override, else the next switchpoint. */
function keptEnd(target, shown) {
  if (shown.mode !== "follow_schedule") return { payload: {}, shows: { mode: shown.mode, until: shown.until } };
  return { payload: {}, shows: { mode: "temporary_override", until: target.state.schedule?.next?.at ?? null } };
}

/** Sets a zone or hot water; `end` has the payload and what it shows as an `EndChoice` has. */
export function setOverride(commands, home, target, value, end, delay) {
  const member = target.kind === "zone" ? "setpoint" : "state";
  // A command that has not ended may have an end of its own, which goes on with the next key.
  const waiting = commands.of(target.topic);
  const isOpen = waiting?.state === "chosen" || waiting?.state === "sent";
  const { mode, ...earlier } = isOpen && Object.keys(end.payload).length === 0 ? waiting.payload : {};
  const shows = { [member]: value, ...end.shows };
  commands.send(
    target.topic,
    { ...earlier, [member]: value, ...end.payload },
    { shows, words: askedFor(target, value, shows, home.clock, Date.now()), delay }
  );
}

export function followSchedule(commands, target) {
  const current = target.state.schedule?.current;
  const shows = {
    mode: "follow_schedule",
    until: null,
    ...(current?.setpoint !== undefined && { setpoint: current.setpoint }),
    ...(current?.state && { state: current.state }),
  };
  commands.send(target.topic, { mode: "follow_schedule" }, { shows, words: "back to the schedule" });
}

/** Shows what becomes of the latest command of a topic; the element is hidden while there is none. */
export function showOutcome(element, commands, topic) {
  const entry = commands.of(topic);
  element.hidden = !entry;
  const state = entry?.state ?? "none";
  const text = entry?.message ?? (entry ? `Setting ${entry.words}` : "");
  if (element.dataset.state === state && element.dataset.text === text) return;
  Object.assign(element.dataset, { state, text });
  element.replaceChildren();
  if (!entry) return;
  const picture = { chosen: "wait", sent: "wait", done: "check", failed: "warning" }[state];
  element.append(icon(picture), el("span", {}, text));
  if (state === "failed") {
    element.append(
      button("Try again", () => commands.repeat(topic), { class: "small" }),
      button("Dismiss", () => commands.dismiss(topic), { class: "small quiet" })
    );
  }
}
