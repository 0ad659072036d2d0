/// Topics in an order, each kept as what it does not share with the one before it.
///
/// The topics of a home begin alike, so that a list of them takes a fraction of what they take as strings.
struct TopicList: Equatable, Sendable {
    /// For each topic the number of bytes that it shares with the one before, its other bytes, and ``end``.
    private var bytes: [UInt8] = []
    /// How many bytes all topics begin with.
    private var prefixCount = 0

    /// A byte that is in no UTF-8.
    private static let end: UInt8 = 0xFF

    init(_ topics: some Sequence<String>) {
        var last = ""
        for topic in topics {
            let shared = last.utf8.sharedCount(with: topic.utf8, limit: Int(Self.end) - 1)
            prefixCount = bytes.isEmpty ? topic.utf8.count : min(prefixCount, shared)
            bytes.append(UInt8(shared))
            bytes.append(contentsOf: topic.utf8.dropFirst(shared))
            bytes.append(Self.end)
            last = topic
        }
    }

    var isEmpty: Bool { bytes.isEmpty }

    /// How much it takes.
    var byteCount: Int { bytes.count }

    /// The same without the room that it was given while it grew.
    var trimmed: TopicList {
        var list = self
        list.bytes = bytes.map(\.self)
        return list
    }

    var topics: [String] {
        var topic: [UInt8] = []
        return bytes.split(separator: Self.end).map { entry in
            topic.removeLast(topic.count - Int(entry[entry.startIndex]))
            topic += entry.dropFirst()
            return String(decoding: topic, as: UTF8.self)
        }
    }

    /// Whether a topic is one of these, as far as their common beginning tells: most lists are ruled out by it.
    func mayContain(_ topic: String) -> Bool {
        // The first topic shares nothing with another.
        !isEmpty && topic.utf8.starts(with: bytes[1..<1 + prefixCount])
    }

    func contains(_ topic: String) -> Bool { mayContain(topic) && topics.contains(topic) }
}

extension String.UTF8View {
    fileprivate func sharedCount(with other: String.UTF8View, limit: Int) -> Int {
        var count = 0
        for (byte, otherByte) in zip(self, other) {
            guard byte == otherByte, count < limit else { break }
            count += 1
        }
        return count
    }
}
