// Signing in to the vendor's account: before anything is known, and again when its tokens have died.

import { post } from "./interface.js";
import { el, icon, setText } from "./ui.js";
import { loginsLeft } from "./bridge-view.js";

export class AccountView extends HTMLElement {
  #app;
  #parts = null;
  #isAsking = false;
  #result = null;
  #timer = null;

  constructor(app) {
    super();
    this.#app = app;
  }

  connectedCallback() {
    this.#timer = setInterval(() => this.update(), 1000);
    if (this.#parts) return;
    const parts = {
      user: el("input", {
        id: "user",
        name: "username",
        type: "email",
        autocomplete: "username",
        required: true,
        autocapitalize: "off",
        spellcheck: "false",
      }),
      password: el("input", {
        id: "password",
        name: "password",
        type: "password",
        autocomplete: "current-password",
        required: true,
      }),
      submit: el("button", { type: "submit", class: "primary" }, "Sign in"),
      budget: el("p", { class: "hint" }),
      state: el("p", {}),
      result: el("div", { class: "notice", role: "status", hidden: true }),
      found: el("ul", { class: "found" }),
      broker: el("p", { class: "notice warn", hidden: true }),
    };
    const form = el(
      "form",
      { class: "card account-form" },
      el("h2", {}, "Sign in to Total Connect Comfort"),
      parts.state,
      el("div", { class: "field" }, el("label", { for: "user" }, "User name (an email address)"), parts.user),
      el("div", { class: "field" }, el("label", { for: "password" }, "Password"), parts.password),
      parts.budget,
      el("div", { class: "actions" }, parts.submit),
      parts.result
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#signIn();
    });
    this.#parts = parts;
    const note =
      "The password is used once to get tokens, and is never written down. From then on the tokens are enough.";
    parts.after = el(
      "section",
      { class: "card", hidden: true },
      el("h2", {}, "What was found"),
      parts.found,
      el("div", { class: "actions" }, el("a", { class: "button primary", href: "#home" }, "Open the home"))
    );
    this.append(form, parts.after, parts.broker, el("p", { class: "hint" }, note));
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  enter() {
    this.#app.store.readAccount().catch(() => {});
  }

  update() {
    if (!this.#parts) return;
    const { store, clock, homes } = this.#app;
    const now = Date.now();
    const { account } = store;
    const parts = this.#parts;
    const next = account?.logins?.next_at ? Date.parse(account.logins.next_at) : 0;
    const mustWait = account?.logins?.left === 0 && next > now;
    parts.submit.disabled = this.#isAsking || mustWait;
    setText(parts.submit, this.#isAsking ? "Asking the cloud …" : "Sign in");
    const who = account?.user ? ` (${account.user[0]}…)` : "";
    const cloud = store.topics.get("bridge/cloud");
    const isRefused = cloud?.state === "unauthorised" && account?.signed_in;
    setText(
      parts.state,
      isRefused
        ? "The cloud does not accept the tokens any more."
        : account?.signed_in
          ? `Signed in${who}. Signing in again takes new tokens.`
          : "No account is signed in yet."
    );
    const left = loginsLeft(account?.logins, clock, now);
    const refused = account?.refused;
    const last = refused ? ` The last one was refused ${clock.past(refused.at, now)}: ${refused.message}` : "";
    setText(
      parts.budget,
      left === null ? "" : `Logins left: ${left}. The vendor locks accounts that log in too often.${last}`
    );
    const broker = store.brokerProblem;
    parts.broker.hidden = broker === null;
    const address = store.topics.get("bridge/info")?.configuration?.["mqtt.url"];
    setText(
      parts.broker,
      `The MQTT broker${address ? ` at ${address}` : ""} does not answer. ${broker ?? ""} The setting mqtt.url, or ` +
        "EVOHOME_MQTT_URL, says where it is. Until then only this page works, and nothing is published."
    );
    this.#showFound(homes, account);
    this.#showResult();
  }

  async #signIn() {
    const { user, password } = this.#parts;
    this.#isAsking = true;
    this.#result = null;
    this.update();
    try {
      await post("api/account", { username: user.value, password: password.value });
      password.value = "";
      this.#result = { level: "good", text: "Signed in. The bridge is reading what there is." };
    } catch (error) {
      const wait = error.retryAfter ? ` It can be tried again in ${Math.ceil(error.retryAfter / 60)} min.` : "";
      this.#result = { level: "bad", text: `${error.message}${wait}` };
    }
    this.#isAsking = false;
    await this.#app.store.readAccount().catch(() => {});
    this.update();
  }

  #showResult() {
    const { result } = this.#parts;
    result.hidden = !this.#result;
    const state = JSON.stringify(this.#result);
    if (result.dataset.state === state) return;
    result.dataset.state = state;
    result.className = `notice ${this.#result?.level ?? ""}`;
    result.replaceChildren(
      ...(this.#result
        ? [icon(this.#result.level === "good" ? "check" : "warning"), el("span", {}, this.#result.text)]
        : [])
    );
  }

  #showFound(homes, account) {
    const { after, found } = this.#parts;
    after.hidden = homes.length === 0 || account?.signed_in === false;
    const lines = homes.map((home) => {
      const water = home.hotWater ? " and hot water" : "";
      return `${home.title}: ${home.zones.map(({ name }) => name).join(", ")}${water}`;
    });
    if (found.dataset.state === lines.join("\n")) return;
    found.dataset.state = lines.join("\n");
    found.replaceChildren(...lines.map((line) => el("li", {}, line)));
  }
}

customElements.define("account-view", AccountView);
