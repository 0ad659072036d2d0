import BridgeCore

/// Server-sent events as text.
enum EventText {
    /// Tells the browser how soon to connect again.
    static let beginning = "retry: 2000\n\n"
    /// A comment, by which both sides notice that the other is gone.
    static let pulse = ": still here\n\n"

    /// - Parameters:
    ///   - kind: `state`, `event` or `log`.
    ///   - id: What the browser sends back when it connects again.
    ///   - data: JSON. It has no line breaks of its own, but a line break must never end an event.
    static func event(_ kind: String, id: String? = nil, data: String) -> String {
        let lines = data.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        return (id.map { "id: \($0)\n" } ?? "") + "event: \(kind)\n"
            + lines.map { "data: \($0)\n" }.joined() + "\n"
    }

    static func state(_ change: (topic: String, json: String)) -> String {
        event("state", data: "{\"topic\":\(JSONValue.string(change.topic).text),\"payload\":\(change.json)}")
    }
}

/// The number of an event together with the process that gave it, as `id` of a server-sent event.
struct EventID: Equatable {
    /// Differs from start to start.
    let run: String
    let number: Int

    init(run: String, number: Int) {
        self.run = run
        self.number = number
    }

    /// The last number that a client has seen.
    ///
    /// - Parameters:
    ///   - text: What the client sent, if it sent anything.
    ///   - run: This process.
    /// - Returns: 0 for what this process did not give: then everything that is still known is sent again. `nil` for a
    ///   client that has seen nothing and wants only what is new.
    static func last(in text: String?, run: String) -> Int? {
        guard let text, !text.isEmpty else { return nil }
        guard text.hasPrefix("\(run)-"), let number = Int(text.dropFirst(run.utf8.count + 1)), number >= 0 else {
            return 0
        }
        return number
    }
}

extension EventID: CustomStringConvertible {
    var description: String { "\(run)-\(number)" }
}
