// The schedules as a file: saved, and restored with what differs shown first.

import { request } from "./interface.js";
import { isOwnBackup, restoredSentence } from "./schedule-backup.js";
import { reviewRestored } from "./schedule-review.js";
import { confirmed, el, setText } from "./ui.js";

export class BackupCard extends HTMLElement {
  #app;
  #file = el("input", { type: "file", id: "backup-file", accept: ".json,application/json" });
  #done = el("p", { class: "line", role: "status" });

  constructor(app) {
    super();
    this.#app = app;
    this.#file.addEventListener("change", () => this.#restore());
  }

  connectedCallback() {
    if (this.firstElementChild) return;
    this.className = "card";
    this.append(
      el("h2", {}, "Backup of schedules"),
      el("div", { class: "actions" }, el("a", { class: "button", href: "api/backup", download: "" }, "Save to a file")),
      el("div", { class: "field" }, el("label", { for: "backup-file" }, "Restore from a file"), this.#file),
      el("p", { class: "hint" }, "The differences are shown before anything is written."),
      this.#done
    );
  }

  async #restore() {
    const [chosen] = this.#file.files;
    this.#file.value = "";
    if (!chosen) return;
    try {
      const backup = JSON.parse((await chosen.text()).replace(/^\ufeff/, ""));
      setText(
        this.#done,
        isOwnBackup(backup)
          ? reviewRestored(this.#app, backup, "the file")
          : await this.#restoreByBridge(backup, chosen.name)
      );
    } catch (error) {
      setText(this.#done, error instanceof SyntaxError ? `${chosen.name} is not valid JSON.` : error.message);
    }
  }

  /** Files of other programs are read by the bridge, which writes what differs at once. */
  async #restoreByBridge(backup, name) {
    const text = `${name} comes from another program. The bridge writes all schedules that differ from it at once.`;
    if (!(await confirmed("Restore these schedules?", text, "Restore"))) return "";
    setText(this.#done, "Restoring. This can take minutes …");
    const { schedules = [] } = (await request("schedules_restore", { schedules: backup })) ?? {};
    return restoredSentence(schedules);
  }
}

customElements.define("backup-card", BackupCard);
