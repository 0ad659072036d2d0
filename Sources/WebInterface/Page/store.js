// Everything that the bridge shows, kept up to date by its events.

import { get, problems, session } from "./interface.js";

const RETRY_FIRST = 1_000;
const RETRY_LONGEST = 15_000;
const HEALTH_EVERY = 30_000;
const LONGEST_LOG = 500;
const LONGEST_ACTIVITY = 200;
const ACTIVITY_KEY = "evohome-mqtt activity";
/** An event that no bridge has told: all that it still knows comes after it. */
const EVERYTHING = "none-0";

/**
 * Emits "change" with the topics that changed (at most once a frame), "event" for what happens and passes, "log" for a
 * line of the log, and "link" when the connection is lost or back.
 */
export class Store extends EventTarget {
  topics = new Map();
  facts = {};
  account = null;
  /** "connecting" before anything is known, then "live" or "lost". */
  link = "connecting";
  lostSince = null;
  /** What is wrong with the bridge itself, in sentences. */
  #problems = [];
  /** What happened, the newest last: what the bridge still knows, and what was heard before it started again. */
  activity = [];
  log = [];

  #source = null;
  #logLevel = null;
  #lastEvent = EVERYTHING;
  #retry = 0;
  #timer = null;
  // Topics that an event has set while everything is being read: what is read may be older.
  #fresher = null;
  #changed = new Set();

  start() {
    const { last = EVERYTHING, events = [] } = storedActivity();
    [this.#lastEvent, this.activity] = [last, events];
    session.addEventListener("signed-out", () => this.stop());
    // A phone that was asleep has a connection that is dead without knowing it.
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && this.link === "lost") this.connect();
    });
    addEventListener("online", () => this.connect());
    setInterval(() => this.link === "live" && !document.hidden && this.#readHealth(), HEALTH_EVERY);
    this.connect();
  }

  /** Why the broker is not connected, in a sentence; null while it is. */
  get brokerProblem() {
    return this.#problems.find((sentence) => sentence.includes("MQTT")) ?? null;
  }

  get otherProblems() {
    return this.#problems.filter((sentence) => !sentence.includes("MQTT"));
  }

  stop() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
  }

  /** Also receives lines of the log from a level on; null for none. */
  listenToLog(level) {
    if (this.#logLevel === level) return;
    this.#logLevel = level;
    if (this.#source) this.connect();
  }

  /** Shows something as it will be, until the bridge says how it is. */
  assume(topic, payload) {
    this.#set(topic, payload);
  }

  async readAccount() {
    this.account = await get("api/account");
    this.#announce("bridge/account");
    return this.account;
  }

  /** Connects, or connects again. What an earlier connection still has to say is heard until the new one is there. */
  connect() {
    clearTimeout(this.#timer);
    const earlier = this.#source;
    const source = new EventSource(this.#address);
    this.#source = source;
    source.addEventListener("open", () => {
      earlier?.close();
      this.#readAll(source);
    });
    source.addEventListener("error", () => {
      earlier?.close();
      this.#lost(source);
    });
    source.addEventListener("state", (event) => {
      const { topic, payload } = JSON.parse(event.data);
      this.#fresher?.add(topic);
      this.#set(topic, payload);
    });
    source.addEventListener("event", ({ data, lastEventId }) => {
      // Two connections may tell the same for a moment.
      if (isLater(lastEventId, this.#lastEvent)) this.#happened(JSON.parse(data), lastEventId);
    });
    source.addEventListener("log", (event) => {
      if (source !== this.#source) return;
      this.log.push(JSON.parse(event.data));
      if (this.log.length > LONGEST_LOG) this.log.shift();
      this.dispatchEvent(new Event("log"));
    });
  }

  /** A new connection says which event was heard last, as the browser does when it connects again by itself. */
  get #address() {
    const query = new URLSearchParams();
    if (this.#logLevel) query.set("log", this.#logLevel);
    query.set("last_event_id", this.#lastEvent);
    return `api/events?${query}`;
  }

  /** Reads everything at once, so that what vanished while the connection was away goes, too. */
  async #readAll(source) {
    this.#fresher = new Set();
    try {
      const [topics, facts, account] = await Promise.all([
        get("api/topics"),
        get("api/homes").catch(ifMissing({})),
        get("api/account").catch(ifMissing(null)),
        this.#readHealth(),
      ]);
      if (source !== this.#source) return;
      const fresher = this.#fresher;
      for (const topic of this.topics.keys()) if (!(topic in topics) && !fresher.has(topic)) this.#set(topic, null);
      for (const [topic, payload] of Object.entries(topics)) if (!fresher.has(topic)) this.#set(topic, payload);
      this.facts = facts;
      this.account = account;
      this.#retry = 0;
      this.#setLink("live");
      this.#announce("bridge/account");
    } catch (error) {
      if (source === this.#source && error.status !== 401) {
        source.close();
        this.#lost(source);
      }
    } finally {
      if (source === this.#source) this.#fresher = null;
    }
  }

  #lost(source) {
    if (source !== this.#source) return;
    this.#setLink("lost");
    // The browser connects again by itself, and asks for the events that were missed; unless it was refused.
    if (source.readyState !== EventSource.CLOSED) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#connectOrAskForPassword(), this.#retry);
    this.#retry = Math.min(Math.max(RETRY_FIRST, this.#retry * 1.5), RETRY_LONGEST);
  }

  /** An event source does not say why it was refused; a request does. */
  async #connectOrAskForPassword() {
    try {
      await get("api/topics/bridge/state");
    } catch (error) {
      if (error.status === 401) return;
    }
    this.connect();
  }

  #setLink(link) {
    if (link === "lost" && this.link !== "lost") this.lostSince = Date.now();
    if (this.link === link) return;
    this.link = link;
    this.dispatchEvent(new Event("link"));
  }

  #set(topic, payload) {
    if (payload === null || payload === undefined) this.topics.delete(topic);
    else this.topics.set(topic, payload);
    this.#announce(topic);
    // A site that is new has a time zone and limits that are not known yet.
    if (this.link === "live" && topic.endsWith("/system") && !(topic.split("/")[0] in this.facts)) this.#readFacts();
  }

  async #readHealth() {
    this.#problems = (await problems()) ?? this.#problems;
    this.#announce("bridge/health");
  }

  async #readFacts() {
    this.facts = await get("api/homes").catch(() => this.facts);
    this.#announce("bridge/homes");
  }

  /** Tells of changes once a frame, however many come; a page that is not looked at is told, too. */
  #announce(topic) {
    if (this.#changed.size === 0) setTimeout(() => this.#tell(), 16);
    this.#changed.add(topic);
  }

  #tell() {
    const topics = this.#changed;
    this.#changed = new Set();
    this.dispatchEvent(Object.assign(new Event("change"), { topics }));
  }

  #happened(event, id) {
    const detail = this.#flattened(event);
    this.#lastEvent = id;
    this.activity.push(detail);
    if (this.activity.length > LONGEST_ACTIVITY) this.activity.shift();
    try {
      sessionStorage.setItem(ACTIVITY_KEY, JSON.stringify({ last: id, events: this.activity }));
    } catch {
      // Without storage the list begins anew with the next load.
    }
    this.dispatchEvent(Object.assign(new Event("event"), { detail }));
  }

  /** An event with its outcome's members beside its own, and its topic below the base topic, as everywhere here. */
  #flattened(event) {
    const base = `${this.topics.get("bridge/info")?.configuration?.["mqtt.base_topic"] ?? "evohome"}/`;
    const topic = event.topic?.startsWith(base) ? event.topic.slice(base.length) : event.topic;
    return typeof event.outcome === "object" ? { ...event, ...event.outcome, topic } : { ...event, topic };
  }
}

/** What an interface of an older bridge does not have counts as nothing. */
function ifMissing(instead) {
  return (error) => {
    if (error.status === 404) return instead;
    throw error;
  };
}

function storedActivity() {
  try {
    const stored = JSON.parse(sessionStorage.getItem(ACTIVITY_KEY) ?? "{}");
    return Array.isArray(stored.events) ? stored : {};
  } catch {
    return {};
  }
}

/** Whether an event comes after another, or from another run of the bridge. Ids are "run-number". */
function isLater(id, last) {
  const [run, number] = id.split("-");
  const [lastRun, lastNumber] = last.split("-");
  return run !== lastRun || Number(number) > Number(lastNumber);
}
