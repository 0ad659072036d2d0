import Foundation

/// The flows for Node-RED as they stand in the repository.
struct FlowFile {
    /// What Node-RED knows of one node; each kind has some of it.
    struct Node: Decodable {
        struct Rule: Decodable {
            let property: String?
            let value: String?

            private enum CodingKeys: String, CodingKey {
                case property = "p"
                case value = "to"
            }
        }

        let id: String
        let type: String
        let name: String?
        let tab: String?
        let group: String?
        let broker: String?
        let port: String?
        let topic: String?
        let retain: String?
        let payload: String?
        let rules: [Rule]?
        let wires: [[String]]?

        private enum CodingKeys: String, CodingKey {
            case id, type, name, broker, port, topic, retain, payload, rules, wires
            case tab = "z"
            case group = "g"
        }
    }

    /// What a button sends.
    struct Command {
        let button: String
        let payload: String
        let topic: String
        /// Where the answer is to go, if it is asked for.
        let responseTopic: String?
    }

    let text: String
    let nodes: [Node]

    init() throws {
        let root = URL(filePath: #filePath).appending(path: "../../../..").standardizedFileURL
        text = try String(contentsOf: root.appending(path: "config/node-red/flows.json"), encoding: .utf8)
        nodes = try JSONDecoder().decode([Node].self, from: Data(text.utf8))
    }

    func nodes(of type: String) -> [Node] { nodes.filter { $0.type == type } }

    /// What each button sends, and where the wires take it.
    func commands() throws -> [Command] {
        try nodes(of: "inject").flatMap { button in
            let path = nodes(after: button)
            let rules = path.flatMap { $0.rules ?? [] }
            return try path.filter { $0.type == "mqtt out" }.map { end in
                Command(
                    button: button.name ?? "",
                    payload: try Self.payload(of: button, rules),
                    topic: end.topic ?? "",
                    responseTopic: rules.first { $0.property == "responseTopic" }?.value
                )
            }
        }
    }

    /// Everything that a node's messages can reach, in order.
    private func nodes(after start: Node) -> [Node] {
        var reached: [Node] = []
        var next = start.wires ?? []
        while !next.isEmpty {
            let found = nodes.filter { node in
                next.joined().contains(node.id) && !reached.contains { $0.id == node.id }
            }
            reached += found
            next = found.flatMap { $0.wires ?? [] }
        }
        return reached
    }

    /// What Node-RED reckons from the zone's state on the way is 20 °C here.
    private static func payload(of button: Node, _ rules: [Node.Rule]) throws -> String {
        var members = try JSONSerialization.jsonObject(with: Data((button.payload ?? "").utf8)) as? [String: Any] ?? [:]
        if rules.contains(where: { $0.property == "payload.setpoint" }) { members["setpoint"] = 20 }
        return String(decoding: try JSONSerialization.data(withJSONObject: members), as: UTF8.self)
    }
}
