import Foundation
import TCCSimulator
import TestSupport
import Testing

@Suite("Every captured home, where captures are at hand", .timeLimit(.minutes(2)))
struct CapturedHomesTests {
    @Test("Its zones that are no ghosts have topics, and nothing stops the bridge", arguments: CapturedHome.all)
    func home(_ home: CapturedHome) async throws {
        try await World.exists({ $0.homes = [.folder(home.folder.path())] }) { world in
            let ending = try await world.bridge { _ in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                let states = world.watcher.retainedTopics().filter { topic in
                    let levels = topic.split(separator: "/")
                    return levels.count == 4 && levels[2] == "zone"
                }
                #expect(try states.count == home.namedZones)
                for topic in states {
                    let state = try #require(world.watcher.json(on: topic))
                    #expect(state.count == 15, "\(topic)")
                    #expect(state["setpoint"] as? Double ?? 0 < 62, "\(topic)")
                }
            }
            #expect(ending.exitCode == 0)
        }
    }
}

/// A folder of captures.
struct CapturedHome: Sendable, CustomTestStringConvertible {
    let folder: URL

    var testDescription: String { folder.lastPathComponent }

    /// Zones with a name and a known type that the cloud reports as within reach, counted without our own decoding.
    var namedZones: Int {
        get throws {
            let statuses = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
                .filter { $0.lastPathComponent.hasPrefix("status_") }
                .flatMap { Self.objects(with: "zoneId", in: try Self.json($0)) }
            let reported = Dictionary(statuses.map { ("\($0["zoneId"] ?? "")", $0) }) { first, _ in first }
            return try Self.objects(with: "zoneId", in: Self.json(folder.appending(path: "user_locations.json")))
                .count { zone in
                    guard zone["name"] as? String != "", zone["zoneType"] as? String != "Unknown",
                        let status = reported["\(zone["zoneId"] ?? "")"]
                    else { return false }
                    let setpoint = (status["setpointStatus"] as? [String: Any])?["targetHeatTemperature"] as? Double
                    let temperature = (status["temperatureStatus"] as? [String: Any])?["temperature"]
                    return temperature != nil || (setpoint ?? 0) < 62
                }
        }
    }

    static let all: [CapturedHome] = {
        let beside = URL(filePath: #filePath).appending(path: "../../../../shared/fixtures").standardizedFileURL
        let root = ProcessInfo.processInfo.environment["EVOHOME_FIXTURES"].map { URL(filePath: $0) } ?? beside
        let folders = try? FileManager.default.contentsOfDirectory(
            at: root.appending(path: "v2"),
            includingPropertiesForKeys: nil
        )
        return (folders ?? []).filter { folder in
            let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
            return files.contains { $0.hasPrefix("status_") }
        }
        .sorted { $0.path() < $1.path() }
        .map { CapturedHome(folder: $0) }
    }()

    private static func json(_ file: URL) throws -> Any {
        try JSONSerialization.jsonObject(with: Data(contentsOf: file))
    }

    private static func objects(with key: String, in value: Any) -> [[String: Any]] {
        switch value {
        case let object as [String: Any]:
            (object[key] == nil ? [] : [object]) + object.values.flatMap { objects(with: key, in: $0) }
        case let list as [Any]: list.flatMap { objects(with: key, in: $0) }
        default: []
        }
    }
}
