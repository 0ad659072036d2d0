// The page: what is known, which part of it is shown, and for which home.

import { session } from "./interface.js";
import { Commands } from "./commands.js";
import { HomeView } from "./home-view.js";
import { faultsOf, homesOf } from "./homes.js";
import { Store } from "./store.js";
import { ScheduleEditor } from "./schedule-editor.js";
import { HouseClock } from "./time.js";
import { announce, el, icon, openDialog, setText } from "./ui.js";
import "./status.js";

const HOME_KEY = "evohome-mqtt home";
const MINUTE = 60_000;

/** Parts of the page by their address. Those that are not seen first are loaded when they are. */
const PARTS = {
  home: { title: "Home", make: async () => HomeView },
  schedules: { title: "Schedules", make: async () => (await import("./schedules-view.js")).SchedulesView },
  activity: { title: "Activity", make: async () => (await import("./activity-view.js")).ActivityView },
  bridge: { title: "Bridge", make: async () => (await import("./bridge-view.js")).BridgeView },
  account: { title: "Sign in", make: async () => (await import("./account-view.js")).AccountView, isHidden: true },
};

class App {
  store = new Store();
  commands = new Commands(this.store, () => this.clock);
  editor = new ScheduleEditor(this);
  homes = [];
  #views = new Map();
  #shown = null;
  #site = stored(HOME_KEY);
  #tabs = new Map();
  #homeChoice = null;
  #isAskingForPassword = false;

  /** The home that is shown; null before one is known. */
  get home() {
    return this.homes.find(({ site }) => site === this.#site) ?? this.homes[0] ?? null;
  }

  get clock() {
    return this.home?.clock ?? new HouseClock(null);
  }

  /** The rest of the address: "home/zone/kitchen" in "#schedules/home/zone/kitchen". */
  get place() {
    const place = location.hash.split("/").slice(1).join("/");
    try {
      return decodeURIComponent(place);
    } catch {
      return place;
    }
  }

  start() {
    this.#buildTabs();
    this.#buildHomeChoice();
    document.querySelector(".skip").addEventListener("click", (event) => {
      event.preventDefault();
      document.getElementById("main").focus();
    });
    addEventListener("hashchange", () => this.#show({ isMove: true }));
    session.addEventListener("signed-out", () => this.#askForPassword());
    this.store.addEventListener("change", () => this.#update());
    this.store.addEventListener("link", () => this.#update());
    this.commands.addEventListener("change", ({ topic }) => this.#announceOutcome(topic));
    this.editor.addEventListener("change", () => this.#update());
    // "5 min ago" grows old by itself.
    setInterval(() => this.#update(), MINUTE / 2);
    this.#show({ isMove: false });
    this.store.start();
  }

  /** Outcomes are seen beside what was set, and heard here. */
  #announceOutcome(topic) {
    const entry = this.commands.of(topic);
    if (entry?.message) announce(entry.message);
  }

  choose(site) {
    this.#site = site;
    try {
      localStorage.setItem(HOME_KEY, site);
    } catch {
      // Without storage the first home is shown next time.
    }
    this.#update();
  }

  #update() {
    // Events come one by one; nothing is shown before all of it is known, so that nothing moves.
    const isKnown = this.store.link !== "connecting";
    if (isKnown) this.homes = homesOf(this.store.topics, this.store.facts);
    document.getElementById("main").classList.toggle("is-waiting", !isKnown);
    this.#updateHomeChoice();
    this.#updateBadge("activity", this.homes.flatMap(faultsOf).length, "faults");
    this.#updateBadge("schedules", this.editor.differences().length, "schedules not written");
    document.querySelector("status-line").update(this.store, this.clock);
    // Who has no account sees how to sign in first.
    if (this.store.account?.signed_in === false && location.hash === "" && this.store.link === "live") {
      location.replace("#account");
    }
    this.#shown?.update?.();
  }

  async #show({ isMove }) {
    const name = location.hash.slice(1).split("/")[0];
    const key = name in PARTS ? name : "home";
    for (const [part, link] of this.#tabs) {
      if (part === key) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    document.title = key === "home" ? "Heating" : `${PARTS[key].title} – Heating`;
    const main = document.getElementById("main");
    let view = this.#views.get(key);
    if (!view) {
      const View = await PARTS[key].make().catch(() => null);
      if (!View)
        return main.replaceChildren(
          el("p", { class: "nothing" }, "This part could not be loaded. Is the bridge running?")
        );
      view = this.#views.get(key) ?? new View(this);
      this.#views.set(key, view);
    }
    if (this.#shown !== view) {
      this.#shown?.leave?.();
      this.#shown = view;
      main.dataset.part = key;
      main.replaceChildren(view);
      // A move by the keyboard goes on within the part.
      if (isMove) {
        scrollTo(0, 0);
        main.focus({ preventScroll: true });
      }
    }
    view.enter?.();
    this.#update();
  }

  #buildTabs() {
    const nav = document.querySelector("nav.tabs");
    for (const [key, { title, isHidden }] of Object.entries(PARTS)) {
      if (isHidden) continue;
      const badge = el("span", { class: "badge", hidden: true });
      const link = el("a", { href: `#${key}` }, icon(key), el("span", {}, title), badge);
      link.badge = badge;
      this.#tabs.set(key, link);
      nav.append(link);
    }
  }

  /** A number beside a part's name, such as how many faults there are. */
  #updateBadge(key, count, what) {
    const { badge } = this.#tabs.get(key);
    badge.hidden = count === 0;
    setText(badge, String(count));
    badge.setAttribute("aria-label", `${count} ${what}`);
    badge.setAttribute("role", "img");
  }

  #buildHomeChoice() {
    const select = el("select", { "aria-label": "Home", hidden: true, class: "home-choice" });
    select.addEventListener("change", () => this.choose(select.value));
    document.querySelector(".home-place").append(select);
    this.#homeChoice = select;
  }

  #updateHomeChoice() {
    const select = this.#homeChoice;
    const titles = this.homes.map(({ title }) => title);
    select.hidden = titles.length < 2;
    if (select.dataset.titles !== titles.join("\n")) {
      select.dataset.titles = titles.join("\n");
      select.replaceChildren(...this.homes.map(({ site, title }) => el("option", { value: site }, title)));
    }
    if (this.home) select.value = this.home.site;
  }

  async #askForPassword() {
    if (this.#isAskingForPassword) return;
    this.#isAskingForPassword = true;
    await import("./password.js");
    const form = el("password-form");
    const dialog = openDialog("Sign in", form, { isRequired: true });
    form.addEventListener("signed-in", () => {
      this.#isAskingForPassword = false;
      dialog.close();
      this.store.connect();
    });
  }
}

function stored(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

new App().start();
