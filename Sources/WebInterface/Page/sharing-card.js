// Programs that use the account through the bridge: how often each has asked, and what that has spared the cloud.

import { el, rows, table } from "./ui.js";

const WINDOWS = ["Today", "Last hour", "Since the start"];
const SPARED = [
  ["Calls of the cloud saved", "calls_saved"],
  ["Logins saved", "logins_saved"],
  ["Changes made", "writes"],
  ["Requests for what is not shared", "unknown_requests"],
];

export class SharingCard extends HTMLElement {
  #programs = el("tbody");
  #spared = el("tbody");

  connectedCallback() {
    if (this.firstElementChild) return;
    this.className = "card";
    this.hidden = true;
    this.append(
      el("h2", {}, "Other programs"),
      el("p", { class: "hint" }, "They use the account through this bridge, each under the name that it gives."),
      table("Requests of other programs", ["Program", ...WINDOWS], this.#programs),
      table("What other programs did, and what that saved", ["All together", ...WINDOWS], this.#spared)
    );
  }

  /** Shows what `bridge/stats` has of it; nothing while the account is not shared. */
  update(stats) {
    const windows = [stats.today?.share, stats.last_hour?.share, stats.since_start?.share];
    this.hidden = windows.some((share) => !share);
    if (this.hidden) return;
    const line = (title, count) => [title, ...windows.map((share) => count(share) ?? 0)];
    const names = Object.keys(windows[2].requests.clients);
    rows(this.#programs, [
      ...names.map((name) => line(name, (share) => share.requests.clients[name])),
      line(names.length > 0 ? "All" : "None has asked yet", (share) => share.requests.total),
    ]);
    rows(
      this.#spared,
      SPARED.map(([title, key]) => line(title, (share) => share[key]))
    );
  }
}

customElements.define("sharing-card", SharingCard);
