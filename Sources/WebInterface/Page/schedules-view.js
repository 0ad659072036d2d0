// Schedules: the week of a zone, or a day of all zones, with an editor beside it.

import { announce, button, choiceRow, el, icon, setText } from "./ui.js";
import "./schedule-grid.js";
import { Inspector } from "./schedule-inspector.js";
import { openCopy } from "./schedule-copy.js";
import { openNamed } from "./schedule-named.js";
import { openReview } from "./schedule-review.js";
import { daysIn, valueBefore } from "./schedule.js";
import { WEEKDAYS, dayName } from "./time.js";

export class SchedulesView extends HTMLElement {
  #app;
  #editor;
  #parts = null;
  #view = "week";
  #topic = null;
  #day = null;
  // The address that was gone to last, and what of it is still to be done.
  #place = "";
  #wanted = "";

  constructor(app) {
    super();
    this.#app = app;
    this.#editor = app.editor;
    this.#editor.addEventListener("said", ({ text }) => announce(text));
  }

  connectedCallback() {
    if (this.#parts) return;
    const editor = this.#editor;
    const days = WEEKDAYS.map((_, index) => el("option", { value: index }, dayName(index)));
    const parts = {
      grid: el("schedule-grid"),
      zone: el("select", { id: "schedule-zone" }),
      day: el("select", { id: "schedule-day" }, days),
      undo: button(icon("undo"), () => editor.undo(), { "aria-label": "Undo", title: "Undo (Ctrl+Z)" }),
      redo: button(icon("redo"), () => editor.redo(), { "aria-label": "Redo", title: "Redo (Ctrl+Y)" }),
      review: button("", () => openReview(this.#app), { class: "primary" }),
      nothing: el("p", { class: "nothing" }),
      inspector: new Inspector(editor, () => openCopy(editor)),
    };
    parts.zone.addEventListener("change", () => this.#chooseZone(parts.zone.value));
    parts.day.addEventListener("change", () => this.#chooseDay(Number(parts.day.value)));
    parts.zoneField = el("div", { class: "field" }, el("label", { for: "schedule-zone" }, "Zone"), parts.zone);
    parts.dayField = el("div", { class: "field" }, el("label", { for: "schedule-day" }, "Day"), parts.day);
    const views = [
      ["week", "A week"],
      ["day", "All zones"],
    ];
    parts.views = choiceRow("schedule-view", "Show", views, this.#view, (view) => this.#chooseView(view));
    parts.tools = el(
      "div",
      { class: "tools" },
      parts.views,
      parts.zoneField,
      parts.dayField,
      el(
        "div",
        { class: "actions" },
        parts.undo,
        parts.redo,
        button("Saved …", () => openNamed(this.#app)),
        parts.review
      )
    );
    parts.place = el("div", { class: "editor" }, parts.grid, parts.inspector);
    this.#parts = parts;
    this.append(el("h2", { class: "visually-hidden" }, "Schedules"), parts.tools, parts.nothing, parts.place);
    this.#listen(parts.grid);
  }

  #listen(grid) {
    const editor = this.#editor;
    grid.addEventListener("select", ({ detail }) => editor.select(detail));
    grid.addEventListener("move", ({ detail }) => editor.moveTo(detail, detail.minutes, detail.grip));
    grid.addEventListener("insert", ({ detail }) => editor.insert(detail.minutes));
    grid.addEventListener("drop", ({ detail }) => editor.giveUp(detail.grip));
    grid.addEventListener("act", ({ detail }) => {
      if (detail.action === "beside") this.#selectBeside(detail.steps);
      else editor.act(detail.action, detail.steps);
      // Blocks are made anew; the focus goes on with the one that is selected.
      grid.focusSelected();
    });
    this.addEventListener("keydown", (event) => this.#shortcut(event));
  }

  /** An address such as "#schedules/home/zone/kitchen" shows the week of that zone. */
  enter() {
    if (this.#app.place !== this.#place) this.#wanted = this.#place = this.#app.place;
  }

  /** Goes where the address wants, once it is known what there is. */
  #goThere() {
    const topic = this.#wanted;
    this.#wanted = "";
    const home = this.#app.homes.find(({ site }) => site === topic.split("/")[0]);
    if (!home) return this.update();
    [this.#topic, this.#view] = [topic, "week"];
    this.#parts.views.querySelector('[value="week"]').checked = true;
    this.#app.choose(home.site);
    this.#editor.select(null);
  }

  update() {
    const { home, store } = this.#app;
    if (!this.#parts) return;
    if (this.#wanted && this.#app.homes.length > 0) return this.#goThere();
    const editor = this.#editor;
    editor.settle();
    const { targets } = editor;
    const differences = editor.differences();
    const { place, grid, nothing, tools, inspector, review, undo, redo } = this.#parts;
    nothing.hidden = targets.length > 0;
    tools.hidden = place.hidden = targets.length === 0;
    const isReading = store.link === "connecting" || (home && home.zones.length > 0);
    const reading = "No schedule has been read yet. After the first start this takes a minute.";
    setText(nothing, isReading ? reading : "No home is known yet.");
    undo.disabled = !editor.canUndo;
    redo.disabled = !editor.canRedo;
    review.disabled = differences.length === 0;
    setText(review, differences.length === 0 ? "No changes" : `Review (${differences.length})`);
    if (targets.length === 0) return;
    if (!targets.some(({ topic }) => topic === this.#topic)) this.#topic = targets[0].topic;
    const today = home.clock.reading(Date.now());
    this.#day ??= today.weekday;
    this.#fillChoices(targets, new Set(differences.map(({ topic }) => topic)));
    grid.classList.toggle("is-day", this.#view === "day");
    grid.show(this.#view === "week" ? this.#weekColumns(today) : this.#dayColumns(targets, today), editor.selection);
    inspector.update();
  }

  #weekColumns(today) {
    const target = this.#editor.target(this.#topic);
    return daysIn(target.week).map((index) => ({
      ...this.#column(target, index, today),
      key: `${target.topic} ${index}`,
      title: dayName(index).slice(0, 3),
      subtitle: [index === today.weekday && "today", this.#editor.isChanged(target.topic, index) && "edited"]
        .filter(Boolean)
        .join(", "),
      label: dayName(index),
    }));
  }

  #dayColumns(targets, today) {
    const there = targets.filter((target) => daysIn(target.week).includes(this.#day));
    return there.map((target) => ({
      ...this.#column(target, this.#day, today),
      key: `${target.topic} all`,
      title: target.name,
      subtitle: "",
      label: `${target.name}, ${dayName(this.#day)}`,
    }));
  }

  #column(target, index, today) {
    const days = this.#editor.days(target.topic);
    return {
      topic: target.topic,
      index,
      day: days[index],
      before: valueBefore(days, index),
      isChanged: this.#editor.isChanged(target.topic, index),
      now: index === today.weekday ? today.minutes : null,
    };
  }

  #fillChoices(targets, changed) {
    const { zone, day, zoneField, dayField } = this.#parts;
    zoneField.hidden = this.#view !== "week";
    dayField.hidden = this.#view === "week";
    const options = targets.map(({ topic, name }) => [topic, changed.has(topic) ? `${name} (edited)` : name]);
    const state = JSON.stringify(options);
    if (zone.dataset.state !== state) {
      zone.dataset.state = state;
      zone.replaceChildren(...options.map(([value, label]) => el("option", { value }, label)));
    }
    zone.value = this.#topic;
    day.value = this.#day;
  }

  #chooseZone(topic) {
    this.#topic = topic;
    this.#place = topic;
    history.replaceState(null, "", `#schedules/${topic}`);
    this.#editor.select(null);
  }

  #chooseDay(day) {
    this.#day = day;
    this.#editor.select(null);
  }

  #chooseView(view) {
    const place = this.#editor.selection;
    if (place) [this.#topic, this.#day] = [place.topic, place.index];
    this.#view = view;
    this.update();
  }

  /** Goes to the day or zone beside the selected one. */
  #selectBeside(steps) {
    const editor = this.#editor;
    const { topic, index, point } = editor.selection;
    const { targets } = editor;
    const position = targets.findIndex((target) => target.topic === topic);
    const days = daysIn(editor.target(topic).week);
    const place =
      this.#view === "week"
        ? { topic, index: days.at((days.indexOf(index) + steps) % days.length) }
        : { topic: targets[(position + steps + targets.length) % targets.length].topic, index };
    const { length } = editor.days(place.topic)[place.index];
    editor.select({ ...place, point: length === 0 ? null : Math.min(point, length - 1), minutes: null });
  }

  #shortcut(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.target.matches("input")) return;
    const key = event.key.toLowerCase();
    if (key === "z" && !event.shiftKey) this.#editor.undo();
    else if (key === "y" || (key === "z" && event.shiftKey)) this.#editor.redo();
    else return;
    event.preventDefault();
  }
}

customElements.define("schedules-view", SchedulesView);
