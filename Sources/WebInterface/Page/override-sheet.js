// The sheet of a zone or of hot water: set it to a value until a time, and see why it is as it is.

import { announce, button, el, icon, openDialog, setText } from "./ui.js";
import { changeValue } from "./schedule.js";
import { degrees, reading, untilSentence, valueText, why } from "./words.js";
import { EndChoice } from "./end-choice.js";
import { CHOOSING, followSchedule, setOverride, showOutcome } from "./zone-card.js";

export class OverrideSheet {
  #home;
  #target;
  #commands;
  #parts;
  #end;
  #onChange = () => this.update(this.#home, this.#target);

  constructor(home, target, commands, onClose) {
    this.#home = home;
    this.#target = target;
    this.#commands = commands;
    this.#end = new EndChoice("end", target, home.clock, () => this.#set(this.#value, 0));
    this.#parts = this.#build();
    commands.addEventListener("change", this.#onChange);
    this.dialog = openDialog(target.name, this.#parts.body, {
      onClose: () => {
        commands.removeEventListener("change", this.#onChange);
        onClose();
      },
    });
    this.update(home, target);
  }

  get topic() {
    return this.#target.topic;
  }

  get #shown() {
    return this.#commands.shown(this.#target.topic, this.#target.state);
  }

  get #value() {
    return this.#target.kind === "zone" ? this.#shown.setpoint : this.#shown.state;
  }

  update(home, target) {
    this.#home = home;
    this.#target = target;
    const parts = this.#parts;
    const shown = this.#shown;
    const now = Date.now();
    setText(parts.now, reading(target.state.temperature));
    setText(parts.value, valueText(this.#value));
    setText(parts.line, untilSentence({ ...target, state: shown }, home.system, home.clock, now));
    parts.back.disabled = shown.mode === "follow_schedule";
    if (parts.slider) {
      parts.slider.disabled = shown.setpoint === null;
      // While somebody drags it, it is theirs.
      const isDragged = this.#commands.of(target.topic)?.state === "chosen" && document.activeElement === parts.slider;
      if (shown.setpoint !== null && !isDragged) parts.slider.value = shown.setpoint;
      parts.slider.setAttribute("aria-valuetext", degrees(shown.setpoint));
    } else {
      parts.on.setAttribute("aria-pressed", shown.state === "on");
      parts.off.setAttribute("aria-pressed", shown.state === "off");
    }
    showOutcome(parts.outcome, this.#commands, target.topic);
    const sentences = why(home, { ...target, state: { ...target.state, ...shown } }, now);
    if (parts.why.dataset.text !== sentences.join()) {
      parts.why.dataset.text = sentences.join();
      parts.why.replaceChildren(...sentences.map((sentence) => el("li", {}, sentence)));
    }
  }

  #build() {
    const target = this.#target;
    const parts = {
      now: el("span", { class: "huge" }),
      value: el("output", { class: "huge", "aria-live": "off" }),
      line: el("p", { class: "line" }),
      outcome: el("p", { class: "line outcome", hidden: true }),
      why: el("ul", { class: "why" }),
      back: button("Back to the schedule", () => followSchedule(this.#commands, this.#target), {
        class: "wide",
      }),
    };
    const figures = el(
      "div",
      { class: "figures" },
      el("p", {}, el("span", { class: "label" }, "now"), parts.now),
      el("p", {}, el("span", { class: "label" }, target.kind === "zone" ? "set to" : "is"), parts.value)
    );
    parts.body = [
      figures,
      parts.line,
      target.kind === "zone" ? this.#slider(parts) : this.#switch(parts),
      this.#end.element,
      parts.back,
      el("div", { class: "outcome-place" }, parts.outcome),
      el("h3", {}, "Why"),
      parts.why,
      target.week &&
        el(
          "p",
          {},
          el("a", { href: `#schedules/${target.topic}`, on: { click: () => this.dialog.close() } }, "Edit its schedule")
        ),
    ];
    return parts;
  }

  #slider(parts) {
    const { limits, name } = this.#target;
    parts.slider = el("input", {
      type: "range",
      min: limits.minimum,
      max: limits.maximum,
      step: limits.step,
      "aria-label": `Set ${name} to`,
    });
    parts.slider.addEventListener("input", () => this.#set(Number(parts.slider.value), CHOOSING));
    const step = (steps) => () => {
      const [{ value }] = changeValue([{ time: 0, value: this.#value }], 0, steps, limits);
      this.#set(value, CHOOSING);
      parts.slider.value = value;
      announce(degrees(value));
    };
    return el(
      "div",
      { class: "slider" },
      button(icon("minus"), step(-1), { class: "key", "aria-label": "Colder" }),
      parts.slider,
      button(icon("plus"), step(1), { class: "key", "aria-label": "Warmer" })
    );
  }

  #switch(parts) {
    parts.on = button("On", () => this.#set("on", 0), { class: "wide" });
    parts.off = button("Off", () => this.#set("off", 0), { class: "wide" });
    return el("div", { class: "pair" }, parts.on, parts.off);
  }

  #set(value, delay) {
    if (value === null || value === undefined) return;
    setOverride(this.#commands, this.#home, this.#target, value, this.#end, delay);
  }
}
