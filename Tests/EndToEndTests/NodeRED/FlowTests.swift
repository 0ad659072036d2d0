import Foundation
import TestSupport
import Testing

@Suite("The flows for Node-RED that come with the bridge", .timeLimit(.minutes(2)))
struct FlowTests {
    private let flows: FlowFile

    init() throws { flows = try FlowFile() }

    @Test("They need no node that Node-RED does not bring along, and hold no code")
    func types() {
        let known: Set = [
            "tab", "group", "comment", "inject", "debug", "catch", "change", "switch", "template", "trigger", "json",
            "mqtt in", "mqtt out", "mqtt-broker", "http in", "http response",
        ]
        #expect(Set(flows.nodes.map(\.type)).subtracting(known).isEmpty)
    }

    @Test("Every wire ends at a node, and every node lies in a tab and a group")
    func wires() {
        let ids = Set(flows.nodes.map(\.id))
        #expect(ids.count == flows.nodes.count)
        let tabs = Set(flows.nodes(of: "tab").map(\.id))
        let groups = Set(flows.nodes(of: "group").map(\.id))
        for node in flows.nodes {
            #expect(ids.isSuperset(of: (node.wires ?? []).joined()), "\(node.name ?? node.id)")
            guard let tab = node.tab else { continue }
            #expect(tabs.contains(tab))
            #expect(node.type == "group" || groups.contains(node.group ?? ""), "\(node.name ?? node.id)")
        }
    }

    @Test("Their one broker comes from the environment, and no secret is in them")
    func broker() throws {
        let brokers = flows.nodes(of: "mqtt-broker")
        let broker = try #require(brokers.first)
        #expect(brokers.count == 1)
        #expect(broker.broker == "${MQTT_HOST}")
        #expect(broker.port == "${MQTT_PORT}")
        for node in flows.nodes(of: "mqtt in") + flows.nodes(of: "mqtt out") { #expect(node.broker == broker.id) }
        #expect(!flows.text.contains(#""credentials""#))
    }

    @Test("A running bridge answers every button, and whatever they listen to is said")
    func buttons() async throws {
        #expect(flows.nodes(of: "mqtt out").allSatisfy { $0.retain == "false" })
        let commands = try flows.commands()
        #expect(commands.count == flows.nodes(of: "inject").count)
        let heard = flows.nodes(of: "mqtt in").compactMap(\.topic)
        try await World.exists { world in
            try await world.bridge { _ in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                for command in commands { try await press(command, in: world) }
                for filter in heard {
                    try await eventually("\(filter)") { world.watcher.counts().keys.contains { $0.matches(filter) } }
                }
            }
        }
    }

    private func press(_ command: FlowFile.Command, in world: World) async throws {
        let answer = command.topic.replacing("/request/", with: "/response/").replacing(/set$/, with: "result")
        let before = world.watcher.said(on: answer).count
        try await world.watcher.say(command.payload, on: command.topic, answerOn: command.responseTopic)
        try await eventually("\(command.button)") { world.watcher.said(on: answer).count > before }
        let said = try #require(world.watcher.json(on: answer))
        let good = command.payload.contains("99") ? "rejected" : said["status"] == nil ? "succeeded" : "ok"
        #expect((said["outcome"] ?? said["status"]) as? String == good, "\(command.button)")
    }
}

extension String {
    /// Whether a topic is one of those that a filter with `+` names.
    fileprivate func matches(_ filter: String) -> Bool {
        let (levels, wanted) = (split(separator: "/"), filter.split(separator: "/"))
        return levels.count == wanted.count && zip(levels, wanted).allSatisfy { $0 == $1 || $1 == "+" }
    }
}
