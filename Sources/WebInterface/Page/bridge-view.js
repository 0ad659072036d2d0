// The bridge itself: the cloud and its tokens, what was asked of it today, the broker, backups, and the settings.

import { BackupCard } from "./backup-card.js";
import { request } from "./interface.js";
import { SharingCard } from "./sharing-card.js";
import { button, el, facts, rows, setText, table } from "./ui.js";
import { lengthOf } from "./time.js";
import { plain } from "./words.js";

const INTERVALS = ["60s", "120s", "180s", "300s", "600s", "900s", "1800s"];
const LEVELS = ["trace", "debug", "info", "notice", "warning", "error", "critical"];

const CLOUD = {
  ok: "Reachable",
  stale: "Reachable, but not everything could be read",
  rate_limited: "Rate limited",
  unauthorised: "Account refused",
  unreachable: "Unreachable",
};

export class BridgeView extends HTMLElement {
  #app;
  #parts = null;

  constructor(app) {
    super();
    this.#app = app;
  }

  connectedCallback() {
    if (this.#parts) return;
    const parts = {
      account: el("dl", { class: "facts" }),
      broker: el("dl", { class: "facts" }),
      versions: el("dl", { class: "facts" }),
      calls: el("tbody"),
      sharing: new SharingCard(),
      settings: el("tbody"),
      done: el("p", { class: "line", role: "status" }),
      readDone: el("p", { class: "line", role: "status" }),
      interval: el(
        "select",
        { id: "poll-interval" },
        INTERVALS.map((each) => el("option", { value: each }, lengthOf(Number.parseInt(each, 10) * 1000)))
      ),
      level: el(
        "select",
        { id: "running-level" },
        LEVELS.map((each) => el("option", {}, each))
      ),
      leave: button("Sign out of this page", () => this.#signOut()),
    };
    this.#parts = parts;
    parts.interval.addEventListener("change", () => this.#set("poll_interval", parts.interval));
    parts.level.addEventListener("change", () => this.#set("log_level", parts.level));
    const card = (title, ...content) => el("section", { class: "card" }, el("h2", {}, title), ...content);
    this.append(
      card(
        "Cloud and account",
        parts.account,
        el(
          "div",
          { class: "actions" },
          button("Read the cloud now", () => this.#refresh()),
          el("a", { class: "button", href: "#account" }, "Sign in again")
        ),
        parts.readDone
      ),
      card("MQTT broker", parts.broker),
      card(
        "Change without a restart",
        el(
          "p",
          { class: "hint" },
          "Changes last until the next restart. To keep them, set cloud.poll_interval and log.level."
        ),
        el(
          "div",
          { class: "fields" },
          el("div", { class: "field" }, el("label", { for: "poll-interval" }, "Read the cloud every"), parts.interval),
          el("div", { class: "field" }, el("label", { for: "running-level" }, "Log from level"), parts.level)
        ),
        parts.done
      ),
      new BackupCard(this.#app),
      card(
        "Calls to the cloud",
        table("Calls to the cloud by kind", ["Kind", "Today", "Last hour", "Since the start"], parts.calls)
      ),
      parts.sharing,
      card("Version", parts.versions, parts.leave),
      el(
        "section",
        { class: "card wide-card" },
        el(
          "details",
          {},
          el("summary", {}, el("h2", {}, "Settings")),
          el(
            "p",
            { class: "hint" },
            "They come from the configuration file, the environment or flags, and hold from the next start. " +
              "Secrets are not shown."
          ),
          table(
            "Settings with their values and names in the environment",
            ["Setting", "Value", "In the environment"],
            parts.settings
          )
        )
      )
    );
  }

  enter() {
    this.#read("poll_interval", this.#parts.interval);
    this.#read("log_level", this.#parts.level);
    // Ages of tokens and what is left of the login budget change by themselves.
    this.#app.store.readAccount().catch(() => {});
  }

  update() {
    if (!this.#parts) return;
    const { store, clock } = this.#app;
    const now = Date.now();
    const info = store.topics.get("bridge/info") ?? {};
    const stats = store.topics.get("bridge/stats") ?? {};
    const cloud = store.topics.get("bridge/cloud") ?? {};
    const account = store.account ?? {};
    const settings = info.configuration ?? {};
    const past = (instant) => (instant ? clock.past(instant, now) : null);
    facts(this.#parts.account, [
      ["Cloud", cloud.state && (CLOUD[cloud.state] ?? plain(cloud.state))],
      ["What is wrong", cloud.error],
      ["Last read", past(cloud.last_success)],
      ["Next try", cloud.retry_at && clock.moment(cloud.retry_at, now)],
      ["Address", cloud.address ?? settings["cloud.url"]],
      [
        "Signed in",
        account.signed_in === false
          ? "no"
          : [
              account.user && `${account.user[0]}…`,
              (account.account_id ?? info.account_id) && `account ${account.account_id ?? info.account_id}`,
            ]
              .filter(Boolean)
              .join(", "),
      ],
      ["Access token", validity(account.access_token?.expires ?? stats.token_expires, clock, now)],
      ["Refresh token", account.refresh_token?.since && `from ${past(account.refresh_token.since)}`],
      ["Logins left", loginsLeft(account.logins ?? { left: stats.logins_left }, clock, now)],
    ]);
    facts(this.#parts.broker, [
      ["State", store.brokerProblem ? "Not connected" : "Connected"],
      ["What is wrong", store.brokerProblem],
      ["Address", settings["mqtt.url"]],
      ["Set by", "mqtt.url (EVOHOME_MQTT_URL)"],
      ["MQTT version", info.mqtt_protocol],
      ["Base topic", settings["mqtt.base_topic"]],
      [
        "Home Assistant",
        settings["home_assistant.discovery"] === "true"
          ? `announced below ${settings["home_assistant.discovery_prefix"]}`
          : "not announced",
      ],
      ["Largest packet", info.broker?.maximum_packet_size && `${info.broker.maximum_packet_size} bytes`],
      [
        "Retains messages",
        info.broker?.retain_available === false ? "no: state is lost for clients that come later" : null,
      ],
    ]);
    facts(this.#parts.versions, [
      ["evohome-mqtt", info.version],
      ["Started", past(info.started)],
      ["Homes", info.locations?.map(({ name }) => name).join(", ")],
      [
        "Ghost zones",
        info.ghost_zones?.length > 0 ? info.ghost_zones.map(({ name, id }) => name || id).join(", ") : null,
      ],
      ["Unknown in the cloud’s answers", info.surprises?.length > 0 ? info.surprises.join(", ") : null],
    ]);
    this.#showCalls(stats, account);
    this.#parts.sharing.update(stats);
    rows(
      this.#parts.settings,
      Object.entries(settings).map(([key, value]) => [
        key,
        value ?? "not set",
        `EVOHOME_${key.toUpperCase().replaceAll(".", "_")}`,
      ])
    );
    this.#parts.leave.hidden = !settings["http.password"] && !settings["http.password_file"];
  }

  #showCalls(stats, account) {
    // All three are of the same minute, so that no part is more than the whole.
    const [today, hour, all] = [
      stats.today?.calls ?? account.calls_today ?? {},
      stats.last_hour?.calls ?? {},
      stats.since_start?.calls ?? {},
    ];
    const kinds = [...new Set([...Object.keys(all), ...Object.keys(today)])].filter((kind) => kind !== "total").sort();
    const line = (title, kind) => [title, today[kind] ?? 0, hour[kind] ?? 0, all[kind] ?? 0];
    rows(this.#parts.calls, [...kinds.map((kind) => line(plain(kind), kind)), line("All", "total")]);
  }

  async #read(name, select) {
    try {
      choose(select, (await request(name))?.value);
      select.disabled = false;
    } catch {
      select.disabled = true;
    }
  }

  async #set(name, select) {
    const { done } = this.#parts;
    try {
      choose(select, (await request(name, { value: select.value }))?.value);
      setText(done, "Changed.");
    } catch (error) {
      setText(done, error.message);
      this.#read(name, select);
    }
  }

  async #refresh() {
    const { readDone } = this.#parts;
    setText(readDone, "Reading …");
    try {
      await request("refresh");
      setText(readDone, "Everything was read again.");
    } catch (error) {
      setText(readDone, error.message);
    }
  }

  async #signOut() {
    await fetch("api/session", { method: "DELETE", headers: { "Content-Type": "application/json" } }).catch(() => {});
    location.reload();
  }
}

customElements.define("bridge-view", BridgeView);

/** What is left of the login budget, in words. */
export function loginsLeft(logins, clock, now) {
  if (logins?.left === undefined || logins.left === null) return null;
  const next =
    logins.next_at && Date.parse(logins.next_at) > now
      ? `; the next may be made ${momentWord(clock.moment(logins.next_at, now))}`
      : "";
  return `${logins.left}${next}`;
}

function momentWord(moment) {
  return /^\d/.test(moment) ? `at ${moment}` : moment;
}

function validity(expires, clock, now) {
  if (!expires) return null;
  return Date.parse(expires) > now
    ? `good until ${clock.moment(expires, now)}`
    : `expired ${clock.past(expires, now)}`;
}

function choose(select, value) {
  if (value === undefined || value === null) return;
  const known = [...select.options].some((option) => option.value === value);
  if (!known)
    select.append(el("option", { value }, /^\d+s$/.test(value) ? lengthOf(Number.parseInt(value, 10) * 1000) : value));
  select.value = value;
}
