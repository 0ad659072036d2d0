import Foundation

/// A home as the documents that the cloud serves for it. Folders of captures and built-in homes have this form.
struct HomeDocuments: Sendable {
    /// `GET userAccount`.
    var account: JSONObject
    /// The elements of `GET location/installationInfo`.
    var locations: [JSON]
    /// `GET location/{id}/status` by location.
    var statuses: [String: JSON] = [:]
    /// `GET …/schedule` by zone or hot water.
    var schedules: [String: JSON] = [:]
    /// The schedules of zones and hot water that have none of their own.
    var zoneSchedule: JSON?
    var hotWaterSchedule: JSON?
    /// High-precision temperatures by zone, in °C.
    var temperatures: [String: Double] = [:]
}

extension HomeDocuments {
    private static let identifierKeys: Set = ["locationId", "gatewayId", "systemId", "zoneId", "dhwId"]

    /// All ids, of any kind.
    var identifiers: Set<String> {
        var found: Set<String> = []
        func collect(_ json: JSON) {
            switch json {
            case .array(let elements): elements.forEach(collect)
            case .object(let object):
                for member in object.members {
                    if Self.identifierKeys.contains(member.key), let id = member.value.identifier { found.insert(id) }
                    collect(member.value)
                }
            default: break
            }
        }
        locations.forEach(collect)
        statuses.values.forEach(collect)
        return found
    }

    /// The same home with new ids in place of those that are taken. A zone that shares its system's id still does.
    func renumbered(in pool: inout IdentifierPool) -> HomeDocuments {
        let names = pool.take(identifiers)
        guard !names.isEmpty else { return self }
        var copy = self
        copy.locations = locations.map { Self.renamed($0, names) ?? $0 }
        copy.statuses = Self.renamed(statuses, names).mapValues { Self.renamed($0, names) ?? $0 }
        copy.schedules = Self.renamed(schedules, names)
        copy.temperatures = Self.renamed(temperatures, names)
        return copy
    }

    /// A copy whose locations have a number in their names.
    func numbered(_ copy: Int) -> HomeDocuments {
        var home = self
        home.locations = locations.map { location in
            guard var members = location.object, var info = members["locationInfo"]?.object else { return location }
            info["name"] = .string("\(info["name"]?.string ?? "Home") \(copy)")
            members["locationInfo"] = .object(info)
            return .object(members)
        }
        return home
    }

    private static func renamed<Value>(_ table: [String: Value], _ names: [String: String]) -> [String: Value] {
        Dictionary(table.map { (names[$0.key] ?? $0.key, $0.value) }) { first, _ in first }
    }

    /// `nil` if nothing changes, so that a thousand copies of a home share what they have in common.
    private static func renamed(_ json: JSON, _ names: [String: String]) -> JSON? {
        switch json {
        case .array(let elements):
            let changed = elements.map { renamed($0, names) }
            guard changed.contains(where: { $0 != nil }) else { return nil }
            return .array(zip(elements, changed).map { $1 ?? $0 })
        case .object(let object):
            var result = object
            var isChanged = false
            for member in object.members {
                if identifierKeys.contains(member.key), let name = member.value.identifier.flatMap({ names[$0] }) {
                    result[member.key] = .string(name)
                } else if let value = renamed(member.value, names) {
                    result[member.key] = value
                } else {
                    continue
                }
                isChanged = true
            }
            return isChanged ? .object(result) : nil
        default:
            return nil
        }
    }
}

extension HomeDocuments {
    /// Reads a folder of captures: `user_locations.json`, which is required, `user_account.json`,
    /// `status_<locationId>.json`, `schedule_<id>.json`, the defaults `schedule_zone.json` and `schedule_dhw.json`, and
    /// `temperatures.json`.
    /// - Throws: ``SimulatorError`` if the folder does not exist or a document cannot be read.
    init(folder path: String) throws {
        let folder = URL(filePath: path, directoryHint: .isDirectory)
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        } catch {
            throw SimulatorError.unreadableHome(path: path, reason: "the folder cannot be listed")
        }
        guard names.contains("user_locations.json") else {
            throw SimulatorError.unreadableHome(path: path, reason: "user_locations.json is missing")
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
            throw SimulatorError.unreadableHome(path: path, reason: "user_locations.json is not an array")
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
            // Captures can leave schedules out, but the rooms had some.
            zoneSchedule = HomeBuilder.zoneSchedule(day: 20, night: 16)
            hotWaterSchedule = HomeBuilder.hotWaterSchedule
        }
    }

    /// What the owner of the first location says about the account.
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

/// The ids that an account uses, so that no two homes get the same.
struct IdentifierPool {
    private var taken: Set<String> = []
    private var next = 1

    /// Takes ids and replaces those that are taken already.
    /// - Parameter ids: All ids of one home.
    /// - Returns: New ids for those that were taken.
    mutating func take(_ ids: Set<String>) -> [String: String] {
        next = max(next, 1 + (ids.compactMap { Int($0) }.max() ?? 0))
        var names: [String: String] = [:]
        for id in ids.intersection(taken).sorted() {
            names[id] = "\(next)"
            next += 1
        }
        taken.formUnion(ids)
        taken.formUnion(names.values)
        return names
    }
}
