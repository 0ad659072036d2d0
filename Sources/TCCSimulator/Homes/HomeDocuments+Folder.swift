import Foundation

extension HomeDocuments {
    /// Reads a folder of captures: `user_account.json`, `user_locations.json`, `status_<locationId>.json`,
    /// `schedule_<id>.json`, `schedule_zone.json` and `schedule_dhw.json` as defaults, `temperatures.json`.
    /// Only `user_locations.json` has to be there.
    /// - Throws: ``SimulatorError`` for a folder that is not there or a document that cannot be read.
    init(folder path: String) throws {
        let folder = URL(filePath: path, directoryHint: .isDirectory)
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        } catch {
            throw SimulatorError.unreadableHome(path: path, reason: "there is no such folder")
        }
        guard names.contains("user_locations.json") else {
            throw SimulatorError.unreadableHome(path: path, reason: "it has no user_locations.json")
        }
        var documents: [String: JSON] = [:]
        for name in names where name.hasSuffix(".json") {
            do {
                let bytes = try Data(contentsOf: folder.appending(path: name))
                documents[String(name.dropLast(5))] = try JSON(parsing: Array(bytes))
            } catch {
                throw SimulatorError.unreadableHome(path: path, reason: "\(name): \(error)")
            }
        }
        guard let locations = documents["user_locations"]?.array else {
            throw SimulatorError.unreadableHome(path: path, reason: "user_locations.json is no array")
        }
        self.init(account: documents["user_account"]?.object ?? Self.account(ofOwner: locations), locations: locations)
        for (name, document) in documents {
            if name == "schedule_zone" {
                zoneSchedule = document
            } else if name == "schedule_dhw" {
                hotWaterSchedule = document
            } else if name.hasPrefix("schedule_") {
                schedules[String(name.dropFirst(9))] = document
            } else if name.hasPrefix("status_") {
                statuses[String(name.dropFirst(7))] = document
            } else if name == "temperatures" {
                temperatures = (document.object?.members ?? []).reduce(into: [:]) { $0[$1.key] = $1.value.double }
            }
        }
        if !documents.keys.contains(where: { $0.hasPrefix("schedule_") }) {
            // A folder with no schedule at all was captured without them; its rooms had some.
            zoneSchedule = Week.room(day: 20, night: 16)
            hotWaterSchedule = Week.hotWater
        }
    }

    /// What can be said of an account from the owner of its first location.
    private static func account(ofOwner locations: [JSON]) -> JSONObject {
        let info = locations.first?["locationInfo"]
        let owner = info?["locationOwner"]
        return [
            "userId": owner?["userId"] ?? "1000001",
            "username": owner?["username"] ?? "user@example.com",
            "firstname": owner?["firstname"] ?? "Robin",
            "lastname": owner?["lastname"] ?? "Example",
            "streetAddress": info?["streetAddress"] ?? "",
            "city": info?["city"] ?? "",
            "postcode": info?["postcode"] ?? "",
            "country": info?["country"] ?? "UnitedKingdom",
            "language": "enGB",
        ]
    }
}
