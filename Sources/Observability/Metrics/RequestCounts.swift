/// HTTP requests that were answered, by what they were for or who made them, method and status.
public struct RequestCounts: Sendable {
    private struct Kind: Hashable, Comparable {
        let name: String
        let method: String
        let status: Int

        static func < (one: Kind, other: Kind) -> Bool {
            (one.name, one.method, one.status) < (other.name, other.method, other.status)
        }
    }

    private let methods: Set<String>
    private var counts: [Kind: Int] = [:]

    /// - Parameter methods: Those with series of their own; a client may send any other word.
    public init(methods: Set<String>) {
        self.methods = methods
    }

    /// - Parameter name: One of few.
    public mutating func count(_ name: String, method: String, status: Int) {
        let method = methods.contains(method) ? method : "other"
        counts[Kind(name: name, method: method, status: status), default: 0] += 1
    }

    /// - Parameter label: What the names are.
    public func samples(by label: String) -> [MetricSample<Double>] {
        counts.sorted { $0.key < $1.key }.map { kind, count in
            MetricSample([label: kind.name, "method": kind.method, "status": "\(kind.status)"], Double(count))
        }
    }
}
