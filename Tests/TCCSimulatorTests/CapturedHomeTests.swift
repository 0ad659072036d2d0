import Foundation
import Testing

@testable import TCCSimulator

/// Homes captured by others. They are not part of the project but lie in a folder beside it.
enum CapturedHomes {
    static let folder =
        ProcessInfo.processInfo.environment["EVOHOME_FIXTURES"]
        ?? URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "../shared/fixtures").standardizedFileURL.path()
    static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder + "/v2")) ?? []).sorted()
}

@Suite("Captured homes", .enabled(if: !CapturedHomes.names.isEmpty, "there is no folder of captures"))
struct CapturedHomeTests {
    private func document(_ home: String, _ name: String) throws -> JSON {
        let path = "\(CapturedHomes.folder)/v2/\(home)/\(name).json"
        return try JSON(parsing: Array(try Data(contentsOf: URL(filePath: path))))
    }

    @Test("A configuration is served as captured except for the current offset", arguments: CapturedHomes.names)
    func configuration(_ home: String) throws {
        var bench = CloudBench(try HomeDocuments(folder: "\(CapturedHomes.folder)/v2/\(home)"))
        let user = bench.cloud.installation.userID
        let served = bench.get("location/installationInfo?userId=\(user)&includeTemperatureControlSystems=true")
        #expect(withoutOffsets(served) == withoutOffsets(try document(home, "user_locations")))
        #expect(bench.get("userAccount") == (try document(home, "user_account")))
    }

    @Test("A status keeps every field that is not simulated", arguments: CapturedHomes.names)
    func status(_ home: String) throws {
        let path = "\(CapturedHomes.folder)/v2/\(home)"
        var bench = CloudBench(try HomeDocuments(folder: path))
        for name in try FileManager.default.contentsOfDirectory(atPath: path) where name.hasPrefix("status_") {
            let captured = try document(home, String(name.dropLast(5)))
            let id = captured["locationId"]?.string ?? ""
            let served = bench.get("location/\(id)/status?includeTemperatureControlSystems=true")
            #expect(still(served) == still(captured), "\(home)")
        }
    }

    @Test("Captured and built-in homes fit into one account, with unique ids")
    func together() throws {
        let folder = "\(CapturedHomes.folder)/v2"
        let homes = try ["default", "system_004"].map { try HomeDocuments(folder: "\(folder)/\($0)") } + [.house]
        let installation = Installation(homes: homes, copies: 1, now: CloudBench.start)
        #expect(installation.locationIDs.count == 6)
        #expect(Set(installation.locationIDs).count == 6)
        #expect(
            installation.zones.count
                == homes.map { Installation(homes: [$0], copies: 1, now: .now).zones.count }.reduce(0, +)
        )
        #expect(installation.userID == homes[0].account["userId"]?.identifier)
        for zone in installation.zones.values { #expect(installation.systems[zone.systemID] != nil) }
    }

    @Test("A ghost zone is shown and has no schedule")
    func ghost() throws {
        var bench = CloudBench(try HomeDocuments(folder: "\(CapturedHomes.folder)/v2/hass_101355"))
        let ghost = bench.zone()
        #expect(ghost?["setpointStatus"] == ["targetHeatTemperature": 62.0, "setpointMode": "PermanentOverride"])
        #expect(ghost?["temperatureStatus"] == ["isAvailable": false])
        let id = ghost?["zoneId"]?.string ?? ""
        #expect(bench.call("GET", "temperatureZone/\(id)/schedule").text.contains("ScheduleNotFound"))
    }

    private func withoutOffsets(_ json: JSON) -> JSON {
        json.edited { key, value in key == "currentOffsetMinutes" ? nil : value }
    }

    /// Without simulated values.
    private func still(_ json: JSON) -> JSON {
        json.edited { key, value in
            ["temperature", "targetHeatTemperature", "state", "until", "timeUntil"].contains(key) ? nil : value
        }
    }
}

extension JSON {
    /// A copy with members changed or removed.
    func edited(_ edit: (String, JSON) -> JSON?) -> JSON {
        switch self {
        case .array(let elements): .array(elements.map { $0.edited(edit) })
        case .object(let object):
            .object(
                JSONObject(
                    object.members.compactMap { member in
                        edit(member.key, member.value).map { (member.key, $0.edited(edit)) }
                    }
                )
            )
        default: self
        }
    }
}
