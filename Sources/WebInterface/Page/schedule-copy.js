// Copies a day to other days and other zones.

import { button, el, openDialog } from "./ui.js";
import { daysIn, fit } from "./schedule.js";
import { dayName } from "./time.js";

export function openCopy(editor) {
  const { topic, index } = editor.selection;
  const { target, day } = editor.selected;
  const days = boxes(
    "Days",
    daysIn(target.week).map((each) => ({ value: each, label: dayName(each), checked: each === index }))
  );
  const others = editor.targets.filter(({ kind }) => kind === target.kind);
  const zones = boxes(
    "Zones",
    others.map((each) => ({ value: each.topic, label: each.name, checked: each.topic === topic }))
  );
  const problem = el("p", { class: "notice bad", hidden: true, role: "alert" });
  const copy = () => {
    const chosenDays = days.chosen().map(Number);
    const chosenZones = others.length > 1 ? zones.chosen() : [topic];
    const places = chosenZones
      .flatMap((each) => chosenDays.map((other) => ({ topic: each, index: other })))
      .filter((place) => daysIn(editor.target(place.topic).week).includes(place.index))
      .filter((place) => place.topic !== topic || place.index !== index);
    const fitted = places.map((place) => ({ ...place, ...fit(day, editor.target(place.topic).limits) }));
    const refused = fitted.find((place) => place.problem);
    if (places.length === 0 || refused) {
      problem.hidden = false;
      problem.textContent = refused
        ? `${editor.target(refused.topic).name}: ${refused.problem}.`
        : "Choose at least one other day or zone.";
      return;
    }
    const copies = places.length === 1 ? "one day" : `${places.length} days`;
    editor.changeAll(
      `Copied ${target.name}, ${dayName(index)}, to ${copies}`,
      fitted.map(({ topic, index, day }) => ({ topic, index, day }))
    );
    dialog.close();
  };
  const choose = (label, wanted) =>
    button(label, () => days.choose((value) => wanted(Number(value))), { class: "small" });
  const dialog = openDialog(`Copy ${target.name}, ${dayName(index)}`, [
    el(
      "div",
      { class: "actions" },
      choose("Monday to Friday", (each) => each < 5),
      choose("Weekend", (each) => each > 4),
      choose("Every day", () => true)
    ),
    days.element,
    others.length > 1 &&
      el(
        "div",
        { class: "actions" },
        button("All zones", () => zones.choose(() => true), { class: "small" }),
        button("Only this zone", () => zones.choose((value) => value === topic), { class: "small" })
      ),
    others.length > 1 && zones.element,
    problem,
    el("p", { class: "hint" }, "Nothing is written yet: you can look at the copies first, and undo them."),
    el("div", { class: "actions end" }, button("Copy", copy, { class: "primary" })),
  ]);
}

/** A group of boxes to tick. */
function boxes(legend, choices) {
  const inputs = [];
  const element = el("fieldset", { class: "boxes" }, el("legend", {}, legend));
  for (const { value, label, checked } of choices) {
    const input = el("input", { type: "checkbox", value, checked });
    inputs.push(input);
    element.append(el("label", {}, input, el("span", {}, label)));
  }
  return {
    element,
    chosen: () => inputs.filter((input) => input.checked).map((input) => input.value),
    choose: (wanted) => inputs.forEach((input) => (input.checked = wanted(input.value))),
  };
}
