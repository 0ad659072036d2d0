import Foundation
import TestSupport
import Testing

@Suite("The recipes of the manual", .timeLimit(.minutes(2)))
struct RecipeTests {
    /// What a recipe does, in patterns of whole texts.
    private enum Promise {
        /// It prints a line.
        case prints(String)
        /// A command succeeds, and topics then hold values; all below the home's.
        case sets(String, [String: String])
    }

    private let promises: [String: Promise] = [
        "Watch everything": .prints("evohome/home/zone/kitchen/temperature [0-9.]+"),
        "Read the temperature of a zone": .prints("[0-9.]+"),
        "Set a zone until its next switchpoint": .sets(
            "zone/kitchen",
            ["zone/kitchen/setpoint": "21.5", "zone/kitchen/mode": "temporary_override"]
        ),
        "Boost a zone for an hour": .sets("zone/kitchen", ["zone/kitchen/setpoint": "23.0"]),
        "Set a zone until a time of day": .sets(
            "zone/kitchen",
            ["zone/kitchen/setpoint": "20.0", "zone/kitchen/until": ".*T2[12]:30:00Z"]
        ),
        "Let a zone follow its schedule again": .sets("zone/kitchen", ["zone/kitchen/mode": "follow_schedule"]),
        "Set a zone and wait for the outcome": .prints(#".*"outcome":"succeeded".*"#),
        "Make a zone half a degree warmer": .sets("zone/kitchen", ["zone/kitchen/setpoint": "19.5"]),
        "Let the whole house follow its schedules again": .sets("zones", ["zone/kitchen/mode": "follow_schedule"]),
        "Heat the water for an hour": .sets(
            "hot_water",
            ["hot_water/state": "on", "hot_water/mode": "temporary_override"]
        ),
        "Let the kitchen's Saturday begin at eight": .sets(
            "zone/kitchen/schedule",
            ["zone/kitchen/schedule": #".*"friday":\[\{"time":"06:30".*"saturday":\[\{"time":"08:00".*"#]
        ),
        "Start the kitchen's days half an hour earlier (save its schedule, change it, send it back)": .sets(
            "zone/kitchen/schedule",
            ["zone/kitchen/schedule": #".*"time":"06:00".*"#]
        ),
        "Go away for three days, starting today": .sets("system", ["system/mode": "away"]),
        "Read the cloud now instead of at the next poll": .prints(#".*"status":"ok".*"#),
    ]

    @Test("Each does what it says, one after the other")
    func recipes() async throws {
        let recipes = try Recipe.all
        #expect(Set(recipes.map(\.sentence)) == Set(promises.keys))
        try await World.exists { world in
            try await world.bridge { _ in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                let shell = try Shell(reaching: world.broker, in: world.directory)
                for recipe in recipes {
                    switch promises[recipe.sentence] {
                    case .prints(let pattern): try await expect(recipe, toPrint: pattern, in: shell)
                    case .sets(let subject, let values):
                        try await expect(recipe, toSet: values, of: subject, in: shell, world)
                    case nil: Issue.record("Nothing is promised for: \(recipe.sentence)")
                    }
                }
            }
        }
    }

    private func expect(_ recipe: Recipe, toPrint pattern: String, in shell: Shell) async throws {
        let printed = try await shell.run(recipe.commands) { $0.isWhole(pattern) }
        #expect(printed.contains { $0.isWhole(pattern) }, "\(recipe.sentence): \(printed)")
    }

    private func expect(
        _ recipe: Recipe,
        toSet values: [String: String],
        of subject: String,
        in shell: Shell,
        _ world: World
    ) async throws {
        let result = "evohome/home/\(subject)/result"
        let before = world.watcher.said(on: result).count
        _ = try await shell.run(recipe.commands) { _ in false }
        try await eventually("\(recipe.sentence)") { world.watcher.said(on: result).count > before }
        #expect(world.watcher.json(on: result)?["outcome"] as? String == "succeeded", "\(recipe.sentence)")
        for (topic, pattern) in values {
            try await eventually("\(recipe.sentence)") {
                world.watcher.last(on: "evohome/home/\(topic)")?.isWhole(pattern) == true
            }
        }
    }
}

extension String {
    fileprivate func isWhole(_ pattern: String) -> Bool {
        (try? Regex(pattern).wholeMatch(in: self)) != nil
    }
}
