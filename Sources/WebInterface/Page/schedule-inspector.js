// What can be done with what is selected in a schedule: for a thumb, for a keyboard, and for those who do not see the
// blocks.

import { button, el, icon, setText } from "./ui.js";
import { dayName, minutesOf, timeOfDay } from "./time.js";
import { degrees, valueText } from "./words.js";

const DAY_MINUTES = 24 * 60;
/** How long a refusal stays to be read. */
const REFUSAL_SHOWN = 6_000;

export class Inspector extends HTMLElement {
  #editor;
  #openCopy;
  #parts = null;
  #timer = null;

  constructor(editor, openCopy) {
    super();
    this.#editor = editor;
    this.#openCopy = openCopy;
    editor.addEventListener("refused", ({ text }) => this.#refuse(text));
  }

  connectedCallback() {
    if (this.#parts) return;
    const editor = this.#editor;
    const step = (label, name, action, steps) =>
      button(icon(name), () => editor.act(action, steps), { class: "key", "aria-label": label });
    const parts = {
      title: el("h3", {}),
      time: el("select", { "aria-label": "Begins at" }),
      amount: el("output", { class: "value", "aria-live": "off" }),
      on: button("On", () => editor.setValue("on")),
      off: button("Off", () => editor.setValue("off")),
      add: button("Add", () => this.#add()),
      addTime: el("select", { "aria-label": "Add a switchpoint at" }),
      addHere: button("", () => editor.insert(editor.selection.minutes)),
      refusal: el("p", { class: "trouble", hidden: true }),
      hint: el(
        "p",
        { class: "hint" },
        "Choose a block to change it, or the name above a column to add to that day or copy it. " +
          "Drag a block to move its beginning; double-click to add one."
      ),
      remove: button("Delete", () => editor.act("delete")),
      split: button("Split", () => editor.act("split")),
    };
    parts.time.addEventListener("change", () => editor.setTime(minutesOf(parts.time.value)));
    parts.timeRow = el(
      "div",
      { class: "row" },
      step("Earlier", "minus", "later", -1),
      parts.time,
      step("Later", "plus", "later", 1)
    );
    parts.amountRow = el(
      "div",
      { class: "row" },
      step("Colder", "minus", "warmer", -1),
      parts.amount,
      step("Warmer", "plus", "warmer", 1)
    );
    parts.stateRow = el("div", { class: "row" }, parts.on, parts.off);
    parts.addRow = el("div", { class: "row" }, parts.addTime, parts.add);
    parts.actions = el(
      "div",
      { class: "actions" },
      parts.split,
      parts.addHere,
      parts.remove,
      button("Copy …", () => this.#openCopy(), { "aria-label": "Copy this day …" })
    );
    parts.keys = el(
      "details",
      { class: "keys-help" },
      el("summary", {}, "Keys"),
      el(
        "dl",
        {},
        ...[
          ["Tab", "next block"],
          ["Page up, down", "day or zone beside"],
          ["Arrows", "earlier, later"],
          ["Shift + arrows", "by six steps"],
          ["+ and −", "warmer, colder"],
          ["Delete", "delete"],
          ["Insert", "split"],
          ["Ctrl + Z, Y", "undo, redo"],
        ].flatMap(([key, meaning]) => [el("dt", {}, key), el("dd", {}, meaning)])
      )
    );
    this.#parts = parts;
    this.append(
      parts.title,
      parts.hint,
      parts.timeRow,
      parts.amountRow,
      parts.stateRow,
      parts.addRow,
      parts.actions,
      parts.refusal,
      parts.keys
    );
    this.update();
  }

  update() {
    const parts = this.#parts;
    if (!parts) return;
    const editor = this.#editor;
    const place = editor.selection;
    this.classList.toggle("is-empty", !place);
    parts.hint.hidden = Boolean(place);
    parts.title.hidden = parts.actions.hidden = !place;
    const isPoint = Boolean(place) && place.point !== null;
    if (!place) {
      for (const row of [parts.timeRow, parts.amountRow, parts.stateRow, parts.addRow]) row.hidden = true;
      return;
    }
    const { target, limits, day } = editor.selected;
    const isState = limits.member === "state";
    parts.timeRow.hidden = !isPoint;
    parts.amountRow.hidden = !isPoint || isState;
    parts.stateRow.hidden = !isPoint || !isState;
    parts.addRow.hidden = isPoint;
    parts.addHere.hidden = !isPoint || place.minutes === null;
    parts.split.hidden = parts.remove.hidden = !isPoint;
    parts.remove.disabled = day.length <= limits.fewest;
    parts.add.disabled = parts.addHere.disabled = parts.split.disabled = day.length >= limits.most;
    const taken = new Set(day.map((point) => point.time));
    const touched = Math.round((place.minutes ?? DAY_MINUTES / 2) / limits.timeStep) * limits.timeStep;
    const title = `${target.name}, ${dayName(place.index)}`;
    if (!isPoint) {
      fillTimes(parts.addTime, 0, DAY_MINUTES, limits.timeStep, taken);
      if (document.activeElement !== parts.addTime) parts.addTime.value = timeOfDay(touched);
      setText(parts.title, `${title}: ${day.length} of ${limits.most} switchpoints`);
      return;
    }
    const { time, value } = day[place.point];
    const end = day[place.point + 1]?.time ?? DAY_MINUTES;
    const begin = place.point > 0 ? day[place.point - 1].time + limits.timeStep : 0;
    setText(parts.title, `${title} ${timeOfDay(time)} to ${timeOfDay(end % DAY_MINUTES)}`);
    setText(parts.addHere, `Add ${timeOfDay(touched % DAY_MINUTES)}`);
    fillTimes(parts.time, begin, end, limits.timeStep, new Set(), time);
    parts.time.value = timeOfDay(time);
    setText(parts.amount, isState ? valueText(value) : degrees(value));
    parts.on.setAttribute("aria-pressed", value === "on");
    parts.off.setAttribute("aria-pressed", value === "off");
  }

  #add() {
    this.#editor.insert(minutesOf(this.#parts.addTime.value));
  }

  #refuse(text) {
    const { refusal } = this.#parts ?? {};
    if (!refusal) return;
    clearTimeout(this.#timer);
    refusal.replaceChildren(icon("warning"), el("span", {}, text));
    refusal.hidden = false;
    this.#timer = setTimeout(() => (refusal.hidden = true), REFUSAL_SHOWN);
  }
}

customElements.define("schedule-inspector", Inspector);

/** Fills a choice with the times of a day that can be taken: by the zone's steps, and between the neighbours. */
function fillTimes(select, from, to, step, taken, own = null) {
  const times = own !== null && own % step !== 0 ? [own] : [];
  for (let minutes = Math.ceil(from / step) * step; minutes < to; minutes += step)
    if (!taken.has(minutes)) times.push(minutes);
  const state = times.join();
  if (select.dataset.state === state) return;
  select.dataset.state = state;
  select.replaceChildren(...times.map((minutes) => el("option", {}, timeOfDay(minutes))));
}
