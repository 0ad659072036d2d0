// Times as the clock of a house shows them, and as people say them. Nothing here touches the page.

export const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

const MINUTE = 60_000;
const DAY = 86_400_000;

/** "Monday" for 0, since weeks of heating begin on Monday. */
export function dayName(index) {
  const name = WEEKDAYS[index];
  return name[0].toUpperCase() + name.slice(1);
}

/** "07:30" for 450 minutes since midnight. */
export function timeOfDay(minutes) {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

/** Minutes since midnight, or null if the text is not a time of day. */
export function minutesOf(text) {
  const match = /^([01]?\d|2[0-3]):([0-5]\d)(:00)?$/.exec(text ?? "");
  return match ? Number(match[1]) * 60 + Number(match[2]) : null;
}

/** "Monday to Friday" or "Monday, Wednesday" for indices of days in order. */
export function dayRange(days) {
  const runs = [];
  for (const day of days) {
    const run = runs.at(-1);
    if (run && run.at(-1) === day - 1) run.push(day);
    else runs.push([day]);
  }
  return runs
    .map((run) => (run.length > 2 ? `${dayName(run[0])} to ${dayName(run.at(-1))}` : run.map(dayName).join(", ")))
    .join(", ");
}

/** Seconds of a duration as the interface writes it, such as "180s", "10m", "24h" or "99d"; null for anything else. */
export function secondsOf(text) {
  const units = { s: 1, m: 60, h: 3600, d: 86_400 };
  const match = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text ?? "");
  return match ? Number(match[1]) * units[match[2]] : null;
}

/** "45 min", "2 h 10 min", "3 days": how long something is, in the two largest units. */
export function lengthOf(milliseconds) {
  const minutes = Math.round(milliseconds / MINUTE);
  if (minutes < 1) return "less than a minute";
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.round(hours / 24)} days`;
}

/** The clock on a house's wall. */
export class HouseClock {
  #format;

  /**
   * @param {string|null} zone An IANA name or an offset such as "GMT+0530"; without one, the browser's own zone.
   */
  constructor(zone) {
    const options = {
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
    };
    try {
      const name = zone?.replace(/^GMT([+-]\d\d)(\d\d)$/, "$1:$2");
      this.#format = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: name ?? undefined });
    } catch {
      this.#format = new Intl.DateTimeFormat("en-GB", options);
    }
  }

  /** What the clock and the calendar beside it read. `day` counts days, so that two of them can be compared. */
  reading(instant) {
    const parts = {};
    for (const { type, value } of this.#format.formatToParts(new Date(instant))) parts[type] = Number(value);
    const midnight = Date.UTC(parts.year, parts.month - 1, parts.day);
    return {
      day: midnight / DAY,
      weekday: (new Date(midnight).getUTCDay() + 6) % 7,
      minutes: parts.hour * 60 + parts.minute,
      date: `${parts.year}-${String(parts.month).padStart(2, "0")}-${String(parts.day).padStart(2, "0")}`,
    };
  }

  /** "22:30", "tomorrow 06:30", "Mon 06:30" or "5 Dec 06:30": short, and clear for somebody who reads it at `now`. */
  moment(instant, now) {
    const then = this.reading(instant);
    const today = this.reading(now);
    // An end at midnight belongs to the day before, as people say it.
    if (then.minutes === 0 && then.day > today.day) return `the end of ${this.#dayWord(then.day - 1, today.day)}`;
    const time = timeOfDay(then.minutes);
    return then.day === today.day ? time : `${this.#dayWord(then.day, today.day)} ${time}`;
  }

  /** A sentence of the bridge, with every instant in it as this clock has it. */
  sentence(text, now) {
    return text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (instant) => this.moment(instant, now));
  }

  /** "just now", "5 min ago", "yesterday 22:30": for what has happened. */
  past(instant, now) {
    const age = now - Date.parse(instant);
    if (Number.isNaN(age)) return "at an unknown time";
    if (age < MINUTE) return "just now";
    if (age < 60 * MINUTE) return `${Math.floor(age / MINUTE)} min ago`;
    const since = this.since(instant, now);
    return /^\d\d:/.test(since) ? `at ${since}` : since;
  }

  /** "12:30", "yesterday 22:30", "2 Jan 2024 03:04": since when something is so. */
  since(instant, now) {
    if (Number.isNaN(Date.parse(instant))) return "an unknown time";
    const then = this.reading(instant);
    const today = this.reading(now);
    const time = timeOfDay(then.minutes);
    return then.day === today.day ? time : `${this.#dayWord(then.day, today.day)} ${time}`;
  }

  #dayWord(day, today) {
    if (day === today) return "today";
    if (day === today + 1) return "tomorrow";
    if (day === today - 1) return "yesterday";
    const date = new Date(day * DAY);
    const weekday = dayName((date.getUTCDay() + 6) % 7).slice(0, 3);
    if (day > today && day < today + 7) return weekday;
    const month = date.toLocaleString("en-GB", { month: "short", timeZone: "UTC" });
    const year = Math.abs(day - today) > 300 ? ` ${date.getUTCFullYear()}` : "";
    return `${date.getUTCDate()} ${month}${year}`;
  }
}
