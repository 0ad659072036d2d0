import ArgumentParser
import Basics
import Foundation
import SystemPackage
import TestSupport

/// The polls, token refreshes, schedule readings and commands of days, in minutes, and what they do to memory.
///
/// The bridge waits in elapsed time, so its intervals are shortened: a second stands for three minutes.
struct Soak: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes the polls, refreshes, readings and commands of a day, and measures memory."
    )

    /// A day of 180 s polls, at one poll a second.
    private static let secondsADay = 480
    /// Until caches and pools are as large as they get.
    private static let warmUp = 60
    /// In MiB.
    private static let allowedGrowth = 1.0

    @OptionGroup var places: Places
    @Option(help: "How many days.") var days = 1
    @Option(help: "The home, by name.") var home = "villa"

    func run() async throws {
        var settings = House.Settings(program: places.programPath)
        settings.homes = [home]
        settings.speed = 180
        settings.tokenLifetime = "10s"
        settings.logLevel = "info"
        settings.isTampered = false
        settings.flags = [
            "--cloud-schedules-interval", "\(Self.secondsADay / 24)s", "--cloud-unavailable-after", "30s",
        ]
        let length = Self.warmUp + days * Self.secondsADay
        let growth = try await places.withFolder("soak") { folder in
            let (growths, continuation) = AsyncStream.makeStream(of: Double.self)
            try await House.exists(settings, in: folder) { house in
                continuation.yield(try await Self.soak(in: house, for: length))
            }
            for await growth in growths { return (growth, growth < Self.allowedGrowth) }
            throw CampaignError("The soak had no end.")
        }
        say(String(format: "grown by %.2f MiB", growth))
        if growth >= Self.allowedGrowth { throw ExitCode.failure }
    }

    /// - Returns: By how much the resident memory has grown since the warm-up, in MiB.
    private static func soak(in house: House, for length: Int) async throws -> Double {
        try await house.startBridge()
        let homes = try await Homes(of: house)
        guard let bridge = house.program(.bridge) else { throw CampaignError("The bridge does not run.") }
        var (atWarmUp, last) = (0.0, 0.0)
        let began = ContinuousClock.now
        for second in 1...length {
            try await Task.sleep(until: began + .seconds(second))
            // Some 80 commands a day, and what a house does by itself.
            if second % 6 == 0 { command(second, to: homes.zone(second / 6), in: house) }
            if second % 5 == 0 {
                let zone = homes.zone(second / 5)
                try await house.control.setTemperature(15 + Double(second % 20) / 2, ofZone: zone.id)
            }
            guard second % 60 == 0 || second == length else { continue }
            last = try bridge.memory("Rss")
            if second == warmUp { atWarmUp = last }
            let anonymous = try bridge.memory("Anonymous")
            say(
                "  \(second / 60) min:",
                String(
                    format: "resident %.2f MiB, anonymous %.2f MiB, %d files open",
                    last,
                    anonymous,
                    try bridge.openFiles()
                )
            )
        }
        try await reaches(within: .seconds(60), "every command has its outcome") { house.ledger.open.isEmpty }
        let requests = try await house.control.requests()
        func count(_ path: String) -> Int { requests.count { $0.path.lowercased().hasSuffix(path) } }
        say(
            "  \(count("/status")) polls, \(requests.count { $0.grantType == "refresh_token" }) refreshes,",
            "\(count("/schedule")) schedules read, \(requests.count { $0.method == "PUT" }) calls of",
            "\(house.ledger.all.count) commands"
        )
        return last - atWarmUp
    }

    private static func command(_ number: Int, to zone: Homes.Zone, in house: House) {
        let payload = #"{"id":"s\#(number)","setpoint":\#(15 + Double(number % 20) / 2),"until":"forever"}"#
        house.ledger.enter("s\(number)", topic: zone.topic, payload: payload)
        house.correspondent.send(Array(payload.utf8), on: "\(zone.topic)/set", as: "s\(number)")
    }
}
