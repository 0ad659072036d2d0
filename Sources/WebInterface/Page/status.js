// One line that is always there: whether what is shown is true, and what is wrong if it is not.

import { el, icon, setText } from "./ui.js";
import { HouseClock } from "./time.js";

const CLOUD = {
  stale: "The values are old",
  rate_limited: "The cloud is rate-limiting the bridge",
  unauthorised: "The cloud does not accept the account",
  unreachable: "The cloud cannot be reached",
};

/**
 * What is wrong, the worst first: `{level, title, text, link}` with a level of "bad" or "warn".
 *
 * @param {object} store What is known.
 * @param {HouseClock} clock The clock of the home that is shown.
 */
export function troublesOf(store, clock, now) {
  const troubles = [];
  if (store.link === "lost") {
    const since = clock.since(new Date(store.lostSince).toISOString(), now);
    troubles.push({ level: "bad", title: "Connection lost", text: `since ${since}; trying again` });
    return troubles;
  }
  if (store.link === "connecting") return troubles;
  if (store.account?.signed_in === false) {
    troubles.push({ level: "bad", title: "No account is signed in", text: "", link: ["#account", "Sign in"] });
  } else {
    troubles.push(...cloudTrouble(store, clock, now));
  }
  if (store.brokerProblem) {
    const link = ["#bridge", "Which setting?"];
    troubles.push({ level: "warn", title: "The MQTT broker does not answer", text: store.brokerProblem, link });
  }
  for (const text of store.otherProblems) troubles.push({ level: "warn", title: "The bridge reports a problem", text });
  return troubles;
}

function cloudTrouble(store, clock, now) {
  const cloud = store.topics.get("bridge/cloud");
  if (!cloud) return [];
  if (cloud.state === "ok")
    return cloud.error ? [{ level: "warn", title: "Something is wrong", text: cloud.error }] : [];
  const parts = [];
  if (cloud.last_success) parts.push(`last read ${clock.past(cloud.last_success, now)}`);
  if (cloud.error) parts.push(cloud.error.replace(/\.$/, ""));
  if (cloud.retry_at && Date.parse(cloud.retry_at) > now) parts.push(`next try ${clock.moment(cloud.retry_at, now)}`);
  const link = cloud.state === "unauthorised" ? ["#account", "Sign in"] : ["#bridge", "More"];
  return [{ level: "bad", title: CLOUD[cloud.state] ?? cloud.state, text: parts.join("; "), link }];
}

class StatusLine extends HTMLElement {
  #parts = null;

  connectedCallback() {
    // Only the title is announced: times in the rest change all the while.
    const parts = {
      title: el("strong", { role: "status" }),
      text: el("span", { class: "more" }),
      link: el("a", { hidden: true }),
    };
    this.#parts = parts;
    this.append(
      el("span", { class: "lamp", "aria-hidden": "true" }),
      icon("warning"),
      el("p", {}, parts.title, " ", parts.text, " ", parts.link)
    );
  }

  update(store, clock) {
    const now = Date.now();
    const [worst, ...others] = troublesOf(store, clock, now);
    const cloud = store.topics.get("bridge/cloud");
    this.dataset.level = worst?.level ?? (store.link === "connecting" ? "none" : "good");
    const { title, text, link } = this.#parts;
    setText(title, worst?.title ?? (store.link === "connecting" ? "Connecting …" : "Up to date"));
    const read = cloud?.last_success ? `read ${clock.past(cloud.last_success, now)}` : "";
    const more = others.length > 0 ? ` Also: ${others.map((other) => other.title).join("; ")}.` : "";
    setText(text, worst ? `${worst.text}${more}` : read);
    link.hidden = !worst?.link || location.hash === worst.link[0];
    if (worst?.link) {
      link.href = worst.link[0];
      setText(link, worst.link[1]);
    }
  }
}

customElements.define("status-line", StatusLine);
