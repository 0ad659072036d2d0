import Basics
import BridgeCore
import Foundation
import HeatingModel
import Testing

@Suite("Documents for readers that know no devices")
struct ComponentDiscoveryTests {
    private let rules = DomoticzRules(prefix: "domoticz")
    private let now: Instant

    init() throws {
        now = try moment("2026-11-24T17:30:00Z")
    }

    private func messages(_ site: Site, prefix: String = "domoticz", base: String = "evohome") throws -> [Publication] {
        let installation = Installation(accountID: "7000", locations: [site.location])
        let layout = TopicLayout(base: base, naming: .name, installation: installation)
        let discovery = ComponentDiscovery(prefix: prefix, bridge: layout.bridge, version: "1.2.3")
        let devices = try #require(SiteDevices(site))
        return discovery.messages(forBridgeOf: "7000") + discovery.messages(for: devices, in: layout)
    }

    /// Set `UPDATE_GOLDEN` to write the file anew; look at the difference before committing it.
    @Test("Documents are as their golden file")
    func golden() throws {
        let text = try messages(MillHouse.announcedSite()).map { "\($0.topic)\n  \($0.payload)\n" }.joined()
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../Golden/mill_house.components.txt"
        )
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(text == (try String(contentsOf: file, encoding: .utf8)))
    }

    @Test("Domoticz would take every one of them as it is meant, and hide none")
    func rulesKept() throws {
        let all = try messages(MillHouse.announcedSite())
        #expect(Set(all.map { $0.topic.split(separator: "/")[1] }).count == 6)
        for message in all { #expect(rules.problems(of: message) == [], "\(message.topic)") }
        for message in try messages(MillHouse.announcedSite(), prefix: "a/b") {
            #expect(DomoticzRules(prefix: "a/b").problems(of: message) == [])
        }
    }

    private static let bad: [(topic: String, payload: String, problem: String)] = [
        ("domoticz/device/a/config", "{}", "the component device is ignored"),
        ("domoticz/water_heater/a/config", "{}", "the component water_heater is ignored"),
        ("domoticz/event/a/config", "{}", "the component event is ignored"),
        ("homeassistant/sensor/a/config", "{}", "it is not below the prefix"),
        ("domoticz/sensor/config", "{}", "the topic has not three levels"),
        ("domoticz/sensor/a/config", "[]", "it is no object"),
        ("domoticz/sensor/zone_alarm/config", #"{"state_topic":"a"}"#, "the id zone_alarm is dropped"),
        ("domoticz/sensor/setpoint_max/config", #"{"state_topic":"a"}"#, "the id setpoint_max is dropped"),
        ("domoticz/sensor/min_setpoint/config", #"{"state_topic":"a"}"#, "the id min_setpoint is dropped"),
        (
            "domoticz/button/restart/config", #"{"command_topic":"a","payload_press":"b"}"#,
            "the id restart is dropped"
        ),
        ("domoticz/binary_sensor/a_battery/config", #"{"state_topic":"a"}"#, "the id a_battery is hidden"),
        ("domoticz/sensor/a/config", "{}", "a sensor has a state_topic"),
        ("domoticz/switch/a/config", "{}", "a switch has a command_topic"),
        ("domoticz/select/a/config", #"{"command_topic":"a"}"#, "a select has options"),
        ("domoticz/climate/a/config", "{}", "a climate has a temperature_command_topic"),
        ("domoticz/sensor/a/config", #"{"state_topic":"~/a"}"#, "state_topic has a ~"),
        (
            "domoticz/sensor/a/config", #"{"state_topic":"a","value_template":"{{ value_json.a | float }}"}"#,
            "value_template is more than one member"
        ),
        ("domoticz/sensor/a/config", #"{"state_topic":"a","availability":[]}"#, "it does not know availability"),
        (
            "domoticz/climate/a/config", #"{"temp_cmd_t":"a","temp_cmd_tpl":"{{ value_json.a }}"}"#,
            "it does not know temp_cmd_tpl"
        ),
        ("domoticz/sensor/a/config", #"{"state_topic":"a","unique_id":"b"}"#, "the ids differ"),
        ("domoticz/sensor/a/config", #"{"state_topic":"a","device":{"area":"b"}}"#, "it does not know device.area"),
    ]

    @Test("Each rule catches a document that breaks it", arguments: bad)
    func rulesBroken(topic: String, payload: String, problem: String) {
        #expect(rules.problems(of: Publication(topic: topic, payload: payload)).contains(problem))
    }

    @Test("Every topic that is read is published, and holds what the document says of it")
    func topics() throws {
        let site = try MillHouse.announcedSite()
        let layout = try MillHouse.layout()
        var values = Dictionary(
            site.messages(in: layout, output: .attributes, at: now).map { ($0.topic, $0.payload) },
            uniquingKeysWith: { $1 }
        )
        values["evohome/bridge/state"] = "online"
        values["evohome/bridge/cloud"] = #"{"state":"ok"}"#
        for message in try messages(site) {
            guard case .object(let members) = try JSONValue(parsing: message.payload) else { continue }
            let document = JSONValue.object(members)
            for case (let key, .string(let topic)) in members.map({ ($0.key, $0.value) })
            where key.hasSuffix("_topic") && !key.hasSuffix("command_topic") {
                #expect(values[topic] != nil, "\(message.topic): \(topic)")
            }
            let pairs = [("options", "state_topic"), ("modes", "mode_state_topic")]
            for (list, topic) in pairs where document[list] != nil {
                guard case .array(let words)? = document[list], case .string(let topic)? = document[topic] else {
                    Issue.record("\(message.topic) has no list or topic")
                    continue
                }
                #expect(words.contains(.string(values[topic] ?? "")), "\(message.topic)")
            }
            for state in ["payload_on", "payload_off"] where document[state] != nil {
                #expect(document[state]?.plainText.isEmpty == false)
            }
            if message.topic.contains("/binary_sensor/"), case .string(let topic)? = document["state_topic"] {
                let words = [document["payload_on"], document["payload_off"]]
                #expect(words.contains(.string(values[topic] ?? "")), "\(message.topic)")
            }
        }
    }

    @Test("Every command that is sent is understood")
    func commands() throws {
        let layout = try MillHouse.layout()
        let parser = CommandParser(layout: layout)
        for message in try messages(MillHouse.announcedSite()) {
            let document = try JSONValue(parsing: message.payload)
            var sent: [(topic: String, payloads: [String])] = []
            func sends(_ topicKey: String, _ payloads: [JSONValue?]) {
                guard case .string(let topic)? = document[topicKey] else { return }
                sent.append((topic, payloads.compactMap { $0?.plainText }))
            }
            func words(_ key: String) -> [JSONValue?] {
                if case .array(let words)? = document[key] { words } else { [] }
            }
            let pressed = [document["payload_press"], document["payload_on"], document["payload_off"]]
            sends("command_topic", pressed + words("options"))
            sends("mode_command_topic", words("modes"))
            // Domoticz writes setpoints with one digit.
            sends("temperature_command_topic", ["21.5", "5.0"])
            for (topic, payloads) in sent where !topic.contains("/bridge/request/") {
                #expect(!payloads.isEmpty)
                for payload in payloads { _ = try parser.parse(payload, on: topic) }
            }
        }
    }

    @Test("A bridge says of itself what does not need a home")
    func bridge() throws {
        let all = try messages(MillHouse.announcedSite()).filter { $0.topic.contains("_bridge_") }
        #expect(all.count == 3)
        let online = try JSONValue(parsing: try #require(all.first { $0.topic.contains("binary_sensor") }).payload)
        #expect(online["availability_topic"] == nil)
    }

    @Test("Nothing is offered that the installation does not have")
    func absent() throws {
        var site = try MillHouse.announcedSite()
        site.system.hotWater = nil
        site.system.allowedModes = [AllowedSystemMode(mode: .auto, canBePermanent: true, canBeTemporary: false)]
        site.system.zones[0].setpoint.allowedModes = []
        site.system.zones[0].setpoint.minimum = nil
        site.location.systems = [site.system]
        let all = try messages(site)
        #expect(!all.contains { $0.topic.contains("hot_water") || $0.topic.contains("reset") })
        let kitchen = try JSONValue(parsing: try #require(all.first { $0.topic.contains("/climate/") }).payload)
        #expect(kitchen["modes"] == nil && kitchen["mode_command_topic"] == nil && kitchen["min_temp"] == nil)
        for message in all { #expect(rules.problems(of: message) == [], "\(message.topic)") }
    }

    @Test("All topics of documents are known without their contents, so that nothing stays when it is turned off")
    func inventory() throws {
        let site = try MillHouse.announcedSite()
        let installation = Installation(accountID: "7000", locations: [site.location])
        let discovery = ComponentDiscovery(prefix: "domoticz", bridge: BridgeTopics(base: "evohome"), version: "1")
        let topics = discovery.topics(of: installation)
        #expect(try Set(messages(site).map(\.topic)) == Set(topics))
        #expect(topics.count == Set(topics).count)
    }
}
