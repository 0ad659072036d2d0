// What differs from the cloud, before anything is written; then the writing, one zone after another.

import { button, el, icon, openDialog } from "./ui.js";
import { grouped } from "./drafts.js";
import { scheduled } from "./homes.js";
import { restored } from "./schedule-backup.js";
import { WEEKDAYS } from "./time.js";
import { problemsOf, written } from "./schedule.js";

const STATES = { waiting: "waits", writing: "is being written …", written: "written", failed: "not written" };

export function openReview(app) {
  const { editor } = app;
  const list = el("ul", { class: "differences" });
  const status = el("p", { class: "hint", role: "status" });
  let isWriting = false;
  const rows = editor.differences().map((difference) => row(app, difference, () => !isWriting));
  list.append(...rows.map(({ element }) => element));

  const write = async () => {
    isWriting = true;
    start.disabled = true;
    const open = rows.filter((each) => each.state !== "written" && !each.isDiscarded);
    for (const each of open) each.show("waiting");
    let failures = 0;
    // One after another: each is read back before the next goes out.
    for (const each of open) if (!(await writeOne(app, each))) failures += 1;
    isWriting = false;
    start.disabled = failures === 0;
    start.textContent = "Write the rest";
    status.textContent =
      failures === 0
        ? "All changes are written."
        : `${failures} of ${open.length} could not be written. They are kept here; nothing is lost.`;
  };

  const start = button(rows.length === 1 ? "Write this schedule" : `Write ${rows.length} schedules`, write, {
    class: "primary",
  });
  openDialog("Changes", [
    el(
      "p",
      { class: "hint" },
      "This is how the schedules differ from those in the cloud. Nothing is written until you confirm."
    ),
    list,
    status,
    el("div", { class: "actions end" }, start),
  ]);
}

/**
 * Makes drafts of what schedules of a backup would change, and shows them.
 *
 * @param {object} backup A backup of the bridge's own.
 * @param {string} whence Where they come from, such as "a file".
 * @returns {string} What there is to be seen, or why there is nothing.
 */
export function reviewRestored(app, backup, whence) {
  const targets = app.homes.flatMap((home) => scheduled(home).map((target) => ({ ...target, location: home.name })));
  const { changes, same, problems } = restored(backup, targets);
  if (changes.length > 0) {
    app.editor.changeAll(`took over ${whence}`, changes);
    openReview(app);
  }
  const rest = problems.length > 0 ? ` Left out: ${problems.join(" ")}` : "";
  return changes.length === 0
    ? `Nothing differs: ${same} schedules are as in ${whence}.${rest}`
    : `What differs is in Schedules now; nothing is written yet.${rest}`;
}

/** A zone with its differences, and what becomes of it. */
function row(app, { topic, days }, mayDiscard) {
  const { editor } = app;
  const target = findTarget(app, topic);
  const name = target ? `${target.name}${app.homes.length > 1 ? `, ${target.home.title}` : ""}` : topic;
  const state = el("span", { class: "write-state" });
  const message = el("p", { class: "message" });
  const discard = button(
    "Discard",
    () => {
      if (!mayDiscard()) return;
      editor.discard(topic, `discarded the changes of ${name}`);
      self.isDiscarded = true;
      element.remove();
    },
    { class: "small", "aria-label": `Discard the changes of ${name}` }
  );
  const lines = grouped(days).map(({ days, changes, isOvertaken }) =>
    el(
      "li",
      {},
      el("strong", {}, days),
      ": ",
      changes.join("; "),
      isOvertaken &&
        el(
          "span",
          { class: "overtaken" },
          " It has changed in the cloud in the meantime; writing replaces that change."
        )
    )
  );
  const element = el(
    "li",
    { class: "card" },
    el("div", { class: "difference-head" }, el("h3", {}, name), state, discard),
    el("ul", { class: "lines" }, lines),
    message
  );
  const self = {
    element,
    topic,
    days,
    target,
    state: null,
    isDiscarded: false,
    show(next, text = "") {
      self.state = next;
      discard.hidden = next !== "failed";
      state.dataset.state = next;
      state.replaceChildren(icon({ written: "check", failed: "warning" }[next] ?? "wait"), STATES[next]);
      message.textContent = text;
    },
  };
  return self;
}

async function writeOne(app, each) {
  const { topic, days, target } = each;
  const problem = target
    ? days.map(({ after }) => problemsOf(after, target.limits)[0]).find(Boolean)
    : "This zone is not there any more.";
  if (problem) {
    each.show("failed", problem);
    return false;
  }
  each.show("writing");
  const week = Object.fromEntries(
    days.map(({ index, after }) => [WEEKDAYS[index], written(after, target.limits.member)])
  );
  const { succeeded, message } = await app.commands.run(`${topic}/schedule`, week, `${target.name}, schedule`);
  if (succeeded) app.editor.written(topic, { week, indices: days.map(({ index }) => index) });
  each.show(succeeded ? "written" : "failed", succeeded ? "" : message);
  return succeeded;
}

function findTarget(app, topic) {
  for (const home of app.homes) {
    const target = [...home.zones, home.hotWater].find((each) => each?.topic === topic);
    if (target) return { ...target, home };
  }
  return null;
}
