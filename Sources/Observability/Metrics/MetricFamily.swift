/// All figures of one name at one moment. They differ in their labels.
public struct MetricFamily: Equatable, Sendable {
    /// What kind of figures they are, and the figures.
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

/// One figure, and what it is about.
public struct MetricSample<Value: Equatable & Sendable>: Equatable, Sendable {
    public let labels: [MetricLabel]
    public let value: Value

    /// - Parameters:
    ///   - labels: Names are ours; values may be anything, but must be few: each makes a series that is kept for months.
    ///   - value: The figure.
    public init(_ labels: KeyValuePairs<String, String>, _ value: Value) {
        self.labels = labels.map { MetricLabel(name: $0.key, value: $0.value) }
        self.value = value
    }
}

/// A name and a value that tell figures of one family apart.
public struct MetricLabel: Equatable, Sendable {
    public let name: String
    public let value: String
}

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

    /// - Parameter value: `nil` where it is not known; then there is no figure, rather than one that is made up.
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
