/// How long things took: how many took up to a second, up to two, and so on.
public struct Histogram: Equatable, Sendable {
    /// Durations in seconds, each the upper end of a bucket; ascending.
    public let bounds: [Double]
    /// How many fell into each bucket, and into none.
    private var counts: [Int]
    /// Of everything that was recorded, in seconds.
    public private(set) var sum = 0.0

    /// - Parameter bounds: In seconds, ascending. What is longer than the last is counted as such.
    public init(bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    public mutating func record(_ duration: Duration) {
        let seconds = duration / .seconds(1)
        counts[bounds.firstIndex { seconds <= $0 } ?? bounds.count] += 1
        sum += seconds
    }

    /// How often something was recorded.
    public var count: Int { counts.reduce(0, +) }

    /// For each bound how many took so long at the most.
    public var cumulativeCounts: [Int] {
        var total = 0
        return counts.dropLast().map { count in
            total += count
            return total
        }
    }
}
