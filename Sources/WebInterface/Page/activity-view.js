// What is wrong, what happened, who changed what, and the log.

import { el, icon } from "./ui.js";
import { faultsOf } from "./homes.js";
import {
  changedSentence,
  faultName,
  faultSentence,
  modeName,
  outcomeSentence,
  plain,
  systemSentence,
  untilSentence,
  valueText,
} from "./words.js";

const LEVELS = ["debug", "info", "notice", "warning", "error"];
const LONGEST_LIST = 100;
/** A change that is this near to the command or the mode that caused it is the same thing told twice. */
const SAME_THING = 120_000;

export class ActivityView extends HTMLElement {
  #app;
  #parts = null;
  #isPaused = false;

  constructor(app) {
    super();
    this.#app = app;
    app.store.addEventListener("event", () => this.isConnected && this.update());
    app.store.addEventListener("log", () => this.isConnected && this.#showLog());
  }

  connectedCallback() {
    if (this.#parts) return;
    const level = el(
      "select",
      { id: "log-level" },
      LEVELS.map((each) => el("option", { value: each, selected: each === "info" }, each))
    );
    const pause = el("button", { type: "button", class: "small", "aria-pressed": false }, "Hold");
    pause.addEventListener("click", () => {
      this.#isPaused = !this.#isPaused;
      pause.setAttribute("aria-pressed", this.#isPaused);
      this.#showLog();
    });
    const parts = {
      faults: el("ul", { class: "timeline" }),
      events: el("ul", { class: "timeline" }),
      log: el("ol", { class: "log", tabindex: 0, "aria-label": "Log of the bridge" }),
      level,
    };
    level.addEventListener("change", () => {
      this.#app.store.log = [];
      this.#app.store.listenToLog(level.value);
      this.#showLog();
    });
    this.#parts = parts;
    this.append(
      el("section", { class: "card" }, el("h2", {}, "Faults"), parts.faults),
      el("section", { class: "card" }, el("h2", {}, "Recent activity"), parts.events),
      el(
        "section",
        { class: "card" },
        el(
          "div",
          { class: "log-head" },
          el("h2", {}, "Log"),
          el("label", { for: "log-level" }, "from level"),
          level,
          pause
        ),
        parts.log
      )
    );
  }

  enter() {
    this.#app.store.listenToLog(this.#parts.level.value);
  }

  leave() {
    this.#app.store.listenToLog(null);
  }

  update() {
    if (!this.#parts) return;
    const { faults, events } = this.#parts;
    show(faults, this.#faults(), "No faults.");
    show(events, this.#happenings(), "Nothing yet.");
    this.#showLog();
  }

  #faults() {
    const now = Date.now();
    return this.#app.homes.flatMap((home) =>
      faultsOf(home).map((fault) => ({
        picture: "warning",
        title: this.#titled(fault.owner, home),
        text: faultSentence(fault, home.clock, now),
        when: "",
      }))
    );
  }

  #titled(name, home) {
    return this.#app.homes.length > 1 && name !== home.title ? `${name}, ${home.title}` : name;
  }

  /** Events, and what zones say of who changed them last, the newest first. */
  #happenings() {
    const { store, homes, clock } = this.#app;
    const now = Date.now();
    const told = store.activity.map((event) => ({ at: event.at, topic: event.topic, ...this.#describe(event) }));
    const changes = homes.flatMap((home) =>
      [...home.zones, ...(home.hotWater ? [home.hotWater] : [])]
        .filter(({ state }) => state.changed?.at)
        .map((target) => {
          const { state, name, topic } = target;
          const value = valueText(state.setpoint ?? state.state);
          const until = untilSentence(target, home.system, home.clock, now);
          return {
            at: state.changed.at,
            topic,
            picture: "check",
            title: this.#titled(name, home),
            by: state.changed.by,
            text: `${value}, ${until}. ${changedSentence({ by: state.changed.by })}.`,
          };
        })
    );
    for (const home of homes) {
      const { changed } = home.system;
      if (!changed?.at) continue;
      changes.push({
        at: changed.at,
        topic: home.systemTopic,
        picture: "check",
        title: home.title,
        by: changed.by,
        text: `${systemSentence(home.system, home.clock, now)}. ${changedSentence({ by: changed.by })}.`,
      });
    }
    const modes = changes.filter(({ topic }) => topic.endsWith("/system"));
    // What a mode does to every zone is told by the mode.
    const causes = (change) =>
      change.by === "system"
        ? [...told, ...modes].filter(({ topic }) => topic === `${change.topic.split("/")[0]}/system`)
        : told.filter(({ topic }) => topic === change.topic && ["bridge", "elsewhere"].includes(change.by));
    const isTold = (change) =>
      causes(change).some(({ at }) => Math.abs(Date.parse(at) - Date.parse(change.at)) < SAME_THING);
    return [...told, ...changes.filter((change) => !isTold(change))]
      .sort((one, other) => String(other.at).localeCompare(String(one.at)))
      .slice(0, LONGEST_LIST)
      .map((each) => ({ ...each, when: each.at ? clock.past(each.at, now) : "" }));
  }

  #describe(event) {
    const { clock } = this.#app;
    const now = Date.now();
    const message = event.message && clock.sentence(event.message, now);
    const name = this.#nameOf(event.topic ?? "");
    switch (event.type) {
      case "command": {
        const isDone = event.outcome === "succeeded";
        const text = outcomeSentence(event, asked(event), clock, now);
        return { picture: isDone ? "check" : "warning", title: name, text };
      }
      case "fault":
        return {
          picture: event.state === "began" ? "warning" : "check",
          title: name,
          text: event.state === "began" ? faultName(event.fault) : `Over: ${faultName(event.fault).toLowerCase()}`,
        };
      case "change":
        return { picture: "check", title: name, text: message ?? `${changedSentence(event) ?? "Changed"}.` };
      default:
        return {
          picture: event.type === "notice" ? "check" : "warning",
          title: plain(event.type),
          text: message ?? event.code ?? "",
        };
    }
  }

  /** The name of what a topic is about, which may lie below it, as a schedule does. */
  #nameOf(topic) {
    for (const home of this.#app.homes) {
      const target = [...home.zones, home.hotWater].find(
        (each) => each && (topic === each.topic || topic.startsWith(`${each.topic}/`))
      );
      if (target) return this.#titled(topic.endsWith("/schedule") ? `${target.name}, schedule` : target.name, home);
      if (topic.startsWith(`${home.site}/`)) return home.title;
    }
    return topic || "Bridge";
  }

  #showLog() {
    const { log } = this.#parts;
    const lines = this.#app.store.log;
    if (this.#isPaused || log.shown === lines.at(-1)) return;
    log.shown = lines.at(-1);
    const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
    log.replaceChildren(...lines.map(logLine));
    if (isAtEnd) log.scrollTop = log.scrollHeight;
  }
}

customElements.define("activity-view", ActivityView);

/** What a command asked for, from its outcome. */
function asked({ requested, applied }) {
  const wish = applied ?? requested ?? {};
  if (wish.schedule || wish.monday) return "Schedule written";
  if (typeof wish !== "object") return plain(wish);
  if (wish.mode === "follow_schedule") return "Back to the schedule";
  const value = wish.setpoint ?? wish.state;
  return value === undefined ? modeName(wish.mode) : valueText(value);
}

/** Fills a list anew only where it differs. */
function show(list, items, nothing) {
  const state = JSON.stringify(items);
  if (list.dataset.state === state) return;
  list.dataset.state = state;
  list.replaceChildren(
    ...(items.length === 0
      ? [el("li", { class: "hint" }, nothing)]
      : items.map(({ picture, title, text, when }) =>
          el(
            "li",
            { "data-picture": picture },
            icon(picture),
            el("div", {}, el("strong", {}, `${title}: `), el("span", {}, text)),
            el("time", {}, when)
          )
        ))
  );
}

/** A line of the log: what everybody reads, then whatever else it holds. */
function logLine({ time = "", level = "", component = "", message = "", ...rest }) {
  const details = Object.entries(rest).map(
    ([key, value]) => `${key}=${typeof value === "object" ? JSON.stringify(value) : value}`
  );
  return el(
    "li",
    { "data-level": level },
    el("time", {}, String(time).slice(11, 19)),
    " ",
    el("span", { class: "level" }, level),
    ` ${component}: ${message} `,
    el("span", { class: "details" }, details.join(" "))
  );
}
