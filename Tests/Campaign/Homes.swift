import Foundation

/// The homes of the account, as the cloud and the broker show them.
struct Homes: Sendable {
    struct Zone: Sendable {
        var id: String
        var topic: String
    }

    private(set) var zones: [Zone] = []
    private(set) var hotWater: String?
    private(set) var gateways: [String] = []
    private(set) var locations = 0

    init() {}

    /// Waits until the bridge has published them.
    init(of house: House) async throws {
        let status = try await house.control.status()
        let expected = Set(Self.zones(in: status).map(\.id))
        var held: [String: [UInt8]] = [:]
        try await reaches(within: .seconds(60), "the bridge has published all zones") {
            held = try await Correspondent.retained(at: house.brokerPort)
            return Set(Self.published(in: held, under: "zone").keys).isSuperset(of: expected)
                && held["evohome/bridge/state"] == Array("online".utf8)
        }
        zones = Self.published(in: held, under: "zone").map { Zone(id: $0.key, topic: $0.value.topic) }
            .sorted { $0.id < $1.id }
        hotWater = held.keys.filter { $0.hasSuffix("/hot_water") && $0.hasPrefix("evohome/") }.min()
        gateways = status.flatMap { $0["gateways"] as? [[String: Any]] ?? [] }.compactMap { $0["gatewayId"] as? String }
        locations = status.count
    }

    /// - Parameter number: Any; there is a zone for each.
    func zone(_ number: Int) -> Zone { zones[number % zones.count] }

    /// - Parameters:
    ///   - held: What the broker holds, by topic.
    ///   - cloud: What the cloud shows.
    func differences(between held: [String: [UInt8]], and cloud: [[String: Any]]) -> [String] {
        let zones = Self.published(in: held, under: "zone")
        var found: [String] = []
        func compare(_ topic: String, _ name: String, _ published: Any?, _ shown: Any?, within tolerance: Double = 0) {
            let (published, shown) = (Self.text(published), Self.text(shown))
            if !Self.agree(published, shown, within: tolerance) {
                found.append("\(topic) has the \(name) \(published), the cloud \(shown)")
            }
            // Attributes have topics of their own.
            let attribute = held["\(topic)/\(name)"].map { String(decoding: $0, as: UTF8.self) } ?? "null"
            if !Self.agree(attribute, published) { found.append("\(topic)/\(name) is \(attribute), not \(published)") }
        }
        for zone in Self.zones(in: cloud) {
            guard let (topic, json) = zones[zone.id] else {
                found.append("Zone \(zone.id) is not published")
                continue
            }
            let setpoint = zone.status["setpointStatus"] as? [String: Any]
            let temperature = zone.status["temperatureStatus"] as? [String: Any]
            compare(topic, "setpoint", json["setpoint"], setpoint?["targetHeatTemperature"])
            compare(topic, "mode", json["mode"], (setpoint?["setpointMode"] as? String).map(Self.word))
            compare(topic, "temperature", json["temperature"], temperature?["temperature"], within: 1)
        }
        for system in Self.systems(in: cloud) {
            let mode = (system["systemModeStatus"] as? [String: Any])?["mode"] as? String
            let topics = Self.published(in: held, under: "system")
            guard let id = system["systemId"] as? String, let (topic, json) = topics[id] else { continue }
            compare(topic, "mode", json["mode"], mode.map(Self.word))
            if let water = system["dhw"] as? [String: Any], let (topic, json) = Self.hotWater(in: held, water) {
                let state = water["stateStatus"] as? [String: Any]
                compare(topic, "state", json["state"], (state?["state"] as? String)?.lowercased())
                compare(topic, "mode", json["mode"], (state?["mode"] as? String).map(Self.word))
            }
        }
        if held["evohome/bridge/state"] != Array("online".utf8) { found.append("bridge/state is not online") }
        let commands = held.keys.filter { $0.hasPrefix("evohome/") && $0.split(separator: "/").contains("set") }
        found += commands.map { "\($0) still holds a command" }
        return found
    }

    // MARK: - Parts

    private static func systems(in cloud: [[String: Any]]) -> [[String: Any]] {
        cloud.flatMap { $0["gateways"] as? [[String: Any]] ?? [] }
            .flatMap { $0["temperatureControlSystems"] as? [[String: Any]] ?? [] }
    }

    private static func zones(in cloud: [[String: Any]]) -> [(id: String, status: [String: Any])] {
        systems(in: cloud).flatMap { $0["zones"] as? [[String: Any]] ?? [] }.compactMap { zone in
            (zone["zoneId"] as? String).map { (id: $0, status: zone) }
        }
    }

    /// Documents by the id in them: of zones, or of systems.
    private static func published(
        in held: [String: [UInt8]],
        under level: String
    ) -> [String: (topic: String, json: [String: Any])] {
        var found: [String: (topic: String, json: [String: Any])] = [:]
        for (topic, payload) in held {
            let parts = topic.split(separator: "/")
            guard parts.first == "evohome", parts.count == (level == "zone" ? 4 : 3), parts[2] == level,
                let json = try? JSONSerialization.jsonObject(with: Data(payload)) as? [String: Any],
                let id = json["id"] as? String
            else { continue }
            found[id] = (topic, json)
        }
        return found
    }

    private static func hotWater(
        in held: [String: [UInt8]],
        _ shown: [String: Any]
    ) -> (topic: String, json: [String: Any])? {
        published(in: held, under: "hot_water")[shown["dhwId"] as? String ?? ""]
    }

    /// `PermanentOverride` is `permanent_override` on MQTT.
    private static func word(_ vendors: String) -> String {
        vendors.replacing(/([a-z])([A-Z])/) { "\($0.1)_\($0.2)" }.lowercased()
    }

    /// As a plain topic shows it.
    private static func text(_ value: Any?) -> String {
        switch value {
        case let text as String: text
        case let number as NSNumber: "\(number.doubleValue)"
        default: "null"
        }
    }

    /// - Parameter tolerance: High-precision temperatures are not what the status shows, and they change all the time.
    private static func agree(_ left: String, _ right: String, within tolerance: Double = 0) -> Bool {
        if let left = Double(left), let right = Double(right) { return abs(left - right) <= tolerance }
        return left == right
    }
}
