// The mode of a whole home, with its end, and what can be done to all of its zones at once.

import { button, choiceRow, el, openDialog } from "./ui.js";
import { secondsOf } from "./time.js";
import { modeMeaning, modeName, systemSentence } from "./words.js";
import { showOutcome } from "./zone-card.js";

const DAY = 86_400_000;

/** Modes in the order in which people want them. */
const ORDER = ["auto", "away", "auto_with_eco", "day_off", "custom", "heating_off"];

/** Opens the choice of a mode, with one of them chosen already. */
export function openModes(home, commands, chosen) {
  const outcome = el("p", { class: "line outcome", hidden: true });
  const ends = el("div", { class: "ends" });
  const known = home.modes.filter(({ mode }) => mode !== "auto_with_reset");
  const rank = ({ mode }) => (ORDER.indexOf(mode) + ORDER.length + 1) % (ORDER.length + 1);
  const modes = known.toSorted((one, other) => rank(one) - rank(other));
  const names = modes.map(({ mode }) => [mode, modeName(mode)]);
  const showEnds = (mode) => {
    const allowed = modes.find((each) => each.mode === mode);
    const set = (end, until) => {
      setMode(commands, home, mode, end, until);
      dialog.close();
    };
    ends.replaceChildren(
      el("p", { class: "meaning" }, modeMeaning(mode)),
      el("p", { class: "label", id: "ends-label" }, `${modeName(mode)} …`),
      el(
        "div",
        { class: "grid-of-buttons", role: "group", "aria-labelledby": "ends-label" },
        endButtons(home, allowed, set)
      )
    );
    const date = dateChoice(home, allowed, set);
    if (date) ends.append(date);
  };
  const initial = chosen ?? home.system.mode;
  const body = [
    el("p", { class: "line" }, systemSentence(home.system, home.clock, Date.now())),
    choiceRow("mode", "Mode", names, initial, showEnds),
    ends,
    outcome,
  ];
  const dialog = openDialog(home.title, body);
  showOutcome(outcome, commands, home.systemTopic);
  showEnds(modes.some(({ mode }) => mode === initial) ? initial : (modes[0]?.mode ?? "auto"));
}

/** Sets a mode. `until` is when it will end, to be shown at once; null for never. */
export function setMode(commands, home, mode, end, until) {
  const shows = { mode: mode === "auto_with_reset" ? "auto" : mode, permanent: until === null, until };
  const words = systemSentence({ ...shows, mode }, home.clock, Date.now());
  commands.send(home.systemTopic, { mode, ...end }, { shows, words });
}

/** Buttons for the ends that a mode can have: a touch sets it. */
function endButtons(home, allowed, set) {
  const buttons = [];
  const longest = secondsOf(allowed?.maximum) ?? Infinity;
  const now = Date.now();
  if (allowed?.temporary && allowed.timing === "duration") {
    for (const hours of [1, 2, 4, 8, 12]) {
      if (hours * 3600 > longest) continue;
      const until = new Date(now + hours * 3_600_000).toISOString();
      buttons.push(
        button(hours === 1 ? "for 1 hour" : `for ${hours} hours`, () => set({ duration: `${hours}h` }, until))
      );
    }
  } else if (allowed?.temporary) {
    for (const days of [1, 2, 3, 7, 14]) {
      if (days * 86_400 > longest) continue;
      // Days end at midnight, and today is the first of them.
      const until = midnight(home, now, days);
      const label =
        days === 1 ? "today" : days % 7 === 0 ? `for ${days / 7} week${days > 7 ? "s" : ""}` : `for ${days} days`;
      buttons.push(button(label, () => set({ duration: `${days}d` }, until)));
    }
  }
  if (allowed?.permanent ?? true) {
    const label = allowed?.mode === "auto" ? "from now on" : "until I change it";
    buttons.push(button(label, () => set({}, null), { class: "primary" }));
  }
  return buttons;
}

/** The choice of a last day, for modes that end at a midnight. */
function dateChoice(home, allowed, set) {
  if (!allowed?.temporary || allowed.timing === "duration") return null;
  const now = Date.now();
  const first = home.clock.reading(now).date;
  const days = Math.round((secondsOf(allowed.maximum) ?? 99 * 86_400) / 86_400);
  const last = home.clock.reading(now + (days - 1) * DAY).date;
  const input = el("input", { type: "date", id: "last-day", min: first, max: last, required: true });
  const form = el(
    "form",
    { class: "inline" },
    el("label", { for: "last-day" }, "or to the end of"),
    input,
    el("button", { type: "submit" }, "Set")
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const ahead = Math.round((Date.parse(input.value) - Date.parse(first)) / DAY) + 1;
    set({ until: input.value }, midnight(home, now, ahead));
  });
  return form;
}

/** The midnight at which the n-th day ends, today being the first: good enough until the bridge says it. */
function midnight(home, now, days) {
  const { minutes } = home.clock.reading(now);
  return new Date(Math.floor(now / 60_000) * 60_000 + (days * 24 * 60 - minutes) * 60_000).toISOString();
}

/** Opens what can be done to all zones of a home at once. */
export function openWholeHome(home, commands) {
  const topic = `${home.site}/zones`;
  const outcome = el("p", { class: "line outcome", hidden: true });
  let end = "next";
  const ends = [
    ["next", "Next change"],
    ["1h", "1 hour"],
    ["2h", "2 hours"],
    ["4h", "4 hours"],
  ];
  const endOf = () => (end === "next" ? { until: "next" } : { duration: end });
  const adjust = (by, words) => () => commands.send(topic, { adjust: by, ...endOf() }, { words: `All zones ${words}` });
  const onChange = () => showOutcome(outcome, commands, topic);
  openDialog(
    "All zones",
    [
      choiceRow("all-end", "Until", ends, end, (chosen) => (end = chosen)),
      el(
        "div",
        { class: "grid-of-buttons" },
        button("½° colder", adjust(-0.5, "½° colder")),
        button("½° warmer", adjust(0.5, "½° warmer")),
        button("1° colder", adjust(-1, "1° colder")),
        button("1° warmer", adjust(1, "1° warmer"))
      ),
      button(
        "All back to their schedules",
        () => commands.send(topic, { mode: "follow_schedule" }, { words: "All zones back to their schedules" }),
        { class: "wide" }
      ),
      el("div", { class: "outcome-place" }, outcome),
    ],
    { onClose: () => commands.removeEventListener("change", onChange) }
  );
  commands.addEventListener("change", onChange);
  onChange();
}
