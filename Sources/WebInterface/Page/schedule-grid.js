// Days side by side, each from midnight at the top to midnight at the bottom, as blocks that can be moved. Which days
// they are, and what becomes of a change, is up to the view around it.

import { blocksOf } from "./schedule.js";
import { timeOfDay } from "./time.js";
import { el, setText } from "./ui.js";
import { valueText } from "./words.js";

const DAY_MINUTES = 24 * 60;
/** Pixels that a pointer moves before it is a drag and no touch. */
const DRAG_FROM = 4;

/**
 * Columns are `{key, title, subtitle, label, topic, index, day, before, isChanged, now}`, where `index` is that of the
 * day, and `now` the minutes since midnight if the day is today.
 *
 * Emits "select" with `{topic, index, point, minutes}` (`point` is null for a day as a whole, `minutes` where it was
 * touched), "move" with `{…, minutes, grip}`, "insert" with `{topic, index, minutes}`, "drop" with `{grip}` when a drag
 * is given up, and "act" with `{action, steps}` for keys.
 */
export class ScheduleGrid extends HTMLElement {
  #columns = [];
  #selection = null;
  #elements = new Map();
  #body = null;
  #drag = null;

  connectedCallback() {
    if (this.#body) return;
    const axis = el("div", { class: "axis", "aria-hidden": "true" });
    for (let hour = 0; hour <= 24; hour += 3) {
      const [hours, minutes] = timeOfDay((hour * 60) % DAY_MINUTES).split(":");
      const label = el("span", {}, hours, el("span", { class: "minutes" }, `:${minutes}`));
      label.style.setProperty("--at", hour / 24);
      axis.append(label);
    }
    this.#body = el("div", { class: "columns" });
    this.append(axis, this.#body);
    this.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param {object|null} selection As the "select" event has it. */
  show(columns, selection) {
    const focused = document.activeElement?.closest?.("[data-point]");
    const hadFocus = focused && this.contains(focused);
    this.#columns = columns;
    this.#selection = selection;
    this.style.setProperty("--count", columns.length);
    this.classList.toggle("is-crowded", columns.length > 7);
    for (const [key, { section }] of this.#elements) {
      if (columns.some((column) => column.key === key)) continue;
      section.remove();
      this.#elements.delete(key);
    }
    columns.forEach((column, position) => {
      const parts = this.#elements.get(column.key) ?? this.#build(column.key);
      if (this.#body.children[position] !== parts.section)
        this.#body.insertBefore(parts.section, this.#body.children[position] ?? null);
      this.#fill(parts, column);
    });
    if (hadFocus && selection?.point !== null) this.focusSelected();
  }

  focusSelected() {
    this.querySelector('[aria-pressed="true"]')?.focus({ preventScroll: true });
  }

  #column(key) {
    return this.#columns.find((column) => column.key === key);
  }

  #build(key) {
    const parts = {
      title: el("span", { class: "title" }),
      subtitle: el("span", { class: "subtitle" }),
      blocks: el("div", { class: "blocks" }),
      now: el("div", { class: "now-line", "aria-hidden": "true", hidden: true }),
    };
    const head = el("button", { type: "button", class: "head" }, parts.title, parts.subtitle);
    head.addEventListener("click", () => this.#emit("select", { ...this.#place(key), point: null, minutes: null }));
    parts.head = head;
    parts.lane = el("div", { class: "lane" }, parts.blocks, parts.now);
    parts.section = el("section", {}, el("h3", {}, head), parts.lane);
    this.#listen(key, parts.lane);
    this.#elements.set(key, parts);
    return parts;
  }

  #fill(parts, column) {
    const { topic, index, day, before } = column;
    const chosen = this.#selection?.topic === topic && this.#selection.index === index ? this.#selection : null;
    setText(parts.title, column.title);
    setText(parts.subtitle, column.subtitle);
    parts.section.classList.toggle("is-changed", Boolean(column.isChanged));
    parts.section.classList.toggle("is-today", column.now !== null);
    parts.head.setAttribute("aria-pressed", Boolean(chosen && chosen.point === null));
    parts.head.setAttribute("aria-label", `${column.label}${column.isChanged ? ", edited" : ""}`);
    parts.now.hidden = column.now === null;
    if (column.now !== null) parts.now.style.setProperty("--at", column.now / DAY_MINUTES);
    const state = JSON.stringify([day, before, chosen?.point, column.label]);
    if (parts.state === state) return;
    parts.state = state;
    parts.blocks.replaceChildren(...blocksOf(day, before).map((block) => this.#block(block, column, chosen)));
  }

  #block(block, column, chosen) {
    const { from, to, value, index: point } = block;
    const isCarried = point === null;
    const text = valueText(value);
    const time = el("span", { class: "time" }, timeOfDay(from));
    const content = [isCarried ? null : time, el("span", { class: "amount" }, text)];
    const element = isCarried
      ? el(
          "div",
          { class: "block carried", title: `${text} from the day before` },
          ...content,
          el("span", { class: "visually-hidden" }, ` until ${timeOfDay(to)}, from the day before`)
        )
      : el(
          "button",
          {
            type: "button",
            class: "block",
            "data-point": point,
            "aria-pressed": chosen?.point === point,
            title: `${timeOfDay(from)} ${text}`,
            "aria-label": `${column.label} ${timeOfDay(from)}: ${text}, until ${timeOfDay(to % DAY_MINUTES)}`,
          },
          ...content,
          el("span", { class: "handle", "aria-hidden": "true" })
        );
    element.style.setProperty("--from", from / DAY_MINUTES);
    element.style.setProperty("--length", (to - from) / DAY_MINUTES);
    if (typeof value === "number") element.style.setProperty("--hue", hueOf(value));
    else element.classList.add(value === "on" ? "is-on" : "is-off");
    if (to - from < 40) element.classList.add("is-short");
    else if (to - from < 90) element.classList.add("is-low");
    return element;
  }

  /** Touches and drags. The lane holds the pointer, since blocks are made anew while they move. */
  #listen(key, lane) {
    const minutesAt = (event) => {
      const box = lane.getBoundingClientRect();
      return ((event.clientY - box.top) / box.height) * DAY_MINUTES;
    };
    const pointOf = (target) => {
      const { point } = target.closest?.("[data-point]")?.dataset ?? {};
      return point === undefined ? null : Number(point);
    };
    lane.addEventListener("pointerdown", (event) => {
      const point = pointOf(event.target);
      // With a finger a page is scrolled, so only the handle drags.
      const isGrip = event.target.classList.contains("handle") || event.pointerType === "mouse";
      if (event.button !== 0 || point === null || !isGrip) return;
      const offset = minutesAt(event) - this.#column(key).day[point].time;
      this.#drag = { point, offset, from: event.clientY, isMoving: false, grip: `drag ${Date.now()}` };
      lane.setPointerCapture(event.pointerId);
    });
    lane.addEventListener("pointermove", (event) => {
      const drag = this.#drag;
      if (!drag || !lane.hasPointerCapture(event.pointerId)) return;
      if (!drag.isMoving && Math.abs(event.clientY - drag.from) < DRAG_FROM) return;
      if (!drag.isMoving) this.#emit("select", { ...this.#place(key), point: drag.point, minutes: null });
      drag.isMoving = true;
      lane.classList.add("is-dragged");
      this.#emit("move", {
        ...this.#place(key),
        point: drag.point,
        minutes: minutesAt(event) - drag.offset,
        grip: drag.grip,
      });
    });
    const end = () => {
      lane.classList.remove("is-dragged");
      // The click that ends a drag comes right after it.
      setTimeout(() => (this.#drag = null));
    };
    lane.addEventListener("pointerup", end);
    lane.addEventListener("pointercancel", end);
    lane.addEventListener("click", (event) => {
      if (this.#drag?.isMoving) return;
      // A pointer that is held by the lane clicks the lane, so what is below it counts.
      const isPointer = event.detail > 0;
      const target = isPointer ? document.elementFromPoint(event.clientX, event.clientY) : event.target;
      const minutes = isPointer ? minutesAt(event) : null;
      this.#emit("select", { ...this.#place(key), point: pointOf(target), minutes });
      this.focusSelected();
    });
    lane.addEventListener("dblclick", (event) =>
      this.#emit("insert", { ...this.#place(key), minutes: minutesAt(event) })
    );
    lane.addEventListener("focusin", (event) => {
      const point = pointOf(event.target);
      const chosen = this.#selection;
      const { topic, index } = this.#place(key);
      if (point === null || this.#drag || (chosen?.topic === topic && chosen.index === index && chosen.point === point))
        return;
      this.#emit("select", { topic, index, point, minutes: null });
    });
  }

  #key(event) {
    if (event.key === "Escape" && this.#drag?.isMoving) {
      const { grip } = this.#drag;
      this.#drag = null;
      this.#emit("drop", { grip });
      return;
    }
    if (event.target.dataset.point === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const far = event.shiftKey ? 6 : 1;
    const actions = {
      ArrowUp: ["later", -far],
      ArrowLeft: ["later", -far],
      ArrowDown: ["later", far],
      ArrowRight: ["later", far],
      "+": ["warmer", 1],
      "=": ["warmer", 1],
      "-": ["warmer", -1],
      "−": ["warmer", -1],
      Delete: ["delete"],
      Backspace: ["delete"],
      Insert: ["split"],
      PageDown: ["beside", 1],
      PageUp: ["beside", -1],
    };
    const [action, steps] = actions[event.key] ?? [];
    if (!action) return;
    event.preventDefault();
    this.#emit("act", { action, steps });
  }

  #place(key) {
    const { topic, index } = this.#column(key);
    return { topic, index };
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

customElements.define("schedule-grid", ScheduleGrid);

/** A hue from blue for cold to red for warm, beside the number that everybody can read. */
function hueOf(temperature) {
  const stops = [
    [5, 265],
    [12, 240],
    [15, 215],
    [17, 185],
    [19, 110],
    [20.5, 80],
    [22, 55],
    [25, 30],
    [35, 15],
  ];
  const above = stops.findIndex(([at]) => at >= temperature);
  if (above <= 0) return above === 0 ? stops[0][1] : stops.at(-1)[1];
  const [[low, from], [high, to]] = [stops[above - 1], stops[above]];
  return Math.round(from + ((temperature - low) / (high - low)) * (to - from));
}
