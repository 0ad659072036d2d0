// The few things that all parts of the page build with. Text is only ever set as text, never as HTML.

/**
 * Makes an element. `on` has event handlers, `class` and attributes go as attributes, and children that are null or
 * false are left out.
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") {
      for (const [event, handler] of Object.entries(value)) element.addEventListener(event, handler);
    } else if (name.startsWith("aria-") && typeof value === "boolean") {
      element.setAttribute(name, String(value));
    } else if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function button(label, handler, attributes = {}) {
  return el("button", { type: "button", ...attributes, on: { click: handler } }, label);
}

/** Sets text only where it differs, so that a screen reader and a selection are left alone. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

const ICONS = {
  home: "M3 11 12 4l9 7v9h-6v-6H9v6H3z",
  schedules: "M4 5h16v15H4zM4 9.500h16M8 3v4M16 3v4M8 13h4M8 16.500h7",
  activity: "M3 12h4l3-7 4 14 3-7h4",
  bridge: "M4 8h16v8H4zM8 8V5M16 8V5M8 19v-3M16 19v-3",
  warning: "M12 4 2.500 20h19zM12 10v5M12 17.500v.5",
  check: "m5 13 4 4L19 7",
  close: "M6 6l12 12M18 6 6 18",
  more: "m9 6 6 6-6 6",
  minus: "M6 12h12",
  plus: "M6 12h12M12 6v12",
  undo: "M9 8H15a4.500 4.500 0 0 1 0 9H8M9 8l3.500-3.500M9 8l3.500 3.500",
  redo: "M15 8H9a4.500 4.500 0 0 0 0 9h7M15 8l-3.500-3.500M15 8l-3.500 3.500",
  water: "M12 3.500c4 5 6 7.500 6 10.500a6 6 0 0 1-12 0c0-3 2-5.500 6-10.500z",
  wait: "M12 4a8 8 0 1 0 8 8",
};

/** A picture beside words; it says nothing of its own. */
export function icon(name) {
  const namespace = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(namespace, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(namespace, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** Says something to those who do not see it: within a dialog while one is open, since all around it is silent then. */
export function announce(text) {
  const region =
    [...document.querySelectorAll("dialog[open] > .announcer")].at(-1) ?? document.getElementById("announcer");
  // The same text twice is said twice only if it changes in between.
  region.textContent = region.textContent === text ? `${text}\u00a0` : text;
}

let dialogs = 0;

/**
 * Opens a dialog: at the bottom of a phone, in the middle of a wide screen. It is gone from the page once it is closed.
 *
 * @param {boolean} isRequired Whether it stays until it has what it asks for.
 * @returns {HTMLDialogElement}
 */
export function openDialog(title, content, { label = "Close", onClose = () => {}, isRequired = false } = {}) {
  dialogs += 1;
  const heading = el("h2", { id: `dialog-${dialogs}` }, title);
  const dialog = el("dialog", { "aria-labelledby": heading.id });
  const close = button(icon("close"), () => dialog.close(), { class: "quiet round", "aria-label": label });
  dialog.append(
    el("header", { class: "dialog-head" }, heading, !isRequired && close),
    el("div", { class: "dialog-body" }, content),
    el("div", { class: "announcer visually-hidden", "aria-live": "polite" })
  );
  dialog.addEventListener("close", () => {
    dialog.remove();
    onClose();
  });
  // A touch beside it closes it, as everywhere.
  dialog.addEventListener("pointerdown", (event) => {
    if (event.target === dialog && !isRequired) dialog.close();
  });
  dialog.addEventListener("cancel", (event) => isRequired && event.preventDefault());
  // It belongs to the part that it was opened in.
  const leave = () => !isRequired && dialog.close();
  addEventListener("hashchange", leave);
  dialog.addEventListener("close", () => removeEventListener("hashchange", leave));
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Asks before something that cannot be undone. */
export function confirmed(title, text, yes) {
  return new Promise((resolve) => {
    let answer = false;
    const agree = () => {
      answer = true;
      dialog.close();
    };
    const dialog = openDialog(
      title,
      [el("p", {}, text), el("div", { class: "actions" }, button(yes, agree, { class: "primary" }))],
      { label: "Cancel", onClose: () => resolve(answer) }
    );
  });
}

/** Choices of which one holds, as buttons in a row. `choices` is [[value, label], …]. */
export function choiceRow(name, legend, choices, chosen, onChange) {
  const row = el("fieldset", { class: "choices" }, el("legend", {}, legend));
  for (const [value, label] of choices) {
    const input = el("input", { type: "radio", name, value, checked: value === chosen, class: "visually-hidden" });
    input.addEventListener("change", () => onChange(value));
    row.append(el("label", { class: "choice" }, input, el("span", {}, label)));
  }
  return row;
}

/** Makes the children of an element be those for a list of models: by key, moved and made only where needed. */
export function keyed(parent, models, keyOf, make) {
  const known = parent.keyedChildren ?? new Map();
  const wanted = new Map();
  for (const model of models) {
    const child = known.get(keyOf(model)) ?? make(model);
    wanted.set(keyOf(model), child);
    child.update?.(model);
  }
  for (const [key, child] of known) if (wanted.get(key) !== child) child.remove();
  parent.keyedChildren = wanted;
  [...wanted.values()].forEach((child, index) => {
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
  });
}

/** Fills a list of terms and what they are; what is unknown is left out. */
export function facts(list, pairs) {
  const state = JSON.stringify(pairs);
  if (list.dataset.state === state) return;
  list.dataset.state = state;
  list.replaceChildren(
    ...pairs.filter(([, value]) => value).flatMap(([term, value]) => [el("dt", {}, term), el("dd", {}, String(value))])
  );
}

/** Fills the body of a table; the first cell of a line is its head. */
export function rows(body, lines) {
  const state = JSON.stringify(lines);
  if (body.dataset.state === state) return;
  body.dataset.state = state;
  body.replaceChildren(
    ...lines.map(([head, ...cells]) =>
      el("tr", {}, el("th", { scope: "row" }, head), ...cells.map((cell) => el("td", {}, String(cell))))
    )
  );
}

/** A table that can be scrolled by itself where it is too wide. */
export function table(caption, heads, body) {
  return el(
    "div",
    { class: "table-place", tabindex: 0, role: "region", "aria-label": caption },
    el(
      "table",
      {},
      el("caption", { class: "visually-hidden" }, caption),
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          heads.map((head) => el("th", { scope: "col" }, head))
        )
      ),
      body
    )
  );
}
