// Schedules that are kept under a name, such as "winter": saved, compared and taken over, and deleted.

import { request } from "./interface.js";
import { reviewRestored } from "./schedule-review.js";
import { button, confirmed, el, openDialog } from "./ui.js";

export function openNamed(app) {
  const list = el("ul", { class: "named" });
  const status = el("p", { class: "hint", role: "status" }, "Reading …");
  const name = el("input", { id: "schedule-name", required: true, maxlength: 60, autocomplete: "off" });
  const form = el(
    "form",
    { class: "inline" },
    el("label", { for: "schedule-name" }, "Save the schedules of the cloud as"),
    name,
    el("button", { type: "submit", class: "primary" }, "Save")
  );

  /** Does something, and says what became of it; a list that cannot be read says why. */
  const attempt = async (doing, work) => {
    status.textContent = doing;
    for (const each of dialog.querySelectorAll(".dialog-body button")) each.disabled = true;
    try {
      const done = await work();
      await show();
      status.textContent = done;
    } catch (error) {
      status.textContent = error.message;
    } finally {
      for (const each of dialog.querySelectorAll(".dialog-body button")) each.disabled = false;
    }
  };

  const show = async () => {
    const names = namesOf(await request("schedules_list"));
    list.replaceChildren(...names.map((each) => item(each)));
    status.textContent = names.length === 0 ? "Nothing is saved yet." : "";
  };

  const item = (each) =>
    el(
      "li",
      { class: "card" },
      el("div", {}, el("h3", {}, each.name), el("p", { class: "hint" }, each.detail(app.clock))),
      el(
        "div",
        { class: "actions" },
        button("Apply …", () => apply(each.name), { "aria-label": `Apply ${each.name}` }),
        button("Delete", () => remove(each.name), { class: "quiet", "aria-label": `Delete ${each.name}` })
      )
    );

  /** What differs is shown first; the drafts that it becomes are written from there. */
  const apply = (chosen) =>
    attempt("Comparing …", async () => {
      const { schedules } = await request("schedules_show", { name: chosen });
      return reviewRestored(app, schedules, `“${chosen}”`);
    });

  const remove = async (chosen) => {
    if (!(await confirmed(`Delete “${chosen}”?`, "The schedules of the zones stay as they are.", "Delete"))) return;
    await attempt("Deleting …", async () => {
      await request("schedules_delete", { name: chosen });
      return `“${chosen}” is deleted.`;
    });
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = name.value.trim();
    attempt("Saving …", async () => {
      await request("schedules_save", { name: chosen });
      name.value = "";
      return `Saved as “${chosen}”.`;
    });
  });
  const dialog = openDialog("Saved schedules", [form, list, status]);
  show().catch((error) => (status.textContent = error.message));
}

/** Names with what is said of them: the list is of names, or of objects with more. */
function namesOf(data) {
  const list = Array.isArray(data) ? data : (Object.values(data ?? {}).find(Array.isArray) ?? []);
  return list.map((each) => {
    const { name = String(each), saved = null, at = saved, zones = null } = typeof each === "object" ? each : {};
    const count = Array.isArray(zones) ? zones.length : zones;
    return {
      name,
      detail: (clock) =>
        [at && `saved ${clock.past(at, Date.now())}`, count !== null && `${count} schedules`]
          .filter(Boolean)
          .join(", "),
    };
  });
}
