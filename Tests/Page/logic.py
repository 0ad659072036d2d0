"""The parts of the page that know no elements: tables of cases, run in the browser that will run them."""

import json

ZONE = {"fewest": 1, "most": 6, "timeStep": 10, "step": 0.5, "minimum": 5, "maximum": 35, "member": "setpoint"}
DAY = [{"time": 390, "value": 21}, {"time": 510, "value": 18.75}, {"time": 1350, "value": 16}]
FULL = [{"time": hour * 60, "value": 20} for hour in range(6)]
WATER = ZONE | {"member": "state"}


def at(*pairs):
    return [{"time": time, "value": value} for time, value in pairs]


# Module, function, arguments, result.
CASES = [
    ("time", "timeOfDay", [450], "07:30"),
    ("time", "minutesOf", ["07:30"], 450),
    ("time", "minutesOf", ["24:00"], None),
    ("time", "minutesOf", ["half past"], None),
    ("time", "dayRange", [[0, 1, 2, 3, 4]], "Monday to Friday"),
    ("time", "dayRange", [[0, 2, 5, 6]], "Monday, Wednesday, Saturday, Sunday"),
    ("time", "secondsOf", ["10m"], 600),
    ("time", "secondsOf", ["99d"], 99 * 86400),
    ("time", "secondsOf", ["soon"], None),
    ("time", "lengthOf", [20_000], "less than a minute"),
    ("time", "lengthOf", [90 * 60_000], "1 h 30 min"),
    ("time", "lengthOf", [3 * 86_400_000], "3 days"),
    ("words", "degrees", [21], "21.0°"),
    ("words", "degrees", [18.75], "18.75°"),
    ("words", "degrees", [-1.5], "−1.5°"),
    ("words", "degrees", [None], "–"),
    ("words", "reading", [19.47], "19.5°"),
    ("words", "faultName", ["boiler_communication_lost"], "The boiler relay is out of reach"),
    ("words", "faultName", ["something_new"], "Something new"),
    ("words", "modeName", ["away"], "Nobody home"),
    ("words", "modeName", ["a_mode_nobody_has_seen"], "A mode nobody has seen"),
    # A switchpoint stays between its neighbours, on the steps of the zone.
    ("schedule", "move", [DAY, 0, 404, ZONE], at((400, 21), (510, 18.75), (1350, 16))),
    ("schedule", "move", [DAY, 0, 900, ZONE], at((500, 21), (510, 18.75), (1350, 16))),
    ("schedule", "move", [DAY, 1, 0, ZONE], at((390, 21), (400, 18.75), (1350, 16))),
    ("schedule", "move", [DAY, 0, -50, ZONE], at((0, 21), (510, 18.75), (1350, 16))),
    ("schedule", "move", [DAY, 2, 2000, ZONE], at((390, 21), (510, 18.75), (1430, 16))),
    # From between two steps, the first step is to the next of them; the ends of the range hold.
    ("schedule", "changeValue", [DAY, 1, 1, ZONE], at((390, 21), (510, 19), (1350, 16))),
    ("schedule", "changeValue", [DAY, 1, -1, ZONE], at((390, 21), (510, 18.5), (1350, 16))),
    ("schedule", "changeValue", [DAY, 0, 99, ZONE], at((390, 35), (510, 18.75), (1350, 16))),
    ("schedule", "changeValue", [at((0, "off")), 0, 1, WATER], at((0, "on"))),
    ("schedule", "setValue", [DAY, 0, 3, ZONE], at((390, 5), (510, 18.75), (1350, 16))),
    ("schedule", "add", [DAY, 601, 20, ZONE], {"day": at((390, 21), (510, 18.75), (600, 20), (1350, 16)), "index": 2}),
    ("schedule", "add", [DAY, 510, 20, ZONE], {"day": at((390, 21), (510, 18.75), (520, 20), (1350, 16)), "index": 2}),
    ("schedule", "add", [FULL, 700, 20, ZONE], {"problem": "A day has at most 6 switchpoints."}),
    ("schedule", "split", [DAY, 0, None, ZONE], {"day": at((390, 21), (450, 21), (510, 18.75), (1350, 16)), "index": 1}),
    ("schedule", "split", [at((0, 20), (10, 21)), 0, None, ZONE], {"problem": "This is too short to be split."}),
    ("schedule", "remove", [DAY, 1, ZONE], {"day": at((390, 21), (1350, 16))}),
    ("schedule", "remove", [at((0, 20)), 0, ZONE], {"problem": "A day has at least one switchpoint."}),
    # A day that is copied fits the zone that it is copied to.
    ("schedule", "fit", [DAY, ZONE | {"maximum": 20, "timeStep": 15}], {"day": at((390, 20), (510, 18.75), (1350, 16))}),
    ("schedule", "fit", [FULL, ZONE | {"most": 4}], {"problem": "it takes at most 4 switchpoints a day"}),
    ("schedule", "problemsOf", [at((5, 50)), ZONE], ["00:05 is not a multiple of 10 min.", "00:05: 50 °C is not from 5 to 35 °C."]),
    ("schedule", "daysIn", [{"monday": [], "saturday": []}], [0, 5]),
    ("schedule", "daysIn", [None], []),
    ("schedule", "valueBefore", [[DAY, [], [], [], [], [], []], 3], 16),
    ("schedule", "blocksOf", [at((600, 20)), 15], [
        {"from": 0, "to": 600, "value": 15, "index": None}, {"from": 600, "to": 1440, "value": 20, "index": 0},
    ]),
    ("drafts", "changesOf", [DAY, at((360, 21), (510, 18), (1350, 16), (1400, 15))], [
        "06:30 becomes 06:00 (21.0°)", "08:30: 18.75° becomes 18.0°", "23:20 added (15.0°)",
    ]),
    ("drafts", "changesOf", [DAY, at((390, 21), (510, 18.75))], ["22:30 removed (16.0°)"]),
]

NOW = "2026-11-28T12:00:00Z"
# Zone of the house, an instant, and how it is said at `NOW`.
MOMENTS = [
    ("Europe/London", "2026-11-28T22:30:00Z", "22:30"),
    ("Europe/London", "2026-11-29T06:30:00Z", "tomorrow 06:30"),
    ("Europe/London", "2026-11-29T00:00:00Z", "the end of today"),
    ("Europe/London", "2026-12-01T00:00:00Z", "the end of Mon"),
    ("Europe/London", "2026-12-24T18:00:00Z", "24 Dec 18:00"),
    ("Europe/Amsterdam", "2026-11-28T22:30:00Z", "23:30"),
    ("GMT+0530", "2026-11-28T12:30:00Z", "18:00"),
]

DRAFTS = """async () => {
  const { Drafts } = await import("./drafts.js");
  const day = (time) => [{ time, value: 20 }];
  const cloud = Array.from({ length: 7 }, () => day(60));
  const drafts = new Drafts();
  const set = (time, grip = null) => drafts.change(`to ${time}`, [{ topic: "a", index: 0, day: day(time), cloud: cloud[0] }], grip);
  const times = () => drafts.daysOf("a", cloud)[0][0].time;
  const seen = [];
  set(70, "drag"); set(80, "drag"); set(90, "drag");
  seen.push(times(), drafts.undo(), times(), drafts.redo(), times());
  set(60);
  seen.push(drafts.differences(() => cloud).length, drafts.text, drafts.undo(), times());
  const again = new Drafts(drafts.text);
  seen.push(again.daysOf("a", cloud)[0][0].time, again.canUndo, again.differences(() => null).length);
  const moved = cloud.with(0, day(65));
  seen.push(again.differences(() => moved)[0].days[0].isOvertaken, again.settle(() => cloud.with(0, day(90))), again.text);
  seen.push(new Drafts("{damaged").text, new Drafts('{"a":{"9":{}}}').text, new Drafts("[]").text);
  return seen;
}"""
DRAFTED = [90, "to 90", 60, "to 90", 90, 0, "{}", "to 60", 90, 90, False, 0, True, True, "{}", "{}", "{}", "{}"]

BACKUP = """async () => {
  const { restored } = await import("./schedule-backup.js");
  const week = (time) => Object.fromEntries(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"].map((day) => [day, [{ time, setpoint: 20 }]]));
  const limits = { fewest: 1, most: 6, timeStep: 10, step: 0.5, minimum: 5, maximum: 35, member: "setpoint" };
  const target = (id, name) => ({ kind: "zone", topic: `home/zone/${name}`, name, location: "Home", state: { id }, week: week("07:00"), limits });
  const targets = [target("1", "kitchen"), target("2", "hall")];
  const file = (...schedules) => ({ version: 1, schedules });
  const entry = (zone_id, name, time) => ({ location: "Home", zone_id, name, schedule: week(time) });
  const count = (result) => [result.changes.length, result.same, result.problems.length];
  return [
    count(restored(file(entry("1", "renamed", "08:00"), entry("2", "hall", "07:00")), targets)),
    count(restored(file(entry("99", "hall", "08:00")), targets)),
    count(restored(file(entry("99", "attic", "08:00"), entry("1", "x", "07:00"), entry("1", "y", "08:00")), targets)),
    count(restored(file(null, {}, { zone_id: "1" }), targets)),
  ];
}"""
RESTORED = [[7, 1, 0], [7, 0, 0], [0, 1, 2], [0, 0, 3]]


def cases(page):
    for module, function, arguments, result in CASES:
        found = page.evaluate(
            "async ([module, name, values]) => (await import(`./${module}.js`))[name](...values) ?? null", [module, function, arguments]
        )
        assert found == result, f"{module}.{function}({json.dumps(arguments)[1:-1]}) is {found}, not {result}"
    return f"{len(CASES)} cases"


def moments(page):
    for zone, instant, words in MOMENTS:
        found = page.evaluate(
            "async ([zone, instant, now]) => new (await import('./time.js')).HouseClock(zone).moment(instant, Date.parse(now))",
            [zone, instant, NOW],
        )
        assert found == words, f"{instant} in {zone} is “{found}”, not “{words}”"
    told = page.evaluate("""async (now) => new (await import('./time.js')).HouseClock('Europe/London').sentence(
        'The end was rounded to 2026-06-01T12:40:00Z, the next that is possible.', Date.parse(now))""", "2026-06-01T11:00:00Z")
    assert told == "The end was rounded to 13:40, the next that is possible.", told
    return f"{len(MOMENTS)} cases"


def drafts(page):
    found = page.evaluate(DRAFTS)
    assert found == DRAFTED, f"{found}, not {DRAFTED}"


def backups(page):
    found = page.evaluate(BACKUP)
    assert found == RESTORED, f"{found}, not {RESTORED}"
