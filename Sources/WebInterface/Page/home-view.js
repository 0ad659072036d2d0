// The home: its mode, its zones and its hot water.

import { button, el, icon, keyed, setText } from "./ui.js";
import { OverrideSheet } from "./override-sheet.js";
import { openModes, openWholeHome, setMode } from "./system-sheet.js";
import { ZoneCard, showOutcome } from "./zone-card.js";
import { faultSentence, modeName, systemSentence } from "./words.js";

export class HomeView extends HTMLElement {
  #app;
  #parts;
  #sheet = null;
  #home = null;

  constructor(app) {
    super();
    this.#app = app;
    app.commands.addEventListener("change", () => this.update());
  }

  connectedCallback() {
    if (this.#parts) return;
    const parts = {
      mode: el("h2", { class: "mode" }),
      away: button("", () => this.#toggleAway(), { class: "primary" }),
      outcome: el("p", { class: "line outcome", hidden: true }),
      trouble: el("ul", { class: "troubles" }),
      cards: el("div", { class: "cards" }),
      nothing: el("p", { class: "nothing" }, "No home is known yet."),
    };
    parts.system = el(
      "section",
      { class: "system", "aria-label": "The whole home" },
      el("div", { class: "mode-place" }, parts.mode, parts.outcome),
      el(
        "div",
        { class: "mode-keys" },
        parts.away,
        button("Mode", () => openModes(this.#home, this.#app.commands)),
        button("All zones", () => openWholeHome(this.#home, this.#app.commands))
      )
    );
    this.#parts = parts;
    this.append(parts.nothing, parts.system, parts.trouble, el("div", { class: "cards-place" }, parts.cards));
    this.update();
  }

  update() {
    const home = this.#app.home;
    const parts = this.#parts;
    if (!parts) return;
    parts.nothing.hidden = Boolean(home);
    setText(parts.nothing, this.#app.store.link === "connecting" ? "Reading the home …" : "No home is known yet.");
    parts.system.hidden = !home;
    this.#home = home;
    if (!home) return parts.cards.replaceChildren();
    const { commands } = this.#app;
    const system = commands.shown(home.systemTopic, home.system);
    const shown = { ...home, system };
    setText(parts.mode, systemSentence(system, home.clock, Date.now()));
    parts.system.dataset.mode = system.mode;
    setText(parts.away, system.mode === "away" ? "We are back" : modeName("away"));
    parts.away.hidden = !home.modes.some(({ mode }) => mode === "away");
    showOutcome(parts.outcome, commands, home.systemTopic);
    this.#showTroubles(home);
    const targets = [...home.zones, ...(home.hotWater ? [home.hotWater] : [])];
    const open = (topic) => this.#openSheet(topic);
    keyed(
      parts.cards,
      targets.map((target) => ({ home: shown, target })),
      ({ target }) => target.topic,
      () => new ZoneCard(commands, open)
    );
    const target = targets.find(({ topic }) => topic === this.#sheet?.topic);
    if (target) this.#sheet.update(shown, target);
  }

  /** Faults of the system itself; those of zones stand with them. */
  #showTroubles(home) {
    const sentences = (home.system.faults ?? []).map((fault) => faultSentence(fault, home.clock, Date.now()));
    if (!home.available) {
      sentences.unshift("This home is out of reach: its gateway or the cloud does not answer. The values are old.");
    }
    const { trouble } = this.#parts;
    if (trouble.dataset.text === sentences.join()) return;
    trouble.dataset.text = sentences.join();
    trouble.replaceChildren(
      ...sentences.map((sentence) => el("li", { class: "trouble" }, icon("warning"), el("span", {}, sentence)))
    );
  }

  #openSheet(topic) {
    const home = this.#home;
    const target = [...home.zones, home.hotWater].find((each) => each?.topic === topic);
    const system = this.#app.commands.shown(home.systemTopic, home.system);
    this.#sheet = new OverrideSheet({ ...home, system }, target, this.#app.commands, () => (this.#sheet = null));
  }

  #toggleAway() {
    const { commands } = this.#app;
    const system = commands.shown(this.#home.systemTopic, this.#home.system);
    if (system.mode === "away") setMode(commands, this.#home, "auto", {}, null);
    else openModes(this.#home, commands, "away");
  }
}

customElements.define("home-view", HomeView);
