// Commands from their first touch to their outcome. What one sets shows at once; the outcome stands beside it.

import { command } from "./interface.js";
import { outcomeSentence } from "./words.js";

/** How long a success stays to be read. */
const SUCCESS_SHOWN = 8_000;
/** How long after a lost connection an outcome may still come. */
const OUTCOME_MISSED = 30_000;

/**
 * The latest command of each topic. Emits "change" with the topic.
 *
 * A command is an object of `state` ("chosen", "sent", "done", "failed"), `shows` (what the target is shown as while
 * it is on its way), `words` (what was asked for) and `message` (what became of it).
 */
export class Commands extends EventTarget {
  #latest = new Map();
  #clock;

  /** @param {() => HouseClock} clock The clock of the home that is shown. */
  constructor(store, clock) {
    super();
    this.#clock = clock;
    store.addEventListener("event", ({ detail }) => this.#ended(detail));
    store.addEventListener("link", () => {
      if (store.link === "live") this.#expectOutcomesSoon();
    });
  }

  of(topic) {
    return this.#latest.get(topic) ?? null;
  }

  /** A state with what is being set laid over it. */
  shown(topic, state) {
    const entry = this.#latest.get(topic);
    return entry && (entry.state === "chosen" || entry.state === "sent") ? { ...state, ...entry.shows } : state;
  }

  /**
   * @param {string} topic What it is for.
   * @param {object} payload The command.
   * @param {object} shows Members of the state, as they will be.
   * @param {string} words What is asked for, such as "21.0° until 22:30".
   * @param {number} delay Milliseconds to wait for a further choice, so that a slider sends once.
   */
  send(topic, payload, { shows = {}, words, delay = 0 }) {
    const earlier = this.#latest.get(topic);
    clearTimeout(earlier?.timer);
    const entry = { id: newID(), state: "chosen", payload, shows, words, message: null, timer: null };
    this.#latest.set(topic, entry);
    entry.timer = setTimeout(() => this.#go(topic, entry), delay);
    this.#tell(topic);
  }

  /** Sends a command and waits for what becomes of it. */
  run(topic, payload, words) {
    return new Promise((resolve) => {
      this.send(topic, payload, { words });
      const entry = this.#latest.get(topic);
      const check = () => {
        const isOver = entry.state === "done" || entry.state === "failed";
        if (!isOver && this.#latest.get(topic) === entry) return;
        this.removeEventListener("change", check);
        resolve({ succeeded: entry.state === "done", message: entry.message ?? "A later command took its place." });
      };
      this.addEventListener("change", check);
    });
  }

  /** Sends a failed command once more. */
  repeat(topic) {
    const entry = this.#latest.get(topic);
    if (entry) this.send(topic, entry.payload, entry);
  }

  dismiss(topic) {
    const entry = this.#latest.get(topic);
    if (!entry || entry.state === "chosen" || entry.state === "sent") return;
    this.#latest.delete(topic);
    this.#tell(topic);
  }

  async #go(topic, entry) {
    entry.state = "sent";
    this.#tell(topic);
    try {
      this.#answered(topic, entry, await command(topic, entry.id, entry.payload));
    } catch (error) {
      if (error.body?.outcome) this.#answered(topic, entry, error.body);
      else this.#end(topic, entry, "failed", `Not set: ${error.message}`);
    }
  }

  #ended(event) {
    if (event.type !== "command") return;
    for (const [topic, entry] of this.#latest) {
      if (entry.id === event.id && entry.state === "sent") this.#answered(topic, entry, event);
    }
  }

  /** An answer without an outcome only says that one will come. */
  #answered(topic, entry, answer) {
    if (!answer?.outcome) {
      entry.id = answer?.id ?? entry.id;
      return;
    }
    this.#end(topic, entry, answer.outcome === "succeeded" ? "done" : "failed", sentenceOf(answer, entry.words, this.#clock()));
  }

  #end(topic, entry, state, message) {
    if (this.#latest.get(topic) !== entry) return;
    Object.assign(entry, { state, message });
    if (state === "done") entry.timer = setTimeout(() => this.dismiss(topic), SUCCESS_SHOWN);
    this.#tell(topic);
  }

  /** Outcomes are told once. One that came while the connection was away is never told again. */
  #expectOutcomesSoon() {
    for (const [topic, entry] of this.#latest) {
      if (entry.state !== "sent") continue;
      setTimeout(() => {
        const message = "The outcome was missed while the connection was away. What is shown is what the bridge knows.";
        if (entry.state === "sent") this.#end(topic, entry, "failed", message);
      }, OUTCOME_MISSED);
    }
  }

  #tell(topic) {
    this.dispatchEvent(Object.assign(new Event("change"), { topic }));
  }
}

/** The outcome of a command for several zones has one for each. */
function sentenceOf(outcome, words, clock) {
  const now = Date.now();
  const zones = Object.entries(outcome.zones ?? {});
  const failed = zones.filter(([, each]) => each.outcome !== "succeeded");
  if (failed.length === 0) return outcomeSentence(outcome, words, clock, now);
  const list = failed.map(([zone, each]) => `${zone} (${outcomeSentence(each, words, clock, now)})`).join("; ");
  return `${zones.length - failed.length} of ${zones.length} zones: done. ${list}`;
}

function newID() {
  // `randomUUID` needs HTTPS or localhost, which a page in a home network is not always.
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
