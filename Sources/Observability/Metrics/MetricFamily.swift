/// Something that has metrics.
///
/// They are counted where things happen, as plain values, and become text only when somebody asks: a bridge that nobody
/// monitors pays only for the counting.
public protocol MetricSource: Sendable {
    /// All its metrics now. No other source has families of the same names.
    var metrics: [MetricFamily] { get }
}

/// All samples of one name at one moment. They differ in their labels.
public struct MetricFamily: Equatable, Sendable {
    /// The samples and their kind.
    public enum Values: Equatable, Sendable {
        /// What only grows while the program runs.
        case counters([MetricSample<Double>])
        /// What goes up and down.
        case gauges([MetricSample<Double>])
        case histograms([MetricSample<Histogram>])
    }

    /// What is measured and in which unit, by Prometheus' conventions: `evohome_cloud_call_duration_seconds`.
    public let name: String
    /// One sentence for people.
    public let help: String
    public let values: Values
}

/// One value, and what it is about.
public struct MetricSample<Value: Equatable & Sendable>: Equatable, Sendable {
    public let labels: [MetricLabel]
    public let value: Value

    /// - Parameters:
    ///   - labels: Label values may be any text, but must be few: each makes a series that is kept for months.
    ///   - value: What was counted or measured.
    public init(_ labels: KeyValuePairs<String, String>, _ value: Value) {
        self.labels = labels.map { MetricLabel(name: $0.key, value: $0.value) }
        self.value = value
    }
}

/// A name and a value that tell the samples of one family apart.
public struct MetricLabel: Equatable, Sendable {
    public let name: String
    public let value: String
}

/// A distribution of durations: how many took up to one second, up to two, and so on.
public struct Histogram: Equatable, Sendable {
    /// The upper ends of the buckets, in seconds, ascending.
    public let bounds: [Double]
    /// How many fell into each bucket; the last is for what exceeds every bound.
    private var counts: [Int]
    /// Of all recorded durations, in seconds.
    public private(set) var sum = 0.0

    /// - Parameter bounds: In seconds, ascending. Longer durations than the last are counted, too.
    public init(bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    public mutating func record(_ duration: Duration) {
        let seconds = duration / .seconds(1)
        counts[bounds.firstIndex { seconds <= $0 } ?? bounds.count] += 1
        sum += seconds
    }

    /// How many durations were recorded.
    public var count: Int { counts.reduce(0, +) }

    /// For each bound, how many durations did not exceed it.
    public var cumulativeCounts: [Int] {
        var total = 0
        return counts.dropLast().map { count in
            total += count
            return total
        }
    }
}

// MARK: - Making families

extension MetricFamily {
    public static func counters(_ name: String, _ help: String, _ samples: [MetricSample<Double>]) -> MetricFamily {
        MetricFamily(name: name, help: help, values: .counters(samples))
    }

    public static func counter(_ name: String, _ help: String, _ value: Int) -> MetricFamily {
        counters(name, help, [MetricSample([:], Double(value))])
    }

    public static func gauges(_ name: String, _ help: String, _ samples: [MetricSample<Double>]) -> MetricFamily {
        MetricFamily(name: name, help: help, values: .gauges(samples))
    }

    /// - Parameter value: `nil` when it is not known; then there is no sample, rather than an invented one.
    public static func gauge(_ name: String, _ help: String, _ value: Double?) -> MetricFamily {
        gauges(name, help, value.map { [MetricSample([:], $0)] } ?? [])
    }

    public static func histograms(_ name: String, _ help: String, _ samples: [MetricSample<Histogram>]) -> MetricFamily
    {
        MetricFamily(name: name, help: help, values: .histograms(samples))
    }

    public static func histogram(_ name: String, _ help: String, _ value: Histogram) -> MetricFamily {
        histograms(name, help, [MetricSample([:], value)])
    }
}
